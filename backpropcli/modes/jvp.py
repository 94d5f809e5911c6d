"""Products of the Jacobian with a direction, by one sweep forward: no matrix is formed."""

from __future__ import annotations

from backpropcli.calculus.bindings import is_finite
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.modes.derived import directional, doubles, held, moves, values_of
from backpropcli.modes.elements import components_of, in_elements, whole
from backpropcli.modes.gradient import ones, ready
from backpropcli.report.claim import Claim
from backpropcli.report.report import Report
from backpropcli.report.result import Result, flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.program import Program
    from backpropcli.report.causes.cause import Cause


class Motion(Report):
    """A report whose ``adjoints`` are tangents, from the inputs to the outputs.

    ``direction`` has the tangents that are given, by node.
    """

    quantity = "tangent"
    form = "tangent of {}"

    def __init__(
        self,
        lowered: Lowered,
        bindings: Mapping[str, float],
        along: dict[str, int],
        direction: Mapping[int, Any],
    ) -> None:
        self.direction = direction
        super().__init__(lowered, bindings, along, None, ones(lowered), warnings=lowered.warnings)

    @property
    def products(self) -> list[Any]:
        """The tangents of the outputs."""
        return [self.tangent(output) for output in self.lowered.outputs]

    def tangent(self, node: int) -> Any:  # noqa: ANN401 (a number, or an array of the node's shape)
        """Return the tangent of a node; zeros where nothing arrives."""
        return self._slope(node) if self.arrays else self.adjoints[node] or 0.0

    def _causes(self) -> list[Cause]:
        if (found := super()._causes()) or all(map(is_finite, self.products)):
            return found
        if self.arrays:
            from backpropcli.report.causes.elements import tangent_cause

            return tangent_cause(self, self.flow)
        from backpropcli.report.causes.numbers import forward_causes
        from backpropcli.report.causes.numbers import tangent_cause as cause

        return [*forward_causes(self), *cause(self, self.flow)]

    def swept(self) -> tuple[bytearray, Sequence[Any]]:
        """Return which nodes move, and the tangent of each node."""
        numbers, direction = self.arithmetic, self.direction
        if hasattr(numbers, "format"):
            direction = numbers.given(direction)
        if self.arrays:
            from backpropcli.report.sweeps import swept

            return swept(self, push, direction, self.wrt.values())
        edges = linearize(self.graph, numbers, self.values, self.wrt.values())
        return edges.active, push(edges, numbers, direction)


class Jvp(Result):
    """The outputs' tangents, ``products``, for a move ``along`` a direction, by elements.

    ``given`` has it by names, in the shapes of what these are, and ``direction`` by nodes.
    ``point`` has the tangents of all nodes, and ``tangents`` are those of the outputs, by title.
    The names ``held`` have the tangent that is given, whatever those have that they are made of.
    """

    command = "jvp"
    point: Motion

    def __init__(
        self, point: Motion, along: dict[str, float], given: Sequence[tuple[str, Any]]
    ) -> None:
        super().__init__(point, point.wrt if point.arrays else point.program.variables)
        self.along = along
        self.given = given
        self.direction = point.direction
        self.held = held(point.lowered, point.wrt, point.direction)
        self.tangents = dict(zip(point.program.titles(), point.products, strict=True))
        self.products = flat(point.products)

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "along": self.along, "jvp": self.products}

    def rows(self) -> Iterator[tuple[list[str], float]]:
        for title, value in zip(self.outputs, self.products, strict=True):
            yield [title], value

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, self.products = values, [number for [number] in parts]

    def parts(self) -> Sequence[list[float]]:
        return [[product] for product in self.products]

    def pieces(self) -> Iterator[Claim]:
        yield from self.claims(typed=True)

    def claims(self, *, typed: bool = False) -> Iterator[Claim]:
        """Yield for each output a report whose value is the output's tangent."""
        motion = self.point
        outputs = motion.lowered.outputs
        direction = motion.direction if typed else doubles(motion.direction)
        for output, title, value in zip(outputs, self.outputs, self.products, strict=True):
            report = directional(motion.lowered, output, direction, motion.point, {})
            yield Claim(report, [Motion.form.format(title)], [value], of_value=True)

    def beside(self) -> Iterator[Claim]:
        return values_of(self)


def jvp(program: Program, bindings: Mapping[str, Any], along: Mapping[str, Any]) -> Jvp:
    """Return the tangents of all nodes for a move along the direction ``along``, by name.

    Names that are not given stay where they are. A name may be that of an element, as x[0]. Raises
    BackpropError for an unknown name.
    """
    lowered, nodes = ready(program, bindings, whole(along, program))
    parts, given = components_of(nodes, along, lowered)
    direction = {nodes[name]: part for name, part in given if moves(part)}

    def in_numbers() -> Jvp:
        numbers = in_elements(program, bindings, [*along])
        return numbers.told(jvp(numbers.program, numbers.bindings, parts))

    return Jvp(Motion(lowered, bindings, nodes, direction), parts, given).of_arrays(in_numbers)


def along_nodes(
    lowered: Lowered, bindings: Mapping[str, Any], nodes: dict[str, int], along: Mapping[str, float]
) -> Jvp:
    """Return the tangents of a flat graph, for a move of ``nodes`` by numbers."""
    direction = {nodes[name]: part for name, part in along.items()}
    return Jvp(Motion(lowered, bindings, nodes, direction), {**along}, [*along.items()])
