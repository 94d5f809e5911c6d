"""Points that are no part of a number: names of libraries, methods, names with dots."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.graph.arrays import REDUCED, WORDS
from backpropcli.graph.operations import CONSTANTS, DRAWS, NAMES
from backpropcli.language.builder.shipped import HOME
from backpropcli.language.mistakes.elsewhere.call import Call, is_ignored
from backpropcli.language.mistakes.elsewhere.calls import advised, elsewhere
from backpropcli.language.mistakes.elsewhere.languages import (
    ADVICE,
    ATTRIBUTES,
    DRAWN,
    FOREIGN_CALLS,
    LIBRARIES,
    METHODS,
)
from backpropcli.language.mistakes.elsewhere.peers import REFUSED
from backpropcli.language.mistakes.elsewhere.readings import (
    alternatives,
    of_library,
    of_method,
    replaced,
)
from backpropcli.language.mistakes.fixes import one, without
from backpropcli.language.mistakes.slip import Pattern, Span, explained
from backpropcli.language.mistakes.source.axes import most_axes
from backpropcli.language.mistakes.source.expressions import is_atom
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import SHORT, quoted, short
from backpropcli.language.mistakes.source.words import STARTS, TIGHT, VALUES
from backpropcli.language.scanner import CLOSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.language.builder.expressions import Expressions
    from backpropcli.language.mistakes.elsewhere.readings import Reading
    from backpropcli.language.mistakes.fixes import Fixes


def is_known(name: str) -> bool:
    """Say whether a function of the language has this name."""
    return name in NAMES or name in WORDS or name in REDUCED


def _between_names(place: Place) -> bool:
    return place.last in CLOSING | {"NAME"} and place.adjacent and place.next(1) == "NAME"


def _dotted(place: Place) -> Span:
    factor = place.left.factor  # of a long one only the last word is shown
    return factor.start if factor else place.last_start, place.ahead[1][2]


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
    while place.next(index + 1) == "DOT" and place.next(index + 2) == "NAME":
        index += 2
    return index


def _call(place: Place) -> Call:
    """Return the call of a library's function."""
    _, start, end = place.ahead[_last_part(place)]
    return Call(Place(place.builder, start, end))


def _is_library(place: Place) -> bool:
    return _between_names(place) and place.last_word in LIBRARIES


def _readings(place: Place) -> list[Reading] | None:
    """Return what a library's function is here, by its signature there; None if not told."""
    return of_library(_call(place), _parts(place)[:-1])


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
    if name.lower() in CONSTANTS and place.next(_last_part(place) + 1) != "LPAR":  # Math.PI
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
    name = place.word_at(_last_part(place))
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


def _method_call(place: Place) -> Call:
    """Return the call of a method."""
    return Call(Place(place.builder, *place.ahead[1][1:]))


def _object(place: Place) -> str:
    """Return what a method is of, without parentheses around it."""
    return _bare(place.left.factor.whole)


def _method_readings(place: Place) -> list[Reading] | None:
    """Return what a method is here; None if it is the function of its name."""
    return of_method(_method_call(place), _object(place))


def _is_called(place: Place) -> bool:
    return _between_names(place) and place.next(2) == "LPAR"


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
    text = f"{name}({_bare(place.left.factor) or '...'}{more})"
    final = [] if "..." in text else place.builder.readable(text)[0]
    return {"method": " or ".join(map(short, final)) if final else text}


def _bare(part: str) -> str:
    """Return an operand without the parentheses that are around all of it."""
    inner = part[1:-1]
    return inner if part[:1] == "(" and part[-1:] == ")" and "(" not in inner else part


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


def _parts(place: Place) -> list[str]:
    """Return the names of a.b.c, whose first name stands before the mistake."""
    return [place.last_word, *[place.word_at(at) for at in range(1, _last_part(place) + 1, 2)]]


def _spelled(place: Place) -> dict[str, str]:
    """Tell both readings of a name with dots: one name, and a product."""
    parts = _parts(place)
    texts = {"joined": "_".join(parts), "product": _dot(place, parts)}
    return texts if len(texts["joined"]) < SHORT else {"joined": "_", "product": "*"}


def _dot(place: Place, parts: list[str]) -> str:
    """Return the product that names with dots between them may be: x@y of two arrays."""
    arrays = all(most_axes(place.builder, part) for part in parts)
    return ("@" if arrays else "*").join(parts)


def _joined(place: Place) -> Fixes:
    """Write a name with dots as one name; as a product where its parts alone have values."""
    parts, bound = _parts(place), place.builder.bound
    name = "_".join(parts)
    text = _dot(place, parts) if name not in bound and {*parts} <= {*bound} else name
    return one((place.last_start, place.ahead[_last_part(place)][2], text))


def _transposed(place: Place) -> Fixes:
    """Write .T for a method without arguments, and for another name of it."""
    called = place.next(2) == "LPAR"
    return one((place.at, place.ahead[3 if called else 1][2], ".T"))


