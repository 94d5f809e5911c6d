"""Points that are no part of a number: names of libraries, methods, names with dots."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.graph.operations import CONSTANTS, NAMES
from backpropcli.language.mistakes.arguments import word_at
from backpropcli.language.mistakes.calls import SUM, elsewhere
from backpropcli.language.mistakes.fixes import one, whole
from backpropcli.language.mistakes.languages import (
    FOREIGN_FUNCTIONS,
    LIBRARIES,
    SUMMING,
    THEIRS,
)
from backpropcli.language.mistakes.place import Place
from backpropcli.language.mistakes.slip import Pattern, Span
from backpropcli.language.mistakes.templates import Call
from backpropcli.language.mistakes.text import SHORT, quoted
from backpropcli.language.mistakes.words import VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.fixes import Fixes


def _between_names(place: Place) -> bool:
    return place.last in {"NAME", "RPAR"} and place.adjacent and place.next(1) == "NAME"


def _dotted(place: Place) -> Span:
    return place.last_start, place.ahead[1][2]


def _whole_name(place: Place) -> Span:
    return place.last_start, place.ahead[_last_part(place)][2]


def _two_names(place: Place) -> bool:
    right = place.right.word
    return (
        _between_names(place)
        and place.last == "NAME"
        and bool(right)
        and len(place.last_word + right) < SHORT
    )


def _last_part(place: Place) -> int:
    """Return the number of the last name of a.b.c, whose first name stands before the mistake."""
    index = 1
    while place.next(index + 1) == "" and place.next(index + 2) == "NAME":
        _, start, end = place.ahead[index + 1]
        if place.source[start:end] != ".":
            break
        index += 2
    return index


def _call(place: Place) -> Call:
    """Return the call of a library's function."""
    _, start, end = place.ahead[_last_part(place)]
    return Call(Place(place.builder, start, end))


def _written(place: Place) -> str:
    """Return what is written for a library's function or constant; "" where that is not known."""
    if not _between_names(place) or place.last_word not in LIBRARIES:
        return ""
    call = _call(place)
    name = call.place.word
    if name in THEIRS and (name not in NAMES or place.last_word in THEIRS[name]):
        return call.filled(THEIRS[name].get(place.last_word, ""))
    if name in NAMES or name in CONSTANTS:
        return name
    return elsewhere(call, name)


def _called(place: Place) -> dict[str, str]:
    written, name = _written(place), _call(place).place.word
    general = FOREIGN_FUNCTIONS.get(name, THEIRS.get(name, {}).get(place.last_word, "..."))
    general = "the terms out, as in x + y + z" if name in SUMMING else general
    return {"called": written if columns(written) <= SHORT else general}


def _without_library(place: Place) -> Fixes:
    """Leave the library's name out; what else is to be written for its function follows."""
    call = _call(place)
    if place.last_word in THEIRS.get(call.place.word, ()):
        call.place = Place(place.builder, place.last_start, place.last_end)
        return one((place.last_start, call.end, call.fitted(_written(place))))
    return one((place.last_start, call.start, ""))


def _unknown(place: Place) -> dict[str, str]:
    """Tell a library's function that is none here, and what there is instead."""
    name = word_at(place, _last_part(place))
    advice = "'backprop functions' lists them all"
    if name in FOREIGN_FUNCTIONS:
        advice = f"write {FOREIGN_FUNCTIONS[name]}"
    return {"name": quoted(name), "advice": SUM.hint if name in SUMMING else advice}


def _is_method(place: Place) -> bool:
    """Say whether a function of the language stands as a method after its first argument."""
    return (
        _between_names(place)
        and place.next(2) == "LPAR"
        and (place.right.word in NAMES or place.right.word in FOREIGN_FUNCTIONS)
    )


def _shown_method(place: Place) -> dict[str, str]:
    """Tell the call that is written for a method, with dots for further arguments."""
    dots = "" if place.next(3) == "RPAR" else ", ..."
    return {"method": f"{place.right.word}({_bare(place.left.factor) or '...'}{dots})"}


def _bare(part: str) -> str:
    """Return an operand without the parentheses that are around all of it."""
    inner = part[1:-1]
    return inner if part[:1] == "(" and part[-1:] == ")" and "(" not in inner else part


def _method(place: Place) -> Fixes:
    """Write a method as a call with its object as first argument."""
    factor = place.left.factor
    if factor.start < 0:
        return ()
    comma = "" if place.next(3) == "RPAR" else ", "
    text = f"{place.right.word}({_bare(whole(place, factor))}{comma}"
    return one((factor.start, place.ahead[2][2], text))


def _parts(place: Place) -> list[str]:
    """Return the names of a.b.c, whose first name stands before the mistake."""
    return [place.last_word, *[word_at(place, at) for at in range(1, _last_part(place) + 1, 2)]]


def _spelled(place: Place) -> dict[str, str]:
    """Tell both readings of a name with dots: one name, and a product."""
    parts = _parts(place)
    texts = {"joined": "_".join(parts), "product": "*".join(parts)}
    return texts if len(texts["joined"]) < SHORT else {"joined": "_", "product": "*"}


def _joined(place: Place) -> Fixes:
    """Write a name with dots as one name; as a product where its parts alone have values."""
    parts, bound = _parts(place), place.builder.bound
    name = "_".join(parts)
    text = "*".join(parts) if name not in bound and {*parts} <= {*bound} else name
    return one((place.last_start, place.ahead[_last_part(place)][2], text))


POINTS = (
    Pattern(
        "a library's name", "np.exp(x)",
        "functions are written without their library's name", "write {called}",
        instead="exp(x)", sign=".", span=_dotted, fill=_called,
        when=_written, fix=_without_library,
    ),
    Pattern(
        "a library's function that is none here", "np.linalg.norm(x)",
        "there is no function {name}", "{advice}",
        sign=".", fill=_unknown, span=_dotted,
        when=lambda place: _between_names(place) and place.last_word in LIBRARIES,
    ),
    Pattern(
        "a transpose with a point", "x.T",
        "a number has no transpose", "leave '.T' out",
        instead="x", sign=".", span=_dotted,
        when=lambda place: _between_names(place) and place.right.word == "T",
        fix=lambda place: one((place.at, place.ahead[1][2], "")),
    ),
    Pattern(
        "a method", "x.exp()",
        "a function comes before its arguments", "write {method}",
        instead="exp(x)", sign=".", span=_dotted, fill=_shown_method,
        when=_is_method, fix=_method,
    ),
    Pattern(
        "a point between names", "x.y",
        "names have no dots",
        "write {joined} for one name, {product} for a product",
        instead="x_y", sign=".", span=_whole_name, when=_two_names, fill=_spelled, fix=_joined,
    ),
    Pattern(
        "a point before a name", "(x).y",
        "names have no dots", "for a product write *",
        instead="(x)*y", sign=".", span=_dotted, when=_between_names,
    ),
    Pattern(
        "a lonely point", "x + .",
        "a point is only allowed in a number", "write digits next to it, as in 0.5",
        instead="x + 0.5", sign=".",
        when=lambda place: place.last not in VALUES or not place.adjacent,
    ),
    Pattern(
        "a point after a value", "x.",
        "a point is only allowed in a number", "delete it",
        instead="x", sign=".",
    ),
)  # fmt: skip
