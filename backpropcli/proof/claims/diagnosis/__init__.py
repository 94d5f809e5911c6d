"""What a wrong claim looks like: a flipped sign, a factor, a path that is missing, and the like.

A diagnosis is told only where it makes the claim right at every point that is looked at.
"""

from __future__ import annotations

import math
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from backpropcli.proof.claims.diagnosis import axes, edits, opened, paths, scale, second
from backpropcli.proof.claims.diagnosis.looked import Looked
from backpropcli.proof.claims.diagnosis.points import samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.proof.claims.answer import Diagnosis
    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.domain import Where

QUICK = (scale.sign, scale.turned, scale.other_variable, scale.factor)
THOROUGH = (paths.path, axes.axes, paths.upstream, paths.inner)
MISSING = scale.missing
"""Ways to look at a claim: by numbers alone; by parts of the program; for a factor."""


def diagnosed(posed: Posed, where: Where, deadline: float = math.inf) -> Diagnosis | None:
    """Return what is wrong with a claim, where that can be told by the time ``deadline``."""
    found = samples(posed, where)
    if not found:
        return None
    looked = Looked(posed, found)
    ways: list[Callable[[Looked], Diagnosis | None]] = [scale.sign, scale.turned, scale.factor]
    if len(posed.claim.target.by) == 1:
        ways += [paths.path, paths.inner, scale.other_variable, axes.axes, paths.upstream]
        ways += [*edits.TURNS, paths.share, paths.left_out, paths.overwritten, paths.arriving]
        ways += [opened.inside]
    else:
        ways += [second.use] if looked.arrays else [paths.path, paths.share, paths.left_out]
        ways += edits.TURNS
    ways += [*edits.WAYS, scale.missing]
    if not posed.fits:
        ways = [axes.axes, *ways]
    with np.errstate(all="ignore"):
        for way in ways:
            if monotonic() > deadline:
                break
            told = way(looked)
            if told is not None:
                return told
    return None
