"""Two losses in general: how they are related, and what follows for training."""

from __future__ import annotations

from contextlib import suppress

from backpropcli.errors import SourceError
from backpropcli.proof.compared.answer import (
    CONSTANT,
    DIFFERENT,
    DIFFERS,
    EQUAL,
    IDENTICAL,
    KINDS,
    OPPOSITE,
    PROPORTIONAL,
    SAME,
)
from backpropcli.proof.compared.check import related
from backpropcli.proof.compared.follows import follows
from backpropcli.proof.compared.rows import edges, rows, zeros
from backpropcli.proof.letters import term
from backpropcli.report.elements import shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.proof.compared.answer import Compared, General
    from backpropcli.proof.compared.setting import Setting
    from backpropcli.proof.letters import Sizes

FACTORS, SUMMANDS = {IDENTICAL: "1", OPPOSITE: "-1"}, {IDENTICAL: "0"}
"""What the factor between gradients is, and the constant between values, by kinds without one."""


def in_general(
    setting: Setting, found: Compared, timeout: float, posed: Callable[[int], Setting]
) -> Compared:
    """Return ``found`` with how the two are related, after at most ``timeout`` seconds.

    Where letters leave sizes open, they are compared at the other choice too, as ``posed``.
    """
    found.gradients = [
        {name: one.get(name, zeros(shape_of(setting.values.get(name)))) for name in setting.wrt}
        for one in found.gradients
    ]
    found.general = related(setting, timeout)
    if setting.free:
        found.sizes = [setting.free]
        with suppress(SourceError):  # other sizes do not fit
            other = posed(1)
            both = found.general, related(other, timeout)
            found.sizes.append(other.free)
            found.general = _at_both(*both, (setting.free, other.free))
        _leave_open(found.general, setting, found.sizes)
    if found.general.outside:
        from backpropcli.proof.equality.domain import OUTSIDE

        found.warnings.append(OUTSIDE)
        found.bindings, found.values, found.gradients = {}, [], []
    edges(found)
    found.rows = rows(found)
    found.follows = follows(found)
    return found


def _at_both(one: General, other: General, sizes: tuple[Sizes, Sizes]) -> General:
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


def _leave_open(found: General, setting: Setting, tried: Sequence[Sizes]) -> None:
    """Leave open on a side of a choice that other sizes would take than were tried."""
    if found.kind not in EQUAL or found.reason:
        return
    from backpropcli.calculus.lower import lower
    from backpropcli.calculus.sizing import typed
    from backpropcli.proof.floats.sizes import Lettered

    alone = [lower(one) for one in setting.assumed if {*one.variables} <= {*setting.free}]
    conditions = [(one.graph, node) for one in alone for node in one.outputs]
    sizes = Lettered(typed([setting.text]), setting.values, tried, conditions)
    missed = (sizes.missed(lowered, lowered.outputs) for lowered in setting.lowered)
    found.reason = next((why for why in missed if why), "")
    found.proved = found.proved and not found.reason
