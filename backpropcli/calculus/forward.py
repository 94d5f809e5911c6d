"""The forward pass: values of all nodes, in any arithmetic."""

from __future__ import annotations

from itertools import compress, count

from backpropcli.arithmetics import silently
from backpropcli.arithmetics.rules import word
from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.graph import Graph


@silently
def forward(  # noqa: PLR0913 (a pass)
    graph: Graph,
    arithmetic: Arithmetic,
    bindings: Mapping[str, Any],
    *,
    alike: bool = False,
    roots: Sequence[int] | None = None,
    given: Mapping[int, Any] | None = None,
    finish: Callable[[Any], object] | None = None,
) -> list[Any]:
    """Return the value of every node; None for what ``roots`` do not rest on, if there are any.

    ``bindings`` maps each variable's name to its value, already in ``arithmetic``; ``given`` has
    values of nodes, whose inputs are not looked at. With ``alike`` the same operation on the same
    numbers is one number: what two branches share is seen to be equal. ``finish`` is called on
    each value once it is there. Linear in the graph's edges. Raises KeyError for a variable
    without a value.
    """
    given = given or {}
    needed = None if roots is None else graph.ancestors(roots, given)
    operations = {*graph.operations}
    if needed is not None:
        nodes = compress(count(), needed)
        operations = {graph.operations[number] for number in nodes if number not in given}
    words = {name: word(graph.table[name], arithmetic) for name in operations - {*LEAVES}}
    static = {name for name in words if graph.table[name].static}
    if alike or static or given or finish or needed is not None:
        known: dict[tuple[object, ...], Any] | None = {} if alike else None
        return _any(graph, arithmetic, bindings, words, static, known, needed, given, finish)
    args = graph.args
    values: list[Any] = []
    append = values.append
    for operation, inputs in zip(graph.operations, graph.inputs, strict=True):
        size = len(inputs)
        if size == 2:  # noqa: PLR2004 (the usual counts are written out: this is the hot loop)
            first, second = inputs
            append(words[operation](values[first], values[second]))
        elif size == 1:
            append(words[operation](values[inputs[0]]))
        elif size:
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


def _any(  # noqa: PLR0913 (a pass)
    graph: Graph,
    arithmetic: Arithmetic,
    bindings: Mapping[str, Any],
    words: dict[str, Callable[..., Any]],
    static: set[str],
    known: dict[tuple[object, ...], Any] | None,
    needed: bytearray | None,
    there: Mapping[int, Any],
    finish: Callable[[Any], object] | None,
) -> list[Any]:
    """Return the values of nodes with all that a pass may be asked for.

    Where ``known`` takes them in, the same operation on the same numbers is one number.
    """
    values: list[Any] = []

    def found(number: int) -> Any:  # noqa: ANN401
        operation, arg = graph.operations[number], graph.args.get(number)
        inputs = [values[child] for child in graph.inputs[number]]
        own = operation in static
        if known is not None:
            key = operation, arg if own or not inputs else None, *map(id, inputs)  # all are kept
            if key in known:
                return known[key]
        if own:
            value = words[operation](*inputs, arg=arg)
        elif inputs:
            value = words[operation](*inputs)
        else:
            value = leaf(arithmetic, operation, arg, bindings)
        if known is not None:
            known[key] = value
        return value

    for number in range(len(graph)):
        if needed is not None and not needed[number]:
            values.append(None)
            continue
        value = there[number] if number in there else found(number)
        if finish is not None:
            finish(value)
        values.append(value)
    return values
