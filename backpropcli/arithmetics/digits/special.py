"""Special functions of mpmath's real numbers: gamma, erf, sinc, and their kin."""

from __future__ import annotations

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics.digits.elementary import FAR, HUGE, INF, LOST, NAN, exp
from backpropcli.arithmetics.floats.polygamma import MOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


MOST_ERFCX = 20
"""The highest derivative of erfcx that there is."""
MOST_SINC = 100
"""The highest derivative of sinc that there is."""


def gamma(x: Any) -> Any:
    if abs(x) > HUGE / 100:  # its logarithm is beyond HUGE
        return INF if x > 0 else mpf(0)
    return mpmath.gamma(x)


def lgamma(x: Any) -> Any:
    if x <= 0 and x == mpmath.floor(x):
        return INF
    return mpmath.loggamma(x).real


def polygamma(n: Any, x: Any) -> Any:
    """Return derivative number n of digamma; reflected, since mpmath steps up to x > 0 by ones.

    DLMF 5.15.6, with the derivatives of the cotangent as polynomials in it: c' = -pi (1 + c^2).
    """
    if n != mpmath.floor(n) or n < 0:
        return NAN
    if n > MOST:
        return LOST
    order = int(n)
    if x <= 0 and x == mpmath.floor(x):
        return NAN if x < 0 else (-1) ** (order + 1) * INF
    if x > -MOST:
        return _polygamma(order, x)
    cotangent = [mpf(0), mpf(1)]
    for _ in range(order):
        slopes = [power * factor for power, factor in enumerate(cotangent)][1:]
        raised = [mpf(0), mpf(0), *slopes]
        plain = [*slopes, mpf(0), mpf(0)]
        cotangent = [-mp.pi * (a + b) for a, b in zip(plain, raised, strict=True)]
    at = mp.pi * mpmath.polyval(cotangent[::-1], mpmath.cot(mp.pi * (x - mpmath.floor(x))))
    return (-1) ** order * _polygamma(order, 1 - x) - at


def _polygamma(order: int, x: Any) -> Any:
    """Return mpmath's, of which digamma is a function of its own: many times faster."""
    return mpmath.polygamma(order, x) if order else mpmath.digamma(x)


def erfc(x: Any) -> Any:
    if x * x > HUGE:
        return mpf(0) if x > 0 else mpf(2)
    return mpmath.erfc(x)


def erfcx(x: Any) -> Any:
    """Return exp(x^2)*erfc(x): for large x by its asymptotic series (DLMF 7.12.1)."""
    if x > 0 and x * x > 4 * mp.prec + 100:
        term = total = 1 / (x * mpmath.sqrt(mp.pi))
        k = 0
        while abs(term) > abs(total) * mp.eps:
            k += 1
            term *= (1 - 2 * k) / (2 * x * x)
            total += term
        return total
    return exp(x * x) * erfc(x)


def erfcx_derivative(n: Any, x: Any) -> Any:
    """Return derivative number n of erfcx: by f'' = 2 x f' + 2 f, whose terms cancel for x > 0."""
    if n != mpmath.floor(n) or n < 0:
        return NAN
    if n > MOST_ERFCX:
        return LOST
    with mp.extraprec(20 + 2 * int(n) * max(1, mpmath.mag(x))):
        before, last = 2 / mpmath.sqrt(mp.pi), erfcx(x)
        for k in range(int(n)):
            before, last = last, 2 * x * last + (2 * k * before if k else -before)
        return last


def erfinv(x: Any) -> Any:
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


def sinc_slope(x: Any) -> Any:
    """Return (x*cos(x) - sin(x))/x^2, whose terms cancel where x is small."""
    if x == 0 or mpmath.mag(x) < -mp.prec:
        return -x / 3
    with mp.extraprec(10 + 2 * abs(mpmath.mag(x))):
        return (mpmath.cos(x) - mpmath.sin(x) / x) / x


def sinc_derivative(n: Any, x: Any) -> Any:
    """Return derivative number n of sinc, a solution of x*f_k + k*f_k-1 = sin(x + k*pi/2).

    The recurrence loses digits where x is small: there it is by Taylor's series.
    """
    if n != mpmath.floor(n) or n < 0:
        return NAN
    if n > MOST_SINC:
        return LOST
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


def _sinc_terms(order: int, x: Any) -> Iterator[Any]:
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


def lbeta(x: Any, y: Any) -> Any:
    """Return log(beta(x, y)), at a precision that the sizes of its terms are taken off."""
    if x <= 0 or y <= 0 or mpmath.isinf(x) or mpmath.isinf(y):
        if x < 0 or y < 0 or (x == 0 and mpmath.isinf(y)) or (y == 0 and mpmath.isinf(x)):
            return NAN
        return INF if x == 0 or y == 0 else -INF
    sizes = [abs(mpmath.mag(item)) for item in (x, y)]
    if max(sizes) > FAR:
        return LOST
    with mp.extraprec(20 + 2 * max(sizes)):
        return lgamma(x) + lgamma(y) - lgamma(x + y)


def beta(x: Any, y: Any) -> Any:
    with mp.extraprec(60):
        found = lbeta(x, y)
        return found if mpmath.isnan(found) else exp(found)


def polygamma_difference(n: Any, x: Any, y: Any) -> Any:
    """Return polygamma(n, x) - polygamma(n, x + y), which cancel where y is small beside x."""
    if not (x > 0 and y > 0):
        return polygamma(n, x) - polygamma(n, x + y) if x >= 0 and y >= 0 else NAN
    gap = mpmath.mag(x) - mpmath.mag(y)
    if gap > mp.prec:
        return -y * polygamma(n + 1, x)
    with mp.extraprec(20 + 2 * max(0, gap) + 2 * max(0, mpmath.mag(x))):
        return polygamma(n, x) - polygamma(n, x + y)
