"""The flat graph of a program: calls and ``diff`` written out, each node an operation of the table.

A program without calls and ``diff`` is flat already. The value of a call and of a ``diff`` is a
node of its own ("result"), so that what arrives there is this one's alone.
"""

from __future__ import annotations

from backpropcli.arithmetics.rules import parsed
from backpropcli.calculus.lowered import Lowered
from backpropcli.calculus.records import Derived, Diff, Own
from backpropcli.errors import BackpropError, SourceError
from backpropcli.graph.cells import Rule, late
from backpropcli.graph.graph import MOST_NODES, Graph
from backpropcli.graph.statics import written
from backpropcli.language.surface import CALL, DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.derivative import Diffs
    from backpropcli.graph.row import Row
    from backpropcli.language.program import Function, Program


def lower(
    program: Program, shapes: Mapping[str, Shape] | None = None, *, book: bool = False
) -> Lowered:
    """Return the flat graph of ``program``. With ``book`` derivatives are as books write them.

    ``shapes`` are those of the variables where they may be arrays. Raises SourceError where it
    grows too large.
    """
    operations, table = set(program.graph.operations), program.graph.table
    derived = any(name in table and table[name].derived for name in operations)
    if derived or not operations.isdisjoint({CALL, DIFF}):
        lowering = Lowering(shapes, book=book)
        lowering.take_in(program)
        found = lowering.written(program, whole=True)
    else:
        same = range(len(program.graph))
        found = Lowered(program, program.graph, same, same)
    found.shapes = shapes
    found.by_book = lambda: lower(program, shapes, book=True)
    return found


class Lowering:
    """The functions that programs call, each written flat once; ``rows`` are of those with rules.

    Those that differentiate, ``by_shape``, are written for each call's shapes, with arrays.
    """

    def __init__(self, shapes: Mapping[str, Shape] | None, *, book: bool) -> None:
        self.shapes = shapes
        self.book = book
        self.bodies: dict[Function, Lowered] = {}
        self.rows: dict[Function, Own] = {}
        self.by_shape: set[Function] = set()

    def take_in(self, program: Program) -> None:
        """Write the functions that a program calls."""
        for function in _functions(program):
            graph = function.body.graph
            called = {graph.args[at] for at, name in enumerate(graph.operations) if name == CALL}
            if self.shapes is not None and (
                DIFF in graph.operations or not self.by_shape.isdisjoint(called)
            ):
                self.by_shape.add(function)
            else:
                self.take(function, self.written(function.body))

    def take(self, function: Function, body: Lowered) -> Lowered:
        """Take in a function that is written, and return its body."""
        self.bodies[function] = body
        if function.rules:
            rules = [self._rule(rule) for rule in function.rules]
            self.rows[function] = Own(function, (body.graph, body.outputs[0]), rules)
        return body

    def _rule(self, program: Program) -> Rule:
        """Return a rule that a program gives, of a program of its own."""
        flat = self.written(program)
        [root] = flat.outputs
        number = flat.graph.args.get(root) if flat.graph.operations[root] == "number" else None
        text = {0.0: "0", 1.0: "1"}.get(number) if isinstance(number, float) else None
        return Rule(text or program.text(program.root, 1000), own=(flat.graph, root))

    def written(self, program: Program, *, whole: bool = False) -> Lowered:
        """Return the flat graph of a program, whose functions are written already.

        In that of the ``whole`` program the value of each call and ``diff`` is a node of its own.
        """
        return _Writing(self, program).whole(results=whole)


