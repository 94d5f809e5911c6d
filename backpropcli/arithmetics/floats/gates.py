"""Words of x times a gate: gelu, silu, mish, and their derivatives."""

from __future__ import annotations

import math
from math import nan

from backpropcli.arithmetics.floats.error import SQRT_TAU, density, gaussian, hazard, normal
from backpropcli.arithmetics.floats.fixed import BITS, fixed_exp, to_fixed, to_float

_exp = math.exp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_DENSITY = 641075527840499933413004623679830672196624219171451520342208
_GELU = 2564302111361999733652018494719322688786496876685806081368833


def gelu(x: float) -> float:
    """Return x times the normal distribution function."""
    if x > -5.0:
        return x * normal(x)
    if x < -45.0 or x != x:
        return x if x != x else -0.0
    return density(-x, x, hazard(-x))


def gelu_slope(x: float) -> float:
    """Return the derivative of gelu: its power series around the zero at -0.7518."""
    if -3.0 < x < -0.3:
        # 1/2 + (sum (-1)^k x^(2k+1)/(2^k k!) (1 + 1/(2k + 1)))/sqrt(2 pi)
        t = to_fixed(x, BITS)
        square = t * t >> BITS
        total = 0
        k = 0
        while t:
            total += t + t // (2 * k + 1)
            k += 1
            t = -((t * square >> BITS) // (2 * k))
            if t == -1:
                break
        return to_float((1 << (BITS - 1)) + (total * _DENSITY >> BITS), BITS)
    if x > 40.0:
        return 1.0
    if x > -5.0:
        return normal(x) + x * gaussian(x) / SQRT_TAU
    if x < -45.0 or x != x:
        return x if x != x else -0.0
    return density(-x, 1.0 / hazard(-x) + x)


def _gelu_angle(x: float) -> tuple[int, float, float]:
    """Return x^3 in fixed point, and w = 2 sqrt(2/pi) (x + 0.044715 x^3) as a sum of floats."""
    t = to_fixed(x, BITS)
    cube = (t * t >> BITS) * t >> BITS
    angle = _GELU * (t + cube * 44715 // 10**6) >> BITS
    w = to_float(angle, BITS)
    return cube, w, to_float(angle - to_fixed(w, BITS), BITS)


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
    t = to_fixed(x, BITS)
    slope = _GELU * (t + (cube * 134145 // 10**6)) >> BITS  # x times the slope of the angle
    if -1.5 < x < -0.3:
        f = fixed_exp(_GELU * (t + cube * 44715 // 10**6) >> BITS, BITS)
        one = 1 << BITS
        return to_float(f * (one + f + slope) // (one + f), BITS) / to_float(one + f, BITS)
    v = to_float(slope, BITS)
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
        f = fixed_exp(to_fixed(x, BITS), BITS)
        e = to_float(f, BITS)
        return e * to_float((1 << BITS) + f + to_fixed(x, BITS), BITS) / (1.0 + e) / (1.0 + e)
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
        f = fixed_exp(to_fixed(x, BITS), BITS)
        one = 1 << BITS
        g = (f * f >> BITS) + 2 * f + 2 * one
        total = (f + 2 * one) * g + 4 * to_fixed(x, BITS) * (f + one) >> BITS
        d = to_float(g, BITS)
        return to_float(f, BITS) * to_float(total, BITS) / (d * d)
    if x > -700.0:
        e = _exp(x)
        d = 2.0 + e * (e + 2.0)
        return e * ((e + 2.0) * d + 4.0 * x * (e + 1.0)) / (d * d)
    half = _exp(0.5 * x)
    return half * (1.0 + x) * half
