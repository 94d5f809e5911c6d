"""Floats as people read them: the one place that writes a double in decimals for a person."""

from __future__ import annotations

WHOLE = 1e15
"""Below this a double has digits behind the point: one that is whole is no rounded number."""


def number(value: float, digits: int = 6) -> str:
    """Return a computed number: whole ones whole, others to ``digits`` significant digits.

    Only where zeros would be invented stands an exponent: from ``10^digits`` on and below 1e-4.
    """
    if value == 0:
        return "0"  # and no -0
    if -WHOLE < value < WHOLE and value == int(value):
        return f"{int(value)}"
    return _short(f"{value:.{digits}g}")


def typed(value: float) -> str:
    """Return a number that a person typed, with all digits that it was typed with."""
    return "0" if value == 0 else _short(float.__repr__(value).removesuffix(".0"))


def _short(text: str) -> str:
    """Return ``text`` with its exponent, if it has one, as people type it: 1e-7 and 1e20."""
    mantissa, power, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if power else text
