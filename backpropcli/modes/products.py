"""Products with derivatives that need no matrix: JVP, VJP and HVP, each by one or two sweeps."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.reverse import activity
from backpropcli.calculus.tangent import tangents
from backpropcli.errors import BackpropError
from backpropcli.modes.derived import Derived
from backpropcli.modes.gradient import ones, ready, report_of
from backpropcli.report.report import Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.language.program import Program


class Motion(Report):
    """A report whose ``adjoints`` are tangents, from the inputs to the outputs.

    ``gradient`` has the tangent of each output, by its title.
    """

    quantity = "tangent"

    def __init__(
        self,
        program: Program,
        bindings: dict[str, float],
        along: dict[str, int],
        direction: dict[int, float],
    ) -> None:
        values = forward(program.graph, floats, bindings)
        found = tangents(program.graph, floats, values, direction)
        active = activity(program.graph, along.values())
        self.direction = direction
        used = {name: bindings[name] for name in program.graph.variables()}
        seeds = ones(program)
        super().__init__(program, used, along, values, found, active, [], seeds)
        self.products = [found[output] or 0.0 for output in program.outputs]
        if not self.causes and not all(product - product == 0 for product in self.products):
            from backpropcli.report.causes import tangent_cause  # noqa: PLC0415 (rare)

            self.causes = tangent_cause(self)

    def flows(self, number: int, child: int) -> float | None:  # noqa: ARG002 (of an edge)
        """Return what an edge's partial is multiplied with: the input's tangent."""
        return self.adjoints[child]

    def reports(self) -> Iterator[Report]:
        """Yield a report for each output, whose value is the output's tangent."""
        made = Derived(self.program)
        derivative = made.along(self.direction)
        nodes = [made.derivative(derivative, output) for output in self.program.outputs]
        for node in nodes:  # the graph of a report must not grow
            yield report_of(made.program([node]), self.bindings, {}, {node: 1.0})


def jvp(program: Program, bindings: dict[str, float], along: dict[str, float]) -> Motion:
    """Return the tangents of all nodes for a move along the direction ``along``, by name.

    Names that are not given stay where they are. Raises BackpropError for an unknown name.
    """
    nodes = ready(program, bindings, list(along))
    direction = {nodes[name]: part for name, part in along.items() if part}
    return Motion(program, bindings, nodes, direction)


class Pull:
    """A VJP: ``report`` has the cotangents of all nodes, ``weights`` those of the outputs."""

    def __init__(self, report: Report, weights: dict[str, float]) -> None:
        self.report = report
        self.weights = weights
        self.products = list(report.gradient.values())

    def reports(self) -> Iterator[Report]:
        """Yield a report of one output: the outputs' sum with their weights."""
        report = self.report
        made = Derived(report.program)
        node = made.weighted(report.seeds)
        yield report_of(made.program([node]), report.bindings, report.wrt, {node: 1.0})


def vjp(
    program: Program,
    bindings: dict[str, float],
    weights: dict[str, float],
    wrt: Sequence[str] = (),
) -> Pull:
    """Return the cotangents of all nodes for the outputs' cotangents ``weights``, by name.

    Outputs that are not given have cotangent 0. Raises BackpropError for a name that is no
    output's.
    """
    asked = ready(program, bindings, wrt)
    titles = program.titles()
    outputs = {
        _bare(name): node
        for title, node in zip(titles, program.outputs, strict=True)
        for name in [*program.spelled.get(node, []), title]
    }
    seeds: dict[int, float] = {}
    for name, weight in weights.items():
        node = outputs.get(_bare(name))
        if node is None:
            raise BackpropError(
                f"there is no output '{name}'", f"the outputs are {', '.join(titles)}"
            )
        seeds[node] = seeds.get(node, 0.0) + weight
    report = report_of(program, bindings, asked, seeds)
    report.quantity = "cotangent"
    return Pull(report, weights)


def _bare(name: str) -> str:
    """Return an output's name, or its text, without blanks."""
    return "".join(name.split())


def hvp(
    program: Program, bindings: dict[str, float], along: dict[str, float], wrt: Sequence[str] = ()
) -> tuple[Report, list[Report]]:
    """Return the report of the point, and for each output that of its derivative along ``along``.

    The gradient of a derivative is the Hessian times the direction.

    Forward mode over the graph, then reverse mode over the result: no matrix is formed
    (Pearlmutter, Neural Computation 6, 1994).
    """
    asked = ready(program, bindings, wrt)
    nodes = ready(program, bindings, list(along))
    made = Derived(program)
    derivative = made.along({nodes[name]: part for name, part in along.items()})
    slopes = [made.derivative(derivative, output) for output in program.outputs]
    point = report_of(program, bindings, asked, ones(program))
    return point, [
        report_of(made.program([slope]), bindings, asked, {slope: 1.0}) for slope in slopes
    ]
