"""The kinks of nodes at a point: where a slope is a convention, with those on both sides."""

from __future__ import annotations

from math import isfinite, isnan

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input, parsed, weights
from backpropcli.calculus.forward import forward
from backpropcli.graph.row import PEERS, peer_since

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Kink, Row, Rule
    from backpropcli.report.report import Report
    from backpropcli.report.run import Run

COMPARISONS = {"lt", "le", "gt", "ge", "eq", "ne"}
EXTREMES = {"max", "min"}
ROUNDED = 1e-12
"""How far apart two slopes may be that are the same."""
SAID = ("PyTorch", "JAX")
"""Peers that a sentence names; all are in the view of kinks."""


class KinkMet:
    """A kink met at the point: the one-sided slopes by one input, and the slope chosen.

    ``node`` is a node of the flat graph: the one with the kink; or the output, where the kink is
    in a derivative as books write it. ``label`` and ``by`` are the texts of what has the kink, and
    of its input, ``at`` the input's value (nan where several variables are told in its place).
    ``answers`` has the slope that each of PEERS has there, None for none, and ``why`` says why the
    one chosen is chosen; ``asked`` whether another convention is asked for than the table's.
    ``since`` is the release of PyTorch that the answer is from, if an older one had another.
    ``index`` has the input's element, where that is an array, which has ``count`` such kinks.
    Where the value jumps, or may, as ``verb`` says, there are no slopes on both sides; it does so
    as the input moves alone, if another one moves ``together`` with it, as in x^x. Where it does
    not jump, inputs that move ``together`` have another slope than each alone. Where it is
    ``alone``, there is no value on either. ``pole`` is the value at the place, where that is not
    finite: this is no kink of an operation. A slope that is not ``taken`` is not used either. With
    ``of_value`` the value itself rests on the convention: it holds a derivative that was taken at
    the kink. That is ``given``, of which ``derivative`` is the text; what was differentiated may
    have another one: ``whole``. What goes by the ``order`` of elements compares them, and that
    jumps where they are equal: it is told in place of the comparison, which is not in the program.
    What stands in the body of a function with a ``rule`` of its own, and no more, has no slope that
    is used: ``rule`` is the function's name.
    """

    __slots__ = (
        "answers",
        "asked",
        "at",
        "by",
        "chosen",
        "count",
        "derivative",
        "given",
        "index",
        "input",
        "jump",
        "label",
        "left",
        "node",
        "of_value",
        "order",
        "pole",
        "right",
        "rule",
        "since",
        "taken",
        "together",
        "verb",
        "when",
        "whole",
        "why",
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
        answers: dict[str, float | None],
        why: str,
        asked: bool = False,
        since: str = "",
        together: bool = False,
        verb: str = "jumps",
    ) -> None:
        self.node = node
        self.input = child
        self.when = when
        self.left = left
        self.right = right
        self.chosen = chosen
        self.at = at
        self.jump = jump
        self.answers = answers
        self.why = why
        self.asked = asked
        self.since = since
        self.together = together
        self.verb = verb
        self.of_value = False
        self.taken = True
        self.pole: float | None = None
        self.label = self.by = self.derivative = self.order = self.rule = ""
        self.given = chosen
        self.whole: float | None = None
        self.index: tuple[int, ...] | None = None
        self.count = 1

    def __repr__(self) -> str:
        sides = "a jump" if self.jump else f"slopes {self.left!r} and {self.right!r}"
        return f"<KinkMet: {self.label} at {self.by} = {self.at!r}: {sides}; {self.chosen!r} used>"

    @property
    def interval(self) -> tuple[float, float] | None:
        """The subgradients: the slopes between those on both sides, if those tell them; or None."""
        if self.jump or self.together or self.ends:
            return None
        return min(self.left, self.right), max(self.left, self.right)

    @property
    def peers(self) -> str:
        """Who of PyTorch and JAX takes the same slope there."""
        same = [peer for peer in SAID if _same(self.answers[peer], self.chosen)]
        return " and ".join([peer_since(peer, self.since) for peer in same])

    @property
    def ends(self) -> bool:
        """Whether there is no value on one side, or on both."""
        return self.left != self.left or self.right != self.right

    @property
    def alone(self) -> bool:
        """Whether there is a value at the very place and none beside it."""
        return self.left != self.left and self.right != self.right

    @property
    def shown(self) -> str:
        """The text of what has the kink, as the program has it."""
        return self.order or self.label

    @property
    def what(self) -> tuple[str, str, str]:
        """What tells this kink from others, however its text is spaced; a jump is told once."""
        by = "" if self.jump else self.by.replace(" ", "")
        return self.label.replace(" ", ""), by, self.when


