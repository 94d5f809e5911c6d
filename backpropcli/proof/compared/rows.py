"""The two programs side by side at the point, as rows of a table."""

from __future__ import annotations

from backpropcli.calculus.bindings import is_finite
from backpropcli.proof.compared.answer import (
    AT_EDGE,
    DIFFERS,
    EDGE,
    EQUAL,
    KINK,
    OPEN,
    SAME,
    VALUE,
    At,
    Row,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.proof.compared.answer import Compared


def edges(found: Compared) -> None:
    """Tell where floats alone say that one gradient is finite at the point, and the other is not.

    Balls leave it open what hypot(x, y) has at 0.
    """
    general = found.general
    for name in found.wrt if found.gradients else ():
        at = general.at_gradient.get(name)
        first, second = (is_finite(gradient[name]) for gradient in found.gradients)
        if first and second and at is not None and at.status == EDGE:
            _smooth(found, name)  # a pole inside of what is smooth, as of norm(x)^2 at 0
        if first != second and (at is None or at.status == OPEN):
            general.at_gradient[name] = At(EDGE)
            if general.kind in EQUAL:
                general.reason = general.reason or AT_EDGE


def _smooth(found: Compared, name: str) -> None:
    """Let a derivative be what both gradients say that are finite at the point."""
    general = found.general
    one, other = (gradient[name] for gradient in found.gradients)
    gap = one - other
    same = not (gap.any() if hasattr(gap, "any") else gap)
    general.at_gradient[name] = At(SAME if same else OPEN)
    if not any(at.status == EDGE for at in general.at_gradient.values()):
        general.reason = "" if general.reason == AT_EDGE else general.reason
        general.exceptions = [
            one for one in general.exceptions if not (one.kind == EDGE and one.of)
        ]


def rows(found: Compared) -> list[Row]:
    """Return the row of the values, and one for each derivative; none without a point."""
    if not found.values:
        return []
    general = found.general
    first, second = found.values
    told = [row(VALUE, first, second, general.at_value)]
    for name in found.wrt:
        first, second = (gradient[name] for gradient in found.gradients)
        told.append(row(f"d/d{name}", first, second, general.at_gradient.get(name)))
    return told


def row(label: str, first: Any, second: Any, at: At | None) -> Row:  # noqa: ANN401
    """Return the row of two numbers, or of two arrays of one shape."""
    status = at.status if at else OPEN
    if isinstance(first, float) and isinstance(second, float):
        return Row(label, first, second, status)
    import numpy as np

    from backpropcli.calculus.elements import each_place, element

    one, other = np.broadcast_arrays(np.asarray(first, float), np.asarray(second, float))
    with np.errstate(all="ignore"):
        norms = [float(np.linalg.norm(each.ravel())) for each in (one, other, one - other)]
    found = Row(label, norms[0], norms[1], status)
    found.shape, found.gap = one.shape, norms[2]
    if at is not None and status in {DIFFERS, KINK, EDGE}:
        place = [*each_place(one.shape)][at.element]
        found.element = f"d/d{element(label[3:], place)}", float(one[place]), float(other[place])
    return found


def zeros(shape: tuple[int, ...]) -> Any:  # noqa: ANN401 (a number or an array)
    """Return a number, or an array, that is 0."""
    if not shape:
        return 0.0
    import numpy as np

    return np.zeros(shape)
