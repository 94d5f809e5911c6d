"""Why one operation has a value that is not finite, in words: by what it truly is there."""

from __future__ import annotations

from math import inf, isfinite

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.arithmetics.rounded import Format
    from backpropcli.graph.row import Row


class Spot:
    """An operation at numbers: its row, value and text, and its inputs' values and texts.

    ``said`` are the inputs whose values a sentence gives: literals say their own.
    """

    __slots__ = ("given", "row", "said", "text", "texts", "value")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        row: Row,
        value: float,
        given: Sequence[float],
        text: str,
        texts: Sequence[str],
        said: Sequence[bool],
    ) -> None:
        self.row = row
        self.value = value
        self.given = given
        self.text = text
        self.texts = texts
        self.said = said


def beyond(text: str, value: float, given: Format) -> str:
    """Say that a number is too large for a format."""
    literal = text.lstrip("-")[:1].isdigit()
    what = " is too large:" if literal else f" is {value:.6g}, and"
    return f"overflow: {text}{what} {given.name} ends at {given.largest:.6g}"


def why(spot: Spot, true: Sequence[Any]) -> str:
    """Say why an operation is not finite at finite inputs.

    ``true`` are what its value and its inputs truly are, None where that is not known.
    """
    row, text, value = spot.row, spot.text, spot.value
    if true[0] is not None and -inf < true[0] < inf:
        return _rounded(spot, true)
    if not _inside(spot):
        return _outside(spot)
    if row.name == "div":
        return "0/0 has no value" if value != value else "division by zero"  # noqa: PLR0124
    if value != value:  # noqa: PLR0124 (nan)
        return f"{text} has no value here"
    if row.overflows and not (true[0] is not None and row.name in {"pow", "gamma"}):
        return f"overflow: {text} is larger than 1.7977e308, where doubles end"
    return f"{text} has a pole here: it grows without bound"


def _inside(spot: Spot) -> bool:
    """Say whether an operation has a value at its inputs as they are in floats."""
    row = spot.row
    if row.variadic or row.domain is None:
        return True
    return bool(by_input(row, [row.domain], floats)(spot.value, *spot.given)[0])


def _rounded(spot: Spot, true: Sequence[Any]) -> str:
    """Say what rounding makes of an operation that truly is finite."""
    pairs = [
        pair for pair in zip(spot.texts, spot.given, true[1:], strict=True) if pair[2] is not None
    ]
    large = not isfinite(float(true[0]))
    overflows = large and _inside(spot) and all(spot.given)
    for what, here, there in () if overflows else pairs:
        if float(there) != here:
            return f"rounding: {what} is {_brief(there)}, but {_number(here)} in floats"
        if there and not here:
            return f"underflow: {what} is {_brief(there)}, but 0 in floats"
    for what, here, there in () if large else pairs:
        if there != here:
            sign, gap, shown = (
                "-" if there < here else "+",
                _brief(abs(there - here)),
                _number(here),
            )
            return f"rounding: {what} is {shown} {sign} {gap}, but {shown} in floats"
    return f"overflow: {spot.text} is {_brief(true[0])}, and doubles end at 1.7977e308"


def _outside(spot: Spot) -> str:
    """Say what a node needs to have a value, and what its inputs are, in the user's words."""
    from backpropcli.language.scanner import tokens  # noqa: PLC0415 (rare)

    row = spot.row
    known = dict(zip(row.parameters, spot.texts, strict=True))
    said, at = "", 0
    for terminal, start, end in tokens(row.exists):
        word = row.exists[start:end]
        said += row.exists[at:start] + (known.get(word, word) if terminal == "NAME" else word)
        at = end
    here = " and ".join(
        f"{what} is {_number(value)}"
        for what, (value, said) in dict(
            zip(spot.texts, zip(spot.given, spot.said, strict=True), strict=True)
        ).items()
        if said
    )
    return f"{spot.text} needs {said}" + (f", but {here}" if here else "")


def _number(value: float) -> str:
    """Return a float with six digits, or all it has where six are not what it is."""
    short = f"{value:.6g}"
    return short if float(short) == value else repr(value)


def _brief(number: Any) -> str:  # noqa: ANN401 (a number of many digits)
    from mpmath import nstr

    return str(nstr(number, 6))


def indeterminate(row: Row, given: Sequence[float]) -> str:
    """Say why ``row`` makes nan from infinite inputs."""
    shown = [repr(item) for item in given]
    if row.infix and len(shown) == 2:  # noqa: PLR2004
        return f"{shown[0]} {row.infix} {shown[1]} has no value"
    return f"{row.name}({', '.join(shown)}) has no value"
