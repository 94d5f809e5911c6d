"""The flat graph of a program: calls and ``diff`` written out, each node an operation of the table.

It remembers where each node of the surface graph, which is what the user wrote, came to. A program
without calls and ``diff`` is flat already. The value of a call and of a ``diff`` is a node of its
own ("result"), so that what arrives there is this one's alone.
"""

from __future__ import annotations

from backpropcli.arithmetics.rules import parsed, written
from backpropcli.calculus.choice import nodes_on
from backpropcli.calculus.records import Derived, Diff, Own
from backpropcli.errors import BackpropError, SourceError
from backpropcli.graph.graph import MOST_NODES, Graph
from backpropcli.graph.row import Row, Rule
from backpropcli.language.surface import CALL, DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.nodes import Nodes
    from backpropcli.arithmetics.shapes import Shape
    from backpropcli.calculus.derivative import Along
    from backpropcli.language.functions import Function
    from backpropcli.language.program import Program


class Lowered:
    """A program's flat graph.

    ``places`` has the node of each node of the surface graph; ``owners`` has, for each node, the
    node of the surface graph that brought it. ``diffs`` are the derivatives written out, and
    ``derived`` the operations that are names for what ``expand`` says.
    ``shapes`` are those of the variables where they may be arrays, else None, and ``given`` has
    the values of variables that the program itself does not have. It is ``smooth`` where it is
    known that no kink is met at the point where it is run.
    """

    __slots__ = (
        "_surface",
        "derived",
        "diffs",
        "given",
        "graph",
        "outputs",
        "owners",
        "places",
        "program",
        "shapes",
        "smooth",
        "warnings",
    )

    def __init__(
        self, program: Program, graph: Graph, places: Sequence[int], owners: Sequence[int]
    ) -> None:
        self.owners = owners
        self._surface: dict[int, int] | None = None
        self.program = program
        self.graph = graph
        self.places = places
        self.shapes: Mapping[str, Shape] | None = None
        self.given: dict[str, Any] = {}
        self.smooth = False
        self.diffs: list[Diff] = []
        self.derived: list[Derived] = []
        self.warnings: list[str] = []
        self.outputs: list[int] = []
        if len(places) == len(program.graph):
            self.finish()

    def finish(self) -> None:
        """Take in where outputs came to, once all is written."""
        self.outputs = [self.places[output] for output in self.program.outputs]
        self.graph.freeze()

    def shapes_at(self, nodes: Iterable[int]) -> list[Shape]:
        """Return the shapes of nodes: () for numbers. Raises MisfitError where they do not fit."""
        if self.shapes is None:
            return [() for _ in nodes]
        from backpropcli.calculus.node_shapes import node_shapes  # noqa: PLC0415 (with arrays)

        known = node_shapes(self.graph, self.shapes)
        return [known[node] for node in nodes]

    @property
    def ruled(self) -> list[Row]:
        """The functions with rules of their own that are called."""
        called = {
            name
            for name, inputs in zip(self.graph.operations, self.graph.inputs, strict=True)
            if inputs
        }
        return [row for name in sorted(called) if (row := self.graph.table[name]).own]

    @property
    def names(self) -> dict[str, int]:
        """The nodes of the user's names for intermediates."""
        return {name: self.places[node] for name, node in self.program.names.items()}

    @property
    def surface(self) -> Mapping[int, int]:
        """The node of the surface graph for each node here that has one: the first."""
        if self._surface is None:
            self._surface = {}
            for number, place in enumerate(self.places):
                self._surface.setdefault(place, number)
        return self._surface

    def book(self) -> tuple[Lowered, Sequence[int]]:
        """Return the same with derivatives as books write them.

        And the places there of the nodes here that have one in the surface graph.
        """
        if not self.diffs:
            return self, range(len(self.graph))
        book = lower(self.program, self.shapes, book=True)
        places = [-1] * len(self.graph)
        for here, there in zip(self.places, book.places, strict=True):
            places[here] = there
        return book, places

    def text(self, number: int, limit: int = 60) -> str:
        """Return a node as the user wrote it; or, if no text stands for it, written out."""
        at = self.surface.get(number)
        if at is not None:
            return self.program.text(at, limit)
        from backpropcli.language.unparse import brief  # noqa: PLC0415 (only with functions)

        return brief(self.graph, number, limit, self._called, self.program.names)

    def word_for(self, number: int, limit: int = 60) -> str:
        """Return a node's text; or that of the operation that it was written out of, as topk is."""
        owner, surface = self.owners[number], self.program.graph
        row = surface.table.get(surface.operations[owner])
        if number in self.surface or row is None or not row.derived:
            return self.text(number, limit)
        return self.program.text(owner, limit)

    def whose(self, number: int, limit: int = 60) -> str:
        """Return a node's text; or the derivative's that brought it, as the user wrote that."""
        owner = self.brought(number)
        return self.word_for(number, limit) if owner is None else self.program.text(owner, limit)

    def brought(self, number: int) -> int | None:
        """Return the derivative of the surface graph that brought a node.

        None where no derivative did, or text stands for the node.
        """
        owner = self.owners[number]
        brought = number not in self.surface and self.program.graph.operations[owner] == DIFF
        return owner if brought else None

    def of_derivative(self, number: int) -> bool:
        """Say whether a node is a part of a derivative that was written out."""
        return self.brought(number) is not None

    def order_of(self, number: int) -> str:
        """Return the text of what goes by the order that a node compares; "" for other nodes."""
        orders = self.program.orders
        return orders.get(self.surface.get(number, -1), "") if orders else ""

    def turning(self, number: int) -> str:
        """Return the text of what has a kink at a node: a derivative has it in a part."""
        text = self.whose(number, 30)
        return text if self.brought(number) is None else f"a part of {text}"

    def derivative_text(self, diff: Diff) -> str:
        """Return a derivative as the user wrote it."""
        return self.program.text(diff.surface, 40)

    def _called(self, number: int) -> str:
        from backpropcli.language.texts import called  # noqa: PLC0415 (only with functions)

        at = self.surface.get(number)
        return "" if at is None else called(self.program, at)


