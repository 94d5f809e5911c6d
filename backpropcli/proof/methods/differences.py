"""Derivatives that need no rule: differences, the complex step, the order of Taylor's remainder.

All are in many digits, where no rounding hides a step that is too large: what is an error of the
step falls as the step does (Richardson), and what does not fall is no error of the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mpmath import mp, mpf

from backpropcli.proof.methods.found import AGREES, DIFFERS, ENDLESS, NONE, UNKNOWN, Cell
from backpropcli.proof.methods.levels import SPARE, Level, Slope
from backpropcli.report.digits.numbers import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Any

LEVELS = ((110, mpf(10) ** -20), (400, mpf(10) ** -90), (2100, mpf(10) ** -420))
"""Digits, and the largest step as a part of the variable: the next where one is not enough.

The last step is smaller than what any two doubles are apart: so is what it sees of a kink.
"""
AGREE = 40
FADES, STAYS = mpf(10) ** -6, mpf(10) ** -3
"""An error of the step is smaller than this part of itself with the next level; others stay."""
GROWS = mpf(10) ** 6
TAYLOR = ((1, mpf(10) ** -30), (2, mpf(10) ** -420))
"""Levels of the Taylor test, and its steps."""


def compared(reverse: Callable[[int], Value], slope: Callable[[int], Slope]) -> Cell:
    """Hold what a method finds against reverse mode, both by the level.

    It differs only where the difference stays as the step falls, and is no rounding.
    """
    before: tuple[Value, Value, Value] | None = None
    text, digits = "", 0
    for level, (count, _) in enumerate(LEVELS):
        with mp.workdps(count):
            ours, there = reverse(level), slope(level)
            value = there.value
            if not (mp.isfinite(value) and mp.isfinite(ours)):
                return Cell(NONE, reason=ENDLESS)
            off, whole = abs(value - ours), max(abs(value), abs(ours))
            digits, text = agreed(off, whole), shown(value)
            if digits >= AGREE and (whole or not there.noise or level == len(LEVELS) - 1):
                return Cell(AGREES, AGREE, text)
            if before is not None and whole <= there.noise and whole <= FADES * before[2]:
                return Cell(AGREES, AGREE, "0.0")  # both are 0, but for rounding
            if before is not None and off > there.noise:
                if off <= FADES * before[0]:
                    faded = AGREE if not ours else digits
                    if level == len(LEVELS) - 1 or faded >= AGREE:
                        return Cell(AGREES, faded, text)
                elif level == len(LEVELS) - 1:
                    return _last(there, before[1], off, Cell(DIFFERS, digits, text))
            before = off, value, whole
    return Cell(UNKNOWN, digits, text, "not steady")


def _last(there: Slope, before: Value, off: Value, differs: Cell) -> Cell:
    """Return what is found where a difference does not fall with the step of the last level.

    Steps that are longer than the waves of what oscillates give next to nothing, and more the
    shorter they are: that is no slope.
    """
    size = abs(there.value)
    still = there.steady <= STAYS * size or size <= abs(before)
    if still and abs(there.value - before) <= STAYS * off:
        return differs
    grows = size > GROWS * abs(before) and not still
    return Cell(UNKNOWN, None, "", "grows as the step falls" if grows else "not steady")


def agreed(off: Value, whole: Value) -> int:
    """Return in how many digits two numbers agree, of 40: by how far they are apart."""
    if not off:
        return AGREE
    return int(max(0, min(AGREE, -mp.log10(off / whole))))


def order(level: Level, node: int, direction: Value, first: Value) -> float | None:
    """Return the power of the step with which f(x + h*v) - f(x) - h*g*v falls; None if unclear.

    It is infinite where nothing remains but rounding.
    """
    passes, slope = level.passes, level.reverse(node, direction)
    nodes = passes.moving(node)
    rests = []
    for turn in range(2):
        step = first / 2**turn
        moved = passes.moved({node: passes.values[node] + step * direction}, nodes)
        rests.append(abs(passes.output(moved) - passes.output({}) - step * slope))
    if not all(map(mp.isfinite, rests)):
        return None
    noise = level.noise(nodes) + SPARE * mpf(10) ** -level.digits * abs(slope * step)
    if max(rests) <= noise:
        return None if 0 < abs(slope * step) <= noise else float("inf")
    return None if min(rests) <= noise else float(mp.log(rests[0] / rests[1], 2))


def unit_of(value: Value, direction: Value) -> Value:
    """Return the size of a variable: a step is a part of it. 1 along a direction, and at 0.

    What is not finite has none, and may be in a branch that is not taken.
    """
    if hasattr(value, "ravel") or direction != 1 or not value or not mp.isfinite(value):
        return mpf(1)
    return abs(value)
