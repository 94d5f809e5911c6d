"""How two programs are related at two choices of the sizes that letters leave open."""

from __future__ import annotations

from backpropcli.proof.compared.answer import (
    CONSTANT,
    DIFFERENT,
    DIFFERS,
    IDENTICAL,
    KINDS,
    OPPOSITE,
    PROPORTIONAL,
    SAME,
)
from backpropcli.proof.letters import term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.compared.answer import General
    from backpropcli.proof.letters import Sizes

FACTORS, SUMMANDS = {IDENTICAL: "1", OPPOSITE: "-1"}, {IDENTICAL: "0"}
"""What the factor between gradients is, and the constant between values, by kinds without one."""


def at_both(one: General, other: General, sizes: tuple[Sizes, Sizes]) -> General:
    """Return how two programs are related at both choices of ``sizes``: no closer than at either.

    A constant or a factor that goes with the sizes is written with their letters, if it can be.
    """
    better, worse = sorted((one, other), key=lambda found: KINDS.index(found.kind))
    worse.proved = one.proved and other.proved
    worse.points = min(one.points, other.points)
    worse.reason = worse.reason or better.reason
    worse.exceptions += better.exceptions
    for name, status in better.by.items():
        if status != SAME and worse.by[name] == SAME:
            worse.by[name] = status
    for terms, kind in ((FACTORS, PROPORTIONAL), (SUMMANDS, CONSTANT)):
        if {one.kind, other.kind} <= {*terms, kind} and kind in {one.kind, other.kind}:
            texts = [terms.get(found.kind, found.term) for found in (one, other)]
            worse.term = texts[0] if texts[0] == texts[1] else term(texts, sizes)
            signs = {1 if found.kind == IDENTICAL else found.sign for found in (one, other)}
            worse.sign = signs.pop() if len(signs) == 1 else 0
            worse.kind = kind
            return worse
    if one.kind != other.kind and worse.verdict == "disagrees":
        worse.kind, worse.value, worse.term, worse.sign = DIFFERENT, DIFFERS, "", 0
    return worse
