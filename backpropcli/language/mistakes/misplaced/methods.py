"""Methods and attributes of arrays, as in x.exp() and x.shape."""

from __future__ import annotations

from backpropcli.language.mistakes.elsewhere.call import Call
from backpropcli.language.mistakes.elsewhere.languages import (
    ADVICE,
    ATTRIBUTES,
    FOREIGN_CALLS,
    LIBRARIES,
    METHODS,
)
from backpropcli.language.mistakes.elsewhere.peers import REFUSED
from backpropcli.language.mistakes.elsewhere.readings import (
    Reading,
    alternatives,
    of_method,
    replaced,
)
from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.misplaced.dotted import LISTED, between_names, dotted, is_known
from backpropcli.language.mistakes.slip import Pattern
from backpropcli.language.mistakes.source.expressions import bare, is_atom
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import short


def _method_call(place: Place) -> Call:
    """Return the call of a method."""
    return Call(Place(place.builder, *place.ahead[1][1:]))


def _object(place: Place) -> str:
    """Return what a method is of, without parentheses around it."""
    return bare(place.left.factor.whole)


def _method_readings(place: Place) -> list[Reading] | None:
    """Return what a method is here; None if it is the function of its name."""
    return of_method(_method_call(place), _object(place))


def _is_called(place: Place) -> bool:
    return between_names(place) and place.next(2) == "LPAR"


def _is_method(place: Place) -> bool:
    """Say whether a function of the language stands as a method after its first argument."""
    if not _is_called(place):
        return False
    name, readings = place.right.word, _method_readings(place)
    known = is_known(name) or name in FOREIGN_CALLS
    return bool(readings) or (readings is None and known)


def _shown_method(place: Place) -> dict[str, str]:
    """Tell what is written for a method, with dots where that is long."""
    readings = _method_readings(place)
    if readings:
        return {"method": alternatives(readings, _method_call(place))}
    name, end = place.right.word, place.forth(3, ())
    inside = place.ahead_text(3, end)
    more = f", {inside or '...'}" if end > 3 else ""  # noqa: PLR2004 (the word after x.f( )
    text = f"{name}({bare(place.left.factor) or '...'}{more})"
    final = [] if "..." in text else place.builder.readable(text)[0]
    return {"method": " or ".join(map(short, final)) if final else text}


def _method(place: Place) -> Fixes:
    """Write a method as a call with its object as first argument."""
    factor = place.left.factor
    if factor.start < 0:
        return ()
    if readings := _method_readings(place):
        call = _method_call(place)
        call.place = Place(place.builder, factor.start, factor.end)
        return replaced(readings, call, factor.start)
    comma = "" if place.next(3) == "RPAR" else ", "
    text = f"{place.right.word}({_object(place)}{comma}"
    return one((factor.start, place.ahead[2][2], text))


def _is_other_method(place: Place) -> bool:
    """Say whether a method is none of the functions here, though it may have the name of one."""
    name = place.right.word
    own = name in place.builder.functions
    return _is_called(place) and name not in ATTRIBUTES and not own and not _changes_none(place)


def _refused(place: Place) -> str:
    """Return what is said of a method that has no function here."""
    name, of = place.right.word, short(_object(place))
    return REFUSED.get(name) or ADVICE.get(name, LISTED).format(of if is_atom(of) else f"({of})")


def _changes_none(place: Place) -> bool:
    """Say whether a method changes no value; one that picks an element does."""
    picks = place.right.word == "item" and place.next(3) != "RPAR"
    return _is_called(place) and place.right.word in METHODS and not picks


def _transposed(place: Place) -> Fixes:
    """Write .T for a method without arguments, and for another name of it."""
    called = place.next(2) == "LPAR"
    return one((place.at, place.ahead[3 if called else 1][2], ".T"))


def _is_transpose(place: Place) -> bool:
    """Say whether a transpose has another name, or parentheses."""
    if not between_names(place) or place.last_word in LIBRARIES:
        return False
    if place.next(2) == "LPAR" and place.next(3) != "RPAR":
        return False
    return place.right.word in TRANSPOSES


TRANSPOSES = {"T", "t", "transpose", "H", "tr", "adjoint", "mT"}


def _attribute(place: Place) -> dict[str, str]:
    advice = ATTRIBUTES.get(place.right.word, "")
    return {"advice": advice.format(place.left.factor or "x")}


def _method_without(place: Place) -> Fixes:
    """Leave a method out that changes no value."""
    after = place.forth(3, ()) + 1
    return one((place.at, place.ahead[after - 1][2], "")) if after <= len(place.ahead) else ()


OF_ARRAYS = (
    Pattern(
        "another transpose", "A.t()",
        "the transpose of an array is its '.T'", "write {left.factor:A}.T",
        instead="A.T", sign=".", span=dotted, when=_is_transpose, fix=_transposed,
    ),
    Pattern(
        "a method", "x.exp()",
        "a function comes before its arguments", "write {method}",
        instead="exp(x)", sign=".", span=dotted, fill=_shown_method,
        when=_is_method, fix=_method,
    ),
    Pattern(
        "a method that is none of the functions here", "x.split(2)",
        "an array has no '.{right.word}' here", "{advice}",
        sign=".", span=dotted, when=_is_other_method,
        fill=lambda place: {"advice": _refused(place)},
    ),
    Pattern(
        "a method that changes no value", "x.clone()*2",
        "arrays have no methods", "leave '.{right.word}' out",
        instead="x*2", sign=".", span=dotted, fix=_method_without,
        when=_changes_none,
    ),
    Pattern(
        "an attribute", "x/x.shape[0]",
        "an array has no '.{right.word}' here", "{advice}",
        sign=".", span=dotted, fill=_attribute,
        when=lambda place: between_names(place) and place.right.word in ATTRIBUTES,
    ),
)  # fmt: skip
