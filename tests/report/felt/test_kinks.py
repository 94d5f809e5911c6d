"""Kinks that are met and told, places that are none, and the first causes of what is not finite.

By hand: a kink is met where the one-sided slopes of one operation differ, or its value jumps, and
the output moves with it.
"""

from __future__ import annotations

import math
import re

import pytest

import backpropcli as bp
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from backpropcli.render.layout.lines import Options
from backpropcli.render.notices import notices
from backpropcli.report.wholes import rounded_kinks
from tests.each import for_each
from tests.reference import slopes

INF = math.inf


def report_of(text, wrt=(), **point):
    return gradient(parse(text, point), point, wrt)


def kinks(text, wrt=(), **point):
    """Return the operation, the input and the one-sided slopes of each kink met."""
    return [
        (kink.label, kink.by, kink.left, kink.right)
        for kink in report_of(text, wrt, **point).kinks
        if not kink.jump
    ]


def jumps(text, wrt=(), **point):
    return [kink.label for kink in report_of(text, wrt, **point).kinks if kink.jump]


@for_each(
    "text, point, expected",
    [
        ("abs(x)", {"x": 0.0}, [("abs(x)", "x", -1, 1)]),
        ("3*relu(x)", {"x": 0.0}, [("relu(x)", "x", 0, 1)]),
        ("abs(x - y)", {"x": 2.0, "y": 2.0}, [("abs(x - y)", "x - y", -1, 1)]),
        ("clip(x, 0, 1)", {"x": 1.0}, [("clip(x, 0, 1)", "x", 1, 0)]),
        ("max(x, 2)", {"x": 2.0}, [("max(x, 2)", "x", 0, 1)]),
        ("min(x, 2)", {"x": 2.0}, [("min(x, 2)", "x", 1, 0)]),
        ("relu(abs(y) - 5)", {"y": 5.0}, [("relu(abs(y) - 5)", "abs(y) - 5", 0, 1)]),
        ("where(x > 1, abs(y), y)", {"x": 2.0, "y": 0.0}, [("abs(y)", "y", -1, 1)]),
        # three that meet: only the upper bound turns alone, and x and the lower one together
        (
            "clip(x, y, 1)",
            {"x": 1.0, "y": 1.0},
            [("clip(x, y, 1)", "x", 0, 0), ("clip(x, y, 1)", "y", 0, 0)],
        ),
        ("clip(1, 1, x)", {"x": 1.0}, [("clip(1, 1, x)", "x", 1, 0)]),
        ("clip(0, x, 1)", {"x": 1.0}, [("clip(0, x, 1)", "x", 1, 0)]),
    ],
)
def test_kinks_that_are_met(text, point, expected):
    assert kinks(text, **point) == expected


@for_each(
    "text, point",
    [
        # nothing arrives at abs
        ("relu(abs(y) - 5)", {"y": 0.0}),
        ("clip(abs(y), 1, 2)", {"y": 0.0}),
        ("clip(abs(y), 1, 2)", {"y": -3.0}),
        ("max(abs(y), 1)", {"y": 0.0}),
        ("min(abs(y), -1)", {"y": 0.0}),
        ("where(y < 1, y, abs(y))", {"y": 0.0}),
        ("sg(abs(y))*y", {"y": 0.0}),
        ("floor(abs(y) + 0.5)*y", {"y": 0.0}),
        # what ties is one and the same
        ("max(x, x)", {"x": 2.0}),
        ("min(x, x, x)", {"x": 0.0}),
        # a condition that cannot change near the point
        ("where(x == x, x, 0)", {"x": 2.0}),
        ("where(x <= x, x, 0)", {"x": 0.0}),
        ("where(x > 0, x, 2*x)", {"x": 1.0}),
        ("(x == max(x, y))*z", {"x": 2.0, "y": 1.0, "z": 3.0}),
        ("where(2 > 1, x, abs(x))", {"x": 0.0}),
        ("where(y, x, abs(x))", {"x": 0.0, "y": 3.0}),
        # away from the corner, and no corner at all
        ("abs(x)", {"x": 1e-300}),
        ("x^2 + x^3", {"x": 0.0}),
        ("x^0", {"x": 0.0}),
        ("x*relu(y)", {"x": 0.0, "y": 1.0}),
        # bounds that meet, and x is not below them
        ("clip(x, 2, 2)", {"x": 2.0}),
        ("clip(x, y, 1)", {"x": 5.0, "y": 1.0}),
        ("clip(x, 1, y)", {"x": 5.0, "y": 1.0}),
        ("clip(2*x, x, 1)", {"x": 1.0}),
        # a corner without an angle
        ("leaky_relu(x, y)", {"x": 0.0, "y": 1.0}),
        ("elu(x)", {"x": 0.0}),
        # not by what is asked for: the other is data
        ("clip(x, sg(y), 1)", {"x": 1.0, "y": 1.0}),
        ("x + abs(sg(y))", {"x": 1.0, "y": 0.0}),
    ],
)
def test_kinks_that_are_not_met(text, point):
    assert report_of(text, **point).kinks == []


