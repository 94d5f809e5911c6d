"""What begins as a number and is none, and values with no operator between them."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.parentheses import THOUSANDS
from backpropcli.language.mistakes.slip import Pattern, Span, both
from backpropcli.language.mistakes.text import SHORT, quoted, short
from backpropcli.language.mistakes.words import STARTS, VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.place import Place

BASES = ("0x", "0o", "0b")


def _grouped(place: Place) -> bool:
    """Say whether digits follow digits as thousands do."""
    first, second = place.last_word, place.word
    return not place.adjacent and (first + second).isdigit() and len(second) == THOUSANDS


def _joined(place: Place) -> dict[str, str]:
    return {"both": quoted(place.last_word + place.word), "tail": place.word[1:]}


def _based(place: Place) -> dict[str, str]:
    """Tell the value of a number in another base, as 0x10."""
    number = place.last_word + place.word
    if not (place.adjacent and number[:2].lower() in BASES and len(number) <= SHORT):
        return {}
    try:
        return {"value": str(int(number, 0))}
    except ValueError:
        return {}


NUMBERS = (
    Pattern(
        "a blank for thousands", "1 000",
        "there is no operator between two numbers",
        "write {last_word}_{word} for one number, {last_word}*{word} for a product",
        instead="1_000", general="for one number write it without the space", after={"NUMBER"},
        at={"NUMBER"}, when=_grouped, span=both,
    ),
    Pattern(
        "two points", "1..2",
        "{both} is not a number", "write {last_word}{tail}",
        instead="1.2", general="a number has one point", after={"NUMBER"}, at={"NUMBER"},
        span=both, fill=_joined,
        when=lambda place: (
            place.adjacent and place.last_word.endswith(".") and place.word.startswith(".")
        ),
    ),
    Pattern(
        "a second point", "1.2.3",
        "{both} is not a number", "a number has one point, as in 1.25",
        instead="1.25", after={"NUMBER"}, at={"NUMBER"}, span=both, fill=_joined,
        when=lambda place: place.adjacent,
    ),
    Pattern(
        "another base", "0x10",
        "numbers are written in decimal digits", "write {value}",
        instead="16", after={"NUMBER"}, at={"NAME"}, when=_based, span=both, fill=_based,
    ),
)  # fmt: skip


def _is_call(place: Place) -> bool:
    """Say whether a function's name stands before its argument without parentheses."""
    name = place.last_word
    return name in NAMES and name not in {*place.builder.names, *place.builder.bound}


def _argument(place: Place) -> dict[str, str]:
    """Tell the argument after a function's name, with what follows as in sin 2x."""
    after = place.factor(0)
    argument = f"{place.here.factor}"
    if after > 0 and place.next(after) in STARTS:
        argument += "*" + (place.ahead_text(after, place.factor(after)) or "...")
    return {"argument": argument}


def _first_two(place: Place) -> Span:
    """Return the place of the value before the mistake, and of how the other begins."""
    return place.last_start, place.at + 1 if place.kind in {"LPAR", "_ROOT"} else place.end


PRODUCTS = (
    Pattern(
        "a call without parentheses", "sin 2x",
        "the argument of '{last_word}' stands in parentheses", "write {last_word}({argument})",
        instead="sin(2*x)", after={"NAME"}, at=STARTS - {"LPAR"}, when=_is_call, span=both,
        fill=_argument,
    ),
    Pattern(
        "a product without operator", "2x",
        "there is no operator between these two", "for a product write {left.factor}*{here.atom}",
        instead="2*x", after=VALUES, at=STARTS, span=_first_two,
    ),
)  # fmt: skip


def _breaking(place: Place) -> dict[str, str]:
    """Tell how a number that breaks off after its e goes on, and what else it may be."""
    number = short(place.word.rstrip("eE+-"))
    name = f"{place.right.atom:e}"
    return {
        "word": short(place.word),
        "number": number,
        "name": name,
        "sign": place.word[-1],
        "begun": short(place.word) if len(name) == 1 else f"{number}e",
    }


BREAKING_OFF = (
    Pattern(
        "a raised minus alone", "x⁻",
        "this raised power has no digits", "write digits after it, as in x⁻²",
        instead="x⁻²", sign="⁻",
    ),
    Pattern(
        "a signed power of ten without digits", "1e+",
        "{shown} breaks off: a power of ten has digits",
        "write {word}3, or {number}*e {sign} ... for a product",
        instead="1e+3",
        when=lambda place: place.word[-1] not in "eE" and f"{place.right.atom:e}" == "e",
        fill=_breaking,
    ),
    Pattern(
        "a power of ten without digits", "3exp(x)",
        "{shown} breaks off: a power of ten has digits",
        "write {begun}3, or {number}*{name} for a product",
        instead="3*exp(x)", fill=_breaking,
    ),
)  # fmt: skip
