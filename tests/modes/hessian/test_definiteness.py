"""The second derivative test: words for matrices, and which points are stationary."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf

from backpropcli.arithmetics.balls.ball import Ball
from backpropcli.modes.hessian.definiteness import definiteness, kind_of_point, near_stationary
from tests.each import for_each
from tests.modes.hessian.test_eigenvalues import INF, diagonal


@for_each(
    "matrix, word",
    [
        ([[2.0]], "positive definite"),
        ([[-2.0]], "negative definite"),
        (diagonal(2.0, -2.0), "indefinite"),  # x^2 - y^2
        ([[0.0, 1.0], [1.0, 0.0]], "indefinite"),  # x*y
        (diagonal(1.0, 0.0, -1.0), "indefinite"),
        ([[0.0]], "zero"),  # x^4 at 0
        (diagonal(0.0, 0.0), "zero"),  # the monkey saddle x^3 - 3x*y^2 at (0, 0)
        ([], "zero"),
        ([[1.0, 1.0], [1.0, 1.0]], "positive semidefinite"),  # (x+y)^2/2
        ([[-1.0, 1.0], [1.0, -1.0]], "negative semidefinite"),
        ([[0.1, 0.3], [0.3, 0.9]], "positive definite"),  # (x+3y)^2/20, rounded: determinant 1e-17
        (
            [[Fraction(1, 10), Fraction(3, 10)], [Fraction(3, 10), Fraction(9, 10)]],
            "positive semidefinite",
        ),
        (diagonal(1e-10, 1.0), "positive definite"),
        (diagonal(1e-17, 1.0), "positive definite"),
        (diagonal(-1e-17, 1.0), "indefinite"),
        ([[1.0, 1.0], [1.0, 1.0 + 2**-52]], "positive definite"),  # determinant 2^-52
        ([[1.0, 1e-300], [1e-300, 0.0]], "indefinite"),  # determinant -1e-600
        ([[2.0, 1.0], [1.0, Ball(mpf(0.5), mpf(10) ** -40)]], "undecided"),
        ([[2.0, 1.0], [1.0, Ball(mpf(0.25), mpf(10) ** -40)]], "indefinite"),
        # Powell's singular function (1962) at its minimum 0: rank 2
        (
            [[2.0, 20.0, 0, 0], [20.0, 200.0, 0, 0], [0, 0, 10.0, -10.0], [0, 0, -10.0, 10.0]],
            "positive semidefinite",
        ),
    ],
)
def test_words(matrix, word):
    assert definiteness(matrix)[0] == word


@for_each(
    "definite, phrase",
    [
        ("positive definite", "a strict local minimum"),
        ("negative definite", "a strict local maximum"),
        ("indefinite", "a saddle point"),
        (
            "positive semidefinite",
            "a stationary point, but second derivatives do not tell its kind",
        ),
        (
            "negative semidefinite",
            "a stationary point, but second derivatives do not tell its kind",
        ),
        ("zero", "a stationary point, but second derivatives do not tell its kind"),
        ("unknown", "not classified: a second derivative is not finite"),
        ("undecided", "not classified"),
    ],
)
def test_phrases(definite, phrase):
    assert kind_of_point(definite, True) == phrase
    moving = "not a stationary point: the gradient is not 0"
    assert kind_of_point(definite, False) == moving
    near = f"{moving}, but by second derivatives {phrase} is near"
    regular = definite in {"positive definite", "negative definite", "indefinite"}
    assert kind_of_point(definite, False, near=True) == (near if regular else moving)
    assert kind_of_point(definite, None) == "not classified: whether the gradient is 0 is not known"


def himmelblau(x, y):
    one, two = x * x + y - 11, x + y * y - 7
    gradient = [4 * x * one + 2 * two, 2 * one + 4 * y * two]
    cross = 4 * x + 4 * y
    return gradient, [[12 * x * x + 4 * y - 42, cross], [cross, 12 * y * y + 4 * x - 26]]


SIX = [(-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127), (-0.270845, -0.923039)]
FULL = [
    (-2.805118086952745, 3.131312518250573),
    (-3.779310253377747, -3.283185991286170),
    (3.584428340330492, -1.848126526964404),
    (-0.2708445906673476, -0.9230385564799815),
]


@pytest.mark.parametrize("point", SIX)
def test_six_digits_are_not_enough(point):
    assert not near_stationary(*himmelblau(*point), list(point))


@for_each("point", [(3.0, 2.0), *FULL])
def test_all_digits_are(point):
    assert near_stationary(*himmelblau(*point), list(point))


@pytest.mark.parametrize("point", FULL)
@given(st.integers(-250, 250), st.integers(-250, 250), st.integers(-250, 250))
def test_units_do_not_matter(point, of_value, of_x, of_y):
    for near in (0.0, 1e-7):
        x, y = point[0] * (1 + near), point[1]
        gradient, matrix = himmelblau(x, y)
        units = (2.0**of_x, 2.0**of_y)
        value = 2.0**of_value
        changed = (
            [value * slope / unit for slope, unit in zip(gradient, units, strict=True)],
            [
                [value * entry / units[i] / units[j] for j, entry in enumerate(row)]
                for i, row in enumerate(matrix)
            ],
            [x * units[0], y * units[1]],
        )
        assert near_stationary(*changed) == (not near)
        assert near_stationary(gradient, matrix, [x, y]) == (not near)


@for_each(
    "gradient, matrix, point, expected",
    [
        ([0.0, 0.0], diagonal(0.0, 0.0), [0.0, 0.0], True),
        ([-0.0], [[math.nan]], [0.0], True),
        ([1e-300], [[0.0]], [1.0], False),  # a straight line, however flat
        ([1e-16], [[6.0]], [0.0], True),  # 3(x + 0.1)^2 - 0.6x, rounded
        ([1e-9], [[6.0]], [0.0], False),
        ([2e-20], [[2.0]], [1e-20], False),  # x^2 close to 0, but not at 0
        ([math.nan], [[2.0]], [1.0], False),
        ([INF], [[INF]], [1.0], False),
        ([1e-12], [[INF]], [1.0], False),
        ([1e300], [[1e300]], [1e300], True),
        ([1e300], [[1e300]], [1.0], False),
        ([1e-300], [[1e300]], [1e-300], True),
        ([1.0], [[1e-300]], [1e-300], False),
        # by hand: the inverse of ((1, 1), (1, 1 + 2^-50)) is 2^50*((1 + 2^-50, -1), (-1, 1))
        ([1e-10, -1e-10], [[1.0, 1.0], [1.0, 1.0 + 2**-50]], [1.0, 1.0], False),
        ([1e-17, 0.0], [[1.0, 1.0], [1.0, 1.0]], [1.0, 1.0], False),  # it has no stationary point
        ([], [], [], True),
    ],
)
def test_edges_of_near(gradient, matrix, point, expected):
    assert near_stationary(gradient, matrix, point) is expected


def test_nothing_heavy_is_imported():
    code = (
        "import sys, backpropcli.modes.hessian.definiteness as c, backpropcli.modes.colouring; "
        "c.near_stationary([1.0], [[1.0]], [1.0]); print('mpmath' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
