"""The kinks met at a point: where a slope is a convention, with the slopes on both sides."""

from __future__ import annotations

from itertools import chain

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import kink_function
from backpropcli.calculus.forward import forward
from backpropcli.calculus.reverse import activity, live_edges
from backpropcli.language.program import BY_DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Diff
    from backpropcli.report.report import Report

COMPARISONS = {"lt", "le", "gt", "ge", "eq", "ne"}
EQUALITIES, EXTREMES = {"eq", "ne"}, {"max", "min"}
MOVES = 2
"""In the flags of what is taken: the output moves with the node."""


class KinkMet:
    """A kink met at the point: the one-sided slopes by one input, and the slope chosen.

    ``node`` is a node of the program: the one with the kink; or the derivative, where the kink is
    in what was differentiated. ``label`` and ``by`` are the texts of what has the kink, and of its
    input. Where the value jumps, there are no slopes on both sides.
    """

    __slots__ = ("by", "chosen", "input", "jump", "label", "left", "node", "right", "when")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        node: int,
        child: int,
        when: str,
        left: float,
        right: float,
        chosen: float,
        *,
        jump: bool,
    ) -> None:
        self.node = node
        self.input = child
        self.when = when
        self.left = left
        self.right = right
        self.chosen = chosen
        self.jump = jump
        self.label = self.by = ""

    @property
    def what(self) -> tuple[str, str, str]:
        """What tells this kink from others, however its text is spaced; a jump is told once."""
        by = "" if self.jump else self.by.replace(" ", "")
        return self.label.replace(" ", ""), by, self.when


def kinks_met(report: Report) -> tuple[list[KinkMet], set[int]]:
    """Return the kinks at the point, each once, and the nodes whose slopes are conventions.

    The nodes of a derivative can have kinks that the derivative itself has not: the rules for
    floats have cases. Where there are any, the derivative as books write it is looked at.
    """
    program = report.program
    graph, made = program.graph, program.made
    kinks = list(_met(graph, report.values, range(len(graph)), report.active))
    if not kinks and not program.diffs:
        return [], set()
    taken = taken_nodes(graph, report.values, list(report.seeds))
    found = []
    doubtful = False
    for kink in kinks:
        if kink.node < len(made) and made[kink.node] == BY_DIFF:
            doubtful = True
        elif taken[kink.node] == MOVES or (taken[kink.node] and kink.jump):
            kink.label, kink.by = program.text(kink.node, 30), program.text(kink.input, 30)
            found.append(kink)
    diffs = program.derivatives(list(report.seeds))
    if doubtful or any(_inside(report, diff) for diff in diffs):
        known = {kink.what for kink in found}
        for kink in _by_the_book(report, diffs):
            if kink.what not in known:
                known.add(kink.what)
                found.append(kink)
    return found, {kink.node for kink in kinks}


def _inside(report: Report, diff: Diff) -> bool:
    """Say whether something that is differentiated has a kink, one of the rules' own included."""
    values = _values(report, diff)
    if values is None:
        return False
    moving = _moving(diff.found, len(diff.graph))
    reached = diff.graph.ancestors([diff.of])
    numbers = [number for number, flag in enumerate(reached) if flag]
    return any(_met(diff.graph, values, numbers, moving))


def _by_the_book(report: Report, diffs: list[Diff]) -> Iterator[KinkMet]:
    """Yield the kinks of the derivatives in a program, as books write them."""
    from backpropcli.calculus.derivative import Derivative  # noqa: PLC0415 (rare)
    from backpropcli.language.unparse import brief  # noqa: PLC0415

    program = report.program
    graphs: dict[int, tuple[Graph, dict[int, int]]] = {}
    for diff in diffs:
        if id(diff.graph) not in graphs:
            graphs[id(diff.graph)] = diff.graph.copy(), {}
        graph, books = graphs[id(diff.graph)]
        of = books.get(diff.of, diff.of)
        derivative = Derivative(graph, diff.seeds, book=True)
        node = derivative.of(of)
        values = _values(report, diff, graph)
        if values is None:
            continue
        kinks = _felt(graph, values, of, _moving(derivative.found, len(graph)))
        place = program.root if diff.place < 0 or diff.graph is program.graph else diff.place
        if node is not None:
            books[diff.node] = node
            variables = graph.variables()
            asked = [variables[name] for name in report.wrt if name in variables]
            active = activity(graph, asked)
            kinks = chain(kinks, _felt(graph, values, node, active))
        for kink in kinks:
            kink.label, kink.by = brief(graph, kink.node, 30), brief(graph, kink.input, 30)
            kink.node = kink.input = place
            yield kink


