"""The order in which mistakes are looked for, where a word or a character cannot stand."""

from __future__ import annotations

from backpropcli.language.mistakes.elsewhere.languages import CHOICE
from backpropcli.language.mistakes.elsewhere.notations import notation
from backpropcli.language.mistakes.fixes import one
from backpropcli.language.mistakes.misplaced.arguments import ARGUMENTS
from backpropcli.language.mistakes.misplaced.assigning import ASSIGNING
from backpropcli.language.mistakes.misplaced.brackets import BRACKETS, ELEMENTS
from backpropcli.language.mistakes.misplaced.characters import CHARACTERS
from backpropcli.language.mistakes.misplaced.definitions import DEFINITIONS
from backpropcli.language.mistakes.misplaced.equations import EQUATIONS
from backpropcli.language.mistakes.misplaced.foreign import FOREIGN
from backpropcli.language.mistakes.misplaced.grouping import POWERS
from backpropcli.language.mistakes.misplaced.lacking import LACKING, NAMING
from backpropcli.language.mistakes.misplaced.numbers import BREAKING_OFF, NUMBERS
from backpropcli.language.mistakes.misplaced.pairs import PAIRS
from backpropcli.language.mistakes.misplaced.parentheses import COMMAS, PARENTHESES
from backpropcli.language.mistakes.misplaced.points import point
from backpropcli.language.mistakes.misplaced.products import PRODUCTS
from backpropcli.language.mistakes.misplaced.quotes import COLONS, OTHERS, QUOTATIONS, QUOTES
from backpropcli.language.mistakes.misplaced.signs import FOREIGN_SIGNS
from backpropcli.language.mistakes.slip import Pattern, explained, last
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.language.builder.expressions import Expressions


def _range(place: Place) -> str:
    return f"arange({place.last_word}, {int(place.right.word) + 1})"


COLON_RANGE = Pattern(
    "a range with a colon", "sum(1:10)",
    "':' is not an operator",
    "for the whole numbers from {last_word} to {right.word} write {range}",
    instead="sum(arange(1, 11))", after={"NUMBER"}, at={"COLON"}, then={"NUMBER"},
    when=lambda place: place.last_word.isdecimal() and place.right.word.isdecimal(),
    fill=lambda place: {"range": _range(place)},
    fix=lambda place: one((place.last_start, place.ahead[1][2], _range(place))),
)  # fmt: skip
SCOPED = Pattern(
    "a name of a library with ::", "std::exp(x)",
    "'::' is not part of the language", "leave '{scope}' out",
    instead="exp(x)", after={"COLON"}, at={"COLON"}, then={"NAME"},
    when=lambda place: place.adjacent and [kind for kind, *_ in place.before[-2:-1]] == ["NAME"],
    span=lambda place: (place.before[-2][1], place.end),
    fill=lambda place: {"scope": short(place.source[place.before[-2][1] : place.end])},
    fix=lambda place: one((place.before[-2][1], place.end, "")),
)  # fmt: skip
COLON = Pattern(
    "a colon", "x + 1 : b",
    "only 'outputs' is allowed before a colon", CHOICE,
    at={"COLON"},
)  # fmt: skip
NO_OUTPUTS = Pattern(
    "nothing after a colon", "outputs:",
    "there is nothing after this colon", "write what the outputs are, as in outputs: x, y",
    instead="outputs: x, y", after={"COLON"}, span=last,
)  # fmt: skip
ANYTHING = Pattern(
    "a word out of place", "",
    "{shown} is not allowed here", "remove it",
)  # fmt: skip
WORDS = (
    *DEFINITIONS,
    *NAMING,
    *PAIRS,
    *ELEMENTS,
    *LACKING,
    *PARENTHESES,
    *COMMAS,
    *ASSIGNING,
    *EQUATIONS,
    *POWERS,
    *FOREIGN,
    *NUMBERS,
    *ARGUMENTS,
    *PRODUCTS,
    COLON_RANGE,
    SCOPED,
    COLON,
    NO_OUTPUTS,
    ANYTHING,
)
"""The mistakes of a word that cannot stand where it does: the first that fits is told."""
ON_KEYBOARDS = (*FOREIGN_SIGNS, *BRACKETS, *OTHERS)
KEYBOARD = "&|!~%?{}$\\"
"""The characters that these are about."""


def unexpected(builder: Expressions, at: int, here: int) -> SourceError:
    """Return the error for the word ``source[at:here]``, which cannot stand where it does."""
    source = builder.source
    if error := notation(builder, at):
        return error
    if at < len(source) and source[at] in QUOTES:
        return explained(Place(builder, at, at + 1), QUOTATIONS)
    if source.startswith(":=", at):
        return explained(Place(builder, at, at + 1), COLONS)
    if at and source.startswith(":=", at - 1):
        return explained(Place(builder, at - 1, at), COLONS)
    place = Place(builder, at, here)
    return point(place) or explained(place, WORDS)


def bad_character(builder: Expressions, at: int, here: int) -> SourceError:
    """Return the error for a character at which no word of the language begins or goes on."""
    if error := notation(builder, at):
        return error
    place = Place(builder, at, max(here, at + 1))
    if place.char in QUOTES:
        return explained(place, QUOTATIONS)
    if place.char in KEYBOARD:
        return explained(place, ON_KEYBOARDS)
    if here > at and place.char in "⁻0123456789":
        return explained(place, BREAKING_OFF)
    return explained(place, CHARACTERS)
