"""The two passes written out, as a teacher would on a board."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.language.program import DIFF
from backpropcli.language.scanner import tokens
from backpropcli.render.board import called
from backpropcli.render.lines import wrapped
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.render.lines import Line, Options
    from backpropcli.report.edge import Edge
    from backpropcli.report.report import Report

SUM = "S"
"""What is differentiated where it is no output alone: a weighted sum of the outputs."""


def steps(report: Report, options: Options) -> list[Line]:
    """Return the forward pass in topological order, then the backward pass from the output down.

    Tangents are written out in the order of the forward pass.
    """
    board = _Board(report, options.digits)
    lines: list[Line] = [[("heading", "forward pass")], *_values(board), []]
    if report.quantity == "tangent":
        lines += [[("heading", "tangents")], *_tangents(board)]
    else:
        lines += [[("heading", "backward pass")], *_adjoints(board)]
    return [piece for line in lines for piece in wrapped(line, options.width)]


def _values(board: _Board) -> Iterator[Line]:
    """Yield a line for each value."""
    view, step = board.view, 0
    for row in view:
        if row.operation in {"number", "constant"}:
            continue
        shown = ("value", board.number(row.value))
        if row.operation == "variable":
            yield [("note", "   "), ("label", board.names[row.id]), ("", " = "), shown]
            continue
        step += 1
        inputs = view.inputs[row.id]
        made = board.written(row.id, [board.names[child] for child in inputs])
        filled = board.written(row.id, [board.value(child) for child in inputs])
        sides = [board.names[row.id], made, filled]
        if made == filled:  # a derivative is written as the user did
            sides.pop()
        head = f"{step}. {' = '.join(sides)} = "
        yield [("label", head), shown]


def _adjoints(board: _Board) -> Iterator[Line]:
    """Yield a line for each contribution to an adjoint, and for each sum of them."""
    view, top, names = board.view, board.top, board.names
    if top == SUM:
        terms = [f"{board.value_of(seed)}*{names[o]}" for o, seed in view.seeds.items()]
        yield [("label", f"{top} = {' + '.join(terms)}")]
    for output, seed in view.seeds.items():
        if not board.arrivals[output]:
            head = f"d{top}/d{names[output]} = "
            yield [("label", head), ("gradient", board.number(seed))]
    for node in range(view.top, -1, -1):
        row = view.node(node)
        parts = [(f"via {names[user]}", given) for user, given in board.arrivals[node]]
        if node in view.seeds and parts:
            parts.insert(0, ("directly", view.seeds[node]))
        if len(parts) > 1:
            sums = " + ".join(f"{board.value_of(given)} ({way})" for way, given in parts)
            total = board.number(row.adjoint or 0.0)
            yield [("label", f"d{top}/d{names[node]} = {sums} = "), ("gradient", total)]
        for edge in row.edges:
            line = board.edge(node, edge, row.adjoint)
            if line:
                yield line


def _tangents(board: _Board) -> Iterator[Line]:
    """Yield a line for each tangent: what the inputs' tangents give."""
    view, names = board.view, board.names
    for node, tangent in enumerate(view.adjoints):
        if tangent is None:
            continue
        ways = [edge for edge in view.edges(node) if edge.contribution is not None]
        moved = [(edge, view.adjoints[edge.input]) for edge in ways]
        terms = [
            (
                f"{board.rule(node, edge)} · d{names[edge.input]}",
                f"{board.value_of(edge.partial or 0.0)} · {board.value_of(given)}",
            )
            for edge, given in moved
            if given is not None
        ]
        sides = [" + ".join(side) for side in zip(*terms, strict=True)]
        head = " = ".join([f"d{names[node]}", *sides])
        yield [("label", f"{head} = "), ("gradient", board.number(tangent))]


