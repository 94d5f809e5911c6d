"""Where an operation on arrays has a kink by each input, and the slopes on its sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.adjoints import adjoint_word
from backpropcli.arithmetics.rules import by_input, weights
from backpropcli.report.branches.elements import passed
from backpropcli.report.kinks.kink import answers_of
from backpropcli.report.kinks.met import COMPARISONS, EXTREMES, tells
from backpropcli.report.kinks.watch import anywhere, by_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.graph.cells import Kink, Rule
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Value = Any
    Sides = tuple[Value, Value, Value, dict[str, Value | None]]
    """The slope on the left, that on the right, the one chosen, and those of peers."""


def of_elements(
    graph: Graph,
    kink: Kink,
    number: int,
    values: Sequence[Value],
    arrays: Any,  # noqa: ANN401
) -> Iterator[tuple[int, Value, Sides]]:
    """Yield where an elementwise operation has a kink by each input, and the slopes there."""
    row, inputs = graph.row(number), graph.inputs[number]
    given = [values[number], *[values[child] for child in inputs]]
    condition = by_input(row, [kink.when], arrays)
    if not anywhere(condition, given):
        return
    met = condition(*given)
    held = [np.not_equal(one, 0) for one in met]
    if row.variadic:  # all that tie may be one node: no kink
        by_node = dict(zip(inputs, held, strict=True))
        tied = sum([at.astype(int) for at in map(np.asarray, by_node.values())])
        if row.shares:
            held = [at & (tied >= 2) for at in held]  # noqa: PLR2004
    else:
        held *= len(inputs)
    if not tells(row):
        held = [at & ~np.isinf(one) for at, one in zip(held, given[1:], strict=True)]
    if row.name in COMPARISONS:
        held = [at & ~_settled(graph, number, values) for at in held]
    if not any(np.any(at) for at in held):
        return
    chosen = weights(row, tuple(range(len(inputs))), arrays)(*given)
    for index, where in enumerate(held):
        slopes = kink.slopes.get(row.parameters[row.cell(index)])
        if slopes is not None and np.any(where):
            local, taken = passed(row, index, chosen[index], given, arrays)
            slope = local if taken is None else np.where(np.not_equal(taken, 0), local, 0.0)
            left, right = (_at(row, rule, given, index, arrays) for rule in slopes)
            answers = {
                peer: None if rule is None else _at(row, rule, given, index, arrays)
                for peer, rule in answers_of(kink, row.parameters[row.cell(index)])
            }
            yield index, where, (left, right, slope, answers)


def _at(row: Row, rule: Rule, given: list[Value], index: int, arrays: Any) -> Value:  # noqa: ANN401
    return by_input(row, [rule], arrays)(*given)[index if row.variadic else 0]


def of_whole(
    graph: Graph,
    kink: Kink,
    number: int,
    values: Sequence[Value],
    arrays: Any,  # noqa: ANN401
) -> Iterator[tuple[int, Value, Sides]]:
    """Yield where an operation on whole arrays has a kink by each input, and the slopes there.

    Each element of such an input has a slope of its own: that by the elements it goes to.
    """
    row, inputs = graph.row(number), graph.inputs[number]
    arg: Any = graph.args.get(number, ())
    given = [values[child] for child in inputs]
    out, axes = values[number], tuple(map(np.ndim, given))

    def at(rule: Rule) -> Value:
        return by_whole(row, rule, out, given, arg, arrays)

    where = np.not_equal(at(kink.when), 0)
    for name, slopes in kink.slopes.items() if np.any(where) else ():
        index = row.parameters.index(name)
        rule = adjoint_word(row, index, axes, arg, arrays)
        chosen = 0.0 if rule is None else rule(np.ones(np.shape(out)), out, *given)
        answers = {
            peer: None if rule is None else at(rule) for peer, rule in answers_of(kink, name)
        }
        yield index, where, (at(slopes[0]), at(slopes[1]), chosen, answers)


def _settled(graph: Graph, number: int, values: Sequence[Value]) -> Value:
    """Return where the answer of a comparison stays what it is though both are equal.

    As in ``kinks.settled``: both are one node, or one is the only largest of which the other is.
    """
    one, other = graph.inputs[number]
    if one == other:
        return np.True_
    for extreme, choice in ((one, other), (other, one)):
        operation, among = graph.operations[extreme], graph.inputs[extreme]
        if choice not in among:
            continue
        if operation in EXTREMES:
            tied = [np.equal(values[at], values[extreme]).astype(int) for at in {*among}]
            return np.equal(sum(tied), 1)
        if operation in {"amax", "amin"} and np.ndim(values[choice]):
            static: Any = graph.args[extreme]
            axis, keep = static
            if axis is None or keep:
                tie = np.equal(values[choice], values[extreme])
                return np.equal(np.sum(tie, axis=axis, keepdims=True), 1)
    return np.False_
