"""Graph to text: the inverse of parse.

Nothing here recurses, and the text is linear in the graph: a node that is used twice, or that
stands very deep, gets a statement and a name of its own.
"""

from __future__ import annotations

from backpropcli.functions import OUT
from backpropcli.operations import CONSTANTS, NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
NAME, STATEMENT, AROUND = 2, 7, 2
"""Characters of a name such as t1, of "t1 = " with the blank and the semicolon around, and of what
stands around an input."""
LONGEST = 200
"""How many operations the text of a function's body may have where they are fewer nodes."""


def unparse(graph: Graph, root: int, names: Mapping[str, int] | None = None) -> str:
    """Return the text of the program whose output is node ``root``.

    ``names`` are the user's names for intermediates. Parsing the text gives the same graph, in
    the order of the text; names that shadow a constant have to be given to ``parse`` again.
    """
    return "; ".join(statements(graph, {"": root}, names))


def statements(
    graph: Graph, outputs: Mapping[str, int], names: Mapping[str, int] | None = None
) -> list[str]:
    """Return the statements of the program whose outputs have these names.

    ``names`` are the user's names for intermediates. An output alone can have the name "": it is
    written without one.
    """
    given = names or {}
    roots = list(outputs.values())
    library = _Library(graph, roots)
    if "" in outputs:
        return library.program(given, {})
    return [*library.program(given, outputs), f"outputs: {', '.join(outputs)}"]


def excerpt(program: Program, node: int, limit: int) -> str:
    """Return the beginning of a node's text, which is cut at ``limit`` characters."""
    known = {
        number: program.text(number, limit)
        for number in program.calls
        if number != node and not program.made[number]
    }
    known |= {number: names[0] for number, names in program.spelled.items() if number != node}
    return brief(program.graph, node, limit, known)


def brief(graph: Graph, node: int, limit: int, known: Mapping[int, str] | None = None) -> str:
    """Return the beginning of a node's text; the nodes in ``known`` have a name already."""
    writer = _Writer(graph, [], {})
    writer.taken |= {*(known or {}).values()}
    writer.short = _Leaves(writer, known or {})
    text = ""
    for piece in writer.pieces(node):
        text += piece
        if len(text) > limit:
            return text[: limit - 2].rstrip() + " …"
    return text


class _Leaves(dict[int, str]):
    """The texts of nodes that are written by a name or a number, worked out when asked for."""

    def __init__(self, writer: _Writer, known: Mapping[int, str]) -> None:
        super().__init__(known)
        self.writer = writer

    def get(self, number: int, default: str | None = None) -> str | None:  # type: ignore[override]
        if number not in self and number in self.writer.graph.leaves:
            self[number] = self.writer.leaf(number)
        return super().get(number, default)