class _Writing:
    """A program that is being written flat."""

    def __init__(self, lowering: Lowering, program: Program) -> None:
        self.lowering = lowering
        self.program = program
        self.graph = Graph(program.graph.table)
        self.places: list[int] = []
        self.owners: list[int] = []
        self.found = Lowered(program, self.graph, self.places, self.owners)

    @late
    def diffs(self) -> Diffs:
        """Return what writes derivatives here, and tells shapes."""
        from backpropcli.calculus.derivative import Diffs

        return Diffs(self.found, self.lowering.shapes, book=self.lowering.book)

    def whole(self, *, results: bool) -> Lowered:
        """Return it written. With ``results`` the value of what is opened is a node of its own."""
        program, places, graph = self.program, self.places, self.graph
        surface = program.graph
        for number, operation in enumerate(surface.operations):
            inputs = tuple([places[child] for child in surface.inputs[number]])
            arg, row = surface.args.get(number), graph.table.get(operation)
            if operation not in {CALL, DIFF} and (row is None or not row.derived):
                node = graph.node(operation, inputs, arg)
            else:
                try:
                    if row is not None:
                        node = self._derived(number, row, inputs, arg)
                    elif operation == CALL:
                        node = self._call(number, arg, inputs)  # type: ignore[arg-type]
                    else:
                        node = self.diffs.write(number, int(str(arg)), inputs)
                except BackpropError as error:
                    start, end = program.starts[number], program.ends[number]
                    raise SourceError(
                        error.message, program.source, start, end, error.hint, program.origin
                    ) from None
                if results:
                    node = graph.node("result", (node,), number)
            places.append(node)
            self.owners += [number] * (len(graph) - len(self.owners))
        self.found.finish()
        return self.found

    def _call(self, surface: int, function: Function, inputs: tuple[int, ...]) -> int:
        """Write a call; return the node of its value."""
        found, graph, body = self.found, self.graph, self._body(function, inputs)
        if len(graph) + len(body.graph) > MOST_NODES:
            raise BackpropError(
                f"this call makes the graph larger than {MOST_NODES:,} nodes",
                "a function that calls another twice doubles it each time",
            )
        given = dict(zip(function.parameters, inputs, strict=True))
        places = graph.write(body.graph, given)
        for diff in body.diffs:
            inner = {name: places[at] for name, at in diff.given.items()} or given
            facts = (diff.graph, diff.of, diff.seeds, diff.node, surface, inner, diff.by)
            found.diffs.append(Diff(*facts))
        found.derived += [one.inside(places) for one in body.derived]
        found.warnings += [text for text in body.warnings if text not in found.warnings]
        node = places[body.outputs[0]]
        return self.lowering.rows[function].node(graph, inputs, node) if function.rules else node

    def _body(self, function: Function, inputs: tuple[int, ...]) -> Lowered:
        """Return a function's body: for the shapes of its arguments, if it differentiates."""
        lowering = self.lowering
        if function not in lowering.by_shape:
            return lowering.bodies[function]
        shapes = self.diffs.shapes_of(inputs)
        inner = Lowering(dict(zip(function.parameters, shapes, strict=False)), book=lowering.book)
        inner.take_in(function.body)
        return lowering.take(function, inner.written(function.body))

    def _derived(self, surface: int, row: Row, inputs: tuple[int, ...], arg: object) -> int:
        """Write an operation that is what ``expand`` says; return its node."""
        first = len(self.graph)
        node = _expanded(self.graph, row, inputs, arg)
        nodes = range(first, len(self.graph))
        self.found.derived.append(Derived(row, inputs, arg, nodes, node, self.program, surface))
        return node


def _expanded(graph: Graph, row: Row, inputs: tuple[int, ...], arg: object) -> int:
    """Write into a graph what ``expand`` says of an operation; return its node."""
    assert row.expand is not None  # noqa: S101 (for mypy: it is derived)
    text, root = parsed(row, row.expand)
    graph.define(text.table)
    given = {name: (node,) for name, node in zip(row.parameters, inputs, strict=True)}
    static = dict(zip(row.static, arg if isinstance(arg, tuple) else (), strict=True))

    def make(operation: str, parts: tuple[int, ...], what: object = None) -> int:
        inner = graph.table.get(operation)
        if inner is not None and inner.derived:
            return _expanded(graph, inner, parts, what)
        return graph.node(operation, parts, what)

    [node] = written(text, given, static, make)[root]
    return node


def _functions(program: Program) -> list[Function]:
    """Return the functions that a program calls, each after those that it calls itself."""
    found: dict[Function, None] = {}
    stack: list[tuple[Program, Function | None]] = [(program, None)]
    while stack:
        inside, function = stack.pop()
        if inside is program and function is not None:
            found[function] = None
            continue
        if function is not None:
            stack.append((program, function))  # once what it calls is there
        parts = [inside] if function is None else [function.body, *function.rules]
        for part in parts:
            for node, arg in part.graph.args.items():
                if part.graph.operations[node] == CALL and arg not in found:
                    stack.append((arg.body, arg))  # type: ignore[attr-defined, arg-type]
    return list(found)
