"""The forward pass: values of all nodes, in any arithmetic."""

from __future__ import annotations

from backpropcli.arithmetics import silently
from backpropcli.arithmetics.rules import word
from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.graph import Graph

    Word = Callable[..., Any]

FIXED = "(fixed)"
"""Stands in place of the operation of a node whose value is there already."""


@silently
def forward(  # noqa: PLR0913 (a pass)
    graph: Graph,
    arithmetic: Arithmetic,
    bindings: Mapping[str, Any],
    *,
    alike: bool = False,
    roots: Sequence[int] | None = None,
    given: Mapping[int, Any] | None = None,
) -> list[Any]:
    """Return the value of every node; None for what ``roots`` do not rest on, if there are any.

    ``bindings`` maps each variable's name to its value, already in ``arithmetic``; ``given`` has
    values of nodes, whose inputs are not looked at. With ``alike`` the same operation on the same
    numbers is one number: what two branches share is seen to be equal. Linear in the graph's edges.
    Raises KeyError for a variable without a value.
    """
    fixed = {**(given or {})}
    if fixed or roots is not None:
        needed = graph.ancestors(range(len(graph)) if roots is None else roots, fixed)
        fixed |= {number: None for number, flag in enumerate(needed) if not flag}
    return _pass(graph, arithmetic, fixed, alike=alike)(bindings)


def prepared(graph: Graph, arithmetic: Arithmetic) -> Callable[[Mapping[str, Any]], list[Any]]:
    """Return f(bindings): the value of every node, for many passes over one graph of numbers."""
    literals: dict[str, Any] = {"number": arithmetic.double, "constant": arithmetic.constant}
    leaves = [number for number in graph.args if graph.operations[number] in literals]
    made = {number: literals[graph.operations[number]](graph.args[number]) for number in leaves}
    return _pass(graph, arithmetic, made)


def _pass(
    graph: Graph, arithmetic: Arithmetic, fixed: Mapping[int, Any], *, alike: bool = False
) -> Callable[[Mapping[str, Any]], list[Any]]:
    """Return f(bindings): the value of every node, of which some are ``fixed``."""
    operations, edges, args = graph.operations, graph.inputs, graph.args
    if fixed:  # such a node is a leaf, and its value is its arg
        operations = [FIXED if at in fixed else name for at, name in enumerate(operations)]
        edges = [() if at in fixed else inputs for at, inputs in enumerate(edges)]
        args = {**args, **fixed}
    words = {name: word(graph.table[name], arithmetic) for name in {*operations} - {*LEAVES, FIXED}}
    static = [name for name in words if graph.table[name].static]

    def values_at(bindings: Mapping[str, Any]) -> list[Any]:
        values: list[Any] = []
        append = values.append
        here = words | {name: _with_arg(words[name], args, values) for name in static}
        if alike:
            here = {name: _once(function, args, values) for name, function in here.items()}
        leaves: dict[str, Word] = {
            "variable": bindings.__getitem__,
            "constant": arithmetic.constant,
            "number": arithmetic.double,
            FIXED: lambda value: value,
        }
        for operation, inputs in zip(operations, edges, strict=True):
            size = len(inputs)
            if size == 2:  # noqa: PLR2004 (the usual counts are written out: this is the hot loop)
                first, second = inputs
                append(here[operation](values[first], values[second]))
            elif size == 1:
                append(here[operation](values[inputs[0]]))
            elif size:
                append(here[operation](*[values[child] for child in inputs]))
            elif operation in leaves:
                append(leaves[operation](args[len(values)]))
            else:
                append(here[operation]())
        return values

    return values_at


def _with_arg(function: Word, args: Mapping[int, object], values: Sequence[Any]) -> Word:
    """Return the word of an operation that needs the ``arg`` of the node that comes next."""
    return lambda *inputs: function(*inputs, arg=args[len(values)])


def _once(function: Word, args: Mapping[int, object], values: Sequence[Any]) -> Word:
    """Return a word that gives the same number for the same numbers."""
    known: dict[tuple[object, ...], Any] = {}

    def found(*inputs: Any) -> Any:  # noqa: ANN401
        key = args.get(len(values)), *map(id, inputs)  # ``values`` keeps them all
        if key not in known:
            known[key] = function(*inputs)
        return known[key]

    return found
