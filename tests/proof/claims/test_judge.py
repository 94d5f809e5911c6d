"""The verdict on claims. All derivatives here are in any table: what is right is known."""

import math

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.errors import BackpropError
from backpropcli.proof.findings.finding import OF_THE_WHOLE

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]


SQUARE = "(w*x + b - y)^2"


def answer(program, claim, **options):
    """Return what is found of one claim."""
    [found] = bp.check_claims(program, claim, options.pop("at", None), **options).answers
    return found


@pytest.mark.parametrize(
    ("program", "claim"),
    [
        (SQUARE, "w = 2*(w*x + b - y)*x"),
        ("tanh(x)", "d2_dx2 = -2*tanh(x)*(1 - tanh(x)^2)"),
        ("z = w*x; L = z^3", "z = 3*z^2"),
        ("(x*y, x + sin(y))", "df2_dy = cos(y)"),
        ("sin(1e8*x)", "x = 1e8*cos(1e8*x)"),
        ("sqrt(x)", "x = 1/(2*sqrt(x))"),
        ("def f(t) = t^2; f(x)*y", "x = 2*x*y"),
    ],
)
def test_right_claims_are_proved(program, claim):
    """The difference is zero symbolically, at whatever point."""
    assert answer(program, claim).status == "proved"


@pytest.mark.parametrize(
    ("program", "claim", "status", "kind"),
    [
        ("x^5*y", "d3L/dx3 = 60*x^2*y", "proved", ""),
        ("x^5*y", "∂³L/∂x²∂y = 20*x^3", "proved", ""),
        ("exp(2*x)", "d4L/dx4 = 8*exp(2*x)", "wrong", "factor"),
        ("z = w*x; L = z^3", "d3L/dw3 = d3L/dz3*(dz/dw)^3", "proved", ""),
        ("z = w*x; L = z^3", "d3L/dw3 = d3L/dz3*(dz/dw)^2", "wrong", "inner"),
    ],
)
def test_third_derivatives(program, claim, status, kind):
    """Powers and exponentials, as in any table."""
    found = answer(program, claim)
    assert found.status == status
    assert "".join(one.kind for one in found.diagnosis if status == "wrong") == kind


def test_a_line_of_a_derivation_is_judged_by_itself():
    """By the chain rule: an error in one line is not told again in the next, which is right."""
    lines = "dL/dz = 3*z; dz/dx = 2*x; dL/dx = dL/dz*dz/dx"
    found = bp.check_claims("z = x^2; L = z^2", lines)
    assert [one.status for one in found.answers] == ["wrong", "proved", "proved"]
    stands = "on the right dL/dz and dz/dx stand for what is true, whatever other lines claim"
    assert found.answers[-1].notes == [stands]
    found = bp.check_claims("z = x^2; L = z^2 + x", lines)
    assert [one.status for one in found.answers] == ["wrong", "proved", "wrong"]
    assert [one.kind for one in found.answers[-1].diagnosis] == ["path"]


def test_derivatives_in_a_claim_leave_the_kinks_of_others_as_they_are():
    """Data at an edge is no kink by w, whatever another claim has on its right: d/dw is 0 there."""
    for further in ("", "; dL/dt = 0*dL/dw"):
        found = bp.check_claims("L = (t > 0)*w^2", f"dL/dw = 6{further}", t=0, w=3)
        assert found.answers[0].status == "wrong"


def test_a_letter_of_shapes_is_no_name_of_the_program():
    with pytest.raises(BackpropError) as caught:
        bp.check_claims("h = W@x; sum(h)", "dh = 1", shapes="W=h,d; x=d")
    assert caught.value.message == "'h' is assigned here, and a size in --shape"


def test_a_derivation_of_arrays():
    """The rules of a least squares loss, as in any text on neural networks."""
    lines = "dL/dz = 2*(z - y); dL/dw = X.T@dL/dz; dL/dX = outer(dL/dz, w); dL/dy = dL/dz"
    found = bp.check_claims("z = X@w; L = sum((z - y)^2)", lines, shapes="X=n,d; w=d; y=n")
    assert [one.status for one in found.answers] == ["proved", "proved", "proved", "wrong"]


@pytest.mark.parametrize(
    ("program", "claim", "kind"),
    [
        (SQUARE, "y = 2*(w*x + b - y)", "sign"),
        (SQUARE, "w = (w*x + b - y)*x", "factor"),
        (SQUARE, "w = 2*(w*x + b - y)", "inner"),
        (SQUARE, "w = x", "upstream"),
        ("sin(x*y)", "x = cos(x*y)", "inner"),
        (SQUARE, "w = 2*(w*x + b - y)*w", "variable"),
        ("x*sin(x)", "x = sin(x)", "path"),
        ("x/y", "x = x/y", "missing"),
        ("a/b", "a = b/a", None),
    ],
)
def test_wrong_claims_are_diagnosed(program, claim, kind):
    """Each is wrong in one way that people get it wrong."""
    found = answer(program, claim)
    assert found.status == "wrong"
    assert found.seen is not None
    assert [one.kind for one in found.diagnosis] == ([kind] if kind else [])


