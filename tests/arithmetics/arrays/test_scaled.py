"""Second derivatives of inverses whose determinants leave the range of doubles.

The expected values are closed forms (The Matrix Cookbook, 59-61 and 57), of a matrix of moderate
size through NumPy: that of logdet(s*S) by S does not depend on s.
"""

from __future__ import annotations

import numpy as np
import pytest

from backpropcli.language.parse import parse
from backpropcli.modes.hessian import hessian
from backpropcli.modes.jacobian import jacobian

SMALL = np.array([[2.0, 1.0], [1.0, 3.0]])
LARGE = np.eye(4) + np.outer(np.arange(1.0, 5.0), np.arange(4.0)[::-1]) / 8
SCALES = [1e-200, 1e-60, 1e200]


def _curvature(matrix):
    """Return d2 logdet(S)/(dS[i,j] dS[k,l]) = -inv(S)[j,k]*inv(S)[l,i]."""
    size, inverse = len(matrix), np.linalg.inv(matrix)
    return -np.einsum("jk,li->ijkl", inverse, inverse).reshape(size**2, size**2)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("matrix", [SMALL, LARGE], ids=["2x2", "4x4"])
def test_hessian_of_logdet(matrix, scale):
    found = hessian(parse("logdet(s*S)"), {"s": scale, "S": matrix}, ["S"])
    truth = _curvature(matrix)
    assert np.allclose(found.each[0].matrix, truth, rtol=1e-12, atol=1e-12 * abs(truth).max())
    size = len(matrix)
    value = np.linalg.slogdet(matrix)[1] + size * np.log(scale)
    assert found.point.value == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("scale", SCALES)
def test_of_rows_and_columns_of_other_sizes(scale):
    rows = np.array([1.0, scale, 1 / scale, scale])
    found = hessian(parse("logdet(diag(r)@S*c)"), {"r": rows, "S": LARGE, "c": 1.0}, ["S"])
    assert np.allclose(found.each[0].matrix, _curvature(LARGE), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("scale", SCALES)
def test_jacobian_of_inv_and_solve(scale):
    inverse, right = np.linalg.inv(SMALL), np.array([1.0, -2.0])
    found = jacobian(parse("s*inv(s*S)"), {"s": scale, "S": SMALL}, ["S"])
    truth = -np.einsum("ik,lj->ijkl", inverse, inverse).reshape(4, 4)
    assert np.allclose(found.matrix, truth, rtol=1e-14)
    found = jacobian(parse("solve(s*S, s*b)"), {"s": scale, "S": SMALL, "b": right}, ["S", "b"])
    by_matrix = -np.einsum("ik,l->ikl", inverse, inverse @ right).reshape(2, 4)
    assert np.allclose(found.matrix, np.hstack([by_matrix, inverse]), rtol=1e-14)


def test_derivative_beyond_doubles():
    """Of a matrix of 1e200, -inv(S)[0,0]**2 is -3.6e-401."""
    found = hessian(parse("logdet(S)"), {"S": SMALL * 1e200})
    assert not np.any(found.each[0].matrix)
    assert found.point.gradient["S[1,1]"] == pytest.approx(4e-201, rel=1e-14)
