"""How two losses are related, by what floats have at random points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.elements import each_place, element
from backpropcli.proof.compared.answer import (
    AT_EDGE,
    AT_KINK,
    DIFFERENT,
    DIFFERS,
    EDGE,
    GRADIENTS,
    IDENTICAL,
    KINK,
    NOWHERE,
    OPEN,
    SAME,
    SMALLER,
    TOO_FEW,
    TOO_LATE,
    VALUE,
    General,
    Seen,
)
from backpropcli.proof.compared.floats import Floats, Here
from backpropcli.proof.compared.multiples import FEW, FEWEST, constant_in, factor_in
from backpropcli.proof.floats.apart import OPEN as UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.proof.compared.setting import Setting

    Value = Any

TOLD = 60
"""Numbers of a point that is told."""
ALONE = "only one of the two is finite at many points: --range or --assume says where"


def related_in_floats(setting: Setting, deadline: float) -> Iterator[General]:
    """Yield how two programs are related, and more of it as it is found, by a ``deadline``."""
    found = General(setting.wrt)
    found.in_floats = True
    floats = Floats(setting)
    given = floats.at(floats.given, deadline) if setting.is_bound else None
    if given is not None:
        found.at_value, found.at_gradient = given.value, given.by
        yield found
    every: list[Here] = []
    late = False
    for kind, point in _points(floats, every, deadline):
        here = floats.at(point, deadline)
        late = here is None
        if here is None:
            break
        here.kind = kind
        every.append(here)
    _relate(found, floats, every)
    if found.kind in {IDENTICAL, GRADIENTS}:
        _doubts(found, every)
        if not found.reason and floats.missed:
            found.reason = floats.missed
    elif found.gradient == OPEN:
        unclear = any(OPEN in _statuses(one) for one in every if one.finite)
        found.reason = (
            TOO_LATE + SMALLER if late else UNCLEAR if unclear else TOO_FEW if every else NOWHERE
        )
    yield found


def _points(
    floats: Floats, every: list[Here], deadline: float
) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Yield points with their kinds: at last on sides of choices that none of ``every`` takes."""
    yield from floats.points()
    for point in floats.more([one.point for one in every if one.finite], deadline):
        yield "random", point
    for reached in floats.reached:
        for one in every:
            if one.finite:
                reached.take(one.point)


def _statuses(here: Here) -> set[str]:
    return {one.status for one in here.by.values()}


def _relate(found: General, floats: Floats, every: list[Here]) -> None:
    """Take in what points tell."""
    finite = [one for one in every if one.finite]
    least = min(FEWEST, floats.setting.count or FEWEST)
    for name in found.by:
        found.by[name] = _in_all([one.by[name].status for one in finite], least)
    found.value = _in_all([one.value.status for one in finite], least)
    found.points = sum(_statuses(one) <= {SAME, KINK} for one in finite)
    found.seen = [*_seen(floats, finite)]
    if found.gradient == SAME:
        found.kind = IDENTICAL if found.value == SAME else GRADIENTS
        if found.value == DIFFERS:
            constant_in(found, floats, finite)
    elif found.gradient == DIFFERS:
        found.kind = DIFFERENT
        factor_in(found, floats, finite)


def _in_all(statuses: list[str], least: int) -> str:
    """Return what all points together say."""
    if DIFFERS in statuses:
        return DIFFERS
    return SAME if statuses.count(SAME) >= least and OPEN not in statuses else OPEN


def _seen(floats: Floats, finite: list[Here]) -> Iterator[Seen]:
    """Yield the first difference of the values, and of each derivative."""
    for place, of in enumerate(["", *floats.wrt]):
        for here in finite:
            at = here.by[of] if of else here.value
            if at.status == DIFFERS:
                one, other = here.results[2 * place : 2 * place + 2]
                where = [*each_place(one.shape)][at.element]
                what = f"d/d{element(of, where)}" if of else VALUE
                point = _told(here.point)
                kind = "counterexample" if point else here.kind
                yield Seen(kind, what, point, repr(float(one[where])), repr(float(other[where])))
                break


def _told(point: Mapping[str, Value]) -> dict[str, Any]:
    """Return a point as texts; nothing of many numbers."""
    if sum(np.size(value) for value in point.values()) > TOLD:
        return {}
    return {name: np.vectorize(_text)(value).tolist() for name, value in point.items()}


def _text(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _doubts(found: General, every: list[Here]) -> None:
    """Say what keeps equal gradients from being the answer."""
    alone = sum(one.alone for one in every)
    if found.at == KINK:
        found.reason = AT_KINK
    elif found.at == EDGE:
        found.reason = AT_EDGE
    elif alone > FEW * len(every):
        found.reason = ALONE
