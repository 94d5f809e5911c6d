"""Claims in which a sum is missing, or goes over the wrong axis."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.findings.answer import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.proof.claims.diagnosis.looked import Looked

    Value = Any


def axes(looked: Looked) -> Diagnosis | None:
    """Look for a sum that is missing, or over the wrong axis."""
    first = looked.samples[0]
    shape, claimed = first.true.shape, first.claimed
    if claimed.shape != shape and claimed.ndim >= len(shape):
        for axes in _subsets(claimed.ndim):
            if all(one.near(one.claimed.sum(axis=axes), one.true) for one in looked.samples):
                told = "all its elements" if len(axes) == claimed.ndim else _axis(axes)
                text = f"broadcasting is not summed back: sum the claim over {told}"
                return Diagnosis("broadcast", text, axes=list(axes))
    for node in looked.between():
        adjoint = first.adjoints(first.of, first.by)[node]
        if np.ndim(adjoint) < 2:  # noqa: PLR2004
            continue
        for axes in _subsets(np.ndim(adjoint)):
            found = [np.asarray(one.adjoints(one.of, one.by)[node]) for one in looked.samples]
            if any(np.isnan(one.astype(float)).any() for one in found):
                continue
            if all(
                one.near(one.claimed, each.sum(axis=axes))
                for one, each in zip(looked.samples, found, strict=True)
            ):
                right = next(
                    (
                        other
                        for other in _subsets(np.ndim(adjoint))
                        if first.near(first.true, found[0].sum(axis=other))
                    ),
                    None,
                )
                if right is not None and right != axes:
                    text = f"the sum goes over {_axis(axes)}, and should go over {_axis(right)}"
                    return Diagnosis("axis", text, axes=list(axes))
    return None


def _axis(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"the axes {', '.join(map(str, axes))}"


def _subsets(count: int) -> Iterator[tuple[int, ...]]:
    """Yield the subsets of axes, but for none: few first."""
    for size in range(1, count + 1):
        yield from combinations(range(count), size)
