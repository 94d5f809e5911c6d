"""Functions and constants behind the name of their library, as in np.exp(x)."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.graph.operations import CONSTANTS, DRAWS
from backpropcli.language.builder.files import HOME
from backpropcli.language.mistakes.elsewhere.call import Call, advised, elsewhere, is_ignored
from backpropcli.language.mistakes.elsewhere.languages import (
    ADVICE,
    ATTRIBUTES,
    DRAWN,
    FOREIGN_CALLS,
    LIBRARIES,
)
from backpropcli.language.mistakes.elsewhere.peers import REFUSED
from backpropcli.language.mistakes.elsewhere.readings import (
    Reading,
    alternatives,
    of_library,
    replaced,
)
from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.misplaced.dotted import (
    LISTED,
    between_names,
    dotted,
    is_known,
    last_part,
    parts,
)
from backpropcli.language.mistakes.slip import Pattern
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import SHORT, quoted


def _call(place: Place) -> Call:
    """Return the call of a library's function."""
    _, start, end = place.ahead[last_part(place)]
    return Call(Place(place.builder, start, end))


def _is_library(place: Place) -> bool:
    return between_names(place) and place.last_word in LIBRARIES


def _readings(place: Place) -> list[Reading] | None:
    """Return what a library's function is here, by its signature there; None if not told."""
    return of_library(_call(place), parts(place)[:-1])


def _written(place: Place) -> str:
    """Return what is written for a library's function or constant; "" where that is not known."""
    if not _is_library(place):
        return ""
    call = _call(place)
    name = call.place.word
    readings = _readings(place)
    if readings is not None:
        call.place = Place(place.builder, place.last_start, place.last_end)
        return alternatives(readings, call)
    if is_known(name) or name in CONSTANTS:
        return name
    if name.lower() in CONSTANTS and place.next(last_part(place) + 1) != "LPAR":  # Math.PI
        return name.lower()
    return ATTRIBUTES.get(name, "") if name == "newaxis" else elsewhere(call, name)


def _called(place: Place) -> dict[str, str]:
    written, name = _written(place), _call(place).place.word
    if columns(written) <= SHORT or _readings(place):
        return {"called": written}
    return {"called": FOREIGN_CALLS.get(name, "...")}


def _without_library(place: Place) -> Fixes:
    """Leave the library's name out; what else is to be written for its function follows."""
    call = _call(place)
    readings = _readings(place)
    if readings:
        call.place = Place(place.builder, place.last_start, place.last_end)
        return replaced(readings, call, place.last_start)
    if call.place.word == "newaxis":
        return one((place.last_start, call.place.end, "None"))
    if call.place.word.isupper():
        return one((place.last_start, call.place.end, call.place.word.lower()))
    ignored = zip(call.spans, call.arguments, strict=True)
    edits = [(begin - 1, end, "") for (begin, end), text in ignored if is_ignored(text)]
    return one((place.last_start, call.start, ""), *edits)


def _unknown(place: Place) -> dict[str, str]:
    """Tell a library's function that is none here, and what there is instead."""
    name = place.word_at(last_part(place))
    advice = LISTED
    if name in REFUSED:
        name, advice = f"{place.last_word}.{name}", REFUSED[name]
    elif name in HOME or is_known(name) or name == "diff":  # with other arguments
        name, advice = (
            f"{place.last_word}.{name}",
            f"'backprop functions {name}' shows what is here",
        )
    elif name in FOREIGN_CALLS:  # another number of arguments may count
        advice = f"write {FOREIGN_CALLS[name]}"
    elif name in ADVICE:
        advice = advised(_call(place))
    elif name in DRAWN or name in DRAWS:
        advice = (
            f"write a name, as in W, and give it a random value: W='{DRAWN.get(name, name)}(3)'"
        )
    return {"name": quoted(name), "advice": advice}


OF_LIBRARIES = (
    Pattern(
        "a library's name", "np.exp(x)",
        "functions are written without their library's name", "write {called}",
        instead="exp(x)", sign=".", span=dotted, fill=_called,
        when=_written, fix=_without_library,
    ),
    Pattern(
        "a library's function that is none here", "np.gcd(x, y)",
        "there is no function {name}", "{advice}",
        sign=".", fill=_unknown, span=dotted, when=_is_library,
    ),
)  # fmt: skip
