"""The derivatives of cofactors, held against differences in floats: no rule is used there."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from backpropcli.arithmetics.adjoints import adjoint_word
from backpropcli.arithmetics.arrays import exact
from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.arrays.linear import cofactors, cofactors_along
from backpropcli.graph.arrays import ARRAYS
from tests.each import for_each

NORMAL = np.random.default_rng(0).normal
STEP = 1e-6


@for_each("shape", [(1, 1), (2, 2), (3, 3), (4, 4), (3, 2, 2), (2, 3, 3)])
def test_along_a_direction(shape):
    x, y = NORMAL(size=shape), NORMAL(size=shape)
    slope = (cofactors(x + STEP * y) - cofactors(x - STEP * y)) / (2 * STEP)
    assert np.allclose(cofactors_along(x, y), slope, rtol=1e-7, atol=1e-7)
    if x.ndim == 2:
        exactly = exact.cofactors_along(x.astype(object), y.astype(object))
        assert np.allclose(exactly.astype(float), slope, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 4), (3, 2, 2)])
@pytest.mark.parametrize("index", [0, 1])
def test_what_goes_back(index, shape):
    x, y, g, along = (NORMAL(size=shape) for _ in range(4))
    row, out = ARRAYS["cofactors_along"], cofactors_along(x, y)
    back = adjoint_word(row, index, (len(shape),) * 2, (), FLOATS)
    ends = [
        cofactors_along(x + side * along, y) if index == 0 else cofactors_along(x, y + side * along)
        for side in (-STEP, STEP)
    ]
    slope = np.sum(g * (ends[1] - ends[0])) / (2 * STEP)
    assert np.isclose(np.sum(back(g, out, x, y) * along), slope, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("size", [2, 3])
def test_small_cofactors_cancel_nothing_that_need_not(size):
    """By fractions: each is a determinant of what is left of the matrix."""
    scale = 10.0 ** NORMAL(size=(size, size), scale=60)
    x = np.round(scale * NORMAL(size=(size, size)), 3)
    found = cofactors(x)
    for i, j in np.ndindex(x.shape):
        rest = [[Fraction(x[a, b]) for b in range(size) if b != j] for a in range(size) if a != i]
        terms = [rest[0][0]] if size == 2 else [rest[0][0] * rest[1][1], -rest[0][1] * rest[1][0]]
        true = (-1) ** (i + j) * sum(terms)
        assert abs(Fraction(found[i, j]) - true) <= Fraction(1, 2**50) * max(map(abs, terms))
