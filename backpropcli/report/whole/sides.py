"""What germs say of the two sides of a point, and what both come to: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from sys import float_info

from mpmath import isfinite, mpf

from backpropcli.arithmetics.germs.balls import agree, real
from backpropcli.arithmetics.germs.germ import Germ
from backpropcli.arithmetics.germs.trouble import (
    Infinite,
    Outside,
    Short,
    Trouble,
    Unbounded,
    Unknown,
)
from backpropcli.report import decimals
from backpropcli.report.decimals import Proved, brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Told = float | dict[str, float | None] | None
"""A number, or those on the "left" and on the "right" where they differ; None for not known."""
INFINITY = mpf("inf")
LEAST, MOST = float_info.min, float_info.max
"""Doubles between these have all their digits."""


@dataclass(frozen=True, slots=True)
class Side:
    """What the expression has just beside the point, on one side.

    ``kind`` is "value", "infinite", "outside" (no value) or "unknown". ``limit`` is the limit
    towards the point, plus or minus infinity of what is infinite, and of a value ``slope`` and
    ``second`` are the one-sided derivatives: numbers, infinities as big floats, or None for
    unknown. ``reason`` says why there is nothing, and ``short`` which derivative longer germs may
    tell: 0 the limit, 1, 2, or 3 for none. What is ``blurred`` more digits may tell.
    """

    kind: str
    limit: Any = None
    slope: Any = None
    second: Any = None
    reason: str = ""
    short: int = 3
    blurred: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """What the expression has at the point.

    ``kind`` is one of

    * "derivative": the value is continuous and the one-sided slopes agree: it is ``slope``,
    * "vertical": the same with an infinite slope,
    * "kink": the value is continuous, the one-sided slopes differ,
    * "gap": the limits agree, and the value at the point is none or another one; ``slope`` is
      that of the continued function, if it has one,
    * "jump": the limits differ, "pole": a side grows without bound,
    * "edge": the expression exists on one side only; ``value`` and ``slope`` are that side's,
    * "nowhere": it exists on neither,
    * "unknown": it cannot be told, ``reason`` says why.

    ``here`` is the value at the point itself, None where there is none, and ``value`` the common
    limit. ``second`` is the second derivative, where both sides agree in it and the kind is
    "derivative". Numbers are big floats. ``sure`` is false where all that is known of numbers
    that should agree is that they are nearly 0, so that a kink too small to see may be there; or
    where more digits may tell what is unknown.
    """

    kind: str
    left: Side
    right: Side
    here: Any = None
    value: Any = None
    slope: Any = None
    second: Any = None
    sure: bool = True
    reason: str = ""

    @property
    def ways(self) -> dict[str, str]:
        """What the expression does without bound at a pole, on each side on which it does.

        It "grows" or "falls"; where only its size is known to grow, it "grows in size".
        """
        words = {INFINITY: "grows", -INFINITY: "falls"}
        return {
            name: words.get(side.limit, "grows in size")
            for name, side in (("left", self.left), ("right", self.right))
            if side.kind == "infinite"
        }

    @property
    def one_sided(self) -> bool:
        """Whether it is without bound on one side, and has values on the other."""
        return "value" in {self.left.kind, self.right.kind}

    @property
    def derivative(self) -> float | None:
        """The double nearest to the derivative; None where there is none that is sure."""
        return nearest(self.slope) if self.kind == "derivative" and self.sure else None


def nearest(number: Any) -> float | None:  # noqa: ANN401 (a number of germs)
    """Return the double nearest to a number of a side or of the whole.

    One that no double holds has a text of its own.
    """
    if number is None:
        return None
    found = real(number)
    return Proved.of(brief(found)) if _beyond(found) else float(found)


def decimal(number: Any, digits: int) -> str:  # noqa: ANN401 (a number of germs)
    """Return a number of a side or of the whole as text, whether a double holds it or not."""
    found = real(number)
    return brief(found, digits) if _beyond(found) else decimals.number(float(found), digits)


def _beyond(number: Any) -> bool:  # noqa: ANN401 (a big float)
    """Say whether a number is too large for a double, or too small to have its digits there."""
    return bool(number and isfinite(number) and not LEAST <= abs(number) <= MOST)


def unknown(reason: str) -> Whole:
    """Return that it cannot be told."""
    side = Side("unknown", reason=reason)
    return Whole("unknown", side, side, reason=reason)


def side_of(germ: Germ | Trouble, sign: int) -> Side:
    """Return what a germ says of its side of the point: -1 for the left, 1 for the right."""
    if isinstance(germ, Unbounded):
        limit = None if germ.limit is None else mpf(germ.limit)
        return Side("infinite", limit, reason=germ.reason)
    if isinstance(germ, Trouble):
        kind = "outside" if isinstance(germ, Outside) else "unknown"
        return _nothing(germ, kind)
    try:
        limit = germ.standard()
    except Infinite as trouble:
        return Side("infinite", INFINITY * germ.sign(), reason=trouble.reason)
    except Unknown as trouble:
        return _nothing(trouble, "unknown")
    slope = _coefficient(germ, 1)
    if slope is None:
        return Side("value", limit, short=1 if germ.order <= 1 else 3)
    curvature = None if isinstance(slope, mpf) else _coefficient(germ, 2)
    if curvature is not None and not isinstance(curvature, mpf):
        curvature = 2 * curvature
    short = 2 if germ.order <= 2 and isfinite(real(slope)) else 3  # noqa: PLR2004
    return Side("value", limit, slope * sign, curvature, short=short)


def _nothing(trouble: Trouble, kind: str) -> Side:
    """Return a side on which there is no number."""
    short = 0 if isinstance(trouble, Short) else 3
    return Side(kind, reason=trouble.reason, short=short, blurred=trouble.blurred)


def _coefficient(germ: Germ, power: int) -> Any:  # noqa: ANN401
    """Return the coefficient of eps^power; infinity where a larger term stands before it."""
    larger = {
        (q, m): number
        for (q, m), number in germ.terms.items()
        if power - 1 < q < power or (q == power and m)
    }
    if larger:
        try:
            return INFINITY * Germ(larger).sign()
        except Unknown:
            return None
    return None if germ.order <= power else germ.terms.get((power, 0), 0)


def conclusion(left: Side, right: Side, here: Germ | Trouble | None) -> Whole:
    """Return what two sides and the value at the point, if there is one, come to."""
    kinds = {left.kind, right.kind}
    try:
        at = here.standard() if isinstance(here, Germ) else None
    except Trouble as trouble:  # more terms are asked for than are known
        at, here = None, trouble
    value = None if at is None else real(at)
    for side in (left, right, here):
        if isinstance(side, Trouble) or (isinstance(side, Side) and side.kind == "unknown"):
            clear = not side.blurred
            return Whole("unknown", left, right, value, sure=clear, reason=side.reason)
    if None in [side.slope for side in (left, right) if side.kind == "value"]:
        reason = "too few terms of its series are known"
        return Whole("unknown", left, right, value, reason=reason)
    if kinds == {"value"}:
        return _two_sided(left, right, at)
    if "infinite" in kinds:
        return Whole("pole", left, right, value)
    return _edge(left, right, at) if "value" in kinds else Whole("nowhere", left, right, value)


def _edge(left: Side, right: Side, at: Any) -> Whole:  # noqa: ANN401 (a number)
    """Return what the one side that there is and the value ``at`` the point come to."""
    side = left if left.kind == "value" else right
    limit, slope = real(side.limit), real(side.slope)
    if at is None:
        return Whole("edge", left, right, None, limit, slope)
    equal, sure = agree(at, side.limit)
    return Whole("edge" if equal else "jump", left, right, real(at), limit, slope, sure=sure)


def _two_sided(left: Side, right: Side, at: Any) -> Whole:  # noqa: ANN401 (a number)
    """Return what two sides with values and slopes and the value ``at`` the point come to."""
    here = None if at is None else real(at)
    equal, sure = agree(left.limit, right.limit)
    if not equal:
        return Whole("jump", left, right, here)
    continuous, alike = (False, True) if at is None else agree(at, right.limit)
    smooth, level = agree(left.slope, right.slope)
    sure = sure and alike and (level or not smooth)
    limit = real(right.limit)
    slope = real(right.slope) if smooth else None
    curvature = None
    if not continuous:
        kind = "gap"
    elif slope is None:
        kind = "kink"
    elif not isfinite(slope):
        kind = "vertical"
    else:
        kind = "derivative"
        curvature = _curvature(left.second, right.second)
    return Whole(kind, left, right, here, limit, slope, curvature, sure=sure)


def _curvature(left: Any, right: Any) -> Any:  # noqa: ANN401 (numbers)
    """Return the second derivative where both sides have the same one."""
    if left is None or right is None or not isfinite(real(right)):
        return None
    return real(right) if agree(left, right)[0] else None