def test_the_counterexample_has_small_numbers_and_is_one():
    """At x=-1 the claim 3*x is -3, and the derivative of x^3 is 3."""
    seen = answer("x^3", "x = 3*x").seen
    assert (seen.point, float(seen.claimed), float(seen.true)) == ({"x": "-1"}, -3, 3)


def test_a_small_wrong_gradient_is_wrong():
    """No tolerance hides it: 5e-6 is not 1e-7."""
    found = answer("1e-7*x", "x = 5e-6", at={"x": 1})
    assert found.status == "wrong"
    assert answer("1e-7*x", "x = 1e-7", at={"x": 1}).status == "proved"


@pytest.mark.parametrize(
    ("claim", "status"),
    [("x = 0.540302", "holds"), ("x = 0.5404", "wrong"), ("x = 0.54", "wrong"), ("x = 1", "wrong")],
)
def test_numbers_are_claimed_of_the_point(claim, status):
    """cos(1) = 0.5403023...: four digits or more may be rounded, fewer are exact."""
    assert answer("sin(x)", claim, x=1).status == status


@pytest.mark.parametrize(
    ("program", "x", "y", "claim"),
    [
        ("sin(x)", 1, 0, "0.5403023058681398"),  # repr(math.cos(1)), which is nearest
        ("atan(x)", 3.85, 0, "0.06320113762047716"),  # nearest at the double that 3.85 stands for
        ("atan2(x, y)", 3, 0.6, "0.06410256410256411"),  # 0.6/9.36 = 0.0641025641025641 025...
        # the rounding of x*y = 21.39... by half an ulp moves exp(-(x*y)^2) by 458 of its ulps
        ("erf(x*y)", 4.3669606515963819, 4.8988164227794275, "9.644513849617428e-199"),
        ("sin(x)^3*y", 1.7, 0.3, "-0.8480494929230247"),
    ],
)
def test_numbers_that_doubles_come_to_are_right(program, x, y, claim):
    """They are what backprop prints there: correctly rounded, or off as rounding explains."""
    name = "d2_dx2" if "3" in program else "x"
    assert answer(program, f"{name} = {claim}", at={"x": x, "y": y}).status == "holds"


@pytest.mark.parametrize(
    ("program", "claim", "at", "verdict"),
    [
        ("sin(x)", "x = -0.5403", {"x": 1}, "disagrees"),  # cos(1) is above 0
        ("sum(sin(x))", "x = [0.5403, 99]", {"x": [1, 2]}, "disagrees"),
        ("sum(sin(x))", "x = [0.5403, -0.41615]", {"x": [1, 2]}, "agrees"),
        ("sin(x)", "x = 0", {"x": "pi/2"}, "agrees"),
        ("sin(x)", "x = 1e-9", {"x": "pi/2"}, "disagrees"),
        ("abs(x)", "x = 1", {"x": 0}, "inconclusive"),
        ("sort(x)[0]", "x = [0, 1, 0]", {"x": [3, 1, 2]}, "agrees"),
    ],
)
def test_each_number_is_compared_as_it_was_typed(program, claim, at, verdict):
    """With its sign, each element, and at what was typed for the point."""
    assert answer(program, claim, at=at).verdict == verdict


@pytest.mark.usefixtures("soon")
def test_what_is_next_to_nothing_is_no_evidence():
    """At 1 the slope of tanh(1000*x) is 1e-865: twice that is as near to 0."""
    claim = "x = 2e3*(1 - tanh(1e3*x)^2)"
    assert answer("tanh(1e3*x)", claim, ranges=["x=1..2"]).status == "open"


@pytest.mark.parametrize("apart", ["1e-100*sin(x)", "exp(x - 1000)", "exp(x - 9000)"])
def test_a_difference_far_below_the_digits_compared_is_one(apart):
    """60 digits do not tell 2*x from 2*x + exp(x - 1000), which is above it everywhere."""
    assert answer("x^2", f"x = 2*x + {apart}").status == "wrong"


@pytest.mark.parametrize("zeros", [30, 1100])
def test_all_digits_of_a_literal_count(zeros):
    """2*x*1.00...01 is no 2*x, though the nearest double of that number is 1."""
    assert answer("x^2", f"x = 2*x*1.{'0' * zeros}1").status == "wrong"


