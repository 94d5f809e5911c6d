"""Floats as people read them: the one place that writes a double in decimals for a person."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from decimal import Context, Decimal
    from typing import Any

WHOLE = 1e15
"""Below this a double has digits behind the point: one that is whole is no rounded number."""


LEAST = -5
"""The exponent of ten below which a number is written with it."""


LONG, ENDS = 35, 5
"""Digits of a number that is shown whole where another differs in the last; else so many ends."""
UNKNOWN = "?"


class Digits:
    """How many digits of a result are proved: ``count``; 0 where it has the nearest doubles.

    ``notes`` are sentences about those that are not proved, and about kinks; ``floats`` says what
    floats had where that is another double.
    """

    __slots__ = ("count", "floats", "notes", "passed")

    def __init__(self, count: int) -> None:
        self.count = count
        self.notes: list[str] = []
        self.floats: list[tuple[str, float]] = []
        self.passed: frozenset[int] = frozenset()


class Proved(float):
    """The double nearest to a number, and its ``text`` in the digits that are proved."""

    __slots__ = ("text",)

    text: str

    @classmethod
    def of(cls, text: str) -> Proved:
        """Return a number with this text; of ``UNKNOWN`` no digit is proved."""
        found = cls("nan" if text == UNKNOWN else text)
        found.text = text
        return found

    def __abs__(self) -> Proved:
        return Proved.of(self.text.removeprefix("-"))

    def __reduce__(self) -> tuple[object, ...]:
        return Proved.of, (self.text,)


def unproved(value: float) -> bool:
    """Say whether no digit is proved of a number whose digits were asked for."""
    return type(value) is Proved and value.text == UNKNOWN


def finite(value: float) -> bool:
    """Say whether a number is finite: one with a text of its own may be beyond doubles."""
    if type(value) is Proved:
        return value.text != UNKNOWN and value.text.lstrip("-")[0].isdigit()
    return value - value == 0


def number(value: float, digits: int = 6) -> str:
    """Return a computed number: whole ones whole, others to ``digits`` significant digits.

    Only where zeros would be invented stands an exponent: from ``10^digits`` on and below 1e-4.
    """
    if type(value) is Proved:
        return value.text
    if -WHOLE < value < WHOLE and value == int(value):
        return f"{int(value)}"  # and no -0
    return short(f"{value:.{digits}g}")


def place(value: float, digits: int = 6) -> str:
    """Return a coordinate: in all its digits where fewer would make a rounder number of it."""
    text = number(value, digits)
    kept = len(text.partition("e")[0].strip("-0.").replace(".", ""))
    return text if kept >= digits or float(text) == value else repr(value)


def brief(value: Any, digits: int = 6) -> str:  # noqa: ANN401 (a number of many digits)
    """Return a number of mpmath's, which a double may not hold."""
    from mpmath import nstr

    return short(str(nstr(value, digits)).replace(".0e", "e").removesuffix(".0"))


def factor(value: float) -> str:
    """Return a factor that is no short number: in as many digits as show that, at least six."""
    texts = ((digits, number(value, digits)) for digits in range(6, 18))
    return next((text for digits, text in texts if _figures(text) == digits), repr(value))


def _figures(text: str) -> int:
    """Return how many digits a number is written in."""
    return len(text.partition("e")[0].lstrip("-0.").replace(".", ""))


def typed(value: float) -> str:
    """Return a number that a person typed, with all digits that it was typed with."""
    return "0" if value == 0 else short(float.__repr__(value).removesuffix(".0"))


def spelled(value: Decimal, digits: int) -> str:
    """Return a decimal that is rounded to ``digits``, without zeros at its end."""
    if not value:
        return "0"
    if LEAST < value.adjusted() < digits:
        text = f"{value:f}"
        return text.rstrip("0").removesuffix(".") if "." in text else text
    sign, parts, _ = value.as_tuple()  # normalize() would round to 28 digits
    head, rest = str(parts[0]), "".join(map(str, parts[1:])).rstrip("0")
    return f"{'-' * sign}{head}{rest and f'.{rest}'}e{value.adjusted()}"


def decimal(value: Decimal, digits: int) -> str:
    """Return a decimal as ``number`` writes a double: whole ones whole."""
    if not value.is_finite() or (-WHOLE < value < WHOLE and value == int(value)):
        return number(float(value))
    return spelled(rounded(value, digits), digits)


def told_apart(one: str, other: str, digits: int = 6) -> tuple[str, str]:
    """Return two decimals in so many digits, or as many as it takes to see that they differ.

    Of a great many digits that are the same only the first are shown, and the last.
    """
    from decimal import Decimal

    first, second = Decimal(one), Decimal(other)
    for count in range(digits, max(digits, len(one), len(other)) + 1):
        if rounded(first, count) != rounded(second, count):
            break

    def ends(value: Decimal) -> str:
        text = decimal(value, count)
        head, mark, exponent = text.partition("e")
        return f"{head[: digits + 2]}…{head[-ENDS:]}{mark}{exponent}" if len(head) > LONG else text

    return ends(first), ends(second)


def wide(digits: int) -> AbstractContextManager[Context]:
    """Return the context of decimals with so many digits, and of any size."""
    from decimal import MAX_EMAX, MIN_EMIN, Context, localcontext

    return localcontext(Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN))


def rounded(value: Decimal | str, digits: int) -> Decimal:
    """Return a decimal, whatever its size, rounded to so many digits."""
    from decimal import Decimal

    with wide(digits):
        return +Decimal(value)


def short(text: str) -> str:
    """Return ``text`` with its exponent, if it has one, as people type it: 1e-7 and 1e20."""
    mantissa, power, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if power else text