def _is_transpose(place: Place) -> bool:
    """Say whether a transpose has another name, or parentheses."""
    if not _between_names(place) or place.last_word in LIBRARIES:
        return False
    if place.next(2) == "LPAR" and place.next(3) != "RPAR":
        return False
    return place.right.word in TRANSPOSES


LISTED = "'backprop functions' lists them all"
TRANSPOSES = {"T", "t", "transpose", "H", "tr", "adjoint", "mT"}


def _attribute(place: Place) -> dict[str, str]:
    advice = ATTRIBUTES.get(place.right.word, "")
    return {"advice": advice.format(place.left.factor or "x")}


def _method_without(place: Place) -> Fixes:
    """Leave a method out that changes no value."""
    after = place.forth(3, ()) + 1
    return one((place.at, place.ahead[after - 1][2], "")) if after <= len(place.ahead) else ()


def _is_elementwise(place: Place) -> bool:
    """Say whether a point stands before an operator, as in .* and ./ of MATLAB."""
    return place.next(1) in TIGHT and place.ahead[1][1] == place.at + 1


def _product(place: Place) -> Fixes:
    """Write @ for the point between two matrices."""
    return one((place.last_end, place.ahead[1][1], "@"))


POINTS = (
    Pattern(
        "a library's name", "np.exp(x)",
        "functions are written without their library's name", "write {called}",
        instead="exp(x)", sign=".", span=_dotted, fill=_called,
        when=_written, fix=_without_library,
    ),
    Pattern(
        "a library's function that is none here", "np.gcd(x, y)",
        "there is no function {name}", "{advice}",
        sign=".", fill=_unknown, span=_dotted, when=_is_library,
    ),
    Pattern(
        "another transpose", "A.t()",
        "the transpose of an array is its '.T'", "write {left.factor:A}.T",
        instead="A.T", sign=".", span=_dotted, when=_is_transpose, fix=_transposed,
    ),
    Pattern(
        "a method", "x.exp()",
        "a function comes before its arguments", "write {method}",
        instead="exp(x)", sign=".", span=_dotted, fill=_shown_method,
        when=_is_method, fix=_method,
    ),
    Pattern(
        "a method that is none of the functions here", "x.split(2)",
        "an array has no '.{right.word}' here", "{advice}",
        sign=".", span=_dotted, when=_is_other_method,
        fill=lambda place: {"advice": _refused(place)},
    ),
    Pattern(
        "a method that changes no value", "x.clone()*2",
        "arrays have no methods", "leave '.{right.word}' out",
        instead="x*2", sign=".", span=_dotted, fix=_method_without,
        when=_changes_none,
    ),
    Pattern(
        "an attribute", "x/x.shape[0]",
        "an array has no '.{right.word}' here", "{advice}",
        sign=".", span=_dotted, fill=_attribute,
        when=lambda place: _between_names(place) and place.right.word in ATTRIBUTES,
    ),
    Pattern(
        "an operator with a point", "A .* B",
        "'.{right.word}' is not an operator: '{right.word}' is elementwise already",
        "write {left.factor:A} {right.word} {past.factor:B}",
        instead="A * B", sign=".", span=lambda place: (place.at, place.ahead[1][2]),
        when=_is_elementwise, fix=without,
    ),
    Pattern(
        "a point for a matrix product", "A . B",
        "'.' is not an operator", "for a matrix product write {left.factor:A}@{right.factor:B}",
        instead="A@B", sign=".", after=VALUES, then=STARTS, fix=_product,
        when=lambda place: not place.adjacent or place.next(1) != "NAME",
    ),
    Pattern(
        "a point between matrices", "A.B",
        "'.' is not an operator",
        "write {last_word}@{right.word} for a matrix product, "
        "{last_word}_{right.word} for one name",
        instead="A@B", sign=".", span=_dotted, fix=_product,
        when=lambda place: _two_names(place) and (place.last_word + place.right.word).isupper(),
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
        instead="x", sign=".", fix=without,
    ),
)  # fmt: skip


def point(place: Place) -> SourceError | None:
    """Return the error for a point that is, or stands right before, the mistake; None if none."""
    at = -1
    if place.kind == "DOT":
        at = place.at
    elif place.last == "DOT":
        at = place.last_start
    elif place.kind == "LPAR" and [kind for kind, *_ in place.before[-2:]] == ["DOT", "NAME"]:
        at = place.before[-2][1]
    return None if at < 0 else explained(Place(place.builder, at, at + 1), POINTS)


def bad_attribute(builder: Expressions, name: str, start: int, end: int) -> SourceError:
    """Return the error for ``x.name`` where arrays have no such part."""
    at = builder.source.rindex(".", start, end - len(name))
    return explained(Place(builder, at, at + 1), POINTS)