@pytest.mark.parametrize("program", ["sum(sort(x)^2)", "sum(x^2)"])
def test_branches_at_literals_are_looked_at(program):
    """Where something goes by order, or arrays are large, too."""
    at = {"x": [3, 1, 2] if "sort" in program else "uniform(4000)"}
    claim = "x = 2*x + where(x > 2.5 and x < 2.9, 1, 0)"
    assert answer(program, claim, at=at).status == "wrong"


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("program", "claim"),
    [("relu(x)", "x = x >= 0"), ("max(x, y)", "x = where(x > y, 1, 0)")],
)
def test_a_kink_is_an_exception_and_the_point_of_a_kink_is_open(program, claim):
    """At 0 relu has every slope from 0 to 1, and so has max where both are equal."""
    found = answer(program, claim)
    assert (found.status, {one.kind for one in found.exceptions}) == ("holds", {"kink"})
    assert answer(program, claim, x=0, y=0).status == "open"


@pytest.mark.parametrize(
    ("program", "claim"),
    [
        ("max(x, 2*x - x)", "x = 5"),
        ("max(x, x*1) + x", "x = 1"),
        ("min(r, clip(r, 0, 8))", "r = where(r < 0, 1, where(r > 8, 0, 7))"),
    ],
)
def test_what_ties_everywhere_is_no_kink(program, claim):
    """Both inputs have the slope 1 there, so the slope is 1 however it is shared."""
    assert answer(program, claim).status == "wrong"


def test_where_the_claim_has_no_value():
    """3*x^3/x has none at 0; 3*sqrt(x)^4 has none below 0, which is no exception."""
    found = answer("x^3", "x = 3*x^3/x")
    assert (found.status, [one.kind for one in found.exceptions]) == ("proved", ["edge"])
    assert answer("x^3", "x = 3*sqrt(x)^4").status == "wrong"


def test_assumptions_and_ranges_say_where():
    """sqrt(x^2) has the slope 1 right of 0; with sum(y) = 1 softmax - y is the gradient."""
    assert answer("sqrt(x^2)", "x = 1").status == "wrong"
    assert answer("sqrt(x^2)", "x = 1", assume=["x > 0"]).verdict == "agrees"
    assert answer("sqrt(x^2)", "x = 1", ranges=["x=0.5..3"]).verdict == "agrees"
    loss, claim = "-sum(y*log(softmax(z)))", "z = softmax(z) - y"
    at = {"z": [1, 2, 3], "y": [0, 1, 0]}
    assert answer(loss, claim, at=at, assume=["sum(y) == 1"]).verdict == "agrees"
    found = answer(loss, claim, at=at)
    assert found.status == "open"
    assert "y as given" in found.reason


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("program", "assumed", "right", "wrong"),
    [
        ("x*c + y*s", "c^2 + s^2 == 1", "x = c*(c^2 + s^2)", "x = sqrt(1 - s^2)"),
        ("x*y", "x == exp(y)", "x = log(x)", "x = x - 1"),
        ("E^2*p + 0*m", "E^2 == p^2 + m^2", "p = p^2 + m^2", "p = p^2 + m"),
        ("x*y*z", "x^2 == y and y^2 == z", "x = x^6", "x = x^5"),
    ],
)
def test_equations_are_met_all_over_their_surface(program, assumed, right, wrong):
    """Each wrong one is right at the points with small whole numbers."""
    assert answer(program, right, assume=[assumed]).verdict == "agrees"
    assert answer(program, wrong, assume=[assumed]).status == "wrong"


@pytest.mark.usefixtures("soon")
def test_few_points_are_a_verdict_where_there_are_no_others():
    """x^2 = 4 has two points; x^2 + y^2 = 0 has one, which no slope of the equation tells."""
    found = answer("x^2", "x = x^3/2", assume=["x^2 == 4"])
    assert (found.status, found.points, found.alone) == ("holds", 2, False)
    assert answer("x^2", "x = 4", assume=["x^2 == 4"]).status == "wrong"
    found = answer("x*y", "x = x", assume=["x^2 + y^2 == 0"])
    assert (found.status, found.points) == ("open", 1)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("program", "x", "claim", "status"),
    [
        ("x^2", 5, "x = where(x > 2, 3, 2*x)", "holds"),
        ("x^2", 5, "x = 10", "open"),
        ("x^2", 0.5, "x = 1", "holds"),
        ("sum(sort(x)^2)", [0.5, 3, 1], "x = where(x > 2, 3, 2*x)", "holds"),
        ("sum(x^2)", np.full((90, 90), 5), "x = where(x > 2, 3, 2*x)", "holds"),
    ],
)
def test_a_point_outside_of_what_is_assumed_is_left_out(program, x, claim, status):
    """The claim is right between 0 and 1, and wrong at 3 and at 5."""
    found = bp.check_claims(program, claim, x=x, ranges=["x=0..1"])
    assert found.answers[0].status == status
    assert len(found.warnings) == (np.max(x) > 1)


