"""The arithmetic of exact numbers and balls, which the coefficients of germs are.

What is exact stays so: sums, products, quotients, roots of squares, and functions where their
value is known to be a fraction (``KNOWN``). Trouble is a value here: ``where`` may not want it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.balls.functions import SATURATES
from backpropcli.arithmetics.digits.elementary import INF, KNOWN
from backpropcli.arithmetics.germs import balls, of_balls
from backpropcli.arithmetics.germs.balls import Ball, sign
from backpropcli.arithmetics.germs.of_balls import HALF, power
from backpropcli.arithmetics.germs.trouble import Behind, Outside, Pole, Trouble
from backpropcli.graph.operations import COMPARED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

INFIX: dict[str, str] = {}
QUARTERS = {"sin": (0, 1, 0, -1), "cos": (1, 0, -1, 0), "tan": (0, None, 0, None)}
"""What they are at multiples of pi/2."""
EVERYWHERE = {"sin", "cos", "sinc_slope", "sinc_derivative"}
"""Words of the digits that may be lost, and are finite at each number."""


def constant(text: str) -> Any:  # noqa: ANN401 (a number)
    """Return the number that ``text`` names."""
    if text in {"pi", "tau"}:
        return _pi(mp.prec) if text == "pi" else _pi(mp.prec).times(2)
    if text == "e":
        return of_balls.through(lambda: digits.constant(text))
    if text == "nan":
        return Outside("a number is nan")
    if text == "inf":  # conditions of rules compare with it
        return Ball(INF, mpf(0))
    return Fraction(text)


@cache
def _pi(_precision: int) -> Ball:
    """Return pi: one ball at each precision, so that its multiples are known to be that."""
    found: Ball = of_balls.through(lambda: digits.constant("pi"))
    return found


def double(value: float) -> Any:  # noqa: ANN401
    """Return a double exactly."""
    try:
        return balls.exact(value)
    except Outside as trouble:
        return trouble


def through(trouble: Trouble) -> Trouble:
    """Return what comes of Trouble in an operation: nan stays nan, infinity may become a number."""
    return Behind(trouble.reason) if isinstance(trouble, Pole) else trouble


def lazily(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with Trouble as a value, both given and found."""

    def lazy(*values: Any) -> Any:  # noqa: ANN401
        for value in values:
            if isinstance(value, Trouble):
                return through(value)
        try:
            return function(*values)
        except Trouble as trouble:
            return trouble

    return lazy


def _function(name: str, digit: Callable[..., Any]) -> Callable[..., Any]:
    known = KNOWN.get(name, {})

    def function(*numbers: Any) -> Any:  # noqa: ANN401
        number = numbers[0]
        if not isinstance(number, Ball) and number in known:
            return known[int(number)]
        if name in QUARTERS and isinstance(number, Ball) and number.unit is _pi(mp.prec):
            turns = Fraction(2 * number.factor)
            if turns.denominator == 1 and QUARTERS[name][int(turns) % 4] is not None:
                return QUARTERS[name][int(turns) % 4]
        return of_balls.through(
            digit, *numbers, saturates=name in SATURATES, total=name in EVERYWHERE
        )

    return function


def _words() -> dict[str, Callable[..., Any]]:
    """Return the words: those of exact numbers, and the digits' own through balls."""
    words: dict[str, Callable[..., Any]] = {
        name: _function(name, function) for name, function in digits.WORDS.items()
    }
    words |= {name: _compared(holds) for name, holds in COMPARED.items()} | {
        "add": lambda x, y: balls.shorter(x + y),
        "sub": lambda x, y: balls.shorter(x - y),
        "mul": lambda x, y: balls.shorter(x * y),
        "neg": lambda x: -x,
        "div": of_balls.quotient,
        "pow": power,
        "and": lambda x, y: int(bool(x) and bool(y)),
        "or": lambda x, y: int(bool(x) or bool(y)),
        "not": lambda x: int(not x),
        "abs": lambda x: -x if sign(x) < 0 else x,
        "sign": sign,
        "floor": of_balls.floor,
        "sqrt": lambda x: power(x, HALF),
        "hypot": lambda x, y: power(x * x + y * y, HALF),
    }
    return {name: lazily(function) for name, function in words.items()} | {"where": _choice}


def _compared(holds: Callable[[int, int], bool]) -> Callable[..., int]:
    return lambda x, y: int(holds(sign(x - y), 0))


def _choice(condition: Any, one: Any, other: Any) -> Any:  # noqa: ANN401
    """Return the branch taken; the other one may be Trouble."""
    return lazily(lambda c: one if c else other)(condition)


WORDS = _words()