def test_a_kink_that_no_digits_show_is_not_denied():
    """1/cosh(150)^2 is 2e-130: the slopes of the first factor are 0 and twice that."""
    text = "diff((x + abs(x))*(1 - tanh(150)^2), x)*y"
    assert [kink.of_value for kink in report_of(text, ["y"], x=0.0, y=1.0).kinks] == [True]
    assert report_of(text, ["y"], x=1.0, y=1.0).kinks == []


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("diff(relu(10*x - 3) - relu(3 - 10*x), x)", ["relu(10*x - 3)", "relu(3 - 10*x)"]),
        ("diff(x*sign(1/(10*x - 3)), x)", ["1/(10*x - 3)"]),
    ],
)
def test_a_kink_in_a_derivative_is_that_of_the_number_as_it_was_typed(text, inside):
    """10 times the double of 0.3 is not 3."""
    found = report_of(text, x=0.3).at_typed({}).kinks
    assert [kink.label for kink in found if kink.of_value] == inside


def test_a_kink_of_what_is_data_is_none():
    assert report_of("x*abs(y)", ["x"], x=1.0, y=0.0).kinks == []
    assert kinks("x*abs(y)", x=1.0, y=0.0) == [("abs(y)", "y", -1, 1)]


@for_each(
    "text, point, expected",
    [
        ("where(x, x, 0)", {"x": 0.0}, "where(x, x, 0)"),
        ("where(x - 1, x^2, 5*x)", {"x": 1.0}, "where(x - 1, x^2, 5*x)"),
        ("0^x", {"x": 0.0}, "0^x"),
        ("a^x", {"a": 0.0, "x": 0.0}, "a^x"),
        ("(x and x) + x", {"x": 0.0}, "x and x"),
        ("(x or 0)*x", {"x": 0.0}, "x or 0"),
        ("(not x) + x", {"x": 0.0}, "not x"),
        ("where(x > 1, x, 2*x)", {"x": 1.0}, "x > 1"),
        ("(x == 2)*x", {"x": 2.0}, "x == 2"),
        ("floor(x)*x", {"x": 3.0}, "floor(x)"),
        ("sign(x)*x", {"x": 0.0}, "sign(x)"),
        ("clip(floor(x), -1, 1)", {"x": 1.0}, "floor(x)"),
        ("hardtanh(trunc(1/x))", {"x": -1.0}, "trunc(1/x)"),
        ("(x == max(x, y))*z", {"x": 1.0, "y": 1.0, "z": 3.0}, "x == max(x, y)"),
    ],
)
def test_jumps_are_told(text, point, expected):
    """The value of one operation, or the choice of one, is another just beside the point."""
    assert expected in jumps(text, **point)


