"""Points that are no part of a number, nor of a name."""

from __future__ import annotations

from backpropcli.language.mistakes.fixes import Fixes, one, without
from backpropcli.language.mistakes.misplaced.dotted import between_names, dotted, last_part, parts
from backpropcli.language.mistakes.misplaced.libraries import OF_LIBRARIES
from backpropcli.language.mistakes.misplaced.methods import OF_ARRAYS
from backpropcli.language.mistakes.slip import Pattern, Span, explained
from backpropcli.language.mistakes.source.expressions import most_axes
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import SHORT
from backpropcli.language.mistakes.source.words import STARTS, TIGHT, VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.language.builder.expressions import Expressions


def _whole_name(place: Place) -> Span:
    return place.last_start, place.ahead[last_part(place)][2]


def _two_names(place: Place) -> bool:
    right = place.right.word
    return (
        between_names(place)
        and place.last == "NAME"
        and bool(right)
        and len(place.last_word + right) < SHORT
    )


def _spelled(place: Place) -> dict[str, str]:
    """Tell both readings of a name with dots: one name, and a product."""
    names = parts(place)
    texts = {"joined": "_".join(names), "product": _dot(place, names)}
    return texts if len(texts["joined"]) < SHORT else {"joined": "_", "product": "*"}


def _dot(place: Place, parts: list[str]) -> str:
    """Return the product that names with dots between them may be: x@y of two arrays."""
    arrays = all(most_axes(place.builder, part) for part in parts)
    return ("@" if arrays else "*").join(parts)


def _joined(place: Place) -> Fixes:
    """Write a name with dots as one name; as a product where its parts alone have values."""
    names, bound = parts(place), place.builder.bound
    name = "_".join(names)
    text = _dot(place, names) if name not in bound and {*names} <= {*bound} else name
    return one((place.last_start, place.ahead[last_part(place)][2], text))


def _is_elementwise(place: Place) -> bool:
    """Say whether a point stands before an operator, as in .* and ./ of MATLAB."""
    return place.next(1) in TIGHT and place.ahead[1][1] == place.at + 1


def _product(place: Place) -> Fixes:
    """Write @ for the point between two matrices."""
    return one((place.last_end, place.ahead[1][1], "@"))


POINTS = (
    *OF_LIBRARIES,
    *OF_ARRAYS,
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
        instead="A@B", sign=".", span=dotted, fix=_product,
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
        instead="(x)*y", sign=".", span=dotted, when=between_names,
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
    if at < 0:
        return None
    at = place.source.index(".", at)  # a line may begin with it
    return explained(Place(place.builder, at, at + 1), POINTS)


def bad_attribute(builder: Expressions, name: str, start: int, end: int) -> SourceError:
    """Return the error for ``x.name`` where arrays have no such part."""
    at = builder.source.rindex(".", start, end - len(name))
    return explained(Place(builder, at, at + 1), POINTS)
