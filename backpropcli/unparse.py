"""Graph to text: the inverse of parse.

Nothing here recurses, and the text is linear in the graph: a node that is used twice, or that
stands very deep, gets a statement and a name of its own.
"""

from __future__ import annotations

from backpropcli.operations import CONSTANTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.functions import Function
    from backpropcli.graph import Graph, Program
    from backpropcli.operations import Operation

    Part = str | tuple[int, int]

ANY, UNARY, ATOM = 1, 7, 9
LEVELS = {
    "or": (1, 1, 2),
    "and": (2, 2, 3),
    "not": (3, 3),
    **dict.fromkeys(("lt", "le", "gt", "ge", "eq", "ne"), (4, 5, 5)),
    "add": (5, 5, 6),
    "sub": (5, 5, 6),
    "mul": (6, 6, 7),
    "div": (6, 6, 7),
    "neg": (UNARY, UNARY),
    "pow": (8, ATOM, UNARY),
}
"""How tightly an operation binds, then how tightly each of its inputs has to, as in the grammar."""
TIGHT = {"mul", "div", "pow", "neg"}
"""Written without blanks around."""
DEEPEST = 50


def unparse(graph: Graph, root: int, names: Mapping[str, int] | None = None) -> str:
    """Return the text of the program whose output is node ``root``.

    ``names`` are the user's names for intermediates. Parsing the text gives the same graph, in
    the order of the text; names that shadow a constant have to be given to ``parse`` again.
    """
    definitions = _definitions(graph, root)
    return "; ".join([*definitions, *_Writer(graph, [root], names or {}).statements()])


def excerpt(program: Program, node: int, limit: int) -> str:
    """Return the beginning of a node's text, which is cut at ``limit`` characters."""
    writer = _Writer(program.graph, [], {})
    writer.taken = {*program.names}
    known = {number: names[0] for number, names in program.spelled.items() if number != node}
    writer.short = _Leaves(writer, known)
    text = ""
    for piece in writer.pieces(node):
        text += piece
        if len(text) > limit:
            return text[: limit - 2].rstrip() + " …"
    return text


class _Leaves(dict[int, str]):
    """The texts of nodes that are written by a name or a number, worked out when asked for."""

    def __init__(self, writer: _Writer, known: dict[int, str]) -> None:
        super().__init__(known)
        self.writer = writer

    def get(self, number: int, default: str | None = None) -> str | None:  # type: ignore[override]
        if number not in self and number in self.writer.graph.leaves:
            self[number] = self.writer.leaf(number)
        return super().get(number, default)


def _definitions(graph: Graph, root: int) -> list[str]:
    """Return the definitions and rules of the functions that the program at ``root`` calls."""
    keep = graph.ancestors([root])
    used = {graph.operations[number] for number, kept in enumerate(keep) if kept}
    functions: dict[str, Function] = {}
    todo = [row for name in sorted(used) if (row := graph.table.get(name)) is not None and row.own]
    order = []
    while todo:
        row = todo.pop()
        function = row.function  # type: ignore[attr-defined]
        if function.name in functions:
            continue
        functions[function.name] = function
        order.append(function)
        for name, inner in function.rows().items():
            if name != row.name:
                todo.append(inner)
    return [text for function in reversed(order) for text in _definition(function)]


def _definition(function: Function) -> list[str]:
    """Return a function's definition and its rule."""
    head = f"{function.name}({', '.join(function.parameters)})"
    body = _Writer(function.body.graph, [function.body.root], {}, inline=True)
    rules = []
    names = function.rule_names
    for rule in function.rules:
        rules += _Writer(rule.graph, [rule.root], {}, inline=True).statements()
    rule_head = f"{function.name}({', '.join(names)})"
    return [f"def {head} = {next(body.statements())}", f"rule {rule_head} = {', '.join(rules)}"]


