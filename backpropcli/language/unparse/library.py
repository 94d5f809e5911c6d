"""The definitions that a program's text begins with: functions with rules of their own."""

from __future__ import annotations

from itertools import compress

from backpropcli.graph.operations import NAMES
from backpropcli.language.functions import OUT
from backpropcli.language.unparse.writer import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from backpropcli.graph.graph import Graph

    Part = tuple[Graph, int]

LONGEST = 200
"""How many operations the text of a function's body may have where they are fewer nodes."""


class Library:
    """The functions that a program's text begins with: those with rules, and what has no name.

    ``shown`` are the names of the program's own operations. One that has the name of an operation
    of the language that the text needs too gets another.
    """

    def __init__(self, graph: Graph, roots: list[int]) -> None:
        self.graph = graph
        self.roots = roots
        self.functions: dict[str, Any] = {}  # the rows of functions with rules: lower.Own
        self.shown: dict[str, str] = {}
        self.helpers: dict[str, str] = {}
        used = self._collect()
        names = {row.shown for row in self.functions.values()}
        words = {word: {row.name} for word, row in NAMES.items()}
        if "array" in graph.table:
            from backpropcli.graph.arrays import REDUCED, WORDS  # noqa: PLC0415 (not for scalars)

            for word, row in [*WORDS.items(), *REDUCED.items()]:
                words.setdefault(word, set()).add(row.name)
        self.taken = names | set(words)
        for operation, own in self.functions.items():
            clash = not used.isdisjoint(words.get(own.shown, ()))
            self.shown[operation] = self.fresh(own.shown) if clash else own.shown

    def fresh(self, name: str) -> str:
        """Return a name like ``name`` that no function has."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def _collect(self) -> set[str]:
        """Find the functions, each after those that it calls; return all operations in use."""
        used = set(_operations(self.graph, self.roots))
        todo = [self.graph.table[name] for name in sorted(used) if self._own(self.graph, name)]
        while todo:
            row = todo[-1]
            parts = _parts(row)
            inner = {name: graph for graph, root in parts for name in _operations(graph, [root])}
            missing = [
                part.table[name]
                for name, part in inner.items()
                if self._own(part, name) and name not in self.functions
            ]
            if row.name in self.functions or not missing:
                todo.pop()
                self.functions.setdefault(row.name, row)
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
        writer = Writer(self.graph, self.roots, {**names, **results}, library=self)
        writer.results = results
        text += writer.statements()
        return [*self.constants(), *text]

    def definitions(self) -> Iterator[str]:
        """Yield the definitions and their rules."""
        for operation, row in self.functions.items():
            name, (body, *rules) = self.shown[operation], _parts(row)
            yield from self._defined("def", name, row.function.parameters, [body])
            yield from self._defined("rule", name, row.function.rule_names, rules)

    def _defined(
        self, word: str, name: str, parameters: list[str], parts: list[Part]
    ) -> Iterator[str]:
        """Yield a definition or a rule, after the definitions that it needs."""
        texts = []
        for part in parts:
            before, text = Body(part, name, parameters, self).texts()
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


class Body(Writer):
    """Writes a function's body or rule, in which nothing can have a name.

    Where that would be long, what is used twice is a function of its own of the same parameters.
    """

    def __init__(self, part: Part, name: str, parameters: list[str], library: Library) -> None:
        graph, root = part
        self.name = name
        self.helpers: dict[int, str] = {}
        super().__init__(graph, [root], {}, taken=parameters, library=library)
        self.out = graph.variables().get(OUT)
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


def _operations(graph: Graph, roots: list[int]) -> dict[str, None]:
    """Return the operations that ``roots`` rest on, in the order of the nodes."""
    return dict.fromkeys(compress(graph.operations, graph.ancestors(roots)))


def _parts(row: Any) -> list[Part]:  # noqa: ANN401 (lower.Own: above this)
    """Return the body of a function with rules, and its rules."""
    return [row.body, *[rule.parsed for rule in row.rules if rule.own]]
