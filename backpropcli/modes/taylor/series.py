"""The series of a program's outputs, as they are told."""

from __future__ import annotations

from math import isfinite

from backpropcli.arithmetics.rules import parsed
from backpropcli.modes.derived import Derived
from backpropcli.modes.gradient import ones, report_of
from backpropcli.report.kinks.met import COMPARISONS, EXTREMES
from backpropcli.report.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.modes.jvp import Jvp
    from backpropcli.report.claim import Claim
    from backpropcli.report.report import Report
    from backpropcli.report.whole.expansion import Expansion

STEEPEST = 6
"""The highest derivative that is written out for the cause of one that is not finite."""
CHOICES = {"abs", "sign"} | COMPARISONS | EXTREMES
"""Operations in a rule at which the derivative may have a kink of its own."""


class Taylor(Result):
    """The series of each output in the variable ``name``, for a step h of it.

    ``series`` has the coefficients of 1, h, h^2, ... for each output, and ``coefficients`` those of
    the last one, which is the only one of most programs. It ``goes_on`` if there is a further one.
    Of whole arrays each of the ``levels`` finds the derivatives of the one before.
    """

    command = "taylor"

    def __init__(
        self,
        point: Report,
        name: str,
        series: list[list[float]],
        derived: Sequence[Report] = (),
        *,
        goes_on: bool = True,
    ) -> None:
        super().__init__(point, point.wrt if point.arrays else point.program.variables, derived)
        self.levels: list[Callable[[], Jvp]] = []
        self.goes_on = goes_on
        self.name = name
        self.order = len(series[-1]) - 1
        self.series = series
        self.coefficients = series[-1]
        self.values = [coefficients[0] for coefficients in series]
        self._wholes: list[Expansion] | None = None

    def wholes(self) -> list[Expansion]:
        """Return what each output is beside the point, where a kink or a gap is met.

        Empty where none is met, and where a value rests on a derivative taken at a kink. Heavy,
        and worked out once.
        """
        if self._wholes is None:
            point = self.point
            met = [*point.kinks, *self.kinks]
            finite = all(part - part == 0 for series in self.series for part in series)
            told = (met or not (finite and self.goes_on)) and not (
                point.arrays or point.format or point.signed_zero or point.held
            )
            self._wholes = []
            if told and not any(kink.of_value for kink in point.kinks):
                from backpropcli.report.whole.expansion import expansion

                graph, at, node = point.graph, point.bindings, point.wrt[self.name]
                for output in point.lowered.outputs:
                    one = expansion(graph, output, at, node, self.order or 0, typed=point.as_typed)
                    self._wholes.append(one)
        return self._wholes

    @property
    def broken(self) -> Report | None:
        """The derivative whose own one is the first coefficient that is not finite, if any.

        The highest orders, which cost most, are not looked at.
        """
        found = super().broken
        broken = [
            power
            for coefficients in self.series
            for power, part in enumerate(coefficients)
            if not isfinite(part)
        ]
        if found or self.point.causes or not broken or not 1 < min(broken) <= STEEPEST:
            return found
        report = _before(self.point, self.name, min(broken))
        return report if report.causes else None

    def settle(self, given: Mapping[str, float]) -> None:
        super().settle(given)
        self._wholes = None

    def pieces(self) -> Iterator[Claim]:
        yield from ()

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, [numbers] = values, parts
        size = len(numbers) // len(self.series)
        self.series = [numbers[at : at + size] for at in range(0, len(numbers), size)]
        self.coefficients = self.series[-1]

    def as_dict(self) -> dict[str, object]:
        wholes = [one.as_dict() for one in self.wholes()] or None
        own = {
            "in": self.name,
            "order": self.order,
            "taylor": self.series,
            "whole_taylor": wholes,
        }
        return {**super().as_dict(), **own}

    def rows(self) -> Iterator[tuple[list[str], float]]:
        several = len(self.series) > 1
        for title, coefficients in zip(self.outputs, self.series, strict=True):
            for power, value in enumerate(coefficients):
                yield [title, f"{power}"] if several else [f"{power}"], value


def _before(point: Report, name: str, order: int) -> Report:
    """Return the report of the outputs' derivatives whose own ones are those of an ``order``."""

    def make(made: Derived) -> list[int]:
        along, found = made.along({point.wrt[name]: 1.0}), point.lowered.outputs
        for _ in range(order - 1):
            found = [made.derivative(along, one) for one in found]
        return found

    made = Derived(point.lowered, make)
    return report_of(made, made.point(point.point), point.wrt, ones(made))


def choosing(graph: Graph) -> bool:
    """Say whether there are operations whose derivatives choose, where they have no kink."""
    table = graph.table
    rows = [table[operation] for operation in {*graph.operations} if operation in table]
    texts = [parsed(row, rule)[0] for row in rows for rule in row.rules if rule.number is None]
    return any(not CHOICES.isdisjoint(text.operations) for text in texts)
