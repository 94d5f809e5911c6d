"""Which functions a program's text needs, and what they and its constants are called there."""

from __future__ import annotations

from itertools import compress

from backpropcli.graph.operations import NAMES
from backpropcli.language.surface import CALL, DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.graph import Graph

    Part = tuple[Graph, int]


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
            from backpropcli.graph.arrays import REDUCED, WORDS

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
            parts = parts_of(row)
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

    def constant(self, name: str) -> str:
        """Return the text of a constant where a variable has its name."""
        if name not in self.helpers:
            self.helpers[name] = self.fresh(f"{name}_")
        return f"{self.helpers[name]}(0)"

    def constants(self) -> list[str]:
        """Return the definitions of the constants that have to be called."""
        return [f"def {helper}(x) = {name}" for name, helper in self.helpers.items()]


def _operations(graph: Graph, roots: list[int]) -> dict[str, None]:
    """Return the operations that ``roots`` rest on, in the order of the nodes."""
    return dict.fromkeys(compress(graph.operations, graph.ancestors(roots)))


def parts_of(row: Any) -> list[Part]:  # noqa: ANN401 (lower.Own: above this)
    """Return the body of a function with rules, and its rules: as they are written, if they can be.

    What differentiates, or calls functions of the program's own, is written out.
    """
    flat = [row.body, *[rule.parsed for rule in row.given]]
    programs = [row.function.body, *row.function.rules]
    return [
        (one.graph, one.root) if _is_plain(one.graph) else part
        for one, part in zip(programs, flat, strict=True)
    ]


def _is_plain(graph: Graph) -> bool:
    """Say whether every function that a graph calls ships with the language."""
    args: dict[int, Any] = graph.args
    called = [args[at] for at, name in enumerate(graph.operations) if name == CALL]
    return DIFF not in graph.operations and all(one.shipped for one in called)
