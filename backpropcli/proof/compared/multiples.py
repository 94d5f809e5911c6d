"""The constant between two values, and the factor between gradients, in floats."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from backpropcli.graph.graph import LEAVES
from backpropcli.proof.compared.answer import (
    CONSTANT,
    CONSTANT_APART,
    OPPOSITE,
    PROPORTIONAL,
    SCALED,
    General,
)
from backpropcli.proof.equality.coordinates import coordinate
from backpropcli.proof.floats.alike import ratio_of
from backpropcli.proof.floats.apart import BEYOND
from backpropcli.report.decimals import factor, number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropcli.proof.compared.floats import Floats, Here


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


def constant_in(found: General, floats: Floats, finite: list[Here]) -> None:
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


def factor_in(found: General, floats: Floats, finite: list[Here]) -> None:
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