class _Board:
    """The names on the board: the user's, and z1, z2, ... for the rest."""

    def __init__(self, report: Report, digits: int) -> None:
        self.view = view = report.view
        self.digits = digits
        self.arrivals = view.arrivals()
        self.names = [visible(name or view.text(node)) for node, name in enumerate(called(view))]

    def number(self, value: float) -> str:
        return number(value, self.digits)

    def value_of(self, value: float) -> str:
        """Return a number as a part of a formula: a negative one in parentheses."""
        text = self.number(value)
        return f"({text})" if text.startswith("-") else text

    def value(self, node: int) -> str:
        return self.value_of(self.view.values[node])

    @property
    def top(self) -> str:
        """The name of what is differentiated."""
        root = self.view.root
        return self.names[root] if self.view.seeds == {root: 1.0} else SUM

    def written(self, node: int, inputs: list[str]) -> str:
        """Return the operation of ``node`` applied to ``inputs``, as the language writes it."""
        view = self.view
        call = view.calls.get(node)
        if call == DIFF or view.operations[node] == "name":
            return visible(view.text(node))
        row = None if call else view.row(node)
        if row is None or row.infix is None:
            name = row.shown if row else call
            return f"{name}({', '.join(map(_bare, inputs))})"
        if len(inputs) == 1:
            blank = " " if row.infix.isalpha() else ""
            return f"{row.infix}{blank}{inputs[0]}"
        if row.infix in {"*", "/", "^"}:
            return row.infix.join(inputs)
        return f"{inputs[0]} {row.infix} {inputs[1]}"

    def edge(self, node: int, edge: Edge, adjoint: float | None) -> Line:
        """Return the line of one edge; nothing for an edge to a number or from an idle node."""
        if adjoint is None or edge.flow == "constant":
            return []
        top = self.top
        child = self.names[edge.input]
        ways = len(self.arrivals[edge.input]) + (edge.input in self.view.seeds)
        via = f" via {self.names[node]}" if ways + bool(edge.flow) > 1 else ""
        head = f"d{top}/d{child}{via} = "
        if edge.flow:
            return [("label", head), ("note", f"nothing: {REASONS[edge.flow]}")]
        above = f"d{top}/d{self.names[node]}"
        rule = self.rule(node, edge)
        filled = f"{self.value_of(adjoint)} · {self.value_of(edge.partial or 0.0)}"
        return [
            ("label", f"{head}{above} · {rule} = {filled} = "),
            ("gradient", self.number(edge.contribution or 0.0)),
        ]

    def rule(self, node: int, edge: Edge) -> str:
        """Return the local derivative in the names on the board."""
        view, call = self.view, self.view.calls.get(node)
        if call is not None:
            of = f"[{self.written(node, [])}]" if call == DIFF else call
            return f"d{of}/d{self.names[edge.input]}"
        row, inputs = view.row(node), view.inputs[node]
        if row.name == "pow" and edge.input == inputs[0] and inputs[1] != edge.input:
            exponent = view.args[inputs[1]]
            if view.operations[inputs[1]] == "number" and isinstance(exponent, float):
                base = f"{exponent:.17g}*{self.names[edge.input]}"
                return base if exponent == 2 else f"{base}^{exponent - 1:.17g}"  # noqa: PLR2004
        names = {"out": self.names[node]}
        if row.variadic:
            names[row.parameters[0]] = self.names[edge.input]
            names["args"] = ", ".join(self.names[child] for child in inputs)
        else:
            names |= {p: self.names[child] for p, child in zip(row.parameters, inputs, strict=True)}
        text = edge.rule
        found, at, depth, loose = "", 0, 0, False
        for terminal, start, end in tokens(text):
            found += text[at:start]
            word = text[start:end]
            depth += (terminal == "LPAR") - (terminal == "RPAR")
            loose = loose or (depth == 0 and terminal in {"PLUS", "_MINUS"})
            found += names.get(word, word) if terminal == "NAME" else word
            at = end
        return f"({found})" if loose else found


REASONS = {
    "data": "data",
    "stopped": "the gradient is stopped here",
    "flat": "locally constant",
    "not taken": "not taken",
    "by rule": "the rule says it all",
    "unreached": "nothing arrives",
}


def _bare(text: str) -> str:
    """Return a number without its parentheses: an argument stands in some already."""
    return text[1:-1] if text.startswith("(-") else text
