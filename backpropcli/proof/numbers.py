"""Numbers of many digits: when two agree, what is rounding noise, and how they are shown."""

from __future__ import annotations

from mpmath import mp, mpf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

AGREE, STEADY, SHOWN = 40, 45, 40
NEAREST = 17.0
"""The digits of a float that is the double nearest to the truth."""
PRECISIONS = (60, 90, 180, 360, 960)
NOTHING = mpf(10) ** -340
"""Less than this is 0: no double can tell, and SymPy's forms may cancel to it."""


def same(first: Any, second: Any, count: int) -> bool:  # noqa: ANN401 (mpmath has no types)
    """Say whether two numbers agree in ``count`` digits."""
    if first == second or (abs(first) < NOTHING and abs(second) < NOTHING):
        return True
    return bool(abs(first - second) <= mpf(10) ** -count * max(abs(first), abs(second)))


def noise(precision: int) -> Any:  # noqa: ANN401
    """Return what part of its terms a sum is 0 below, at a precision of so many digits."""
    return mpf(10) ** (PRECISIONS[0] - STEADY - precision)


def shown(number: Any, count: int = SHOWN) -> str:  # noqa: ANN401
    """Return a number with so many digits, fewer where the rest are 0."""
    return str(mp.nstr(number, count, min_fixed=-5, max_fixed=17))


def accuracy(result: float, truth: Any) -> float:  # noqa: ANN401
    """Return how many decimal digits of ``result`` are right; 17 for the double nearest."""
    if float(truth) == result:
        return NEAREST
    if truth == 0 or mp.isinf(result) or mp.isnan(result):
        return 0.0
    error = abs((mpf(result) - truth) / truth)
    return float(max(0.0, min(NEAREST, -mp.log10(error))))
