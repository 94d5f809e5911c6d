"""Corrections of a mistake: edits of the source, or none where it is not sure what was meant.

A correction is what the hint says, for the whole program: ``repair`` makes programs of them.
"""

from __future__ import annotations

from backpropcli.language.mistakes.templates import names_in, variables_in
from backpropcli.language.mistakes.words import SIGNS, VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.errors import Edit
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.mistakes.operands import Part
    from backpropcli.language.mistakes.place import Place

Fixes = tuple[list["Edit"], ...]
"""Alternatives, each of which corrects the mistake."""


def applied(text: str, edits: list[Edit]) -> str:
    """Return ``text`` with edits that do not overlap; those at one place in the given order."""
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def one(*edits: Edit) -> Fixes:
    """Return the one correction that all of ``edits`` are; none if a place is unknown."""
    return () if any(start < 0 for start, _, _ in edits) else ([*edits],)


def instead(text: str) -> Callable[[Place], Fixes]:
    """Return the correction that puts ``text`` in place of the word at the mistake."""
    return lambda place: one((place.at, place.end, text))


def instead_of_both(text: str) -> Callable[[Place], Fixes]:
    """Return the correction that puts ``text`` in place of the last word and the one here."""
    return lambda place: one((place.last_start, place.end, text))


def without(place: Place) -> Fixes:
    """Leave out the word at the mistake."""
    return one((place.at, place.end, ""))


def without_last(place: Place) -> Fixes:
    """Leave out the word before the mistake."""
    return one((place.last_start, place.last_end, ""))


def over(first: Part, last: Part, text: str) -> Fixes:
    """Return the correction that puts ``text`` in place of all from one operand to another.

    In ``text`` the operands themselves are {0} and {1}, whole.
    """
    return one((first.start, last.end, text)) if first.start >= 0 <= last.start else ()


def whole(place: Place, part: Part) -> str:
    """Return all of an operand's text, however long it is."""
    return place.source[part.start : part.end]


def times(builder: Expressions, left: str, right: str) -> str:
    """Return the sign of a product: @ where a matrix is one of two arrays, "" if that is open."""
    if ".T" in left + right:
        return "@"
    axes = [most_axes(builder, left), most_axes(builder, right)]
    if max(axes) > 1 and any(_is_open(builder, text) for text in (left, right)):
        return ""
    return "@" if all(axes) and max(axes) > 1 else "*"


def _is_open(builder: Expressions, text: str) -> bool:
    """Say whether a text has names of which nothing is known."""
    return not {*variables_in(text)} <= {*builder.bound}


def most_axes(builder: Expressions, text: str) -> int:
    """Return how many axes the values have at most that a text names, so far as they are known."""
    value = getattr(builder.bound, "get", None)
    if value is None:
        return 0
    return max([len(getattr(value(name), "shape", ())) for name in names_in(text)], default=0)


def operator_before(place: Place, start: int) -> tuple[str, int]:
    """Return the kind of the operator before ``start``, and where its operand begins.

    Signs before it belong to the operand.
    """
    words = place.before
    at = place.index(start) - 1
    while at >= 0 and words[at][0] in SIGNS and (not at or words[at - 1][0] not in VALUES):
        start = words[at][1]
        at -= 1
    return (words[at][0] if at >= 0 else "", start)