def _moving(tangents: Mapping[int, int | None], count: int) -> bytearray:
    """Return one flag a node: 1 where it has a tangent."""
    found = bytearray(count)
    for number, tangent in tangents.items():
        found[number] = tangent is not None
    return found


def _felt(graph: Graph, values: Sequence[float], root: int, moving: bytearray) -> Iterator[KinkMet]:
    """Yield the kinks that node ``root`` feels; below a locally constant step, only jumps."""
    taken = taken_nodes(graph, values, [root])
    numbers = [number for number, flag in enumerate(taken) if flag]
    for kink in _met(graph, values, numbers, moving):
        if kink.jump or taken[kink.node] == MOVES:
            yield kink


def _values(report: Report, diff: Diff, graph: Graph | None = None) -> list[float] | None:
    """Return the values of a derivative's graph, or of one with more nodes.

    None where a variable of it has no value.
    """
    if graph is None and diff.graph is report.program.graph:
        return report.values
    graph = graph or diff.graph
    bindings = dict(report.bindings)
    if diff.given:
        bindings = {name: report.values[node] for name, node in diff.given.items()}
    variables = graph.variables()
    needed = graph.ancestors([diff.of])
    if any(needed[node] and name not in bindings for name, node in variables.items()):
        return None
    return forward(graph, floats, dict.fromkeys(variables, 0.0) | bindings)


def taken_nodes(graph: Graph, values: Sequence[float], roots: list[int]) -> bytearray:
    """Return one flag a node: 1 where ``roots`` depend on it by the branches that are taken.

    It is 2 where they move with it.
    """
    taken = bytearray(len(graph))
    for root in roots:
        taken[root] = MOVES
    for number in range(max(roots), -1, -1):
        inputs = graph.inputs[number]
        if not taken[number] or not inputs:
            continue
        live = live_edges(graph.table[graph.operations[number]], len(inputs))
        skipped = -1
        if graph.operations[number] == "where":
            skipped = 2 if values[inputs[0]] else 1
        extreme = graph.operations[number] in EXTREMES
        for index, child in enumerate(inputs):
            if extreme and values[child] != values[number]:
                continue
            if index != skipped:
                moves = live[index] and taken[number] == MOVES
                taken[child] = max(taken[child], MOVES if moves else 1)
    return taken


def _met(
    graph: Graph, values: Sequence[float], numbers: Collection[int], moving: bytearray
) -> Iterator[KinkMet]:
    """Yield the kinks of the nodes ``numbers`` by the inputs that move."""
    for number in numbers:
        inputs = graph.inputs[number]
        row = graph.table[graph.operations[number]] if inputs else None
        if row is None or not row.kinks or not any(moving[child] for child in inputs):
            continue
        if row.name in COMPARISONS and settled(graph, number, values):
            continue
        given = [values[number], *[values[child] for child in inputs]]
        for kink in row.kinks:
            for index, child in enumerate(inputs):
                parameter = row.parameters[0 if row.variadic else index]
                slopes = kink.slopes.get(parameter)
                if slopes is None or not moving[child]:
                    continue

                def at(text: str, index: int = index) -> float:
                    call = kink_function(row, text, index, len(inputs), floats)  # noqa: B023
                    return float(call(*given))  # noqa: B023

                if not at(kink.when) or (row.variadic and same_input(inputs, given, index)):
                    continue
                left, right, chosen = at(slopes[0]), at(slopes[1]), at(row.partial(index))
                if kink.jump or not left == right == chosen:
                    yield KinkMet(number, child, kink.when, left, right, chosen, jump=kink.jump)


def settled(graph: Graph, number: int, values: Sequence[Any]) -> bool:
    """Say whether the answer of a comparison stays what it is around a point where both are equal.

    It does if both are one node; or if it is asked whether an input of max or min is the result,
    as their rules do, and this one alone is.
    """
    if graph.inputs[number][0] == graph.inputs[number][1]:
        return True
    if graph.operations[number] not in EQUALITIES:
        return False
    for one, other in (graph.inputs[number], graph.inputs[number][::-1]):
        if graph.operations[one] in EXTREMES and other in graph.inputs[one]:
            tied = {child for child in graph.inputs[one] if values[child] == values[one]}
            return len(tied) == 1
    return False


def same_input(inputs: tuple[int, ...], given: list[float], index: int) -> bool:
    """Say whether all inputs of a max or min that tie are one node: that is no kink."""
    pairs = zip(inputs, given[1:], strict=True)
    return len({child for child, value in pairs if value == given[index + 1]}) == 1
