"""What reports tell of arrays element by element, against differences and NumPy."""

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.errors import BackpropError, KinkError
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from backpropcli.render.documents import reports as as_json
from backpropcli.report.local.texts import rule
from backpropcli.report.wholes import each_whole
from tests.each import for_each
from tests.reference import validator

STEP = 2.0**-20
NORMAL = np.random.default_rng(0).normal


def report(text, **values):
    given = {
        name: float(value) if np.ndim(value) == 0 else np.array(value, dtype=float)
        for name, value in values.items()
    }
    return gradient(parse(text), given)


def relu(x):
    return np.where(x > 0, x, 0)


KINKS = [
    ("sum(relu(x))", lambda x: relu(x).sum(), [-1, 0, 2, 0]),
    ("sum(abs(x)*[1, 2])", lambda x: (np.abs(x) * [1, 2]).sum(), [0, 3]),
    ("max(x)", np.max, [[1, 3], [3, 2]]),
    ("min(x)", np.min, [1, 1, 4]),
    ("sum(max(x, axis=1))", lambda x: x.max(axis=1).sum(), [[1, 1], [3, 2]]),
    ("norm(x)", np.linalg.norm, [0, 0]),
    ("norm(x, ord=1)", lambda x: np.abs(x).sum(), [0, 2, 0]),
    ("norm(x, ord=inf)", lambda x: np.abs(x).max(), [-3, 3, 1]),
    ("std(x)", np.std, [2, 2, 2, 2]),
    ("std(x, ddof=1)", lambda x: np.std(x, ddof=1), [2, 2, 2]),
    ("sum(max(x, [1, 5]))", lambda x: np.maximum(x, [1, 5]).sum(), [1, 2]),
    ("sort(x)[1]", lambda x: np.sort(x)[1], [5, 2, 2]),
]


@for_each("text, function, point", KINKS)
def test_kinks_by_element_have_the_slopes_of_one_sided_differences(text, function, point):
    x = np.array(point, dtype=float)
    sides = {}
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = STEP
        here = function(x)
        left, right = (here - function(x - step)) / STEP, (function(x + step) - here) / STEP
        if abs(left - right) > STEP:
            sides[place] = left, right
    found = report(text, x=point)
    assert {kink.index for kink in found.kinks} == set(sides)
    assert {kink.count for kink in found.kinks} == {len(sides)}
    if text in {"sum(abs(x)*[1, 2])", "sort(x)[1]"}:
        return  # the slopes told are those of the operation
    for kink in found.kinks:
        assert (kink.left, kink.right) == pytest.approx(sides[kink.index], abs=1e-9)
        assert kink.by == f"x[{','.join(map(str, kink.index))}]"


@for_each(
    "text, values",
    [
        ("max(x)", {"x": [1, 2]}),
        ("max(relu(x))", {"x": [0, 1]}),
        ("relu(x)[1]", {"x": [0, 1]}),
        ("norm(x)", {"x": [0, 1]}),
        ("std(x)", {"x": [1, 2]}),
        ("sum(sort(x)*[1, 2])", {"x": [2, 1]}),
        ("sum(max(x, x))", {"x": [1, 2]}),
        ("sum(x == max(x))*x[0]", {"x": [1, 2]}),
        ("sum(where(x > 1, 3, 4)*y)", {"x": [0, 2], "y": [1, 2]}),
    ],
)
def test_what_no_element_feels_is_no_kink(text, values):
    assert report(text, **values).kinks == []


def test_of_many_kinks_the_first_five_are_told_and_all_are_counted():
    kinks = report("sum(relu(x))", x=np.zeros((3, 4))).kinks
    assert [kink.index for kink in kinks] == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)]
    assert kinks[0].count == 12


def test_the_whole_is_asked_at_the_first_elements_of_a_kink():
    found = report("sum(relu(x) - relu(-x))", x=[0, 1])
    assert found.gradient["x"].tolist() == [0, 1]  # the chain rule by convention
    [(_, name, whole)] = each_whole(found)
    assert (name, whole.kind, float(whole.slope)) == ("x[0]", "derivative", 1)