def with_kinks(graph: Graph) -> list[int]:
    """Return the nodes whose operations have kinks somewhere, by an input that is no literal."""
    known: dict[tuple[object, ...], bool] = {}
    found = []
    for number, operation in enumerate(graph.operations):
        inputs = graph.inputs[number]
        if not inputs or not (row := graph.table[operation]).kinks:
            continue
        literals = [_literal(graph, child) for child in inputs]
        key = operation, *literals
        if key not in known:
            free = [row.parameters[row.cell(at)] for at, one in enumerate(literals) if one is None]
            known[key] = any(kink.by(free) and _may_hold(row, kink, literals) for kink in row.kinks)
        if known[key]:
            found.append(number)
    return found


def _literal(graph: Graph, node: int) -> float | None:
    """Return the number that a node is written as, None for none."""
    if not graph.literal(node):
        return None
    sign = 1.0
    if graph.inputs[node]:
        [node], sign = graph.inputs[node], -1.0
    number: Any = graph.args[node]
    return sign * float(number)


def _may_hold(row: Row, kink: Kink, given: Sequence[float | None]) -> bool:
    """Say whether a kink may be met where some inputs are given: x^2 does not end at 0."""
    known = {} if row.variadic or row.whole else dict(zip(row.parameters, given, strict=False))
    if all(one is None for one in known.values()):
        return True
    power = known.get(kink.fractional)
    if power is not None and power % 1 == 0:
        return False

    graph, root = parsed(row, kink.when)
    names = graph.variables()
    values = forward(graph, floats, {name: known.get(name) or 0.0 for name in names})
    free, stack = [node for name, node in names.items() if known.get(name) is None], [root]
    while stack:
        part = stack.pop()
        if graph.operations[part] == "and":
            stack += graph.inputs[part]
        elif not values[part]:
            below = graph.ancestors([part])
            if not any(below[node] for node in free):
                return False
    return True


def may_kink(run: Run) -> bool:
    """Say whether an operation has kinks or steps somewhere, by an input that moves."""
    graph, active = run.graph, run.active
    for number in with_kinks(graph):
        row, inputs = graph.row(number), graph.inputs[number]
        known = [not run.arrays and not active[child] for child in inputs]
        pairs = zip(inputs, known, strict=True)
        given = [run.values[child] if fixed else None for child, fixed in pairs]
        names = moved(row, inputs, active)
        if any(kink.by(names) and _may_hold(row, kink, given) for kink in row.kinks):
            return True
    return False


