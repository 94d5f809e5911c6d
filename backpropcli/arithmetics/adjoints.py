"""The rules of operations on whole arrays as graphs, and what partials read."""

from __future__ import annotations

from backpropcli.arithmetics.rules import Code, parsed
from backpropcli.graph.graph import Graph
from backpropcli.graph.statics import written
from backpropcli.language.surface import ADJOINT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.cells import Rule
    from backpropcli.graph.row import Row

    V = TypeVar("V")


def adjoint(
    row: Row, index: int, axes: tuple[int, ...], arg: object, *, in_floats: bool = False
) -> tuple[Graph, int] | None:
    """Return what an operation on whole arrays sends to input ``index``: a graph and its root.

    Its variables are g, out, x0, x1, ... ``axes`` are the numbers of axes of the inputs, and
    ``arg`` is what is static; with ``in_floats`` it is in the form that floats need. None where
    nothing goes there.
    """
    in_floats = in_floats and bool(row.in_floats)
    key = (row, index, axes, arg, in_floats)
    if key not in _adjoints:
        given = arg if isinstance(arg, tuple) else ()
        static = dict(zip(row.static, given, strict=True))
        rule = row.in_floats[index] if in_floats else row.adjoint(index, axes, given)
        _adjoints[key] = None if rule is None else instance(row, rule, len(axes), static, index)
    return _adjoints[key]


def reads(row: Row, on: Sequence[int], axes: Sequence[int], arg: object = None) -> Sequence[int]:
    """Return what the partials by the inputs ``on`` read: 0 is the value, 1, 2, ... the inputs.

    ``axes`` are the inputs' numbers of axes, and ``arg`` is what is static: both matter for an
    operation on whole arrays. What is looked at for its shape only is not read.
    """
    key = row, tuple(on), tuple(axes), arg
    found = _reads.get(key)
    if found is None:
        names = {"out": 0, **{name: 1 + at for at, name in enumerate(row.parameters)}}
        names |= {f"x{at}": 1 + at for at in range(len(axes))}
        known = {name for graph, root in _texts(row, on, axes, arg) for name in _read(graph, root)}
        found = tuple(sorted({names[name] for name in known & names.keys()}))
        if row.variadic and not row.whole and known:
            found = range(len(axes) + 1)
        _reads[key] = found
    return found


_reads: dict[tuple[object, ...], Sequence[int]] = {}


def _texts(
    row: Row, on: Sequence[int], axes: Sequence[int], arg: object
) -> list[tuple[Graph, int]]:
    """Return the rules of partials, each as a graph and its root."""
    if row.whole:
        found = [adjoint(row, index, tuple(axes), arg, in_floats=True) for index in on]
        return [one for one in found if one is not None]
    cells = {row.cell(index) for index in on}
    rules = [rule for cell in cells for rule in (row.in_floats[cell], row.taken[cell])]
    return [parsed(row, rule) for rule in rules if rule is not None and rule.number is None]


def _read(graph: Graph, root: int) -> set[str]:
    """Return the variables that a node reads, and not only for their shape."""
    from backpropcli.graph.arrays import BY_SHAPE

    read = bytearray(len(graph))
    read[root] = 1
    for number in range(root, -1, -1):
        if read[number]:
            inputs = graph.inputs[number]
            by_shape = BY_SHAPE.get(graph.operations[number])
            told = range(len(inputs))[by_shape] if by_shape else ()
            for at, child in enumerate(inputs):
                read[child] |= at not in told
    return {name for name, node in graph.variables().items() if read[node]}


def bound(g: V, out: V, inputs: Sequence[V]) -> dict[str, V]:
    """Return what the variables of an adjoint rule stand for: g, out, x0, x1, ..."""
    return {"g": g, "out": out, **{f"x{at}": value for at, value in enumerate(inputs)}}


_adjoints: dict[tuple[object, ...], tuple[Graph, int] | None] = {}


def instance(
    row: Row, rule: Rule, count: int, static: dict[str, object], index: int = 0
) -> tuple[Graph, int]:
    """Return a rule as a graph with what is static filled in, and its root.

    It is one of input ``index`` of an operation on whole arrays with ``count`` inputs.
    """
    from backpropcli.graph.arrays import TABLE_OF_ARRAYS

    text, root = parsed(row, rule)
    graph = Graph(TABLE_OF_ARRAYS)
    graph.define({name: own for name, own in text.table.items() if own.own})
    inputs = [graph.node("variable", (), f"x{at}") for at in range(count)]
    given: dict[str, tuple[int, ...]] = {}
    if not row.own:  # the parameters of a program's own functions may have any names
        given |= {f"x{at}": (node,) for at, node in enumerate(inputs)}
        given |= {"args": tuple(inputs), "rest": tuple(inputs[len(row.parameters) :])}
    given |= {name: (node,) for name, node in zip(row.parameters, inputs, strict=False)}
    for name, called in (("g", ADJOINT if row.own else "g"), ("out", "out")):
        node = graph.node("variable", (), name)
        if row.reduces and static["axis"] is not None and not static["keepdims"]:
            node = graph.node("kept", (node, inputs[0]), (static["axis"],))
        given[called] = (node,)
    places = written(text, given, {"which": index} | static, graph.node)
    [found] = places[root]
    return graph, found


def adjoint_word(
    row: Row, index: int, axes: tuple[int, ...], arg: object, arithmetic: Arithmetic
) -> Callable[..., Any] | None:
    """Return f(g, out, *inputs): what goes to input ``index``; None where nothing does."""
    found = adjoint(row, index, axes, arg, in_floats=True)
    if found is None:
        return None
    key = (arithmetic.__name__, row, index, axes, arg)
    if key not in _words:
        parameters = ["g", "out", *[f"x{at}" for at in range(len(axes))]]
        code = Code(arithmetic, row)
        code.names, code.each = {name: name for name in parameters}, False
        _words[key] = code.function(parameters, code.expression(*found))
    return _words[key]


_words: dict[tuple[object, ...], Callable[..., Any]] = {}
