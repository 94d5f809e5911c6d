"""Intervals are bounds: values in 40 digits, worked out by mpmath's own functions, lie in them."""

from itertools import product
from math import inf
from random import Random

import pytest
from mpmath import mp, mpf

from backpropcli.arithmetics import digits, intervals
from backpropcli.arithmetics.intervals.interval import Interval
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.language.parse import parse
from tests.each import for_each

BOXES = [(-3.0, -1.0), (-1.0, 2.0), (0.0, 0.5), (1e-200, 1e-150), (2.0, 40.0), (-0.75, -0.5)]
TEXTS = """
x + y; x - y; x*y; x/y; -x; x*x; x - x; x^2; x^3; x^-1; x^-2; x^0.5; 2^x; x^y; abs(x); sign(x)
max(x, y); min(x, y, 1); hypot(x, y); cosh(x); sin(x); cos(x); sqrt(x); log(x); log1p(x); acosh(x)
asin(x); atanh(x); exp(x); expm1(x); tanh(x); sinh(x); asinh(x); atan(x); erf(x); sigmoid(x)
cbrt(x); softplus(x); relu(x); x < y; x <= y; x == y; x != y; not x; x < 0 and y > 0; floor(x)
x < 0 or y > 0; where(x < 0, y, x^2); 0.1*x; clip(x, -1, 1); gaussian(x); erfc(x); atan2(x, y)
""".replace("\n", ";").split(";")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("text", [text.strip() for text in TEXTS if text.strip()])
def test_values_lie_in_their_intervals(text):
    """At both ends of each box and at points between."""
    lowered = lower(parse(text))
    graph, [root], random = lowered.graph, lowered.outputs, Random(text)  # noqa: S311
    for ends in product(BOXES, repeat=2):
        box = dict(zip("xy", ends, strict=True))
        names = graph.variables()
        found = forward(graph, intervals, {name: Interval(*box[name]) for name in names})[root]
        for share in (0.0, 1.0, random.random()):
            point = {name: mpf(low) + (mpf(high) - low) * share
                     for name, (low, high) in box.items()}  # fmt: skip
            with mp.workdps(40):
                value = forward(graph, digits, point)[root]
            if isinstance(value, mp.mpc) or mp.isnan(value):
                assert found.partial
            else:
                assert found.low <= value <= found.high


@for_each(
    "text, low, high",
    [
        ("x^2", 0, None),
        ("exp(x)", 0, None),
        ("sigmoid(x)", 0, 1),
        ("abs(x)*x^2", 0, None),
        ("1 - tanh(x)^2", 0, 1),
        ("sqrt(x^2 + 1)", 1, None),
        ("relu(x)", 0, None),
        ("x - x", 0, None),
    ],
)
def test_bounds_are_sharp_on_the_whole_line(text, low, high):
    """Signs that are known of all reals are proved; the ends are those of textbooks."""
    lowered = lower(parse(text))
    line = {name: Interval(float("-inf"), float("inf")) for name in lowered.graph.variables()}
    found = forward(lowered.graph, intervals, line)[lowered.outputs[0]]
    assert low - 1e-12 <= found.low <= low
    assert high is None or high <= found.high <= high + 1e-12


@for_each(
    "text, low, high",
    [
        ("sum(x^2)", 0, None),
        ("mean(exp(x))", 0, None),
        ("-sum(x^2)", None, 0),
        ("sum(x)", None, None),
        ("max(sigmoid(x))", 0, 1),
        ("sum(x^2 + 1)", 1, None),
    ],
)
def test_all_elements_of_an_array_have_one_interval(text, low, high):
    """A sum of one number or more: by hand."""
    lowered = lower(parse(text, ["x"]), {"x": (3,)})
    names = lowered.graph.variables()
    values = forward(lowered.graph, intervals, {name: Interval(-inf, inf) for name in names})
    found = values[lowered.outputs[0]]
    assert found[:2] == (-inf if low is None else low, inf if high is None else high)
