"""How two losses are related, by what floats have at random points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.elements import each_place, element
from backpropcli.graph.graph import LEAVES
from backpropcli.proof.arrays.apart import BEYOND
from backpropcli.proof.claims.diagnosis.scale import fraction_of, ratio_of
from backpropcli.proof.compared.answer import (
    AT_EDGE,
    AT_KINK,
    CONSTANT,
    CONSTANT_APART,
    DIFFERENT,
    DIFFERS,
    EDGE,
    GRADIENTS,
    IDENTICAL,
    KINK,
    LATE,
    OPEN,
    OPPOSITE,
    PROPORTIONAL,
    SAME,
    SCALED,
    VALUE,
    General,
    Seen,
)
from backpropcli.proof.compared.floats import Floats, Here
from backpropcli.proof.points import coordinate
from backpropcli.report.decimals import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.proof.compared.setting import Setting

    Value = Any

FEWEST, FEW = 4, 0.1
"""Points that have to agree; and the share of those where one alone is finite that is no edge."""
CLOSE = 1e-9
"""How near numbers are that are taken for equal, for their size."""
TOLD = 60
"""Numbers of a point that is told."""
UNCLEAR = "in floats the two are neither equal nor clearly apart"
TOO_FEW = "too few points have a gradient of both: --range says where"
NOWHERE = "no point that was tried meets the assumptions: --range says where"
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
    for point in floats.points():
        here = floats.at(point, deadline)
        late = here is None
        if here is None:
            break
        every.append(here)
    _relate(found, floats, every)
    if found.kind in {IDENTICAL, GRADIENTS}:
        _doubts(found, every)
    elif found.gradient == OPEN:
        unclear = any(OPEN in _statuses(one) for one in every if one.finite)
        found.reason = LATE if late else UNCLEAR if unclear else TOO_FEW if every else NOWHERE
    yield found


def _statuses(here: Here) -> set[str]:
    return {one.status for one in here.by.values()}


def _relate(found: General, floats: Floats, every: list[Here]) -> None:
    """Take in what points tell."""
    finite = [one for one in every if one.finite]
    least = min(FEWEST, floats.setting.count or FEWEST)
    for name in found.by:
        found.by[name] = _in_all([one.by[name].status for one in finite], least)
    found.value = _in_all([one.value.status for one in finite], least)
    found.gradient = next(one for one in (DIFFERS, OPEN, SAME) if one in {*found.by.values()})
    found.points = sum(_statuses(one) <= {SAME, KINK} for one in finite)
    found.seen = [*_seen(floats, finite)]
    if found.gradient == SAME:
        found.kind = IDENTICAL if found.value == SAME else GRADIENTS
        if found.value == DIFFERS:
            _constant(found, finite)
    elif found.gradient == DIFFERS:
        found.kind = DIFFERENT
        _factor(found, floats, finite)


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
                far = "point" if here is finite[0] and floats.setting.is_bound else "random"
                kind = "counterexample" if point else far
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


def _constant(found: General, finite: list[Here]) -> None:
    """Look for the one number that the first value has over the second."""
    gaps = [float(one.results[0] - one.results[1]) for one in finite]
    blurs = [float(np.hypot(*one.blurred.explains[:2])) for one in finite]
    if all(abs(gap - gaps[0]) <= blur + blurs[0] for gap, blur in zip(gaps, blurs, strict=True)):
        found.kind, found.value = CONSTANT, CONSTANT_APART
        found.term, found.number = _number(gaps[0]), True


def _number(value: float) -> str:
    """Return a number as text: a short fraction, or rounded."""
    exact = fraction_of(value)
    near = abs(float(exact) - value) < CLOSE * abs(value)
    return coordinate(exact) if near else f"≈ {number(value)}"


def _factor(found: General, floats: Floats, finite: list[Here]) -> None:
    """Look for what the first gradient is times the second."""
    moving = [one for one in finite if any(slope.any() for slope in one.results[2:])]
    ratios = []
    for one in moving:
        sides = [np.concatenate([np.ravel(slope) for slope in one.results[at::2]]) for at in (2, 3)]
        ratio = ratio_of(*sides)
        if ratio is None or not _fits(one, ratio):
            return
        ratios.append(ratio)
    if len(ratios) < FEWEST:
        return
    if all(abs(one - ratios[0]) <= CLOSE * abs(ratios[0]) for one in ratios):
        found.term, found.number = _number(ratios[0]), True
    else:
        found.term = _named(floats, moving, ratios)
    if not found.term:
        return
    found.kind = OPPOSITE if found.term == "-1" else PROPORTIONAL
    found.sign = (max(ratios) > 0) - (min(ratios) < 0)
    pairs = zip(moving, ratios, strict=True)
    if all((one.blurred.times(0, 1, ratio) <= BEYOND).all() for one, ratio in pairs):
        found.value = SCALED


def _fits(here: Here, ratio: float) -> bool:
    """Say whether each element of the first derivatives is so many times that of the second."""
    places = range(2, len(here.results), 2)
    return all((here.blurred.times(at, at + 1, ratio) <= BEYOND).all() for at in places)


def _named(floats: Floats, moving: list[Here], ratios: list[float]) -> str:
    """Return a number of the programs that is the factor everywhere, or its inverse; "" if none."""
    for side in floats.sides:
        below = side.graph.ancestors([side.lowered.outputs[0]])
        moved = bytearray(len(side.graph))
        for node, inputs in enumerate(side.graph.inputs):
            moved[node] = node in side.by.values() or any(moved[child] for child in inputs)
        every = [side.values(one.point) for one in moving]
        for node, operation in enumerate(side.graph.operations):
            if moved[node] or not below[node] or operation in LEAVES[:2]:
                continue
            values = [one[node] for one in every]
            if any(np.shape(value) or not value for value in values):
                continue
            text = side.lowered.text(node)
            for term, factors in (
                (text, values),
                (
                    f"1/{text}" if text.isidentifier() else f"1/({text})",
                    [1 / one for one in values],
                ),
            ):
                pairs = zip(factors, ratios, strict=True)
                if all(abs(one - ratio) <= CLOSE * abs(ratio) for one, ratio in pairs):
                    return term
    return ""
