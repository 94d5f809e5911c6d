"""The shapes of a graph's nodes, found before any number."""

from __future__ import annotations

from backpropcli.arithmetics import shapes
from backpropcli.arithmetics.rules import word
from backpropcli.arithmetics.shapes.misfits import MisfitError
from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.records import Derived
    from backpropcli.graph.graph import Graph

    Given = Mapping[str, Shape]

MOST_AXES = 64
"""As many as NumPy's arrays have."""


class Misfit(Exception):  # noqa: N818 (it is no error yet)
    """A node whose inputs do not fit: ``known`` are the shapes of the nodes before it.

    ``reason`` says of it what is wrong, and ``about`` in which keyword or item. It may be in what
    an operation stands for (``derived``). Other ``shapes`` may fit.
    """

    def __init__(
        self,
        node: int,
        reason: str,
        known: list[Shape],
        about: str | int = "",
        *,
        shapes: bool = False,
    ) -> None:
        super().__init__(reason)
        self.node = node
        self.reason = reason
        self.known = known
        self.about = about
        self.shapes = shapes
        self.hint = ""
        self.derived: Derived | None = None


def node_shapes(graph: Graph, given: Given) -> list[Shape]:
    """Return the shape of every node, whose variables have the shapes ``given``.

    Raises Misfit at the first node that does not fit or is empty.
    """
    words: dict[str, Callable[..., Shape]] = {}
    found: list[Shape] = []
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if operation in LEAVES:
            is_variable = operation == "variable"
            found.append(given.get(str(graph.args[number]), ()) if is_variable else ())
            continue
        function = words.get(operation)
        if function is None:
            function = words[operation] = word(graph.table[operation], shapes)
        static = {"arg": graph.args[number]} if graph.table[operation].static else {}
        try:
            shape = function(*[found[child] for child in inputs], **static)
        except MisfitError as error:
            reason = f"does not fit: {error.reason}"
            raise Misfit(number, reason, found, error.about, shapes=True) from None
        if 0 in shape:
            misfit = Misfit(number, f"is empty ({text(shape)})", found)
            misfit.hint = "an array has at least one element"
            raise misfit
        if len(shape) > MOST_AXES:
            why = f"has {len(shape)} axes, and an array has at most {MOST_AXES}"
            raise Misfit(number, why, found)
        found.append(shape)
    return found
