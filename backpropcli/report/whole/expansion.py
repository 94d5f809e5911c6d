"""The power series that the whole expression has on either side of a point, by germs."""

from __future__ import annotations

from dataclasses import dataclass

from mpmath import mp

from backpropcli.arithmetics.germs.balls import DIGITS, RELATIVE, Ball, agree
from backpropcli.arithmetics.germs.germ import Germ
from backpropcli.arithmetics.germs.trouble import Outside, Trouble, Unknown
from backpropcli.report.whole.along import LARGEST, LENGTHS, MANY, beside, germs_of, numbers_at
from backpropcli.report.whole.sides import Told, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.arithmetics.germs.germ import Exponent
    from backpropcli.graph.graph import Graph

SIDES = {"left": -1, "right": 1}


@dataclass(frozen=True, slots=True)
class Expansion:
    """The coefficients of 1, h, h^2, ... that the whole has beside a point.

    ``ends`` say by side, "left" and "right", why its coefficients end: "" where they do not.
    ``continued`` says that the value at the point itself is none, or not the limit.
    """

    coefficients: list[Told]
    ends: dict[str, str]
    continued: bool = False

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {"taylor": self.coefficients, "ends": self.ends, "continued": self.continued}

    def side(self, name: str) -> list[float]:
        """Return the coefficients of one side, as far as they are known."""
        found: list[float] = []
        for both in self.coefficients:
            number = both[name] if isinstance(both, dict) else both
            if number is None:
                break
            found.append(number)
        return found

    @property
    def smooth(self) -> bool:
        """Whether both sides have all coefficients, and the same ones."""
        return all(isinstance(number, float) for number in self.coefficients)


def expansion(  # noqa: PLR0913 (a function at a point)
    graph: Graph,
    root: int,
    bindings: Mapping[str, Any],
    node: int,
    order: int,
    *,
    typed: bool = False,
) -> Expansion:
    """Return what ``root`` is beside the point for a step h of ``node``, up to h^``order``.

    ``bindings`` are exact: fractions, big floats or floats; or floats that stand for what was
    ``typed``.
    """
    if sum(graph.ancestors([root])) > LARGEST:
        reason = f"the expression has more than {LARGEST:,} operations"
        return Expansion([None] * (order + 1), dict.fromkeys(SIDES, reason))
    lengths = [length for length in LENGTHS if length > order + 1] or [order + 2]
    for count in (DIGITS, MANY):
        with mp.workdps(count):
            for length in lengths:
                numbers = germs_of(length, count, typed)
                given = numbers_at(bindings, numbers)
                at, *germs = beside(graph, root, given, {node: 1}, numbers)
                sides = {
                    name: _side(germ, sign, order)
                    for (name, sign), germ in zip(SIDES.items(), germs, strict=True)
                }
                if all(settled for *_, settled in sides.values()):
                    break
            found = _of_both(at, sides, order)
        if all(settled for *_, settled in sides.values()):
            break
    return found


def _side(germ: Germ | Trouble, sign: int, order: int) -> tuple[list[Any], str, bool]:
    """Return a side's coefficients up to h^``order``, why there are no more, and if that is sure.

    What is not sure may be told by longer germs, or with more digits.
    """
    if isinstance(germ, Trouble):
        outside = isinstance(germ, Outside)
        return [], "it has no value there" if outside else _open(germ.reason), outside
    found: list[Any] = []
    broken = min(
        [power for power in germ.terms if power[0].denominator > 1 or power[0] < 0 or power[1]],
        key=lambda power: (power[0], -power[1]),
        default=None,
    )
    for power in range(order + 2):  # and what is left out is O(h^(order + 1)), or is told
        if broken is not None and broken[0] <= power:
            try:
                bool(germ.terms[broken])
            except Unknown as trouble:
                return found, _open(trouble.reason), False
            return found, _end(*broken, falls=_falls(germ)), True
        if germ.order <= power:
            return found, _open("too few terms of its series are known"), False
        if power > order:
            break
        number = germ.terms.get((power, 0), 0)
        if isinstance(number, Ball) and number.radius > abs(number.middle) * RELATIVE:
            return found, _open("a number is 0 but for what rounding may have lost"), False
        found.append(number * sign**power)
    return found, "", True


def _open(reason: str) -> str:
    return f"not known ({reason})"


def _falls(germ: Germ) -> bool:
    """Say whether a germ is known to be negative."""
    try:
        return germ.sign() < 0
    except Unknown:
        return False


def _end(power: Exponent, logs: int, *, falls: bool) -> str:
    """Return which term of a germ is none of a power series."""
    if power < 0 or (power == 0 and logs):
        return f"it {'falls' if falls else 'grows'} without bound"
    step = f"|h|^{power}" if power.denominator == 1 else f"|h|^({power})"
    step = "|h|" if power == 1 else step
    log = f"*log(|h|)^{logs}" if logs > 1 else "*log(|h|)" if logs else ""
    return f"a term in {step}{log}"


def _of_both(
    at: Any,  # noqa: ANN401 (a germ, Trouble, or None)
    sides: dict[str, tuple[list[Any], str, bool]],
    order: int,
) -> Expansion:
    """Return what both sides and the value ``at`` the point come to."""
    coefficients: list[Told] = []
    for power in range(order + 1):
        here = {
            name: found[power] if power < len(found) else None
            for name, (found, *_) in sides.items()
        }
        left, right = here.values()
        if left is not None and right is not None and agree(left, right)[0]:
            coefficients.append(nearest(right))
        elif left is None and right is None:
            coefficients.append(None)
        else:
            coefficients.append({name: nearest(number) for name, number in here.items()})
    try:
        value = at.standard() if isinstance(at, Germ) and not at.infinite else None
        known = not isinstance(at, Unknown)
    except Unknown:  # what cancels there leaves too few terms
        value, known = None, False
    limits = [found[0] for found, *_ in sides.values() if found]
    continued = (
        known
        and bool(limits)
        and (value is None or not any(agree(value, limit)[0] for limit in limits))
    )
    return Expansion(coefficients, {name: end for name, (_, end, _) in sides.items()}, continued)