def test_a_branch_that_is_not_taken_passes_nothing_on():
    # d sqrt(4) is 1/4, and the other elements rest on no square root
    assert report("sum(where(x > 0, sqrt(x), 0))", x=[-1, 0, 4]).gradient["x"].tolist() == [
        0,
        0,
        0.25,
    ]
    assert report("log(x)[0]", x=[2, 0]).gradient["x"].tolist() == [0.5, 0]
    assert np.isnan(report("sum(sqrt(x)*[0, 1])", x=[0, 1]).gradient["x"][0])  # 0 times inf


CAUSES = [
    ("sum(log(x))", [[1, 2, 3], [4, 5, -1]], (1, 2), "needs x[1,2] > 0, but x[1,2] is -1"),
    ("sum(exp(x)*2)", [1, 1000], (1,), "overflow: exp(x)[1] is 1.97007e434"),
    ("sum(1/x)", [1, 0], (1,), "division by zero: x[1] is 0"),
    ("max(x/x)", [1, 0], (1,), "0/0 has no value: x[1] is 0"),
    ("sum(x)", [1, float("nan")], (1,), "x[1] is nan"),
    ("sum(x)", [1e308, 1e308], None, "overflow: sum(x)"),
    ("logdet(x)", [[1, 2], [3, 4]], None, "is -2"),
    ("sum(inv(x))", [[1, 2], [2, 4]], (0, 0), "x has no inverse"),
    ("sum(inv(x))", [[[1, 2], [3, 4]], [[1, 2], [2, 4]]], (1, 0, 0), "x[1] has no inverse"),
    ("sum(solve(x, [1, 2]))", [[[1, 2], [3, 7]], [[1, 2], [2, 4]]], (1, 0), "x[1] has no inverse"),
    ("sum(logdet(x))", [[[1, 2], [3, 7]], [[1, 2], [2, 4]]], (1,), "that of x[1] is 0"),
    ("sum(cholesky(x))", [[1, 2], [2, 1]], (0, 0), "positive definite"),
    ("sum(sqrt(x))", [1, 0], (1,), "the local derivative of sqrt(x)[1] is infinite"),
]


@for_each("text, point, index, words", CAUSES)
def test_the_first_cause_names_the_element(text, point, index, words):
    cause = report(text, x=point).causes[0]
    assert cause.index == index
    assert words in cause.reason


def test_in_arrays_too_large_for_digits_what_may_be_rounding_is_no_pole():
    """By hand: 1 - tanh(20) is 2*e^-40, and 0 in floats."""
    [cause, *_] = report("sum(1/(1 - tanh(x)))", x=[1.0] + 2000 * [20.0]).causes
    assert cause.reason == "(1 - tanh(x))[1] is 0 in floats; whether by rounding is not known"


NUMPY = {
    **vars(np),
    "inv": np.linalg.inv,
}
RULES = [
    ("sum((X@W)^2)", {"X": (4, 3), "W": (3, 2)}),
    ("sum((X@w)^2)", {"X": (4, 3), "w": (3,)}),
    ("sum((X@W)^2)", {"X": (5, 4, 3), "W": (3, 2)}),
    ("sum(outer(x, y)^2)", {"x": (3,), "y": (2,)}),
    ("sum(inv(A)^2)", {"A": (3, 3)}),
    ("s = softmax(z); sum(s^2)", {"z": (2, 3)}),
    ("s = sum(x, axis=1); sum(s^2)", {"x": (2, 3)}),
    ("r = reshape(x, 3, 2); sum(r^3)", {"x": (2, 3)}),
    ("t = x.T; sum(t^3)", {"x": (2, 3)}),
    ("n = norm(x); n^2", {"x": (3,)}),
    ("c = flip(x); sum(c^3)", {"x": (3,)}),
]


