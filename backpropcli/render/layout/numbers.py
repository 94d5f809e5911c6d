"""Numbers as they are set: in columns with one decimal point, and in sums that hold as printed."""

from __future__ import annotations

from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Ratio = tuple[int, int]

EQUAL, NEARLY = "=", "≈"
MOST_POWER = 64


def pointed(texts: Iterable[str]) -> list[str]:
    """Return the texts of one column, to be set to the right: numbers padded to one decimal point.

    What is no number (a reason, a dot, "") stays as it is.
    """
    cells = list(texts)
    tails = [len(cell) - _point(cell) if is_number(cell) else 0 for cell in cells]
    longest = max(tails, default=0)
    return [
        cell + " " * (longest - tail) if is_number(cell) else cell
        for cell, tail in zip(cells, tails, strict=True)
    ]


def is_number(text: str) -> bool:
    """Say whether ``text`` is that of a float."""
    return text.lstrip("-.")[:1].isdecimal() or text.lstrip("-") in {"inf", "nan"}


def _point(text: str) -> int:
    """Return where the decimal point of a number stands, or would stand."""
    place = text.find(".")
    if place < 0:
        place = text.lower().find("e")
    return len(text) if place < 0 else place


def total(value: float, terms: Sequence[float], digits: int, most: int) -> str:
    """Return " = 3 + 3": what a number is the sum of; "" for one term.

    Of more than ``most`` terms the rest is told by its count. A sum that does not hold in the
    digits printed has a sign of its own.
    """
    if len(terms) <= 1:
        return ""
    texts = [number(term, digits) for term in terms]
    sign = EQUAL if adds_up(number(value, digits), texts) else NEARLY
    shown = added(texts[:most])
    left = len(terms) - most
    return f" {sign} {shown}" + (f" + … ({left:,} more)" if left > 0 else "")


def added(texts: Sequence[str]) -> str:
    """Return a sum of printed numbers: "1.5 - 0.5 + 2.117"."""
    first, *rest = texts
    return first + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in rest)


def adds_up(total: str, terms: Sequence[str]) -> bool:
    """Say whether the sum of printed numbers is just the printed ``total``."""
    pairs = [pair for text in (total, *terms) if (pair := _scaled(text))]
    if len(pairs) <= len(terms):
        return True  # nan and infinities
    least = min(exponent for _, exponent in pairs)
    found, *parts = [digits * 10 ** (exponent - least) for digits, exponent in pairs]
    return bool(found == sum(parts))


def _scaled(text: str) -> tuple[int, int] | None:
    """Return a printed number as (digits, power of ten); None for what is not finite."""
    mantissa, _, exponent = text.lower().replace("_", "").partition("e")
    whole, _, part = mantissa.partition(".")
    if not (whole + part).lstrip("-").isdecimal():
        return None
    return int(whole + part), int(exponent or 0) - len(part)


def relation(value: float, text: str, made: Ratio | None, *, whole: bool) -> str:
    """Return the sign between an expression of printed numbers and the printed result ``text``.

    ``made`` is what the expression comes to, if that is a fraction for certain. If not, they are
    equal where no digit was lost in print: none of the result, nor (``whole``) of its parts.
    """
    if value - value != 0:
        return EQUAL
    told = exact(text)
    if made is None or told is None:
        return EQUAL if whole and float(text) == value else NEARLY
    return EQUAL if made[0] * told[1] == told[0] * made[1] else NEARLY


def printed(value: float, text: str) -> str:
    """Return the sign between what a value is of and its printed ``text``.

    They are equal where print lost none of the 15 digits that a double holds of any number.
    """
    held, shown = (float(f"{one:.15g}") for one in (value, float(text)))
    return EQUAL if value - value != 0 or held == shown else NEARLY


def exact(text: str) -> Ratio | None:
    """Return a printed number as a fraction; None for nan and infinities."""
    pair = _scaled(text)
    if pair is None:
        return None
    digits, exponent = pair
    return (digits * 10**exponent, 1) if exponent > 0 else (digits, 10**-exponent)


def compute(operation: str, inputs: Sequence[Ratio | None]) -> Ratio | None:
    """Return what an operation makes of fractions, if that is a fraction for certain."""
    rule = ARITHMETIC.get(operation)
    return rule(*inputs) if rule and all(inputs) else None


def _power(base: Ratio, exponent: Ratio) -> Ratio | None:
    """Return a small whole power of a fraction."""
    power, rest = divmod(exponent[0], exponent[1])
    if rest or abs(power) > MOST_POWER or (power < 0 and not base[0]):
        return None
    above, below = base if power >= 0 else base[::-1]
    return above ** abs(power), below ** abs(power)


ARITHMETIC: dict[str, Callable[..., Ratio | None]] = {
    "add": lambda x, y: (x[0] * y[1] + y[0] * x[1], x[1] * y[1]),
    "sub": lambda x, y: (x[0] * y[1] - y[0] * x[1], x[1] * y[1]),
    "mul": lambda x, y: (x[0] * y[0], x[1] * y[1]),
    "neg": lambda x: (-x[0], x[1]),
    "div": lambda x, y: (x[0] * y[1], x[1] * y[0]) if y[0] else None,
    "pow": _power,
}
"""Operations that make fractions of fractions."""
