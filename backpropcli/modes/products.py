"""Products with derivatives that need no matrix: JVP, VJP and HVP, each by one or two sweeps."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.nodes import Nodes
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import push
from backpropcli.errors import BackpropError
from backpropcli.modes.derived import Derived
from backpropcli.modes.gradient import ones, plain, ready, report_of
from backpropcli.report.causes import tangent_cause
from backpropcli.report.report import Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.calculus.lower import Lowered
    from backpropcli.language.program import Program


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


class Motion(Report):
    """A report whose ``adjoints`` are tangents, from the inputs to the outputs.

    ``products`` has the tangent of each output.
    """

    quantity = "tangent"

    def __init__(
        self,
        lowered: Lowered,
        bindings: Mapping[str, float],
        along: dict[str, int],
        direction: dict[int, float],
    ) -> None:
        self.direction = direction
        values = forward(lowered.graph, floats, plain(bindings))
        super().__init__(lowered, bindings, along, values, ones(lowered), lowered.warnings)
        self.products = [self.adjoints[output] or 0.0 for output in lowered.outputs]
        if not self.causes and not all(product - product == 0 for product in self.products):
            self.causes = tangent_cause(self)

    def swept(self) -> tuple[bytearray, list[float | None]]:
        """Return which nodes move, and the tangent of each node."""
        edges = linearize(self.graph, floats, self.values, self.wrt.values())
        return edges.active, push(edges, floats, self.direction)

    def flows(self, number: int, child: int) -> float | None:  # noqa: ARG002 (of an edge)
        """Return what an edge's partial is multiplied with: the input's tangent."""
        return self.adjoints[child]

    def reports(self) -> Iterator[Report]:
        """Yield a report for each output, whose value is the output's tangent."""
        for output in self.lowered.outputs:
            yield directional(self.lowered, output, self.direction, self.bindings, {})


def jvp(program: Program, bindings: Mapping[str, float], along: dict[str, float]) -> Motion:
    """Return the tangents of all nodes for a move along the direction ``along``, by name.

    Names that are not given stay where they are. Raises BackpropError for an unknown name.
    """
    lowered, nodes = ready(program, bindings, list(along))
    direction = {nodes[name]: part for name, part in along.items() if part}
    return Motion(lowered, bindings, nodes, direction)


class Pull:
    """A VJP: ``report`` has the cotangents of all nodes, ``weights`` those of the outputs."""

    def __init__(self, report: Report, weights: dict[str, float]) -> None:
        self.report = report
        self.weights = weights
        self.products = list(report.gradient.values())

    def reports(self) -> Iterator[Report]:
        """Yield a report of one output: the outputs' sum with their weights."""
        report = self.report

        def make(made: Derived) -> list[int]:
            nodes = Nodes(made.graph)
            total = nodes.number(0.0)
            for node, weight in report.seeds.items():
                term = nodes.build("mul", (nodes.number(weight), made.at[node]))
                total = nodes.build("add", (total, term))
            return [total]

        made = Derived(report.lowered, make)
        yield report_of(made, report.bindings, report.wrt, {made.outputs[0]: 1.0})


def vjp(
    program: Program,
    bindings: Mapping[str, float],
    weights: dict[str, float],
    wrt: Sequence[str] = (),
) -> Pull:
    """Return the cotangents of all nodes for the outputs' cotangents ``weights``, by name.

    Outputs that are not given have cotangent 0. Raises BackpropError for a name that is no
    output's.
    """
    lowered, asked = ready(program, bindings, wrt)
    titles = program.titles()
    outputs = {_bare(title): node for title, node in zip(titles, lowered.outputs, strict=True)}
    seeds: dict[int, float] = {}
    for name, weight in weights.items():
        node = outputs.get(_bare(name))
        if node is None:
            raise BackpropError(
                f"there is no output '{name}'", f"the outputs are {', '.join(titles)}"
            )
        seeds[node] = seeds.get(node, 0.0) + weight
    report = report_of(lowered, bindings, asked, seeds)
    report.quantity = "cotangent"
    return Pull(report, weights)


def _bare(name: str) -> str:
    """Return an output's name, or its text, without blanks."""
    return "".join(name.split())


def hvp(
    program: Program,
    bindings: Mapping[str, float],
    along: dict[str, float],
    wrt: Sequence[str] = (),
) -> tuple[Report, list[Report]]:
    """Return the report of the point, and for each output that of its derivative along ``along``.

    The gradient of a derivative is the Hessian times the direction.

    Forward mode over the graph, then reverse mode over the result: no matrix is formed
    (Pearlmutter, Neural Computation 6, 1994).
    """
    lowered, asked = ready(program, bindings, wrt)
    _, nodes = ready(program, bindings, list(along))
    direction = {nodes[name]: part for name, part in along.items()}
    return report_of(lowered, bindings, asked, ones(lowered)), [
        directional(lowered, output, direction, bindings, asked) for output in lowered.outputs
    ]
