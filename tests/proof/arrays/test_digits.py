"""Arrays of many digits, against fractions and against mpmath's own functions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp, mpf

from backpropcli.calculus.forward import forward
from backpropcli.language.parse import parse
from backpropcli.proof.arrays.digits import DIGITS
from backpropcli.proof.arrays.integers import exact

RANDOM = np.random.default_rng(0)


def value(text, **given):
    program = parse(text, given)
    bindings = {name: exact(np.asarray(one, dtype=float)[()]) for name, one in given.items()}
    return forward(program.graph, DIGITS, bindings)[program.root]


@pytest.mark.parametrize("large", [1.0, 1e200, 1e-200])
def test_a_product_of_matrices_is_right_to_the_last_digit(large):
    x, y = RANDOM.normal(size=(3, 4)) * large, RANDOM.normal(size=(4, 2))
    with mp.workdps(100):
        found = value("x@y", x=x, y=y)
        for row, column in np.ndindex(3, 2):
            terms = [Fraction(x[row, at]) * Fraction(y[at, column]) for at in range(4)]
            total = sum(terms)
            right = mpf(total.numerator) / total.denominator
            assert abs(found[row, column] - right) <= abs(right) * mpf(10) ** -98


def test_a_product_with_what_is_not_finite():
    with mp.workdps(50):
        found = value("x@y", x=[[1, np.inf], [2, 3]], y=[1, 1])
    assert (found[0], found[1]) == (mp.inf, 5)


def test_numbers_that_words_make_keep_their_digits():
    """Python's own numbers would be divided as doubles."""
    with mp.workdps(60):
        third = mpf(1) / 3
        found = [
            value("ones(2)/3*x", x=[1, 1])[0],
            value("(x > 0)/(y > 0)/3", x=[1, 2], y=[1, 1])[0],
            value("pad(x, 1)^2/3", x=[1])[1],
            value("mean(x)", x=[0, 0, 1]),
            value("(argmax(x) - 1)/3*x", x=[0, 1, 5])[1],
        ]
        assert all(abs(one - third) < mpf(10) ** -59 for one in found)


def test_powers_are_those_of_mpmath():
    with mp.workdps(60):
        for base in (2.5, -0.3):
            for exponent in (0, 1, 2, 7, -3, 64):
                found = value("x^y", x=[base], y=exponent)[0]
                assert abs(found / mp.power(mpf(base), exponent) - 1) < mpf(10) ** -57
        assert value("x^0.5", x=[2])[0] == mp.sqrt(2)
        assert value("x^(-1)", x=[0, 1])[0] == mp.inf