@for_each(
    "text, function, point, expected",
    [
        ("copysign(x, y)", math.copysign, (2, 0), "y"),
        ("copysign(x, y)", math.copysign, (0, 0), ""),
        ("atan2(x, y)", math.atan2, (0, -1), "x"),
        ("atan2(x, y)", math.atan2, (0, 0), "xy"),
        ("mod(x, y)", lambda x, y: x % y, (6, 3), "xy"),
        ("mod(x, y)", lambda x, y: x % y, (0, 3), "x"),
        ("fmod(x, y)", math.fmod, (6, 3), "xy"),
        ("fmod(x, y)", math.fmod, (0, 3), ""),
        ("x^y", math.pow, (0, 0), "y"),
        ("x <= y", lambda x, y: float(x <= y), (1, 1), "xy"),
        ("x and y", lambda x, y: float(bool(x) and bool(y)), (0, 1), "x"),
        ("x or y", lambda x, y: float(bool(x) or bool(y)), (0, 0), "xy"),
        ("x or y", lambda x, y: float(bool(x) or bool(y)), (0, 1), ""),
    ],
)
def test_a_jump_is_told_by_what_jumps(text, function, point, expected):
    """Against Python's own functions just beside the point, on either side."""
    near = dict.fromkeys("xy", 0)
    here = function(*point)
    for place, name in enumerate("xy"):
        for step in (-1e-9, 1e-9):
            beside = [value + step * (place == at) for at, value in enumerate(point)]
            if text != "x^y" or beside[1] >= 0:  # 0^y is infinite for y < 0
                near[name] = max(near[name], abs(function(*beside) - here))
    assert "".join(name for name in "xy" if near[name] > 0.5) == expected
    found = report_of(text, x=float(point[0]), y=float(point[1])).kinks
    assert "".join(sorted(kink.by for kink in found if kink.jump)) == expected


@for_each(
    "text, x, pole, whole, slopes",
    [
        ("min(1/x, 5)", 0, "1/x", "pole", None),
        ("relu(-1/x)", 0, "-1/x", "pole", None),
        ("min(1/x, x^2)", 0, "1/x", "pole", None),
        ("sign(1/x)", 0, "1/x", "jump", None),
        ("hardtanh(1/x)", 0, "1/x", "jump", None),
        ("relu6(x^-3)", 0, "x^-3", "jump", None),
        ("where(1/x > 0, x, 2*x)", 0, "1/x", "kink", (2, 1)),
        ("where(digamma(x) > 0, x, 2*x)", -1, "digamma(x)", "jump", None),
        ("max(log(x), -1)", 0, "log(x)", "edge", (None, 0)),
        ("max(atanh(x), 2)", -1, "atanh(x)", "edge", (None, 0)),
        ("min(1/x^2, 5)", 0, "1/x^2", "derivative", (0, 0)),
        ("where(log(x) > 0, 1, x)", -1, "log(x)", "derivative", (1, 1)),
    ],
)
def test_a_part_without_a_finite_value_is_told_and_the_whole_looked_at(
    text, x, pole, whole, slopes
):
    """By hand: what is just beside the point, where the output is finite at it."""
    found = report_of(text, x=float(x))
    assert all(map(math.isfinite, [found.value, found.gradient["x"]]))
    assert [kink.label for kink in found.kinks if kink.pole is not None] == [pole]
    one = found.wholes()["x"]
    assert one.kind == whole
    if slopes:
        sides = one.left.slope, one.right.slope
        assert tuple(None if side is None else float(side) for side in sides) == slopes


@for_each(
    "text, x",
    [
        ("min(exp(1000*x), 5)", 1),
        ("min(1/x^2, 5)", 1e-200),
        ("where(x == 0, 1, 1/x)", 0),
        ("min(inf + x, 5)", 0),
        ("sg(1/(x + 1))*0 + where(x > 1, x, log(-x - 2))*0 + x", 2),
    ],
)
def test_no_part_is_without_a_finite_value_where_it_overflows_or_is_not_used(text, x):
    assert all(kink.pole is None for kink in report_of(text, x=float(x)).kinks)


