"""Products with derivatives that need no matrix: JVP, VJP and HVP, each by one or two sweeps."""

from __future__ import annotations

from backpropcli.arithmetics.nodes import Nodes
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.errors import BackpropError
from backpropcli.modes.derived import Derived
from backpropcli.modes.elements import spread, written_out
from backpropcli.modes.gradient import ones, ready, report_of, wanted
from backpropcli.report.causes import forward_causes, tangent_cause
from backpropcli.report.report import Report
from backpropcli.report.result import Claim, Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.calculus.lower import Lowered
    from backpropcli.language.program import Program
    from backpropcli.report.causes import Cause
    from backpropcli.report.sides import Told

MOST_WHOLE = 6
"""Variables up to which the whole's second derivatives are looked at: n^2 lines of germs."""


def directional(
    lowered: Lowered,
    output: int,
    direction: Mapping[int, float],
    bindings: Mapping[str, float],
    wrt: dict[str, int],
) -> Report:
    """Return the report of the derivative of a node along ``direction``: node -> its component."""

    def make(made: Derived) -> list[int]:
        return [made.derivative(made.along(direction), made.at[output])]

    made = Derived(lowered, make)
    return report_of(made, bindings, wrt, {made.outputs[0]: 1.0})


def _doubles(direction: Mapping[int, float]) -> dict[int, float]:
    """Return a direction as the doubles that its components are."""
    return {node: float(part) for node, part in direction.items()}


class Motion(Report):
    """A report whose ``adjoints`` are tangents, from the inputs to the outputs."""

    quantity = "tangent"

    def __init__(
        self,
        lowered: Lowered,
        bindings: Mapping[str, float],
        along: dict[str, int],
        direction: dict[int, float],
    ) -> None:
        self.direction = direction
        super().__init__(lowered, bindings, along, None, ones(lowered), lowered.warnings)

    def _causes(self) -> list[Cause]:
        products = [self.adjoints[output] or 0.0 for output in self.lowered.outputs]
        if (found := super()._causes()) or all(product - product == 0 for product in products):
            return found
        return [*forward_causes(self), *tangent_cause(self, self.flow)]

    def swept(self) -> tuple[bytearray, list[float | None]]:
        """Return which nodes move, and the tangent of each node."""
        numbers, direction = self.arithmetic, self.direction
        if hasattr(numbers, "format"):
            direction = numbers.given(direction)
        edges = linearize(self.graph, numbers, self.values, self.wrt.values())
        return edges.active, push(edges, numbers, direction)


def held(lowered: Lowered, names: Mapping[str, int], direction: Mapping[int, float]) -> list[str]:
    """Return the names that move as a direction says, and not as what they are made of does."""
    graph = lowered.graph
    moves = linearize(graph, None, (), direction).active
    return [name for name, node in names.items() if any(moves[at] for at in graph.inputs[node])]


class Jvp(Result):
    """The outputs' tangents, ``products``, for a move ``along`` a direction.

    ``point`` has the tangents of all nodes. The names ``held`` have the tangent that is given,
    whatever those have that they are made of.
    """

    command = "jvp"
    point: Motion

    def __init__(self, point: Motion, along: dict[str, float]) -> None:
        super().__init__(point, point.program.variables)
        self.along = along
        self.held = held(point.lowered, point.wrt, point.direction)
        self.products = [point.adjoints[output] or 0.0 for output in point.lowered.outputs]

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "along": self.along, "jvp": self.products}

    def rows(self) -> Iterator[tuple[list[str], float]]:
        for title, value in zip(self.outputs, self.products, strict=True):
            yield [title], value

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, self.products = values, [number for [number] in parts]

    def pieces(self) -> Iterator[Claim]:
        yield from self.claims(typed=True)

    def claims(self, *, typed: bool = False) -> Iterator[Claim]:
        """Yield for each output a report whose value is the output's tangent."""
        motion = self.point
        outputs = motion.lowered.outputs
        direction = motion.direction if typed else _doubles(motion.direction)
        for output, title, value in zip(outputs, self.outputs, self.products, strict=True):
            report = directional(motion.lowered, output, direction, motion.point, {})
            yield Claim(report, [f"tangent of {title}"], [value], of_value=True)


def jvp(program: Program, bindings: Mapping[str, float], along: dict[str, float]) -> Jvp:
    """Return the tangents of all nodes for a move along the direction ``along``, by name.

    Names that are not given stay where they are. Raises BackpropError for an unknown name.
    """
    numbers = written_out(program, bindings, list(along))
    if numbers is not None:
        parts = spread(along, numbers.variables)
        return numbers.told(jvp(numbers.program, numbers.bindings, parts))
    lowered, nodes = ready(program, bindings, list(along))
    direction = {nodes[name]: part for name, part in along.items() if part}
    return Jvp(Motion(lowered, bindings, nodes, direction), along)


