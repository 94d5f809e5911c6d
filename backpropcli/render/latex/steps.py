"""The whole derivation at a point, as on a board: an aligned display."""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.language.parse import parse
from backpropcli.language.program import DIFF
from backpropcli.render.board import called
from backpropcli.render.latex.formulas import ADDED, ANY, MULTIPLIED, Writer
from backpropcli.render.latex.symbols import looks, numeral, operator, slope, symbols, words
from backpropcli.render.steps import REASONS, SUM
from backpropcli.report.decimals import number as shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from backpropcli.language.program import Program
    from backpropcli.report.edge import Edge
    from backpropcli.report.report import Report

MANY = 8
"""Of more inputs than this, a local derivative lists the first and the last only."""


def latex_steps(report: Report, digits: int = 6) -> str:
    """Return the two passes written out, as on a board: one aligned display."""
    board = _Board(report, digits)
    rows = [r"\begin{aligned}", *(rf"{line} \\" for line in board.forward())]
    if len(rows) > 1:
        rows[-1] += "[1ex]"
    rows += [rf"{line} \\" for line in board.backward()]
    return "\n".join([*rows[:-1], rows[-1].removesuffix(r" \\"), r"\end{aligned}"])


class _Board:
    """The names on the board, as in ``steps``, and the lines."""

    def __init__(self, report: Report, digits: int) -> None:
        self.view = view = report.view
        self.digits = digits
        self.arrivals = view.arrivals()
        single = len(view.outputs) == 1
        names = called(view)
        given = symbols(name for name in names if name)
        taken = looks(given)
        self.writer = Writer(view, taken)
        self.filled = Writer(view, taken)
        for number, name in enumerate(names):
            if name:
                self.writer.short[number] = given[name]
            else:
                self.writer.leaf(number, given)
            self.filled.short[number] = self.number(view.values[number])
        self.names = self.writer.short
        self.top = self.names[view.root] if single else SUM
        self.rules: dict[str, Program | None] = {}

    def number(self, value: float) -> str:
        return numeral(shortened(value, self.digits))

    def factor(self, value: float) -> str:
        """Return a number as a later part of a formula: a negative one in parentheses."""
        text = self.number(value)
        return rf"\left({text}\right)" if text.startswith("-") else text

    def forward(self) -> Iterator[str]:
        """Yield a line for each value."""
        for node, operation in enumerate(self.view.operations):
            named = self.view.names[node]
            if operation in {"number", "constant"} and not named:
                continue
            sides = [self.number(self.view.values[node])]
            if operation not in {"number", "constant", "variable"}:
                sides = [self.made(node, writer) for writer in (self.writer, self.filled)] + sides
            yield f"{self.names[node]} &= {' = '.join(dict.fromkeys(sides))}"

    def made(self, node: int, writer: Writer) -> str:
        """Return what a node is made of: names, or values."""
        call = self.view.calls.get(node)
        if call is None:
            where = self.view.operations[node] == "where"
            return writer.write(node, ANY if where else ADDED)
        if call == DIFF:
            return words(self.view.text(node))
        inputs = ", ".join(writer.short[child] for child in self.view.inputs[node])
        return rf"{operator(call)}\left({inputs}\right)"

    def slope(self, node: int) -> str:
        """Return the derivative of the output by a node."""
        return slope(self.top, self.names[node])

    def backward(self) -> Iterator[str]:
        """Yield a line for each contribution to a gradient, and for each sum of them."""
        seeds = self.view.seeds
        if self.top == SUM:
            terms = [
                self.names[output] if seed == 1 else rf"{self.number(seed)}\,{self.names[output]}"
                for output, seed in seeds.items()
            ]
            yield rf"{SUM} &= {' + '.join(terms)}"
        for output, seed in seeds.items():
            if not self.arrivals[output]:
                yield f"{self.slope(output)} &= {self.number(seed)}"
        for node in range(self.view.top, -1, -1):
            adjoint = self.view.adjoints[node]
            line = self.sum(node, adjoint)
            if line:
                yield line
            if adjoint is None:
                continue
            for edge in self.view.edges(node):
                if edge.flow != "constant":
                    yield self.edge(node, edge, adjoint)

    def sum(self, node: int, adjoint: float | None) -> str:
        """Return the line of a gradient that is a sum; "" for others."""
        parts = [(rf"\text{{via }}{self.names[n]}", part) for n, part in self.arrivals[node]]
        if node in self.view.seeds and parts:
            parts.insert(0, (r"\text{directly}", self.view.seeds[node]))
        if len(parts) <= 1:
            return ""
        texts = [self.number(parts[0][1]), *(self.factor(part) for _, part in parts[1:])]
        terms = " + ".join(
            rf"\underbrace{{{text}}}_{{{way}}}" for text, (way, _) in zip(texts, parts, strict=True)
        )
        return f"{self.slope(node)} &= {terms} = {self.number(adjoint or 0.0)}"

    def edge(self, node: int, edge: Edge, adjoint: float) -> str:
        """Return the line of what one edge contributes, or why that is nothing."""
        slope = self.slope(edge.input)
        ways = len(self.arrivals[edge.input]) + (edge.input in self.view.seeds)
        if ways + bool(edge.flow) > 1:
            slope = rf"\left.{slope}\right|_{{\text{{via }}{self.names[node]}}}"
        if edge.flow:
            return rf"{slope} &= \text{{nothing: {REASONS[edge.flow]}}}"
        made = rf"{self.slope(node)} \cdot {self.local(node, edge)}"
        filled = rf"{self.number(adjoint)} \cdot {self.factor(edge.partial or 0.0)}"
        return f"{slope} &= {made} = {filled} = {self.number(edge.contribution or 0.0)}"

    def local(self, node: int, edge: Edge) -> str:
        """Return the local derivative in the names on the board."""
        call = self.view.calls.get(node)
        if call == DIFF:
            return (
                rf"{slope('', self.names[edge.input])}\left[{self.made(node, self.writer)}\right]"
            )
        if call is not None:
            return slope(operator(call), self.names[edge.input])
        unknown = slope(self.names[node], self.names[edge.input])
        row, inputs = self.view.row(node), self.view.inputs[node]
        text, known = edge.rule, {"out": self.names[node]}
        for parameter, child in zip(row.parameters, inputs, strict=False):
            known[parameter] = self.names[child]
        if row.variadic:
            listed = inputs if len(inputs) <= MANY else inputs[:2]
            known[row.parameters[0]] = self.names[edge.input]
            known["args"] = ", ".join([self.names[child] for child in listed])
            if len(inputs) > MANY:
                known["args"] += rf", \ldots, {self.names[inputs[-1]]}"
        exponent = self.view.args[inputs[-1]]
        if row.name == "pow" and edge.input == inputs[0] and isinstance(exponent, float):
            power = "" if exponent == 2 else f"^{exponent - 1!r}"  # noqa: PLR2004
            text = f"{exponent!r}*x{power}"
        program = self._rule(text, known)
        if program is None:
            return unknown
        writer = Writer(program.graph, self.writer.looks)
        writer.leaves(known)
        return writer.write(program.root, MULTIPLIED)

    def _rule(self, text: str, known: Collection[str]) -> Program | None:
        """Return a rule's program; None for one that calls what the rule alone does not define."""
        if text not in self.rules:
            try:
                self.rules[text] = parse(text, known, helpers=True)
            except BackpropError:
                self.rules[text] = None
        return self.rules[text]
