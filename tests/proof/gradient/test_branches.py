"""Kinks at the numbers as typed, which their doubles miss: by the known values of sin and tan."""

import math

import pytest

import backpropcli as bp
from backpropcli.proof.gradient.branches import typed_kink, typed_kinks
from backpropcli.render.layout.lines import Options
from backpropcli.render.notices import notices
from backpropcli.report.truth.point import as_typed
from backpropcli.report.wholes import rounded_kinks
from tests.each import for_each


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("relu(tan(x) - 1)", "pi/4", "relu(tan(x) - 1)"),
        ("max(sin(x), 0.5)", "pi/6", "max(sin(x), 0.5)"),
        ("max(sin(x), cos(x), 0.1)", "pi/4", "max(sin(x), cos(x), 0.1)"),
        ("clip(cos(x), 0, 1)", "pi/2", "clip(cos(x), 0, 1)"),
        ("where(sin(x) > 0, x, 2)", "pi", "sin(x) > 0"),
        ("leaky_relu(sin(x) - 0.5, 1)", "pi/6", ""),  # the leak is 1: no kink
        ("floor(10*sin(x))", "pi/6", "floor(10*sin(x))"),
        ("round(sin(x))", "pi/6", "round(sin(x))"),
        ("round(10*sin(x))", "pi/6", ""),
        ("abs(x - 0.3)", "0.1+0.2", "abs(x - 0.3)"),
        ("abs(tan(x) - 1 - 1e-30)", "pi/4", ""),
        # It is 10^-2605, which no digits tell from 0.
        pytest.param("abs(1 - tanh(x))", "3000.1", "", marks=pytest.mark.slow),
    ],
)
def test_a_kink_that_doubles_miss_is_told_where_it_is_proved(text, x, expected):
    report = bp.gradient(text, x=x)
    report.kinks = []
    there = as_typed(report)
    assert there is not None
    assert typed_kink(report, typed_kinks(report, {}, there), there) == expected


def test_what_is_typed_and_is_its_double_is_not_rounded():
    """1/2 is 0.5, exactly: so a zero that is proved is one at the double too."""
    assert as_typed(bp.gradient("cos(pi*x)", x="1/2")) is None
    assert as_typed(bp.gradient("cos(pi*x)", x="1/3")) is not None


@for_each(
    "text, point, true",
    [
        ("sqrt(x^2 + y^2)", {"x": 1e-200, "y": 0}, "1e-400"),
        ("max(x^3, 0)", {"x": 1e-200}, "1e-600"),
        ("abs(x^3)", {"x": 1e-200}, "1e-600"),
        ("hypot(x^3, 0)", {"x": 1e-200}, "1e-600"),
        ("ceil(x - 1e-17)", {"x": 1}, "1 - 1e-17"),
        ("abs(x)", {"x": 0}, ""),
        ("max(x, y)", {"x": 1, "y": 1}, ""),
        ("abs(x - 1/3)", {"x": "1/3"}, ""),
        ("abs(10*x - 3)", {"x": 0.3}, ""),
    ],
)
def test_a_kink_that_rounding_alone_makes_is_told_as_none(text, point, true):
    """What the inputs are is by hand; the last two are at their kinks as typed."""
    found = bp.gradient(text, point)
    assert [said for _, said in rounded_kinks(found)] == ([true] if true else [])
    lines = ["".join(text for _, text in line) for line in notices(found, Options(width=200))]
    told = [line for line in lines if line.startswith("rounding: ")]
    assert len(told) == bool(true)
    assert all(f" is {true}, and {text} has no kink" in line for line in told)


@pytest.mark.parametrize("text", ["floor(x + 0.5)", "round(x)"])
def test_a_jump_as_typed_is_told_where_floats_jump_by_rounding(text):
    """4503599627370497.5 is no double: with 0.5 it is whole, and it is a tie."""
    found = bp.gradient(text, x="4503599627370497.5")
    assert bp.verdict(found, 60.0).typed_kink == text


