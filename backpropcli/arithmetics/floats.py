"""Floating-point arithmetic: every operation as a word on Python floats.

Words are IEEE-754 total: they return inf or nan where ``math`` raises. They are within 4 units
in the last place of the true value over the whole range of a double (tests measure it).

Where two terms cancel around a zero that is no double (silu', gelu', digamma, lgamma, ...) the
word falls back on fixed-point arithmetic: a number ``t`` stands for ``t / 2^p``, in Python's
integers of any length, so that ``p`` can be as long as the cancellation needs.
"""

# ruff: noqa: PLR0124, PLR2004, PLR1714, PLR1730, FURB136, PLR0911, C901
# Quick tests for nan (x != x), comparisons that do what they say with nan (max and min do not),
# and the thresholds and branches of numerical methods.

from __future__ import annotations

import math
from math import copysign, inf, nan
from operator import add, mul

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_frexp = math.frexp
_ldexp = math.ldexp
_exp = math.exp
_log = math.log
_log1p = math.log1p
_sqrt = math.sqrt
_floor = math.floor


# Constants


def constant(text: str) -> float:
    """Return the float nearest to a number's text, or to one of pi, e, tau, inf and nan."""
    return _CONSTANTS[text] if text in _CONSTANTS else float(text)


def double(value: float) -> float:
    """Return a double as it is."""
    return value


_CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": inf, "nan": nan}


# Fixed-point arithmetic


def _fixed(x: float, p: int) -> int:
    """Return x in fixed point with p fraction bits (exact where x has no more of them)."""
    numerator, denominator = x.as_integer_ratio()
    return (numerator << p) // denominator


def _float(t: int, p: int) -> float:
    """Return the float nearest to t / 2^p."""
    try:
        return t / (1 << p)
    except OverflowError:
        return inf if t > 0 else -inf


def _fixed_exp(t: int, p: int) -> int:
    """Return exp in fixed point: Taylor's series of t / 2^k, squared k times."""
    k = max(0, t.bit_length() - p) + 8
    q = p + k + 16
    r = t << (q - p) >> k
    one = 1 << q
    term = total = one
    i = 0
    while term not in (0, -1):
        i += 1
        term = (term * r >> q) // i
        total += term
    for _ in range(k):
        total = total * total >> q
    return total >> (q - p)


def _fixed_log(t: int, p: int) -> int:
    """Return log in fixed point: Halley's iteration, which triples the digits each time."""
    shift = t.bit_length() - 53
    guess = _log(t >> shift if shift > 0 else t << -shift) + (shift - p) * math.log(2.0)
    y = _fixed(guess, p)
    digits = 44
    while True:
        e = _fixed_exp(y, p)
        y += ((t - e) << (p + 1)) // (t + e)
        digits *= 3
        if digits > p + 16:
            return y


# 200 bits of pi, 1/sqrt(2 pi) and 2 sqrt(2/pi), and the fraction bits of the words' fixed point
_P = 200
_PI = 5048344754617993871973410141242436836214643421488662971535368
_DENSITY = 641075527840499933413004623679830672196624219171451520342208
_GELU = 2564302111361999733652018494719322688786496876685806081368833

# 1/gamma(1 + r) as a power series in r (Wrench, Math. Comp. 22, 1968)
_RECIPROCAL = (
    1.0,
    0.5772156649015329,
    -0.6558780715202539,
    -0.04200263503409524,
    0.16653861138229148,
    -0.04219773455554433,
    -0.009621971527876973,
    0.0072189432466631,
    -0.0011651675918590652,
    -0.00021524167411495098,
    0.0001280502823881162,
    -2.013485478078824e-05,
    -1.2504934821426706e-06,
    1.133027231981696e-06,
    -2.056338416977607e-07,
    6.116095104481416e-09,
    5.002007644469223e-09,
    -1.18127457048702e-09,
    1.0434267116911005e-10,
    7.782263439905071e-12,
    -3.696805618642206e-12,
    5.100370287454476e-13,
    -2.0583260535665066e-14,
    -5.348122539423018e-15,
    1.2267786282382608e-15,
)


# Arithmetic


