"""Products of cotangents with the Jacobian, by one sweep back: no matrix is formed."""

from __future__ import annotations

from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.calculus.bindings import is_finite
from backpropcli.errors import BackpropError
from backpropcli.modes.derived import Derived, values_of
from backpropcli.modes.elements import by_elements, components_of, in_elements, spread
from backpropcli.modes.gradient import ready, report_of
from backpropcli.report.claim import Claim
from backpropcli.report.result import Result, flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.language.program import Program
    from backpropcli.report.report import Report

COTANGENT = "cotangent of {}"


class Vjp(Result):
    """The variables' cotangents, ``products``, for the outputs' cotangents ``weights``.

    ``given`` has those by outputs, in the shapes of what these are, and ``terms`` by their nodes.
    ``point`` has the cotangents of all nodes.
    """

    command = "vjp"

    def __init__(
        self,
        point: Report,
        weights: dict[str, float],
        given: Sequence[tuple[str, Any]],
        terms: Sequence[tuple[int, Any]],
    ) -> None:
        super().__init__(point, point.wrt)
        self.weights = weights
        self.given = given
        self.terms = terms
        self.products = flat(point.gradient.values())
        self.as_gradient = point
        point.form = COTANGENT

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "with": self.weights, "vjp": self.products}

    def rows(self) -> Iterator[tuple[list[str], float]]:
        for name, value in zip(self.variables, self.products, strict=True):
            yield [name], value

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, [self.products] = values, parts
        self.point.gradient = dict(zip(self.variables, self.products, strict=True))

    def parts(self) -> Sequence[list[float]]:
        return [self.products]

    def pieces(self) -> Iterator[Claim]:
        yield from self.claims(typed=True)

    def claims(self, *, typed: bool = False) -> Iterator[Claim]:
        """Yield the gradient of one output: the outputs' sum with their weights."""
        report = self.point

        def make(made: Derived) -> list[int]:
            nodes = Nodes(made.graph)
            total = nodes.number(0.0)
            for node, weight in self.terms:
                factor = made.number(weight if typed else float(weight))
                term = nodes.build("mul", (factor, made.at[node]))
                total = nodes.build("add", (total, term))
            return [total]

        made = Derived(report.lowered, make)
        summed = report_of(made, report.point, report.wrt, {made.outputs[0]: 1.0})
        yield Claim(summed, [COTANGENT.format(name) for name in report.wrt], self.products)

    def beside(self) -> Iterator[Claim]:
        return values_of(self)


def vjp(
    program: Program,
    bindings: Mapping[str, Any],
    weights: Mapping[str, Any],
    wrt: Sequence[str] = (),
) -> Vjp:
    """Return the cotangents of all nodes for the outputs' cotangents ``weights``, by name.

    Outputs that are not given have cotangent 0; a name may be that of an element, as (A@x)[0].
    Raises BackpropError for a name that is no output's.
    """
    numbers = by_elements(program, bindings, wrt)
    if numbers is not None:
        parts = spread(weights, numbers.outputs)
        return numbers.run(vjp, parts)
    lowered, asked = ready(program, bindings, wrt)
    titles = program.titles()

    def missing(name: str) -> BackpropError:
        return BackpropError(
            f"there is no output '{name}'",
            f"the output{'s are' if len(titles) > 1 else ' is'} {', '.join(titles)}",
        )

    outputs = dict(zip(titles, lowered.outputs, strict=True))
    parts, given = components_of(outputs, weights, lowered, missing)
    terms = [(outputs[name], weight) for name, weight in given]
    seeds: dict[int, Any] = {}
    for node, weight in terms:
        seeds[node] = seeds[node] + weight if node in seeds else 0.0 + weight
    lowered.warnings = [*lowered.warnings, *_shared(titles, given)]
    report = report_of(lowered, bindings, asked, seeds)
    for name, weight in given:
        if report.format and is_finite(weight) and not is_finite(report.seeds[outputs[name]]):
            raise BackpropError(
                f"the cotangent of {name} is too large for {report.format.name}",
                f"it ends at {report.format.largest:g}",
            )
    report.quantity = "cotangent"
    found = Vjp(report, parts, given, terms)
    return found.of_arrays(lambda: in_elements(program, bindings, wrt).run(vjp, parts))


def _shared(titles: Sequence[str], given: Sequence[tuple[str, Any]]) -> list[str]:
    """Return warnings of names that several outputs have: no name reaches the others."""
    return [
        f"{titles.count(name)} outputs are {name}: the cotangent is of one, and the others have 0"
        for name, _ in given
        if titles.count(name) > 1
    ]
