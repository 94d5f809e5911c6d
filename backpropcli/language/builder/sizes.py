"""Sizes that names stand for: a name may be that of a whole number, or a letter of a shape."""

from __future__ import annotations

from backpropcli.graph.statics import Sized
from backpropcli.language.builder.literals import Literal, Literals, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MEASURED = {"shape", "n", "m", "start", "stop", "num", "width"}
"""What is a size: a name may stand for it that has a whole number, or is a letter of a shape."""
COMPUTED: dict[str, Callable[..., Any]] = {
    "add": lambda one, other: one + other,
    "sub": lambda one, other: one + -1 * other,
    "mul": lambda one, other: one * other,
    "neg": lambda one: -1 * one,
}
"""What sizes are computed with."""


def measured(builder: Literals, part: object) -> object:
    """Return the size, or the sizes, that names stand for which have whole numbers.

    Sums and products of sizes are sizes. NotImplemented for anything else. A letter of a shape is a
    size itself.
    """
    graph = builder.graph
    parts = part.parts if isinstance(part, Literal) else None
    if isinstance(part, int) and graph.operations[part] == "array":
        parts = graph.inputs[part]
    if parts is None:
        return size(builder, part)
    return known([_part(builder, one) for one in parts])


def _part(builder: Literals, part: object) -> object:
    """Return what a part of a tuple is: a size, or a tuple of sizes, as pad has."""
    pair = part.parts if isinstance(part, Literal) else None
    if pair is None:
        return size(builder, part)
    return known([size(builder, one) for one in pair])


def size(builder: Literals, part: object) -> object:
    """Return the size that a part of a call is; NotImplemented for what is none."""
    if not isinstance(part, int):
        return builder.static(part)
    graph, todo = builder.graph, [part]
    sizes: dict[int, Any] = {}
    while todo:
        node = todo[-1]
        computed = COMPUTED.get(graph.operations[node])
        left = [child for child in graph.inputs[node] if child not in sizes] if computed else ()
        if left:
            todo += left
            continue
        todo.pop()
        if computed is None:
            sizes[node] = _named(builder, node)
            continue
        given = [sizes[child] for child in graph.inputs[node]]
        none = NotImplemented in given or None in given
        sizes[node] = NotImplemented if none else computed(*given)
        if isinstance(sizes[node], int):
            names = [name for one in given for name in getattr(one, "names", ())]
            sizes[node] = Sized.of(sizes[node], names)
    return sizes[part]


def _named(builder: Literals, node: int) -> object:
    """Return the size that a number is, or a name stands for; NotImplemented for others."""
    if builder.graph.operations[node] != "variable":
        return builder.literal(node)
    name = str(builder.graph.args[node])
    value = builder.value_of(name)
    if isinstance(value, float) and value >= 0 and value.is_integer():
        return Sized.of(int(value), [name])
    return value if hasattr(value, "letters") else NotImplemented
