"""Names with points between them: where they begin and end."""

from __future__ import annotations

from backpropcli.graph.arrays import REDUCED, WORDS
from backpropcli.graph.operations import NAMES
from backpropcli.language.scanner import CLOSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.slip import Span
    from backpropcli.language.mistakes.source.place import Place


def is_known(name: str) -> bool:
    """Say whether a function of the language has this name."""
    return name in NAMES or name in WORDS or name in REDUCED


def between_names(place: Place) -> bool:
    """Say whether the point at the mistake stands between a value and a name."""
    return place.last in CLOSING | {"NAME"} and place.adjacent and place.next(1) == "NAME"


def dotted(place: Place) -> Span:
    """Return the place of what is before the point, and of the name behind it."""
    factor = place.left.factor  # of a long one only the last word is shown
    return factor.start if factor else place.last_start, place.ahead[1][2]


def last_part(place: Place) -> int:
    """Return the number of the last name of a.b.c, whose first name stands before the mistake."""
    index = 1
    while place.next(index + 1) == "DOT" and place.next(index + 2) == "NAME":
        index += 2
    return index


def parts(place: Place) -> list[str]:
    """Return the names of a.b.c, whose first name stands before the mistake."""
    return [place.last_word, *[place.word_at(at) for at in range(1, last_part(place) + 1, 2)]]


LISTED = "'backprop functions' lists them all"
