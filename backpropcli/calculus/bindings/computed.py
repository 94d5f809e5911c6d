"""Values that are arrays, or rest on arrays: shapes first, then numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.calculus.bindings.arrays import allowed, frozen, is_finite
from backpropcli.calculus.bindings.mistakes.values import in_value
from backpropcli.calculus.choice import numbers_of
from backpropcli.calculus.fitting import fitting
from backpropcli.calculus.fitting.places import checked
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.calculus.node_shapes import Misfit, node_shapes
from backpropcli.errors import BackpropError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.bindings.items import Item
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.program import Program


def computed(item: Item, program: Program, known: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return the value of a program of variables that are ``known``.

    Raises SourceError where shapes do not fit, at the place in the item.
    """
    lowered = lower(program, {name: np.shape(known[name]) for name in program.variables})
    _fitting(item, lowered, known)
    with np.errstate(all="ignore"):
        values = forward(lowered.graph, numbers_of(lowered.graph, known), known)
    found = values[lowered.outputs[0]]
    _finite(item, found, lowered, known)
    return frozen(found) if isinstance(found, np.ndarray) else float(found)


def _finite(item: Item, found: Any, lowered: Lowered, known: Mapping[str, Any]) -> None:  # noqa: ANN401
    """Raise SourceError for what is not finite, where nothing that it rests on is given so."""
    args = {str(arg) for arg in lowered.graph.args.values()}
    used = [known[name] for name in lowered.graph.variables()]
    if is_finite(found) or {"inf", "nan"} & args or not all(map(is_finite, used)):
        return
    at = tuple(np.argwhere(~np.isfinite(found))[0])
    place = f"element [{', '.join(map(str, at))}] of this" if at else "this value"
    raise item.error(
        f"{place} is {float(found[at] if at else found)!r}",
        "a value is finite; inf and nan can be given by name",
    )


def _fitting(item: Item, lowered: Lowered, known: Mapping[str, Any]) -> None:
    """Raise SourceError at the first node that does not fit, is no array, or is too large."""
    graph = lowered.graph
    for node, arg in graph.args.items():
        if graph.operations[node] in {"zeros", "ones", "eye"}:
            _whole(item, lowered, node, arg)
    given = {name: np.shape(known[name]) for name in graph.variables()}
    try:
        found = node_shapes(graph, given)
        checked(lowered, found, known)
    except Misfit as misfit:
        if graph.operations[misfit.node] == "array":
            raise _ragged(item, lowered, misfit) from None
        try:
            fitting(lowered, given, {}, known)
        except SourceError as error:
            raise in_value(item, error) from None
        raise
    for node, shape in enumerate(found):
        try:
            allowed(shape, "this")  # type: ignore[arg-type]
        except BackpropError as error:
            raise _at(item, lowered, node, error.message, error.hint) from None


def _whole(item: Item, lowered: Lowered, node: int, arg: Any) -> None:  # noqa: ANN401
    """Raise SourceError for sizes that are none."""
    for part in arg:
        for size in part if isinstance(part, tuple) else (part,):
            if size is not None and (not isinstance(size, int) or size < 0):
                hint = "sizes are whole numbers, as in zeros(3)"
                raise _at(item, lowered, node, f"{size} is not a size", hint)


def _ragged(item: Item, lowered: Lowered, misfit: Misfit) -> SourceError:
    """Return the error for an array whose rows differ, at the first that does."""
    inputs = lowered.graph.inputs[misfit.node]
    given = [misfit.known[child] for child in inputs]
    at = next(at for at, shape in enumerate(given) if shape != given[0])
    first, other = (_row(shape) for shape in (given[0], given[at]))
    return _at(
        item,
        lowered,
        inputs[at],
        f"this is {other}, and the first here is {first}",
        "all rows of an array are equally long, as in [[1, 2], [3, 4]]",
    )


def _row(shape: Shape) -> str:
    """Return what a shape is, in a sentence."""
    if len(shape) == 1:
        return f"a row of {shape[0]}"
    return f"an array {text(shape)}" if shape else "a number"


def _at(item: Item, lowered: Lowered, node: int, message: str, hint: str) -> SourceError:
    """Return the error at a node: at the last node of the text that came to it, or brought it."""
    program = lowered.program
    surface = lowered.surface.get(node)
    if surface is None:
        surface = lowered.owners[node] if node < len(lowered.owners) else program.root
    return item.error(message, hint, program.starts[surface], program.ends[surface])