def test_the_point_is_told_with_all_that_was_given():
    """The second row of A is in no derivative by w, and it is given all the same."""
    found = answer("A[0]@w", "w = [9, 9]", at={"A": [[1, 2], [3, 4]], "w": [5, 6]})
    assert found.at.point == {"A": [["1", "2"], ["3", "4"]], "w": ["5", "6"]}


@pytest.mark.parametrize(
    ("shapes", "right", "assumed"),
    [
        ("z=3; y=3", "z = softmax(z)*sum(y) - y", []),
        ("z=2,2; y=2", "z = (softmax(z) - one_hot(y, 2))/2", ["y = [0,1]"]),
    ],
)
def test_classes_are_numbers_or_probabilities(shapes, right, assumed):
    """Nobody gave y: as probabilities it is sampled, and as numbers of classes it is told."""
    found = bp.check_claims("cross_entropy(z, y)", [right, "z = softmax(z) - y"], shapes=shapes)
    assert [one.verdict for one in found.answers] == ["agrees", "disagrees"]
    assert found.assumptions == assumed


@pytest.mark.parametrize(
    ("claim", "reason", "mend"),
    [
        ("w = 2*X@(X@w - y)", "k is not m (2*X is m x k, X@w - y is m)", "(2*X).T@(X@w - y)"),
        ("w = 2*X@(X@w + y)", "k is not m", None),
        ("r = X@w - y\nd_dw = 2*X@r\nd_dy = -2*r", "r is m", "(2*X).T@r"),
    ],
)
def test_a_claim_that_does_not_fit_is_wrong_and_no_mistake(claim, reason, mend):
    """The other claims are judged all the same; a transpose is told if it makes the claim right."""
    claims = [claim, "y = -2*(X@w - y)", "y = 2*(X@w - y)@X"]
    found = bp.check_claims("sum((X@w - y)^2)", claims, shapes="X=m,k; w=k; y=m").answers
    one, *_, other, last = found
    assert (one.status, other.status, last.status) == ("wrong", "proved", "wrong")
    assert reason in one.reason
    assert [each.facts["of"] for each in one.diagnosis] == ([mend] if mend else [])
    assert one.true == "2*X.T@(X@w - y)"


def test_second_derivatives_are_told_where_they_have_a_formula():
    """In any table; z is no variable."""
    program = "z = w*x; z^3 + sin(w)"
    wrong = ["d2_dx2 = w", "d2_dw_dx = w", "d2_dz2 = z", "d2_dw2 = x"]
    told = [one.true for one in bp.check_claims(program, wrong).answers]
    point = {"w": 2, "x": 3}
    assert [bp.value(one, point) for one in told[:2]] == [6 * 2**3 * 3, 9 * 2**2 * 3**2]
    assert told[2] == ""
    assert bp.value(told[3], point) == pytest.approx(6 * 2 * 3**3 - math.sin(2))


def test_sizes_at_which_there_is_no_value_are_no_choice():
    """sqrt(n - 5/2) has a value for 3 elements, and for 4; for 2 it has none."""
    found = bp.check_claims("sqrt(n - 2.5)*sum(w)", "w = sqrt(n - 2.5)*ones(n)", shapes="w=n")
    assert (found.verdict, found.sizes) == ("agrees", [{"n": 3}, {"n": 4}])


MEAN = "mean((X@w + b - y)^2)"
SHAPES = "X=n,d; w=d; y=n"


@pytest.mark.parametrize(
    ("claim", "status", "kind"),
    [
        ("w = 2/n*X.T@(X@w + b - y)", "holds", None),
        ("w = 2/3*X.T@(X@w + b - y)", "wrong", "factor"),
        ("b = 2*mean(X@w + b - y)", "proved", None),
        ("w = 2*X.T@(X@w + b - y)", "wrong", "factor"),
        ("w = 2/n*X.T@(y - X@w - b)", "wrong", "sign"),
        ("b = 2/n*(X@w + b - y)", "wrong", "broadcast"),
    ],
)
def test_arrays(claim, status, kind, request):
    """The gradient of mean squares is 2/n X^T r, whatever n is: 2/3 is so of three rows alone.

    What has no proof need not wait for one.
    """
    if status == "holds":
        request.getfixturevalue("soon")
    found = answer(MEAN, claim, shapes=SHAPES)
    assert (found.status, [one.kind for one in found.diagnosis]) == (status, [kind] if kind else [])


