"""Functions whose argument stands without parentheses, or after a power: sin x, sin^2(x)."""

from __future__ import annotations

from backpropcli.graph.operations import NAMES
from backpropcli.language.builder.expressions import RAISED
from backpropcli.language.mistakes.elsewhere.languages import FOREIGN_FUNCTIONS
from backpropcli.language.mistakes.fixes import Fixes, applied, one
from backpropcli.language.mistakes.slip import Pattern, Span, both
from backpropcli.language.mistakes.source.expressions import names_in
from backpropcli.language.mistakes.source.place import Part, Place
from backpropcli.language.mistakes.source.text import short
from backpropcli.language.mistakes.source.words import STARTS, VALUES
from backpropcli.language.names import DEGREES, DIGITS
from backpropcli.language.scanner import ENDINGS, OPENING, solid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import Edit

POSTFIX = "°"
"""What belongs to the value before it, though no word of the language begins with it."""
MOST = 8
"""How many words a power of a function has at most."""


def _is_foreign(place: Place, name: str) -> bool:
    """Say whether a name is that of a function of one argument elsewhere, and of nothing here."""
    builder = place.builder
    template = FOREIGN_FUNCTIONS.get(name.translate(DIGITS), "")
    named = names_in(template)
    one = "x" in named and not {"y", "n", "t", "a", "b", "condition"} & named
    return one and name not in builder.names and name not in builder.bound


def _takes_several(name: str) -> bool:
    """Say whether a function takes several arguments, as max does."""
    row = NAMES.get(name)
    return row is not None and (row.variadic or len(row.parameters) > 1)


def argument(place: Place) -> Part:
    """Return what stands as the argument of a function that is written without parentheses.

    It is one power, after numbers all that multiplies them: "2 pi x".
    """
    stop = place.factor(0)
    if place.kind == "NUMBER":
        while stop > 0 and (
            (place.next(stop) == "NAME" and not place.is_function(place.word_at(stop)))
            or (place.next(stop) in {"LPAR", "_ROOT"} and place.next(stop - 1) == "NUMBER")
        ):
            stop = place.factor(stop)
    if place.next(stop) == "COMMA" and not place.depth and _takes_several(place.last_word):
        stop = place.forth(0, ENDINGS)
    found = place.here.to(stop)
    if found.start >= 0 and place.source[found.end : found.end + 1] in {*POSTFIX}:
        found = Part.at(place, found.start, found.end + 1)
    return found


def _told(place: Place) -> dict[str, str]:
    if "," in argument(place):
        return {"argument": str(argument(place))}
    found = applied(str(argument(place)), _radians(str(argument(place)), 0))
    # It may have a mistake of its own: 30°, 2 pi x.
    return {"argument": next(iter(place.builder.readable(found)[0]), found) if found else "..."}


def _call(place: Place) -> Fixes:
    part = argument(place)
    radians = _radians(str(part), part.start)
    return one((place.last_end, part.start, "("), *radians, (part.end, part.end, ")"))


def _radians(text: str, offset: int) -> list[Edit]:
    """Return the edits that write degrees in radians where they are all of a text: 60 deg."""
    words = solid(text)
    if [kind for kind, _, _ in words] != ["NUMBER", "NAME"]:
        return []
    _, start, end = words[1]
    known = text[start:end] in DEGREES
    return [(words[0][2] + offset, end + offset, "*pi/180")] * known


def _plain(place: Place) -> str:
    """Return the name before the mistake with its subscript as digits."""
    return place.last_word.translate(DIGITS).replace("log_", "log")


def _logarithm(place: Place) -> Fixes:
    [edits] = _call(place) or [[]]
    return one((place.last_start, place.last_end, _plain(place)), *edits) if edits else ()


def _power(place: Place) -> tuple[int, int, str] | None:
    """Return where a function's name stands whose power ends at the mistake, and the power."""
    words = place.before
    if place.last == "SUPERSCRIPT":
        at, power = len(words) - 2, place.last_word.translate(RAISED)
    else:
        for at in range(len(words) - 2, max(len(words) - MOST, 0) - 1, -1):
            if words[at][0] == "_POWER":
                break
        else:
            return None
        power = "".join(place.source[words[at][2] : place.last_end].split())
        power = power[1:-1] if power.startswith("(") and power.endswith(")") else power
        at -= 1
        if not power.lstrip("-").isalnum():
            return None
    if at < 0 or words[at][0] != "NAME":
        return None
    _, start, end = words[at]
    return (start, end, power) if place.is_function(place.source[start:end]) else None


def _inside(place: Place) -> tuple[str, int]:
    """Return the argument after a power of a function's name, and where it ends."""
    if place.kind == "LPAR":
        after = place.atom(0)
        part = place.here.to(after - (place.next(after - 1) == "SUPERSCRIPT"))
        return place.source[part.start + 1 : part.end - 1], part.end
    part = argument(place)
    return place.source[part.start : part.end], part.end


def _texts(place: Place) -> list[str]:
    """Return what to write for a power of a function's name."""
    start, end, power = _power(place) or (0, 0, "")
    name, (inside, stop) = place.source[start:end], _inside(place)
    if stop < 0:
        return []
    if power == "-1":
        inverse = [NAMES[f"a{name}"].name] if f"a{name}" in NAMES else []
        return [*(f"{word}({inside})" for word in inverse), f"1/{name}({inside})"]
    return [f"{name}({inside})^{f'({power})' if power.startswith('-') else power}"]


def _shown(place: Place) -> dict[str, str]:
    return {"texts": " or ".join(map(short, _texts(place)))}


def _powered(place: Place) -> Fixes:
    start, _, _ = _power(place) or (0, 0, "")
    return tuple([(start, _inside(place)[1], text)] for text in _texts(place))


def _from_name(place: Place) -> Span:
    start, _, _ = _power(place) or (0, 0, "")
    return start, place.at


ARGUMENTS = (
    Pattern(
        "a power of a function's name", "sin^2(x)",
        "the power goes after the argument", "write {texts}",
        instead="sin(x)^2", after=VALUES, at=STARTS, when=_power, span=_from_name, fill=_shown,
        fix=_powered,
    ),
    Pattern(
        "a call without parentheses", "sin 2x",
        "the argument of '{last_word}' needs parentheses", "write {last_word}({argument})",
        instead="sin(2x)", after={"NAME"}, at=STARTS - OPENING, span=both, fill=_told, fix=_call,
        when=lambda place: (
            place.is_function(place.last_word) or _is_foreign(place, place.last_word)
        ),
    ),
    Pattern(
        "a logarithm with its base below", "log₂ x",
        "the argument of '{last_word}' needs parentheses", "write {plain}({argument})",
        instead="log2(x)", after={"NAME"}, at=STARTS - {"LPAR"}, span=both, fix=_logarithm,
        fill=lambda place: {**_told(place), "plain": _plain(place)},
        when=lambda place: _plain(place) in {"log2", "log10"},
    ),
)  # fmt: skip