def div(x: float, y: float) -> float:
    """Return x/y: by zero a signed inf, or nan."""
    try:
        return x / y
    except ZeroDivisionError:
        if x == 0.0 or x != x:
            return nan
        return inf * copysign(1.0, x) * copysign(1.0, y)


def pow_(x: float, y: float) -> float:
    """Return x to the power y, as C's pow."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -inf if x < 0.0 and y % 2.0 == 1.0 else inf
    except ValueError:
        if x == 0.0:
            return -inf if copysign(1.0, x) < 0.0 and y % 2.0 == 1.0 else inf
        return nan


def pow_slope(x: float, y: float) -> float:
    """Return y*x^(y - 1), in the form that neither rounds y - 1 nor under- or overflows."""
    if 0.5 <= y <= 4.0 or x == 0.0:
        return y * pow_(x, y - 1.0)
    out = pow_(x, y)
    if abs(out) < 1e-290 and abs(y) > 4.0:
        half = pow_(abs(x), y / 2.0)
        return half * y * (half / x) * (pow_(-1.0, y) if x < 0.0 else 1.0)
    if 4.0 < y <= 9007199254740992.0 or abs(x) == inf:
        return y * pow_(x, y - 1.0)
    return out * y / x


def pow_log(x: float, y: float) -> float:
    """Return x^y*log(x)."""
    out = pow_(x, y)
    if 1e-290 < abs(out) < inf:
        return out * log(x)
    half = pow_(x, y / 2.0)
    return half * log(x) * half


def mod(x: float, y: float) -> float:
    """Return the remainder of floored division, with the sign of y."""
    try:
        return x % y
    except ZeroDivisionError:
        return nan


# Choice


def maximum(*values: float) -> float:
    """Return the largest value, or nan where there is one."""
    largest = values[0]
    for value in values:
        if value != value:
            return value
        if value > largest:
            largest = value
    return largest


def minimum(*values: float) -> float:
    """Return the smallest value, or nan where there is one."""
    smallest = values[0]
    for value in values:
        if value != value:
            return value
        if value < smallest:
            smallest = value
    return smallest


def ties(value: float, *values: float) -> float:
    """Return how many of the values equal the first."""
    return float(values.count(value))


def clip(x: float, lo: float, hi: float) -> float:
    """Return x kept within lo and hi."""
    if x < lo:
        x = lo
    return hi if x > hi else x


# Trigonometry


def sin(x: float) -> float:
    """Return the sine."""
    try:
        return math.sin(x)
    except ValueError:
        return nan


def cos(x: float) -> float:
    """Return the cosine."""
    try:
        return math.cos(x)
    except ValueError:
        return nan


def tan(x: float) -> float:
    """Return the tangent."""
    try:
        return math.tan(x)
    except ValueError:
        return nan


def asin(x: float) -> float:
    """Return the arc sine."""
    try:
        return math.asin(x)
    except ValueError:
        return nan


def acos(x: float) -> float:
    """Return the arc cosine."""
    try:
        return math.acos(x)
    except ValueError:
        return nan


def inversion(x: float, y: float) -> float:
    """Return x/(x^2 + y^2), scaled by a power of 2 where a square would not be exact enough."""
    a = abs(x)
    b = abs(y)
    m = a if a > b else b
    if 1e-100 < m < 1e100:
        return x / (x * x + y * y)
    if m == 0.0 or m != m:
        return nan
    if m == inf:
        return copysign(0.0, x) if x == x else nan
    scale = 2.0**-540 if m > 1.0 else 2.0**540
    x *= scale
    y *= scale
    return x / (x * x + y * y) * scale


# Hyperbolic functions


def sinh(x: float) -> float:
    """Return the hyperbolic sine."""
    try:
        return math.sinh(x)
    except OverflowError:
        return copysign(inf, x)


def cosh(x: float) -> float:
    """Return the hyperbolic cosine."""
    try:
        return math.cosh(x)
    except OverflowError:
        return inf


def sech(x: float) -> float:
    """Return 1/cosh(x), which underflows later than cosh overflows."""
    e = _exp(-abs(x))
    square = e * e
    if square < 0.1:
        return 2.0 * e - 2.0 * e * (square / (1.0 + square))
    return 2.0 * e / (1.0 + square)


def acosh(x: float) -> float:
    """Return the inverse hyperbolic cosine."""
    try:
        return math.acosh(x)
    except ValueError:
        return nan


def atanh(x: float) -> float:
    """Return the inverse hyperbolic tangent."""
    try:
        return math.atanh(x)
    except ValueError:
        return copysign(inf, x) if abs(x) == 1.0 else nan


# Exponentials and logarithms


def exp(x: float) -> float:
    """Return e to the power x."""
    try:
        return _exp(x)
    except OverflowError:
        return inf


def exp2(x: float) -> float:
    """Return 2 to the power x."""
    try:
        return math.exp2(x)
    except OverflowError:
        return inf


def expm1(x: float) -> float:
    """Return exp(x) - 1."""
    try:
        return math.expm1(x)
    except OverflowError:
        return inf


def log(x: float) -> float:
    """Return the natural logarithm."""
    try:
        return _log(x)
    except ValueError:
        return -inf if x == 0.0 else nan


def log1p(x: float) -> float:
    """Return log(1 + x)."""
    try:
        return _log1p(x)
    except ValueError:
        return -inf if x == -1.0 else nan


def log2(x: float) -> float:
    """Return the logarithm to base 2."""
    try:
        return math.log2(x)
    except ValueError:
        return -inf if x == 0.0 else nan


def log10(x: float) -> float:
    """Return the logarithm to base 10."""
    try:
        return math.log10(x)
    except ValueError:
        return -inf if x == 0.0 else nan


def logaddexp(x: float, y: float) -> float:
    """Return log(exp(x) + exp(y))."""
    if x < y:
        x, y = y, x
    if x == inf or x == -inf:
        return x if y == y else nan
    if -0.75 < x < 0.0 and y < 0.0:
        # exp(x) + exp(y) may be near 1, its logarithm near 0.
        p = 128 - math.frexp(x)[1]
        if y > -0.7 * p - 60.0:
            s = _fixed_exp(_fixed(x, p), p) + _fixed_exp(_fixed(y, p), p) - (1 << p)
            return _log1p(_float(s, p))
    d = y - x
    t = _exp(d)
    return x + _log1p(t + t * _difference_error(y, x, d)) if t else x


def _difference_error(a: float, b: float, d: float) -> float:
    """Return a - b - d exactly, where d is the rounded a - b (Knuth, TAOCP 2, 4.2.2)."""
    c = d - a
    return (a - (d - c)) - (b + c)


def softmax2(x: float, y: float) -> float:
    """Return exp(x)/(exp(x) + exp(y)), with the rounding error of x - y made good."""
    d = y - x
    if d <= 0.0:
        return 1.0 / (1.0 + _exp(d))
    if d < 800.0:
        # exp(x - y) is exp(-d)*(1 - e), e being the rounding error of d.
        e = _difference_error(y, x, d)
        t = _exp(-d)
        return (t - t * e) / (1.0 + t)
    if d == d:
        return 0.0
    return 0.5 if x == y else nan


# Roots and parts


def sqrt(x: float) -> float:
    """Return the square root; that of -0.0 is 0.0, so that its slope is inf from any side."""
    try:
        return _sqrt(x + 0.0)
    except ValueError:
        return nan


def cbrt(x: float) -> float:
    """Return the cube root: the platform's, within 3 ulp, and a step of Newton's on integers."""
    if x - x != 0.0 or x == 0.0:
        return x
    y = math.cbrt(x)
    a, b = x.as_integer_ratio()
    m, d = y.as_integer_ratio()
    # y^3 - x = (m^3 b - a d^3)/(d^3 b), to be divided by 3 y^2 = 3 m^2/d^2
    return y - (m * m * m * b - a * d * d * d) / (3 * m * m * b * d)


def sign(x: float) -> float:
    """Return -1, 0 or 1."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return x


