"""By which factor a claim is wrong at sizes that it was not looked at before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backpropcli.calculus.chosen import FURTHER
from backpropcli.errors import BackpropError
from backpropcli.proof.claims.diagnosis.scale import NEAR
from backpropcli.proof.claims.posed import UnfitError, lowered_for
from backpropcli.proof.claims.sample import Sample
from backpropcli.proof.floats.alike import ratio_of
from backpropcli.proof.floats.drawn import drawn
from backpropcli.proof.floats.places import holders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropcli.proof.claims.setting import Setting

    Sizes = Mapping[str, int]


DRAWS = 4
"""Points at which a factor is looked at."""


class Ratio:
    """What claim number ``at`` is times the derivative, at a further choice of sizes.

    There are several ``ratios``, of one point each; None where it is no multiple.
    """

    def __init__(self, setting: Setting, at: int) -> None:
        self.sizes: Sizes = {}
        self.ratios: list[float | None] = []
        try:
            other = setting.at(FURTHER)
            lowered, claim = lowered_for(other), other.claimed.claims[at]
        except (BackpropError, UnfitError):  # such sizes do not fit
            return
        self.sizes = other.free
        if len(claim.target.by) > 1:
            return
        held = {*other.sizes, *holders(lowered.graph, other.values)}
        with np.errstate(all="ignore"):
            for values in drawn(lowered.graph, other.values, other.ranges, held, DRAWS):
                sample = Sample.first(lowered, claim, values)
                told = np.isfinite(sample.claimed).all() and np.isfinite(sample.true).all()
                if told and sample.true.any():
                    self.ratios.append(ratio_of(sample.claimed, sample.true))

    def holds(self, term: Callable[[Sizes], float]) -> bool:
        """Say whether a term of sizes is the factor there too."""
        return bool(self.ratios) and all(
            ratio is not None and abs(term(self.sizes) - ratio) < NEAR * abs(ratio)
            for ratio in self.ratios
        )
