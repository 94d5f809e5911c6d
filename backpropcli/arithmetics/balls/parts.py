"""Middles with their radii in the parts that mpmath has: sums, products, quotients.

A middle is rounded to the precision at hand, and a radius upwards, to a few bits.
"""

from __future__ import annotations

from mpmath import mp
from mpmath.libmp import fzero, mpf_abs, mpf_add, mpf_div, mpf_mul, mpf_sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Parts = Any
    """A number as mpmath has it: its sign, mantissa, exponent, and the mantissa's bits."""
    Blurred = tuple[Parts, Parts]
    """A middle and its radius."""

ROUGH = 30
"""Bits of a radius, which is rounded up."""


def unit(middle: Parts) -> Parts:
    """Return how far a number of the precision at hand is rounded, at most: a power of 2."""
    _, mantissa, power, bits = middle
    return (0, 1, power + bits + 1 - mp.prec, 1) if mantissa else fzero


def _rounded(middle: Parts, radius: Parts) -> Blurred:
    """Return a result that is rounded, with its radius."""
    found = unit(middle)
    return middle, found if radius == fzero else mpf_add(radius, found, ROUGH, "u")


def total(one: Parts, blur: Parts, other: Parts, more: Parts) -> Blurred:
    """Return a sum."""
    radius = blur if more == fzero else mpf_add(blur, more, ROUGH, "u")
    return _rounded(mpf_add(one, other, mp.prec, "n"), radius)


def product(one: Parts, blur: Parts, other: Parts, more: Parts) -> Blurred:
    """Return a product."""
    radius = fzero
    if more != fzero:
        radius = mpf_mul(mpf_abs(one, ROUGH, "u"), more, ROUGH, "u")
    if blur != fzero:
        reach = mpf_add(mpf_abs(other, ROUGH, "u"), more, ROUGH, "u")
        radius = mpf_add(radius, mpf_mul(reach, blur, ROUGH, "u"), ROUGH, "u")
    return _rounded(mpf_mul(one, other, mp.prec, "n"), radius)


def quotient(above: Parts, blur: Parts, below: Parts, more: Parts) -> Blurred:
    """Return a quotient by what is not around 0."""
    middle = mpf_div(above, below, mp.prec, "n")
    if more != fzero:
        spread = mpf_mul(mpf_abs(middle, ROUGH, "u"), more, ROUGH, "u")
        blur = mpf_add(blur, spread, ROUGH, "u")
    if blur != fzero:
        blur = mpf_div(blur, mpf_sub(mpf_abs(below), more, ROUGH, "d"), ROUGH, "u")
    return _rounded(middle, blur)
