"""What a loss scale does, as plain data."""

from __future__ import annotations

from typing import NamedTuple


class Scaling(NamedTuple):
    """The factor of a reverse pass, and which powers of two work: from 2^low to 2^high.

    ``lost`` gradients are 0 that another scale saves; without a scale they are ``plain``.
    """

    scale: float
    low: int | None
    high: int | None
    lost: int
    plain: int

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        works = None if self.low is None or self.high is None else [2.0**self.low, 2.0**self.high]
        return {"scale": self.scale, "works": works, "lost": self.lost, "lost_at_1": self.plain}