@pytest.mark.parametrize(
    ("text", "x", "kink", "value"),
    [
        ("sqrt(0.3 - x)", "0.1+0.2", "sqrt(0.3 - x)", "0"),
        ("sqrt(0.3 - x) + 1", "0.1+0.2", "sqrt(0.3 - x)", "1"),
        ("asin(1.3 - x)", "0.1+0.2 - 1e-30", "", ""),
        ("sqrt(0.29 - x)", "0.1+0.2", "", ""),
        ("sqrt(x - 0.1)", "0.1", "", "0"),  # floats are there too
    ],
)
def test_what_doubles_are_outside_of_is_told_as_typed(text, x, kink, value):
    """By hand: 0.1 + 0.2 is 0.3, and a little more as doubles: the root ends between them."""
    found = bp.verdict(bp.gradient(text, x=x), 60.0)
    assert found.typed_kink == kink
    assert not value or float(found.value_typed) == float(value)


@pytest.mark.parametrize(("text", "told"), [("log(0.3 - x)", True), ("log(0.2 - x)", False)])
def test_a_pole_as_typed_is_told_where_doubles_have_no_value(text, told):
    found = bp.verdict(bp.gradient(text, x="0.1+0.2"), 60.0)
    assert (found.typed_pole is not None) is told


def test_a_jacobian_has_what_is_so_as_typed_where_there_is_none():
    """By hand: the slope of sqrt(0.3 - x) falls to -inf at its end."""
    [entry] = bp.verdict(bp.jacobian("sqrt(0.3 - x)", x="0.1+0.2"), 60.0).entries
    assert entry.typed == "-inf"


@pytest.mark.parametrize(
    ("text", "x", "value", "slope"),
    [
        ("max(cos(x), 0)", "pi/2", "0", ""),
        ("max(exp(x) - 2, 0)", "log(2)", "0", ""),
        ("abs(sin(x))", "pi", "0", ""),
        ("abs(sin(x))^2", "pi", "0", "0"),  # it is sin(x)^2
        ("x*(x > pi)", "pi", "0", ""),
        ("abs(cos(x)) + 3*x - x", "pi/2", "3.141592653589793238462643383279502884197", ""),
    ],
)
def test_beside_a_kink_as_typed_what_there_is_is_told(text, x, value, slope):
    """By hand; a slope at a kink is a convention, and is not told."""
    found = bp.verdict(bp.gradient(text, x=x), 60.0)
    assert found.typed_kink
    assert found.value_typed in ({"0", "0.0"} if value == "0" else {value})
    assert found.entries[0].typed in ({"0", "0.0"} if slope == "0" else {slope})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("cos(pi*x)", 1, 0),
        ("atan2(sin(pi*x), cos(pi*x))", 0.5, math.pi),
        ("x^2*sin(pi/x)", 1, math.pi),
        ("csc(pi*x)", 0.5, 0),
        ("sin(pi*x)*sin(tau*x)", 1, 0),
    ],
)
def test_zeros_at_multiples_of_pi_are_sympys_too(text, x, slope):
    """By hand; SymPy's numbers there are noise, and its algebra is not."""
    for found in (bp.gradient(text, x=x), bp.hessian(text, x=x), bp.hvp(text, x=x, along={"x": 1})):
        assert bp.verdict(found, 60.0).verdict == "agrees"
    [entry] = bp.check(text, x=x, timeout=60.0).entries
    assert float(entry.truth) == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "point", "step"),
    [
        ("x^2*floor(3*x)", {"x": 1 / 3}, "floor(3*x)"),
        ("x*(x + 1 > 1)", {"x": 1e-17}, "x + 1 > 1"),
        ("x*ceil(1 + y)", {"x": 2, "y": 1e-17}, "ceil(1 + y)"),
    ],
)
def test_a_step_that_rounding_decides_leaves_a_verdict_open(text, point, step):
    """By hand: the double of 1/3 is less than it, and 1 + 1e-17 is more than 1; in floats not."""
    found = bp.check(text, point)
    assert found.verdict == "inconclusive"
    assert found.reason.startswith(f"rounding decides {step}:")
