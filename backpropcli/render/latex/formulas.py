r"""Formulas in LaTeX's math mode, in commands that KaTeX has too.

Nothing here recurses. Parentheses stand where a reader needs them: a minus after an operator has
them, a fraction's parts and an exponent need none.
"""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.render.latex.symbols import CONSTANTS, looks, numeral, operator, symbols

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.graph.graph import Graph
    from backpropcli.report.view import View

    Part = str | tuple[int, int]

ANY, OR, AND, NOT, COMPARED, ADDED, MULTIPLIED, FACTOR, RAISED, ATOM = range(10)
COMPARISON = COMPARED, (ADDED, ADDED)
SUM = ADDED, (ADDED, MULTIPLIED)
INSIDE = (ANY, ANY)
NOTATION: dict[str, tuple[int, tuple[int, ...], str]] = {
    "or": (OR, (OR, AND), r"#1 \lor #2"),
    "and": (AND, (AND, NOT), r"#1 \land #2"),
    "not": (NOT, (FACTOR,), r"\lnot #1"),
    "lt": (*COMPARISON, "#1 < #2"),
    "le": (*COMPARISON, r"#1 \le #2"),
    "gt": (*COMPARISON, "#1 > #2"),
    "ge": (*COMPARISON, r"#1 \ge #2"),
    "eq": (*COMPARISON, "#1 = #2"),
    "ne": (*COMPARISON, r"#1 \ne #2"),
    "add": (*SUM, "#1 + #2"),
    "sub": (*SUM, "#1 - #2"),
    "neg": (ADDED, (MULTIPLIED,), "-#1"),
    "mul": (MULTIPLIED, (MULTIPLIED, FACTOR), r"#1\,#2"),
    "div": (RAISED, INSIDE, r"\frac{#1}{#2}"),
    "pow": (RAISED, (ATOM, ANY), "#1^{#2}"),
    "where": (
        ANY,
        (ANY, ANY, ANY),
        r"\begin{cases} #2 & \text{if } #1 \\ #3 & \text{otherwise} \end{cases}",
    ),
    "given": (
        ANY,
        (ANY, ANY),
        r"\begin{cases} #2 & \text{if } #1 \\ 0 & \text{otherwise} \end{cases}",
    ),
    "abs": (ATOM, INSIDE, r"\left|#1\right|"),
    "floor": (ATOM, INSIDE, r"\left\lfloor #1\right\rfloor"),
    "ceil": (ATOM, INSIDE, r"\left\lceil #1\right\rceil"),
    "sqrt": (ATOM, INSIDE, r"\sqrt{#1}"),
    "cbrt": (ATOM, INSIDE, r"\sqrt[3]{#1}"),
    "hypot": (ATOM, (ATOM, ATOM), r"\sqrt{#1^{2} + #2^{2}}"),
    "exp": (RAISED, INSIDE, "e^{#1}"),
    "exp2": (RAISED, INSIDE, "2^{#1}"),
    "expm1": (ADDED, INSIDE, "e^{#1} - 1"),
    "log1p": (RAISED, (MULTIPLIED,), r"\ln\left(1 + #1\right)"),
    "logaddexp": (RAISED, INSIDE, r"\ln\left(e^{#1} + e^{#2}\right)"),
    "gaussian": (RAISED, (ATOM,), r"e^{-\frac{#1^{2}}{2}}"),
    "lgamma": (RAISED, INSIDE, r"\ln\left|\Gamma\left(#1\right)\right|"),
    "polygamma": (RAISED, INSIDE, r"\psi^{(#1)}\left(#2\right)"),
}
"""How tightly an operation binds, how tightly each input has to, and the formula."""
RAISABLE = {name: f"\\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")} | {
    "sech": r"\operatorname{sech}"
}
"""Functions whose whole powers are written as in sin²(x)."""
HEADS = RAISABLE | {
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "asinh": r"\operatorname{arsinh}",
    "acosh": r"\operatorname{arcosh}",
    "atanh": r"\operatorname{artanh}",
    "log": r"\ln",
    "log2": r"\log_{2}",
    "log10": r"\log_{10}",
    "sign": r"\operatorname{sgn}",
    "max": r"\max",
    "min": r"\min",
    "gamma": r"\Gamma",
    "digamma": r"\psi",
    "trigamma": r"\psi^{(1)}",
    "sigmoid": r"\sigma",
}
LETTERS = {
    **dict.fromkeys(("exp", "expm1", "logaddexp", "gaussian"), "e"),
    **dict.fromkeys(("gamma", "lgamma"), r"\Gamma"),
    **dict.fromkeys(("digamma", "trigamma", "polygamma"), r"\psi"),
    "sigmoid": r"\sigma",
}
"""The letters that a notation takes: where a variable looks the same, the name is written."""
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


