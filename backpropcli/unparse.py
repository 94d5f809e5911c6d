"""Graph to text: the inverse of parse.

Nothing here recurses, and the text is linear in the graph: a node that is used twice, or that
stands very deep, gets a statement and a name of its own.
"""

from __future__ import annotations

from backpropcli.operations import CONSTANTS, TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.graph import Graph

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
    return "; ".join(_Writer(graph, root, names or {}).statements())


class _Writer:
    def __init__(self, graph: Graph, root: int, names: Mapping[str, int]) -> None:
        self.graph = graph
        self.root = root
        self.keep = graph.ancestors([root])
        self.taken = {*graph.variables(), *names}
        self.spelled: dict[int, list[str]] = {}
        for name, number in names.items():
            if self.keep[number]:
                self.spelled.setdefault(number, []).append(name)
        self.short = {number: self._leaf(number) for number in graph.leaves if self.keep[number]}
        self._name_the_rest()

    def _leaf(self, number: int) -> str:
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
        for number, inputs in enumerate(graph.inputs):
            if self.keep[number]:
                for child in inputs:
                    uses[child] += 1
        depths = [0] * len(graph)
        fresh = 0
        for number, inputs in enumerate(graph.inputs):
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
            if number != self.root and number not in self.spelled and (uses[number] > 1 or deep):
                fresh += 1
                while f"t{fresh}" in self.taken:
                    fresh += 1
                self.spelled[number] = [f"t{fresh}"]

    def _level(self, number: int) -> int:
        """Return how tightly node ``number`` binds where it is written out."""
        return LEVELS.get(self.graph.operations[number], (ATOM,))[0]

    def statements(self) -> Iterator[str]:
        """Yield the statements; the output is the last."""
        for number in sorted({*self.spelled, self.root}):
            text = "".join(self._pieces(number))
            given = self.spelled.get(number, [])
            if not given:
                yield text
            for name in given:
                yield f"{name} = {text}"
                if self.graph.operations[number] != "variable":
                    text = self.short[number] = given[0]

    def _pieces(self, top: int) -> Iterator[str]:
        """Yield the text of node ``top`` in pieces, from left to right."""
        operations, inputs_of = self.graph.operations, self.graph.inputs
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
            parts = _spread(operations[number], inputs_of[number])
            if self._level(number) < wanted:
                parts = ["(", *parts, ")"]
            todo += reversed(parts)


def _wanted(operation: str, count: int) -> tuple[int, ...]:
    """Return how tightly each input has to bind to stand without parentheses."""
    levels = LEVELS.get(operation)
    return levels[1:] if levels else (ANY,) * count


def _spread(operation: str, inputs: tuple[int, ...]) -> list[Part]:
    """Return an operation's text: pieces, and (input, how tightly it has to bind)."""
    wanted = _wanted(operation, len(inputs))
    sign = TABLE[operation].infix or ""
    if operation not in LEVELS:
        parts: list[Part] = [f"{operation}("]
        for index, child in enumerate(inputs):
            parts += [", "] * (index > 0) + [(child, ANY)]
        return [*parts, ")"]
    if len(inputs) == 1:
        return [sign if operation in TIGHT else f"{sign} ", (inputs[0], wanted[0])]
    blank = "" if operation in TIGHT else " "
    return [(inputs[0], wanted[0]), f"{blank}{sign}{blank}", (inputs[1], wanted[1])]
