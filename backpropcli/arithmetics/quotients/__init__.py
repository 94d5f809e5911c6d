"""Quotients of polynomials: an arithmetic in which a 0 is one wherever the expression has a value.

A letter is a variable, or what is no sum, product, quotient or whole power: log(x), or sqrt(x).
Numbers are exact.
"""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.quotients import letters, quotient
from backpropcli.arithmetics.quotients.quotient import ONE, UNIT, Quotient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.graph.row import Row

INFIX: dict[str, str] = {}
add, mul = quotient.add, quotient.mul


def constant(text: str) -> Quotient:
    """Return a number, of a rule's text, or the letter of a constant that ``text`` names."""
    try:
        value = Fraction(text)
    except ValueError:
        return letters.exp(ONE) if text == "e" else letters.letter_of(text)
    return Quotient({UNIT: value} if value else {})


def double(value: float) -> Quotient:
    """Return the decimal that a literal is written as."""
    return constant(repr(value))


def word(row: Row) -> Callable[..., Quotient] | None:
    """Return what makes a letter of an operation; None for one that the row expands."""
    if row.expand is not None and "where" not in row.expand.text:
        return None

    def found(*inputs: Quotient, arg: object = None) -> Quotient:
        return letters.letter_of((row.name, arg, *[one.key for one in inputs]))

    return found


WORDS: dict[str, Callable[..., Any]] = {
    "add": quotient.add,
    "sub": quotient.sub,
    "mul": quotient.mul,
    "neg": quotient.neg,
    "div": quotient.div,
    "pow": letters.power,
    "sqrt": letters.root,
    "abs": letters.absolute,
    "sin": letters.sin,
    "cos": letters.cos,
    "tan": lambda x: quotient.div(letters.sin(x), letters.cos(x)),
    "erf": letters.erf,
    "erfc": lambda x: quotient.sub(ONE, letters.erf(x)),
    "exp": letters.exp,
    "expm1": lambda x: quotient.sub(letters.exp(x), ONE),
    "cosh": lambda x: letters.half(x, 1),
    "sinh": lambda x: letters.half(x, -1),
    "tanh": lambda x: quotient.div(letters.half(x, -1), letters.half(x, 1)),
    "name": lambda x: x,
}