def test_what_is_so_of_three_rows_alone_is_no_proof_beside_a_wrong_claim():
    """The gradient of mean(X@w) is outer(ones(n), w)/n by X, and mean(X, axis=0) by w."""
    lines = "X = outer(ones(n)/3, w); w = w"
    found = bp.check_claims("mean(X@w)", lines, shapes="X=n,d; w=d")
    assert [one.status for one in found.answers] == ["wrong", "wrong"]


def test_matrices_the_wrong_way_round():
    """d sum((XW)^2)/dW = 2 X^T X W."""
    found = answer("sum((X@W)^2)", "W = 2*(X@W).T@X", shapes="X=3,2; W=2,2")
    assert [one.kind for one in found.diagnosis] == ["transposed"]
    assert answer("sum((X@W)^2)", "W = 2*X.T@X@W", shapes="X=3,2; W=2,2").verdict == "agrees"


@pytest.mark.usefixtures("soon")
def test_programs_that_go_by_order():
    """The largest element alone has a slope; sort carries slopes back to where elements were."""
    at = {"x": [3, 5, 9]}
    assert answer("max(x)*2", "x = 2*(x == max(x))", at=at).verdict == "agrees"
    assert answer("x[argmax(x)]*2", "x = 2*(x == max(x))", at=at).status == "holds"
    assert answer("sum(sort(x)*[1, 2, 3])", "x = [1, 2, 3]", at=at).status == "holds"
    assert answer("sum(sort(x)*[1, 2, 3])", "x = [1, 3, 2]", at=at).status == "wrong"


def test_places_of_elements_stay():
    """The gradient of the mean cross-entropy is (softmax - one_hot)/n."""
    at = {"z": [[1, 2, 3], [0, 1, 0.5]], "y": [2, 0]}
    right, wrong = "(softmax(z) - one_hot(y, 3))/2", "softmax(z) - one_hot(y, 3)"
    assert answer("cross_entropy(z, y)", f"z = {right}", at=at).verdict == "agrees"
    found = answer("cross_entropy(z, y)", f"z = {wrong}", at=at)
    assert [one.facts["factor"] for one in found.diagnosis] == ["2"]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("program", "right", "wrong", "shapes"),
    [
        ("max(x)", "x = one_hot(argmax(x), 3)", "x = one_hot(argmin(x), 3)", "x=3"),
        ("min(x)^2", "x = 2*min(x)*one_hot(argmin(x), 3)", "x = one_hot(argmin(x), 3)", "x=3"),
        (
            "sum(max(X, axis=1))",
            "X = one_hot(argmax(X, axis=1), 3)",
            "X = one_hot(argmax(X, axis=1) - 1, 3)",
            "X=2,3",
        ),
        (
            "sum(one_hot(argmin(x), 3)*y)",
            "y = (arange(3) == argmin(x))",
            "y = (arange(3) == argmax(x))",
            "x=3; y=3",
        ),
        (
            "cross_entropy(z, argmax(y))",
            "z = softmax(z) - (arange(3) == argmax(y))",
            "z = softmax(z) - (arange(3) == argmin(y))",
            "z=3; y=3",
        ),
        ("x[argmax(x)]", "x = one_hot(argmax(x), 3)", "x = one_hot(argmin(x), 3)", "x=3"),
    ],
)
def test_marks_of_computed_places_go_by_each_point(program, right, wrong, shapes):
    """The slope is 1 at the place of the largest element, and 0 elsewhere."""
    assert answer(program, right, shapes=shapes).status in {"holds", "proved"}
    assert answer(program, wrong, shapes=shapes).status == "wrong"


def test_large_arrays_are_compared_in_floats():
    """500 rows are not written out in numbers."""
    at = {"X": "normal(500, 20)", "w": "normal(20)", "y": "normal(500)"}
    claim = "w = 2/500*X.T@(X@w - y)"
    assert answer("mean((X@w - y)^2)", claim, at=at).status == "holds"
    assert answer("mean((X@w - y)^2)", claim.replace("500", "501"), at=at).status == "wrong"


def test_large_arrays_are_compared_element_by_element():
    """A small wrong element beside large ones is wrong; what rounding explains is not."""
    at = {"x": "uniform(4000)", "w": "normal(4000)"}
    assert answer("1e6*sum(w*x) + sum(w^2)*1e-9", "w = 1e6*x + 2e-9*w", at=at).status == "holds"
    assert (
        answer("1e6*x[0] + 1e-7*sum(x)", "x = 1e6*one_hot(0, 4000) + 5e-6", at=at).status == "wrong"
    )
    spread = "mean(x^2) - mean(x)^2"
    right = "x = 2/4000*(x - mean(x))"
    assert answer(spread, right, at={"x": 1e4 + np.arange(4000.0)}).verdict != "disagrees"


