"""Zero proved by SymPy: whether the difference of two expressions is 0 for all reals.

SymPy recurses and takes its time, so it is given small expressions only, cheap ways come first,
and the others are interrupted at a time limit where the system can do that.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from math import inf
from time import monotonic

from backpropcli.arithmetics import floats, quotients
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.arithmetics.quotients.letters import is_zero, variable
from backpropcli.arithmetics.quotients.quotient import TooLong
from backpropcli.arithmetics.tidy.tidy import tidied
from backpropcli.calculus.bindings import Typed
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.proof.copies import write
from backpropcli.proof.worker import BROKEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import FrameType

    from backpropcli.report.digits.proved import Asked

LARGEST, SMALL = 200, 60
"""Nodes of the largest expression that is given to SymPy, and to its search for simple forms."""
SOON = 0.5
"""Seconds for what is multiplied out."""
MOST_ORDER = 8
"""The highest derivative of a series that is proved to be 0."""
GROWS = {"pow", "exp2", "gamma", "polygamma"}
MOST_POWER = 64


class TimeUp(BaseException):
    """The time for a proof is over; nothing that SymPy catches."""


def all_proved(
    graph: Graph, pairs: Iterable[tuple[int, int]], deadline: float, patience: float = inf
) -> bool:
    """Return whether each pair of nodes is proved equal by a ``deadline`` of the monotonic clock.

    A pair may take ``patience`` seconds.
    """
    distinct = list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
    for at, (one, other) in enumerate(distinct):
        left = min(patience, (deadline - monotonic()) / (len(distinct) - at))
        if left <= 0 or not proved(graph, one, other, left):
            return False
    return True


def proved(graph: Graph, one: int, other: int, seconds: float) -> bool:
    """Return whether SymPy proves nodes ``one`` and ``other`` equal within ``seconds``."""
    pair, difference = difference_of(graph, one, other)
    if cancels(pair, difference, seconds):
        return True
    if len(pair) > LARGEST or not _tame(pair):
        return False
    import sympy  # noqa: F401 (heavy: and loading it is no part of the proof's time)

    try:
        with limited(seconds) as stops:
            return _is_zero(pair, difference, thoroughly=stops and len(pair) <= SMALL)
    except (*BROKEN, TimeUp):
        return False


def difference_of(graph: Graph, one: int, other: int) -> tuple[Graph, int]:
    """Return a graph of the difference of two nodes alone, and where it is."""
    pair = Graph()
    sides = [write(graph, root, pair, {}, stops=False) for root in (one, other)]
    return pair, pair.node("sub", (sides[0], sides[1]))


def cancels(graph: Graph, root: int, seconds: float = SOON) -> bool:
    """Return whether a difference is 0 once like terms are joined, or all is multiplied out."""
    tidy, [place] = tidied(graph, [root])
    if Nodes(tidy).literal(place) == 0:
        return True
    tidy, places = tidy.part([place])
    letters = {name: variable(name) for name in tidy.variables()}
    try:
        with limited(min(seconds, SOON)):
            return is_zero(forward(tidy, quotients, letters)[places[place]])
    except (TooLong, TimeUp):
        return False


def _tame(graph: Graph) -> bool:
    """Return whether no constant can be larger than any memory, as 2^(2^50) is.

    SymPy works such powers out, and cannot be interrupted there.
    """
    moves = bytearray(len(graph))
    values = forward(graph, floats, dict.fromkeys(graph.variables(), 1.0))  # those of constants
    for number, inputs in enumerate(graph.inputs):
        operation = graph.operations[number]
        moves[number] = operation == "variable" or any(moves[child] for child in inputs)
        fixed = operation in GROWS and not moves[inputs[-1]]
        if fixed and not abs(values[inputs[-1]]) <= MOST_POWER:
            return False
    return True


def _is_zero(graph: Graph, root: int, *, thoroughly: bool) -> bool:
    """Return whether SymPy makes 0 of node ``root``, by cheap ways or, at length, by all."""
    import sympy

    from backpropcli.arithmetics.symbolic.expressions import expression
    from backpropcli.arithmetics.symbolic.inequalities import is_another, lettered

    item, _ = expression(graph, root)
    if item == 0:
        return True
    if not thoroughly:
        return False
    item = lettered(item)
    if is_another(item):
        return False
    ways = [sympy.expand, sympy.simplify, lambda form: sympy.simplify(form.rewrite(sympy.exp))]
    return any(way(item) == 0 for way in ways)


@contextmanager
def limited(seconds: float) -> Iterator[bool]:
    """Raise TimeUp in the block after ``seconds``; yield whether that can be done here."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield False
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3))
    try:
        yield True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def zeros_at(asked: Asked, seconds: float, near: Sequence[bool]) -> list[bool]:
    """Return whether SymPy proves to be 0 what is asked for: values, then derivatives.

    That is at the numbers as they were typed: a decimal is a decimal, and pi/2 is pi/2. Only of
    those that are ``near`` 0, by the same order; the others are not proved.
    """
    made = asked.graph.copy()  # a number that is put in for a variable may stand elsewhere too
    found = _series(made, asked, near) if asked.order is not None else _slopes(made, asked)
    graph, places = _at_typed(made, asked)
    zero = Nodes(graph).number(0.0)
    share = seconds / max(1, sum(near))
    return [
        flag and node is not None and proved(graph, places[node], zero, share)
        for flag, node in zip(near, found, strict=True)
    ]


def _at_typed(made: Graph, asked: Asked) -> tuple[Graph, list[int]]:
    """Return a graph with the numbers as typed for the variables, and where each node is there."""
    graph = Graph()
    given = {}
    for name, number in asked.bindings.items():
        if isinstance(number, Typed):
            given[name] = graph.write(number.graph)[number.root]
        elif number - number == 0:
            given[name] = Nodes(graph).number(float(number))
    return graph, graph.write(made, given)


def pole_at(asked: Asked, seconds: float) -> int | None:
    """Return the first of the values asked for that SymPy finds infinite; None for none.

    That is at the numbers as they were typed.
    """
    graph, places = _at_typed(asked.graph, asked)
    if len(graph) > LARGEST or not _tame(graph):
        return None
    import sympy  # noqa: F401 (heavy, and no part of the time for proofs)

    from backpropcli.arithmetics.symbolic.expressions import expression

    try:
        with limited(seconds):
            return next(
                (at for at in asked.values if expression(graph, places[at])[0].is_infinite), None
            )
    except (*BROKEN, TimeUp):
        return None


def _slopes(made: Graph, asked: Asked) -> list[int | None]:
    """Return the nodes of values, and of the derivatives of the top."""
    if asked.top is None or not asked.wrt:
        return [*asked.values]
    adjoints = adjoint_nodes(made, asked.top, [*asked.wrt])
    zero = Nodes(made).number(0.0)
    return [*asked.values, *[adjoints.get(node, zero) for node in asked.wrt]]


def _series(made: Graph, asked: Asked, near: Sequence[bool]) -> list[int | None]:
    """Return the nodes of derivatives of all orders; None for those of high order."""
    found: list[int | None] = []
    [node], count = asked.wrt, len(near) // len(asked.values)
    for row, value in enumerate(asked.values):
        at: int | None = value
        flags = near[row * count : (row + 1) * count]
        for order in range(count):
            if order and at is not None:
                more = order <= MOST_ORDER and any(flags[order:]) and len(made) < LARGEST
                at = adjoint_nodes(made, at, [node]).get(node) if more else None
            found.append(at)
    return found
