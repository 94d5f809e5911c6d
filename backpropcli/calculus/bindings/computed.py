"""Values that are arrays, or rest on arrays: shapes first, then numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics import shapes
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.bindings.arrays import allowed, frozen, is_finite
from backpropcli.calculus.choice import numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.errors import BackpropError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.calculus.bindings.items import Item
    from backpropcli.calculus.lower import Lowered
    from backpropcli.errors import SourceError
    from backpropcli.language.program import Program

NONE = "None"


def computed(item: Item, program: Program, known: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return the value of a program of variables that are ``known``.

    Raises SourceError where shapes do not fit, at the place in the item.
    """
    lowered = lower(program)
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
    """Raise SourceError at the first node whose inputs do not fit, or that is too large."""
    graph = lowered.graph
    found: list[shapes.Shape] = []
    for node, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        row = graph.table.get(operation)
        if row is None:
            name = str(graph.args[node])
            if name == NONE:
                raise _at(item, lowered, node, "None is not a number", "write a number, or nan")
            found.append(np.shape(known[name]) if operation == "variable" else ())
            continue
        given = [found[child] for child in inputs]
        try:
            more = {"arg": graph.args[node]} if row.static else {}
            shape: Any = word(row, shapes)(*given, **more)
            _whole(shape)
            allowed(shape, "this")
        except shapes.MisfitError as error:
            if operation == "array":
                raise _ragged(item, lowered, inputs, given) from None
            hint = f"the shapes are {' and '.join(map(shapes.text, given))}"
            raise _at(item, lowered, node, f"this does not fit: {error.reason}", hint) from None
        except BackpropError as error:
            raise _at(item, lowered, node, error.message, error.hint) from None
        found.append(shape)


def _whole(shape: Any) -> None:  # noqa: ANN401
    """Raise BackpropError for sizes that are none."""
    for size in shape if isinstance(shape, tuple) else (shape,):
        if not isinstance(size, int) or size < 0:
            raise BackpropError(f"{size} is not a size", "sizes are whole numbers, as in zeros(3)")


def _ragged(
    item: Item, lowered: Lowered, inputs: tuple[int, ...], given: list[shapes.Shape]
) -> SourceError:
    """Return the error for an array whose rows differ, at the first that does."""
    at = next(at for at, shape in enumerate(given) if shape != given[0])
    first, other = (_row(shape) for shape in (given[0], given[at]))
    return _at(
        item,
        lowered,
        inputs[at],
        f"this is {other}, and the first here is {first}",
        "all rows of an array are equally long, as in [[1, 2], [3, 4]]",
    )


def _row(shape: shapes.Shape) -> str:
    """Return what a shape is, in a sentence."""
    if len(shape) == 1:
        return f"a row of {shape[0]}"
    return f"an array {shapes.text(shape)}" if shape else "a number"


def _at(item: Item, lowered: Lowered, node: int, message: str, hint: str) -> SourceError:
    """Return the error at a node: at the last node of the text that came to it, or brought it."""
    program = lowered.program
    surface = lowered.surface.get(node)
    if surface is None:
        surface = lowered.owners[node] if node < len(lowered.owners) else program.root
    return item.error(message, hint, program.starts[surface], program.ends[surface])
