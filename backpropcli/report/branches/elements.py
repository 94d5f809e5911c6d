"""Which elements of each node the outputs depend on, by the branches that are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.adjoints import adjoint_word
from backpropcli.arithmetics.arrays.partials import Local, Partial, Whole
from backpropcli.arithmetics.arrays.reductions import kept
from backpropcli.arithmetics.rules import by_input, weights
from backpropcli.report.branches.nodes import MOVES, QUIET, USED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backpropcli.calculus.linearize import Edges
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Array = np.ndarray[Any, Any]
    Value = Any

ARRANGED = {
    *("array", "stack", "concat", "split", "index", "gather", "repeat", "tile", "pad", "flip"),
    *("roll", "sort", "transpose", "mT", "swapaxes", "moveaxis", "reshape", "rows", "shaped"),
    *("squeeze", "expand_dims", "broadcast_to", "spread", "trace", "diag", "tril", "triu"),
    "cumsum",
}
"""Operations that only arrange elements, or add them up: their rules say which go where."""
LARGEST = {"amax", "amin"}


def felt_elements(
    graph: Graph,
    values: Sequence[Value],
    roots: Iterable[int],
    arrays: Any,  # noqa: ANN401 (an arithmetic of arrays)
) -> list[Array | None]:
    """Return flags of the elements of each node: USED or MOVES, as in ``taken_nodes``; or None."""
    found: list[Array | None] = [None] * len(graph)
    for root in roots:
        found[root] = np.full(np.shape(values[root]), MOVES, np.int8)
    for number in range(len(graph) - 1, -1, -1):
        flags, inputs = found[number], graph.inputs[number]
        if flags is None or not inputs or graph.operations[number] in QUIET:
            continue
        row, arg = graph.row(number), graph.args.get(number)
        given = [values[child] for child in inputs]
        parts = (
            _below_whole(row, flags, values[number], given, arg, arrays)
            if row.whole
            else _below(row, flags, values[number], given, arrays)
        )
        for child, part in zip(inputs, parts, strict=True):
            before = found[child]
            found[child] = part if before is None else np.maximum(before, part)
    return found


def where_felt(partial: Value, flags: Array | None) -> Value:
    """Return the derivative along an edge, without the elements of the value that are not felt."""
    if not isinstance(partial, Partial) or isinstance(partial, Whole):
        return partial
    felt, local = np.False_ if flags is None else flags >= MOVES, partial.local

    def times(*given: Value) -> Value:
        return np.where(felt, local.times(*given), 0.0)

    return Partial(Local(times, local.index), partial.out, partial.inputs)


def keep_felt(edges: Edges, flags: Sequence[Array | None]) -> None:
    """Leave out what edges send from elements that are not felt."""
    edges.change(lambda head, _, partial: where_felt(partial, flags[head]))


def shrunk(flags: Array, shape: tuple[int, ...]) -> Array:
    """Return the largest of the flags that an element of a broadcast array stands for."""
    lead = flags.ndim - len(shape)
    sizes = zip(shape, flags.shape[lead:], strict=True)
    axes = [lead + at for at, (size, there) in enumerate(sizes) if size == 1 != there]
    found = flags.max(axis=(*range(lead), *axes), keepdims=True, initial=0)
    return np.asarray(found.reshape(shape))


def passed(
    row: Row,
    index: int,
    partial: Value,
    given: Sequence[Value],
    arrays: Any,  # noqa: ANN401
) -> tuple[Value, Value]:
    """Return an elementwise edge's local derivatives, and where it is taken: None for all.

    ``given`` are the operation's value and inputs.
    """
    if not isinstance(partial, Partial):
        return (0.0, False) if partial is None else (partial, None)
    found: list[Value] = []
    for rules in (row.in_floats, row.taken):
        rule = rules[row.cell(index)]
        if rule is None or rule.number is not None:
            found.append(None if rule is None else float(str(rule.number)))
            continue
        value = by_input(row, [rule], arrays)(*given)
        found.append(value[index if row.variadic else 0])
    return found[0], found[1]


def _below(
    row: Row,
    flags: Array,
    out: Value,
    given: list[Value],
    arrays: Any,  # noqa: ANN401
) -> list[Array]:
    """Return the flags of the inputs of an elementwise operation."""
    on = tuple(range(len(given)))
    edges = weights(row, on, arrays)(out, *given) if any(row.taken) else [None] * len(on)
    found = []
    for index, edge in enumerate(edges):
        part = flags if row.live(index) else np.minimum(flags, USED)
        if any(row.taken) and row.live(index):
            taken = passed(row, index, edge, (out, *given), arrays)[1]
            part = part if taken is None else np.where(np.not_equal(taken, 0), part, 0)
        found.append(shrunk(part, np.shape(given[index])))
    return found


def _with_ties(flags: Array, value: Array, axis: int) -> Array:
    """Return flags along an axis where elements that tie have those of each other."""
    last = np.moveaxis(flags, axis, -1).copy()
    rows = last.reshape(-1, last.shape[-1])
    for row, values in zip(rows, np.moveaxis(value, axis, -1).reshape(rows.shape), strict=True):
        known, which = np.unique(values, return_inverse=True)
        most = np.zeros(known.size, np.int8)
        np.maximum.at(most, which, row)
        row[:] = most[which]
    return np.moveaxis(rows.reshape(last.shape), -1, axis)


def _below_whole(  # noqa: PLR0913 (an operation at a point)
    row: Row,
    flags: Array,
    out: Value,
    given: list[Value],
    arg: Any,  # noqa: ANN401
    arrays: Any,  # noqa: ANN401
) -> list[Array]:
    """Return the flags of the inputs of an operation on whole arrays."""
    axes = tuple(map(np.ndim, given))
    static = dict(zip(row.static, arg or (), strict=True))
    found = []
    for index, value in enumerate(given):
        shape = np.shape(value)
        rule = adjoint_word(row, index, axes, arg, arrays) if row.name in ARRANGED else None
        if rule is not None:
            used, moves = (rule((flags >= level).astype(float), out, *given) for level in (1, 2))
            part = np.not_equal(used, 0).astype(np.int8) + np.not_equal(moves, 0)
            if part.ndim >= len(shape):  # what is spread is felt where any of it is
                part = shrunk(part, shape)
            if row.name == "sort":  # which of those that tie goes where is a convention
                part = _with_ties(part, value, static["axis"])
        elif row.reduces and shape:
            along = [flags, np.asarray(out)]
            if static["axis"] is not None and not static["keepdims"]:
                along = [kept(one, value, static["axis"]) for one in along]
            part = along[0]
            if row.name in LARGEST:
                part = np.where((value == along[1]) | np.isnan(along[1]), part, 0)
        else:
            part = flags.max(initial=0)
        part = np.asarray(part if row.live(index) else np.minimum(part, USED), dtype=np.int8)
        found.append(np.broadcast_to(part, shape))
    return found
