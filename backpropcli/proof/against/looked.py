"""What wrong numbers look like, at the one point that they are for: the diagnoses of claims."""

from __future__ import annotations

from math import inf, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.graph.cells import late
from backpropcli.proof.claims import diagnosis
from backpropcli.proof.claims.diagnosis.looked import Looked
from backpropcli.proof.claims.sample import MENDED, Sample

if TYPE_CHECKING:
    from backpropcli.proof.against.explained import Explained
    from backpropcli.proof.against.read import Numbers
    from backpropcli.proof.findings.answer import Diagnosis
    from backpropcli.report.report import Report

    Value = Any

LARGE = 1_000_000
"""Elements, of all values, above which only what is quick is looked for."""
FEW_DIGITS = {"float64": 12, "float32": 6}
"""Written digits from which decimals are as good as a precision."""


class Given(Sample):
    """Numbers at a point, in their own precision."""

    def __init__(self, report: Report, by: str, numbers: Numbers, explained: Explained) -> None:
        self.graph, self.numbers = report.graph, report.arithmetic
        self.of, self.by, self.claim = report.top, report.wrt[by], report.top
        self.bindings, self.values = report.bindings, report.values
        self.name = by
        self._edges, self._pulled, self._ways = {}, {}, {}
        dtype = numbers.dtype
        if numbers.digits:
            kept = [one for one, least in FEW_DIGITS.items() if numbers.digits >= least]
            dtype = kept[0] if kept else "float16"
        self.dtype, self.half, self.explained = dtype, numbers.half, explained
        with np.errstate(all="ignore"):
            self.claimed = numbers.value.astype(dtype)
        self.true = self.slope(self.of, self.by)

    @late
    def rounding(self) -> Value:
        """How far rounding explains numbers that are mended: larger ones are rounded by more.

        Sums may be taken one number after the other.
        """
        sizes = [float(np.max(np.abs(one), initial=0)) for one in (self.claimed, self.true)]
        scale = max(1.0, sizes[0] / sizes[1]) if sizes[1] else 1.0
        rounding = np.max(self.explained.rounding[self.name], initial=0)
        rounding *= max(1.0, sqrt(self.explained.terms))
        return MENDED * scale * rounding + np.max(self.half, initial=0)


def looks_like(report: Report, by: str, numbers: Numbers, explained: Explained) -> Diagnosis | None:
    """Return what wrong numbers look like; None where nothing fits."""
    with np.errstate(all="ignore"):
        sample = Given(report, by, numbers, explained)
        if not (np.isfinite(sample.claimed).all() and np.isfinite(sample.true).all()):
            return None
        if not sample.true.any() or not sample.claimed.any():
            return None
        looked = Looked(report.lowered, by, [sample])
        ways = [*diagnosis.QUICK]
        if sum(int(np.size(value)) for value in report.values) <= LARGE:
            ways += diagnosis.THOROUGH
        if sample.claimed.size > 2:  # noqa: PLR2004 (of fewer many a factor fits)
            ways.append(diagnosis.MISSING)
        found = diagnosis.looked_at(looked, ways, inf)
    if found is not None:
        found.text = f"it looks as if {found.text}"
    return found
