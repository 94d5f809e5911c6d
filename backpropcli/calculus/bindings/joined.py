"""One point for two programs."""

from __future__ import annotations

from backpropcli.calculus.bindings.typed import Typed
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.calculus.bindings.point import Point


def joined(one: Point, other: Point) -> Point:
    """Return the values of two points. Raises BackpropError where they differ."""
    for name in one:
        if name in other and not _equal(one[name], other[name]):
            raise BackpropError(
                f"the two programs have other default values of {name}", f"give it one: {name}=..."
            )
    found = one.over(other)
    found.given |= other.given
    found.notes = list(dict.fromkeys(found.notes))
    return found


def _equal(one: Any, other: Any) -> bool:  # noqa: ANN401 (numbers or arrays)
    if isinstance(one, float) or isinstance(other, float):
        both_nan = one != one and other != other  # noqa: PLR0124
        return isinstance(one, Typed) is isinstance(other, Typed) and (one == other or both_nan)
    import numpy as np

    return np.array_equal(one, other, equal_nan=True)