class Vjp(Result):
    """The variables' cotangents, ``products``, for the outputs' cotangents ``weights``.

    ``point`` has the cotangents of all nodes; ``terms`` are the outputs' nodes with the weights.
    """

    command = "vjp"

    def __init__(
        self, point: Report, weights: dict[str, float], terms: list[tuple[int, float]]
    ) -> None:
        super().__init__(point, point.wrt)
        self.weights = weights
        self.terms = terms
        self.products = list(point.gradient.values())

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "with": self.weights, "vjp": self.products}

    def rows(self) -> Iterator[tuple[list[str], float]]:
        for name, value in zip(self.variables, self.products, strict=True):
            yield [name], value

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, [self.products] = values, parts
        self.point.gradient = dict(zip(self.variables, self.products, strict=True))

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
        yield Claim(summed, [f"cotangent of {name}" for name in report.wrt], self.products)


def vjp(
    program: Program,
    bindings: Mapping[str, float],
    weights: dict[str, float],
    wrt: Sequence[str] = (),
) -> Vjp:
    """Return the cotangents of all nodes for the outputs' cotangents ``weights``, by name.

    Outputs that are not given have cotangent 0. Raises BackpropError for a name that is no
    output's.
    """
    numbers = written_out(program, bindings, wrt)
    if numbers is not None:
        parts = spread(weights, numbers.outputs)
        return numbers.told(vjp(numbers.program, numbers.bindings, parts, numbers.wrt))
    lowered, asked = ready(program, bindings, wrt)
    titles = program.titles()
    outputs = {_bare(title): node for title, node in zip(titles, lowered.outputs, strict=True)}
    seeds: dict[int, float] = {}
    terms: list[tuple[int, float]] = []
    for name, weight in weights.items():
        node = outputs.get(_bare(name))
        if node is None:
            raise BackpropError(
                f"there is no output '{name}'",
                f"the output{'s are' if len(titles) > 1 else ' is'} {', '.join(titles)}",
            )
        terms.append((node, weight))
        seeds[node] = seeds.get(node, 0.0) + weight
    report = report_of(lowered, bindings, asked, seeds)
    report.quantity = "cotangent"
    return Vjp(report, weights, terms)


def _bare(name: str) -> str:
    """Return an output's name, or its text, without blanks."""
    return "".join(name.split())


class Hvp(Result):
    """The Hessian of each output times the direction ``along``.

    ``direction`` is the same by nodes; the names ``held`` move as it says alone. ``reports`` are
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
        direction: Mapping[int, float],
    ) -> None:
        super().__init__(point, point.wrt, reports)
        self.direction = direction
        self.held = held(point.lowered, wanted(point.lowered, [*along]), direction)
        self.reports = reports
        self.along = along
        self.products = [list(report.gradient.values()) for report in reports]
        self.product = reports[-1].gradient
        self._wholes: list[list[Told]] | None = None

    def wholes(self) -> list[list[Told]]:
        """Return the products that the whole of each output has, where a kink or a gap is met.

        None stands for what is not shown. Empty where none is met. Heavy, and worked out once.
        """
        if self._wholes is None:
            met = any(one.kinks or one.causes for one in (self.point, *self.reports))
            self._wholes = []
            if met and not (self.point.format or self.point.held):
                self._wholes = [self._whole(report, at) for at, report in enumerate(self.reports)]
        return self._wholes

    def _whole(self, report: Report, at: int) -> list[Told]:
        from backpropcli.report.second import iterated, second, times  # noqa: PLC0415 (heavy)

        point, output = self.point, self.point.lowered.outputs[at]
        nodes = [*dict.fromkeys([*point.wrt.values(), *self.direction])]
        found: list[Told] = [None] * len(point.wrt)
        if len(nodes) <= MOST_WHOLE and not any(point.graph.inputs[node] for node in nodes):
            known = second(point.graph, output, point.bindings, nodes, typed=point.as_typed)
            found = [times(known, node, self.direction) for node in point.wrt.values()]
        return [
            iterated(point, output, report, self.direction, name) if entry is None else entry
            for name, entry in zip(point.wrt, found, strict=True)
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

    def claims(self) -> Iterator[Claim]:
        labels = [f"d/d{name} of the directional derivative" for name in self.variables]
        yield from (Claim(report, labels) for report in self.reports)

    def pieces(self) -> Iterator[Claim]:
        labels = [f"d/d{name} of the directional derivative" for name in self.variables]
        point, direction = self.point, self.direction
        for output in point.lowered.outputs:
            report = directional(point.lowered, output, direction, point.point, point.wrt)
            yield Claim(report, labels)


def hvp(
    program: Program,
    bindings: Mapping[str, float],
    along: dict[str, float],
    wrt: Sequence[str] = (),
) -> Hvp:
    """Return the Hessian of each output times the direction ``along``, by name.

    Forward mode over the graph, then reverse mode over the result: no matrix is formed
    (Pearlmutter, Neural Computation 6, 1994).
    """
    numbers = written_out(program, bindings, wrt)
    if numbers is not None:
        parts = spread(along, numbers.shapes_of(list(along)))
        return numbers.told(hvp(numbers.program, numbers.bindings, parts, numbers.wrt))
    lowered, asked = ready(program, bindings, wrt)
    nodes = wanted(lowered, list(along))
    direction = {nodes[name]: part for name, part in along.items()}
    point = report_of(lowered, bindings, asked, ones(lowered))
    outputs = lowered.outputs
    along_it = _doubles(direction)
    reports = [directional(lowered, output, along_it, bindings, asked) for output in outputs]
    return Hvp(point, reports, along, direction)
