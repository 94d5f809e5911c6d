"""The shapes of a program, with no number worked out: up to the node that does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from backpropcli.calculus.fitting.notes import notes
from backpropcli.calculus.fitting.shapes import fitted
from backpropcli.calculus.lower import lower
from backpropcli.calculus.node_shapes import Misfit
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.walks import named_bodies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.errors import SourceError
    from backpropcli.language.program import Program


class ShapeNode(NamedTuple):
    """A node that is shown: its number in the program, inputs, and its shape if it has one."""

    name: str
    number: int
    inputs: tuple[int, ...]
    shape: Shape | None
    fails: bool


class Shapes(NamedTuple):
    """The shapes of a ``program``: ``nodes`` in topological order, and ``outputs`` by number.

    ``error`` tells what does not fit; what rests on it has no shape.
    """

    program: Program
    nodes: list[ShapeNode]
    outputs: list[int]
    error: SourceError | None
    warnings: list[str]

    @property
    def variables(self) -> dict[str, Shape | None]:
        """The shapes of the variables, by name."""
        names = {number: name for name, number in self.program.variables.items()}
        return {names[node.number]: node.shape for node in self.nodes if node.number in names}


def shapes(program: Program, given: Mapping[str, Shape], origins: Mapping[str, str]) -> Shapes:
    """Return the shapes of a program whose variables have the shapes ``given``, else are numbers.

    ``origins`` says where they are from.
    """
    lowered = lower(program, given)
    error, warnings, failed = None, list(lowered.warnings), -1
    try:
        known = fitted(lowered, given)
        warnings += notes(lowered, known)
    except Misfit as misfit:
        from backpropcli.calculus.fitting.misfits import explained

        known = misfit.known[: misfit.node]
        error = explained(lowered, misfit, given, origins)
        failed = lowered.owners[misfit.node] if misfit.node < len(lowered.owners) else program.root
    surface = program.graph
    variables = {*program.variables.values()}
    bodies, hidden = named_bodies(surface, program.outputs)
    reached = surface.ancestors(program.outputs)
    numbers: dict[int, int] = {}
    nodes: list[ShapeNode] = []
    for head, body in enumerate(bodies):
        if not reached[head] or (hidden[head] and head == body):
            continue
        place = lowered.places[head]
        shape = known[place] if place < len(known) else None
        if surface.operations[head] in LEAVES:
            shape = given.get(str(surface.args[head]), ()) if head in variables else ()
        inputs = tuple([numbers[child] for child in surface.inputs[body] if child in numbers])
        numbers[head] = len(nodes)
        own = () if surface.literal(body) else inputs
        nodes.append(ShapeNode(program.name(head), body, own, shape, failed in {head, body}))
    return Shapes(program, nodes, [numbers[output] for output in program.outputs], error, warnings)
