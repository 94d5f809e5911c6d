"""Expressions of SymPy's as numbers of mpmath's.

They are walked, each part once: to compile one takes SymPy longer than all else that is done to it.
"""

from __future__ import annotations

from functools import cache
from math import prod

import sympy
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.digits.elementary import HUGE
from backpropcli.report.digits.numbers import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Item = Any
    """An expression of SymPy's, or a number of mpmath's: these have no types."""


def _delta(x: Item, _order: int = 0) -> Item:
    """Return Dirac's delta: 0, but for the point where it is no number."""
    return mpf(0) if x else mp.nan


def _exp(x: Item) -> Item:
    """Return exp; 0 for what is too small to be written, as mpmath's own breaks off there."""
    return mpf(0) if isinstance(x, mpf) and x < -HUGE else mp.exp(x)


def _erfc(x: Item) -> Item:
    """Return erfc; 0 for what is too small to be written."""
    return mpf(0) if isinstance(x, mpf) and x > HUGE else mp.erfc(x)


POLYGAMMA = digits.WORDS["polygamma"]
OWN = {
    "DiracDelta": _delta,
    "exp": _exp,
    "erfc": _erfc,
    "polygamma": POLYGAMMA,
    "digamma": lambda x: POLYGAMMA(mpf(0), x),
}
"""Functions that mpmath has not, or that break off or never end there: it steps up from -1e10."""


def evaluated(expression: Item, known: Mapping[Item, Item]) -> Item:
    """Return the value of an expression at the working precision; ``known`` has its symbols."""
    values = dict(known)
    stack = [expression]
    while stack:
        part = stack[-1]
        below = [one for one in part.args if one not in values]
        if below:
            stack += below
            continue
        stack.pop()
        if part not in values:
            values[part] = _value(part, [values[one] for one in part.args])
    return values[expression]


def _value(part: Item, inputs: list[Item]) -> Item:
    if part.is_Rational:
        return mpf(part.p) / part.q
    if part.is_Add:
        return sum(inputs, mpf(0))
    if part.is_Mul:
        return prod(inputs, start=mpf(1))
    if part.is_Pow:
        return inputs[0] ** inputs[1]
    return _word(part.func if inputs else part, len(inputs))(*inputs)


@cache
def _word(of: Item, count: int) -> Callable[..., Item]:
    """Return a function of SymPy's, or a constant, as one of numbers."""
    symbols = [sympy.Dummy(f"x{place}", real=True) for place in range(count)]
    return sympy.lambdify(symbols, of(*symbols) if count else of, modules=[OWN, "mpmath"])  # type: ignore[no-any-return]


def real(compute: Callable[[], Item]) -> Item:
    """Return what is computed as a real number; None where it is none."""
    try:
        found = mp.mpmathify(compute())
    except (ZeroDivisionError, ValueError, OverflowError, NameError):
        return None  # a NameError is a function of SymPy's that mpmath has not
    if isinstance(found, mp.mpc):
        return found.real if abs(found.imag) <= NOTHING else None
    return found
