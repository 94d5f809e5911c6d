"""Products with the Hessian, by one sweep forward and one back: no matrix is formed."""

from __future__ import annotations

from backpropcli.calculus.transpose import forwards
from backpropcli.modes.derived import directional, doubles, held
from backpropcli.modes.elements import by_elements, components_of, in_elements, spread, whole
from backpropcli.modes.gradient import ones, ready, report_of, wanted
from backpropcli.report.claim import Claim
from backpropcli.report.kinks.kink import turning
from backpropcli.report.result import Result, flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.language.program import Program
    from backpropcli.report.report import Report
    from backpropcli.report.whole.second import Seconds
    from backpropcli.report.whole.sides import Told

SLOPE = "d/d{} of the directional derivative"
MOST_WHOLE = 6
"""Variables up to which the whole's second derivatives are looked at: n^2 lines of germs."""


class Hvp(Result):
    """The Hessian of each output times the direction ``along``.

    ``given`` has it by names, in the shapes of what these are, and ``direction`` by nodes; the
    names ``held`` move as it says alone. ``reports`` are
    those of the outputs' derivatives along it, whose gradients these are, and ``products`` has them
    as lists. ``product`` is that of the last output, which is the only one of most programs, by
    name.
    """

    command = "hvp"

    def __init__(
        self,
        point: Report,
        reports: list[Report],
        along: dict[str, float],
        given: Sequence[tuple[str, Any]],
        names: Mapping[str, int],
    ) -> None:
        super().__init__(point, point.wrt, reports)
        self.given = given
        self.direction = {names[name]: part for name, part in given}
        self.held = held(point.lowered, names, self.direction)
        self.reports = reports
        self.as_gradient = reports[0] if len(reports) == 1 else None
        for report in reports:
            report.form = SLOPE
        self.along = along
        self.products = [flat(report.gradient.values()) for report in reports]
        self.product = dict(zip(self.variables, self.products[-1], strict=True))
        self._wholes: list[list[Told]] | None = None

    def wholes(self) -> list[list[Told]]:
        """Return the products that the whole of each output has, where a kink or a gap is met.

        None stands for what is not shown. Empty where none is met. Heavy, and worked out once.
        """
        if self._wholes is None:
            met = any(one.kinks or one.causes for one in (self.point, *self.reports))
            self._wholes = []
            if not met or self.point.format or self.point.held:
                return self._wholes
            if not self.point.arrays:
                self._wholes = [self._whole(report, at) for at, report in enumerate(self.reports)]
            elif (numbers := self.in_few_numbers()) is not None:
                self._wholes = numbers.wholes()
        return self._wholes

    def _whole(self, report: Report, at: int) -> list[Told]:
        from backpropcli.report.iterated import iterated
        from backpropcli.report.whole.second import blurred, second, times

        point, output = self.point, self.point.lowered.outputs[at]
        nodes = [*dict.fromkeys([*point.wrt.values(), *self.direction])]
        found: list[Told] = [None] * len(point.wrt)
        known: Seconds = {}
        if len(nodes) <= MOST_WHOLE and not any(point.graph.inputs[node] for node in nodes):
            known = second(point.graph, output, point.bindings, nodes, typed=point.as_typed)
            found = [times(known, node, self.direction) for node in point.wrt.values()]
        return [
            iterated(point, output, report, self.direction, name)
            if entry is None and not (known and blurred(known, point.wrt[name], self.direction))
            else entry
            for name, entry in zip(point.wrt, found, strict=True)
        ]

    def unshown(self) -> list[str]:
        if self.point.held:
            return []
        wholes: Sequence[Sequence[Told]] = self.wholes()
        names = list(self.point.wrt)
        below = self.point.graph.ancestors([kink.input for kink in self.point.kinks])
        turned = turning(self.point.graph, self.point.kinks, self.point.wrt.values())
        if any(below[node] for node, part in self.direction.items() if part):
            turned = [*range(len(names))]
        return [
            SLOPE.format(names[place])
            for at in range(len(self.reports))
            for place in turned
            if not wholes or wholes[at][place] is None
        ]

    def as_dict(self) -> dict[str, object]:
        products = self.products
        several, wholes = len(products) > 1, self.wholes() or None
        found = products if several else products[0]
        whole = wholes if several or wholes is None else wholes[0]
        return {**super().as_dict(), "along": self.along, "hvp": found, "whole_hvp": whole}

    def rows(self) -> Iterator[tuple[list[str], float]]:
        several = len(self.outputs) > 1
        for title, row in zip(self.outputs, self.products, strict=True):
            for name, value in zip(self.variables, row, strict=True):
                yield [title, name] if several else [name], value

    def settle(self, given: Mapping[str, float]) -> None:
        super().settle(given)
        self.reports, self._wholes = [*self.derived], None

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, self.products = values, [*parts]
        self.product = dict(zip(self.variables, parts[-1], strict=True))

    def parts(self) -> Sequence[list[float]]:
        return self.products

    def claims(self) -> Iterator[Claim]:
        labels = [SLOPE.format(name) for name in self.variables]
        for report, products in zip(self.reports, self.products, strict=True):
            yield Claim(report, labels, products)

    def pieces(self) -> Iterator[Claim]:
        labels = [SLOPE.format(name) for name in self.variables]
        point, direction = self.point, self.direction
        for output in point.lowered.outputs:
            report = directional(point.lowered, output, direction, point.point, point.wrt)
            yield Claim(report, labels)


def hvp(
    program: Program,
    bindings: Mapping[str, Any],
    along: Mapping[str, Any],
    wrt: Sequence[str] = (),
) -> Hvp:
    """Return the Hessian of each output times the direction ``along``, by name.

    Forward mode over the graph, then reverse mode over the result: no matrix is formed
    (Pearlmutter, Neural Computation 6, 1994).
    """
    numbers = by_elements(program, bindings, wrt)
    if numbers is None:
        lowered, asked = ready(program, bindings, wrt)
        if any(lowered.shapes_at(lowered.outputs)):
            numbers = in_elements(program, bindings, wrt)  # a product for each element
    if numbers is not None:
        parts = spread(along, numbers.shapes_of(list(along)))
        return numbers.run(hvp, parts)
    nodes = wanted(lowered, whole(along, program))
    parts, given = components_of(nodes, along, lowered)
    direction = {nodes[name]: part for name, part in given}
    forwards(lowered, bindings, nodes.values())
    point = report_of(lowered, bindings, asked, ones(lowered))
    along_it = doubles(direction)
    reports = [directional(lowered, one, along_it, bindings, asked) for one in lowered.outputs]
    found = Hvp(point, reports, parts, given, nodes)
    return found.of_arrays(lambda: in_elements(program, bindings, wrt).run(hvp, parts))
