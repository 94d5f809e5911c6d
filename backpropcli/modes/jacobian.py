"""Jacobians: outputs by variables, by whichever mode needs fewer sweeps over the graph.

Which entries can differ from 0 is found from the graph. Columns that share no row, or rows that
share no column, go through one sweep together (Curtis, Powell and Reid, J. Inst. Math. Appl. 13,
1974; Griewank and Walther, "Evaluating Derivatives", 2nd ed., chapter 8).
"""

from __future__ import annotations

from itertools import accumulate

from backpropcli.calculus.choice import has_arrays
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull, push
from backpropcli.errors import BackpropError, NoForwardError, did_you_mean
from backpropcli.modes.colouring import colour_columns, recover, transposed
from backpropcli.modes.elements import in_elements, in_elements_if_small
from backpropcli.modes.gradient import ones, ready, report_of
from backpropcli.modes.jvp import jvp
from backpropcli.modes.pattern import dependence
from backpropcli.report.claim import Claim
from backpropcli.report.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.language.program import Program
    from backpropcli.report.report import Report

MODES = ("auto", "forward", "reverse")


class Jacobian(Result):
    """A Jacobian at a point: ``matrix`` has a row an output and a column a variable.

    ``pattern`` holds for each row the columns that can differ from 0. ``sweeps`` are the sweeps
    that each mode needs, ``mode`` is the one that was taken, and ``forced`` says that it was asked
    for.
    """

    command = "jacobian"

    def __init__(  # noqa: PLR0913 (a record)
        self,
        point: Report,
        wrt: dict[str, int],
        pattern: list[list[int]],
        sweeps: dict[str, int],
        mode: str,
        matrix: list[list[float]],
        *,
        forced: bool,
    ) -> None:
        super().__init__(point, wrt)
        self.wrt = wrt
        self.pattern = pattern
        self.sweeps = sweeps
        self.mode = mode
        self.forced = forced
        self.matrix = matrix

    def as_dict(self) -> dict[str, object]:
        return {
            **super().as_dict(),
            "jacobian": self.matrix,
            **({"blocks": self.blocks(self.matrix)} if self.shapes else {}),
            "mode": self.mode,
            "sweeps": self.sweeps,
            "pattern": self.pattern,
        }

    def rows(self) -> Iterator[tuple[list[str], float]]:
        for title, row in zip(self.outputs, self.matrix, strict=True):
            for name, value in zip(self.variables, row, strict=True):
                yield [title, name], value

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, self.matrix = values, [[self.zero] * len(self.variables) for _ in values]
        columns = {name: at for at, name in enumerate(self.wrt)}
        below = [self.point.lowered.graph.ancestors([one]) for one in self.point.lowered.outputs]
        for row, part, felt in zip(self.matrix, parts, below, strict=True):
            names = [name for name, node in self.wrt.items() if felt[node]]
            for name, number in zip(names, part, strict=True):
                row[columns[name]] = number

    def claims(self) -> Iterator[Claim]:
        """Yield the gradient of each output by the names that it rests on."""
        lowered = self.point.lowered
        for output, title, row in zip(lowered.outputs, self.outputs, self.matrix, strict=True):
            below = lowered.graph.ancestors([output])
            wrt = {name: node for name, node in self.wrt.items() if below[node]}
            report = report_of(lowered, self.point.point, wrt, {output: 1.0})
            slopes = dict(zip(self.wrt, row, strict=True))
            head = title if title.isidentifier() else f"({title})"
            labels = [f"d{head}/d{name}" for name in wrt]
            yield Claim(report, labels, [slopes[name] for name in wrt], title=title)


