"""What is said of two losses is so: at points of another order, at zeros of a factor, at holes."""

import pytest

import backpropcli as bp
from backpropcli.errors import BackpropError
from backpropcli.proof.compared.answer import Seen
from backpropcli.render.layout.lines import Options
from backpropcli.render.verdicts.compare import compare_lines

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]


def text_of(found):
    lines = compare_lines(found, Options(width=200))
    return "\n".join("".join(text for _, text in line) for line in lines)


def test_what_goes_by_a_place_is_told_at_its_own_point_first():
    """By hand: six times the largest, 3, is 18, and twice the sum 12."""
    found = bp.compare("6*w[argmax(w)]", "2*sum(w)", w=[3, 1, 2])
    told = [(one.of, one.point, float(one.first), float(one.second)) for one in found.general.seen]
    assert found.kind == "different"
    point = {"w": ["3", "1", "2"]}
    assert told == [("value", point, 18, 12), ("d/dw[0]", point, 6, 2)]


def test_a_tie_of_what_goes_by_order_is_a_kink():
    """At w[0] = w[1] each has a slope by its own convention; nearby they are the same."""
    pair = "sum(sort(w)*[1, 2])", "min(w[0], w[1]) + 2*max(w[0], w[1])"
    found = bp.compare(*pair, w=[1, 1])
    assert found.verdict == "inconclusive"
    assert "the point is a kink" in found.reason
    assert bp.compare(*pair, w=[1, 2]).verdict == "agrees"


def test_a_factor_that_is_0_somewhere_stops_the_first_there():
    """Where x < 0, w*relu(x) is 0 for each w, and w*x is not."""
    found = bp.compare("w*relu(x)", "w*x", wrt="w")
    assert found.kind == "proportional"
    assert found.general.vanishes
    (said,) = found.follows
    assert "the first does not move" in said


def test_adam_takes_the_same_step_where_a_factor_is_never_0():
    found = bp.compare("2*w*x", "w*x", wrt="w")
    assert not found.general.vanishes
    assert any(said.startswith("Adam's step is the same") for said in found.follows)


def test_a_point_at_which_one_of_two_has_no_value_is_told():
    found = bp.compare("x", "x^2/x")
    assert found.kind == "identical"
    (seen,) = found.general.exceptions
    assert (seen.kind, seen.of, seen.point, seen.second) == ("edge", "value", {"x": "0"}, "nan")


def test_numbers_that_differ_late_are_told_with_the_digits_in_which_they_do():
    found = bp.compare("x^2", "x^3")
    found.general.seen = [
        Seen("counterexample", "value", {"x": "1"}, "2000000.0", "2000000.00000000000001")
    ]
    assert "are 2000000 and 2000000.00000000000001" in text_of(found)


@pytest.mark.parametrize(
    ("one", "other", "at"),
    [("norm(w)^2", "sum(w^2)", {"w": [0, 0]}), ("hypot(x, y)^2", "x^2 + y^2", {"x": 0, "y": 0})],
)
def test_a_pole_inside_of_what_is_smooth_is_no_difference(one, other, at):
    """Both are the sum of squares, whose gradient at 0 is 0."""
    found = bp.compare(one, other, at)
    assert (found.verdict, found.general.kind) == ("agrees", "identical")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("norm(x - y)^2", "sum((x - y)^2)"),
        ("sum(sqrt((x - y)^2))", "sum(abs(x - y))"),
        ("sum((x - y)^2/(x - y))", "sum(x - y)"),
    ],
)
def test_a_line_without_a_slope_is_no_difference(one, other):
    """Where x is y the first has none; beside that the two are the same by algebra."""
    found = bp.compare(one, other, shapes="x=2; y=2")
    assert (found.verdict, found.general.kind) == ("agrees", "identical")


@pytest.mark.parametrize(
    ("one", "other", "x", "row"),
    [
        ("log(1 + exp(x))", "softplus(x)", 1000, "value    inf    1000  same, but not in floats"),
        ("2*x", "2*x + 1e-9", 1e6, "value  2000000  2000000.000000001  differs"),
    ],
)
def test_the_table_says_what_its_numbers_do_not(one, other, x, row):
    """Floats overflow in the first where mathematics does not; and a late digit is shown."""
    lines = compare_lines(bp.compare(one, other, x=x), Options())
    assert row in ["".join(text for _, text in line) for line in lines]


@pytest.mark.parametrize(
    ("one", "other", "kind", "told"),
    [
        ("x^2", "-x^2 + (x == 0)", "opposite", [("value", 0, 1)]),
        ("exp(x)", "-exp(x)*sign(x)^2", "opposite", [("d/dx", 1, 0), ("value", 1, 0)]),
        ("relu(x)", "2*where(x >= 0, x, 0)", "proportional", [("d/dx", 0, 2)]),
        ("x^2", "3*x^2", "proportional", []),
    ],
)
def test_where_a_factor_is_another_is_told(one, other, kind, told):
    """By hand, at x = 0: there the value jumps, or has a kink."""
    found = bp.compare(one, other)
    assert (found.kind, found.general.value) == (kind, "scaled")
    seen = [(each.of, float(each.first), float(each.second)) for each in found.general.exceptions]
    assert seen == told
    assert ("in the same way, but" in text_of(found)) == bool(told)


def test_values_that_are_apart_for_some_data_are_not_proportional():
    """At x = 1 they are w and 2*w + 1, which no step of w meets or passes by."""
    found = bp.compare("w*x", "2*w*x + (x == 1)", wrt="w")
    assert (found.kind, found.general.value) == ("proportional", "differs")


def test_where_values_jump_apart_they_are_told_and_no_slopes():
    """By hand: at x*y == 7919 the second is 2*x, and beside it x."""
    found = bp.compare("x", "where(x*y == 7919, 2*x, x)", x=1, y=2).general
    assert {seen.of for seen in found.exceptions} == {"value"}
    assert (found.exceptions[0].first, found.exceptions[0].second) == ("7919.0", "15838.0")


def test_what_is_left_out_of_a_comparison_is_told():
    """A variable without a value, and an intermediate that both name."""
    found = bp.compare("x*y", "y*x", x=2)
    assert found.warnings == ["y has no value: the two are compared in general only"]
    found = bp.compare("z = x^2; z*3", "z = x^2; 3*z", wrt="z")
    (said,) = found.follows
    assert said.startswith("what z is computed from trains the same")


def test_where_one_of_two_gradients_is_not_finite_nothing_agrees():
    """The norm at 0 has the smallest subgradient, 0, and the root an infinite slope times 0."""
    found = bp.compare("hypot(x, y)", "sqrt(x^2 + y^2)", x=0, y=0)
    assert found.verdict == "inconclusive"
    assert found.reason == "only one of the two has a finite gradient at the point"


def test_a_size_is_nothing_to_differentiate_by():
    with pytest.raises(BackpropError, match="n is a size here"):
        bp.compare("sum(x)/n", "mean(x)", shapes="x=n", wrt="n")
