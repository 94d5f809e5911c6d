"""Every operation, value and partials, against 60-digit truth over the whole range of a double.

The truth is independent of the table: values are mpmath's own functions, partials are central
differences of these at a precision that rises until the difference has digits enough. Errors
are in units in the last place (ulp) of the true value; among the subnormals that is 5e-324, and
what is beyond the largest double is inf.

Run with ``-s`` to see the worst error of each operation.
"""

# ruff: noqa: ARG005, C901, T201

from __future__ import annotations

import importlib
import itertools
import math
import random
import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from mpmath import mp, mpf

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input, parsed, weights, word
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.operations import ROWS, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.graph.row import Row

BOUND = 4.0
TINY = 5e-324
SMALL = 2.2250738585072014e-308
HUGE = 1.7976931348623157e308
INF = math.inf
NAN = math.nan


# The truth


def _selu(x: Any) -> Any:
    scale = mpf("1.0507009873554804934193349852946")
    alpha = mpf("1.6732632423543772848170429916717")
    return scale * x if x > 0 else scale * alpha * mp.expm1(x)


def _mod(x: Any, y: Any) -> Any:
    a, b = _exact(x), _exact(y)
    return _rational(a - b * (a // b))


def _mod_y(x: Any, y: Any) -> Any:
    return _rational(Fraction(-(_exact(x) // _exact(y))))


def _exact(x: Any) -> Fraction:
    sign, mantissa, exponent, _ = mpf(x)._mpf_  # the exact parts
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** exponent


def _rational(x: Fraction) -> Any:
    return mpf(x.numerator) / x.denominator


def _pow(x: Any, y: Any) -> Any:
    if x == 0:
        return mpf(1) if y == 0 else mpf(0) if y > 0 else mpf("inf")
    if x < 0 and y != mp.floor(y):
        return mpf("nan")
    return mp.power(x, y)


def _pow_x(x: Any, y: Any) -> Any:
    """Return y x^(y - 1) with y - 1 exact: the scale of a difference would have to be x/y."""
    with mp.workprec(2500):
        return y * _pow(x, y - 1)


def _capped(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the function with x kept within 1e6, where all the words have saturated."""
    return lambda x: function(x if abs(x) < 1e6 else mp.sign(x) * mpf(10) ** 6)


def _log1pexp(x: Any) -> Any:
    if x > 1e5:
        return x
    if x < -1e5:
        return mpf(2) ** -100000
    return mp.log1p(mp.exp(x))


def _logistic(x: Any) -> Any:
    if abs(x) > 1e5:
        return mpf(1) - mpf(2) ** -100000 if x > 0 else mpf(2) ** -100000
    return 1 / (1 + mp.exp(-x))


def _normal(x: Any) -> Any:
    if abs(x) > 1000:
        return mpf(1) if x > 0 else mpf(2) ** -100000
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _gelu_tanh(x: Any) -> Any:
    cubic = x + mpf("0.044715") * x**3
    return x * _logistic(2 * mp.sqrt(2 / mp.pi) * cubic)


def _mish(x: Any) -> Any:
    if x > 1e4:
        return x
    if x < -1e4:
        return -(mpf(2) ** -10000)
    e = mp.exp(x)
    return x * (e * e + 2 * e) / (e * e + 2 * e + 2)


def _huber(x: Any, delta: Any) -> Any:
    return x * x / 2 if abs(x) <= delta else delta * (abs(x) - delta / 2)


def _poles(function: Callable[..., Any], at_zero: float, at_pole: float) -> Callable[..., Any]:
    def total(x: Any) -> Any:
        if x == 0:
            return mpf(at_zero)
        if x < 0 and x == mp.floor(x):
            return mpf(at_pole)
        return function(x)

    return total


def _gamma(x: Any) -> Any:
    if x > 1000:
        return mpf(2) ** 100000
    if x < -1000:
        return mpf(2) ** -100000
    return mp.gamma(x)


def _lgamma(x: Any) -> Any:
    if x > 0:
        return mp.loggamma(x)
    with mp.extraprec(1100):
        return +mp.log(mp.pi / abs(x * mp.sinpi(x))) - mp.loggamma(-x)


def _psi(n: int, x: Any) -> Any:
    """Return polygamma by the reflection formula (DLMF 5.15.6) and mpmath for positive x."""
    if x > 0:
        if x > mpf(10) ** 25:
            # Two terms of the asymptotic series (DLMF 5.15.8) are right to 70 digits.
            if n == 0:
                return mp.log(x) - 1 / (2 * x)
            return (-1) ** (n + 1) * (
                mp.factorial(n - 1) / x**n
                + mp.factorial(n) / (2 * x ** (n + 1))
                + mp.factorial(n + 1) / (12 * x ** (n + 2))
            )
        if x < mpf(10) ** -60:
            rest = -mp.euler if n == 0 else (-1) ** (n + 1) * mp.factorial(n) * mp.zeta(n + 1)
            return (-1) ** (n + 1) * mp.factorial(n) / x ** (n + 1) + rest
        return mp.psi(n, x)
    if abs(x) < mpf(10) ** -60:
        rest = -mp.euler if n == 0 else (-1) ** (n + 1) * mp.factorial(n) * mp.zeta(n + 1)
        return (-1) ** (n + 1) * mp.factorial(n) / x ** (n + 1) + rest
    # psi_n(x) = (-1)^n psi_n(1 - x) - pi d^n/dx^n cot(pi x)
    cot = mp.cospi(x) / mp.sinpi(x)
    polynomial = [0, 1]
    for _ in range(n):
        slope = [k * c for k, c in enumerate(polynomial)][1:]
        polynomial = [-(a + b) for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    cotangents = sum(c * cot**k for k, c in enumerate(polynomial))
    return (-1) ** n * _psi(n, 1 - x) - mp.pi ** (n + 1) * cotangents


def _fmod(x: Any, y: Any) -> Any:
    a, b = _exact(x), _exact(y)
    return _rational(a - b * math.trunc(a / b))


def _sinc_slope(x: Any) -> Any:
    if x == 0:
        return mpf(0)
    with mp.workprec(400 + 3 * max(0, -mp.mag(x))):
        return (x * mp.cos(x) - mp.sin(x)) / x**2


def _sinc_curvature(x: Any) -> Any:
    if x == 0:
        return -mpf(1) / 3
    with mp.workprec(400 + 4 * max(0, -mp.mag(x))):
        return -mp.sin(x) / x - 2 * (x * mp.cos(x) - mp.sin(x)) / x**3


def _logcosh(x: Any) -> Any:
    if abs(x) > 1e4:
        return abs(x) - mp.log(2)
    with mp.workprec(3000):
        return mp.log(mp.cosh(x))


def _log1mexp(x: Any) -> Any:
    with mp.workprec(3000):
        return mp.log(1 - mp.exp(x))


def _logsumexp(*values: Any) -> Any:
    with mp.workprec(3000 if any(0 < abs(x) < 1e-100 for x in values) else 1400):
        return mp.log(sum(map(mp.exp, values)))


def _share(index: int) -> Callable[..., Any]:
    return lambda *values: mp.exp(values[index]) / sum(map(mp.exp, values))


def _tail(x: Any, order: int) -> Any:
    """Return a derivative of exp(x^2)*erfc(x) for large x by DLMF 7.12.1: right to 80 digits."""
    total = mpf(0)
    for k in range(12):
        power = mpf(-1) ** order * mp.rf(2 * k + 1, order)
        total += power * mp.rf(mpf(1) / 2, k) * (-1) ** k / x ** (2 * k + 1 + order)
    return total / mp.sqrt(mp.pi)


def _erfcx(x: Any, order: int = 0) -> Any:
    if x > 1e3:
        return _tail(x, order)
    if x < -1e4:
        return mpf(2) ** 100000 * (-1) ** order
    with mp.workprec(900):
        # The definition of the repeated integrals: the recurrence is DLMF 7.18.7.
        before, last = 2 / mp.sqrt(mp.pi) * mp.exp(-x * x), mp.erfc(x)
        for k in range(1, order + 1):
            before, last = last, (before - 2 * x * last) / (2 * k)
        return (-2) ** order * mp.factorial(order) * mp.exp(x * x) * last


def _erfinv(x: Any) -> Any:
    if abs(x) == 1:
        return mp.inf * x
    if abs(x) > 1:
        return mpf("nan")
    with mp.workprec(500):
        y = mp.erfinv(x) if abs(x) > 1e-5 else x * mp.sqrt(mp.pi) / 2
        for _ in range(7):
            y -= (mp.erf(y) - x) * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
        return y


def _density(x: Any) -> Any:
    return mp.npdf(x) if abs(x) < 1000 else mpf(2) ** -100000


def _log_ndtr(x: Any) -> Any:
    if x > 0:
        return mp.log1p(-_normal(-x))
    return mp.log(_erfcx(-x / mp.sqrt(2)) / 2) - x * x / 2


def _psi_difference(n: int, x: Any, y: Any) -> Any:
    if y < mp.ldexp(x, -200):
        return -y * _psi(n + 1, x)
    with mp.workprec(300 + max(0, mp.mag(x) - mp.mag(y))):
        return _psi(n, x) - _psi(n, x + y)


def _lbeta(x: Any, y: Any) -> Any:
    if x == y == 1:
        return mpf(0)
    with mp.workprec(300 + 2 * max(0, mp.mag(x), mp.mag(y))):
        low, high = min(x, y), max(x, y)
        if low < mpf(10) ** -100:
            return mp.log(1 / low + 1 / high)
        return mp.loggamma(x) + mp.loggamma(y) - mp.loggamma(x + y)


def _beta(x: Any, y: Any) -> Any:
    return mp.exp(max(_lbeta(x, y), mpf(-(10**6))))


def _beta_slope(x: Any, y: Any) -> Any:
    return mp.exp(_lbeta(x, y)) * _psi_difference(0, x, y)


TRUTH: dict[str, Callable[..., Any]] = {
    "sec": mp.sec,
    "csc": lambda x: 1 / mp.sin(x),
    "cot": lambda x: mp.cos(x) / mp.sin(x),
    "asec": lambda x: mp.asec(x) if x else mpf("nan"),
    "acsc": lambda x: mp.acsc(x) if x else mpf("nan"),
    "acot": lambda x: mp.atan(1 / x) if x else mp.pi / 2,
    "sinc": lambda x: mp.sin(x) / x if x else mpf(1),
    "sinc_slope": _sinc_slope,
    "csch": _capped(lambda x: 1 / mp.sinh(x)),
    "coth": _capped(lambda x: 1 / mp.tanh(x)),
    "asech": lambda x: mp.acosh(1 / x),
    "acsch": lambda x: mp.asinh(1 / x),
    "acoth": lambda x: mp.atanh(1 / x) if x else mpf("nan"),
    "logcosh": _logcosh,
    "log1mexp": _log1mexp,
    "xlogy": lambda x, y: x * mp.log(y) if x else mpf(0),
    "xlog1py": lambda x, y: x * mp.log1p(y) if x else mpf(0),
    "logsumexp": _logsumexp,
    "logsumexp_rounding": lambda v, *values: mp.exp(v - _logsumexp(*values)),
    "exp_difference": lambda x, y: mp.exp(x - y),
    "trunc": lambda x: mp.floor(abs(x)) * mp.sign(x),
    "fmod": _fmod,
    "copysign": lambda x, y: abs(x) * mp.sign(y),
    "erfcx": _erfcx,
    "erfcx_derivative": lambda n, x: _erfcx(x, int(n)),
    "erfinv": _erfinv,
    "ndtr": _normal,
    "log_ndtr": _log_ndtr,
    "polygamma_difference": lambda n, x, y: _psi_difference(int(n), x, y),
    "beta": _beta,
    "lbeta": _lbeta,
    "beta_slope": _beta_slope,
    "hardswish": lambda x: x * min(max(x + 3, mpf(0)), mpf(6)) / 6,
    "hardsigmoid": lambda x: min(max(x + 3, mpf(0)), mpf(6)) / 6,
    "softshrink": lambda x: x - max(mpf(-0.5), min(x, mpf(0.5))),
    "hardshrink": lambda x: x if abs(x) > 0.5 else mpf(0),
    "name": lambda x: x,
    "result": lambda x: x,
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y if y else mpf("nan") if not x else mp.inf * mp.sign(x),
    "neg": lambda x: -x,
    "pow": _pow,
    "pow_slope": _pow_x,
    "pow_log": lambda x, y: _pow(x, y) * mp.log(x),
    "lt": lambda x, y: mpf(x < y),
    "le": lambda x, y: mpf(x <= y),
    "gt": lambda x, y: mpf(x > y),
    "ge": lambda x, y: mpf(x >= y),
    "eq": lambda x, y: mpf(x == y),
    "ne": lambda x, y: mpf(x != y),
    "and": lambda x, y: mpf(x != 0 and y != 0),
    "or": lambda x, y: mpf(x != 0 or y != 0),
    "not": lambda x: mpf(x == 0),
    "where": lambda c, a, b: a if c != 0 else b,
    "max": max,
    "min": min,
    "ties": lambda v, *values: mpf(sum(v == value for value in values)),
    "clip": lambda x, lo, hi: min(max(x, lo), hi),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "atan2": lambda y, x: mp.atan2(y, x) if y or x else mpf(0),
    "inversion": lambda x, y: x / (x * x + y * y) if x or y else mpf("nan"),
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": _capped(mp.tanh),
    "sech": _capped(mp.sech),
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": lambda x: mp.inf * x if abs(x) == 1 else mp.atanh(x),
    "exp": mp.exp,
    "exp2": lambda x: mpf(2) ** x,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "log2": lambda x: mp.log(x) / mp.log(2),
    "log10": lambda x: mp.log(x) / mp.log(10),
    "logaddexp": lambda x, y: max(x, y) + _log1pexp(-abs(x - y)),
    "softmax2": lambda x, y: _logistic(x - y),
    "sqrt": mp.sqrt,
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "abs": abs,
    "sign": mp.sign,
    "floor": mp.floor,
    "ceil": mp.ceil,
    "round": mp.nint,
    "mod": _mod,
    "hypot": mp.hypot,
    "erf": lambda x: mp.erf(x) if abs(x) < 1000 else mp.sign(x),
    "erfc": lambda x: 2 * _normal(-x * mp.sqrt(2)),
    "gaussian": lambda x: mp.exp(-x * x / 2) if abs(x) < 1000 else mpf(2) ** -100000,
    "gamma": _poles(_gamma, INF, NAN),
    "lgamma": _poles(_lgamma, INF, INF),
    "digamma": _poles(lambda x: _psi(0, x), -INF, NAN),
    "trigamma": _poles(lambda x: _psi(1, x), INF, INF),
    "polygamma": lambda n, x: _poles(
        lambda x: _psi(int(n), x), INF if n % 2 else -INF, INF if n % 2 else NAN
    )(x),
    "sigmoid": _logistic,
    "logit": lambda x: mp.log(x / (1 - x)) if x != 1 else mp.inf,
    "softplus": _log1pexp,
    "logsigmoid": lambda x: -_log1pexp(-x),
    "relu": lambda x: max(x, mpf(0)),
    "relu6": lambda x: min(max(x, mpf(0)), mpf(6)),
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "elu": lambda x, alpha: x if x > 0 else alpha * mp.expm1(max(x, mpf(-(10**6)))),
    "selu": lambda x: _selu(max(x, mpf(-(10**6)))),
    "gelu": lambda x: x * _normal(x),
    "gelu_slope": lambda x: _normal(x) + x * mp.npdf(x) if abs(x) < 1000 else mpf(x > 0),
    "gelu_tanh": _gelu_tanh,
    "silu": lambda x: x * _logistic(x),
    "silu_slope": lambda x: _logistic(x) * (1 + x * _logistic(-x)),
    "mish": _mish,
    "softsign": lambda x: x / (1 + abs(x)),
    "hardtanh": lambda x: min(max(x, mpf(-1)), mpf(1)),
    "huber": _huber,
    "sg": lambda x: x,
}


def _derivative(function: Callable[[Any], Any], order: int) -> Callable[[Any], Any]:
    """Return a derivative of gelu_tanh or mish: a constant, in doubles, beyond 2000."""

    def derivative(x: Any) -> Any:
        if abs(x) > 2000:
            return mpf(x > 0) if order == 1 else mpf(0)
        return difference(function, (x,), 0, order)

    return derivative


TRUTH["gelu_tanh_slope"] = _derivative(_gelu_tanh, 1)
TRUTH["mish_slope"] = _derivative(_mish, 1)

# Partials with a closed form of their own: where differences fail, or cost too much.
SLOPES: dict[tuple[str, int], Callable[..., Any]] = {
    ("pow", 0): _pow_x,
    ("mod", 0): lambda _x, _y: mpf(1),
    ("mod", 1): _mod_y,
    ("fmod", 0): lambda _x, _y: mpf(1),
    ("fmod", 1): lambda x, y: _rational(Fraction(-math.trunc(_exact(x) / _exact(y)))),
    ("sinc", 0): _sinc_slope,
    ("sinc_slope", 0): _sinc_curvature,
    ("acoth", 0): lambda x: 1 / (1 - x * x),
    ("logcosh", 0): _capped(mp.tanh),
    ("log1mexp", 0): lambda x: 1 / -mp.expm1(-x),
    ("xlogy", 0): lambda _x, y: mp.log(y),
    ("xlog1py", 0): lambda _x, y: mp.log1p(y),
    **{("logsumexp", index): _share(index) for index in range(3)},
    ("exp_difference", 0): lambda x, y: mp.exp(x - y),
    ("exp_difference", 1): lambda x, y: -mp.exp(x - y),
    ("erfcx", 0): lambda x: _erfcx(x, 1),
    ("erfcx_derivative", 1): lambda n, x: _erfcx(x, int(n) + 1),
    ("erfinv", 0): lambda x: mp.exp(_erfinv(x) ** 2) * mp.sqrt(mp.pi) / 2,
    ("ndtr", 0): _density,
    ("log_ndtr", 0): lambda x: (
        mp.sqrt(2 / mp.pi) / _erfcx(-x / mp.sqrt(2)) if x < 0 else _density(x) / _normal(x)
    ),
    ("polygamma_difference", 1): lambda n, x, y: _psi_difference(int(n) + 1, x, y),
    ("polygamma_difference", 2): lambda n, x, y: -_psi(int(n) + 1, x + y),
    ("beta", 0): _beta_slope,
    ("beta", 1): lambda x, y: _beta_slope(y, x),
    ("lbeta", 0): lambda x, y: _psi_difference(0, x, y),
    ("lbeta", 1): lambda x, y: _psi_difference(0, y, x),
    ("beta_slope", 0): lambda x, y: (
        mp.exp(_lbeta(x, y)) * (_psi_difference(0, x, y) ** 2 + _psi_difference(1, x, y))
    ),
    ("erf", 0): lambda x: 2 * mp.exp(-x * x) / mp.sqrt(mp.pi),
    ("erfc", 0): lambda x: -2 * mp.exp(-x * x) / mp.sqrt(mp.pi),
    ("gelu", 0): lambda x: _normal(x) + x * mp.npdf(x),
    ("gelu_slope", 0): lambda x: (2 - x * x) * mp.npdf(x),
    ("huber", 1): lambda x, delta: max(abs(x) - delta, mpf(0)),
    ("gelu_tanh", 0): _derivative(_gelu_tanh, 1),
    ("mish", 0): _derivative(_mish, 1),
    ("gelu_tanh_slope", 0): _derivative(_gelu_tanh, 2),
    ("mish_slope", 0): _derivative(_mish, 2),
    ("inversion", 0): lambda x, y: (y - x) * (y + x) / (x * x + y * y) ** 2,
    ("lgamma", 0): lambda x: _psi(0, x),
    ("digamma", 0): lambda x: _psi(1, x),
    ("trigamma", 0): lambda x: _psi(2, x),
    ("polygamma", 1): lambda n, x: _psi(int(n) + 1, x),
    ("gamma", 0): lambda x: _gamma(x) * _psi(0, x),
}


def difference(
    function: Callable[..., Any], inputs: tuple[Any, ...], index: int, order: int = 1
) -> Any:
    """Return the derivative of the given order by central differences.

    The step is 2^-100 of the input, at most 2^-100 itself, so the error of order step^2 is
    beyond 60 digits; the precision doubles until what cancels leaves 200 bits.
    """
    x = inputs[index]
    sizes = [abs(x)] if x else [abs(value) for value in inputs if value]
    scale = min([mpf(1), *sizes])
    precision = 640 + max(0, mp.mag(x / scale) if x else 0) + (160 if order > 1 else 0)
    while True:
        with mp.workprec(precision):
            h = mp.ldexp(scale, -100)
            steps = ((h, 1), (-h, -1)) if order == 1 else ((h, 1), (0, -2), (-h, 1))
            values = [
                (function(*inputs[:index], x + step, *inputs[index + 1 :]), weight)
                for step, weight in steps
            ]
            total = sum(weight * value for value, weight in values)
            size = max(mp.mag(value) if value else -(10**9) for value, _ in values)
            if total and mp.isfinite(total):
                if mp.mag(total) - (size - precision) > 200:
                    return total / (2 * h if order == 1 else h * h)
            elif not mp.isfinite(total):
                return mpf("nan")
            if precision > 6000:
                return mpf(0)
        precision *= 2


def real(value: Any) -> Any:
    """Return the value, or nan for a complex one: outside of the domain."""
    return value if isinstance(value, mpf) else mpf(value) if value.imag == 0 else mpf("nan")


def ulps(found: float, truth: Any) -> float:
    """Return the error in units in the last place of the truth."""
    if mp.isnan(truth) or math.isnan(found):
        return 0.0 if mp.isnan(truth) and math.isnan(found) else INF
    limit = mp.ldexp(1, 1024)
    target = max(min(truth, limit), -limit)
    value = limit * int(math.copysign(1, found)) if math.isinf(found) else mpf(found)
    unit = mp.ldexp(1, max(mp.mag(target) - 1, -1022) - 52) if target else mpf(TINY)
    if abs(target) == limit:
        unit /= 2
    return float(abs(value - target) / unit)


# The samples

EDGES = [
    0.0,
    -0.0,
    TINY,
    3 * TINY,
    SMALL,
    SMALL - TINY,
    5.6e-309,
    1e-300,
    1e-160,
    1e-20,
    2.0**-53,
    2.0**-27,
    0.1,
    0.25,
    0.5,
    1 - 2.0**-53,
    1.0,
    1 + 2.0**-52,
    1.5,
    2 - 2.0**-52,
    2.0,
    2 + 2.0**-51,
    3.0,
    6.0,
    10.0,
    20.0,
    26.5,
    37.0,
    38.0,
    38.4,
    40.0,
    170.5,
    171.5,
    700.5,
    709.5,
    710.3,
    720.25,
    740.0,
    744.9,
    745.3,
    2.0**53,
    1e100,
    1e155,
    1e160,
    1e200,
    1e300,
    HUGE,
]
COUNT = 60


def draw(kind: str, generator: random.Random) -> float:
    """Return a random input of one of the kinds that a row's samples name."""
    if kind == "whole":
        return float(generator.randint(-3, 3))
    if kind == "moderate":
        return generator.uniform(-30, 30)
    if ":" in kind:
        low, high = (float(part) for part in kind.split(":"))
        return float(generator.randint(int(low), int(high)))
    which = generator.random()
    if kind in {"unit", "open"}:
        x = generator.choice(
            (
                generator.random(),
                2.0 ** generator.uniform(-1074, 0),
                2.0 ** generator.uniform(-60, 0),
            )
        )
        x = generator.choice((x, 1 - x))
        return x if kind == "unit" else generator.choice((x, -x))
    if which < 0.4:
        x = 2.0 ** generator.uniform(-1074, 1023.99)
    elif which < 0.7:
        x = generator.uniform(0, 40)
    else:
        x = 10.0 ** generator.uniform(-4, 3.2)
    return x if kind == "positive" or generator.random() < 0.5 else -x


def near(x: str) -> list[float]:
    """Return doubles around a number: its neighbours, and some further off."""
    center = float(x)
    points = [center]
    for direction in (-INF, INF):
        step = center
        for _ in range(2):
            step = math.nextafter(step, direction)
            points.append(step)
    return points + [center * (1 + d) for d in (1e-12, -1e-9, 1e-6, -1e-4, 1e-3, -1e-2, 0.05)]


ZEROS = {
    "sinc": ["3.141592653589793", "1e22"],
    "sinc_slope": ["4.493409457909064", "-7.725251836937707", "10.904121659428899", "1e22"],
    "asec": ["1", "-1"],
    "acsc": ["1", "-1"],
    "acoth": ["1", "-1"],
    "logcosh": ["2"],
    "log1mexp": ["-0.5", "-0.6931471805599453"],
    "erfcx": ["-26.628735713751487"],
    "erfinv": ["0.5", "1"],
    "log_ndtr": ["-5"],
    "silu": ["-1.2784645427610738"],
    "silu_slope": ["-1.2784645427610738", "2.3993572805154", "-2.3993572805154"],
    "gelu": ["-0.7517915246935645"],
    "gelu_slope": ["-0.7517915246935645", "1.4142135623730951", "-1.4142135623730951"],
    "gelu_tanh": ["-0.7524614220710162"],
    "gelu_tanh_slope": ["-0.7524614220710162"],
    "mish": ["-1.1924491024617735"],
    "mish_slope": ["-1.1924491024617735"],
    "digamma": [
        "1.4616321449683623",
        "-0.504083008264455",
        "-1.573498473162390",
        "-10.6872886, "[:-2],
        "-1000.3",
    ],
    "gamma": ["1.4616321449683623", "-0.504083008264455"],
    "lgamma": [
        "1",
        "2",
        "1.4616321449683623",
        "-2.4570247382208006",
        "-2.7476826467274127",
        "-3.1435808883499798",
        "-3.955294284858597947",
        "-5.9999",
        "-8.0000001",
    ],
    "trigamma": [],
    "log": ["1"],
    "log2": ["1"],
    "log10": ["1"],
    "logit": ["0.5"],
    "expm1": ["1e-17"],
    "log1p": ["1e-17"],
    "sin": ["3.141592653589793", "1e22"],
    "cos": ["1.5707963267948966"],
    "tan": ["1.5707963267948966"],
    "acosh": ["1"],
}


def special(row: Row, generator: random.Random) -> list[tuple[float, ...]]:
    """Return inputs where an operation of several inputs is delicate."""
    count = len(row.parameters)
    points: list[tuple[float, ...]] = []
    if row.name in {"pow", "pow_slope", "pow_log"}:
        for _ in range(3 * COUNT):
            x = draw("positive", generator)
            if x not in {0.0, 1.0}:
                points.append((x, generator.uniform(-760, 760) / math.log(x)))
            x = 1 + generator.choice((1, -1)) * 2.0 ** generator.uniform(-52, -1)
            points.append((x, generator.uniform(-760, 760) / math.log(x)))
            points.append((-x, float(round(generator.uniform(-760, 760) / math.log(x)))))
            points.append((draw("real", generator), float(generator.randint(-9, 9))))
    if row.name in {"logaddexp", "softmax2"}:
        for _ in range(COUNT):
            x = -(10.0 ** generator.uniform(-18, -0.2))
            y = math.log(-math.expm1(x))
            points += [(x, y), (y, x), (draw("moderate", generator), draw("moderate", generator))]
            points.append((generator.uniform(-750, 750), generator.uniform(-750, 750)))
    if row.name == "logsumexp":
        for _ in range(COUNT):
            parts = [generator.random() ** generator.choice((1, 40)) for _ in range(3)]
            points.append(tuple(math.log(part / sum(parts)) for part in parts))
            points.append(tuple(generator.uniform(-50, 50) for _ in parts))
            points.append(tuple(-700 + generator.uniform(-5, 5) for _ in parts))
    if row.name in {"beta", "lbeta", "beta_slope", "polygamma_difference"}:
        for x in (1e-9, 0.3, 0.9, 1.0, 1.7, 2.0, 30.5, 1e4, 1e22):
            near_one = [1 / x, 1.0, 1 + 2.0**-52, x * 1e-9, x * 1e-15, x * 1e9, x * 1.5]
            order = (1.0,) if count == 3 else ()
            points += [(*order, x, y) for y in near_one] + [(*order, y, x) for y in near_one]
    return points


def samples(row: Row) -> list[tuple[float, ...]]:
    """Return the inputs on which a row is tested."""
    generator = random.Random(row.name)  # noqa: S311 (a fixed seed, no secret)
    count = 3 if row.variadic else len(row.parameters)
    kinds = [row.samples[0]] * count if row.variadic else list(row.samples)
    points: list[tuple[float, ...]] = []
    if count == 1:
        points += [(x,) for x in EDGES] + [(-x,) for x in EDGES]
        points += [(float(n),) for n in (-1, -2, -3, 4, 5, 30)]
        for zero in ZEROS.get(row.name, []):
            points += [(x,) for x in near(zero)]
    else:
        for _ in range(COUNT * 2):
            points.append(
                tuple(
                    generator.choice(EDGES) * (generator.choice((1, -1)) if kind == "real" else 1)
                    if kind in {"real", "positive"}
                    else draw(kind, generator)
                    for kind in kinds
                )
            )
    points += [tuple(draw(kind, generator) for kind in kinds) for _ in range(COUNT * count)]
    if count == 2 and kinds == ["real", "real"]:
        for _ in range(COUNT):
            x = draw("real", generator)
            points += [
                (x, x),
                (x, -x),
                (x, x * generator.uniform(0.4, 3)),
                (x * 10.0 ** generator.uniform(-20, 20), x),
            ]
    points += special(row, generator)
    return [point for point in points if all(map(math.isfinite, point))]


def met(row: Row, inputs: tuple[float, ...], out: float) -> bool:
    """Say whether a kink is met, where conventions rule and there is no truth."""
    if row.variadic and row.kinks:
        return len(set(inputs)) < len(inputs)
    return any(by_input(row, [kink.when], floats)(out, *inputs)[0] for kink in row.kinks)


def truth_of_value(row: Row, inputs: tuple[float, ...]) -> Any:
    """Return the value by mpmath."""
    with mp.workprec(300):
        return real(TRUTH[row.name](*map(mpf, inputs)))


def truth_of_partial(row: Row, index: int, inputs: tuple[float, ...]) -> Any:
    """Return the partial by mpmath."""
    values = tuple(map(mpf, inputs))
    with mp.workprec(300 if row.name != "inversion" else 4500):
        closed = SLOPES.get((row.name, index))
        if closed is not None:
            return real(closed(*values))
        return real(difference(lambda *arguments: real(TRUTH[row.name](*arguments)), values, index))


def outside(row: Row, inputs: tuple[float, ...]) -> bool:
    """Say whether the inputs are outside of the row's domain."""
    if row.domain is None:
        return False
    return not by_input(row, [row.domain], floats)(NAN, *inputs)[0]


def partials(row: Row, inputs: tuple[float, ...], out: float) -> list[float]:
    """Return the local partials in floats, 0 where an edge is not taken."""
    found = weights(row, range(len(inputs)), floats)(out, *inputs)
    return [0.0 if partial is None else float(partial) for partial in found]


SINGULAR = {
    # name: where the value or the slope is infinite and the sign is a convention
    "div": lambda x, y: y == 0,
    **dict.fromkeys(("csc", "cot", "acot", "csch", "coth", "acsch"), lambda x: x == 0),
    "asech": lambda x: x in {0, 1},
    **dict.fromkeys(("asec", "acsc", "acoth", "erfinv"), lambda x: abs(x) == 1),
    **dict.fromkeys(("beta", "lbeta", "beta_slope"), lambda x, y: x == 0 or y == 0),
    "polygamma_difference": lambda n, x, y: x == 0,
    "copysign": lambda x, y: y == 0,
    "xlogy": lambda x, y: y == 0,
    "xlog1py": lambda x, y: y == -1,
    "log1mexp": lambda x: x == 0,
    "atan2": lambda y, x: y == 0 and x <= 0,
    **dict.fromkeys(("pow", "pow_slope", "pow_log"), lambda x, y: x == 0),
    "log": lambda x: x == 0,
    "log2": lambda x: x == 0,
    "log10": lambda x: x == 0,
    "log1p": lambda x: x == -1,
    "acosh": lambda x: x == 1,
    "sqrt": lambda x: x == 0,
    "asin": lambda x: abs(x) == 1,
    "acos": lambda x: abs(x) == 1,
    "atanh": lambda x: abs(x) == 1,
    "logit": lambda x: x in {0, 1},
    "gamma": lambda x: x <= 0 and x == math.floor(x),
    "lgamma": lambda x: x <= 0 and x == math.floor(x),
    "digamma": lambda x: x <= 0 and x == math.floor(x),
    "trigamma": lambda x: x <= 0 and x == math.floor(x),
    "polygamma": lambda n, x: x <= 0 and x == math.floor(x),
}


# Second derivatives of atan2 and of the activations, where the table's own text cancels: the
# place, the unit of the error (1 ulp of the truth, or 2^-53 absolutely), the bound, and why.
EXCEPTIONS: dict[str, list[tuple[Callable[[float], bool], str, float, str]]] = {
    "inversion": [(lambda x: True, "ulp", 6.0, "the roundings of its many factors add up")],
    "gelu_slope": [
        (lambda x: abs(abs(x) - math.sqrt(2)) < 0.3, "absolute", 4.0, "zero at sqrt(2)"),
    ],
    "sinc_slope": [(lambda x: True, "absolute", 4.0, "zeros at 2.0816, 5.9404, ...")],
    "erfcx_derivative": [(lambda n: n > 2, "ulp", 8.0, "a rounding for each of its factors")],
    "silu_slope": [
        (lambda x: 1.6 < abs(x) < 4, "absolute", 4.0, "zeros at 2.3994 and -2.3994"),
    ],
    "gelu_tanh_slope": [
        (lambda x: abs(x) < 2, "absolute", 16.0, "zeros at 1.42 and -1.42"),
        (lambda x: abs(x) >= 2, "ulp", 4000.0, "exp amplifies the rounding of its argument"),
    ],
    "mish_slope": [
        (lambda x: -3.5 < x < 3.0, "absolute", 16.0, "zeros at 1.49 and -2.26"),
        (lambda x: not -3.5 < x < 3.0, "ulp", 8.0, "the roundings of its many factors add up"),
    ],
}


CANCELLING = {
    ("pow_slope", 0): "a second derivative; the power amplifies the rounding of y - 1",
    ("pow_log", 1): "a second derivative; where x^y*log(x) under- or overflows it has lost digits",
    ("pow_slope", 1): "a second derivative; it is as right as 1, where y*log(x) is near -1",
    ("pow_log", 0): "a second derivative; it is as right as 1, where y*log(x) is near -1",
    (
        "beta_slope",
        1,
    ): "a second derivative; it is as right as its largest term, where x or y is small",
}
"""Partials that may be wrong by more than the bound: they are not measured."""


def errors(row: Row) -> dict[str, tuple[float, tuple[float, ...], float]]:
    """Return the worst error of the value and of each partial, and where it is met."""
    worst: dict[str, tuple[float, tuple[float, ...], float]] = {}

    def note(label: str, error: float, inputs: tuple[float, ...], bound: float = BOUND) -> None:
        if label not in worst or error > worst[label][0]:
            worst[label] = (error, inputs, bound)

    value_of = word(row, floats)
    for inputs in samples(row):
        out = value_of(*inputs)
        if outside(row, inputs):
            note("value", 0.0 if math.isnan(out) else INF, inputs)
            for index, slope in enumerate(partials(row, inputs, out)):
                if row.live(index):
                    note(f"d/{index}", 0.0 if math.isnan(slope) else INF, inputs)
            continue
        singular = row.name in SINGULAR and SINGULAR[row.name](*inputs)
        if not singular:
            note("value", ulps(out, truth_of_value(row, inputs)), inputs)
        if singular or met(row, inputs, out):
            continue
        for index, slope in enumerate(partials(row, inputs, out)):
            if not row.live(index) or (row.name, index) in CANCELLING:
                continue
            if row.name in {"pow", "pow_log"} and index and inputs[0] < 0:
                continue
            truth = truth_of_partial(row, index, inputs)
            for place, unit, bound, why in EXCEPTIONS.get(row.name, ()):
                if place(inputs[0]):
                    error = (
                        ulps(slope, truth)
                        if unit == "ulp"
                        else float(abs(mpf(slope) - truth) * 2**53)
                    )
                    note(f"d/{index} {unit}, {why}", error, inputs, bound)
                    break
            else:
                note(f"d/{index}", ulps(slope, truth), inputs)
    return worst


@pytest.mark.slow
@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_accuracy(name: str) -> None:
    """The value and each partial are within the bound."""
    worst = errors(TABLE[name])
    print(name, *(f"{label} {error:.2f} at {x};" for label, (error, x, _) in worst.items()))
    for label, (error, point, bound) in worst.items():
        assert error <= bound, (label, error, point)


CONVENTIONS = [
    # operation, inputs, value, partials
    ("relu", (0.0,), 0.0, (0.0,)),
    ("leaky_relu", (0.0, 0.25), 0.0, (0.25, 0.0)),
    ("relu6", (0.0,), 0.0, (0.0,)),
    ("relu6", (6.0,), 6.0, (0.0,)),
    ("hardtanh", (1.0,), 1.0, (0.0,)),
    ("hardtanh", (-1.0,), -1.0, (0.0,)),
    ("elu", (0.0, 2.0), 0.0, (2.0, 0.0)),
    ("clip", (1.0, 1.0, 2.0), 1.0, (0.0, 1.0, 0.0)),
    ("clip", (2.0, 1.0, 2.0), 2.0, (0.0, 0.0, 1.0)),
    ("clip", (0.0, 1.0, 2.0), 1.0, (0.0, 1.0, 0.0)),
    ("clip", (1.5, 2.0, 1.0), 1.0, (0.0, 0.0, 1.0)),
    ("abs", (0.0,), 0.0, (0.0,)),
    ("sign", (0.0,), 0.0, (0.0,)),
    ("max", (1.0, 1.0, 0.0), 1.0, (0.5, 0.5, 0.0)),
    ("min", (1.0, 0.0, 0.0), 0.0, (0.0, 0.5, 0.5)),
    ("sqrt", (0.0,), 0.0, (INF,)),
    ("sqrt", (-0.0,), 0.0, (INF,)),
    ("sqrt", (-1.0,), NAN, (NAN,)),
    ("cbrt", (0.0,), 0.0, (INF,)),
    ("hypot", (0.0, 0.0), 0.0, (0.0, 0.0)),
    ("pow", (0.0, 0.0), 1.0, (0.0, -INF)),
    ("pow", (0.0, 1.0), 0.0, (1.0, 0.0)),
    ("pow", (0.0, 2.0), 0.0, (0.0, 0.0)),
    ("pow", (0.0, 0.5), 0.0, (INF, 0.0)),
    ("pow", (0.0, -1.0), INF, (-INF, -INF)),
    ("pow", (-2.0, 3.0), -8.0, (12.0, NAN)),
    ("pow", (-2.0, 0.5), NAN, (NAN, NAN)),
    ("log", (0.0,), -INF, (INF,)),
    ("log", (-0.0,), -INF, (INF,)),
    ("log", (-1.0,), NAN, (NAN,)),
    ("log2", (0.0,), -INF, (INF,)),
    ("log10", (0.0,), -INF, (INF,)),
    ("log1p", (-1.0,), -INF, (INF,)),
    ("atanh", (1.0,), INF, (INF,)),
    ("logit", (0.0,), -INF, (INF,)),
    ("logit", (1.0,), INF, (INF,)),
    ("div", (1.0, 0.0), INF, (INF, -INF)),
    ("div", (1.0, -0.0), -INF, (-INF, -INF)),
    ("atan2", (0.0, 0.0), 0.0, (NAN, NAN)),
    ("mod", (-1.0, 0.0), NAN, (NAN, NAN)),
    ("mod", (-1.0, 3.0), 2.0, (1.0, 1.0)),
    ("gamma", (0.0,), INF, (-INF,)),
    ("gamma", (-1.0,), NAN, (NAN,)),
    ("lgamma", (-1.0,), INF, (NAN,)),
    ("digamma", (0.0,), -INF, (INF,)),
    ("digamma", (-1.0,), NAN, (NAN,)),
    ("round", (2.5,), 2.0, (0.0,)),
    ("trunc", (-1.5,), -1.0, (0.0,)),
    ("hardswish", (-3.0,), 0.0, (0.0,)),
    ("hardswish", (3.0,), 3.0, (1.0,)),
    ("hardsigmoid", (-3.0,), 0.0, (0.0,)),
    ("hardsigmoid", (3.0,), 1.0, (0.0,)),
    ("softshrink", (0.5,), 0.0, (0.0,)),
    ("softshrink", (-0.5,), 0.0, (0.0,)),
    ("hardshrink", (0.5,), 0.0, (0.0,)),
    ("hardshrink", (-0.5,), 0.0, (0.0,)),
    ("copysign", (0.0, -2.0), 0.0, (0.0, 0.0)),
    ("copysign", (3.0, -0.0), -3.0, (-1.0, 0.0)),
    ("fmod", (-5.0, 3.0), -2.0, (1.0, 1.0)),
    ("fmod", (1.0, 0.0), NAN, (NAN, NAN)),
    ("sinc", (0.0,), 1.0, (0.0,)),
    ("csc", (0.0,), INF, (-INF,)),
    ("cot", (-0.0,), -INF, (-INF,)),
    ("csch", (-0.0,), -INF, (-INF,)),
    ("coth", (0.0,), INF, (-INF,)),
    ("asec", (1.0,), 0.0, (INF,)),
    ("asec", (0.5,), NAN, (NAN,)),
    ("acsc", (-1.0,), -math.pi / 2, (-INF,)),
    ("acot", (0.0,), math.pi / 2, (-1.0,)),
    ("acot", (-0.0,), -math.pi / 2, (-1.0,)),
    ("asech", (0.0,), INF, (-INF,)),
    ("asech", (1.0,), 0.0, (-INF,)),
    ("acsch", (-0.0,), -INF, (-INF,)),
    ("acoth", (1.0,), INF, (-INF,)),
    ("log1mexp", (0.0,), -INF, (-INF,)),
    ("log1mexp", (1.0,), NAN, (NAN,)),
    ("xlogy", (0.0, 0.0), 0.0, (-INF, 0.0)),
    ("xlogy", (0.0, 2.0), 0.0, (math.log(2), 0.0)),
    ("xlogy", (0.0, -1.0), 0.0, (NAN, 0.0)),
    ("xlogy", (0.0, NAN), NAN, (NAN, 0.0)),
    ("xlog1py", (0.0, -1.0), 0.0, (-INF, 0.0)),
    ("logsumexp", (0.0, 0.0, 0.0, 0.0), math.log(4), (0.25, 0.25, 0.25, 0.25)),
    ("logsumexp", (INF, 0.0), INF, (1.0, 0.0)),
    ("logsumexp", (-INF, -INF), -INF, (0.5, 0.5)),
    ("erfinv", (1.0,), INF, (INF,)),
    ("erfinv", (1.5,), NAN, (NAN,)),
    ("beta", (0.0, 1.0), INF, (-INF, -1.6449340668482264)),
    ("beta", (-1.0, 2.0), NAN, (NAN, NAN)),
    ("lbeta", (1.0, 1.0), 0.0, (-1.0, -1.0)),
    ("and", (NAN, 1.0), 1.0, (0.0, 0.0)),
    ("not", (NAN,), 0.0, (0.0,)),
]


@pytest.mark.parametrize(("name", "inputs", "value", "slopes"), CONVENTIONS)
def test_convention(
    name: str, inputs: tuple[float, ...], value: float, slopes: tuple[float, ...]
) -> None:
    """Where mathematics has no answer, the convention of the row's note holds."""
    row = TABLE[name]
    out = word(TABLE[name], floats)(*inputs)
    found = partials(row, inputs, out)
    assert [repr(x + 0.0) for x in (out, *found)] == [repr(x + 0.0) for x in (value, *slopes)]


@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_total(name: str) -> None:
    """No word, rule, domain or kink raises, and all of them return floats."""
    row = TABLE[name]
    special = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 2.0, TINY, -TINY, 1e308, -1e308, INF, -INF, NAN,
               1e19, -1e19, -1000.5, 745.0, -745.0]  # fmt: skip
    count = 3 if row.variadic else len(row.parameters)
    for inputs in itertools.product(special, repeat=count):
        out = word(TABLE[name], floats)(*inputs)
        assert type(out) is float
        assert len(partials(row, inputs, out)) == count
        if row.domain is not None:
            by_input(row, [row.domain], floats)(out, *inputs)
        for kink in row.kinks:
            for rule in (kink.when, *(side for pair in kink.slopes.values() for side in pair)):
                by_input(row, [rule], floats)(out, *inputs)


class Counted(float):
    """A float that counts how often numbers are compared with it or taken from it."""

    steps = 0

    def __gt__(self, other: float) -> bool:
        Counted.steps += 1
        return float(self) > other

    def __lt__(self, other: float) -> bool:
        Counted.steps += 1
        return float(self) < other

    def __eq__(self, other: object) -> bool:
        Counted.steps += 1
        return float(self) == other

    __hash__ = float.__hash__

    def __sub__(self, other: float) -> float:
        Counted.steps += 1
        return float(self) - other


@pytest.mark.parametrize("name", [row.name for row in ROWS if row.variadic and not row.helper])
def test_linear(name: str) -> None:
    """The value and all partials of an operation on many inputs take a few steps an input."""
    row = TABLE[name]
    for count in (100, 1000):
        inputs = [Counted(math.sin(number)) for number in range(count)]
        Counted.steps = 0
        out = word(row, floats)(*inputs)
        weights(row, range(count), floats)(out, *inputs)
        assert count <= Counted.steps <= 20 * count


@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_closed(name: str) -> None:
    """All rules of a row are made of operations of the table."""
    row = TABLE[name]
    rules = [*row.rules, *row.in_floats, *row.taken, row.expand, row.domain]
    rules += [kink.when for kink in row.kinks]
    for rule in rules:
        if rule is not None:
            graph, _ = parsed(row, rule)
            assert {*graph.operations} <= {*TABLE, *LEAVES}


def test_words_load_late() -> None:
    """Each module of words holds those that it is said to, and loads when one is asked for."""
    package = floats.__name__
    code = (
        "import sys; from backpropcli.arithmetics import floats; floats.WORDS.get('sin');"
        f"print(*sorted(name for name in sys.modules if name.startswith('{package}.')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert loaded.split() == [f"{package}.trigonometry"]
    for home, names in floats.HOMES.items():
        assert {*names.split()} == {*importlib.import_module(f"{package}.{home}").WORDS}
