"""Points on surfaces that equations describe: mpmath says how far off each is."""

from fractions import Fraction

import pytest
from mpmath import mp, mpf

from backpropcli.calculus.lower import lower
from backpropcli.language.parse import parse
from backpropcli.proof.equality.conditions import Conditions
from backpropcli.proof.equality.solved import Solved
from backpropcli.proof.equality.surfaces import eliminated
from tests.each import for_each

STARTS = [(0, 2), (1, -1), (-1, 0.5), (0.5, 0.25), (-0.5, -2), (3, -0.5), (-4, 7), (-2, -1)]


def met(text, *, ranges=None, starts=STARTS, names="xy"):
    """Return points that meet a condition, from points nearby."""
    program = lower(parse(text))
    points = [dict(zip(names, map(Fraction, start), strict=True)) for start in starts]
    return [*Conditions(program.graph, program.outputs, ranges).met(points)]


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("x^2 + y^2 == 1", lambda x, y: x**2 + y**2 - 1),
        ("x == exp(y)", lambda x, y: x - mp.exp(y)),
        ("sqrt(x^2 + y^2) == 2", lambda x, y: mp.hypot(x, y) - 2),
        ("sin(x) == y/3 and x < 9", lambda x, y: mp.sin(x) - y / 3),
        ("x^2*y == y^3 + 1", lambda x, y: x * x * y - y**3 - 1),
        ("x^2 + y^2 == 1 and x^4 + 2*x^2*y^2 + y^4 == 1", lambda x, y: x**2 + y**2 - 1),
    ],
)
def test_points_are_on_the_surface_to_hundreds_of_digits(text, gap):
    """Most starts lead somewhere, and to places of their own, of all signs."""
    found = met(text)
    assert len(found) >= len(STARTS) // 2
    with mp.workdps(450):
        for point in found:
            x, y = (mpf(one.numerator) / one.denominator for one in point.values())
            assert abs(gap(x, y)) < mpf(10) ** -390 * max(1, abs(x) ** 3, abs(y) ** 3)
    assert any(isinstance(one, Solved) for point in found for one in point.values())


def test_a_circle_is_met_in_all_quadrants():
    """What starts in one has a point there."""
    signs = {tuple(one > 0 for one in point.values()) for point in met("x^2 + y^2 == 1")}
    assert len(signs) == 4


@for_each(
    "text, start, point",
    [
        ("x + 2*y == 1", (3, 5), (3, -1)),
        ("x*y == 1", (4, 3), (4, Fraction(1, 4))),
        ("x*1e-30 == y^2", (1, 3), (9 * 10**30, 3)),
        ("x^2 + y^2 == 1", (Fraction(3, 5), 1), (Fraction(3, 5), Fraction(4, 5))),
        ("x^2 == y and y^2 == 16", (1, 3), (2, 4)),
    ],
)
def test_rational_points_are_exact(text, start, point):
    """By hand: no digits are needed where there is a short fraction."""
    [found] = met(text, starts=[start])
    assert (*found.values(),) == point
    assert not any(isinstance(one, Solved) for one in found.values())


def test_what_is_held_stays_and_ranges_are_kept():
    """With y = 1/2 alone, the circle has x = -sqrt(3)/2 and sqrt(3)/2; above 0 one of them."""
    half = (Fraction(1, 2), Fraction(1, 2))
    starts = [(x, 0.5) for x in (-2, -1, 1, 2)]
    found = met(
        "x^2 + y^2 == 1", ranges={"y": half, "x": (Fraction(0), Fraction(9))}, starts=starts
    )
    assert {round(float(point["x"]), 12) for point in found} == {0.866025403784}
    assert {point["y"] for point in found} == {Fraction(1, 2)}
    assert not met("x^2 + y^2 == -1")


def test_equations_that_follow_from_others_are_left_out():
    """By hand: x + y = 3, twice that, and x - y = 1 have the solution 2, 1."""
    rows = [[Fraction(1), Fraction(1)], [Fraction(2), Fraction(2)], [Fraction(1), Fraction(-1)]]
    assert eliminated(rows, [Fraction(3), Fraction(6), Fraction(1)], (1, 0)) == {1: 1, 0: 2}


def test_equations_say_what_they_leave_free():
    """A curve leaves one of two variables free; two curves leave none."""
    for text, free in [("x^2 + y^2 == 1", True), ("x^2 == y and x + y == 2", False)]:
        program = lower(parse(text))
        conditions = Conditions(program.graph, program.outputs)
        assert [*conditions.met([{"x": Fraction(3, 4), "y": Fraction(2)}])]
        assert conditions.leave("xy") is free