@for_each(
    "text, point, label, sides",
    [
        ("x^1.5", {"x": 0}, "x^1.5", ("nan", 0)),
        ("x^0.5*x", {"x": 0}, "x^0.5", ("nan", INF)),
        ("x^y", {"x": 0, "y": 2.5}, "x^y", ("nan", 0)),
        ("(1 - x^2)^1.5", {"x": 1}, "(1 - x^2)^1.5", ("nan", 0)),
        ("x + asin(x)", {"x": -1}, "asin(x)", ("nan", INF)),
        ("x + acos(x)", {"x": 1}, "acos(x)", (-INF, "nan")),
        ("max(acosh(x), 2)", {"x": 1}, "acosh(x)", ("nan", INF)),
        ("max(asec(x), 4)", {"x": -1}, "asec(x)", (INF, "nan")),
        ("min(sqrt(x), -1)", {"x": 0}, "sqrt(x)", ("nan", INF)),
        ("where(asech(x) > 2, 1, x)", {"x": 1}, "asech(x)", (-INF, "nan")),
    ],
)
def test_an_end_is_told_whether_taken_or_not(text, point, label, sides):
    """By hand: where the square of what a root is taken of, or a power's base, is 0."""
    [kink] = report_of(text, **{name: float(at) for name, at in point.items()}).kinks
    assert (kink.label, f"{(kink.left, kink.right)}") == (
        label,
        f"{tuple(float(side) for side in sides)}",
    )
    assert kink.taken == (text[:2] not in {"ma", "mi", "wh"})


@for_each(
    "text, point",
    [
        ("x^2", {"x": 0}),
        ("x^-2*0", {"x": 1}),
        ("x^1.5", {"x": 1}),
        ("x^y", {"x": 0, "y": 2}),
        ("sg(sqrt(x)) + x", {"x": 0}),
        ("where(x > 1, sqrt(x), x)", {"x": 0}),
    ],
)
def test_ends_that_are_not_met(text, point):
    assert report_of(text, **{name: float(at) for name, at in point.items()}).kinks == []


def test_the_slopes_of_a_power_of_nothing():
    """0^x is 1 at 0, and 0 right of it: the slope of the jump is -inf (the design's table)."""
    assert slopes("0^x", x=0.0) == {"x": -INF}
    assert slopes("0^x", x=2.0) == {"x": 0.0}


# First causes


@for_each(
    "text, point, phase, place",
    [
        ("log(x - y)*z", {"x": 1.0, "y": 2.0, "z": 3.0}, "forward", "log(x - y)"),
        ("sqrt(x)*y", {"x": 0.0, "y": 1.0}, "backward", "sqrt(x)"),
        ("1/x + y", {"x": 0.0, "y": 1.0}, "forward", "1/x"),
        ("exp(exp(x))", {"x": 10.0}, "forward", "exp(exp(x))"),
        ("x*y", {"x": INF, "y": 1.0}, "forward", "x"),
        ("0*sqrt(x)", {"x": 0.0}, "backward", "sqrt(x)"),
        ("where(x > 0, x, 0)*sqrt(x)", {"x": -1.0}, "forward", "sqrt(x)"),
    ],
)
def test_the_first_cause_of_what_is_not_finite(text, point, phase, place):
    found = report_of(text, **point)
    first = found.causes[0]
    assert (first.phase, found.text(first.node)) == (phase, place)