def met(graph: Graph, values: Sequence[float], moving: bytearray) -> Iterator[KinkMet]:
    """Yield the kinks of a graph's nodes by the inputs that move."""
    for number in with_kinks(graph):
        inputs = graph.inputs[number]
        if not any(moving[child] for child in inputs):
            continue
        row = graph.row(number)
        given = [values[number], *[values[child] for child in inputs]]
        if row.name in COMPARISONS and (given[1] != given[2] or settled(graph, number, values)):
            continue
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
    turning = kink.by(moved(row, inputs, moving))
    if not turning:
        return
    flags = by_input(row, [kink.when], floats)(*given)
    if row.variadic:
        tied = [child for child, at in zip(inputs, flags, strict=True) if at]
        if len({*tied} if row.shares else tied) < 2:  # noqa: PLR2004
            return  # all that tie are one node: no kink where they share the slope
    elif not flags[0]:
        return
    chosen: Sequence[float | None] = ()
    for index, child in enumerate(inputs):
        name = row.parameters[row.cell(index)]
        if name not in turning or not moving[child] or (row.variadic and not flags[index]):
            continue
        if not chosen:
            chosen = weights(row, tuple(range(len(inputs))), floats)(*given)
        left, right = (_at(row, slope, given, index) for slope in kink.slopes[name])
        taken = chosen[index] or 0.0
        answers = {
            peer: _at(row, rule, given, index) + 0.0 if rule else None
            for peer, rule in answers_of(kink, name)
        }
        facts: Any = {"jump": kink.jump, "answers": answers, "asked": bool(row.convention)}
        facts["since"], facts["verb"] = kink.since, kink.verb
        facts["together"] = name in kink.joint or (
            kink.jump and _together(graph, row, kink, inputs, index)
        )
        why = reason(row, kink, name, (left, right, taken))
        sides = (kink.when.text, left, right, taken)
        yield KinkMet(number, child, *sides, at=given[index + 1] + 0.0, why=why, **facts)


def moved(row: Row, inputs: Sequence[int], moving: Sequence[int]) -> list[str]:
    """Return the parameter of each input that moves: one node may stand for several."""
    return [row.parameters[row.cell(at)] for at, child in enumerate(inputs) if moving[child]]


def _together(graph: Graph, row: Row, kink: Kink, inputs: tuple[int, ...], index: int) -> bool:
    """Say whether a kink that is met by several inputs is so by one, as others move with it."""
    rule, root = parsed(row, kink.when)
    if rule.operations[root] != "and":
        return False
    variables, mine = graph.variables().values(), graph.ancestors([inputs[index]])
    others = graph.ancestors([child for at, child in enumerate(inputs) if at != index])
    return any(mine[node] and others[node] for node in variables)


def turning(run: Report, names: Sequence[str]) -> list[int]:
    """Return the places of those ``names`` that the kinks of a report turn by."""
    below = run.graph.ancestors([kink.input for kink in run.kinks])
    return [at for at, name in enumerate(names) if below[run.wrt[name]]] if run.kinks else []


def answers_of(kink: Kink, name: str) -> Iterator[tuple[str, Rule | None]]:
    """Yield each peer with its slope by an input at a kink, None for none."""
    return ((peer, kink.peers[name].get(peer)) for peer in PEERS)


def reason(row: Row, kink: Kink, name: str, slopes: tuple[float, float, float]) -> str:  # noqa: PLR0911 (a return for each)
    """Return why a slope is chosen, given those on the left, on the right, and the one chosen."""
    left, right, chosen = slopes
    if row.convention:
        from backpropcli.graph.conventions import kept  # noqa: PLC0415 (on request)

        why = kept(kink, name, row.convention)
        asked = f"--at-kinks {row.convention}"
        return f"{asked} keeps it: {why}" if why else f"{asked} asks for it"
    if kink.alone:
        return "there is no value beside"
    if _same(left, chosen) and _same(right, chosen):
        return "both sides have it"
    if isnan(left) or isnan(right):
        return "it is the only side"
    if kink.fixed:
        return "equal elements stay in their order"
    if kink.shared:
        return "those that tie share it evenly"
    if chosen == min(max(0.0, min(left, right)), max(left, right)):
        return "the subgradient of smallest norm"
    if isnan(chosen):
        return "its rule has no number there"
    return "the slope on the left" if _same(left, chosen) else "the slope on the right"


def _same(one: float | None, other: float) -> bool:
    """Say whether two slopes are one; decimals in a peer's source may be rounded."""
    return one is not None and (
        one == other
        or (isnan(one) and isnan(other))
        or (isfinite(other) and abs(one - other) <= ROUNDED * abs(other))
    )


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
            most, tied = values[extreme], set()
            for at in graph.inputs[extreme]:
                if values[at] == most:
                    tied.add(at)
                    if len(tied) > 1:
                        return False
            return len(tied) == 1
    return False
