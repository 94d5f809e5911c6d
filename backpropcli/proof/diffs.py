"""Holds the derivatives that stand in a program against SymPy's, operation by operation."""

from __future__ import annotations

from mpmath import mpf

from backpropcli.proof.kinks import at_kink
from backpropcli.proof.numbers import AGREE, noise, same
from backpropcli.proof.own import rule_value
from backpropcli.report.kinks import taken_nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Diff
    from backpropcli.proof.own import Called
    from backpropcli.proof.point import Point
    from backpropcli.proof.slopes import Slopes

    Step = tuple[Diff, list[Any], int]


def steps(point: Point) -> list[Step]:
    """Return the derivatives in the program, as steps: each is of one operation.

    A derivative in a branch that is not taken is of no consequence, and need not exist.
    """
    seen: set[tuple[int, int]] = set()
    found = []
    for diff in point.report.program.derivatives(list(point.report.seeds)):
        values = point.diff_values(diff)
        for number, kept in enumerate(taken_nodes(diff.graph, values, [diff.of])):
            key = (id(diff.found), number)
            if kept and key not in seen and number not in diff.seeds and number in diff.found:
                found.append((diff, values, number))
                if not diff.given:
                    seen.add(key)
    return found


def differences(point: Point, slopes: Slopes, found: list[Step]) -> dict[str, object]:
    """Return what is amiss with the steps ``found``; nothing where all agree.

    Each derivative of a node has to be the sum, over its inputs, of SymPy's partial times the
    input's derivative.
    """
    for diff, values, number in found:
        news = _one(point, slopes, diff, values, number)
        if news:
            return news
    return {}


def calls(found: list[Step]) -> Iterator[Called]:
    """Yield the calls of functions with rules that derivatives in the program go through."""
    for diff, values, number in found:
        operation = diff.graph.operations[number]
        moves = diff.graph.inputs[number] and diff.found[number] is not None
        if moves and diff.graph.table[operation].own:
            yield diff.graph, values, number


def _one(
    point: Point, slopes: Slopes, diff: Diff, values: list[Any], number: int
) -> dict[str, object]:
    graph = diff.graph
    children = graph.inputs[number]
    tangents = [diff.found.get(child) for child in children]
    if not any(tangent is not None for tangent in tangents):
        return {}
    total, size = mpf(0), mpf(0)
    row = graph.table[graph.operations[number]]
    for index, tangent in enumerate(tangents):
        if tangent is None or (row.own and index == len(children) - 1):
            continue
        if at_kink(graph, number, index, values):
            return {
                "reason": f"the point is a kink of {_name(graph, number)}, where a slope is "
                "a convention"
            }
        try:
            partial = _slope(slopes, graph, values, number, index)
        except LookupError as error:
            return {"reason": str(error)}
        if partial is None:
            return {
                "reason": f"SymPy has no value for the derivative of {_name(graph, number)} here"
            }
        if row.selects and partial == 0:
            continue  # it is not taken
        total += partial * values[tangent]
        size += abs(partial * values[tangent])
    found = diff.found[number]
    ours = mpf(0) if found is None else values[found]
    if same(total, ours, AGREE) or abs(total - ours) <= noise(point.precision) * size:
        return {}
    return {
        "reason": f"diff of {_name(graph, number)}: SymPy finds another derivative",
        "bad": True,
    }


def _slope(slopes: Slopes, graph: Graph, values: list[Any], number: int, index: int) -> Any:  # noqa: ANN401
    """Return SymPy's partial, or what the rule says where a function has rules."""
    if graph.table[graph.operations[number]].own:
        return rule_value(graph, values, number, index)
    return slopes.local(graph, values, number, index)


def _name(graph: Graph, number: int) -> str:
    row = graph.table[graph.operations[number]]
    return f"{row.shown}({', '.join(row.parameters)})" if not row.own else row.shown
