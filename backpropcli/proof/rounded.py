"""The verdict on a gradient in a short format: that of its twin in doubles.

Rounding is no reason to disagree: whether the method is right is asked of the twin.
"""

from __future__ import annotations

from backpropcli.proof.findings import Finding, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.proof.verdict import Verdict
    from backpropcli.report.report import Report


def judged(found: Report, exact: Report, verdict: Callable[[Report], Verdict]) -> Verdict:
    """Return the verdict on the twin, with the numbers of the report that is ``found``."""
    reached = verdict(exact)
    assert found.format is not None  # noqa: S101 (for mypy)
    reached.holds = found.format.digits
    if found.causes and not exact.causes and reached.verdict == "agrees":
        reached.verdict = "inconclusive"
        reached.reason = sentence(Finding("not finite"))
    if found.arrays:
        return reached
    reached.value, reached.value_typed, reached.typed_kink = found.value, "", ""
    reached.value_digits = _digits(found.value, reached.value_truth)
    for entry in reached.entries:
        entry.result, entry.typed = found.gradient[entry.name], ""
        entry.digits = _digits(entry.result, entry.truth)
    return reached


def _digits(result: float, truth: str) -> float | None:
    """Return how many digits of ``result`` are right; ``truth`` has 40."""
    from backpropcli.proof.check import right_digits  # noqa: PLC0415 (with a check)

    return right_digits(result, truth.partition(" ")[0])
