"""Whether the shapes of a program fit."""

from __future__ import annotations

from backpropcli.calculus.fitting.notes import notes
from backpropcli.calculus.fitting.shapes import fitted
from backpropcli.calculus.node_shapes import Misfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.calculus.node_shapes import Given


def fitting(
    lowered: Lowered,
    given: Given,
    origins: Mapping[str, str],
    values: Mapping[str, Any] | None = None,
    free: dict[str, Any] | None = None,
) -> list[str]:
    """Return notes on the shapes of a program whose variables have the shapes ``given``.

    ``origins`` says where values are from, and in ``values``, where there are any, places of
    elements are looked at; values that are ``free`` are made places that are there. Raises
    SourceError where something does not fit.
    """
    try:
        known = fitted(lowered, given)
        if values is not None:
            from backpropcli.calculus.fitting.places import checked, fill

            if free:
                fill(lowered, known, values, free)
            checked(lowered, known, {**values, **(free or {})})
    except Misfit as misfit:
        from backpropcli.calculus.fitting.misfits import explained

        raise explained(lowered, misfit, given, origins, values) from None
    return notes(lowered, known)