@for_each("text, shapes", RULES)
def test_a_rule_as_it_is_told_is_what_goes_to_the_input_by_numpy(text, shapes):
    values = {name: NORMAL(size=shape) for name, shape in shapes.items()}
    view = report(text, **values).view
    told = 0
    for number in range(len(view)):
        known = {name: view.values[view.names.index(name)] for name in view.names if name}
        for edge in view.edges(number):
            found = rule(view, number, edge)
            if found and edge.contribution is not None:
                told += 1
                python = found[0].removesuffix(" for each element").replace("^", "**")
                names = {**NUMPY, **values, **known, "g": view.adjoints[number]}
                made = eval(python, names)  # noqa: S307 (a rule is Python's notation here)
                assert np.allclose(
                    np.broadcast_to(made, edge.contribution.shape), edge.contribution
                )
    assert told


PROGRAMS = [
    (
        "h = tanh(X@W + b); mean((h@v - y)^2)",
        {"X": (4, 2), "W": (2, 3), "b": (3,), "v": (3,), "y": (4,)},
    ),
    ("A = softmax(Q@K.T, axis=1); sum((A@V)^2)", {"Q": (3, 2), "K": (3, 2), "V": (3, 2)}),
    ("def f(p, y) = mean((p - y)^2); f(X@w, y) + sum(w*w)", {"X": (3, 2), "w": (2,), "y": (3,)}),
    ("sum(where(x > 0, x^2, y)) + max(x) + std(x)*prod(y)", {"x": (3,), "y": (3,)}),
    ("sum(concat(x, y)*[1, 2, 3, 4, 5]) + sum(stack(x, x)@x)", {"x": (3,), "y": (2,)}),
    ("sum(sg(x)*x) + sum(floor(x)*x) + x[0]", {"x": (3,)}),
]


@for_each("text, shapes", PROGRAMS)
def test_what_arrives_at_a_node_adds_up_to_its_adjoint(text, shapes):
    found = report(text, **{name: NORMAL(size=shape) for name, shape in shapes.items()})
    view = found.view
    for number, adjoint in enumerate(view.adjoints):
        terms = view.terms(number)
        if adjoint is not None and terms:
            assert np.allclose(sum(terms), adjoint, rtol=1e-12)
            assert np.shape(adjoint) == np.shape(view.values[number])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "values"),
    [
        (text, {name: NORMAL(size=shape) for name, shape in shapes.items()})
        for text, shapes in PROGRAMS
    ]
    + [(text, {"x": point}) for text, point, *_ in CAUSES]
    + [(text, {"x": point}) for text, _, point in KINKS]
    + [("sum(clip(x, x, 1))", {"x": [1, 2]})],
)
def test_the_schema_holds_of_documents_with_arrays(text, values):
    import json

    found = report(text, **values)
    read = json.loads("".join(as_json.document(found)), parse_constant=pytest.fail)
    validator("report").validate(read)
    for name, shape in read["shapes"].items():
        assert list(np.shape(read["gradient"][name])) == shape


def test_a_gradient_is_of_one_number():
    with pytest.raises(BackpropError, match="3 elements"):
        report("x^2", x=[1, 2, 3])


@pytest.mark.parametrize(
    ("text", "x", "told"),
    [
        # e^-2000 is 10^(-2000/ln 10) = 10^-868.5889638
        ("log(softmax(x)[1])", [1000, -1000], "underflow: softmax(x)[1] is 2.57654e-869"),
        ("sum(1/exp(x))", [-1, -2000], "underflow: exp(x)[1] is 2.57654e-869"),
        ("sum(1/x)", [0, 1], "division by zero"),
        ("sum(log(x))", [0, 1], "log(x)[0] has a pole here"),
    ],
)
def test_what_underflows_is_no_pole(text, x, told):
    [cause, *_] = bp.gradient(text, x=x).causes
    assert cause.reason.startswith(told)


