"""The words of linear algebra and of scaled reductions, for arrays of floats: LAPACK through NumPy.

Outside an operation's domain a word gives nan, never an exception: a singular matrix has no
inverse, a matrix that is not positive definite no Cholesky factor.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.reductions import axes_of, number

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Any

LEAST = 5e-324
"""The least double above 0."""


def lse(x: Value, arg: tuple[Any, bool]) -> Value:
    """Return log(sum(exp(x))): the largest element is taken out first."""
    if not isinstance(x, np.ndarray):
        return x
    axes = axes_of(arg[0], x)
    top = np.maximum.reduce(x, axis=axes, keepdims=True)
    finite = np.where(np.isfinite(top), top, 0.0)
    found = np.log(np.add.reduce(np.exp(x - finite), axis=axes, keepdims=True)) + finite
    return _reduced(found, x, arg)


def _reduced(found: Value, x: Value, arg: tuple[Any, bool]) -> Value:
    """Return what was found with the reduced axes kept as it is asked for."""
    return found if arg[1] else number(np.squeeze(found, axes_of(arg[0], x)))


def softmax(x: Value, arg: tuple[int]) -> Value:
    found = x - np.maximum.reduce(x, axis=arg[0], keepdims=True)
    np.exp(found, out=found)
    found /= np.add.reduce(found, axis=arg[0], keepdims=True)
    return found


def log_softmax(x: Value, arg: tuple[int]) -> Value:
    """Return log(softmax(x)); near probability 1 the sum of the others goes through log1p."""
    axis = arg[0]
    top = np.maximum.reduce(x, axis=axis, keepdims=True)
    first, shifted = x == top, x - top
    others = np.exp(shifted)
    others[first] = 0.0
    total = np.add.reduce(others, axis=axis, keepdims=True)
    total += np.add.reduce(first, axis=axis, keepdims=True) - 1  # exp(0), of all that tie but one
    return shifted - np.log1p(total)


def norm(x: Value, arg: tuple[Any, Any, bool]) -> Value:
    """Return the norm of the elements, scaled so that no square over- or underflows."""
    order, axis, keep = arg
    size = np.abs(np.asarray(x, dtype=float))
    if not size.ndim:
        return float(size)
    axes = axes_of(axis, size)
    top = np.maximum.reduce(size, axis=axes, keepdims=True)
    if order == np.inf:
        return _reduced(top, x, (axis, keep))
    if order == 1:
        return number(np.add.reduce(size, axis=axes, keepdims=keep))  # type: ignore[call-overload]
    scale = np.where((top > 0) & np.isfinite(top), top, 1.0)
    if order == 2 and np.all((top == 0) | ((top > 1e-140) & (top < 1e140))):  # noqa: PLR2004
        return number(np.sqrt(np.add.reduce(size * size, axis=axes, keepdims=keep)))  # type: ignore[call-overload]
    total = np.add.reduce((size / scale) ** order, axis=axes, keepdims=True)
    return _reduced(scale * total ** (1.0 / order), x, (axis, keep))


def std(x: Value, arg: tuple[Any, bool, int]) -> Value:
    """Return the standard deviation, scaled as a norm is: it is 0 where all elements are equal."""
    axis, keep, ddof = arg
    if not isinstance(x, np.ndarray):
        return 0.0
    axes = axes_of(axis, x)
    top = np.maximum.reduce(np.abs(x), axis=axes, keepdims=True)
    power = np.frexp(np.where(np.isfinite(top), top, 1.0))[1]
    size = np.std(np.ldexp(x, -power), axis=axes, keepdims=True, ddof=ddof)
    same = (x == np.minimum.reduce(x, axis=axes, keepdims=True)).all(axis=axes, keepdims=True)
    found = np.where(same, 0.0 * size, np.maximum(np.ldexp(size, power), LEAST))
    return _reduced(found, x, (axis, keep))


def det(x: Value) -> Value:
    return number(np.linalg.det(x))


def logdet(x: Value) -> Value:
    sign, found = np.linalg.slogdet(x)
    return number(np.where(sign > 0, found, np.where(sign == 0, -np.inf, np.nan)))


SMALL = (2, 3)
"""Rows of matrices whose cofactors are determinants, in which nothing cancels that need not."""


def small_cofactors(x: Value, y: Value) -> Value:
    """Return the cofactors of small matrices of any numbers: sums of products, of x and of y.

    Of two rows they are elements, of x alone.
    """
    if x.shape[-1] == SMALL[0]:
        (a, b), (c, d) = np.moveaxis(x, (-2, -1), (0, 1))
        return np.moveaxis(np.array([[d, -c], [-b, a]], dtype=x.dtype), (0, 1), (-2, -1))

    def turned(matrix: Value, down: int, right: int) -> Value:
        return np.roll(matrix, (-down, -right), (-2, -1))

    return turned(x, 1, 1) * turned(y, 2, 2) + -(turned(x, 1, 2) * turned(y, 2, 1))


def cofactors(x: Value) -> Value:
    """Return the derivatives of det(x), right for a singular x too.

    Those of a small matrix are determinants; of others they come from the singular values: with
    x = u@diag(s)@v, they are det(u)*det(v) times u@diag(product of the other s)@v. They are
    nan for a matrix that is not finite, which has no singular values.
    """
    finite = np.isfinite(x).all(axis=(-2, -1), keepdims=True)
    if x.shape[-1] in SMALL:
        return np.where(finite, small_cofactors(x, x), np.nan)
    u, s, v = np.linalg.svd(np.where(finite, x, 0.0))
    sign = np.linalg.det(u) * np.linalg.det(v)
    count = s.shape[-1]
    rest = np.prod(np.where(np.eye(count, dtype=bool), 1.0, s[..., None, :]), axis=-1)
    return np.where(
        finite, np.asarray(sign)[..., None, None] * ((u * rest[..., None, :]) @ v), np.nan
    )


def cofactors_along(x: Value, y: Value) -> Value:
    """Return how the cofactors of x change along y.

    Those of a small matrix are determinants; of others they go by the singular values. Where x is
    diagonal, element i,i changes by the sum over j of y[j,j] times the product of all diagonal
    elements but these two, and i,j by as much as -y[j,i] times such a product.
    """
    if x.shape[-1] == SMALL[0]:
        return small_cofactors(y, y)
    if x.shape[-1] in SMALL:
        return small_cofactors(x, y) + small_cofactors(y, x)
    u, s, v = np.linalg.svd(x)
    sign = np.linalg.det(u) * np.linalg.det(v)
    count = range(s.shape[-1])
    rest = np.zeros(x.shape)
    for i in count:
        for j in count:
            if i != j:
                others = [at for at in count if at not in {i, j}]
                rest[..., i, j] = np.prod(s[..., others], axis=-1)
    turned = np.swapaxes(u, -1, -2) @ y @ np.swapaxes(v, -1, -2)
    diagonal = np.diagonal(turned, axis1=-2, axis2=-1)
    inner = -rest * np.swapaxes(turned, -1, -2)
    inner[..., count, count] = (rest @ diagonal[..., None])[..., 0]
    return np.asarray(sign)[..., None, None] * (u @ inner @ v)


of_each_pair = partial(np.vectorize, signature="(i,i),(i,j)->(i,j)")
"""For batches, what is a function of one matrix and of one right side."""


def solve(x: Value, y: Value) -> Value:
    return _solved(x, y[..., None])[..., 0] if y.ndim == 1 else _solved(x, y)


def _solved(x: Value, y: Value) -> Value:
    try:
        return np.linalg.solve(x, y)
    except np.linalg.LinAlgError:
        if x.ndim == 2:  # noqa: PLR2004 (one matrix)
            return np.full(np.broadcast_shapes(x.shape[:-2], y.shape[:-2]) + y.shape[-2:], np.nan)
        return of_each_pair(_solved)(x, y)


def cholesky(x: Value) -> Value:
    """Return L, of x made symmetric: a derivative is that by a symmetric matrix."""
    try:
        return np.linalg.cholesky((x + np.swapaxes(x, -1, -2)) / 2)
    except np.linalg.LinAlgError:
        if x.ndim == 2:  # noqa: PLR2004 (one matrix)
            return np.full_like(x, np.nan)
        return np.stack([cholesky(one) for one in x])


WORDS: dict[str, Callable[..., Value]] = {
    "lse": lse,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "norm": norm,
    "std": std,
    "det": det,
    "logdet": logdet,
    "cofactors": cofactors,
    "cofactors_along": cofactors_along,
    "inv": lambda x: _solved(x, np.broadcast_to(np.eye(x.shape[-1]), x.shape)),
    "solve": solve,
    "cholesky": cholesky,
    "solve_triangular": lambda x, y, arg: solve(np.tril(x) if arg[0] else np.triu(x), y),
}
