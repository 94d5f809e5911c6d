"""What a run found at a point, as plain data: every renderer shows this and computes nothing."""

from __future__ import annotations

from math import copysign, isfinite, isinf

from backpropcli.calculus.choice import numbers_of
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.report.kinks import kinks_met

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lower import Lowered
    from backpropcli.report.causes import Cause
    from backpropcli.report.flow import Flow
    from backpropcli.report.kinks import KinkMet
    from backpropcli.report.sides import Whole
    from backpropcli.report.view import View

SIGNED = {"atan2", "copysign"}
"""Operations for which -0.0 is another number than 0; so it is for those with a pole there."""
MOST_WHOLES = 50
"""Names for which the whole is looked at."""


class Report:
    """The result of a run at a point.

    ``value`` is the output's, ``wrt`` the nodes to differentiate by, by name, and ``gradient`` a
    float for each of them. ``graph`` is the flat graph; ``values`` and ``adjoints`` hold a float
    for each of its nodes (an adjoint is None where nothing arrives). ``seeds`` are the cotangents
    of the outputs: 1 for the one output of most programs. ``kinks`` are those that were met, and
    ``causes`` tell what is not finite, first in each pass. ``view`` has what is shown, node by
    node. ``flags`` say which elements of arrays are felt, where that had to be asked. ``labels``
    has what derivatives are called that are not "d/dx".
    """

    quantity = "gradient"

    def __init__(  # noqa: PLR0913 (what a run starts from)
        self,
        lowered: Lowered,
        bindings: Mapping[str, float],
        wrt: dict[str, int],
        values: list[float],
        seeds: dict[int, float],
        warnings: Sequence[str] = (),
    ) -> None:
        self.lowered = lowered
        self.program = lowered.program
        self.graph = lowered.graph
        self.wrt = wrt
        self.values = values
        self.seeds = seeds
        self.warnings = list(warnings)
        names = self.program.variables
        self.bindings = {name: bindings[name] for name in names if name in bindings}
        self.arithmetic = numbers_of(self.graph, self.bindings)
        self.arrays = hasattr(self.arithmetic, "in_shape")
        self.flags: list[Any] | None = None
        self.active, self.adjoints = self.swept()
        self.top = max(seeds)
        self.value = values[self.top]
        self.gradient = {name: self._slope(number) for name, number in wrt.items()}
        self.labels: dict[str, str] = {}
        self._view: View | None = None
        self._wholes: dict[str, Whole] | None = None
        self._flow: Flow | None = None
        self._numbers: Report | None = None
        self.kinks: list[KinkMet] = kinks_met(self)
        self.causes = self._causes()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(value={self.value!r}, gradient={self.gradient!r})"

    def swept(self) -> tuple[bytearray, Sequence[float | None]]:
        """Return which nodes move, and the adjoint of each node."""
        edges = linearize(self.graph, self.arithmetic, self.values, self.wrt.values())
        if self.arrays:
            from backpropcli.report.elements.adjoints import Adjoints  # noqa: PLC0415 (NumPy)

            found = Adjoints(self, edges)
            self.flags = found.flags
            return edges.active, found
        return edges.active, pull(edges, self.arithmetic, self.seeds)

    def _slope(self, number: int) -> Any:  # noqa: ANN401 (a number, or an array of the node's shape)
        """Return the adjoint of a node; zeros where nothing arrives."""
        adjoint = self.adjoints[number]
        if adjoint is None:
            return self.arithmetic.fit(None, self.values[number]) if self.arrays else 0.0
        return adjoint + 0.0  # no -0

    def wholes(self) -> dict[str, Whole]:
        """Return what the whole has as a function of each name, where a kink or a gap was met.

        Only names that a kink rests on; all, where something is not finite. Heavy, and worked out
        once. Nothing is said of arrays, but of some of their elements: see ``numbers``.
        """
        if self._wholes is None:
            self._wholes = {}
            if self.arrays:  # germs are of numbers
                return self._wholes
            if (self.kinks or self.causes) and not self.signed_zero:
                from backpropcli.report.whole import whole  # noqa: PLC0415 (heavy)

                felt = self.graph.ancestors([kink.input for kink in self.kinks])
                several = len(self.seeds) > 1
                # What is flat may jump, as the slope of abs does.
                moves = self.active[self.top] or self.lowered.diffs or several
                for name, node in list(self.wrt.items())[:MOST_WHOLES] if moves else ():
                    if felt[node] or self.causes:
                        self._wholes[name] = whole(self.graph, self.top, self.bindings, node)
        return self._wholes

    def each_whole(self) -> Iterator[tuple[str, str, Whole]]:
        """Yield what each output has as a function of each name: its title, the name, and that.

        The title is "" where there is one output.
        """
        if self.arrays:
            yield from self.numbers.each_whole() if self.numbers else ()
            return
        if len(self.seeds) == 1 or not self.wholes():
            yield from (("", name, found) for name, found in self.wholes().items())
            return
        from backpropcli.report.whole import whole  # noqa: PLC0415 (heavy)

        outputs = self.lowered.outputs
        for title, output in zip(self.program.titles(), outputs, strict=True):
            below = self.graph.ancestors([output])
            inputs = [kink.input for kink in self.kinks if below[kink.node]]
            felt = self.graph.ancestors(inputs)
            for name, node in list(self.wrt.items())[:MOST_WHOLES]:
                if felt[node] or (below[node] and any(below[one.node] for one in self.causes)):
                    yield title, name, whole(self.graph, output, self.bindings, node)

    @property
    def numbers(self) -> Report | None:
        """Of a program with arrays, the report by the first elements that a kink or a gap is at.

        None where there is none, or the program is too large to be written out in numbers.
        """
        if self._numbers is None and self.arrays and (self.kinks or self.causes):
            from backpropcli.report.elements.numbers import report_in_numbers  # noqa: PLC0415

            self._numbers = report_in_numbers(self)
        return self._numbers

    @property
    def signed_zero(self) -> bool:
        """Whether the value may turn on the sign of a zero: numbers of many digits have none."""
        values = self.values
        return any(
            (operation in SIGNED or isinf(values[number]))
            and any(values[child] == 0 > copysign(1, values[child]) for child in inputs)
            for number, (operation, inputs) in enumerate(
                zip(self.graph.operations, self.graph.inputs, strict=True)
            )
        )

    def as_dict(self) -> dict[str, object]:
        """Return plain data: numbers, dicts and texts, as the command's JSON has them."""
        return {
            "output": self.title,
            "value": self.value,
            "wrt": list(self.gradient),
            "gradient": self.gradient,
        }

    def label(self, name: str) -> str:
        """Return what the derivative by a name is called."""
        return self.labels.get(name) or f"d/d{name}"

    @property
    def title(self) -> str:
        """The output's name, or the output as the user wrote it."""
        return self.program.title(self.program.root)

    @property
    def view(self) -> View:
        """What is shown of the graph."""
        if self._view is None:
            from backpropcli.report.view import View  # noqa: PLC0415 (not for numbers only)

            self._view = View(self)
        return self._view

    def text(self, number: int, limit: int = 60) -> str:
        """Return a node of the flat graph as the user wrote it, or written out."""
        return self.lowered.text(number, limit)

    @property
    def flow(self) -> Flow:
        """What flows along each edge."""
        if self._flow is None:
            if self.arrays:
                from backpropcli.report.elements.flow import FlowOfElements  # noqa: PLC0415 (NumPy)

                self._flow = FlowOfElements(self)
            else:
                from backpropcli.report.flow import Flow  # noqa: PLC0415 (not for numbers only)

                self._flow = Flow(self)
        return self._flow

    def through(self, number: int, stops: set[int], seed: Any = 1.0) -> dict[int, Any]:  # noqa: ANN401
        """Return the derivatives of node ``number`` by the nodes ``stops``, each held alone.

        Or what goes there, given another ``seed`` than 1: the adjoint of the node.
        """
        inputs = self.graph.inputs
        inside, stack = {number}, [number]
        while stack:
            for child in inputs[stack.pop()]:
                if child not in inside and child not in stops:
                    inside.add(child)
                    stack.append(child)
        moving = [stop for stop in stops if self.flow.moving[stop]]
        edges = linearize(self.graph, self.arithmetic, self.values, moving, sorted(inside))
        found = pull(edges, self.arithmetic, {number: seed})
        if self.arrays:
            found = self.arithmetic.in_shape(found, self.values)
        return {stop: slope for stop in stops if (slope := found[stop]) is not None}

    def _causes(self) -> list[Cause]:
        if self.arrays:
            from backpropcli.report.elements.causes import causes_of_elements  # noqa: PLC0415

            return causes_of_elements(self)
        wrong = not all(map(isfinite, self.gradient.values()))
        if not wrong and all(isfinite(self.values[output]) for output in self.seeds):
            return []
        from backpropcli.report.causes import backward_cause, forward_cause  # noqa: PLC0415 (seldom)

        found = [forward_cause(self), backward_cause(self) if wrong else None]
        return [cause for cause in found if cause is not None]
