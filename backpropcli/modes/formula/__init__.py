"""Derivatives as expressions: the reverse pass on the nodes of a graph, no point needed."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.sizes import letters_of, sized
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.lower import lower
from backpropcli.graph.walks import without_names
from backpropcli.language.names import Names
from backpropcli.modes.formula.formulas import Formulas, Raw
from backpropcli.modes.gradient import wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.language.program import Program


def formulas(
    program: Program,
    wrt: Sequence[str] = (),
    shapes: Mapping[str, Shape] | None = None,
    origins: Mapping[str, str] | None = None,
) -> Formulas:
    """Return the derivatives of the program's outputs by the names ``wrt``, as expressions.

    All variables if there are no names. ``shapes`` are the variables', by name, where one may be an
    array, and ``origins`` say where they are from. Raises BackpropError for an unknown name, for
    shapes that do not fit, and for an output that is an array.
    """
    if shapes is not None:
        shapes = {name: sized(shape) for name, shape in shapes.items()}
    lowered = lower(program, shapes, book=True)
    function, places = without_names(lowered.graph, lowered.outputs)
    if shapes is not None:
        from backpropcli.modes.formula.arrays import fit, seeded, with_sizes

        fit(lowered, shapes, origins or {})
        function, own = with_sizes(function, shapes)
        places = [own[place] for place in places]
    letters = letters_of((shapes or {}).values())
    if asked_for := sorted(letters.intersection(wrt)):
        from backpropcli.calculus.sizing import of_size

        raise of_size(asked_for[0])
    used = sorted(letters.intersection(program.variables))
    lowered.warnings += [f"{name} is a size here, as the shapes say" for name in used]
    nodes = wanted(lowered, wrt).items()
    asked = {name: places[node] for name, node in nodes if name not in letters}
    outputs = [places[output] for output in lowered.outputs]
    names = {name: places[node] for name, node in lowered.names.items()}
    graph = function.copy()
    wrt_nodes = asked.values()
    seeds: list[str | None] = [None] * len(outputs)
    if shapes is not None:
        taken = Names([*program.variables, *program.names])
        seeds = seeded(function, outputs, asked, shapes, taken)
    adjoints = []
    for at, name in zip(outputs, seeds, strict=True):
        seed = None if name is None else graph.node("variable", (), name)
        adjoints.append(adjoint_nodes(graph, at, wrt_nodes, shapes, plain=True, seed=seed))
    raw = Raw(graph, adjoints, seeds)
    return Formulas(program, function, outputs, names, asked, raw, lowered.warnings, shapes)