class _Writer:
    """Writes programs; with ``inline`` an expression, in which nothing gets a name."""

    def __init__(
        self, graph: Graph, roots: list[int], names: Mapping[str, int], *, inline: bool = False
    ) -> None:
        self.graph = graph
        self.roots = roots
        self.inputs = _named_inputs(graph)
        self.keep = _reached(self.inputs, roots)
        self.taken = {*graph.variables(), *names}
        self.spelled: dict[int, list[str]] = {}
        for name, number in names.items():
            if self.keep[number]:
                self.spelled.setdefault(number, []).append(name)
        self.short: dict[int, str] = {}
        if roots:
            leaves = [number for number in graph.leaves if self.keep[number]]
            self.short = {number: self.leaf(number) for number in leaves}
        if roots and not inline:
            self._name_the_rest()

    def leaf(self, number: int) -> str:
        """Return the text of a node without inputs."""
        leaf = self.graph.leaves[number]
        if not isinstance(leaf, str):
            return repr(leaf).removesuffix(".0")
        if self.graph.operations[number] == "variable":
            return leaf
        return next(
            name
            for name, constant in CONSTANTS.items()
            if constant == leaf and name not in self.taken
        )

    def _name_the_rest(self) -> None:
        """Give a name to each node that is used twice or that the text would nest too deeply."""
        graph = self.graph
        uses = [0] * len(graph)
        for number, inputs in enumerate(self.inputs):
            if self.keep[number]:
                for child in inputs:
                    uses[child] += 1
        depths = [0] * len(graph)
        fresh = 0
        for number, inputs in enumerate(self.inputs):
            if not inputs or not self.keep[number]:
                continue
            wanted = _wanted(graph.operations[number], len(inputs))
            for index, child in enumerate(inputs):
                if child in self.spelled or not graph.inputs[child]:
                    continue
                # What stands first, without parentheses, nests no deeper than its operation.
                inner = index > 0 or len(inputs) == 1 or self._level(child) < wanted[index]
                depths[number] = max(depths[number], depths[child] + inner)
            deep = depths[number] >= DEEPEST
            if number not in self.roots and number not in self.spelled and (uses[number] > 1 or deep):
                fresh += 1
                while f"t{fresh}" in self.taken:
                    fresh += 1
                self.spelled[number] = [f"t{fresh}"]

    def _level(self, number: int) -> int:
        """Return how tightly node ``number`` binds where it is written out."""
        return LEVELS.get(self.graph.operations[number], (ATOM,))[0]

    def statements(self) -> Iterator[str]:
        """Yield the statements; the output is the last."""
        for number in sorted({*self.spelled, *self.roots}):
            text = "".join(self.pieces(number))
            given = self.spelled.get(number, [])
            if not given:
                yield text
            for name in given:
                yield f"{name} = {text}"
                if self.graph.operations[number] != "variable":
                    text = self.short[number] = given[0]

    def pieces(self, top: int) -> Iterator[str]:
        """Yield the text of node ``top`` in pieces, from left to right."""
        operations, inputs_of = self.graph.operations, self.inputs
        table = self.graph.table
        todo: list[Part] = [(top, ANY)]
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                yield part
                continue
            number, wanted = part
            short = self.short.get(number)
            if short is not None:
                yield short
                continue
            parts = _spread(table[operations[number]], inputs_of[number])
            if self._level(number) < wanted:
                parts = ["(", *parts, ")"]
            todo += reversed(parts)


def _wanted(operation: str, count: int) -> tuple[int, ...]:
    """Return how tightly each input has to bind to stand without parentheses."""
    levels = LEVELS.get(operation)
    return levels[1:] if levels else (ANY,) * count


def _named_inputs(graph: Graph) -> list[tuple[int, ...]]:
    """Return each node's inputs, without the bodies of functions that have rules."""
    own = {name for name in set(graph.operations) if name in graph.table and graph.table[name].own}
    if not own:
        return graph.inputs
    pairs = zip(graph.operations, graph.inputs, strict=True)
    return [inputs[:-1] if operation in own else inputs for operation, inputs in pairs]


def _reached(inputs: list[tuple[int, ...]], roots: list[int]) -> bytearray:
    """Return one flag a node: 1 where the text of a root needs it."""
    reached = bytearray(len(inputs))
    for root in roots:
        reached[root] = 1
    for number in range(max(roots, default=-1), -1, -1):
        if reached[number]:
            for child in inputs[number]:
                reached[child] = 1
    return reached


def _spread(row: Operation, inputs: tuple[int, ...]) -> list[Part]:
    """Return an operation's text: pieces, and (input, how tightly it has to bind)."""
    operation = row.name
    wanted = _wanted(operation, len(inputs))
    sign = row.infix or ""
    if operation not in LEVELS:
        parts: list[Part] = [f"{row.shown}("]
        for index, child in enumerate(inputs):
            parts += [", "] * (index > 0) + [(child, ANY)]
        return [*parts, ")"]
    if len(inputs) == 1:
        return [sign if operation in TIGHT else f"{sign} ", (inputs[0], wanted[0])]
    blank = "" if operation in TIGHT else " "
    return [(inputs[0], wanted[0]), f"{blank}{sign}{blank}", (inputs[1], wanted[1])]
