"""What begins as a number and is none, and values with no operator between them."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.parentheses import THOUSANDS
from backpropcli.language.mistakes.slip import Pattern, Slip, Span, both
from backpropcli.language.mistakes.text import SHORT, quoted, short
from backpropcli.language.mistakes.words import STARTS, VALUES
from backpropcli.language.scanner import longest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.mistakes.place import Place


def _grouped(place: Place) -> bool:
    """Say whether digits follow digits as thousands do."""
    first, second = place.last_word, place.word
    return not place.adjacent and (first + second).isdigit() and len(second) == THOUSANDS


def _joined(place: Place) -> dict[str, str]:
    return {"both": quoted(place.last_word + place.word), "tail": place.word[1:]}


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


BREAKING_OFF = (
    Pattern(
        "a raised minus alone", "x⁻",
        "this raised power has no digits", "write digits after it, as in x⁻²",
        instead="x⁻²", sign="⁻",
    ),
)  # fmt: skip
BREAKS_OFF = Slip(
    "a power of ten without digits", "2e*x",
    "'{number}{name}' breaks off: a power of ten has digits",
    "write {number}{name}3, or {number}*{name} for a product",
    instead="2*e*x",
)  # fmt: skip
ANOTHER_BASE = Slip(
    "another base", "0x10",
    "numbers are written in decimal digits", "write {value}, or {number}*{name} for a product",
    instead="16",
)  # fmt: skip


def mistaken_number(builder: Expressions, start: int, stop: int) -> SourceError | None:
    """Return the error for a number that goes on as a name at ``stop``, if it was to be one word.

    It is 2e, which breaks off, or 0x10, which has another base; 3exp(x) and 2x are products.
    """
    _, end = longest(builder.source, stop, len(builder.source))
    number, name = builder.source[start:stop], builder.source[stop:end]
    fills = {"number": short(number), "name": short(name)}
    if name in {"e", "E"}:
        return BREAKS_OFF.error(builder, start, end, **fills)
    if number == "0" and len(name) <= SHORT:
        try:
            return ANOTHER_BASE.error(builder, start, end, **fills, value=int(number + name, 0))
        except ValueError:
            pass
    return None