def floor(x: float) -> float:
    """Return the largest whole number that is at most x."""
    return copysign(float(_floor(x)), x) if -4.6e18 < x < 4.6e18 else x


def ceil(x: float) -> float:
    """Return the smallest whole number that is at least x."""
    return copysign(float(math.ceil(x)), x) if -4.6e18 < x < 4.6e18 else x


def round_(x: float) -> float:
    """Return the nearest whole number, half-way cases to the even one."""
    return copysign(float(round(x)), x) if -4.6e18 < x < 4.6e18 else x


# Error function


def gaussian(x: float) -> float:
    """Return exp(-x^2/2), with x = h + l split so that h^2 is exact (Cody 1969)."""
    x = abs(x)
    if x > 40.0:
        return 0.0
    h = _floor(x * 16.0) / 16.0 if x == x else x
    return _exp(-0.5 * h * h) * _exp(-0.5 * (x - h) * (x + h))


# Gamma functions


def gamma(x: float) -> float:
    """Return the gamma function: an exact product down to r in [-1/2, 1/2], and a series there."""
    if x == 0.0:
        return copysign(inf, x)
    if x > 172.0:
        return inf
    if x != x or x == -inf:
        return nan
    if x < -190.0:
        below = _floor(x)
        return nan if x == below else copysign(0.0, 0.5 - below % 2)
    n = round(x)
    if n <= 0.0 and x == n:
        return nan
    r = x - n
    s = 0.0
    for coefficient in _BACKWARDS:
        s = s * r + coefficient
    m, d = x.as_integer_ratio()
    product = 1
    if n >= 1:
        # gamma(x) = (x - 1)(x - 2)...(x - n + 1) gamma(1 + r)
        for k in range(1, n):
            product *= m - k * d
        return (
            _ratio(product, d ** (n - 1)) / s
            if n < 165
            else (_ratio(product, d ** (n - 1) << 100) / s * 2.0**100)
        )
    # gamma(x) = gamma(1 + r)/(x (x + 1)...(x - n))
    for k in range(1 - n):
        product *= m + k * d
    if n > -140:
        return _ratio(d ** (1 - n), product) / s
    return _ratio(d ** (1 - n) << 400, product) / s * 2.0**-400