def test_a_rule_that_means_another_derivative_leaves_the_verdict_open():
    """A straight-through estimator passes the adjoint on, where the body has slope 0."""
    program = "def ste(x) = round(x); rule ste(x) = 1; ste(w)^2"
    found = bp.check_claims(program, "w = 2*ste(w)")
    assert (found.verdict, len(found.rules)) == ("inconclusive", 1)


def test_digits_that_a_claim_loses_are_told():
    """exp(x)/(1 + exp(x))^2 overflows where sigmoid(x)*(1 - sigmoid(x)) has a value."""
    found = answer("sigmoid(x)", "x = exp(x)/(1 + exp(x))^2", x=800)
    assert found.verdict == "agrees"
    assert [one.kind for one in found.diagnosis] == ["digits"]


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("x = [0.3333, 3.2, 0.25]", "holds"),  # as NumPy prints with 4 places
        ("x = [0.3333, 3.2, 0.26]", "wrong"),
        ("x = [0.33333333333333331, 3.2000000000000002, 0.25]", "holds"),  # as doubles are
        ("x = [0.33333333333334, 3.2, 0.25]", "wrong"),
        ("x = [0.3333, 3.2, 0.25000000]", "holds"),  # each as it is written
    ],
)
def test_numbers_of_a_list_are_rounded_alike(claim, status):
    """The slopes of x[0]/3 + 3.2*x[1] + x[2]/4 are 1/3, 16/5 and 1/4."""
    at = {"x": [1, 2, 3]}
    assert answer("x[0]/3 + 3.2*x[1] + x[2]/4", claim, at=at).status == status


def test_digits_that_no_double_has_are_kept_in_a_proof():
    """x*(c + y) - x*c is x*y, whatever c is."""
    program = "x*(0.33333333333333331 + y) - x*0.33333333333333331"
    assert answer(program, "x = y").verdict == "agrees"


@pytest.mark.parametrize(
    ("program", "claims"),
    [
        ("e*x", ["e = x", "x = e"]),
        ("π*x", ["pi = x; x = pi"]),
        ("def f(t) = e*t; f(x)", ["e = x", "x = e"]),
    ],
)
def test_a_constant_of_the_program_is_no_helper_of_claims(program, claims):
    """The slope of e*x is e = 2.718...: x = e is right, and must not be read as x = x."""
    with pytest.raises(bp.SourceError, match="is a constant in the program") as caught:
        bp.check_claims(program, claims)
    assert caught.value.source == claims[0]
    assert caught.value.start == 0
    assert answer(program, claims[-1].rpartition("; ")[2]).status == "proved"


def test_a_name_that_is_no_constant_of_the_program_is_a_helper():
    """An error is often called e: the slope of e^2 by w is 2*e*x."""
    assert answer(SQUARE, "e = w*x + b - y; w = 2*e*x").status == "proved"


@pytest.mark.usefixtures("soon")
def test_a_side_that_is_met_at_kinks_alone_is_told_so():
    """x^2*(x != 0) is x^2, whose slope at 0 is 0; where there is a gap at 2 there is no slope."""
    found = answer("x^2*(x != 0)", "x = 2*x + (x == 0)")
    assert (found.status, found.seen.point, found.seen.true) == ("wrong", {"x": "0"}, "0.0")
    found = answer("where(x == 2, 5, x^2)", "x = 2*x")
    assert (found.status, [one.point for one in found.exceptions]) == ("open", [{"x": "2"}])
    assert "x == 2 is met at kinks alone" in found.reason
    assert answer("where(x > 5, relu(x - 6), 0)", "x = where(x > 5, x >= 6, 0)").status == "holds"


@pytest.mark.parametrize(
    ("program", "claim", "at", "claimed"),
    [
        ("(exp(x) - e)*y", "y = where(x == 1, 2, exp(x) - e)", None, "2.0"),
        ("cos(pi*x)*y", "y = (-1)^x", None, "nan"),
        ("sin(x)", "x = 1", {"x": "pi/2"}, "1.0"),
    ],
)
def test_what_no_digit_tells_from_0_is_told_as_0(program, claim, at, claimed):
    """exp(1) - e and cos(pi/2) are 0, and no noise of many digits."""
    found = answer(program, claim, at=at)
    seen = found.at or found.seen
    assert (found.status, seen.claimed) == ("wrong", claimed)
    assert seen.true in {"0", "0.0"}
    assert found.diagnosis == []


def test_a_small_number_is_told_as_what_it_is():
    """e*(exp(1e-300) - 1) = 2.71828e-300."""
    found = answer("(exp(1 + x) - e)*y", "y = 1", at={"x": 1e-300, "y": 2})
    assert float(found.at.true) == pytest.approx(math.e * 1e-300, rel=1e-15)


