r"""Formulas in LaTeX's math mode, in commands that KaTeX has too.

Nothing here recurses. Parentheses stand where a reader needs them: a minus after an operator has
them, a fraction's parts and an exponent need none.
"""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.render.latex.symbols import (
    ADDED,
    ANY,
    ATOM,
    FACTOR,
    MULTIPLIED,
    RAISED,
    looks,
    operator,
    symbols,
)
from backpropcli.render.latex.texts import Texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.graph.cells import Notation
    from backpropcli.graph.graph import Graph
    from backpropcli.report.view import View

    Part = str | tuple[int, int, bool]
    """A piece; or a node, how tightly it has to bind, and whether it is written small."""

SIGNED = {"mul", "div"}
"""Operations whose minus sign, if the first input has one, is in front of all."""
BARE = ""
"""Stands before a part that begins with a minus sign, which has been written already."""
MOST_PIECES = 100_000
PLAIN = {"name", "result", "quiet", "void"}
"""Operations that change nothing, and are not written."""


def latex(graph: Graph, root: int, names: Mapping[str, int] | None = None) -> str:
    """Return the formula of node ``root``.

    ``names`` are the user's names for intermediates, which are written instead of their formulas.
    Raises BackpropError for a formula too long to read, as one that uses a node over and over is.
    """
    names = names or {}
    given = symbols([*graph.variables(), *names])
    writer = Writer(graph, looks(given))
    writer.leaves(given)
    for name, number in names.items():
        if number != root and graph.operations[number] != "variable":
            writer.short[number] = given[name]
    return writer.write(root)