def jacobian(
    program: Program, bindings: Mapping[str, float], wrt: Sequence[str] = (), mode: str = "auto"
) -> Jacobian:
    """Return the Jacobian of the program's outputs at the point ``bindings``.

    ``wrt`` are the names by which to differentiate, all variables if empty. Raises BackpropError
    as ``gradient`` does, and for a mode that there is not.
    """
    if mode not in MODES:
        hint = did_you_mean(mode, MODES, f"the modes are {', '.join(MODES)}")
        raise BackpropError(f"there is no mode '{mode}'", hint)
    numbers = in_elements_if_small(program, bindings, wrt)
    if numbers is not None:
        return numbers.run(jacobian, mode=mode)
    if has_arrays(program.graph, bindings):
        return _of_arrays(program, bindings, wrt, mode)
    lowered, asked = ready(program, bindings, wrt)
    outputs, nodes = lowered.outputs, list(asked.values())
    pattern = dependence(lowered.graph, outputs, nodes)
    columns = colour_columns(pattern, len(nodes))
    across = transposed(pattern, len(nodes))
    rows = colour_columns(across, len(outputs))
    sweeps = {"forward": max(columns, default=-1) + 1, "reverse": max(rows, default=-1) + 1}
    way = _way(sweeps, mode)
    point = report_of(lowered, bindings, asked, ones(lowered))
    numbers = point.arithmetic
    edges = linearize(lowered.graph, numbers, point.values, nodes)
    compressed = []
    if way == "forward":
        for colour in range(sweeps["forward"]):
            seeds = {n: 1.0 for n, own in zip(nodes, columns, strict=True) if own == colour}
            found = push(edges, numbers, seeds)
            compressed.append([found[output] or 0.0 for output in outputs])
        entries = recover(pattern, columns, compressed)
    else:
        for colour in range(sweeps["reverse"]):
            seeds = {o: 1.0 for o, own in zip(outputs, rows, strict=True) if own == colour}
            found = pull(edges, numbers, seeds)
            compressed.append([found[node] or 0.0 for node in nodes])
        flipped = recover(across, rows, compressed)
        entries = [{c: flipped[c][r] for c in row} for r, row in enumerate(pattern)]
    matrix = [[row.get(column, 0.0) for column in range(len(nodes))] for row in entries]
    return Jacobian(point, asked, pattern, sweeps, way, matrix, forced=mode != "auto")


def _way(sweeps: dict[str, int], mode: str) -> str:
    """Return the mode that was asked for, or the one that needs fewer sweeps."""
    if mode != "auto":
        return mode
    return "forward" if sweeps["forward"] < sweeps["reverse"] else "reverse"


def _of_arrays(
    program: Program,
    bindings: Mapping[str, Any],
    wrt: Sequence[str],
    mode: str,
) -> Jacobian:
    """Return the Jacobian by sweeps over whole arrays.

    Its pattern is by arrays: the elements of one all move with those of another, or none does.
    """
    from backpropcli.modes.matrices import Slopes, fitting, sizes_at

    lowered, asked = ready(program, bindings, wrt)
    tall, wide = sizes_at(lowered, lowered.outputs), sizes_at(lowered, asked.values())
    sweeps = {"forward": sum(wide), "reverse": sum(tall)}
    fitting(
        sum(wide) * sum(tall),
        "the Jacobian",
        "take fewer names with --wrt, or a product: jvp and vjp",
    )
    ends = [*accumulate(wide)]
    pattern: list[list[int]] = []
    for size, blocks in zip(
        tall, dependence(lowered.graph, lowered.outputs, [*asked.values()]), strict=True
    ):
        own = [at for block in blocks for at in range(ends[block] - wide[block], ends[block])]
        pattern += [own] * size
    slopes = Slopes(lowered, bindings, asked, lambda along: jvp(program, bindings, along))
    way = _way(sweeps, mode)
    try:
        entries = slopes.matrix(way)
    except NoForwardError:
        if mode == "forward":
            raise
        way, entries = "reverse", slopes.matrix("reverse")
    matrix = (entries + 0.0).tolist()
    point = report_of(lowered, bindings, asked, ones(lowered))
    found = Jacobian(point, asked, pattern, sweeps, way, matrix, forced=mode != "auto")
    found.sweeping = slopes
    return found.of_arrays(lambda: in_elements(program, bindings, wrt).run(jacobian, mode=mode))