@pytest.mark.parametrize(
    ("program", "claim", "at", "status"),
    [
        ("norm(x)^2", "x = 2*x", {"x": [0, 0]}, "proved"),
        ("norm(x)^2", "x = x + 1", {"x": [0, 0]}, "wrong"),
        ("hypot(x, y)^2", "y = 2*y", {"x": 0, "y": 0}, "proved"),
        ("hypot(x, y)^2", "y = y^2/y", {"x": 0, "y": 0}, "wrong"),
        ("sqrt(x^2)^2", "x = 2*x", {"x": 0}, "proved"),
    ],
)
def test_where_rules_have_no_value_the_whole_expression_is_compared(program, claim, at, status):
    """By hand: each is a sum of squares, with the slope 0 at the point."""
    found = answer(program, claim, at=at)
    assert (found.status, found.notes) == (status, [OF_THE_WHOLE] if status == "wrong" else [])
    if status == "wrong":
        assert found.at.kind == "point"
        assert float(found.at.true) == 0


def test_a_number_claimed_at_a_kink_of_the_whole_is_open():
    """The norm has no derivative at 0; and a logarithm has no value there."""
    for claim in ("x = [0, 0]", "x = [1, 0]"):
        found = answer("norm(x)", claim, at={"x": [0, 0]})
        assert found.status == "open"
        assert found.reason == "the point is a kink, where a slope is a convention"
    found = answer("log(x)", "x = 5", at={"x": 0})
    assert (found.status, found.reason) == (
        "open",
        "at the point that is given there is no value to compare",
    )


@pytest.mark.parametrize(
    ("program", "claim", "at", "true", "where"),
    [
        # by hand: the cofactors of [[1, 2], [2, 4]] are [[4, -2], [-2, 1]]
        (
            "det(A)",
            "A = det(A)*inv(A).T",
            {"A": [[1, 2], [2, 4]]},
            "det(A)*inv(A).T",
            "det(A) != 0",
        ),
        ("norm(x)", "x = 0*x", {"x": [1, 2]}, "x/norm(x)", "norm(x) != 0"),
        ("x^2", "x = 3*x", {"x": 1}, "2*x", ""),
    ],
)
def test_the_derivative_is_told_with_its_conditions(program, claim, at, true, where):
    """As ``backprop formula`` has them: at the point the formula may have no value."""
    found = answer(program, claim, at=at)
    assert (found.status, found.true, " and ".join(found.where)) == ("wrong", true, where)
    [written] = bp.formula(program, at).conditions[-1]
    assert found.where == written


@pytest.mark.parametrize(
    "step",
    [
        "trunc(x/1e30)",
        "floor(log(1 + x^2)/100)",
        "floor(1.5*exp(-(x - sqrt(2000))^2))",
        "floor(abs(sin(x)) + 1e-3)",
        "floor(1/(1 + 1000*(x - sqrt(2))^2) + 1e-6)",
    ],
)
def test_steps_are_sides(step):
    """Each is 0 around 0 and at small numbers, and not 0 in an interval: by what it says of x."""
    found = answer("x^2", f"x = 2*x + {step}")
    assert found.status == "wrong"


@pytest.mark.usefixtures("soon")
def test_a_step_that_is_not_reached_is_told():
    """The step is taken where both factors are positive, near 1e7: at 0 both sides look flat."""
    step = "floor(relu(x - 1.001e7)*relu(1.002e7 - x)*1e-9)"
    found = answer("x^2", f"x = 2*x + {step}")
    assert found.status == "wrong" or "reaches the side" in found.reason


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("term", "verdict"),
    [
        ("relu(x - 50)*relu(60 - x)*relu(y - 70)", "disagrees"),  # 250 at x = 55, y = 80
        ("relu(x - y - 1e6)*relu(y - 1e5)", "disagrees"),  # 8e10 at x = 2e6, y = 2e5
        ("relu(x - 50)*relu(40 - x)*relu(y - 70)", "agrees"),  # no x is above 50 and below 40
    ],
)
def test_sides_are_reached_together(term, verdict):
    """A product of which each factor is 0 somewhere is 0 at all points that reach one alone."""
    assert answer("x^2*y", f"x = 2*x*y + {term}").verdict == verdict