def lower(
    program: Program, shapes: Mapping[str, Shape] | None = None, *, book: bool = False
) -> Lowered:
    """Return the flat graph of ``program``. With ``book`` derivatives are as books write them.

    ``shapes`` are those of the variables where they may be arrays. Raises SourceError where it
    grows too large.
    """
    found = _lowered(program, shapes, book=book)
    found.shapes = shapes
    return found


def _lowered(program: Program, shapes: Mapping[str, Shape] | None, *, book: bool) -> Lowered:
    operations, table = set(program.graph.operations), program.graph.table
    derived = any(name in table and table[name].derived for name in operations)
    if not derived and operations.isdisjoint({CALL, DIFF}):
        same = range(len(program.graph))
        return Lowered(program, program.graph, same, same)
    lowering = Lowering(shapes, book=book)
    lowering.take_in(program)
    return lowering.written(program, whole=True)


class Lowering:
    """Writes programs flat; the functions that they call, each once, with their rows."""

    def __init__(self, shapes: Mapping[str, Shape] | None, *, book: bool) -> None:
        self.shapes = shapes
        self.book = book
        self.bodies: dict[Function, Lowered] = {}
        self.rows: dict[Function, Own] = {}
        self._nodes: dict[int, Nodes] = {}
        self.by_shape: set[Function] = set()
        """Functions that differentiate: with arrays each call is written for its shapes."""

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
                self._take(function, self.written(function.body))

    def _take(self, function: Function, body: Lowered) -> Lowered:
        self.bodies[function] = body
        if function.rules:
            rules = [self._rule(rule) for rule in function.rules]
            self.rows[function] = Own(function, (body.graph, body.outputs[0]), rules)
        return body

    def _body(self, function: Function, graph: Graph, inputs: tuple[int, ...]) -> Lowered:
        """Return a function's body: for the shapes of its arguments, if it differentiates."""
        if function not in self.by_shape:
            return self.bodies[function]
        shapes = self._shapes_of(graph, inputs)
        inner = Lowering(dict(zip(function.parameters, shapes, strict=False)), book=self.book)
        inner.take_in(function.body)
        return self._take(function, inner.written(function.body))

    def _shapes_of(self, graph: Graph, inputs: tuple[int, ...]) -> list[Shape]:
        """Return the shapes of nodes; none where one rests on what does not fit."""
        from backpropcli.arithmetics.shapes import MisfitError  # noqa: PLC0415 (with arrays)

        nodes: Any = self._shaped(graph)
        try:
            return [nodes.shape(node) for node in inputs]
        except MisfitError:
            return []

    def _shaped(self, graph: Graph) -> Nodes:
        """Return the nodes of a graph that is being written, with their shapes."""
        if id(graph) not in self._nodes:
            self._nodes[id(graph)] = nodes_on(graph, self.shapes, book=self.book)
        return self._nodes[id(graph)]

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
        surface = program.graph
        graph = Graph(surface.table)
        places: list[int] = []
        owners: list[int] = []
        found = Lowered(program, graph, places, owners)
        along: dict[int, Along] = {}
        for number, operation in enumerate(surface.operations):
            inputs = tuple([places[child] for child in surface.inputs[number]])
            arg = surface.args.get(number)
            if operation in {CALL, DIFF}:
                try:
                    node = (
                        self._call(found, number, arg, inputs)  # type: ignore[arg-type]
                        if operation == CALL
                        else self._diff(found, number, int(str(arg)), inputs, along)
                    )
                except BackpropError as error:
                    start, end = program.starts[number], program.ends[number]
                    raise SourceError(
                        error.message, program.source, start, end, error.hint, program.origin
                    ) from None
                if whole:
                    node = graph.node("result", (node,), number)
            elif operation in graph.table and graph.table[operation].derived:
                row, first = graph.table[operation], len(graph)
                node = self._derived(graph, row, inputs, arg)
                nodes = range(first, len(graph))
                found.derived.append(Derived(row, inputs, arg, nodes, node, program, number))
                if whole:
                    node = graph.node("result", (node,), number)
            else:
                node = graph.node(operation, inputs, arg)
            places.append(node)
            owners += [number] * (len(graph) - len(owners))
        found.finish()
        return found

    def _call(
        self, found: Lowered, surface: int, function: Function, inputs: tuple[int, ...]
    ) -> int:
        """Write a call; return the node of its value."""
        graph, body = found.graph, self._body(function, found.graph, inputs)
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
        if not function.rules:
            return node
        row = self.rows[function]
        graph.define({row.name: row})
        for rule in row.given:
            graph.define(rule.parsed[0].table)
        return graph.node(row.name, (*inputs, node))

    def _derived(self, graph: Graph, row: Row, inputs: tuple[int, ...], arg: object) -> int:
        """Write an operation that is what ``expand`` says; return its node."""
        assert row.expand is not None  # noqa: S101 (for mypy: it is derived)
        text, root = parsed(row, row.expand)
        graph.define(text.table)
        given = {name: (node,) for name, node in zip(row.parameters, inputs, strict=True)}
        static = dict(zip(row.static, arg if isinstance(arg, tuple) else (), strict=True))

        def make(operation: str, parts: tuple[int, ...], what: object = None) -> int:
            inner = graph.table.get(operation)
            if inner is not None and inner.derived:
                return self._derived(graph, inner, parts, what)
            return graph.node(operation, parts, what)

        [node] = written(text, given, static, make)[root]
        return node

    def _diff(
        self,
        found: Lowered,
        surface: int,
        order: int,
        inputs: tuple[int, ...],
        along: dict[int, Along],
    ) -> int:
        """Write a derivative; return its node."""
        graph, (of, by) = found.graph, inputs
        if self.shapes is not None:
            shapes = self._shapes_of(graph, inputs)
            if not shapes:
                return of  # what does not fit is told later
            if shapes[1]:
                return self._gradient(found, surface, order, inputs, shapes[1])
        if by not in along:
            from backpropcli.calculus.derivative import Along  # noqa: PLC0415 (heavy: fractions)

            one = graph.node("number", (), 1.0)
            along[by] = Along(graph, {by: one}, self.shapes, book=self.book)
        node = of
        for _ in range(order):
            before, node = node, along[by].derivative(node)
            found.diffs.append(Diff(graph, before, along[by].seeds, node, surface, {}))
        if along[by].known[of] is None:
            text = found.program.text(surface)
            found.warnings.append(f"{text} is 0: nothing in it moves with its second argument")
        return node

    def _gradient(
        self, found: Lowered, surface: int, order: int, inputs: tuple[int, ...], shape: Shape
    ) -> int:
        """Write the derivative of a number by an array: it has the array's shape."""
        from backpropcli.calculus.derivative import adjoint_nodes  # noqa: PLC0415 (heavy: fractions)

        graph, (of, by) = found.graph, inputs
        nodes: Any = self._shaped(graph)
        if order > 1 or nodes.shape(of):
            raise BackpropError(
                "diff by an array is the gradient of a number",
                "take one element, as in diff(y[0], x); for all: backprop jacobian",
            )
        slope = adjoint_nodes(graph, of, [by], self.shapes, book=self.book).get(by)
        node = nodes.spread(nodes.number(0.0), shape) if slope is None else slope
        found.diffs.append(Diff(graph, of, {}, node, surface, {}, by))
        return int(node)


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
