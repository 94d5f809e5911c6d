"""The two passes written out, as a teacher would on a board: first in names, then in numbers."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.errors import columns, visible
from backpropcli.language.surface import DIFF
from backpropcli.language.unparse.levels import LEVELS
from backpropcli.language.unparse.writer import Writer
from backpropcli.render.layout.lines import enumerated, width, wrapped
from backpropcli.render.layout.numbers import EQUAL, added, printed
from backpropcli.render.views.board import SUM, Board, called, factor
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.render.views.board import Equation, Term
    from backpropcli.report.local.local import Local
    from backpropcli.report.report import Report

ADDED, POWER = LEVELS["add"][0], LEVELS["pow"][0]
"""What binds less tightly than a power is in parentheses in a product; comparisons always are."""


def steps(report: Report, options: Options) -> list[Line]:
    """Return the forward pass in topological order, then the backward pass from the output down.

    Tangents are written out in the order of the forward pass.
    """
    if report.arrays:
        from backpropcli.render.views.steps_of_arrays import HandOfArrays

        hand: _Hand | HandOfArrays = HandOfArrays(report, options)
    else:
        hand = _Hand(report, options)
    lines: list[Line] = [[("heading", "forward pass")], *hand.values(), []]
    if report.quantity == "tangent":
        return [*lines, [("heading", "tangents")], *hand.tangents()]
    return [*lines, [("heading", "backward pass")], *hand.adjoints()]


class _Hand:
    """Writes on the board, with the user's names, and z1, z2, ... for the rest."""

    def __init__(self, report: Report, options: Options) -> None:
        self.board = board = Board(report, options.digits)
        self.view = view = report.view
        self.width = options.width
        self.bits = report.bits if options.bits else None
        self.factors = [factor(text) for text in board.texts]
        self.names = [
            visible(name or (self.factors[node] if view.literal(node) else view.text(node)))
            for node, name in enumerate(called(view))
        ]
        self.top = self.names[view.root] if board.whole else SUM

    def values(self) -> Iterator[Line]:
        """Yield a line for each value."""
        step = 0
        for node in self.board.shown():
            text, inputs = self.board.texts[node], self.view.inputs[node]
            if not inputs:
                given = [(EQUAL, one)] if (one := self.view.expression(node)) else []
                pairs = [*given, (printed(self.view.values[node], text), text)]
                yield from self.equation(f"   {self.names[node]}", pairs, "value")
                continue
            step += 1
            sides = [
                self.written(node, [texts[child] for child in inputs])
                for texts in (self.names, self.factors)
            ]
            if self.view.calls.get(node) == DIFF:
                sides = [visible(self.view.text(node))]
            pairs = [*[(EQUAL, side) for side in sides], (self.board.sign(node), text)]
            note = self.right(node, 0)
            yield from self.equation(f"{step}. {self.names[node]}", pairs, "value", note)

    def adjoints(self) -> Iterator[Line]:
        """Yield the equation of each adjoint."""
        if self.top == SUM:
            seeds = self.view.seeds.items()
            terms = [
                f"{factor(number(seed, self.board.digits))}·{self.names[at]}" for at, seed in seeds
            ]
            yield [("label", f"{SUM} = {' + '.join(terms)}")]
        for found in self.board.adjoints():
            head = f"d{self.top}/d{self.names[found.node]}"
            if found.why:
                yield [("label", f"{head} = "), ("gradient", "0"), ("note", f"  ({found.why})")]
            else:
                yield from self.summed(head, found, forward=False)

    def tangents(self) -> Iterator[Line]:
        """Yield the equation of each tangent."""
        for found in self.board.tangents():
            yield from self.summed(f"d{self.names[found.node]}", found, forward=True)

    def summed(self, head: str, found: Equation, *, forward: bool) -> list[Line]:
        """Return an equation: names, the same in numbers, the terms, and what they add up to."""
        in_names, in_numbers, notes = [*found.seeds], [*found.seeds], []
        for term in found.terms:
            slope, slope_in_numbers = self.slopes(term)
            by = f"d{self.names[term.edge.input]}"
            pair = (f"d{self.top}/d{self.names[term.user]}", slope) if not forward else (slope, by)
            in_names.append(" · ".join(pair))
            pair = (factor(term.given), slope_in_numbers)
            in_numbers.append(" · ".join(pair[::-1] if forward else pair))
            notes.append(self.reason(term.local, slope))
        sides = [(EQUAL, " + ".join(in_names)), (EQUAL, _led(" + ".join(in_numbers)))]
        parts, (sign, last) = found.parts, found.signs
        if len(parts) > 1:
            sides.append((sign, added(parts)))
            sign = last
        notes += [*self.cuts(found), "" if forward else self.right(found.node, 1)]
        note = "; ".join(dict.fromkeys(filter(None, notes)))
        return self.equation(head, [*sides, (sign, found.text)], "gradient", note)

    def right(self, node: int, way: int) -> str:
        """Return how many bits are right of a value, or of an adjoint, if that is asked for."""
        found = self.bits
        right = None if found is None else (found.values, found.adjoints)[way][node]
        return "" if right is None or found is None else f"{int(right)} of {found.of} bits right"

    def cuts(self, found: Equation) -> list[str]:
        """Return which uses pass nothing on, and why: "nothing from z1: flat"."""
        users: dict[str, list[str]] = {}
        for user, why in found.cuts:
            users.setdefault(why, []).append(self.names[user])
        return [
            f"nothing from {enumerated([*dict.fromkeys(names)])}: {why}"
            for why, names in users.items()
        ]

    def slopes(self, term: Term) -> tuple[str, str]:
        """Return a local derivative as a factor: in names, and in numbers."""
        if term.local is not None:
            return (
                self.formula(term.local, self.names),
                self.formula(term.local, self.factors, closed=True),
            )
        view, edge = self.view, term.edge
        name = view.calls.get(term.user) or view.row(term.user).shown
        of = f"[{visible(view.text(term.user))}]" if name == DIFF else name
        partial = number(edge.partial or 0.0, self.board.digits)
        return f"d{of}/d{self.names[edge.input]}", factor(partial)

    def reason(self, found: Local | None, slope: str) -> str:
        """Return why a local derivative is what it is at the point: "x > 0, so 1"."""
        if found is None:
            return ""
        told = [f"{found.ties} inputs tie"] if found.ties > 1 else []
        writer = self._writer(found, self.names)
        told += ["".join(writer.pieces(node)) for node in found.conditions]
        return f"{' and '.join(dict.fromkeys(told))}, so {slope}" if told else ""

    def formula(self, found: Local, names: Sequence[str], *, closed: bool = False) -> str:
        """Return a local derivative with ``names`` for its variables.

        Products are in parentheses too if it is to be ``closed``.
        """
        graph, root = found.graph, found.root
        writer = self._writer(found, names)
        text = "".join(_spelled(writer.pieces(root)))
        for short in {one for one in writer.short.values() if one.startswith("(-")}:
            text = _argument(text, short)
        level = LEVELS.get(graph.operations[root], (POWER,))[0]
        loose = level < (POWER if closed or text.startswith("-") else LEVELS["mul"][0])
        return f"({text})" if loose and graph.inputs[root] else text

    def _writer(self, found: Local, names: Sequence[str]) -> Writer:
        """Return what writes a local derivative, and its conditions."""
        graph = found.graph
        writer = Writer(graph, [], {})
        for node, inputs in enumerate(graph.inputs):
            if graph.operations[node] == "variable":
                writer.short[node] = names[found.leaves[str(graph.args[node])]]
            elif not inputs:
                writer.short[node] = factor(writer.leaf(node))
        return writer

    def written(self, node: int, inputs: list[str]) -> str:
        """Return the operation of ``node`` applied to ``inputs``, as books write it."""
        view = self.view
        call = view.calls.get(node)
        if view.operations[node] == "name":
            return inputs[0]
        row = None if call else view.row(node)
        if row is None or row.infix is None:
            name = row.shown if row else call
            return f"{name}({', '.join(map(_bare, inputs))})"
        if len(inputs) == 1:
            blank = " " if row.infix.isalpha() else ""
            return f"{row.infix}{blank}{inputs[0]}"
        if row.infix == "^":
            return "^".join(inputs)
        sign = {"*": "·", "/": "/"}.get(row.infix) or f" {row.infix} "
        text = f"{_bare(inputs[0])}{sign}{inputs[1]}"
        return f"({text})" if LEVELS[row.name][0] < ADDED else text

    def equation(
        self, head: str, sides: Sequence[tuple[str, str]], role: str, note: str = ""
    ) -> list[Line]:
        """Return the line of an equation, or lines that begin with its signs if it is long.

        A side that is the same as the next one is left out.
        """
        kept = [pair for pair, (_, after) in pairwise(sides) if _bare(pair[1]) != after]
        (sign, result), tail = sides[-1], ("note", f"  ({note})" if note else "")
        sign = sign if kept else EQUAL
        before = head + "".join(f" {equal} {side}" for equal, side in kept)
        line: Line = [("label", f"{before} {sign} "), (role, result), tail]
        if width(line) <= self.width or not kept:
            return wrapped(line, self.width)
        blanks = " " * min(columns(head), self.width // 3)
        lines: list[Line] = [[("label", f"{head} {kept[0][0]} {kept[0][1]}")]]
        lines += [[("label", f"{blanks} {equal} {side}")] for equal, side in kept[1:]]
        lines.append([("label", f"{blanks} {sign} "), (role, result), tail])
        return [piece for line in lines for piece in wrapped(line, self.width, len(blanks) + 3)]


def _spelled(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of a formula with the sign of a product as books have it."""
    for piece in pieces:
        yield "·" if piece == "*" else piece


def _argument(text: str, number: str) -> str:
    """Return a formula with a negative number as an argument of its own: sign(-2)."""
    for before in ("(", ", "):
        for after in (")", ", "):
            text = text.replace(f"{before}{number}{after}", f"{before}{_bare(number)}{after}")
    return text


def _led(text: str) -> str:
    """Return a sum of products whose first number needs no parentheses."""
    first, blank, rest = text.partition(" ")
    return _bare(first) + blank + rest


def _bare(text: str) -> str:
    """Return a number without its parentheses, where it needs none."""
    return text[1:-1] if text.startswith("(-") and text.endswith(")") else text
