"""Jacobians: outputs by variables, by whichever mode needs fewer sweeps over the graph.

Which entries can differ from 0 is found from the graph. Columns that share no row, or rows that
share no column, go through one sweep together (Curtis, Powell and Reid, J. Inst. Math. Appl. 13,
1974; Griewank and Walther, "Evaluating Derivatives", 2nd ed., chapter 8).
"""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.reverse import activity, live_edges, reverse
from backpropcli.calculus.tangent import tangents
from backpropcli.modes.colouring import colour_columns, recover, transposed
from backpropcli.modes.gradient import ones, ready, report_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program
    from backpropcli.report.report import Report

MODES = ("auto", "forward", "reverse")


class Jacobian:
    """A Jacobian at a point: ``matrix`` has a row an output and a column a variable.

    ``pattern`` holds for each row the columns that can differ from 0. ``sweeps`` are the sweeps
    that each mode needs, ``mode`` is the one that was taken, and ``forced`` says that it was asked
    for. ``point`` is the report of the values, kinks and causes there.
    """

    def __init__(  # noqa: PLR0913 (a record)
        self,
        point: Report,
        wrt: dict[str, int],
        pattern: list[list[int]],
        sweeps: dict[str, int],
        mode: str,
        rows: list[dict[int, float]],
        *,
        forced: bool,
    ) -> None:
        self.point = point
        self.program = point.program
        self.wrt = wrt
        self.outputs = self.program.titles()
        self.values = [point.values[output] for output in self.program.outputs]
        self.pattern = pattern
        self.sweeps = sweeps
        self.mode = mode
        self.forced = forced
        self.rows = rows
        self.matrix = [[row.get(column, 0.0) for column in range(len(wrt))] for row in rows]

    def reports(self) -> Iterator[Report]:
        """Yield the gradient of each output by the names that it rests on, as a report."""
        program = self.program
        for output in program.outputs:
            below = program.graph.ancestors([output])
            wrt = {name: node for name, node in self.wrt.items() if below[node]}
            yield report_of(program, self.point.bindings, wrt, {output: 1.0})


def dependence(graph: Graph, roots: Sequence[int], wrt: Sequence[int]) -> list[list[int]]:
    """Return for each root the sorted positions in ``wrt`` of the nodes that it moves with."""
    bits: dict[int, int] = {}
    for position, node in enumerate(wrt):
        bits[node] = bits.get(node, 0) | 1 << position
    keep = graph.ancestors(list(roots))
    masks: list[int] = [0] * len(graph)
    for number, inputs in enumerate(graph.inputs):
        if not keep[number]:
            continue
        mask = bits.get(number, 0)
        if inputs:
            live = live_edges(graph.table[graph.operations[number]], len(inputs))
            for child, moves in zip(inputs, live, strict=True):
                if moves:
                    mask |= masks[child]
        masks[number] = mask
    return [_positions(masks[root]) for root in roots]


def _positions(mask: int) -> list[int]:
    """Return the numbers of the bits of ``mask`` that are 1, ascending."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def jacobian(
    program: Program, bindings: dict[str, float], wrt: Sequence[str] = (), mode: str = "auto"
) -> Jacobian:
    """Return the Jacobian of the program's outputs at the point ``bindings``.

    ``wrt`` are the names by which to differentiate, all variables if empty. Raises BackpropError
    as ``gradient`` does.
    """
    asked = ready(program, bindings, wrt)
    outputs, nodes, graph = program.outputs, list(asked.values()), program.graph
    pattern = dependence(graph, outputs, nodes)
    columns = colour_columns(pattern, len(nodes))
    across = transposed(pattern, len(nodes))
    rows = colour_columns(across, len(outputs))
    sweeps = {"forward": max(columns, default=-1) + 1, "reverse": max(rows, default=-1) + 1}
    forced = mode != "auto"
    if not forced:
        mode = "forward" if sweeps["forward"] < sweeps["reverse"] else "reverse"
    values = forward(graph, floats, bindings)
    if mode == "forward":
        compressed = []
        for colour in range(sweeps["forward"]):
            seeds = {n: 1.0 for n, own in zip(nodes, columns, strict=True) if own == colour}
            found = tangents(graph, floats, values, seeds)
            compressed.append([found[output] or 0.0 for output in outputs])
        entries = recover(pattern, columns, compressed)
    else:
        active = activity(graph, nodes)
        compressed = []
        for colour in range(sweeps["reverse"]):
            seeds = {o: 1.0 for o, own in zip(outputs, rows, strict=True) if own == colour}
            adjoints = reverse(graph, floats, values, seeds, active)
            compressed.append([adjoints[node] or 0.0 for node in nodes])
        flipped = recover(across, rows, compressed)
        entries = [{c: flipped[c][r] for c in row} for r, row in enumerate(pattern)]
    point = report_of(program, bindings, asked, ones(program))
    return Jacobian(point, asked, pattern, sweeps, mode, entries, forced=forced)
