"""Fixed-point arithmetic: a number ``t`` stands for ``t / 2^p``, in integers of any length."""

from __future__ import annotations

import math
from math import inf

BITS = 200
"""The fraction bits of most words' fixed point."""
PI = 5048344754617993871973410141242436836214643421488662971535368


def to_fixed(x: float, p: int) -> int:
    """Return x in fixed point with p fraction bits (exact where x has no more of them)."""
    numerator, denominator = x.as_integer_ratio()
    return (numerator << p) // denominator


def to_float(t: int, p: int) -> float:
    """Return the float nearest to t / 2^p."""
    try:
        return t / (1 << p)
    except OverflowError:
        return inf if t > 0 else -inf


def ratio(a: int, b: int) -> float:
    """Return the float nearest to a/b."""
    try:
        return a / b
    except OverflowError:
        return inf if (a > 0) == (b > 0) else -inf


def fixed_exp(t: int, p: int) -> int:
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


def fixed_log(t: int, p: int) -> int:
    """Return log in fixed point: Halley's iteration, which triples the digits each time."""
    shift = t.bit_length() - 53
    guess = math.log(t >> shift if shift > 0 else t << -shift) + (shift - p) * math.log(2.0)
    y = to_fixed(guess, p)
    digits = 44
    while True:
        e = fixed_exp(y, p)
        y += ((t - e) << (p + 1)) // (t + e)
        digits *= 3
        if digits > p + 16:
            return y


def fixed_sine_cosine(t: int, p: int) -> tuple[int, int]:
    """Return the sine and the cosine in fixed point: Taylor's series, for small angles."""
    square = t * t >> p
    sine = odd = t
    cosine = even = 1 << p
    k = 0
    while odd not in (0, -1) or even not in (0, -1):
        k += 2
        even = -((even * square >> p) // (k * (k - 1)))
        odd = -((odd * square >> p) // (k * (k + 1)))
        cosine += even
        sine += odd
    return sine, cosine


def fixed_pi(p: int) -> int:
    """Return pi in fixed point: Machin's formula 16 atan(1/5) - 4 atan(1/239)."""
    total = 0
    for factor, base in ((16, 5), (-4, 239)):
        term = (factor << (p + 16)) // base
        k = 1
        while term not in (0, -1):
            total += term // k
            term = -(term // (base * base))
            k += 2
    return total >> 16
