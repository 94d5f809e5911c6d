"""How two losses are related, by what floats have at random points."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.elements import each_place, element
from backpropcli.graph.graph import LEAVES
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
    NOWHERE,
    OPEN,
    OPPOSITE,
    PROPORTIONAL,
    SAME,
    SCALED,
    SMALLER,
    TOO_FEW,
    TOO_LATE,
    VALUE,
    General,
    Seen,
)
from backpropcli.proof.compared.floats import Floats, Here
from backpropcli.proof.equality.coordinates import coordinate
from backpropcli.proof.floats.alike import ratio_of
from backpropcli.proof.floats.apart import BEYOND
from backpropcli.proof.floats.apart import OPEN as UNCLEAR
from backpropcli.report.decimals import factor, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from backpropcli.proof.compared.setting import Setting

    Value = Any

FEWEST, FEW = 4, 0.1
"""Points that have to agree; and the share of those where one alone is finite that is no edge."""
CLOSE, SURE, LARGEST = 1e-9, 1e-12, 10_000
"""How near numbers are that are taken for equal, or for a fraction with such a denominator."""
FACTORS: dict[str, Callable[[float], float]] = {
    "{}": lambda x: x,
    "1/{}": lambda x: 1 / x,
    "{}^2": lambda x: x * x,
    "1/{}^2": lambda x: 1 / (x * x),
}
SUMMANDS: dict[str, Callable[[float], float]] = {"{}": lambda x: x, "-{}": lambda x: -x}
"""Forms in which a number of the programs is a factor, and a constant."""
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
    found.gradient = next(one for one in (DIFFERS, OPEN, SAME) if one in {*found.by.values()})
    found.points = sum(_statuses(one) <= {SAME, KINK} for one in finite)
    found.seen = [*_seen(floats, finite)]
    if found.gradient == SAME:
        found.kind = IDENTICAL if found.value == SAME else GRADIENTS
        if found.value == DIFFERS:
            _constant(found, floats, finite)
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


def _constant(found: General, floats: Floats, finite: list[Here]) -> None:
    """Look for what the first value has over the second: a number, or what does not move."""
    gaps = [float(one.results[0] - one.results[1]) for one in finite]
    blurs = [float(np.hypot(*one.blurred.explains[:2])) for one in finite]
    if all(abs(gap - gaps[0]) <= blur + blurs[0] for gap, blur in zip(gaps, blurs, strict=True)):
        found.term, found.number = _number(gaps[0], blurs[0]), True
    else:
        found.term = _named(floats, finite, gaps, blurs, SUMMANDS)
    if found.term:
        found.kind, found.value = CONSTANT, CONSTANT_APART


def _number(value: float, blur: float, text: Callable[[float], str] = number) -> str:
    """Return a number as text: a short fraction, if one is as near as ``blur``, or rounded."""
    exact = Fraction(value).limit_denominator(LARGEST)
    near = abs(float(exact) - value) <= min(blur, CLOSE * abs(value))
    return coordinate(exact) if near else f"≈ {text(value)}"


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
    blurs = [CLOSE * abs(one) for one in ratios]
    if all(abs(one - ratios[0]) <= blurs[0] for one in ratios):
        found.term, found.number = _number(ratios[0], SURE * abs(ratios[0]), factor), True
    else:
        found.term = _named(floats, moving, ratios, blurs, FACTORS)
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


def _named(
    floats: Floats,
    every: list[Here],
    wanted: list[float],
    blurs: list[float],
    forms: Mapping[str, Callable[[float], float]],
) -> str:
    """Return a number of the programs that is what is ``wanted`` everywhere, in one of some forms.

    It is "" if there is none. Nothing in it moves with what is differentiated by.
    """
    for side in floats.sides:
        moved = bytearray(len(side.graph))
        for node, inputs in enumerate(side.graph.inputs):
            moved[node] = node in side.by.values() or any(moved[child] for child in inputs)
        values = [side.values(one.point) for one in every]
        for node, operation in enumerate(side.graph.operations):
            numbers = [one[node] for one in values]
            if moved[node] or operation in LEAVES[:2] or any(map(np.shape, numbers)):
                continue
            for form, make in forms.items() if all(numbers) else ():
                made = zip(map(make, numbers), wanted, blurs, strict=True)
                if all(abs(one - other) <= blur for one, other, blur in made):
                    text, row = side.lowered.text(node), side.graph.table.get(operation)
                    joined = row is not None and (row.infix is not None or operation == "neg")
                    return form.format(f"({text})" if joined and form != "{}" else text)
    return ""
