"""Two losses compared, in a process of its own and within a time limit."""

from __future__ import annotations

from time import monotonic

from backpropcli.errors import BackpropError
from backpropcli.proof.compared.answer import TOO_LATE, UNKNOWN, General
from backpropcli.proof.worker import LATE, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.proof.compared.setting import Setting

SHARE = 0.9
"""How much of the time the comparison may take."""


def related(setting: Setting, timeout: float) -> General:
    """Return how two programs are related, after at most ``timeout`` seconds."""
    news = [General(setting.wrt)]
    why = worked(_related, (setting, timeout), timeout, news.append)
    if why and news[-1].kind == UNKNOWN:
        news[-1].reason = news[-1].reason or (TOO_LATE if why == LATE else f"the comparison {why}")
    return news[-1]


def _related(setting: Setting, timeout: float) -> Iterator[General]:
    """Yield what is found, and more of it as it comes."""
    from backpropcli.proof.compared.posed import Both
    from backpropcli.proof.compared.relate import Relations
    from backpropcli.proof.compared.work import RULED, Work
    from backpropcli.proof.equality.domain import Where, point_of

    begin = monotonic()
    found = General(setting.wrt)
    try:
        both = (
            None
            if setting.is_large or _is_ruled(setting, begin + timeout * RULED)
            else Both(setting.programs, setting.values, setting.wrt, setting.assumed)
        )
        if both is None or both.placed:
            from backpropcli.proof.compared.sampled import related_in_floats

            yield from related_in_floats(setting, begin + timeout * SHARE)
            return
        names = [*both.graph.variables()]
        point = point_of(setting.point, names)
        held = [name for name in names if name.partition("[")[0] in setting.places]
        fixed = point_of(setting.values, held) or {}
        where = Where(setting.ranges, point, setting.count, fixed)
        where.confine(both.graph, both.conditions)
        found.outside = where.outside
        work = Work(Relations(both, where), found, begin, timeout * SHARE)
        if where.point is not None:
            work.at(where.point)
            yield found
        yield from work.general()
    except BackpropError as error:
        found.reason = error.message
        yield found


def _is_ruled(setting: Setting, deadline: float) -> bool:
    """Say whether a rule that maps adjoints means another derivative than its body's."""
    if not setting.mapping:
        return False
    from backpropcli.arithmetics.arrays.floats import FLOATS
    from backpropcli.calculus.forward import forward
    from backpropcli.proof.arrays.held import disagreeing

    for lowered in setting.mapping:
        graph = lowered.graph
        values = {name: setting.values[name] for name in graph.variables()}
        if any(disagreeing(graph, forward(graph, FLOATS, values), deadline)):
            return True
    return False