@for_each(
    "text, x, start",
    [
        ("0*sqrt(x)", 0.0, "0 * inf: "),
        ("2*sqrt(x)", 0.0, "the local derivative of sqrt(x) is infinite"),
        ("1/(x - 2)", 2.0, "division by zero: x - 2 is 0"),
        ("(x - 2)/(2*x - 4)", 2.0, "0/0 has no value: x - 2 and 2*x - 4 are 0"),
        ("x/0", 0.0, "0/0 has no value: x is 0"),
        ("log(x)", 0.0, "log(x) has a pole here: it falls without bound"),
        ("x^-2", 0.0, "x^-2 has a pole here: it grows without bound"),
        ("x^-3", 0.0, "x^-3 has a pole here: it falls without bound on the left, and grows on"),
        ("gamma(x)", 0.0, "gamma(x) has a pole here: it falls without bound on the left, and"),
        ("digamma(x)", 0.0, "digamma(x) has a pole here: it grows without bound on the left, and"),
        ("log(1 - tanh(x)^2)", 300.0, "rounding: 1 - tanh(x)^2 is 1.06016e-260, but 0 in floats"),
        ("1/(cosh(x) - sinh(x))", 500.0, "rounding: cosh(x) - sinh(x) is 7.12458e-218, but 0 in"),
        ("log(1 - erf(x))", 30.0, "underflow: 1 - erf(x) is 2.56466e-393, but 0 in floats"),
        (
            "log(1 - tanh(x))",
            3000.0,
            "1 - tanh(x) is 0 in floats; whether by rounding is not known",
        ),
        ("(1 - tanh(x))^-1", 3000.0, "1 - tanh(x) is 0 in floats; whether by rounding is not"),
        ("acosh(1 + x^2 - x^2)", 1e9, "rounding: 1 + x^2 - x^2 is 1, but 0 in floats"),
        ("sqrt(1 - tanh(x))", 3000.0, "1 - tanh(x) is 0 in floats; whether by rounding is not"),
        ("gamma(0.5 - x)", 1e200, "0.5 - x is -1e200 in floats; whether by rounding is not"),
        ("1/(1e16 + x - 1e16)", 0.5, "rounding: 1e16 + x - 1e16 is 0.5, "),
        ("exp(x)", 1000.0, "overflow: exp(x) is 1.97007e434, "),
        ("0.1*x*0.3*99", 1.5e308, "overflow: 0.1*x*0.3*99 is 4.455e308, "),  # 0.1*x*0.3 is rounded
        ("1/(x*x)", 1e-200, "underflow: x*x is 1e-400, "),
    ],
)
def test_first_causes_are_told_apart(text, x, start):
    """By mpmath: e^1000, sech(300)^2, e^-500 and erfc(30); the others by hand.

    1 - tanh(3000) is 10^-2605: it takes more digits than are tried.
    """
    assert report_of(text, x=x).causes[0].reason.startswith(start)


def test_a_product_that_overflows_is_no_matter_of_the_last_place():
    """By hand: 1e20 times 1e300 is too large, however 1e150*1e150 is rounded."""
    [cause] = report_of("log((a*a + b*b)*(d*d))", a=1e150, b=0.0, d=1e-160).causes
    assert cause.reason.startswith("the product 1")
    assert cause.reason.endswith("e299 overflows")


@for_each(
    "text, point, expected",
    [
        ("log(x) + log(y)", {"x": 0, "y": -2}, ["log(x)", "log(y)"]),
        ("log(x) + log(y)", {"x": -2, "y": 0}, ["log(x)", "log(y)"]),
        ("log(x) + 1/y", {"x": 0, "y": 0}, ["log(x)"]),  # the nan is -inf + inf
        ("1/(1/x) + log(y)", {"x": 0, "y": -1}, ["log(y)"]),  # 1/inf is 0, and does no harm
        ("sum(log(x))", {"x": [1, 0, 0, -2, -3]}, ["log(x)[1]", "x[3]"]),
        ("sum(log(x)) + sum(1/(1/y))", {"x": [-2, 1], "y": [0, 1]}, ["x[0]"]),
    ],
)
def test_what_is_infinite_and_what_has_no_value_are_told_each(text, point, expected):
    """By hand: log(0) is -inf, and a sum with it nan only where another part is."""
    found = [one for one in bp.gradient(text, point).causes if one.phase == "forward"]
    assert len(found) == len(expected)
    assert all(part in one.reason for part, one in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("where(x > 0, log(x), x)", {"x": -1.0}),
        ("relu(log(x))*y", {"x": 0.0, "y": 2.0}),
        ("max(sqrt(x), 1)", {"x": 0.0}),
        ("min(exp(x), 5)", {"x": 1000.0}),
    ],
)
def test_what_is_not_finite_and_not_used_is_no_cause(text, point):
    assert report_of(text, **point).causes == []


def test_a_function_that_leaves_a_parameter_out_may_be_differentiated():
    """By hand: |y| has its kink at 0, and so has the value of diff; x stands nowhere in g."""
    text = "def f(x, y) = abs(y)*2; def g(x, y) = diff(f(y, y), y); g(x, x)"
    report = report_of(text, x=0.0)
    assert any(kink.of_value for kink in report.kinks)


