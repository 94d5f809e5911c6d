"""Sides of choices that no sampled point takes: points on them, or a proof that there are none.

Whether a side is there follows from what any book says of the functions: sin(x) reaches 0.9999 near
pi/2, a square is never negative.
"""

from fractions import Fraction
from time import monotonic

import pytest

from backpropcli.calculus.lower import lower
from backpropcli.language.parse import parse
from backpropcli.proof.equality.choices import Choices, own_nodes
from backpropcli.proof.equality.conditions import Conditions
from backpropcli.proof.equality.coordinates import coordinate
from backpropcli.proof.equality.points import points
from backpropcli.proof.equality.reaching import Reaching
from tests.each import for_each


def reaching(text, condition="", ranges=None):
    """Return the search for sides of a program, and the points that are sampled."""
    program = parse(text)
    lowered = lower(program)
    graph, own = lowered.graph.copy(), own_nodes(lowered)
    nodes = []
    if condition:
        one = lower(parse(condition))
        nodes = [graph.write(one.graph)[one.outputs[0]]]
    choices = Choices(graph, lowered.outputs, own, nodes)
    conditions = Conditions(graph, nodes)
    names = [*graph.variables()]
    everywhere = [*conditions.met(points(graph, names, ranges or {}))]
    return Reaching(choices, conditions), everywhere


def searched(text, condition="", ranges=None):
    """Return what is missed, and the points that the search adds."""
    search, everywhere = reaching(text, condition, ranges)
    more = search.more(everywhere, monotonic() + 5)
    return search.missed([*everywhere, *more]), more


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "text",
    [
        "where(sin(x) > 0.999, x, x^2)",
        "where(sin(x) > 1 - 1e-13, x, x^2)",
        "where(sin(x)*sin(y) > 0.9999, x, y)",
        "where(x > 0 and sin(y) > 0.9999, x, y)",
        "relu(100*sin(x)*cos(y) - 99.9)",
        "x*(cos(x + 0.3) < -0.9999)",
        "where(x > y^2 + 1 and x < y^2 + 1.001, x, y)",
        "where(x == 3*y + 1/7, x, y)",
        "min(1, 1.9999 - sin(x + 0.2)^2)",
        "max(0, x - 1e30)",
        "max(0, 1e9*x - 1e300)",
        "trunc(x/1e30)",
        "round(x/1e30)",
        "floor(log(1 + x^2)/100)",
        "floor(10 + relu(x)/1e30)",
        "floor(abs(sin(x)) + 1e-3)",
        "mod(x, 1e30)",
        "fmod(x, 1e30)",
        "ceil(x/1e30)",
        "relu(x - 50)*relu(60 - x)*relu(y - 70)",
        "relu(x - y - 1e6)*relu(y - 1e5)",
        "(x - 5 > 0)*where(x < 6, 1, 0)*relu(y - 6)*(1 - (y > 7))*relu(z - 7)*max(8 - z, 0)",
        "(x - 50 + abs(x - 50))*(60 - x + abs(60 - x))*(sign(y - 70) + 1)",
        "(clip(x, 50, 60) - 50)*(clip(y, -80, -70) + 80)",
        "trunc(x/1e30)*relu(y - 1e5)",
    ],
)
def test_sides_are_found(text):
    """No sampled point takes one of the sides; the search adds some that do."""
    missed, more = searched(text)
    assert more
    assert not missed


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("where(x^2 < 0, x, y)", ""),
        ("abs(exp(x) + y^2)", ""),
        ("relu(relu(x))", ""),
        ("max(x^2 + 1, tanh(y))", ""),
        ("clip(sigmoid(x), 0, 1)", ""),
        ("where(x > 0, where(x < 0, x, 2*x), y)", ""),
        ("where(x > y + 1, where(x < y, x, 2*x), y)", ""),
        ("where(sin(x) > 0.999, x, y)", "sin(x) < 0.5"),
        ("where(x > y + 1, x, x^2)", "x < y"),
        ("where(x < 0, x, x^2)", "x > 0.001"),
        ("where(x < inf and y > -inf, x, y)", ""),
        ("where(2*x - y > x + x - y + 1, x, y)", ""),
        ("abs(x) + softplus(x) + sinc(x) + x^y", ""),
        ("floor(sigmoid(x)) + trunc(tanh(x)) + round(sin(x)^2/3)", ""),
        ("floor(sin(x)^2)", ""),
        ("mod(x, 2) + floor(x)", ""),
        ("relu(x)*relu(-x)", ""),
        ("relu(x - 50)*relu(40 - x)*relu(y - 70)", ""),
        ("relu(x - 3)*relu(x)*(y > 0)", ""),
    ],
)
def test_what_is_nowhere_is_not_missed(text, condition):
    """A side that is impossible is no side, nor is one inside of a function that is smooth."""
    missed, more = searched(text, condition)
    assert not missed
    assert not more


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("where(x == exp(1), x, y)", "x == exp(1)"),
        ("where(y > 0, where(x == exp(1), x, y), z)", "x == exp(1) makes a difference"),
        ("relu(sin(x) - 1)", "sin(x) - 1 > 0"),
        ("z = cos(x); where(z >= 1.0001, x, y)", "z >= 1.0001"),
        ("max(x, x^2 - 99*cos(x) + 99.5)", "x > x^2 - 99*cos(x) + 99.5"),
    ],
)
def test_what_is_missed_is_told(text, told):
    """There is no such side, which intervals do not prove; or it is one point, and no decimal."""
    missed, _ = searched(text)
    if "cos(x); " in text or "sin(x) - 1" in text:
        assert not missed  # intervals prove these
    else:
        assert missed == f"no point that was tried reaches the side where {told}"


@pytest.mark.parametrize(
    "text",
    [
        "max(x^2, 100*x - 2500 + 1e-9)",  # on one side from 50 - 3e-5 to 50 + 3e-5
        "where(abs(x - 1234.5678) < 1e-7, x, y)",
        "relu(1e-6 - (x - 3.3)^2 - (y + 5.1)^2)",
    ],
)
def test_one_point_on_a_side_is_not_enough(text):
    """It may be one where both sides agree by chance: others lie beside it."""
    search, everywhere = reaching(text)
    more = [*everywhere, *search.more(everywhere, monotonic() + 5)]
    assert search.choices.left(everywhere, search.choices.sides, least=3)
    assert not search.choices.left(more, search.choices.sides, least=3)


@for_each(
    "value, text",
    [
        ("0.5", "0.5"),
        ("1/3", "1/3"),
        ("1000000000000001", "1000000000000001"),
        ("700.0000008", "700.0000008"),
        ("50.00000000000000000001", "50.00000000000000000001"),
        ("185861/563201", "185861/563201"),
        ("1e20", "1e20"),
    ],
)
def test_a_point_that_is_told_is_the_point(value, text):
    """With six digits it may lie on the other side, as 1e15 does of x > 1e15."""
    assert coordinate(Fraction(value)) == text


def test_ranges_and_values():
    """The search stays in ranges, and a side on which nothing has a value is none."""
    ranges = {"x": (Fraction(0), Fraction(4))}
    missed, more = searched("where(sin(x) > 0.9999, x, x^2)", "", ranges)
    assert not missed
    assert all(0 <= point["x"] <= 4 and point["x"] != 1 for point in more)
    search, everywhere = reaching("where(x > 0, log(x), y)")
    negative = [point for point in everywhere if point["x"] <= 0]
    positive = [point for point in everywhere if point["x"] > 0]
    search.more(positive, monotonic() + 5)
    assert search.missed(positive)
    assert not search.missed(positive, negative)
