"""What a wrong claim looks like: a flipped sign, a factor, a path that is missing, and the like.

A diagnosis is told only where it makes the claim right at every point that is looked at.
"""

from __future__ import annotations

import math
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from backpropcli.proof.claims.diagnosis import axes, edits, paths, rewritten, scale
from backpropcli.proof.claims.diagnosis.looked import Looked
from backpropcli.proof.claims.diagnosis.points import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.equality.domain import Where
    from backpropcli.proof.equality.points import Point
    from backpropcli.proof.findings.answer import Diagnosis

    Way = Callable[[Looked], Diagnosis | None]

QUICK = (scale.sign, scale.turned, scale.other_variable, scale.factor)
THOROUGH = (paths.path, axes.axes, paths.upstream, paths.inner)
MISSING = scale.missing
"""Ways to look at numbers at one point: by numbers alone; by parts of the program; for a factor."""
SCALE = (scale.sign, scale.turned, scale.factor)
EDITS = (*edits.WAYS, scale.missing)
ONCE = (
    *(*SCALE, paths.path, paths.inner, scale.other_variable, axes.axes, paths.upstream),
    *(*edits.TURNS, paths.share, paths.left_out, paths.overwritten, paths.arriving),
    *(rewritten.inside, *EDITS),
)
"""Ways to look at a first derivative, the simplest explanations first."""
TWICE = (scale.sign, scale.factor)
"""Ways to look at products of a second derivative with directions."""
OF_ANY_SIZE = (scale.turned, rewritten.use, *edits.TURNS, *edits.WAYS)
"""Those that say the same of smaller arrays."""
SECOND_OF_NUMBERS = (*SCALE, paths.path, paths.share, paths.left_out, *EDITS)
SECOND_OF_ARRAYS = (*SCALE, rewritten.use, *edits.TURNS, *EDITS)


def diagnosed(
    posed: Posed,
    where: Where,
    deadline: float = math.inf,
    ways: Sequence[Way] = (),
    met: Sequence[Point] = (),
) -> Diagnosis | None:
    """Return what is wrong with a claim, where that can be told by the time ``deadline``.

    ``ways`` are all that there are for such a claim if left out. The claim was ``met`` at points.
    """
    found, lowered = samples(posed, where, met, deadline), posed.problem.lowered
    if not found:
        return None
    looked = Looked(lowered, posed.claim.target.names[-1], found, posed)
    if not ways and len(posed.claim.target.by) == 1:
        ways = ONCE
    elif not ways:
        ways = SECOND_OF_NUMBERS if lowered.shapes is None else SECOND_OF_ARRAYS
    return looked_at(looked, ways if posed.fits else (axes.axes, *ways), deadline)


def looked_at(looked: Looked, ways: Sequence[Way], deadline: float) -> Diagnosis | None:
    """Return what the first of some ways finds that finds anything by the time ``deadline``."""
    with np.errstate(all="ignore"):
        if looked.fits(lambda one: one.true):  # too near the derivative to look like anything
            return None
        for way in ways:
            if monotonic() > deadline:
                break
            told = way(looked)
            if told is not None:
                return told
    return None
