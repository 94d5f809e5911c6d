"""What a large array is told by: its least, mean and largest element, its norm, a histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Value = Any

BINS = 8


class Stats:
    """What is told of an array: of its finite elements, and how many are not.

    ``bins`` counts the elements in equal parts of the range, [] where all are one number.
    """

    __slots__ = ("bad", "bins", "largest", "least", "mean", "norm")

    @np.errstate(all="ignore")
    def __init__(self, value: Value) -> None:
        value = np.asarray(value, dtype=float)  # proved digits are objects
        known = value[np.isfinite(value)]
        self.bad = int(value.size - known.size)
        self.least = self.largest = self.mean = self.norm = float("nan")
        self.bins: list[int] = []
        if known.size:
            self.least, self.largest = float(known.min()), float(known.max())
            self.mean = float((known / known.size).sum())
            scale, norm = scaled_norm(known)
            self.norm = scale * norm
            span = self.largest - self.least
            if np.isfinite(span) and span / BINS > np.spacing(scale):  # else bins have no width
                self.bins = [int(count) for count in np.histogram(known, BINS)[0]]

    @property
    def same(self) -> bool:
        """Whether all elements are one finite number."""
        return not self.bad and self.least == self.largest


def scaled_norm(value: Value) -> tuple[float, float]:
    """Return the largest magnitude in an array, and the norm in units of it, which is finite."""
    scale = float(np.abs(value).max(initial=0.0))
    if not scale or not np.isfinite(scale):
        return scale, 0.0
    return scale, float(np.linalg.norm(np.asarray(value, dtype=float) / scale))