class _Library:
    """The functions that a program's text begins with: those with rules, and what has no name.

    ``shown`` are the names of the program's own operations. One that has the name of an operation
    of the language that the text needs too gets another.
    """

    def __init__(self, graph: Graph, roots: list[int]) -> None:
        self.graph = graph
        self.roots = roots
        self.functions: dict[str, Function] = {}
        self.shown: dict[str, str] = {}
        self.helpers: dict[str, str] = {}
        used = self._collect()
        names = {function.name for function in self.functions.values()}
        self.taken = names | set(NAMES)
        for operation, function in self.functions.items():
            row = NAMES.get(function.name)
            clash = row is not None and row.name in used
            self.shown[operation] = self.fresh(function.name) if clash else function.name

    def fresh(self, name: str) -> str:
        """Return a name like ``name`` that no function has."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def _collect(self) -> set[str]:
        """Find the functions, each after those that it calls; return all operations in use."""
        keep = self.graph.ancestors(self.roots)
        used = {
            operation for operation, kept in zip(self.graph.operations, keep, strict=True) if kept
        }
        todo = [self.graph.table[name] for name in sorted(used) if self._own(self.graph, name)]
        while todo:
            row = todo[-1]
            function: Function = row.function  # type: ignore[attr-defined]
            parts = [part.graph for part in (function.body, *function.rules)]
            inner = {name: part for part in parts for name in part.operations}
            missing = [
                part.table[name]
                for name, part in inner.items()
                if self._own(part, name) and name not in self.functions
            ]
            if row.name in self.functions or not missing:
                todo.pop()
                self.functions.setdefault(row.name, function)
                used |= set(inner)
            todo += missing if row.name not in self.functions else []
        return used

    def _own(self, graph: Graph, name: str) -> bool:
        return name in graph.table and graph.table[name].own

    def program(self, names: Mapping[str, int], results: Mapping[str, int]) -> list[str]:
        """Return the statements of the program, with what they call before them.

        ``results`` are names of outputs: no number in the text is written by one of them.
        """
        text = [*self.definitions()]
        writer = _Writer(self.graph, self.roots, {**names, **results}, library=self)
        writer.results = results
        text += writer.statements()
        return [*self.constants(), *text]

    def definitions(self) -> Iterator[str]:
        """Yield the definitions and their rules."""
        for operation, function in self.functions.items():
            name = self.shown[operation]
            yield from self._defined("def", name, function.parameters, [function.body])
            yield from self._defined("rule", name, function.rule_names, function.rules)

    def _defined(
        self, word: str, name: str, parameters: list[str], parts: list[Program]
    ) -> Iterator[str]:
        """Yield a definition or a rule, after the definitions that it needs."""
        texts = []
        for part in parts:
            before, text = _Body(part, name, parameters, self).texts()
            yield from before
            texts.append(text)
        yield f"{word} {name}({', '.join(parameters)}) = {', '.join(texts)}"

    def constant(self, name: str) -> str:
        """Return the text of a constant where a variable has its name."""
        if name not in self.helpers:
            self.helpers[name] = self.fresh(f"{name}_")
        return f"{self.helpers[name]}(0)"

    def constants(self) -> list[str]:
        """Return the definitions of the constants that have to be called."""
        return [f"def {helper}(x) = {name}" for name, helper in self.helpers.items()]


class _Writer:
    """Writes programs."""

    def __init__(
        self,
        graph: Graph,
        roots: list[int],
        names: Mapping[str, int],
        *,
        taken: Iterable[str] = (),
        library: _Library | None = None,
    ) -> None:
        self.graph = graph
        self.roots = roots
        self.library = library
        self.inputs = _named_inputs(graph)
        self.keep = _reached(self.inputs, roots)
        self.taken = {*graph.variables(), *names, *taken}
        self.spelled: dict[int, list[str]] = {}
        for name, number in names.items():
            if self.keep[number]:
                self.spelled.setdefault(number, []).append(name)
        self.short: dict[int, str] = {}
        self.results: Mapping[str, int] = {}
        if roots:
            leaves = [number for number in graph.leaves if self.keep[number]]
            self.short = {number: self.leaf(number) for number in leaves}
            self._name_the_rest()

    def leaf(self, number: int) -> str:
        """Return the text of a node without inputs."""
        leaf = self.graph.leaves[number]
        if not isinstance(leaf, str):
            return repr(leaf).removesuffix(".0")
        if self.graph.operations[number] == "variable":
            return leaf
        for name, constant in CONSTANTS.items():
            if constant == leaf and name not in self.taken:
                return name
        return self.library.constant(leaf) if self.library else leaf

    def _uses(self) -> list[int]:
        """Return how often the text needs each node."""
        uses = [0] * len(self.graph)
        for number, inputs in enumerate(self.inputs):
            if self.keep[number]:
                for child in inputs:
                    uses[child] += 1
        return uses

    def _name_the_rest(self) -> None:
        """Give a name to each node where that is shorter, or the text would nest too deeply."""
        graph, uses = self.graph, self._uses()
        depths = [0] * len(graph)
        lengths = [len(self.short.get(number, "")) for number in range(len(graph))]
        fresh = 0
        for number, inputs in enumerate(self.inputs):
            if not inputs or not self.keep[number]:
                continue
            wanted = _wanted(graph.operations[number], len(inputs))
            parts = [NAME if child in self.spelled else lengths[child] for child in inputs]
            lengths[number] = sum(parts, AROUND * len(inputs))
            for index, child in enumerate(inputs):
                if child in self.spelled or not graph.inputs[child]:
                    continue
                # What stands first, without parentheses, nests no deeper than its operation.
                inner = index > 0 or len(inputs) == 1 or self._level(child) < wanted[index]
                depths[number] = max(depths[number], depths[child] + inner)
            deep = depths[number] >= DEEPEST
            named = lengths[number] + STATEMENT + NAME * uses[number]
            shorter = uses[number] > 1 and named < uses[number] * lengths[number]
            if number in self.roots or number in self.spelled:
                continue
            if shorter or deep:
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
                variable = self.graph.operations[number] == "variable"
                if not variable and (self.inputs[number] or given[0] not in self.results):
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
            row = table[operations[number]]
            name = self.library.shown.get(row.name) if self.library else None
            parts = _spread(row, name or row.shown, inputs_of[number])
            if self._level(number) < wanted:
                parts = ["(", *parts, ")"]
            todo += reversed(parts)


class _Body(_Writer):
    """Writes a function's body or rule, in which nothing can have a name.

    Where that would be long, what is used twice is a function of its own of the same parameters.
    """

    def __init__(
        self, program: Program, name: str, parameters: list[str], library: _Library
    ) -> None:
        self.name = name
        self.helpers: dict[int, str] = {}
        super().__init__(program.graph, [program.root], {}, taken=parameters, library=library)
        self.out = program.graph.variables().get(OUT)
        self.given = parameters if self.out is None else [*parameters, OUT]
        self.parameters = parameters  # of the helpers: none can be called out
        if self.out is not None:
            spare = OUT
            while spare in self.taken:
                spare += "_"
            self.parameters = [*parameters, spare]

    def _name_the_rest(self) -> None:
        sizes = [1] * len(self.graph)
        for number, inputs in enumerate(self.inputs):
            sizes[number] = min(sum([sizes[child] for child in inputs], 1), LONGEST + 1)
        if sizes[self.roots[0]] <= LONGEST or self.library is None:
            return
        for number, uses in enumerate(self._uses()):
            if uses > 1 and self.inputs[number]:
                self.helpers[number] = self.library.fresh(f"{self.name}_{len(self.helpers) + 1}")

    def texts(self) -> tuple[list[str], str]:
        """Return the definitions that come before, and the text."""
        if self.out is not None:
            self.short[self.out] = self.parameters[-1]
        call = f"({', '.join(self.parameters)})"
        before = []
        for number, helper in self.helpers.items():
            before.append(f"def {helper}{call} = {''.join(self.pieces(number))}")
            self.short[number] = helper + call
        if self.out is not None:
            self.short[self.out] = OUT
        for number, helper in self.helpers.items():
            self.short[number] = f"{helper}({', '.join(self.given)})"
        return before, "".join(self.pieces(self.roots[0]))


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


def _spread(row: Operation, name: str, inputs: tuple[int, ...]) -> list[Part]:
    """Return an operation's text: pieces, and (input, how tightly it has to bind)."""
    operation = row.name
    wanted = _wanted(operation, len(inputs))
    sign = row.infix or ""
    if operation not in LEVELS:
        parts: list[Part] = [f"{name}("]
        for index, child in enumerate(inputs):
            parts += [", "] * (index > 0) + [(child, ANY)]
        return [*parts, ")"]
    if len(inputs) == 1:
        return [sign if operation in TIGHT else f"{sign} ", (inputs[0], wanted[0])]
    blank = "" if operation in TIGHT else " "
    return [(inputs[0], wanted[0]), f"{blank}{sign}{blank}", (inputs[1], wanted[1])]