class Writer(Texts):
    """Writes formulas of one graph, in which the nodes in ``short`` have a text already."""

    def __init__(
        self,
        graph: Graph | View,
        taken: set[str],
        shape: Callable[[int], Shape] | None = None,
    ) -> None:
        super().__init__(graph, taken)
        self.arrays = None
        if shape is not None:
            from backpropcli.render.latex.arrays import OfArrays

            self.arrays = OfArrays(self, shape)

    def known(self, number: int) -> str:
        """Return the text that a node has already, or its formula."""
        return self.short.get(number) or self.write(number)

    def write(self, root: int, wanted: int = ANY) -> str:
        """Return the formula of a node, one that has a text already included."""
        leaf = root in self.short and not self.graph.inputs[root]
        todo = self._fitted(root, wanted) if leaf else self._formula(root, wanted)
        todo.reverse()
        pieces: list[str] = []
        bare = False
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                if part == BARE:
                    bare = True
                    continue
                pieces.append(part.removeprefix("-") if bare else part)
                bare = False
                if len(pieces) > MOST_PIECES:
                    raise BackpropError(
                        "the formula written out is too long",
                        "name the parts that it uses more than once, as in 'z = w*x; z^2 + z'",
                    )
            else:
                todo += reversed(self._fitted(*part))
        return "".join(pieces)

    def _fitted(self, number: int, wanted: int, small: bool = False) -> list[Part]:  # noqa: FBT001, FBT002 (a part)
        """Return a node's text, or its formula, in parentheses where it binds too loosely."""
        while self.graph.operations[number] in PLAIN and number not in self.short:
            [number] = self.graph.inputs[number]
        short = self.short.get(number)
        if short is None:
            return self._formula(number, wanted, small)
        level = ADDED if short[0] == "-" else MULTIPLIED if r"\cdot" in short else ATOM
        return [short] if level >= wanted else [r"\left(", short, r"\right)"]

    def _formula(self, number: int, wanted: int, small: bool = False) -> list[Part]:  # noqa: FBT001, FBT002 (a part)
        """Return a node's formula: pieces, and (input, how tightly it has to bind)."""
        operation, inputs = self.graph.operations[number], self.graph.inputs[number]
        if operation in PLAIN:
            return self._fitted(inputs[0], wanted, small)
        if self.arrays is not None and (found := self.arrays.written(number)) is not None:
            level, parts = found
            return parts if level >= wanted else [r"\left(", *parts, r"\right)"]
        level, parts = RAISED, self._raised(operation, inputs, small)
        notation = self._notation(operation)
        if not parts and notation is not None and "#" in notation.text:
            level, parts = notation.level, self._filled(operation, inputs, notation, small)
            if small and operation == "div":
                level = MULTIPLIED
            if operation in SIGNED and self.begins(number) == "-":
                level = min(level, ADDED)
        if not parts:
            parts = self._call(operation, inputs, small)
        return parts if level >= wanted else [r"\left(", *parts, r"\right)"]

    def _notation(self, operation: str) -> Notation | None:
        """Return how books write an operation; None if that would look like a variable."""
        row = self.graph.table.get(operation)
        found = row.latex if row is not None else None
        return None if found is None or found.letter in self.looks else found

    def _filled(
        self,
        operation: str,
        inputs: tuple[int, ...],
        notation: Notation,
        small: bool,  # noqa: FBT001
    ) -> list[Part]:
        """Return a notation with an operation's inputs in its slots.

        In fractions and exponents all is small: a fraction in them is written with a slash.
        """
        if operation == "where":
            return self._cases(inputs, small)
        if operation == "div" and small:
            level = ADDED if self.begins(inputs[0]) == "-" else MULTIPLIED
            return [(inputs[0], level, True), "/", (inputs[1], FACTOR, True)]
        parts: list[Part] = []
        places = dict(zip(self.graph.table[operation].parameters, inputs, strict=True))
        for part in notation.parts:
            if isinstance(part, str):
                parts.append(part)
                continue
            raised = bool(parts) and str(parts[-1]).endswith("^{")
            name, wanted = part
            parts.append((places[name], wanted, small or raised or operation == "div"))
        if operation == "mul":
            first, second = map(self.begins, inputs)
            if first == "-":  # a product that begins with a minus binds as a negation
                parts[0] = inputs[0], ADDED, small
            elif small and self.graph.operations[inputs[0]] == "div":  # a/b c is not a/(b c)
                parts[0] = inputs[0], FACTOR, small
            if second == "0" or (first and second):
                parts[1] = r" \cdot "
        minus = operation == "div" and self.begins(inputs[0]) == "-"
        return ["-", parts[0], BARE, *parts[1:]] if minus else parts

    def _cases(self, inputs: tuple[int, ...], small: bool) -> list[Part]:  # noqa: FBT001
        """Return a choice, and the choices in its last branch, as one list of cases."""
        parts: list[Part] = [r"\begin{cases} "]
        while True:
            condition, then, other = inputs
            parts += [(then, ANY, small), r" & \text{if } ", (condition, ANY, small), r" \\ "]
            if other in self.short or self.graph.operations[other] != "where":
                break
            inputs = self.graph.inputs[other]
        return [*parts, (other, ANY, small), r" & \text{otherwise} \end{cases}"]

    def _raised(self, operation: str, inputs: tuple[int, ...], small: bool) -> list[Part]:  # noqa: FBT001
        """Return the whole power of a function that is written as in sin²(x), or nothing."""
        if operation != "pow" or inputs[0] in self.short:
            return []
        exponent = self.short.get(inputs[1], "")
        base = self.graph.operations[inputs[0]]
        notation = self._notation(base)
        if notation is None or not notation.raised or not exponent.isdecimal() or int(exponent) < 2:  # noqa: PLR2004
            return []
        parts: list[Part] = [f"{notation.text}^{{{exponent}}}"]
        return [*parts, r"\left(", (self.graph.inputs[inputs[0]][0], ANY, small), r"\right)"]

    def _call(self, operation: str, inputs: tuple[int, ...], small: bool) -> list[Part]:  # noqa: FBT001
        """Return an operation as a function of its inputs."""
        row = self.graph.table.get(operation)
        count = len(inputs) - (row is not None and row.own)  # the last is the body
        notation = self._notation(operation)
        head = notation.text if notation and "#" not in notation.text else None
        head = head or operator(operation if row is None else row.shown)
        parts: list[Part] = [head, r"\left("]
        for index, child in enumerate(inputs[:count]):
            parts += [", "] * (index > 0) + [(child, ANY, small)]
        return [*parts, r"\right)"]
