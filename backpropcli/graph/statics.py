"""What is static in a node: by its name in a rule, a number in a program.

It is no input, and no value of it is found: an axis, a shape, the text of subscripts.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row


class Static(str):
    """In a rule: what is static in the operation at hand, by its name, such as its ``axis``."""

    __slots__ = ()


class Sized(int):
    """The whole number of what is written for a size with ``names``: ones(2*n) with n=3."""

    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, value: int, names: Iterable[str]) -> Sized:
        """Return a whole number that rests on names."""
        size = cls(value)
        size.names = tuple(names)
        return size


def sizes_in(table: Mapping[str, Row], args: Iterable[object]) -> set[str]:
    """Return the names that are written for sizes, in what is static in a graph."""
    found: set[str] = set()
    todo = [*args] if "array" in table else []
    while todo:
        arg = todo.pop()
        if isinstance(arg, tuple):
            todo += arg
        elif isinstance(arg, Sized):
            found.update(arg.names)
    return found


def settled(arg: object, known: Mapping[str, object]) -> object:
    """Return a node's ``arg`` with what ``known`` says in place of each ``Static`` in it."""
    if isinstance(arg, Static):
        return known[arg]
    if isinstance(arg, tuple):
        return tuple([settled(part, known) for part in arg])
    return arg


def written(
    text: Graph,
    given: Mapping[str, tuple[int, ...]],
    static: Mapping[str, object],
    make: Callable[[str, tuple[int, ...], object], int],
) -> list[tuple[int, ...]]:
    """Return the nodes that ``make`` makes for each node of a rule's graph.

    ``given`` has the nodes that the rule's variables stand for: some stand for several.
    """
    places: list[tuple[int, ...]] = []
    for number, operation in enumerate(text.operations):
        arg = text.args.get(number)
        if operation == "variable" and (known := given.get(str(arg))) is not None:
            places.append(known)
        elif operation == "variable":  # what is static, as a number
            places.append((_number(static[str(arg)], make),))
        elif operation == "name":  # a rule's own, such as S
            places.append(places[text.inputs[number][0]])
        else:
            parts = tuple([node for child in text.inputs[number] for node in places[child]])
            places.append((make(operation, parts, settled(arg, static)),))
    return places


def _number(value: Any, make: Callable[[str, tuple[int, ...], object], int]) -> int:  # noqa: ANN401 (a number)
    """Return the node of what is static: a number; true is 1."""
    size = float(value)
    node = make("number", (), abs(size))
    return make("neg", (node,), None) if size < 0 else node
