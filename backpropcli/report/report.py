"""What a run found at a point, as plain data: every renderer shows this and computes nothing."""

from __future__ import annotations

from math import isfinite

from backpropcli.calculus.bindings import is_finite
from backpropcli.report.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backpropcli.report.causes.cause import Cause
    from backpropcli.report.decimals import Digits
    from backpropcli.report.evaluated import Start
    from backpropcli.report.flow.flow import Flow
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.lines.nearest import Nearest
    from backpropcli.report.scaling import Scaling
    from backpropcli.report.truth.bits import Bits
    from backpropcli.report.view import View
    from backpropcli.report.whole.sides import Whole

MOST_WHOLES, MOST_ELEMENTS = 50, 5
"""Names for which the whole is looked at, and elements of arrays for which it is told."""


class Report(Run):
    """The result of a run at a point.

    ``kinks`` are those that were met, and ``causes`` tell what is not finite, first in each pass.
    ``digits`` tell how many are proved, where that was asked for.
    ``bits`` tell how many are right of each node, and ``scaling`` what the reverse pass is scaled
    by, where that was asked for.
    ``view`` has what is shown, node by node. ``labels`` has what derivatives are called otherwise
    than ``form`` says. ``elements`` are those of arrays, as numbers, where something is told of
    them in digits. ``written_out`` gives the same of all elements as numbers, where it is no
    gradient. There are ``more`` elements on which a kink or a gap bears than those it is by.
    """

    held = False
    """Whether an order or a place is that of the point, though it jumps there."""

    def __init__(self, *start: *Start, warnings: Sequence[str] = (), more: bool = False) -> None:
        super().__init__(*start)
        self.warnings = list(warnings)
        self.more = more
        self.labels: dict[str, str] = {}
        self.elements: Report | None = None
        self.digits: Digits | None = None
        self.bits: Bits | None = None
        self.scaling: Scaling | None = None
        self._view: View | None = None
        self._wholes: dict[str, Whole] | None = None
        self._flow: Flow | None = None
        self.written_out: Callable[[], Report | None] | None = None
        self._numbers: list[Report | None] = []  # what was found, once it was asked
        self.causes = self._causes()
        self.kinks = self._kinks()

    def at_typed(self, given: Mapping[str, float]) -> Report:
        """Return the same with what is told at the numbers as they were typed.

        Value and gradient stay those of floats. ``given`` are elements as they were typed.
        """
        from copy import copy

        twin = copy(self)
        if self.arrays:
            return twin  # which is told by elements: see tell
        names = {*self.bindings}
        twin.bindings = self.bindings | {name: given[name] for name in names.intersection(given)}
        twin.as_typed = True
        twin._values = twin.at_point(self.graph, twin.bindings)  # noqa: SLF001 (a copy)
        twin.active, twin.adjoints = twin.swept()
        twin._view = twin._wholes = twin._flow = None  # noqa: SLF001 (a copy)
        twin.gradient = {name: twin._slope(node) for name, node in self.wrt.items()}  # noqa: SLF001 (a copy)
        twin.causes = twin._causes()  # noqa: SLF001 (a copy)
        twin.kinks = twin._kinks()  # noqa: SLF001 (a copy)
        twin.gradient = self.gradient
        return twin

    def tell(self, numbers: Report) -> None:
        """Tell of arrays what is so of their elements, which are the ``numbers`` of a report.

        What the whole has is told by the first of them that a kink or a cause rests on.
        """
        from copy import copy

        self.kinks, self._numbers = [copy(kink) for kink in numbers.kinks], []
        for kink in self.kinks:
            kink.node = kink.input = self.top
        roots = [kink.input for kink in numbers.kinks] + [cause.node for cause in numbers.causes]
        if roots:
            self.elements, first = numbers, copy(numbers)
            below = numbers.graph.ancestors(roots)
            felt = [name for name, node in numbers.wrt.items() if below[node]]
            first.wrt = {name: numbers.wrt[name] for name in felt[:MOST_ELEMENTS]}
            first.more = len(felt) > MOST_ELEMENTS
            self._numbers = [first]

    def wholes(self) -> dict[str, Whole]:
        """Return what the whole has as a function of each name, where a kink or a gap was met.

        Only names that a kink rests on; all, where something is not finite. No derivative is told
        of a value that holds one taken at a kink. Heavy, and worked out once. Nothing is said of
        arrays, but of some of their elements: see ``numbers``.
        """
        if self._wholes is None:
            self._wholes = {}
            # germs are of numbers, and rounding is no kink
            if self.arrays or self.format or self.held:
                return self._wholes
            if (self.kinks or self.causes) and not self.signed_zero:
                felt = self.graph.ancestors([kink.input for kink in self.kinks])
                by_convention = any(kink.of_value for kink in self.kinks)
                for name, node in list(self.wrt.items())[:MOST_WHOLES]:
                    if felt[node] or self.causes:
                        found = self.whole_of(self.top, node)
                        if not (by_convention and found.kind == "derivative"):
                            self._wholes[name] = found
        return self._wholes

    def whole_of(self, output: int, node: int) -> Whole:
        """Return what an output has as a function of a node. Heavy."""
        from backpropcli.report.whole.along import whole

        return whole(self.graph, output, self.bindings, node, typed=self.as_typed)

    def nearest_kinks(self) -> list[Nearest]:
        """Return how far the nearest kinks are, along each variable alone and along the gradient.

        It is worked out anew at each call, and takes a while. Empty for a program too large.
        """
        from backpropcli.report.lines.nearest import nearest_kinks

        return nearest_kinks(self)

    @property
    def numbers(self) -> Report | None:
        """Of a program with arrays, the report by the first elements that a kink or a gap is at.

        None where there is none, or the program is too large to be written out in numbers.
        """
        if not self.arrays or not (self.kinks or self.causes or self._numbers):
            return None
        if not self._numbers and self.written_out is not None:
            self._numbers = [self.written_out()]
        if not self._numbers:
            from backpropcli.report.kinks.kink import unlisted
            from backpropcli.report.written import first_elements

            roots = [(kink.input, kink.index) for kink in self.kinks]
            roots += [(cause.node, cause.index) for cause in self.causes]
            found = first_elements(self, roots, every=bool(self.causes))
            self._numbers = [found and Report(*found[0], more=found[1] or unlisted(self.kinks))]
        return self._numbers[0]

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
        return self.labels.get(name) or self.form.format(name)

    @property
    def title(self) -> str:
        """The output's name, or the output as the user wrote it."""
        return self.program.title(self.program.root)

    @property
    def view(self) -> View:
        """What is shown of the graph."""
        if self._view is None:
            from backpropcli.report.view import View

            self._view = View(self, self.flow)
        return self._view

    @property
    def flow(self) -> Flow:
        """What flows along each edge."""
        if self._flow is None:
            if self.arrays:
                from backpropcli.report.flow.elements import FlowOfElements

                self._flow = FlowOfElements(self)
            else:
                from backpropcli.report.flow.flow import Flow

                self._flow = Flow(self)
        return self._flow

    def _kinks(self) -> list[KinkMet]:
        if self.arrays:
            from backpropcli.report.felt.elements import kinks_of_elements

            return kinks_of_elements(self)
        if self.lowered.smooth and not self.as_typed:
            return []
        finite = bool(self.causes) or all(map(isfinite, self.values))
        if finite and not self.lowered.diffs and not self._may_kink():
            return []
        from backpropcli.report.felt.kinks import kinks_met

        return kinks_met(self, finite=not self.causes)

    def _may_kink(self) -> bool:
        from backpropcli.report.kinked import with_kinks

        if not with_kinks(self.graph):
            return False
        from backpropcli.report.kinks.met import met

        return any(met(self.graph, self.values, self.active))

    @property
    def rounds(self) -> bool:
        """Whether it is rounding alone that makes something not finite."""
        return bool(self.causes) and self.causes[0].rounds

    def _causes(self) -> list[Cause]:
        wrong = not all(map(is_finite, self.gradient.values()))
        ends = self.tops.values() if self.arrays else [self.values[end] for end in self.seeds]
        if not wrong and all(map(is_finite, ends)):
            return []
        if self.arrays:
            from backpropcli.report.causes.elements import backward_cause, forward_causes
        else:
            from backpropcli.report.causes.numbers import backward_cause, forward_causes
        back = backward_cause(self, self.flow) if wrong else None
        return [*forward_causes(self), *([] if back is None else [back])]
