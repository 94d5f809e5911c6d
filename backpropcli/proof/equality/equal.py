"""Whether two expressions are equal as functions: proved, sampled, or shown to differ at a point.

A side of a choice that no sampled point takes is searched for: one that is neither reached nor
shown to be nowhere leaves it open.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from backpropcli.proof.equality.conditions import Conditions
from backpropcli.proof.equality.deeper import deeper
from backpropcli.proof.equality.differs import Differs
from backpropcli.proof.equality.levels import at_levels
from backpropcli.proof.equality.pairs import FEWEST, Pairs, sampled
from backpropcli.proof.equality.points import points
from backpropcli.proof.equality.reaching import Reaching
from backpropcli.proof.zero import cancels, difference_of, proved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.choices import Choices
    from backpropcli.proof.equality.differs import Tally
    from backpropcli.proof.equality.points import Point

MOST_CONVENTIONS = 8
PATIENCE = 5.0
"""Seconds for SymPy's proof, at most: it is right all the same where SymPy is slow."""
SHARE = 0.4
"""How much of the time a search for points on sides of choices may take."""


@dataclass(eq=False, slots=True)
class Equal:
    """Equal wherever the first has a value: proved by SymPy, or else at ``points`` points.

    ``conventions`` are kinks of the first, where the two differ.
    """

    points: int
    conventions: list[Differs]
    proved: bool = False


class Unknown(NamedTuple):
    """Neither shown to be equal nor to differ, and why."""

    reason: str


def equal(  # noqa: PLR0913 (what a comparison can be told)
    graph: Graph,
    one: int,
    other: int,
    *,
    inside: int | None = None,
    extra: Iterable[Point] = (),
    deadline: float | None = None,
    symbolic: bool = True,
    choices: Choices | None = None,
) -> Equal | Differs | Unknown:
    """Compare two nodes of ``graph`` wherever the first, and node ``inside``, are finite.

    ``extra`` are points that are compared too, before all others. ``deadline`` is a time of the
    monotonic clock. Without ``symbolic`` SymPy is not asked. Each side of ``choices`` has to be
    reached, unless SymPy's proof makes that needless; where it is asked and proves nothing,
    differences are looked for in very many digits.
    """
    if one == other:
        return Equal(0, [], proved=True)
    pairs = Pairs(graph, [(one, other, one if inside is None else inside)])
    everywhere = [*extra, *points(pairs.graph, pairs.names, {})]
    tally = sampled(pairs, everywhere, deadline)
    end = monotonic() + PATIENCE if deadline is None else deadline
    missed = _reach(tally, pairs, choices, end) if choices is not None else ""
    found = _result(tally, len(everywhere))
    if not isinstance(found, Equal):
        return found
    if symbolic and not found.conventions:
        found.proved = cancels(*difference_of(graph, one, other), end - monotonic())
    looked = symbolic and choices is not None and (not found.proved or _has_own_edges(pairs))
    if looked and _apart(pairs, tally, end):
        return _result(tally, len(everywhere))
    patience = min(end - monotonic(), PATIENCE)
    if symbolic and not found.proved and not found.conventions and patience > 0:
        found.proved = proved(graph, one, other, patience)
    if found.proved or choices is None:
        return found
    apart = deeper(pairs, tally.agreed, end, choices) if symbolic else ""
    if isinstance(apart, Differs):
        return apart
    missed = missed or apart
    return Unknown(missed) if missed else found


def _has_own_edges(pairs: Pairs) -> bool:
    """Say whether the second may lack a value where the first has one: algebra sees none of that.

    A quotient or a power in it is left out: those of derivatives have the same edges.
    """
    graph, [(one, other, inside)] = pairs.graph, pairs.pairs
    first, second = graph.ancestors([one, inside]), graph.ancestors([other])
    return any(
        second[at]
        and not first[at]
        and inputs
        and graph.operations[at] not in {"div", "pow"}
        and graph.row(at).domain is not None
        for at, inputs in enumerate(graph.inputs)
    )


def _apart(pairs: Pairs, tally: Tally, end: float) -> bool:
    """Say whether a difference is found where functions turn, which few points meet."""
    roots = [node for pair in pairs.pairs for node in pair]
    until = monotonic() + SHARE * (end - monotonic())
    found = at_levels(pairs.graph, roots, tally.agreed, until)
    sampled(pairs, found, until, tally)
    tally.late = False
    return tally.value is not None or bool(tally.domains)


def _reach(tally: Tally, pairs: Pairs, choices: Choices, end: float) -> str:
    """Compare at points on sides of choices that none has taken yet; return what is missed.

    They are searched for in a part of the time until ``end``.
    """
    if tally.late or tally.value is not None:
        return ""
    reaching = Reaching(choices, Conditions(choices.graph, []))
    more = reaching.more(tally.reached, monotonic() + SHARE * (end - monotonic()))
    sampled(pairs, more, tally=tally)
    return reaching.missed(tally.reached, tally.void)


def _result(tally: Tally, count: int) -> Equal | Differs | Unknown:
    """Return what a comparison at so many points comes to."""
    if tally.late:
        return Unknown(f"time ran out after {tally.tried} of {count} points")
    if tally.value is not None:
        return tally.value
    if tally.domains:
        return tally.domains[0]
    if tally.agree >= min(FEWEST, count):
        return Equal(tally.agree, tally.conventions[:MOST_CONVENTIONS])
    return tally.conventions[0] if tally.conventions else Unknown("too few points have a value")
