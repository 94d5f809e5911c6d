"""Mistakes in brackets that are read: indices, slices, arrays of nothing, None elsewhere."""

from __future__ import annotations

from backpropcli.errors import SourceError, columns
from backpropcli.language.builder.arrays import MASKS, Arrays
from backpropcli.language.mistakes.elsewhere.call import Call
from backpropcli.language.mistakes.elsewhere.keywords import without_bound
from backpropcli.language.mistakes.elsewhere.notations import mathematica_call, notation
from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.expressions import most_axes
from backpropcli.language.mistakes.source.nearby import NEAR
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import SHORT, short, words_between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.language.program import Program

EMPTY = Slip(
    "an array of nothing", "x + []",
    "an array has at least one element", "write its elements, as in [1, 2]",
    instead="x + [1, 2]",
)  # fmt: skip
MASK = Slip(
    "a mask as an index", "x[x > 0]",
    "an index is a place, not a condition",
    "in a sum write where({condition}, {base}, 0), in a mean "
    "sum(where({condition}, {base}, 0))/sum({condition})",
    general="in a sum write where(condition, x, 0), in a mean "
    "sum(where(condition, x, 0))/sum(condition)",
)  # fmt: skip
MASK_OF_ROWS = Slip(
    "a mask of fewer axes as an index", "X[X@w > 0]",
    "an index is a place, not a condition",
    "for rows write where(({condition})[:, None], {base}, 0)",
    instead="where((X@w > 0)[:, None], X, 0)",
    general="for rows write where((condition)[:, None], X, 0)",
)  # fmt: skip
MASK_OF_ALL = Slip(
    "a mask in a reduction", "sum(x[x > 0])",
    "an index is a place, not a condition", "write {written}",
    instead="sum(where(x > 0, x, 0))",
)  # fmt: skip
PICKED = {
    "sum": "sum(where({condition}, {base}, 0))",
    "mean": "sum(where({condition}, {base}, 0))/sum({condition})",
    "prod": "prod(where({condition}, {base}, 1))",
    "max": "max(where({condition}, {base}, -inf))",
    "min": "min(where({condition}, {base}, inf))",
    "norm": "norm(where({condition}, {base}, 0))",
    "logsumexp": "logsumexp(where({condition}, {base}, -inf))",
}
"""Reductions of the elements where a condition holds, with what changes nothing elsewhere."""
DECIMALS = Slip(
    "an index with decimals", "x[1.5]",
    "an index is a whole number", "write it without decimals, as in x[1]",
    instead="x[1]",
)  # fmt: skip
TWO_RESTS = Slip(
    "two rests in an index", "x[..., 0, ...]",
    "'...' stands for all other axes, so an index has it once", "write ':' for an axis",
    instead="x[..., 0, :]",
)  # fmt: skip
SLICE = Slip(
    "a slice with another bound", "x[0:n]",
    "the bounds of a slice are whole numbers: shapes do not depend on values",
    "write the numbers themselves, as in x[0:3]; or give a name a whole number, as in n=3{size}",
    instead="x[0:3]",
)  # fmt: skip
STEP = Slip(
    "a slice with step 0", "x[::0]",
    "the step of a slice cannot be 0", "write -1 to reverse, as in x[::-1]",
    instead="x[::-1]",
)  # fmt: skip
NO_BOUND = Slip(
    "a bound that is None", "clamp(x, 0, None)",
    "a bound cannot be None", "write {written}",
    instead="max(x, 0)",
)  # fmt: skip
NONE = Slip(
    "None outside of an index", "x + None",
    "only an index or a setting can be None", "write a number in its place",
    instead="x + 0",
)  # fmt: skip


def empty_array(builder: Arrays, start: int, end: int) -> SourceError:
    """Return the error for an array without elements."""
    return EMPTY.error(builder, start, end)


def bad_slice(builder: Arrays, start: int, end: int, *, step: bool) -> SourceError:
    """Return the error for a slice whose bound is no literal, or whose step is 0."""
    if step:
        return STEP.error(builder, start, end)
    return SLICE.error(builder, start, end, size=_with_size(builder, start, end))


def _with_size(builder: Arrays, start: int, end: int) -> str:
    """Say that the one name in a slice may be a part of a size, where shapes have letters."""
    known = builder.bound if isinstance(builder.bound, dict) else {}
    texts = [builder.source[at:stop] for _, at, stop in words_between(builder, start, end)]
    names = {text for text in texts if text.isidentifier() and text not in known}
    if len(names) != 1 or not any(hasattr(value, "letters") for value in known.values()):
        return ""
    return "; or write a size with {0} in a shape, as in {0}+m".format(*names)


