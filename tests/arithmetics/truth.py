"""The true value and partials of every operation, to 60 digits, by mpmath: not by the table.

Values are mpmath's own functions, partials are central differences of these at a precision that
rises until the difference has digits enough, or closed forms.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from mpmath import mp, mpf

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.graph.row import Row

INF = math.inf
NAN = math.nan


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


def _sinc(x: Any, order: int) -> Any:
    """Return a derivative of sin(x)/x by Leibniz's rule."""
    if x == 0:
        return mp.cos(order * mp.pi / 2) / (order + 1) if order % 2 == 0 else mpf(0)
    with mp.workprec(400 + (order + 2) * abs(mp.mag(x))):
        return sum(
            mp.binomial(order, k)
            * mp.sin(x + (order - k) * mp.pi / 2)
            * (-1) ** k
            * mp.factorial(k)
            / x ** (k + 1)
            for k in range(order + 1)
        )


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
    "sinc_derivative": lambda n, x: _sinc(x, int(n)),
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
    "quiet": lambda c: c,
    "void": lambda c: c,
    "given": lambda c, a: a if c else mpf(0),
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
    ("given", 1): lambda *_: mpf(1),  # the 0 stands for what a is there
    ("sinc_derivative", 1): lambda n, x: _sinc(x, int(n) + 1),
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


@cache
def truth_of_value(row: Row, inputs: tuple[float, ...]) -> Any:
    """Return the value by mpmath."""
    with mp.workprec(300):
        return real(TRUTH[row.name](*map(mpf, inputs)))


@cache
def truth_of_partial(row: Row, index: int, inputs: tuple[float, ...]) -> Any:
    """Return the partial by mpmath."""
    values = tuple(map(mpf, inputs))
    with mp.workprec(300 if row.name != "inversion" else 4500):
        closed = SLOPES.get((row.name, index))
        if closed is not None:
            return real(closed(*values))
        return real(difference(lambda *arguments: real(TRUTH[row.name](*arguments)), values, index))
