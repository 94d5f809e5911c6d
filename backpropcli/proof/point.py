"""Our own passes on many digits, at a precision that is raised until the digits are steady."""

from __future__ import annotations

from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.calculus.forward import forward
from backpropcli.calculus.reverse import reverse
from backpropcli.proof.numbers import PRECISIONS, STEADY, noise, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Diff
    from backpropcli.report.report import Report

UNUSED = mpf("0.5")
"""For a variable that only stands in what was differentiated away: it changes nothing."""
EXACT = {"add", "sub", "mul", "neg", "abs", "sign", "min", "max", "where", "clip", "relu", "sg"}
"""Operations that round only where their result needs more digits than there are."""


def _unrounded(operation: str, inputs: list[Any]) -> bool:
    """Say whether a sum or a product of ``inputs`` needs no more bits than there are."""
    numbers = [item._mpf_ for item in inputs if isinstance(item, mpf) and item]
    if operation in {"add", "sub"} and numbers:
        lowest = min(exponent for _, _, exponent, _ in numbers)
        highest = max(exponent + bits for _, _, exponent, bits in numbers)
        return bool(highest - lowest < mp.prec)
    return operation != "mul" or bool(sum(bits for *_, bits in numbers) <= mp.prec)


def diff_values(point: Point, diff: Diff) -> list[Any]:
    """Return the values of the nodes of ``diff``'s graph, at the point."""
    bindings = {}
    for name in diff.graph.variables():
        if diff.given:
            node = diff.given.get(name)
            bindings[name] = UNUSED if node is None else point.values[node]
        else:
            bindings[name] = point.bindings.get(name, UNUSED)
    return [
        mpf(value) if isinstance(value, int) else value
        for value in forward(diff.graph, digits, bindings)
    ]


class Point:
    """Our own passes on many digits, at the doubles that were bound."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.graph = report.program.graph
        self.bindings = {name: mpf(value) for name, value in report.bindings.items()}
        self.steady = False
        self.scales: list[float] = []
        self.inside: dict[tuple[int, tuple[tuple[str, int], ...]], list[Any]] = {}
        self.precision = PRECISIONS[0]
        wrt = list(report.wrt.values())
        before: list[Any] | None = None
        for precision in PRECISIONS:
            with mp.workdps(precision):
                values, adjoints = self._passes()
                value, slopes = values[report.top], [adjoints[n] or mpf(0) for n in wrt]
                settled = before is not None and all(
                    same(one, other, STEADY)
                    or (self.is_noise(node, one) and self.is_noise(node, other, mp.dps))
                    for node, one, other in zip(wrt, before[1:], slopes, strict=True)
                )
                settled = settled and self._same_value(before, value, values)
                if settled and (precision == PRECISIONS[-1] or not self._doubtful(values, slopes)):
                    self.steady = True
                    break  # the passes before were right already, and are cheaper to go on with
            before = [value, *slopes]
            self.precision = precision
            self.values, self.adjoints = values, adjoints

    def diff_values(self, diff: Diff) -> list[Any]:
        """Return the values, at the point, of the graph that a derivative was made in."""
        key = (id(diff.graph), tuple(diff.given.items()))
        found = self.inside.get(key)
        if found is None:
            found = self.inside[key] = diff_values(self, diff)
        return found

    def places(self, graph: Graph, before: int | None = None) -> dict[int, int]:
        """Return the nodes of ``graph`` that are derivatives, but for those in functions.

        ``graph`` is the program's, or one that a derivative was made in; the values are positions
        in the program's ``diffs``, of which only those below ``before`` are looked at.
        """
        found = {}
        for position, diff in enumerate(self.report.program.diffs[:before]):
            inside = diff.node if graph is diff.graph else -1
            node = diff.place if graph is self.graph else inside
            if not diff.given and node >= 0 and graph.inputs[node]:
                found[node] = position
        return found

    def _same_value(self, before: list[Any] | None, value: Any, values: list[Any]) -> bool:  # noqa: ANN401
        """Say whether the output is steady; it is 0 below the noise of the values."""
        first = before[0] if before else value
        if same(first, value, STEADY):
            return True
        largest = max(abs(item) for item in values if mp.isfinite(item))
        limits = noise(self.precision) * largest, noise(mp.dps) * largest
        return bool(abs(first) < limits[0] and abs(value) < limits[1])

    def _doubtful(self, values: list[Any], slopes: list[Any]) -> bool:
        """Say whether a sum has fewer than ``STEADY`` digits left, so that its 0 may be false.

        ``slopes`` are the derivatives asked for. A sum of numbers that no step has rounded is
        right, whatever cancels in it.
        """
        room = mp.prec - STEADY / 0.30103  # a bit is log10(2) digits
        exact = bytearray(len(values))
        for number, operation in enumerate(self.graph.operations):
            inputs, out = self.graph.inputs[number], values[number]
            if not inputs:
                exact[number] = operation != "constant"
                continue
            exact[number] = (
                operation in EXACT
                and all(exact[child] for child in inputs)
                and _unrounded(operation, [values[child] for child in inputs])
            )
            if operation in {"add", "sub"} and not exact[number]:
                size = max(mp.mag(values[child]) for child in inputs)
                if mp.isfinite(out) and size > -mp.inf and size - mp.mag(out) > room:
                    return True
        return not all(exact) and any(
            self.is_noise(node, slope, mp.dps)
            for node, slope in zip(self.report.wrt.values(), slopes, strict=True)
        )

    def same(self, node: int, first: Any, second: Any, count: int) -> bool:  # noqa: ANN401
        """Say whether two derivatives by ``node`` agree in ``count`` digits, or both are noise."""
        if same(first, second, count):
            return True
        return self.is_noise(node, first) and self.is_noise(node, second)

    def is_noise(self, node: int, slope: Any, precision: int = 0) -> bool:  # noqa: ANN401
        """Say whether a derivative by ``node`` is 0, but for the rounding of what it is a sum of.

        ``precision`` is that of ``slope`` in digits, if not the one of the passes that are kept.
        """
        return bool(abs(slope) <= noise(precision or self.precision) * self.scale(node))

    def scale(self, node: int) -> float:
        """Return the size of the terms that a derivative by ``node`` is the sum of."""
        if not self.scales:
            self.scales = [0.0] * len(self.graph)
            self.scales[self.report.top] = 1.0
            for number in range(self.report.top, -1, -1):
                if self.scales[number]:
                    for edge in self.report.edges(number):
                        size = self.scales[number] * abs(edge.partial or 0.0)
                        self.scales[edge.input] += size if size < float("inf") else 0.0
        return self.scales[node]

    def _passes(self) -> tuple[list[Any], list[Any]]:
        values = [
            mpf(value) if isinstance(value, int) else value
            for value in forward(self.graph, digits, self.bindings)
        ]
        seeds = {self.report.top: mpf(1)}
        return values, reverse(self.graph, digits, values, seeds, self.report.active)