def bad_index(
    builder: Arrays, places: Sequence[int], start: int, end: int, *, called: bool
) -> SourceError:
    """Return the error for an index that is no place, but ``called`` an argument."""
    if called:
        return notation(builder, start) or mathematica_call(builder)
    place = next(filter(builder.no_place, places), None)
    if place is None:
        return TWO_RESTS.error(builder, start, end)
    if builder.graph.operations[builder.plain(place)] in MASKS:
        return _mask(builder, start, end, place, alone=len(places) == 1)
    within = start <= builder.starts[place] < builder.ends[place] <= end
    span = (builder.starts[place], builder.ends[place]) if within else (start, end)
    return DECIMALS.error(builder, *span)


def _mask(builder: Arrays, start: int, end: int, mask: int, *, alone: bool) -> SourceError:
    """Return the error for a condition as a place; it is all of the index if it is ``alone``.

    Only one that compares what is indexed, element by element, is known to have its axes.
    """
    source = builder.source
    opened = source.index("[", start, end) if source[start:end].count("[") == 1 else -1
    base, condition = source[start:opened].strip(), source[opened + 1 : end - 1].strip()
    alone = alone and opened > 0 and "," not in condition
    texts = {"base": base, "condition": condition}
    if not alone or columns(base + condition) > SHORT:
        texts = {"base": "x", "condition": "x > 0"}
    axes = most_axes(builder, base)
    alike = _compares(builder, mask, base) or 0 < axes == most_axes(builder, condition)
    if alone and not alike:
        return MASK_OF_ROWS.error(builder, start, end, **texts)
    fixes = _without_mask(builder, start, end, base, condition) if alone else ()
    if not fixes:
        return MASK.error(builder, start, end, **texts)
    written = fixes[0][0][2]
    written = written if columns(written) <= 2 * SHORT else "..."
    return MASK_OF_ALL.error(builder, start, end, fixes, written=written)


def _compares(builder: Arrays, mask: int, name: str) -> bool:
    """Say whether a condition rests on what has a name, through operations on elements alone."""
    graph, todo, seen = builder.graph, [mask], {mask}
    while todo:
        node = todo.pop()
        operation = graph.operations[node]
        if operation in {"variable", "name"} and graph.args[node] == name:
            return True
        row = graph.table.get(operation)
        if row is not None and not (row.whole or row.static):
            todo += {*graph.inputs[node]} - seen
            seen.update(graph.inputs[node])
    return False


def _without_mask(builder: Arrays, start: int, end: int, base: str, condition: str) -> Fixes:
    """Return the correction where the picked elements are all that a reduction goes over."""
    place = Place(builder, start, end)
    name, begin = place.called, -1
    if place.next(0) and builder.source[end : end + 1] == ".":
        begin, call = start, Call(Place(builder, *_next_name(builder, end)))
        name = call.place.word
    elif builder.source[end:].lstrip()[:1] == ")" and (
        not builder.source[place.opened + 1 : start].strip()
    ):
        begin = builder.source.rfind(name, 0, max(place.opened, 0))
        call = Call(Place(builder, begin, begin + len(name)))
    if begin < 0 or name not in PICKED or call.end < 0 or len(call.arguments) > (begin != start):
        return ()
    call.place = Place(builder, begin, call.end)
    text = PICKED[name].format(base=base, condition=condition)
    return one((begin, call.end, call.fitted(text)))


def _next_name(builder: Arrays, at: int) -> tuple[int, int]:
    """Return where the name after a point is."""
    words = words_between(builder, at + 1, at + NEAR)
    return words[0][1:] if words else (at, at)


def none_outside(builder: Arrays, program: Program, node: int) -> SourceError:
    """Return the error for a None that is no part of an index, and no setting."""
    start = program.starts[node]
    end = start + len("None")
    place = Place(builder, start, end)
    head = builder.source.rfind(place.called, 0, max(place.opened, 0))
    call = Call(Place(builder, head, head + len(place.called)))
    if not (written := without_bound(call)):
        return NONE.error(builder, start, end)
    return NO_BOUND.error(builder, start, end, (call.edit(written),), written=short(written))
