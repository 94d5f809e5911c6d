"""The forward pass: values of all nodes, in any arithmetic."""

from __future__ import annotations

from backpropcli.arithmetics.rules import silently, word
from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.graph import Graph


@silently
def forward(
    graph: Graph,
    arithmetic: Arithmetic,
    bindings: Mapping[str, Any],
    *,
    alike: bool = False,
    roots: Sequence[int] | None = None,
) -> list[Any]:
    """Return the value of every node.

    ``bindings`` maps each variable's name to its value, already in ``arithmetic``. With ``alike``
    the same operation on the same numbers is one number: what two branches share is seen to be
    equal; and what ``roots`` do not rest on, if there are any, is None. Linear in the graph's
    edges. Raises KeyError for a variable without a value.
    """
    words = {
        name: word(graph.table[name], arithmetic) for name in set(graph.operations) - set(LEAVES)
    }
    static = {name for name in words if graph.table[name].static}
    if alike or static:
        keep = None if roots is None else graph.ancestors(roots)
        return _with_static(graph, arithmetic, bindings, words, static, {} if alike else None, keep)
    args = graph.args
    values: list[Any] = []
    append = values.append
    for operation, inputs in zip(graph.operations, graph.inputs, strict=True):
        count = len(inputs)
        if count == 2:  # noqa: PLR2004 (the usual counts are written out: this is the hot loop)
            first, second = inputs
            append(words[operation](values[first], values[second]))
        elif count == 1:
            append(words[operation](values[inputs[0]]))
        elif count:
            append(words[operation](*[values[child] for child in inputs]))
        else:
            arg: Any = args[len(values)]
            if operation == "variable":
                append(bindings[arg])
            elif operation == "constant":
                append(arithmetic.constant(arg))
            else:
                append(arithmetic.double(arg))
    return values


def prepared(graph: Graph, arithmetic: Arithmetic) -> Callable[[Mapping[str, Any]], list[Any]]:
    """Return f(bindings): the value of every node, for many passes over one graph of numbers."""
    plan: list[tuple[Any, Sequence[int]]] = []
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        arg: Any = graph.args.get(number)
        if inputs:
            row = graph.table[operation]
            known = word(row, arithmetic)
            plan.append((_with(known, arg) if row.static else known, inputs))
        elif operation == "variable":
            plan.append((str(arg), ()))
        else:
            leaf = arithmetic.constant if operation == "constant" else arithmetic.double
            plan.append((leaf(arg), ()))

    def values_at(bindings: Mapping[str, Any]) -> list[Any]:
        values: list[Any] = []
        append = values.append
        for known, inputs in plan:
            if len(inputs) == 2:  # noqa: PLR2004 (as above)
                first, second = inputs
                append(known(values[first], values[second]))
            elif inputs:
                append(known(*[values[child] for child in inputs]))
            else:
                append(bindings[known] if type(known) is str else known)
        return values

    return values_at


def _with(function: Callable[..., Any], arg: object) -> Callable[..., Any]:
    return lambda *given: function(*given, arg=arg)


def leaf(arithmetic: Arithmetic, operation: str, arg: Any, bindings: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return the value of a node without inputs."""
    if operation == "variable":
        return bindings[arg]
    return (arithmetic.constant if operation == "constant" else arithmetic.double)(arg)


def _with_static(  # noqa: PLR0913 (a pass)
    graph: Graph,
    arithmetic: Arithmetic,
    bindings: Mapping[str, Any],
    words: dict[str, Callable[..., Any]],
    static: set[str],
    known: dict[tuple[object, ...], Any] | None,
    keep: bytearray | None,
) -> list[Any]:
    """Return the value of every node, of a program in which some have their ``arg`` too.

    Where ``known`` takes them in, the same operation on the same numbers is one number.
    """
    values: list[Any] = []
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if keep is not None and not keep[number]:
            values.append(None)
            continue
        given = [values[child] for child in inputs]
        arg: Any = graph.args.get(number)
        own = operation in static
        if known is not None:
            key = (operation, arg if own or not inputs else None, *map(id, given))  # all are kept
            if key in known:
                values.append(known[key])
                continue
        if own:
            value = words[operation](*given, arg=arg)
        elif inputs:
            value = words[operation](*given)
        else:
            value = leaf(arithmetic, operation, arg, bindings)
        if known is not None:
            known[key] = value
        values.append(value)
    return values
