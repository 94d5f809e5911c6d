"""Numbers of many digits as whole numbers: held against Python's exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp, mpf

from backpropcli.proof.arrays.integers import (
    apart,
    exact,
    finite,
    integers,
    matmul,
    moved,
    products,
    scaled,
)

X = np.array([[0.1, -3.0, 0.0], [1e-30, 2.0**60, 5.5]])
Y = np.array([[1.5, 0.3], [-0.7, 4.0], [1e20, -1e-9]])


def fraction(number):
    sign, mantissa, exponent, _ = number._mpf_
    return (-1) ** sign * int(mantissa) * Fraction(2) ** exponent


def fractions(value):
    flat = np.ravel(value)
    return [fraction(one) if isinstance(one, mpf) else Fraction(float(one)) for one in flat]


def test_doubles_are_exact():
    assert fractions(exact(X)) == fractions(X)
    assert fractions(exact(np.array([np.nextafter(0, 1), -1.7e308]))) == [
        Fraction(np.nextafter(0, 1)),
        Fraction(-1.7e308),
    ]


def test_a_product_is_that_of_fractions():
    with mp.workdps(200):
        found = matmul(exact(X), exact(Y))
    rows, columns = np.reshape(fractions(X), X.shape), np.reshape(fractions(Y), Y.shape)
    assert fractions(found) == (rows @ columns).ravel().tolist()


def test_sums_of_products_and_of_their_sizes():
    with mp.workdps(200):
        total, sizes = products(exact(X), exact(Y.T))
    each = [one * other for one, other in zip(fractions(X), fractions(Y.T), strict=True)]
    assert [fraction(total), fraction(sizes)] == [sum(each), sum(map(abs, each))]
    assert [*map(float, products(mpf(-2), mpf(3)))] == [-6.0, 6.0]


def test_a_value_is_moved_to_both_sides():
    step = mpf(2) ** -116
    with mp.workdps(200):
        before, behind = moved(exact(X), exact(Y.T), step)
    gaps = [one * Fraction(1, 2**116) for one in fractions(Y.T)]
    pairs = [*zip(fractions(X), gaps, strict=True)]
    assert fractions(before) == [one - gap for one, gap in pairs]
    assert fractions(behind) == [one + gap for one, gap in pairs]


def test_directions_have_the_sizes_of_the_values():
    found = scaled(np.array([[3, -5, 7], [1, 2, -8]]), 3, exact(X))
    assert [*map(float, found.ravel())] == [3 / 64, -2.5, 7 / 8, 2.0**-102, 2.0**59, -8.0]


def test_how_far_doubles_are_off():
    with mp.workdps(60):
        truth = np.array([mpf(1) / 3, mpf(0), mpf(2), mpf(0)])
    found = apart(np.array([1 / 3, 1e-9, 2.0, 0.0]), truth)
    assert found == pytest.approx([2**-54, 1.0, 0.0, 0.0], rel=1e-15, abs=0.0)


def test_there_are_none_for_what_is_not_finite_or_far_apart():
    assert integers(np.array([1.0, np.nan])) is None
    assert integers(exact(np.array([1.0, np.inf]))) is None
    far = np.array([mpf(2) ** 4000, mpf(1)])
    assert integers(far) is None
    assert not finite(exact(np.array([1.0, np.nan])))
    assert finite(far)
    assert products(far, far)[0] == mpf(2) ** 8000