@pytest.mark.parametrize(
    "claim",
    [
        "tanh(1e300*x)",
        "tanh(10^300*x)",
        "tanh(1e150*x*1e150)",
        "tanh(x/1e-300)",
        "sign(x)*tanh(1e300*x^2)",
        "erf(exp(600)*x)",
    ],
)
def test_scales_of_a_claim_are_looked_at(claim):
    """tanh(1) = 0.76, and erf(1) = 0.84: the slope of abs(x) is 1 for all x > 0."""
    assert answer("abs(x)", f"x = {claim}").status == "wrong"
    large = answer("sum(abs(x))", f"x = {claim}", shapes="x=4000")
    assert large.status == "wrong"


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("0.540302305868139717400936607442976603732", "holds"),  # mpmath, 40 digits
        ("0.540302305868139717400936607442976603730", "wrong"),
        ("0.540302305868139765010482733487", "holds"),  # "%.30f" of Python's math.cos(1)
        ("0.54030230586813977", "holds"),  # 17 digits of that double
        ("0.54030230586813978000001", "wrong"),
    ],
)
def test_digits_that_no_double_has_are_digits(claim, status):
    """cos(1) is 0.5403023058681397174009366074429766037323; a double has 53 bits of it."""
    assert answer("sin(x)", f"x = {claim}", x=1).status == status
    whole = answer("x^3", "x = 3.00000000000000000000001", x=1)
    assert whole.status == "wrong"


def test_scales_of_losses_are_looked_at():
    """1e-300*tanh(1) is 0.76e-300."""
    assert bp.compare("abs(x)", "x*tanh(1e300*x)").verdict == "disagrees"
    assert bp.compare("x", "1e300*tanh(1e-300*x)").verdict == "disagrees"


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (
            "where(sin(x)^2 + cos(x)^2 <= 1, 2*x, 3)",
            "no digits tell whether sin(x)^2 + cos(x)^2 <=",
        ),
        ("where(sin(2*x) == 2*sin(x)*cos(x), 2*x, 3)", "no digits tell whether sin(2*x) == 2*sin"),
    ],
)
def test_a_condition_that_no_digits_decide_is_told(claim, reason):
    """Both sides of the conditions are the same number, which is not rational but at 0."""
    assert answer("x^2", f"x = {claim}").reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "claim", "verdict"),
    [
        ("x*9007199254740993", "x = 9007199254740992", "disagrees"),
        ("x*9007199254740993", "x = 9007199254740993", "agrees"),
        ("(x - 9007199254740993)^2", "x = 2*x - 18014398509481986", "agrees"),
        ("(x - 9007199254740993)^2", "x = 2*x - 18014398509481984", "disagrees"),
    ],
)
def test_whole_numbers_that_no_double_holds_are_kept_as_typed(text, claim, verdict):
    """By integers: 9007199254740993 is 2^53 + 1, of 16 digits, and its double is 2^53."""
    assert bp.check_claims(text, claim).verdict == verdict
    found = bp.digits(bp.gradient("x - 9007199254740993", x=9007199254740992), 20)
    assert found.value.text == "-1"


def test_a_number_that_is_right_as_a_double_alone_is_told_as_that():
    """2^53 + 1 is 2^53 as a double; the claim is a number at the point, where floats have that."""
    [answer] = bp.check_claims("x*9007199254740993", "x = 9007199254740992", x=2).answers
    assert (answer.status, answer.notes) == (
        "holds",
        ["it agrees as far as rounding in float64 explains"],
    )


def test_what_is_read_as_a_constant_and_what_is_not_used_is_told():
    found = bp.check_claims("V*exp(-t/tau)", "V = exp(-t/tau)", V=5, t=1, z=3)
    assert [one.partition(" is read")[0] for one in found.warnings] == [
        "the expression does not use z",
        "tau",
    ]


def test_what_has_a_value_nowhere_agrees_nowhere():
    """The logarithm of a negative number is none, how small it may be."""
    assert "at none of" in answer("log(-exp(x))", "x = 1").reason


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("sin(x) >= 1", "open"),  # at pi/2
        ("abs(x - sqrt(2)) <= 0", "open"),
        ("(x - 7.31)^2 <= 0", "wrong"),
        ("sin(x) >= 1.5", "proved"),
        ("x^2 < 0", "proved"),
    ],
)
def test_an_extreme_that_is_met_at_a_point_is_a_side(condition, status):
    """By calculus: each condition is met at one point of a period, or cannot be."""
    found = answer("x^2", f"x = 2*x + where({condition}, 1, 0)")
    assert found.status == status
    told = f"no point that was tried reaches the side where {condition}"
    assert status != "open" or found.reason.startswith(told)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("options", [{}, {"x": math.pi / 4}, {"ranges": ["x=pi/4..pi/4"]}])
def test_no_range_has_a_number_that_is_not_rational(options):
    """Ends of ranges are doubles, and pi/4 is none: to look elsewhere is no help."""
    found = answer("x^2", "x = where(x == pi/4, 2, 2*x)", **options)
    assert found.reason == "no point that was tried reaches the side where x == pi/4"
    assert answer("x^2", "x = where(x^3 + 2*x == 12, 2, 2*x)").seen.point == {"x": "2"}
