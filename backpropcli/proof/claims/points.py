"""Points of claims: those that values give, and those that are told, as people type them."""

from __future__ import annotations

from fractions import Fraction

from mpmath import mp

from backpropcli.arithmetics import balls
from backpropcli.arithmetics.balls.ball import Ball
from backpropcli.calculus.bindings.typed import Spelled, Typed
from backpropcli.calculus.forward import forward
from backpropcli.proof.claims.answer import Seen
from backpropcli.proof.points import coordinate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.equality import Differs
    from backpropcli.proof.points import Point

DEEP = 60
"""Working digits for numbers as they were typed."""


def seen(kind: str, posed: Posed, differs: Differs) -> Seen:
    """Return what is seen at a point where a claim differs."""
    place = posed.place(differs.pair)
    arrays = {name.partition("[")[0] for name in differs.point}
    names = [*posed.problem.graph.variables()]  # of all elements, whether a pair rests on them
    names = [name for name in names if name in differs.point or name.partition("[")[0] in arrays]
    point = gathered({name: coordinate(differs.point.get(name, Fraction(0))) for name in names})
    element = _element(posed.claim.target.title, place) if place else ""
    return Seen(kind, point, differs.right, differs.left, element)


def gathered(point: Mapping[str, str]) -> dict[str, Any]:
    """Return a point's coordinates with the elements of an array as nested lists."""
    found: dict[str, Any] = {}
    for name, number in point.items():
        base, _, place = name.partition("[")
        if not place:
            found[base] = number
            continue
        *outer, last = map(int, place[:-1].split(","))
        rows = found.setdefault(base, [])
        for at in outer:
            if at == len(rows):
                rows.append([])
            rows = rows[at]
        assert last == len(rows)  # noqa: S101 (elements come in row-major order)
        rows.append(number)
    return found


def _element(title: str, place: tuple[int, ...]) -> str:
    from backpropcli.calculus.elements import element  # noqa: PLC0415 (NumPy: only with arrays)

    return element(title, place)


def point_of(bindings: Mapping[str, Any], names: Sequence[str]) -> Point | None:
    """Return the point that values give, in exact numbers; None where one has none.

    An element of an array has the name of a variable, x[0]. What was typed is taken as typed.
    """
    found: dict[str, Any] = {}
    for name in names:
        base, _, place = name.partition("[")
        if base not in bindings:
            return None
        value = bindings[base]
        if place:
            value = float(value[tuple(map(int, place[:-1].split(",")))])
        number = _exact(value)
        if number is None:
            return None
        found[name] = number
    return found


def _exact(value: float) -> Fraction | None:
    """Return a value as it was typed; None for what is not finite."""
    if value - value != 0:
        return None
    if isinstance(value, Typed):
        with mp.workdps(DEEP):
            number = forward(value.graph, balls, {})[value.root]
        if isinstance(number, Fraction):
            return number
        assert isinstance(number, Ball)  # noqa: S101 (for mypy)
        return Fraction(str(mp.nstr(number.middle, DEEP)))
    typed = value.text if isinstance(value, Spelled) else repr(float(value))
    return Fraction(typed.replace("_", ""))
