"""The kinks met at a point: where a slope is a convention, with the slopes on both sides."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input, weights
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.rules import Arithmetic
    from backpropcli.calculus.lower import Lowered
    from backpropcli.calculus.records import Diff
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Kink, Row
    from backpropcli.report.run import Run

COMPARISONS = {"lt", "le", "gt", "ge", "eq", "ne"}
EXTREMES = {"max", "min"}
QUIET = {"quiet", "void"}
"""Conditions of rules that are no kinks."""
CLOSE = 1e-9
"""How far a derivative may be from that of the whole that it is, as a part of it."""
NAN = float("nan")
USED, MOVES = 1, 2
"""In the flags of ``taken_nodes``: the output depends on the node; it moves with it too."""


class KinkMet:
    """A kink met at the point: the one-sided slopes by one input, and the slope chosen.

    ``node`` is a node of the flat graph: the one with the kink; or the output, where the kink is
    in a derivative as books write it. ``label`` and ``by`` are the texts of what has the kink, and
    of its input, ``at`` the input's value (nan where several variables are told in its place), and
    ``peers`` those who take the same slope there.
    Where the value jumps, there are no slopes on both sides. With ``of_value`` the value itself
    rests on the convention: it holds a derivative that was taken at the kink. That is ``given``,
    of which ``derivative`` is the text; what was differentiated may have another one: ``whole``.
    """

    __slots__ = (
        "at",
        "by",
        "chosen",
        "derivative",
        "given",
        "input",
        "jump",
        "label",
        "left",
        "node",
        "of_value",
        "peers",
        "right",
        "when",
        "whole",
    )

    def __init__(  # noqa: PLR0913 (a record)
        self,
        node: int,
        child: int,
        when: str,
        left: float,
        right: float,
        chosen: float,
        *,
        at: float,
        jump: bool,
        peers: str,
    ) -> None:
        self.node = node
        self.input = child
        self.when = when
        self.left = left
        self.right = right
        self.chosen = chosen
        self.at = at
        self.jump = jump
        self.peers = peers
        self.of_value = False
        self.label = self.by = self.derivative = ""
        self.given = chosen
        self.whole: float | None = None

    def __repr__(self) -> str:
        sides = "a jump" if self.jump else f"slopes {self.left!r} and {self.right!r}"
        return f"<KinkMet: {self.label} at {self.by} = {self.at!r}: {sides}; {self.chosen!r} used>"

    @property
    def what(self) -> tuple[str, str, str]:
        """What tells this kink from others, however its text is spaced; a jump is told once."""
        by = "" if self.jump else self.by.replace(" ", "")
        return self.label.replace(" ", ""), by, self.when


def kinks_met(run: Run) -> list[KinkMet]:
    """Return the kinks at the point, each once.

    The rules for floats have cases that are no kinks. So where a program holds derivatives, those
    are looked at as books write them.
    """
    lowered, roots = run.lowered, list(run.seeds)
    if not lowered.diffs:
        return list(_felt(lowered, run.values, roots, run.active))
    book, places = lowered.book()
    known = dict.fromkeys(book.graph.variables(), 0.0) | run.bindings
    values = forward(book.graph, floats, known)
    wrt = [places[node] for node in run.wrt.values() if places[node] >= 0]
    active = linearize(book.graph, None, (), wrt).active
    found: dict[tuple[str, str, str], KinkMet] = {}
    there = dict(zip(lowered.outputs, book.outputs, strict=True))
    for kink in _felt(book, values, [there[root] for root in roots], active):
        kink.node = kink.input = run.top
        found.setdefault(kink.what, kink)
    for kink in _differentiated(run, book, values, [there[root] for root in roots]):
        kink.node = kink.input = run.top
        found.setdefault(kink.what, kink).of_value = True
    return list(found.values())


def _differentiated(
    run: Run, book: Lowered, values: Sequence[float], roots: list[int]
) -> Iterator[KinkMet]:
    """Yield the kinks at which derivatives in a program were taken by a convention.

    It is none where the whole of what was differentiated has that derivative.
    """
    taken = taken_nodes(book.graph, values, roots)
    for diff in book.diffs:
        place = book.places[diff.surface]
        if not taken[place] and (diff.given or not taken[diff.node]):
            continue
        graph, inside, bindings = diff.graph, values, dict(run.bindings)
        if diff.given:
            bindings = {name: values[at] for name, at in diff.given.items()}
            inside = forward(graph, floats, dict.fromkeys(graph.variables(), 0.0) | bindings)
        moving = linearize(graph, None, (), diff.seeds).active
        numbers = _with_kinks(graph)
        kinks = list(_met(graph, inside, numbers, moving)) if numbers else []
        reached = taken_nodes(graph, inside, [diff.of]) if kinks else b""
        kinks = [
            kink
            for kink in kinks
            if reached[kink.node] == MOVES or (reached[kink.node] and kink.jump)
        ]
        if not kinks:
            continue
        given, slope = inside[diff.node], _slope(diff, bindings, inside)
        if slope is not None and abs(slope - given) <= CLOSE * abs(slope):
            continue
        for kink in kinks:
            if graph is book.graph:
                kink.label = book.whose(kink.node, 30)
                kink.by, kink.at = _by(book, kink.input, inside)
            else:
                from backpropcli.language.unparse import brief  # noqa: PLC0415 (only at a kink in a derivative)

                kink.label = brief(graph, kink.node, 30, _nameless)
                kink.by = brief(graph, kink.input, 30, _nameless)
            kink.given, kink.whole, kink.derivative = given, slope, book.derivative_text(diff)
            yield kink


def _nameless(_node: int) -> str:
    return ""


def _slope(diff: Diff, bindings: Mapping[str, float], values: Sequence[float]) -> float | None:
    """Return the derivative that what was differentiated has, if it is known to have one."""
    from fractions import Fraction  # noqa: PLC0415 (heavy)

    from backpropcli.report.sides import nearest  # noqa: PLC0415 (heavy)
    from backpropcli.report.whole import along  # noqa: PLC0415 (heavy)

    parts = {node: values[tangent] for node, tangent in diff.seeds.items()}
    if not all(part - part == 0 for part in parts.values()):
        return None
    steps = {node: Fraction(part) for node, part in parts.items()}
    found = along(diff.graph, diff.of, bindings, steps)
    return nearest(found.slope) if found.kind == "derivative" and found.sure else None


def _felt(
    lowered: Lowered, values: Sequence[float], roots: list[int], active: bytearray
) -> Iterator[KinkMet]:
    """Yield the kinks that ``roots`` feel; below a locally constant step, only jumps."""
    graph = lowered.graph
    numbers = _with_kinks(graph)
    kinks = list(_met(graph, values, numbers, active)) if numbers else []
    if not kinks:
        return
    taken = taken_nodes(graph, values, roots)
    for kink in kinks:
        if taken[kink.node] == MOVES or (taken[kink.node] and kink.jump):
            kink.label = lowered.whose(kink.node, 30)
            kink.by, kink.at = _by(lowered, kink.input, values)
            yield kink


def _by(lowered: Lowered, number: int, values: Sequence[float]) -> tuple[str, float]:
    """Return the text of a kink's input, and its value.

    In a derivative it may be nothing that was written: then the names in it, and the value of the
    only one.
    """
    if not lowered.diffs or number in lowered.surface:
        return lowered.text(number, 30), values[number]
    graph, below = lowered.graph, lowered.graph.ancestors([number])
    found = {name: at for name, at in graph.variables().items() if below[at]}
    return ", ".join(found), values[min(found.values())] if len(found) == 1 else NAN


def _with_kinks(graph: Graph) -> list[int]:
    """Return the nodes whose operations have kinks somewhere."""
    return [
        number
        for number, operation in enumerate(graph.operations)
        if graph.inputs[number] and graph.table[operation].kinks
    ]


def taken_nodes(
    graph: Graph, values: Sequence[Any], roots: Iterable[int], arithmetic: Arithmetic = floats
) -> bytearray:
    """Return one flag a node: USED where ``roots`` depend on it by the branches that are taken.

    It is MOVES where they move with it. ``values`` are numbers of ``arithmetic``.
    """
    taken = bytearray(len(graph))
    top = -1
    for root in roots:
        taken[root], top = MOVES, max(top, root)
    for number in range(top, -1, -1):
        inputs = graph.inputs[number]
        if not taken[number] or not inputs or graph.operations[number] in QUIET:
            continue
        row = graph.row(number)
        gone: Sequence[Any] = ()
        if any(row.taken):
            given = [values[child] for child in inputs]
            gone = weights(row, tuple(range(len(inputs))), arithmetic)(values[number], *given)
        for index, child in enumerate(inputs):
            live = row.live(index)
            if live and gone and gone[index] is None:
                continue
            moves = live and taken[number] == MOVES
            taken[child] = max(taken[child], MOVES if moves else USED)
    return taken


def _met(
    graph: Graph, values: Sequence[float], numbers: Iterable[int], moving: bytearray
) -> Iterator[KinkMet]:
    """Yield the kinks of the nodes ``numbers`` by the inputs that move."""
    for number in numbers:
        inputs = graph.inputs[number]
        if not any(moving[child] for child in inputs):
            continue
        row = graph.row(number)
        if row.name in COMPARISONS and settled(graph, number, values):
            continue
        given = [values[number], *[values[child] for child in inputs]]
        for kink in row.kinks:
            yield from _one(graph, row, kink, number, given, moving)


def _one(  # noqa: PLR0913 (a kink of a node, at a point)
    graph: Graph,
    row: Row,
    kink: Kink,
    number: int,
    given: list[float],
    moving: bytearray,
) -> Iterator[KinkMet]:
    inputs = graph.inputs[number]
    met = by_input(row, [kink.when], floats)(*given)
    if row.variadic:
        if len({child for child, at in zip(inputs, met, strict=True) if at}) < 2:  # noqa: PLR2004
            return  # all that tie are one node: no kink
    elif not met[0]:
        return
    chosen: Sequence[float | None] = ()
    for index, child in enumerate(inputs):
        name = row.parameters[row.cell(index)]
        slopes = kink.slopes.get(name)
        if slopes is None or not moving[child] or (row.variadic and not met[index]):
            continue
        if not chosen:
            chosen = weights(row, tuple(range(len(inputs))), floats)(*given)
        left, right = (_at(row, slope, given, index) for slope in slopes)
        taken = chosen[index] or 0.0
        if kink.jump or left != right:
            sides = (kink.when.text, left, right, taken)
            facts: Any = {"jump": kink.jump, "peers": kink.peers.get(name, "")}
            yield KinkMet(number, child, *sides, at=given[index + 1] + 0.0, **facts)


def _at(row: Row, rule: Any, given: list[float], index: int) -> float:  # noqa: ANN401 (a Rule)
    if rule.number is not None:
        return float(rule.number)
    found = by_input(row, [rule], floats)(*given)
    return float(found[index if row.variadic else 0])


def settled(graph: Graph, number: int, values: Sequence[Any]) -> bool:
    """Say whether the answer of a comparison stays what it is around a point where both are equal.

    It does if both are one node; or if it is asked whether an input of max or min is the result,
    as their rules do, and this one alone is.
    """
    one, other = graph.inputs[number]
    if one == other:
        return True
    for extreme, choice in ((one, other), (other, one)):
        if graph.operations[extreme] in EXTREMES and choice in graph.inputs[extreme]:
            tied = {at for at in graph.inputs[extreme] if values[at] == values[extreme]}
            return len(tied) == 1
    return False
