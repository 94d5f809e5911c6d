"""Writes expressions and statements, with parentheses where the grammar needs them."""

from __future__ import annotations

from backpropcli.graph.operations import CONSTANTS
from backpropcli.language.scanner import tokens
from backpropcli.language.surface import CALL, DIFF
from backpropcli.language.unparse.levels import ANY, ATOM, LEVELS, PART, TIGHT, binds, inputs_bind
from backpropcli.language.unparse.naming import PLAIN, Naming

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row
    from backpropcli.language.unparse.levels import Part
    from backpropcli.language.unparse.library import Library

NOTED = {"mT", "array", "index", "put", "given"}
"""Helpers that have a notation of their own."""
MARKED = r"\b(?:quiet|void)\(([^()]*)\)"
"""A condition, and what the rest of the tool makes of it."""


class WordlessError(Exception):
    """An operation has no words in the language."""


def in_words(table: Mapping[str, Row], name: str, inputs: Sequence[int]) -> list[Part]:
    """Return a helper as what it expands to: pieces, and (input, how tightly it has to bind).

    Raises WordlessError where the language has no words for it.
    """
    import re

    row = table[name]
    if row.expand is None or row.static or row.variadic:
        raise WordlessError(name)
    text = re.sub(MARKED, r"\1", row.expand.text)
    places = dict(zip(row.parameters, inputs, strict=True))
    parts: list[Part] = []
    for terminal, start, end in tokens(text):
        piece = text[start:end]
        known = table.get(piece)
        if known is not None and known.helper:
            raise WordlessError(piece)
        if terminal == "NAME" and piece in places:
            alone = text[:start].rstrip()[-1:] in {"(", ","} and text[end : end + 1] in {")", ","}
            parts.append((places[piece], ANY if alone else ATOM))
        else:
            parts.append(piece)
    return parts


class Writer(Naming):
    """Writes programs.

    With ``worded`` it is a text for people, in which helpers of the rules are what they expand to.
    """

    def __init__(
        self,
        graph: Graph,
        roots: list[int],
        names: Mapping[str, int],
        *,
        taken: Iterable[str] = (),
        library: Library | None = None,
    ) -> None:
        super().__init__(graph, roots, names, taken)
        self.library = library
        self.worded = False
        self.results: Mapping[str, int] = {}
        if roots:
            leaves = [at for at, inputs in enumerate(graph.inputs) if self.keep[at] and not inputs]
            self.short = {number: self.leaf(number) for number in leaves}
            self._name_the_rest()

    def leaf(self, number: int) -> str:
        """Return the text of a node without inputs."""
        if self.graph.operations[number] in self.graph.table:  # zeros((2, 3))
            return "".join(map(str, self._spread(number)))
        leaf = self.graph.args[number]
        if not isinstance(leaf, str):
            return repr(leaf).removesuffix(".0").replace("e-0", "e-").replace("e+", "e")
        if self.graph.operations[number] == "variable":
            return leaf
        for name, constant in CONSTANTS.items():
            if constant == leaf and name not in self.taken:
                return name
        return self.library.constant(leaf) if self.library else leaf

    def statements(self) -> Iterator[str]:
        """Yield the statements; the output is the last."""
        for number in self.order():
            text = "".join(self.pieces(number))
            given = self.spelled.get(number, [])
            if not given:
                yield text
            for name in given:
                yield f"{name} = {text}"
                variable = self.graph.operations[number] == "variable"
                if not variable and (self.inputs[number] or given[0] not in self.results):
                    text = self.short[number] = given[0]

    def spaced(self, top: int) -> str:
        """Return a node's text with blanks around the products of matrices."""
        return "".join([" @ " if piece == "@" else piece for piece in self.pieces(top)])

    def pieces(self, top: int) -> Iterator[str]:
        """Yield the text of node ``top`` in pieces, from left to right."""
        operations, inputs_of = self.graph.operations, self.inputs
        todo: list[Part] = [(top, ANY)]
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                yield part
                continue
            number, wanted = part
            short = self.short.get(number)
            if short is not None:
                bare = wanted < PART or operations[number] != "number"
                yield short if bare or short.isidentifier() else f"({short})"
                continue
            if operations[number] in PLAIN:
                todo.append((inputs_of[number][0], wanted))
                continue
            loose = binds(operations[number]) < min(wanted, ATOM)
            if self.worded and self._helper(number):
                parts = in_words(self.graph.table, operations[number], inputs_of[number])
                loose = wanted > ANY
            else:
                parts = self._spread(number)
            if loose:
                parts = ["(", *parts, ")"]
            todo += reversed(parts)

    def _helper(self, number: int) -> bool:
        """Say whether a node is a helper that has no notation of its own."""
        row = self.graph.table.get(self.graph.operations[number])
        return row is not None and row.helper and row.name not in NOTED

    def _spread(self, number: int) -> list[Part]:
        """Return an operation's text: pieces, and (input, how tightly it has to bind)."""
        operation, inputs = self.graph.operations[number], self.inputs[number]
        arg: Any = self.graph.args.get(number)
        if operation == CALL:
            return _call(arg.name, inputs)
        if operation == DIFF:
            return [*_call(DIFF, inputs)[:-1], *[f", {arg}"] * (arg > 1), ")"]
        row = self.graph.table[operation]
        if operation == "given":
            return [*_call("where", inputs)[:-1], ", 0)"]
        if operation not in LEVELS:
            return self._call(row, inputs, arg)
        levels = inputs_bind(operation, len(inputs), arg)
        sign = row.infix or ""
        if len(inputs) == 1:
            return [sign if operation in TIGHT else f"{sign} ", (inputs[0], levels[0])]
        blank = "" if operation in TIGHT else " "
        return [(inputs[0], levels[0]), f"{blank}{sign}{blank}", (inputs[1], levels[1])]

    def _call(self, row: Row, inputs: tuple[int, ...], arg: object) -> list[Part]:
        """Return the text of an operation without a sign of its own."""
        if row.adjoints or row.static:
            from backpropcli.language.unparse.arrays import written

            if text := written(row, inputs, arg):
                return text
        name = self.library.shown.get(row.name) if self.library else None
        return _call(name or row.shown, inputs)


def _call(name: str, inputs: tuple[int, ...]) -> list[Part]:
    """Return the text of a call: pieces, and (input, how tightly it has to bind)."""
    parts: list[Part] = [f"{name}("]
    for index, child in enumerate(inputs):
        parts += [", "] * (index > 0) + [(child, ANY)]
    return [*parts, ")"]