def _ratio(a: int, b: int) -> float:
    """Return the float nearest to a/b."""
    try:
        return a / b
    except OverflowError:
        return inf if (a > 0) == (b > 0) else -inf


_BACKWARDS = tuple(reversed(_RECIPROCAL))


def lgamma(x: float) -> float:
    """Return the logarithm of the absolute value of gamma."""
    if x > 25.0:
        return math.lgamma(x) if x < 2.6e305 else inf
    if abs(x) < 1e-20:
        return -log(abs(x))
    if x != x or x - x != 0.0:
        return x if x != x else inf
    if x in {1.0, 2.0}:
        return 0.0
    if x == _floor(x) and x <= 0.0:
        return inf
    if x < -45.0:
        # Reflection (DLMF 5.5.3): the logarithm of the sine is small beside the rest.
        return -math.lgamma(-x) - _log(-x * abs(_sin_pi(x)) / math.pi)
    m, d = x.as_integer_ratio()
    product = 1
    power = 0
    while m < 40 * d:
        product *= m
        power += 1
        m += d
    # Stirling's series (DLMF 5.11.1) at m/d, less the logarithm of the product
    y = (m << _P) // d
    u = (d << _P) // m
    square = u * u >> _P
    total = ((y - (1 << (_P - 1))) * _fixed_log(y, _P) >> _P) - y
    total += _fixed_log(2 * _PI, _P) >> 1
    for k, (a, b) in enumerate(_bernoulli(), 1):
        total += a * u // (b * 2 * k * (2 * k - 1))
        u = u * square >> _P
    total -= _fixed_log((abs(product) << _P) // d**power, _P)
    return _float(total, _P)


def _sin_pi(x: float) -> float:
    """Return sin(pi x)."""
    r = x - round(x)
    return math.sin(math.pi * r) if round(x) % 2 == 0 else -math.sin(math.pi * r)


_numbers: list[tuple[int, int]] = []


def _bernoulli() -> list[tuple[int, int]]:
    """Return B2, B4, ..., B80 as ratios, by the tangent numbers (Brent and Harvey 2013)."""
    if not _numbers:
        n = 40
        tangent = [0] + [math.factorial(k - 1) for k in range(1, n + 1)]
        for k in range(2, n + 1):
            for j in range(k, n + 1):
                tangent[j] = (j - k) * tangent[j - 1] + (j - k + 2) * tangent[j]
        for k in range(1, n + 1):
            b = (-1) ** (k - 1) * 2 * k * tangent[k]
            _numbers.append((b, 4**k * (4**k - 1)))
    return _numbers


def digamma(x: float) -> float:
    """Return the logarithmic derivative of gamma."""
    return polygamma(0.0, x)


def trigamma(x: float) -> float:
    """Return the derivative of digamma."""
    return polygamma(1.0, x)


def polygamma(n: float, x: float) -> float:
    """Return derivative number n of digamma."""
    if not 0.0 <= n < 101.0 or n != _floor(n) or x != x or x == -inf:
        return nan
    order = int(n)
    if x <= 0.0 and x == _floor(x):
        if x != 0.0:
            return nan
        return inf if order % 2 else copysign(inf, -x)
    if x == inf:
        return inf if order == 0 else 0.0
    if order == 0 and x > 12.0:
        u = 1.0 / x
        v = u * u
        # B2k/(2k) v^k (DLMF 5.11.2).
        tail = v * (
            1 / 12
            - v
            * (
                1 / 120
                - v * (1 / 252 - v * (1 / 240 - v * (1 / 132 - v * (0.02109279609279609 - v / 12))))
            )
        )
        return _log(x) - (0.5 * u + tail)
    m, d = x.as_integer_ratio()
    if x > 2.0**60:
        value = _ratio(math.factorial(order - 1) * d**order, m**order)
        return value if order % 2 else -value
    # The bits below the value's leading one: it is about n!/x^n, and near a zero less.
    p = 200 + (order + 1) * max(0, math.frexp(x)[1])
    if x > -30.0:
        return _float(_fixed_psi(order, m, d, p), p)
    # Reflection (DLMF 5.15.6): psi_n(x) = (-1)^n psi_n(1 - x) - pi d^n/dx^n cot(pi x)
    total = _fixed_psi(order, d - m, d, p)
    if order % 2:
        total = -total
    return _float(total - _fixed_cotangent(order, x - round(x), p), p)


def _fixed_cotangent(n: int, r: float, p: int) -> int:
    """Return pi d^n/dr^n cot(pi r) in fixed point, for |r| <= 1/2."""
    q = p + 64 * (n + 2)
    angle = _fixed(r, q) * _pi(q) >> q
    square = angle * angle >> q
    sine = term = angle
    cosine = even = 1 << q
    k = 0
    while term not in (0, -1) or even not in (0, -1):
        k += 2
        even = -((even * square >> q) // (k * (k - 1)))
        term = -((term * square >> q) // (k * (k + 1)))
        cosine += even
        sine += term
    cotangent = (cosine << q) // sine
    # d/dx c = -pi (1 + c^2): the derivatives are polynomials in c.
    polynomial = [0, 1]
    for _ in range(n):
        slope = [j * c for j, c in enumerate(polynomial)][1:]
        polynomial = [-(a + b) for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    total = 0
    for c in reversed(polynomial):
        total = (total * cotangent >> q) + (c << q)
    for _ in range(n + 1):
        total = total * _pi(q) >> q
    return total >> (q - p)


def _pi(p: int) -> int:
    """Return pi in fixed point: Machin's formula 16 atan(1/5) - 4 atan(1/239)."""
    if p <= _P:
        return _PI >> (_P - p)
    total = 0
    for factor, base in ((16, 5), (-4, 239)):
        term = (factor << (p + 16)) // base
        k = 1
        while term not in (0, -1):
            total += term // k
            term = -(term // (base * base))
            k += 2
    return total >> 16


def _fixed_psi(n: int, m: int, d: int, p: int) -> int:
    """Return polygamma of m/d in fixed point: shifted beyond 40, then its series (DLMF 5.15.8)."""
    total = 0
    factorial = math.factorial(n)
    one = factorial << p
    while m < (40 + 2 * n) * d:
        total -= one * d ** (n + 1) // m ** (n + 1)
        m += d
    u = (d << p) // m
    square = u * u >> p
    power = 1 << p
    for _ in range(n):
        power = power * u >> p
    if n == 0:
        series = -_fixed_log((m << p) // d, p) + (u >> 1)
    else:
        series = power * (factorial // n) + (factorial * power * u >> (p + 1))
    for k, (a, b) in enumerate(_bernoulli(), 1):
        # (2k + n - 1)!/(2k)!
        power = power * square >> p
        top = math.factorial(2 * k + n - 1)
        series += power * a * top // (b * math.factorial(2 * k))
        if abs(power) < 2:
            break
    return total - series if n % 2 == 0 else -total + series


# Activations


def sigmoid(x: float) -> float:
    """Return 1/(1 + exp(-x))."""
    if x >= 0.0:
        return 1.0 / (1.0 + _exp(-x))
    e = _exp(x)
    return e / (1.0 + e)


def logit(x: float) -> float:
    """Return log(x/(1 - x)): by log1p around 1/2."""
    if 0.25 < x < 0.75:
        return _log1p((x + x - 1.0) / (1.0 - x))
    if 0.0 < x < 1.0:
        return _log(x) - _log1p(-x) if x < 0.5 else _log(x / (1.0 - x))
    if x == 0.0:
        return -inf
    return inf if x == 1.0 else nan


def softplus(x: float) -> float:
    """Return log(1 + exp(x))."""
    if x > 0.0:
        return x + _log1p(_exp(-x))
    return _log1p(_exp(x))


def logsigmoid(x: float) -> float:
    """Return log(sigmoid(x))."""
    return -softplus(-x)


def leaky_relu(x: float, slope: float) -> float:
    """Return x where positive, else slope*x."""
    return x if x > 0.0 else slope * x


def elu(x: float, alpha: float) -> float:
    """Return x where positive, else alpha*(exp(x) - 1)."""
    return x if x > 0.0 else alpha * math.expm1(x)


def selu(x: float) -> float:
    """Return the scaled elu."""
    return 1.0507009873554805 * x if x > 0.0 else 1.7580993408473768 * math.expm1(x)


_SQRT_TAU = 2.5066282746310007


def _normal(x: float) -> float:
    """Return the normal distribution function for x >= -5."""
    z = -x / _SQRT2
    # z is off by d, and erfc changes by its slope times d: z^2 - x^2/2 = 2 z d.
    if x > -0.5:
        return 0.5 * math.erfc(z)
    t = _fixed(x, 120)
    d = _float(_fixed(z, 120) * _fixed(z, 120) - (t * t >> 1), 240) / (2.0 * z)
    return 0.5 * math.erfc(z) + d * gaussian(x) / _SQRT_PI


_SQRT2 = 1.4142135623730951
_SQRT_PI = 1.772453850905516


def _mills(x: float) -> float:
    """Return Mills' ratio, the normal tail over the density (x >= 5: DLMF 7.9.1)."""
    ratio = x
    for k in range(60 if x < 10.0 else 20, 0, -1):
        ratio = x + k / ratio
    return 1.0 / ratio


def _density(x: float, factor: float) -> float:
    """Return the normal density times a factor, for 5 <= x <= 45, without underflow."""
    h = _floor(x * 16.0) / 16.0
    e = _exp(-0.25 * h * h)
    return e * (factor * _exp(-0.5 * (x - h) * (x + h)) / _SQRT_TAU) * e


def gelu(x: float) -> float:
    """Return x times the normal distribution function."""
    if x > -5.0:
        return x * _normal(x)
    if x < -45.0 or x != x:
        return x if x != x else -0.0
    return _density(-x, x * _mills(-x))


def gelu_slope(x: float) -> float:
    """Return the derivative of gelu: its power series around the zero at -0.7518."""
    if -3.0 < x < -0.3:
        # 1/2 + (sum (-1)^k x^(2k+1)/(2^k k!) (1 + 1/(2k + 1)))/sqrt(2 pi)
        t = _fixed(x, _P)
        square = t * t >> _P
        total = 0
        k = 0
        while t:
            total += t + t // (2 * k + 1)
            k += 1
            t = -((t * square >> _P) // (2 * k))
            if t == -1:
                break
        return _float((1 << (_P - 1)) + (total * _DENSITY >> _P), _P)
    if x > 40.0:
        return 1.0
    if x > -5.0:
        return _normal(x) + x * gaussian(x) / _SQRT_TAU
    if x < -45.0 or x != x:
        return x if x != x else -0.0
    return _density(-x, _mills(-x) + x)


def _gelu_angle(x: float) -> tuple[int, float, float]:
    """Return x^3 in fixed point, and w = 2 sqrt(2/pi) (x + 0.044715 x^3) as a sum of floats."""
    t = _fixed(x, _P)
    cube = (t * t >> _P) * t >> _P
    angle = _GELU * (t + cube * 44715 // 10**6) >> _P
    w = _float(angle, _P)
    return cube, w, _float(angle - _fixed(w, _P), _P)


def _tail(w: float, low: float, rest: Callable[[float], float]) -> float:
    """Return e*rest(e) for e = exp(w + low): half by half, since e alone may be subnormal."""
    half = _exp(0.5 * w)
    return half * (1.0 + low) * rest(half * half) * half


def gelu_tanh(x: float) -> float:
    """Return gelu by the approximation in tanh, x/(1 + exp(-w))."""
    if abs(x) > 25.0 or x != x:
        return x if not x < 0.0 else -0.0
    if abs(x) < 1e-20:
        return 0.5 * x
    _, w, low = _gelu_angle(x)
    if x > 0.0:
        e = _exp(-w)
        return x / (1.0 + e * (1.0 - low))
    return _tail(w, low, lambda e: x / (1.0 + e))


def gelu_tanh_slope(x: float) -> float:
    """Return the derivative of gelu_tanh: in fixed point where its terms cancel."""
    if abs(x) > 25.0 or x != x:
        return 1.0 if x > 0.0 else nan if x != x else -0.0
    cube, w, low = _gelu_angle(x)
    t = _fixed(x, _P)
    slope = _GELU * (t + (cube * 134145 // 10**6)) >> _P  # x times the slope of the angle
    if -1.5 < x < -0.3:
        f = _fixed_exp(_GELU * (t + cube * 44715 // 10**6) >> _P, _P)
        one = 1 << _P
        return _float(f * (one + f + slope) // (one + f), _P) / _float(one + f, _P)
    v = _float(slope, _P)
    if x > 0.0:
        e = _exp(-w) * (1.0 - low)
        return (1.0 + e * (v + 1.0)) / (1.0 + e) / (1.0 + e)
    return _tail(w, low, lambda e: (1.0 + e + v) / (1.0 + e) / (1.0 + e))


def silu(x: float) -> float:
    """Return x times the sigmoid of x."""
    if x >= 0.0:
        return x / (1.0 + _exp(-x))
    if x < -1600.0:
        return -0.0
    if x > -700.0:
        e = _exp(x)
        return x * e / (1.0 + e)
    half = _exp(0.5 * x)
    return half * x * half


def silu_slope(x: float) -> float:
    """Return the derivative of silu, e (1 + e + x)/(1 + e)^2 for e = exp(x)."""
    if x >= 0.0:
        e = _exp(-x)
        return (1.0 + e * (1.0 + x)) / (1.0 + e) / (1.0 + e) if e else 1.0
    if x < -1600.0 or x != x:
        return x if x != x else -0.0
    if -1.7 < x < -0.9:
        f = _fixed_exp(_fixed(x, _P), _P)
        e = _float(f, _P)
        return e * _float((1 << _P) + f + _fixed(x, _P), _P) / (1.0 + e) / (1.0 + e)
    if x > -700.0:
        e = _exp(x)
        return e * (1.0 + x + e) / ((1.0 + e) * (1.0 + e))
    half = _exp(0.5 * x)
    return half * (1.0 + x) * half


def mish(x: float) -> float:
    """Return x*tanh(softplus(x)): with e = exp(x) it is x e (e + 2)/(e^2 + 2 e + 2)."""
    if x >= 0.0:
        q = _exp(-x)
        return x * ((1.0 + 2.0 * q) / (1.0 + 2.0 * q + 2.0 * q * q))
    if x < -1600.0:
        return -0.0
    if x > -700.0:
        e = _exp(x)
        return x * e * (e + 2.0) / (2.0 + e * (e + 2.0))
    half = _exp(0.5 * x)
    return half * x * half


def mish_slope(x: float) -> float:
    """Return the derivative of mish, with e = exp(x) and d = e^2 + 2 e + 2.

    It is e ((e + 2) d + 4 x (e + 1))/d^2, in fixed point around its zero.
    """
    if x >= 0.0:
        q = _exp(-x)
        d = 1.0 + 2.0 * q + 2.0 * q * q
        return ((1.0 + 2.0 * q) * d + 4.0 * x * q * q * (1.0 + q)) / (d * d) if q else 1.0
    if x < -1600.0 or x != x:
        return x if x != x else -0.0
    if -4.0 < x < -0.5:
        f = _fixed_exp(_fixed(x, _P), _P)
        one = 1 << _P
        g = (f * f >> _P) + 2 * f + 2 * one
        total = (f + 2 * one) * g + 4 * _fixed(x, _P) * (f + one) >> _P
        d = _float(g, _P)
        return _float(f, _P) * _float(total, _P) / (d * d)
    if x > -700.0:
        e = _exp(x)
        d = 2.0 + e * (e + 2.0)
        return e * ((e + 2.0) * d + 4.0 * x * (e + 1.0)) / (d * d)
    half = _exp(0.5 * x)
    return half * (1.0 + x) * half


def softsign(x: float) -> float:
    """Return x/(1 + |x|)."""
    return x / (1.0 + abs(x)) if abs(x) != inf else copysign(1.0, x)


def huber(x: float, delta: float) -> float:
    """Return x^2/2 up to delta, linear beyond."""
    x = abs(x)
    if x <= delta:
        return 0.5 * x * x
    return delta * (x - 0.5 * delta)


BOOK = False
INFIX = {
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "neg": "(-{0})",
    "lt": "(1.0 if {0} < {1} else 0.0)",
    "le": "(1.0 if {0} <= {1} else 0.0)",
    "gt": "(1.0 if {0} > {1} else 0.0)",
    "ge": "(1.0 if {0} >= {1} else 0.0)",
    "eq": "(1.0 if {0} == {1} else 0.0)",
    "ne": "(1.0 if {0} != {1} else 0.0)",
    "and": "(1.0 if {0} and {1} else 0.0)",
    "or": "(1.0 if {0} or {1} else 0.0)",
    "not": "(0.0 if {0} else 1.0)",
    "where": "({1} if {0} else {2})",
    "sg": "({0})",
    "name": "({0})",
    "result": "({0})",
}


WORDS: dict[str, Callable[..., float]] = {
    "div": div,
    "pow": pow_,
    "pow_slope": pow_slope,
    "pow_log": pow_log,
    "mod": mod,
    "max": maximum,
    "min": minimum,
    "ties": ties,
    "clip": clip,
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "asin": asin,
    "acos": acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "inversion": inversion,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": math.tanh,
    "sech": sech,
    "asinh": math.asinh,
    "acosh": acosh,
    "atanh": atanh,
    "exp": exp,
    "exp2": exp2,
    "expm1": expm1,
    "log": log,
    "log1p": log1p,
    "log2": log2,
    "log10": log10,
    "logaddexp": logaddexp,
    "softmax2": softmax2,
    "sqrt": sqrt,
    "cbrt": cbrt,
    "abs": abs,
    "sign": sign,
    "floor": floor,
    "ceil": ceil,
    "round": round_,
    "hypot": math.hypot,
    "erf": math.erf,
    "erfc": math.erfc,
    "gaussian": gaussian,
    "gamma": gamma,
    "lgamma": lgamma,
    "digamma": digamma,
    "trigamma": trigamma,
    "polygamma": polygamma,
    "sigmoid": sigmoid,
    "logit": logit,
    "softplus": softplus,
    "logsigmoid": logsigmoid,
    "relu": lambda x: 0.0 if x <= 0.0 else x,
    "relu6": lambda x: clip(x, 0.0, 6.0),
    "leaky_relu": leaky_relu,
    "elu": elu,
    "selu": selu,
    "gelu": gelu,
    "gelu_slope": gelu_slope,
    "gelu_tanh": gelu_tanh,
    "gelu_tanh_slope": gelu_tanh_slope,
    "silu": silu,
    "silu_slope": silu_slope,
    "mish": mish,
    "mish_slope": mish_slope,
    "softsign": softsign,
    "hardtanh": lambda x: clip(x, -1.0, 1.0),
    "huber": huber,
}
