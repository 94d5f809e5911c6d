"""Places of elements that values hold, as in E[tokens]: whether such elements are there."""

from __future__ import annotations

from backpropcli.calculus.choice import numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.node_shapes import Misfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph

    Use = tuple[int, int, int, str, bool]

HOLDERS = {"index", "gather", "one_hot", "classes"}

CARRIED = {
    *("index", "gather", "reshape", "array", "part", "joined", "flip", "name"),
    *("add", "sub", "mul", "neg", "mod"),
}
"""Operations whose value holds places where their inputs do."""


def checked(lowered: Lowered, known: list[Shape], values: Mapping[str, Any]) -> None:
    """Raise Misfit where a value that holds places has one that is not there.

    What holds places is worked out for it, where it is no variable.
    """
    uses = list(_uses(lowered.graph, known))
    if not uses:
        return
    import numpy as np

    graph, places = lowered.graph.part([lowered.graph.inputs[node][at] for node, at, *_ in uses])
    numbers = numbers_of(graph, values)
    with np.errstate(all="ignore"):
        found = forward(graph, numbers, values)
    for node, at, size, what, below in uses:
        place = places[lowered.graph.inputs[node][at]]
        reason = _wrong(np.asarray(found[place]), size, at, what, below=below)
        if reason:
            raise Misfit(node, f"does not fit: {reason}", known)


def fill(
    lowered: Lowered, known: list[Shape], values: Mapping[str, Any], free: dict[str, Any]
) -> None:
    """Let ``free`` values, of variables that nobody gave one, be places that are there.

    So are those that places are computed of, as in x[t - 1] and x[t[0]].
    """
    sizes = _sizes(lowered.graph, known, free)
    if not sizes:
        return
    import numpy as np

    for first, step in ((0, 1), (0, 0), (1, 0)):
        for name, size in sizes.items():
            shape = np.shape(free[name])
            places = (first + step * np.arange(np.prod(shape, dtype=int))) % size
            free[name] = places.reshape(shape).astype(float)[()]
        try:
            checked(lowered, known, {**values, **free})
        except Misfit:
            continue
        return


def _sizes(graph: Graph, known: list[Shape], free: Mapping[str, Any]) -> dict[str, int]:
    """Return the free variables that hold places, each with how many there are at least."""
    found: dict[str, int] = {}
    for node, at, size, *_ in _uses(graph, known):
        todo, seen = [graph.inputs[node][at]], set[int]()
        while todo:
            place = todo.pop()
            if place in seen:
                continue
            seen.add(place)
            name = graph.args.get(place) if graph.operations[place] == "variable" else None
            if name in free:
                found[str(name)] = min(size, found.get(str(name), size))
            elif graph.operations[place] in CARRIED:
                todo += graph.inputs[place]
    return found


def _uses(graph: Graph, known: list[Shape]) -> Iterator[Use]:
    """Yield where places are used: the node, which input holds them, and how many there are.

    And what they are places of, and whether they may be counted from the end.
    """
    for node, operation in enumerate(graph.operations):
        if operation not in HOLDERS:
            continue
        inputs, arg = graph.inputs[node], graph.args.get(node)
        shape = known[inputs[0]]
        if operation == "index":
            from backpropcli.arithmetics.shapes.indices import whole_spec

            axis = 0
            for item in whole_spec(arg[0], len(shape)):  # type: ignore[index]
                if item[0] == "pick":
                    yield node, item[1], shape[axis], _of(axis, shape), True  # type: ignore[misc]
                axis += item[0] != "new"
        elif operation == "gather":
            axis = arg[0] % len(shape)  # type: ignore[index]
            yield node, 1, shape[axis], _of(axis, shape), True
        elif operation == "one_hot":
            yield node, 0, arg[0], "one_hot", False  # type: ignore[index]
        elif len(shape) < len(known[inputs[1]]):
            yield node, 0, known[inputs[1]][-1], "the last axis of {1}", False  # type: ignore[misc]


def _of(axis: int, shape: Shape) -> str:
    return f"axis {axis} of {{0}}" if len(shape) > 1 else "{0}"


def _wrong(held: Any, size: int, at: int, what: str, *, below: bool) -> str:  # noqa: ANN401
    """Return what is wrong with the first place that is not there; "" if all are."""
    import numpy as np

    whole = np.floor(held) == held
    wrong = ~(whole & (held >= (-size if below else 0)) & (held < size))
    if not wrong.any():
        return ""
    where = tuple(int(one) for one in np.argwhere(wrong)[0])
    number = f"{float(held[where]):.17g}"
    said = (
        f"{{{at}}} has {number} at [{', '.join(map(str, where))}]"
        if where
        else f"{{{at}}} is {number}"
    )
    if not whole[where] or not np.isfinite(held[where]):
        return f"{said}, and places are whole numbers"
    return f"{said}, and {what} has {size}: 0 to {size - 1}"
