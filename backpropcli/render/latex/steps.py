"""The whole derivation at a point, as on a board: an aligned display."""

from __future__ import annotations

from backpropcli.language.surface import DIFF
from backpropcli.render.latex.formulas import Writer
from backpropcli.render.latex.symbols import (
    ADDED,
    ANY,
    MULTIPLIED,
    looks,
    numeral,
    operator,
    slope,
    symbols,
    words,
)
from backpropcli.render.layout.numbers import EQUAL, NEARLY
from backpropcli.render.views.board import SUM, Board, called
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.render.views.board import Equation, Term
    from backpropcli.report.local.local import Local
    from backpropcli.report.report import Report

SIGNS = {EQUAL: "=", NEARLY: r"\approx"}
PRODUCT = 8
"""How tightly a factor in numbers has to bind: a product is in parentheses, a power is not."""


def latex_steps(report: Report, digits: int = 6) -> str:
    """Return the two passes written out, as on a board: one aligned display."""
    hand = _Hand(report, digits)
    rows = [r"\begin{aligned}", *(rf"{line} \\" for line in hand.forward())]
    if len(rows) > 1:
        rows[-1] += "[1ex]"
    rows += [rf"{line} \\" for line in hand.backward()]
    return "\n".join([*rows[:-1], rows[-1].removesuffix(r" \\"), r"\end{aligned}"])


class _Hand:
    """Writes on the board in LaTeX, with the names that ``steps`` has."""

    def __init__(self, report: Report, digits: int) -> None:
        self.board = board = Board(report, digits)
        self.view = view = report.view
        names = called(view)
        given = symbols(name for name in names if name)
        taken = looks(given)
        self.writer = Writer(view, taken)
        self.filled = Writer(view, taken)
        for node, name in enumerate(names):
            self.filled.short[node] = numeral(board.texts[node])
            if name:
                self.writer.short[node] = given[name]
            elif view.literal(node):
                self.writer.short[node] = self.filled.short[node]
            else:
                self.writer.leaf(node, given)
        self.names = self.writer.short
        self.top = self.names[view.root] if board.whole else SUM

    def forward(self) -> Iterator[str]:
        """Yield a line for each value."""
        for node in self.board.shown():
            value = numeral(self.board.texts[node])
            sides = []
            if self.view.inputs[node]:
                choice = self.view.operations[node] == "where"  # in values it would say "if 1"
                writers = (self.writer,) if choice else (self.writer, self.filled)
                sides = [self.made(node, writer) for writer in writers]
            sides = [side for side in dict.fromkeys(sides) if side != value]
            sign = SIGNS[self.board.sign(node)]
            made = f"{' = '.join(sides)} {sign} " if sides else ""
            yield f"{self.names[node]} &= {made}{value}"

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
        """Yield the equation of each gradient."""
        if self.top == SUM:
            terms = [
                self.names[node]
                if seed == 1
                else rf"{numeral(number(seed, self.board.digits))}\,{self.names[node]}"
                for node, seed in self.view.seeds.items()
            ]
            yield rf"{SUM} &= {' + '.join(terms)}"
        for found in self.board.adjoints():
            if found.why:
                yield f"{self.slope(found.node)} &= 0{_told(found.why)}"
            else:
                yield from self.summed(found)

    def summed(self, found: Equation) -> list[str]:
        """Return an equation: names, the same in numbers, the terms, and what they add up to."""
        in_names = [numeral(seed) for seed in found.seeds]
        in_numbers, notes = [*in_names], []
        for term in found.terms:
            in_name, in_number = self.local(term)
            in_names.append(rf"{self.slope(term.user)} \cdot {in_name}")
            given = numeral(term.given) if not in_numbers else _factor(term.given)
            in_numbers.append(rf"{given} \cdot {in_number}")
            notes += self.reason(term.local)
        head, total = self.slope(found.node), numeral(found.text)
        sign, last = (SIGNS[sign] for sign in found.signs)
        note = rf" \quad \text{{since }} {', '.join(dict.fromkeys(notes))}" if notes else ""
        note += self.cuts(found)
        if len(found.parts) <= 1:
            if not found.terms:
                return [f"{head} &= {total}"]
            return [f"{head} &= {in_names[0]} = {in_numbers[0]} {sign} {total}{note}"]
        first, *rest = found.parts
        terms = numeral(first) + "".join(_added(text) for text in rest)
        return [
            f"{head} &= {' + '.join(in_names)}",
            f"&= {' + '.join(in_numbers)}",
            f"&{sign} {terms} {last} {total}{note}",
        ]

    def cuts(self, found: Equation) -> str:
        """Return a note for each use that passes nothing on."""
        pairs = dict.fromkeys(found.cuts)
        return "".join(_told(f"nothing from ${self.names[user]}$: {why}") for user, why in pairs)

    def local(self, term: Term) -> tuple[str, str]:
        """Return a local derivative as a factor: in names, and in numbers."""
        found, edge = term.local, term.edge
        if found is not None:
            return self.formula(found, MULTIPLIED), self.formula(found, PRODUCT, values=True)
        value = _factor(number(edge.partial or 0.0, self.board.digits))
        call, by = self.view.calls.get(term.user), self.names[edge.input]
        if call == DIFF:
            return rf"{slope('', by)}\left[{self.made(term.user, self.writer)}\right]", value
        return slope(operator(call) if call else self.names[term.user], by), value

    def formula(self, found: Local, level: int, *, values: bool = False) -> str:
        """Return a local derivative in names or in values, in parentheses if it binds loosely."""
        writer = self._writer(found, self.filled.short if values else self.names)
        return writer.write(found.root, level)

    def reason(self, found: Local | None) -> list[str]:
        """Return the conditions for which a local derivative is what it is at the point."""
        if found is None:
            return []
        writer = self._writer(found, self.names)
        return [writer.write(node) for node in found.conditions]

    def _writer(self, found: Local, names: Mapping[int, str]) -> Writer:
        writer = Writer(found.graph, self.writer.looks)
        writer.leaves({name: names[node] for name, node in found.leaves.items()})
        return writer


def _told(note: str) -> str:
    """Return a note behind an equation."""
    return rf" \quad \text{{({note})}}"


def _factor(text: str) -> str:
    """Return a number as a later part of a formula: a negative one in parentheses."""
    shown = numeral(text)
    return rf"\left({shown}\right)" if shown.startswith("-") else shown


def _added(text: str) -> str:
    """Return a number with the sign by which it is added to others."""
    return f" - {numeral(text[1:])}" if text.startswith("-") else f" + {numeral(text)}"