def test_the_nearest_kink_may_be_one_by_two_inputs_together():
    """By hand: clip(x, x, 1) is min(x, 1)."""
    [found] = [one for one in report_of("clip(x, x, 1)", x=0.5).nearest_kinks() if one.along == "x"]
    assert (found.at, found.label) == (1.0, "clip(x, x, 1)")


@pytest.mark.parametrize(
    ("text", "at", "sides"),
    [
        ("diff(huber(x), x)", 1.0, [(1, 0, 1)]),  # clip(x, -1, 1)
        ("u = 2*x; diff(huber(u), u)", 0.5, [(2, 0, 2)]),  # clip(2*x, -1, 1)
        ("diff(elu(x), x)", 0.0, [(1, 0, 1)]),  # min(exp(x), 1)
        ("diff(relu(x)^2, x)", 0.0, [(0, 2, 0)]),  # 2*relu(x)
        ("diff(clip(x, 0, 1)^2, x)", 0.0, [(0, 2, 0)]),  # 2*x from 0 to 1
        ("diff(relu(x)^3, x)", 0.0, []),  # 3*relu(x)^2
    ],
)
def test_a_kink_of_a_derivative_is_that_of_the_function_that_it_is(text, at, sides):
    """By hand: what it is stands beside it; the slope used is the one that the chain rule has."""
    report = report_of(text, x=at)
    told = [(one.left, one.right, one.chosen) for one in report.kinks]
    assert told == sides
    assert not any(one.jump or one.together for one in report.kinks)
    assert [report.gradient["x"]] == [chosen for _, _, chosen in sides] or not sides


def test_a_derivative_that_jumps_has_the_slope_that_is_printed():
    """selu is s*x on the right of 0, and s*a*(exp(x) - 1) on its left (Klambauer et al., 2017)."""
    report = report_of("diff(selu(x), x)", x=0.0)
    jump = report.kinks[0]
    assert (jump.label, jump.jump) == ("diff(selu(x), x)", True)
    assert jump.chosen == report.gradient["x"] == pytest.approx(1.0507009873554805 * 1.67326324235)


def test_kinks_of_a_derivative_by_several_names_are_those_of_its_parts():
    """By x and by y alone 4*relu(x - y)^3 is smooth; together that is not asked."""
    labels = [one.label for one in report_of("diff(relu(x - y)^4, x)", x=1.0, y=1.0).kinks]
    assert labels == ["a part of diff(relu(x - y)^4, x)"]


@pytest.mark.parametrize(
    ("text", "point", "verdict"),
    [
        ("min(mod(y, x), -1)", {"x": -2, "y": -2}, "inconclusive"),
        ("min(where(x >= 1, 5, -3), 0)", {"x": 1}, "inconclusive"),
        ("max(floor(x), 5) + abs(x)", {"x": 1}, "agrees"),
        ("relu(floor(x) - 3)", {"x": 2}, "agrees"),
    ],
)
def test_a_jump_that_is_not_taken_is_told_and_the_whole_decides(text, point, verdict):
    """By hand: mod(y, -2) is y for y from -2 to 0, so the least of it and -1 jumps to -2."""
    found = bp.gradient(text, point)
    assert all(kink.jump and not kink.taken for kink in found.kinks)
    assert found.kinks
    assert bp.verdict(found).verdict == verdict


def test_a_negative_delta_is_outside_of_hubers_domain():
    """As in PyTorch, which raises for one; SciPy has infinity there."""
    found = bp.gradient("huber(x, d)", x=3, d=-1)
    assert math.isnan(bp.value("huber(x, d)", x=3, d=-1))
    assert all(map(math.isnan, found.gradient.values()))
    assert bp.gradient("huber(x, d)", x=3, d=0).gradient == {"x": 0, "d": 3}


RULED = [
    "def q(x)=round(x); rule q(x)=1; (q(x) - 1)^2",
    "def q(x)=round(x); rule q(x)=adjoint; (q(x) - 1)^2",
    "def p(x)=x*(x > 0.5); def q(x)=p(x)*2; rule q(x)=1; (q(x) - 1)^2",
]


