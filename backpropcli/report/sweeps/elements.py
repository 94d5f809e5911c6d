"""A sweep through a program of arrays: what it brings to each node, in its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.bindings.arrays import is_finite
from backpropcli.calculus.linearize import linearize
from backpropcli.report.branches.elements import felt_elements, keep_felt

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from backpropcli.report.evaluated import Evaluated


@np.errstate(all="ignore")
def swept(
    run: Evaluated,
    sweep: Callable[..., list[Any]],
    seeds: Mapping[int, Any],
    ends: Collection[int],
    nodes: Iterable[int] | None = None,
) -> tuple[bytearray, list[Any]]:
    """Return which nodes move with ``ends``, and what ``pull`` or ``push`` brings to each node.

    At an element that no branch takes nothing arrives: ``flags`` of the run say which are felt,
    where something is not finite.
    """
    numbers = run.arithmetic
    edges = linearize(run.graph, numbers, run.values, ends, nodes)
    if run.flags is None:
        found: list[Any] = numbers.in_shape(sweep(edges, numbers, seeds), run.values)
        if all(one is None or is_finite(one) for one in found):
            return edges.active, found
        run.flags = felt_elements(run.graph, run.values, run.seeds, numbers)
    keep_felt(edges, run.flags)
    return edges.active, numbers.in_shape(sweep(edges, numbers, seeds), run.values)
