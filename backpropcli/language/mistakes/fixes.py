"""Corrections of a mistake: edits of the source, or none where it is not sure what was meant.

A correction is what the hint says, for the whole program: ``repair`` makes programs of them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.errors import Edit
    from backpropcli.language.mistakes.source.place import Part, Place

Fixes = tuple[list["Edit"], ...]
"""Alternatives, each of which corrects the mistake."""
CHOSEN = "where({}, {}, {})"


def applied(text: str, edits: list[Edit]) -> str:
    """Return ``text`` with edits that do not overlap; those at one place in the given order."""
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def one(*edits: Edit) -> Fixes:
    """Return the one correction that all of ``edits`` are; none if a place is unknown."""
    return () if any(min(start, end) < 0 for start, end, _ in edits) else ([*edits],)


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


def over(form: str, *parts: Part) -> Fixes:
    """Return the correction that writes a form of operands in place of all that they span."""
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    return one((start, end, form.format(*[part.whole for part in parts])))