@pytest.mark.parametrize("text", RULED)
@pytest.mark.parametrize("x", [0.5, [0.5, 1]])
def test_a_kink_inside_a_function_with_a_rule_has_no_slope_that_is_used(text, x):
    """By hand: the slope is the rule's, 2*(0 - 1)*1, and not the 0 of what jumps."""
    text = text if x == 0.5 else text.replace("(q(x) - 1)^2", "sum((q(x) - 1)^2)")
    found = bp.gradient(text, x=x)
    assert (found.gradient["x"] if x == 0.5 else found.gradient["x"][0]) == -2
    assert [kink.rule for kink in found.kinks] == ["q"]
    told = " ".join(
        "".join(part for _, part in line) for line in notices(found, Options(width=999))
    )
    assert "the slope of q is that of its own rule" in told
    assert "taken as 0" not in told


def test_a_kink_that_is_used_beside_a_rule_has_its_slope():
    [kink] = report_of("def q(x)=round(x); rule q(x)=1; q(x) + round(x)", x=0.5).kinks
    assert not kink.rule


@pytest.mark.parametrize(
    ("text", "point", "start"),
    [
        ("diff(x^x, x, 3)", {"x": 0.0}, "x^x*log(x) has a pole here: it falls"),
        ("diff((x - y)^(x - y), x, 2)", {"x": 3.0, "y": 5.0}, "(x - y)^(x - y)*log(x - y) needs"),
        ("diff(hypot(x, y), x, 2)", {"x": 0.0, "y": 0.0}, "abs(y)/(abs(y)^2 + x^2) needs abs(y)"),
        ("diff(beta(x, y), x, 2)", {"x": 0.0, "y": 0.0}, "a part of diff(beta(x, y), x, 2) has no"),
    ],
)
def test_causes_inside_derivatives_use_words_of_the_language(text, point, start):
    """By hand: d/dy x^y is x^y log(x), and that of |z| of z = x + iy along y is x/(x^2 + y^2)."""
    reasons = [cause.reason for cause in report_of(text, **point).causes]
    assert any(reason.startswith(start) for reason in reasons), reasons
    from backpropcli.graph.arrays import TABLE_OF_ARRAYS

    helpers = {row.name for row in TABLE_OF_ARRAYS.values() if row.helper}
    words = set(re.findall(r"\w+", " ".join(reasons)))
    assert not helpers & words - {"part"}


@pytest.mark.parametrize(
    ("text", "point"),
    [
        *((f"{step}(exp(x))", {"x": 1000}) for step in ("floor", "ceil", "trunc", "round")),
        ("floor(exp(x) + y)", {"x": 800, "y": 0.5}),
        ("x + 0*floor(exp(y))", {"x": 1, "y": 750}),
        ("clip(exp(x), 0, inf)", {"x": 1000}),
        ("floor(x)", {"x": INF}),
        ("sum(floor(exp(v)))", {"v": [1000, 1.5]}),
        ("sum(clip(exp(v), 0, inf))", {"v": [1000, 1.5]}),
    ],
)
def test_what_overflows_is_at_no_kink_by_that(text, point):
    """exp(1000) is no whole number (mpmath, 500 digits: .22676 behind the point)."""
    assert not bp.gradient(text, point).kinks
    assert not bp.hessian(text, point).point.kinks
    assert not bp.jvp(text, point, along=dict.fromkeys(point, 1)).point.kinks


def test_elements_that_are_finite_keep_their_kinks():
    [kink] = bp.gradient("sum(floor(exp(v)))", v=[1000, 0]).kinks
    assert (kink.index, kink.count) == ((1,), 1)


@pytest.mark.parametrize("text", ["max(exp(x), exp(2*x))", "exp(x) < exp(2*x)"])
def test_what_ties_by_overflow_alone_is_told_as_it_truly_is(text):
    """exp(1000) and exp(2000), by mpmath."""
    told = [said for _, said in rounded_kinks(report_of(text, x=1000.0))]
    assert told == ["1.97007e434", "3.88118e868"]