class Writer:
    """Writes formulas of one graph, in which the nodes in ``short`` have a text already."""

    def __init__(self, graph: Graph | View, taken: set[str]) -> None:
        self.graph = graph
        self.looks = taken  # by the symbols of names, as ``looks`` has them
        self.short: dict[int, str] = {}
        self.begun: dict[int, str] = {}

    def leaves(self, given: Mapping[str, str]) -> None:
        """Write all nodes without inputs; ``given`` are the variables' symbols."""
        for number, inputs in enumerate(self.graph.inputs):
            if not inputs:
                self.leaf(number, given)

    def leaf(self, number: int, given: Mapping[str, str]) -> None:
        """Write a node without inputs; ``given`` are the variables' symbols."""
        payload = self.graph.args[number]
        if not isinstance(payload, str):
            self.short[number] = numeral(repr(payload))
        elif self.graph.operations[number] == "variable":
            self.short[number] = given[payload]
        else:
            text = CONSTANTS[payload]
            self.short[number] = f"\\text{{{payload}}}" if text in self.looks else text

    def known(self, number: int) -> str:
        """Return the text that a node has already, or its formula."""
        return self.short.get(number) or self.write(number)

    def write(self, root: int, wanted: int = ANY) -> str:
        """Return the formula of a node, one that has a text already included."""
        leaf = not self.graph.inputs[root]
        todo = self._fitted(root, wanted) if leaf else self._formula(root, wanted)
        todo.reverse()
        pieces: list[str] = []
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                pieces.append(part)
                if len(pieces) > MOST_PIECES:
                    raise BackpropError(
                        "the formula written out is too long",
                        "name the parts that it uses more than once, as in 'z = w*x; z^2 + z'",
                    )
            else:
                todo += reversed(self._fitted(*part))
        return "".join(pieces)

    def _fitted(self, number: int, wanted: int) -> list[Part]:
        """Return a node's text, or its formula, in parentheses where it binds too loosely."""
        while self.graph.operations[number] in PLAIN and number not in self.short:
            [number] = self.graph.inputs[number]
        short = self.short.get(number)
        if short is None:
            return self._formula(number, wanted)
        level = ADDED if short[0] == "-" else MULTIPLIED if r"\cdot" in short else ATOM
        return [short] if level >= wanted else [r"\left(", short, r"\right)"]

    def _formula(self, number: int, wanted: int) -> list[Part]:
        """Return a node's formula: pieces, and (input, how tightly it has to bind)."""
        operation, inputs = self.graph.operations[number], self.graph.inputs[number]
        if operation in PLAIN:
            return self._fitted(inputs[0], wanted)
        level, parts = RAISED, self._raised(operation, inputs)
        if not parts and operation in NOTATION and LETTERS.get(operation) not in self.looks:
            level, levels, text = NOTATION[operation]
            if operation == "mul":
                first, second = map(self._begins, inputs)
                if first == "-":  # a product that begins with a minus binds as a negation
                    level, levels = ADDED, (ADDED, FACTOR)
                if second == "0" or (first and second):
                    text = r"#1 \cdot #2"
            head, *slots = text.split("#")
            parts = [head] * bool(head)
            for slot in slots:
                index = int(slot[0]) - 1
                parts += [(inputs[index], levels[index]), *[slot[1:]] * (len(slot) > 1)]
        if not parts:
            parts = self._call(operation, inputs)
        return parts if level >= wanted else [r"\left(", *parts, r"\right)"]

    def _raised(self, operation: str, inputs: tuple[int, ...]) -> list[Part]:
        """Return the whole power of a function that is written as in sin²(x), or nothing."""
        if operation != "pow" or inputs[0] in self.short:
            return []
        exponent = self.short.get(inputs[1], "")
        base = self.graph.operations[inputs[0]]
        if base not in RAISABLE or not exponent.isdecimal() or int(exponent) < 2:  # noqa: PLR2004
            return []
        parts: list[Part] = [f"{RAISABLE[base]}^{{{exponent}}}"]
        return [*parts, r"\left(", (self.graph.inputs[inputs[0]][0], ANY), r"\right)"]

    def _call(self, operation: str, inputs: tuple[int, ...]) -> list[Part]:
        """Return an operation as a function of its inputs."""
        row = self.graph.table.get(operation)
        count = len(inputs) - (row is not None and row.own)  # the last is the body
        head = HEADS.get(operation)
        if head is None or LETTERS.get(operation) in self.looks:
            head = operator(operation if row is None else row.shown)
        parts: list[Part] = [head, r"\left("]
        for index, child in enumerate(inputs[:count]):
            parts += [", "] * (index > 0) + [(child, ANY)]
        return [*parts, r"\right)"]

    def _begins(self, number: int) -> str:
        """Return "-" for what begins with a minus, "0" for what begins with a digit, else ""."""
        chain = []
        while number not in self.begun:
            operation = self.graph.operations[number]
            if number in self.short:
                first = self.short[number][0]
                self.begun[number] = first if first == "-" else "0" * first.isdigit()
            elif operation in {"mul", "div", "pow"}:
                chain.append(number)
                number = self.graph.inputs[number][0]
            else:
                self.begun[number] = {"neg": "-", "exp2": "0"}.get(operation, "")
        found = self.begun[number]
        for user in reversed(chain):
            operation, base = self.graph.operations[user], self.graph.inputs[user][0]
            bare = base in self.short and r"\cdot" not in self.short[base]
            if (operation == "pow" and not bare) or (operation != "mul" and found == "-"):
                found = ""
            self.begun[user] = found
        return found
