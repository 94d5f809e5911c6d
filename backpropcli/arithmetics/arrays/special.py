"""Special functions and activations on arrays of floats, where NumPy has no ufunc.

The error function is W. J. Cody's, "Rational Chebyshev approximations for the error function",
Math. Comp. 23, 1969: each of three ranges has a quotient of polynomials.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.blocks import in_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Any

NEAR, FAR = 0.46875, 4.0
"""Where Cody's ranges end."""
SMALL = (
    (1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2,
     3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
     2.84423683343917062e3),
)  # fmt: skip
"""Of erf(x)/x in x^2, the highest power first: numerator, denominator."""
MIDDLE = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
     2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
     1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
     1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3,
     1.23033935480374942e3),
)  # fmt: skip
"""Of exp(x^2)*erfc(x) in x."""
LARGE = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
     1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1,
     6.05183413124413191e-2, 2.33520497626869185e-3),
)  # fmt: skip
"""Of what is left of x*exp(x^2)*erfc(x) in 1/x^2."""
STEP = 16.0
"""A square's exponential is split at multiples of 1/16, whose squares are exact."""


def _ratio(table: tuple[tuple[float, ...], tuple[float, ...]], x: Value) -> Value:
    """Return a quotient of polynomials, by Horner's rule."""
    above, below = (np.full_like(x, part[0]) for part in table)
    for total, part in ((above, table[0]), (below, table[1])):
        for coefficient in part[1:]:
            np.multiply(total, x, out=total)
            np.add(total, coefficient, out=total)
    return above / below


def _exp_of_square(x: Value, times: float = 1.0) -> Value:
    """Return exp(-times*x^2), without the rounding of x^2."""
    split = np.trunc(np.clip(x, -1e3, 1e3) * STEP) / STEP
    return np.exp(-times * split * split) * np.exp(-times * (x - split) * (x + split))


def _scaled(y: Value) -> Value:
    """Return exp(y^2)*erfc(y) for y above ``NEAR``."""
    found = np.empty_like(y)
    far = y > FAR
    found[~far] = _ratio(MIDDLE, y[~far])
    large = y[far]
    inverse = 1.0 / (large * large)
    found[far] = (1.0 / sqrt(pi) - inverse * _ratio(LARGE, inverse)) / large
    return found


def _pieces(x: Value) -> tuple[Value, Value, Value, Value]:
    """Return where x is near 0, erf(x) there, where it is not, and erfc(abs(x)) there."""
    size = np.abs(x)
    near, rest = size <= NEAR, size > NEAR  # neither for nan
    inner, y = x[near], size[rest]
    return near, inner * _ratio(SMALL, inner * inner), rest, _exp_of_square(y) * _scaled(y)


def erf(x: Value) -> Value:
    """Return the error function."""
    found = np.array(x, dtype=float)
    near, inner, rest, tail = _pieces(found)
    found[near], found[rest] = inner, np.copysign(1.0 - tail, found[rest])
    return found


def erfc(x: Value) -> Value:
    """Return 1 - erf(x), with its digits for large x too."""
    found = np.array(x, dtype=float)
    near, inner, rest, tail = _pieces(found)
    found[near], found[rest] = 1.0 - inner, np.where(found[rest] > 0, tail, 2.0 - tail)
    return found


def gaussian(x: Value) -> Value:
    """Return exp(-x^2/2)."""
    return _exp_of_square(x, 0.5)


def ndtr(x: Value) -> Value:
    """Return the normal distribution function."""
    return 0.5 * erfc(-np.asarray(x) / sqrt(2))


def sigmoid(x: Value) -> Value:
    """Return 1/(1 + exp(-x)): exp(x) where exp(-x) overflows."""
    found = np.negative(x)
    np.exp(found, out=found)
    over = np.isinf(found)
    found += 1.0
    np.reciprocal(found, out=found)
    if over.any():
        found[over] = np.exp(x[over])
    return found


def _gates(x: Value) -> tuple[Value, Value]:
    """Return sigmoid(x) and sigmoid(-x)."""
    rest = np.exp(-x)
    over = np.isinf(rest)
    gate = 1.0 / (1.0 + rest)
    rest *= gate
    if over.any():
        gate[over], rest[over] = np.exp(x[over]), 1.0
    return gate, rest


def softplus(x: Value) -> Value:
    """Return log(1 + exp(x))."""
    found = _log_of_tail(x)
    found += np.maximum(x, 0.0)
    return found


def logsigmoid(x: Value) -> Value:
    """Return log(sigmoid(x))."""
    return np.minimum(x, 0.0) - _log_of_tail(x)


def _log_of_tail(x: Value) -> Value:
    """Return log(1 + exp(-abs(x)))."""
    found = np.abs(x)
    np.negative(found, out=found)
    np.exp(found, out=found)
    return np.log1p(found, out=found)


def _gated(x: Value, gate: Value) -> Value:
    """Return x times a gate that is closed far below 0: there 0 wins over infinity."""
    closed = x == -np.inf
    found = np.multiply(x, gate, out=gate)
    if closed.any():
        found[closed] = -0.0
    return found


def _slope(gate: Value, rest: Value, steep: Value) -> Value:
    """Return gate*(1 + steep*rest), 0 where the gate is closed."""
    closed = gate == 0
    rest *= steep
    rest += 1.0
    rest *= gate
    if closed.any():
        rest[closed] = 0.0
    return rest


def _at_ends(x: Value, slope: Value) -> Value:
    """Return a gated line's slope, which is 0 at -inf and 1 at inf."""
    return slope if np.isfinite(slope).all() else np.where(np.isinf(x), x > 0, slope)


def gelu(x: Value) -> Value:
    """Return x*ndtr(x)."""
    return _gated(x, ndtr(x))


def gelu_slope(x: Value) -> Value:
    """Return the derivative of gelu."""
    return _at_ends(x, ndtr(x) + x * gaussian(x) / sqrt(2 * pi))


ANGLE, CUBE = 2 * sqrt(2 / pi), 0.044715


def _gate(x: Value) -> Value:
    """Return (1 + tanh(u))/2 of gelu_tanh, as a sigmoid of 2*u: it keeps its digits."""
    return sigmoid(ANGLE * x * (1.0 + CUBE * x * x))


def gelu_tanh(x: Value) -> Value:
    """Return gelu by the approximation in tanh."""
    return _gated(x, _gate(x))


def gelu_tanh_slope(x: Value) -> Value:
    """Return the derivative of gelu_tanh."""
    square = x * x
    angle = ANGLE * x * (1.0 + CUBE * square)
    steep = ANGLE * x * (1.0 + 3 * CUBE * square)
    return _at_ends(x, _slope(*_gates(angle), steep))


def silu(x: Value) -> Value:
    """Return x*sigmoid(x)."""
    return _gated(x, sigmoid(x))


def silu_slope(x: Value) -> Value:
    """Return the derivative of silu."""
    return _at_ends(x, _slope(*_gates(x), x))


def mish(x: Value) -> Value:
    """Return x*tanh(softplus(x))."""
    return _gated(x, np.tanh(softplus(x)))


WORDS: dict[str, Callable[..., Value]] = {
    word.__name__: in_blocks(word)
    for word in (
        *(erf, erfc, gaussian, ndtr, sigmoid, softplus, logsigmoid, gelu, gelu_slope),
        *(gelu_tanh, gelu_tanh_slope, silu, silu_slope, mish),
    )
}
