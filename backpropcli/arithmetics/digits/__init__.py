"""Arithmetic with as many digits as asked for: mpmath's real numbers.

Words are total, as in floats: nan where there is no real value, inf at a pole. The precision is
mpmath's own (``mp.workdps``). An exponential whose argument is beyond ``HUGE`` is inf or 0: its
exponent alone would fill the memory. What is periodic is nan beyond ``FAR``, since a period there
takes as many digits of pi as the number has.
"""

from __future__ import annotations

from operator import add, mul

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics.floats.polygamma import MOST

__all__ = ["INFIX", "WORDS", "add", "constant", "double", "mul"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

CONSTANT_DIGITS = 1100
HUGE = mpf(10) ** 18
MOST_ERFCX = 20
"""The highest derivative of erfcx that there is."""
MOST_SINC = 100
"""The highest derivative of sinc that there is."""
FAR = 100_000
"""Bits before the point of a number, beyond which it has no sine. A double has up to 1024."""
NAN, INF = mpf("nan"), mpf("inf")
INFIX = {
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "neg": "(-{0})",
    "lt": "(1 if {0} < {1} else 0)",
    "le": "(1 if {0} <= {1} else 0)",
    "gt": "(1 if {0} > {1} else 0)",
    "ge": "(1 if {0} >= {1} else 0)",
    "eq": "(1 if {0} == {1} else 0)",
    "ne": "(1 if {0} != {1} else 0)",
    "and": "(1 if {0} and {1} else 0)",
    "or": "(1 if {0} or {1} else 0)",
    "not": "(0 if {0} else 1)",
    "quiet": "({0})",
    "void": "({0})",
    "where": "({1} if {0} else {2})",
    "sg": "({0})",
    "name": "({0})",
    "result": "({0})",
}


def constant(text: str) -> Any:  # noqa: ANN401 (mpmath has no types)
    """Return the number that ``text`` names: a decimal, or one of pi, e, tau, inf and nan."""
    with mp.workdps(max(CONSTANT_DIGITS, mp.dps)):
        if text in {"pi", "e"}:
            return +getattr(mp, text)
        return 2 * mp.pi if text == "tau" else mpf(text)


def double(value: float) -> Any:  # noqa: ANN401
    """Return a double exactly."""
    return mpf(value)


def _real(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` on reals only: nan for a complex value or none at all."""

    def word(*values: Any) -> Any:  # noqa: ANN401
        if any(mpmath.isnan(value) for value in values):
            return NAN
        try:
            result = function(*values)
        except (ValueError, ArithmeticError, MemoryError, mpmath.libmp.NoConvergence):
            return NAN
        return NAN if isinstance(result, mpmath.mpc) else mpf(result)

    return word


def _div(x: Any, y: Any) -> Any:  # noqa: ANN401
    if y == 0:
        return NAN if x == 0 else INF * mpmath.sign(x)
    return x / y


def _exp(x: Any) -> Any:  # noqa: ANN401
    if abs(x) > HUGE:
        return INF if x > 0 else mpf(0)
    return mpmath.exp(x)


def _pow(x: Any, y: Any) -> Any:  # noqa: ANN401
    if y == 0 or x == 1:
        return mpf(1)
    if x == 0:
        return INF if y < 0 else mpf(0)
    if x < 0 and (mpmath.isinf(y) or y != mpmath.floor(y)):
        return NAN
    if abs(y * mpmath.log(abs(x))) > HUGE:
        return INF if (abs(x) > 1) == (y > 0) else mpf(0)
    if x < 0:
        return (-1 if _odd(y) else 1) * mpmath.power(-x, y)
    return mpmath.power(x, y)


def _odd(y: Any) -> bool:  # noqa: ANN401
    """Say whether a whole number is odd, however large it is."""
    return mpmath.mag(y) <= FAR and int(y) % 2 == 1


def _mod(x: Any, y: Any) -> Any:  # noqa: ANN401
    """Return x - y*floor(x/y), of which no digit is lost: mpmath divides whole numbers."""
    if y == 0 or mpmath.isinf(x) or (x and mpmath.mag(x) - mpmath.mag(y) > FAR):
        return NAN
    if mpmath.isinf(y):
        return x if x == 0 or (x > 0) == (y > 0) else y
    if x and mpmath.mag(y) - mpmath.mag(x) > FAR:
        return x if (x > 0) == (y > 0) else x + y
    return x % y


def _log(x: Any) -> Any:  # noqa: ANN401
    return -INF if x == 0 else mpmath.log(x)


def _near(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with nan where its argument has too many digits before the point."""
    return lambda x: NAN if x and mpmath.mag(x) > FAR else function(x)


def _pole(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with inf at 0 and nan at the negative whole numbers."""

    def word(x: Any) -> Any:  # noqa: ANN401
        if x <= 0 and x == mpmath.floor(x):
            return INF if x == 0 else NAN
        return function(x)

    return _near(word)


def _gamma(x: Any) -> Any:  # noqa: ANN401
    if abs(x) > HUGE / 100:  # its logarithm is beyond HUGE
        return INF if x > 0 else mpf(0)
    return mpmath.gamma(x)


def _lgamma(x: Any) -> Any:  # noqa: ANN401
    if x <= 0 and x == mpmath.floor(x):
        return INF
    return mpmath.loggamma(x).real


def _polygamma(n: Any, x: Any) -> Any:  # noqa: ANN401
    """Return derivative number n of digamma; reflected, since mpmath steps up to x > 0 by ones.

    DLMF 5.15.6, with the derivatives of the cotangent as polynomials in it: c' = -pi (1 + c^2).
    """
    if n != mpmath.floor(n) or not 0 <= n <= MOST:
        return NAN
    order = int(n)
    if x <= 0 and x == mpmath.floor(x):
        return NAN if x < 0 else (-1) ** (order + 1) * INF
    if x > -MOST:
        return mpmath.polygamma(order, x)
    cotangent = [mpf(0), mpf(1)]
    for _ in range(order):
        slopes = [power * factor for power, factor in enumerate(cotangent)][1:]
        raised = [mpf(0), mpf(0), *slopes]
        plain = [*slopes, mpf(0), mpf(0)]
        cotangent = [-mp.pi * (a + b) for a, b in zip(plain, raised, strict=True)]
    at = mp.pi * mpmath.polyval(cotangent[::-1], mpmath.cot(mp.pi * (x - mpmath.floor(x))))
    return (-1) ** order * mpmath.polygamma(order, 1 - x) - at


def _erfc(x: Any) -> Any:  # noqa: ANN401
    if x * x > HUGE:
        return mpf(0) if x > 0 else mpf(2)
    return mpmath.erfc(x)


def _erfcx(x: Any) -> Any:  # noqa: ANN401
    """Return exp(x^2)*erfc(x): for large x by its asymptotic series (DLMF 7.12.1)."""
    if x > 0 and x * x > 4 * mp.prec + 100:
        term = total = 1 / (x * mpmath.sqrt(mp.pi))
        k = 0
        while abs(term) > abs(total) * mp.eps:
            k += 1
            term *= (1 - 2 * k) / (2 * x * x)
            total += term
        return total
    return _exp(x * x) * _erfc(x)


def _erfcx_derivative(n: Any, x: Any) -> Any:  # noqa: ANN401
    """Return derivative number n of erfcx: by f'' = 2 x f' + 2 f, whose terms cancel for x > 0."""
    if n != mpmath.floor(n) or not 0 <= n <= MOST_ERFCX or mpmath.isinf(x):
        return NAN
    with mp.extraprec(20 + 2 * int(n) * max(1, mpmath.mag(x))):
        before, last = 2 / mpmath.sqrt(mp.pi), _erfcx(x)
        for k in range(int(n)):
            before, last = last, 2 * x * last + (2 * k * before if k else -before)
        return last


def _erfinv(x: Any) -> Any:  # noqa: ANN401
    """Return the inverse of erf: Newton's iteration from Winitzki's approximation."""
    if abs(x) >= 1:
        return INF * x if abs(x) == 1 else NAN
    if mpmath.mag(x) < -mp.prec:
        return x * mpmath.sqrt(mp.pi) / 2
    with mp.extraprec(20 - mpmath.mag(1 - abs(x))):
        half = mpmath.log1p(-x * x) / 2
        root = 2 / (mp.pi * mpf("0.147")) + half
        y = mpmath.sign(x) * mpmath.sqrt(mpmath.sqrt(root * root - half / mpf("0.0735")) - root)
        while True:
            step = (mpmath.erf(y) - x) * mpmath.sqrt(mp.pi) / 2 * mpmath.exp(y * y)
            y -= step
            if mpmath.mag(step) < mpmath.mag(y) - mp.prec // 2 - 10:
                return y


def _sinc_slope(x: Any) -> Any:  # noqa: ANN401
    """Return (x*cos(x) - sin(x))/x^2, whose terms cancel where x is small."""
    if x == 0 or mpmath.mag(x) < -mp.prec:
        return -x / 3
    with mp.extraprec(10 + 2 * abs(mpmath.mag(x))):
        return (mpmath.cos(x) - mpmath.sin(x) / x) / x


def _sinc_derivative(n: Any, x: Any) -> Any:  # noqa: ANN401
    """Return derivative number n of sinc, a solution of x*f_k + k*f_k-1 = sin(x + k*pi/2).

    The recurrence loses digits where x is small: there it is by Taylor's series.
    """
    if n != mpmath.floor(n) or not 0 <= n <= MOST_SINC or mpmath.isinf(x):
        return NAN
    order = int(n)
    if abs(x) > MOST_SINC:
        with mp.extraprec(20 + mpmath.mag(x)):
            waves = mpmath.sin(x), mpmath.cos(x)
            found = waves[0] / x
            for k in range(1, order + 1):
                wave = waves[k % 2] * (-1) ** (k // 2)
                found = (wave - k * found) / x
            return found
    with mp.extraprec(20 + 3 * MOST_SINC):
        return mpmath.fsum(_sinc_terms(order, x))


def _sinc_terms(order: int, x: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the terms (-1)^k*x^m/m!/(2*k + 1) of a derivative of sinc, with m = 2*k - order."""
    m = order % 2
    term = x**m * (-1) ** ((order + 1) // 2)
    largest = mpf(0)
    while True:
        part = term / (m + order + 1)
        yield part
        largest = max(largest, abs(part))
        if abs(part) <= largest * mp.eps:
            return
        term *= -x * x / ((m + 1) * (m + 2))
        m += 2


def _logsumexp(*values: Any) -> Any:  # noqa: ANN401
    """Return log(exp(x) + exp(y) + ...): the logarithm of what the largest leaves."""
    largest = max(values)
    if mpmath.isinf(largest):
        return largest
    rest = mpmath.fsum(_exp(x - largest) for x in values) - 1
    return largest + mpmath.log1p(rest)


def _lbeta(x: Any, y: Any) -> Any:  # noqa: ANN401
    """Return log(beta(x, y)), at a precision that the sizes of its terms are taken off."""
    if x <= 0 or y <= 0 or mpmath.isinf(x) or mpmath.isinf(y):
        if x < 0 or y < 0 or (x == 0 and mpmath.isinf(y)) or (y == 0 and mpmath.isinf(x)):
            return NAN
        return INF if x == 0 or y == 0 else -INF
    sizes = [abs(mpmath.mag(item)) for item in (x, y)]
    if max(sizes) > FAR:
        return NAN
    with mp.extraprec(20 + 2 * max(sizes)):
        return _lgamma(x) + _lgamma(y) - _lgamma(x + y)


def _beta(x: Any, y: Any) -> Any:  # noqa: ANN401
    with mp.extraprec(60):
        return _exp(_lbeta(x, y))


def _polygamma_difference(n: Any, x: Any, y: Any) -> Any:  # noqa: ANN401
    """Return polygamma(n, x) - polygamma(n, x + y), which cancel where y is small beside x."""
    if not (x > 0 and y > 0) or mpmath.isinf(x) or mpmath.isinf(y):
        return _polygamma(n, x) - _polygamma(n, x + y) if x >= 0 and y >= 0 else NAN
    gap = mpmath.mag(x) - mpmath.mag(y)
    if gap > mp.prec:
        return -y * _polygamma(n + 1, x)
    with mp.extraprec(20 + 2 * max(0, gap) + 2 * max(0, mpmath.mag(x))):
        return _polygamma(n, x) - _polygamma(n, x + y)


def _hyperbolic(function: Callable[..., Any], sign: int) -> Callable[..., Any]:
    """Return ``function``, which grows as exp(x)/2 does to both sides, as ``sign`` has it."""
    return lambda x: INF * (sign if x < 0 else 1) if abs(x) > HUGE else function(x)


WORDS: dict[str, Callable[..., Any]] = {
    name: _real(function)
    for name, function in {
        "div": _div,
        "pow": _pow,
        "mod": _mod,
        "fmod": lambda x, y: -_mod(-x, abs(y)) if x < 0 else _mod(x, abs(y)),
        "max": max,
        "min": min,
        "ties": lambda value, *others: sum(other == value for other in others),
        "exp": _exp,
        "exp2": lambda x: _exp(x * mpmath.log(2)),
        "expm1": lambda x: _exp(x) - 1 if abs(x) > 1 else mpmath.expm1(x),
        "log": _log,
        "log1p": lambda x: -INF if x == -1 else mpmath.log1p(x),
        "log2": lambda x: _log(x) / mpmath.log(2),
        "log10": lambda x: _log(x) / mpmath.log(10),
        "sinh": _hyperbolic(mpmath.sinh, -1),
        "cosh": _hyperbolic(mpmath.cosh, 1),
        "tanh": lambda x: mpmath.sign(x) if abs(x) > HUGE else mpmath.tanh(x),
        "atanh": lambda x: INF * x if abs(x) == 1 else mpmath.atanh(x),
        "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
        "abs": abs,
        "round": lambda x: x if mpmath.isinf(x) else mpmath.nint(x),
        "gamma": _pole(_gamma),
        "lgamma": _near(_lgamma),
        "digamma": _near(lambda x: _polygamma(0, x)),
        "trigamma": _near(lambda x: _polygamma(1, x)),
        "polygamma": lambda n, x: _near(lambda x: _polygamma(n, x))(x),
        "erfc": _erfc,
        "erfcx": _erfcx,
        "erfcx_derivative": lambda n, x: _near(lambda x: _erfcx_derivative(n, x))(x),
        "erfinv": _erfinv,
        "sinc_slope": _near(_sinc_slope),
        "sinc_derivative": lambda n, x: _near(lambda x: _sinc_derivative(n, x))(x),
        "logsumexp": _logsumexp,
        "logsumexp_rounding": lambda *_: mpf(1),
        "lbeta": _lbeta,
        "beta": _beta,
        "polygamma_difference": lambda n, x, y: _near(
            lambda y: _near(lambda x: _polygamma_difference(n, x, y))(x)
        )(y),
        **{name: _near(getattr(mpmath, name)) for name in ["sin", "cos", "tan"]},
        **{
            name: getattr(mpmath, name)
            for name in [
                *("asin", "acos", "atan", "atan2", "asinh", "acosh", "sqrt", "sign", "floor"),
                *("ceil", "hypot", "erf"),
            ]
        },
    }.items()
}
