"""Two losses in general: how they are related, and what follows for training."""

from __future__ import annotations

from contextlib import suppress

from backpropcli.errors import SourceError
from backpropcli.proof.compared.answer import EQUAL
from backpropcli.proof.compared.check import related
from backpropcli.proof.compared.follows import follows
from backpropcli.proof.compared.rows import edges, rows
from backpropcli.proof.compared.sizes import at_both

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.proof.compared.answer import Compared, General
    from backpropcli.proof.compared.setting import Setting

    Sizes = Mapping[str, int]


def in_general(
    setting: Setting, found: Compared, timeout: float, posed: Callable[[int], Setting]
) -> Compared:
    """Return ``found`` with how the two are related, after at most ``timeout`` seconds.

    Where letters leave sizes open, they are compared at the other choice too, as ``posed``.
    """
    found.gradients = [
        {name: one.get(name, _zeros(setting.values.get(name))) for name in setting.wrt}
        for one in found.gradients
    ]
    found.general = related(setting, timeout)
    if setting.free:
        found.sizes = [setting.free]
        with suppress(SourceError):  # other sizes do not fit
            other = posed(1)
            both = found.general, related(other, timeout)
            found.sizes.append(other.free)
            found.general = at_both(*both, (setting.free, other.free))
        _leave_open(found.general, setting, found.sizes)
    if found.general.outside:
        from backpropcli.proof.equality.domain import OUTSIDE

        found.warnings.append(OUTSIDE)
        found.bindings, found.values, found.gradients = {}, [], []
    edges(found)
    found.rows = rows(found)
    found.follows = follows(found)
    return found


def _leave_open(found: General, setting: Setting, tried: Sequence[Sizes]) -> None:
    """Leave open on a side of a choice that other sizes would take than were tried."""
    if found.kind not in EQUAL or found.reason:
        return
    from backpropcli.calculus.lower import lower
    from backpropcli.calculus.sizing import typed
    from backpropcli.proof.floats.sizes import Lettered

    alone = [lower(one) for one in setting.assumed if {*one.variables} <= {*setting.free}]
    conditions = [(one.graph, one.outputs[0]) for one in alone]
    sizes = Lettered(typed([setting.text]), setting.values, tried, conditions)
    missed = (sizes.missed(lowered, lowered.outputs) for lowered in setting.lowered)
    found.reason = next((why for why in missed if why), "")
    found.proved = found.proved and not found.reason


def _zeros(value: Any) -> Any:  # noqa: ANN401 (a number or an array)
    """Return the derivative by a variable that a program does not have."""
    if not getattr(value, "shape", ()):
        return 0.0
    import numpy as np

    return np.zeros(value.shape)