def test_nothing_arrives_at_an_element_that_no_branch_takes_in_any_view(backprop):
    """By hand: 1/x where x > 0, and nothing where it is not."""
    args = ("sum(where(x > 0, log(x), 0))", "x=[nan, -1, 2]", "--no-check")
    assert report(args[0], x=[np.nan, -1, 2]).flow.adjoints[0].tolist() == [0, 0, 0.5]
    assert "dL/dx = dL/dz2 * 1/x = [0, 0, 0.5]" in backprop(*args, "--view=steps")
    table = backprop(*args, "--view=table").splitlines()
    assert "[0, 0, 0.5]" in table[1]


def test_a_matrix_that_floats_cannot_tell_from_a_singular_one(backprop):
    """LAPACK finds a solution with the matrix, and none with its transpose, as a rule."""
    told = backprop("sum(solve(A, [1, 2, 4]))", "A=[[.1,.2,.3],[.4,.5,.6],[.7,.8,.9]]")
    if "not finite" not in told:
        pytest.skip("another LAPACK, another rounding")
    assert "A is singular, as far as floats can tell" in " ".join(told.split())


def test_a_kink_in_a_derivative_by_an_array_needs_no_text_of_its_own():
    """The slope by x[0] is clip(x[0], -1, 1)*x[1]: its value is 2 at [1, 2], and there it turns."""
    found = report("diff(huber(x[0])*x[1], x)[0]", x=[1, 2])
    assert found.value == 2
    assert [one.label for one in found.kinks] == ["a part of diff(huber(x[0])*x[1], x)"]


def test_elements_that_turn_together_alone_are_told():
    """By hand: at [1, 2] and [1, 1] only the first elements meet the bound 1 together."""
    found = report("sum(clip(x, y, 1))", x=[1, 2], y=[1, 1])
    told = [(one.by, one.index, one.count, one.together) for one in found.kinks]
    assert told == [("x[0]", (0,), 1, True), ("y[0]", (0,), 1, True)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("s", "told"),
    [
        (100, "overflow: det(s*eye(200)) is about 1e400, and doubles end at 1.7977e308"),
        (0.01, "underflow: det(s*eye(200)) is about 1e-400, but 0 in floats"),
    ],
)
def test_a_determinant_beyond_doubles_is_told_with_its_size(s, told):
    """By hand: the determinant of 100 I of 200 rows is 10^400."""
    [cause] = bp.gradient("log(det(s*eye(200)))", s=s).causes[:1]
    assert cause.reason == f"{told}; logdet(s*eye(200)) is finite"


def test_a_small_determinant_beyond_doubles_is_told_with_its_size():
    """By hand: the determinant of x [[1, 2], [3, 4]] is -2 x^2, and has no logarithm."""
    [cause] = bp.gradient("log(-det(x*[[1, 2], [3, 4]]))", x=1e200).causes
    assert cause.reason == (
        "overflow: det(x*[[1, 2], [3, 4]]) is about -2e400, and doubles end at 1.7977e308"
    )


def test_causes_and_kinks_of_elements_are_underlined_where_they_stand(backprop):
    told = backprop("jacobian", "[x, log(x), x]", "x=0", "--no-check").splitlines()
    assert told[told.index("  [x, log(x), x]") + 1] == "      ^^^^^^"
    with pytest.raises(KinkError) as found:
        bp.jacobian("[x, relu(x)]", x=0, at_kinks="error")
    assert (found.value.start, found.value.end) == (4, 11)


def test_steps_of_elements_say_what_is_chosen_where_a_rule_has_no_value(backprop):
    """By hand: x/hypot(x, y) is 0/0 at the origin, where the slope is taken as 0."""
    told = backprop("sum(hypot(x, y))", "x=[0, 3]", "y=[0, 4]", "--view=steps", "--no-check")
    assert "dL/dx = dL/dz1 * where(x == 0 and y == 0, 0, x/z1) = [0, 0.6]" in told
    told = backprop("sum(hypot(x, y))", "x=[1, 3]", "y=[0, 4]", "--view=steps", "--no-check")
    assert "dL/dx = dL/dz1 * x/z1 = [1, 0.6]" in told
