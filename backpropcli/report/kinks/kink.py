"""A kink that is met: the slopes on both sides, the one chosen there, and why."""

from __future__ import annotations

from math import isfinite, isnan, nan

from backpropcli.graph.cells import PEERS, peer_since

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.cells import Kink, Rule
    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

    Slopes = tuple[float, float, float]
    """Those on the left and on the right, and the one chosen."""

ROUNDED = 1e-12
"""How far apart two slopes may be that are the same."""
CLOSE = 1e-9
"""How far, for its size, the slope that is used may be from the one that there is."""
ASIDE = 2.0**-10
"""How far beside a point, for its size, a derivative is looked at."""
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

    asked = together = of_value = False
    taken = True
    verb = "jumps"
    since = label = by = derivative = order = rule = ""
    pole: float | None = None
    whole: float | None = None
    index: tuple[int, ...] | None = None
    count = 1

    def __init__(  # noqa: PLR0913 (a record)
        self,
        node: int,
        child: int,
        when: str,
        slopes: Slopes,
        *,
        at: float,
        jump: bool,
        why: str,
        answers: dict[str, float | None] | None = None,
    ) -> None:
        self.node = node
        self.input = child
        self.when = when
        self.left, self.right, self.chosen = slopes
        self.at = at
        self.jump = jump
        self.why = why
        self.answers = answers or dict.fromkeys(PEERS)
        self.given = self.chosen

    @classmethod
    def of(  # noqa: PLR0913 (a kink of a node, by an input)
        cls,
        row: Row,
        kink: Kink,
        name: str,
        edge: tuple[int, int],
        slopes: Slopes,
        *,
        at: float,
        answers: dict[str, float | None],
    ) -> KinkMet:
        """Return a kink of a row, met along an ``edge``: by the input that is its ``name``."""
        why = reason(row, kink, name, slopes)
        found = cls(*edge, kink.when.text, slopes, at=at, jump=kink.jump, why=why, answers=answers)
        found.asked, found.since, found.verb = bool(row.convention), kink.since, kink.verb
        found.together = name in kink.joint
        return found

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


def near(slope: float | None, used: float) -> bool:
    """Say whether a derivative is that of the whole, if the whole is known to have one."""
    return slope is not None and abs(slope - used) <= CLOSE * abs(slope)


def aside(bindings: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return two points beside a point, where a name is a little less and a little more."""
    step = ASIDE * max(1.0, abs(bindings[name]))
    return [{**bindings, name: bindings[name] + side * step} for side in (-1, 1)]


def turning(graph: Graph, kinks: Iterable[KinkMet], nodes: Iterable[int]) -> list[int]:
    """Return the places of those ``nodes`` that kinks turn by."""
    below = graph.ancestors([kink.input for kink in kinks])
    return [at for at, node in enumerate(nodes) if below[node]]


def by_text(lowered: Lowered, number: int, values: Sequence[Any]) -> tuple[str, float]:
    """Return the text of a kink's input, and its value.

    In a derivative it may be nothing that was written: then the names in it, and the value of the
    only one.
    """
    if not lowered.diffs or number in lowered.surface:
        return lowered.text(number, 30), values[number]
    graph, below = lowered.graph, lowered.graph.ancestors([number])
    found = {name: at for name, at in graph.variables().items() if below[at]}
    return ", ".join(found), values[min(found.values())] if len(found) == 1 else nan


def answers_of(kink: Kink, name: str) -> Iterator[tuple[str, Rule | None]]:
    """Yield each peer with its slope by an input at a kink, None for none."""
    return ((peer, kink.peers[name].get(peer)) for peer in PEERS)


def reason(row: Row, kink: Kink, name: str, slopes: Slopes) -> str:  # noqa: PLR0911 (a return for each)
    """Return why a slope is chosen, given those on the left, on the right, and the one chosen."""
    left, right, chosen = slopes
    if row.convention:
        from backpropcli.graph.conventions import kept

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


def unlisted(kinks: Sequence[KinkMet]) -> bool:
    """Say whether arrays have more kinks than those that are listed."""
    edges = [(kink.node, kink.input) for kink in kinks]
    return any(kink.count > edges.count((kink.node, kink.input)) for kink in kinks)
