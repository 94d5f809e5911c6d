"""Arithmetic that knows how far it is right: rationals, and balls where there is none.

Radii of functions come from the function at the edges of its inputs, so they are estimates, not
bounds. What a radius leaves open, such as a comparison of balls that overlap, is ``UNKNOWN``. A
literal is the decimal that it is written as: 0.1 is 1/10. The precision is mpmath's own.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from operator import neg

import mpmath
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.balls import ball, choices, functions, powers, steps
from backpropcli.graph.operations import COMPARED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

INFIX: dict[str, str] = {}
add, mul = ball.add, ball.mul
PIS = {"pi": Fraction(1), "tau": Fraction(2)}


@lru_cache(4096)
def decimal(text: str) -> Fraction:
    """Return the number that a decimal is; a program's are asked for in each of its passes."""
    return Fraction(text)


def constant(text: str) -> ball.Number:
    """Return the number that ``text`` names: a decimal, or one of pi, e, tau, inf and nan."""
    if text in {"inf", "nan"}:
        return ball.INF if text == "inf" else ball.NAN
    if text not in {"pi", "e", "tau"}:
        return decimal(text)
    with mp.workdps(max(digits.CONSTANT_DIGITS, mp.dps)):
        number = ball.rounded(digits.constant(text), mpf(0))
        return number if text == "e" else ball.of_pi(number, PIS[text])


def double(value: float) -> ball.Number:
    """Return the decimal that a literal is written as."""
    return constant(repr(value))


WORDS: dict[str, Callable[..., Any]] = {
    **{name: functions.function(name) for name in digits.WORDS},
    "add": ball.add,
    "sub": ball.sub,
    "mul": ball.mul,
    "div": powers.div,
    "neg": neg,
    "abs": choices.absolute,
    "sign": choices.sign_of,
    **{name: choices.compared(name) for name in COMPARED},
    "and": choices.both,
    "or": choices.either,
    "not": choices.negated,
    "where": choices.where,
    "max": choices.extreme(1),
    "min": choices.extreme(-1),
    "ties": choices.ties,
    "floor": steps.floor,
    "ceil": steps.step(lambda x: x.__ceil__(), mpmath.ceil),
    "round": steps.step(round, mpmath.nint),
    "cot": powers.cotangent,
    "mod": steps.mod,
    "fmod": steps.fmod,
    "sqrt": powers.sqrt,
    "hypot": powers.hypot,
    "atan2": functions.atan2,
    "pow": powers.power,
    "exp2": powers.exp2,
    "sg": lambda x: x,
}
