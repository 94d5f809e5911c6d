"""Ranges of variables, as --range says them."""

from __future__ import annotations

from fractions import Fraction

from backpropcli.calculus import bindings
from backpropcli.errors import SourceError
from backpropcli.language.names import hint_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

RANGE = "--range"
EXAMPLE = f"a range is written as in {RANGE} x=0.1..3"


def ranges(texts: Iterable[str], known: Collection[str]) -> dict[str, tuple[Fraction, Fraction]]:
    """Return the ranges that texts such as "x=0.1..3" say, by name. Raises SourceError."""
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for text in texts:
        name, equals, rest = text.partition("=")
        name = name.strip()
        low, dots, high = rest.partition("..")
        if not equals or not dots or not name.isidentifier():
            raise SourceError("this is no range", text, 0, len(text), _as_range(text), RANGE)
        if name not in known:
            hint = hint_for(name, known, f"it has: {', '.join(known)}")
            raise SourceError(f"there is no '{name}'", text, 0, len(name), hint, RANGE)
        if name in found:
            raise SourceError(f"{name} has a range already", text, 0, len(name), "keep one", RANGE)
        start = len(text) - len(rest)
        ends = _end(text[: start + len(low)], start), _end(text, len(text) - len(high))
        if ends[0] > ends[1]:
            hint = f"write {RANGE} {name}={high.strip()}..{low.strip()}"
            raise SourceError("this range is empty", text, start, len(text), hint, RANGE)
        found[name] = ends
    return found


def _as_range(text: str) -> str:
    """Return what to write for x=1:3, x=[1, 3] or x=1,3; an example for anything else."""
    name, _, rest = text.partition("=")
    ends = [end.strip() for end in rest.strip(" ()[]").replace(":", ",").split(",")]
    if len(ends) == 2 and all(ends) and name.strip().isidentifier():  # noqa: PLR2004 (two ends)
        return f"write {RANGE} {name.strip()}={ends[0]}..{ends[1]}"
    return EXAMPLE


def _end(text: str, start: int) -> Fraction:
    """Return the number from ``start`` on in a text."""
    if not text[start:].strip():
        raise SourceError("a range has two ends", text, 0, len(text), EXAMPLE, RANGE)
    number = bindings.value(text, start, RANGE)
    if not isinstance(number, float) or not bindings.is_finite(number):
        raise SourceError(
            "an end of a range is a finite number", text, start, len(text), EXAMPLE, RANGE
        )
    return Fraction(repr(float(number)))
