"""Verdicts on what a mode found: agrees, disagrees, or inconclusive."""

from __future__ import annotations

from time import monotonic

from backpropcli.api import gradient
from backpropcli.errors import NoForwardError
from backpropcli.trust.rounding import twin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.api.start import Names, Point, Value
    from backpropcli.language.program import Program
    from backpropcli.modes.taylor.series import Taylor
    from backpropcli.proof.findings.finding import Finding
    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.report.report import Report
    from backpropcli.report.result import Result, Sweeping

HIDING = {"hessian", "hvp", "jvp"}
"""Modes whose derivatives may have no trace of a kink of the expression."""


def check(
    text: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    at_kinks: str = "",
    timeout: float = 10.0,
    **values: Value,
) -> Verdict:
    """Return the verdict on the gradient, after at most ``timeout`` seconds.

    Its ``verdict`` is "agrees", "disagrees" or "inconclusive", with a ``reason``; ``entries`` has
    each derivative in 40 digits. The proof runs in a process of its own.

    >>> import backpropcli as bp
    >>> bp.check("tanh(w*x)", w=2, x=0.25).verdict
    'agrees'
    """
    found = gradient(text, at, wrt=wrt, at_kinks=at_kinks, **values)  # type: ignore[arg-type]
    return verdict(found, timeout)


def verdict(found: Report | Result, timeout: float = 10.0) -> Verdict:
    """Return the verdict on what another function returned, after at most ``timeout`` seconds.

    >>> import backpropcli as bp
    >>> bp.verdict(bp.hessian("x^2*y", x=3, y=2)).verdict
    'agrees'
    """
    from backpropcli.report.report import Report

    return _on_report(found, timeout) if isinstance(found, Report) else _on_result(found, timeout)


def _on_report(found: Report, timeout: float) -> Verdict:
    """Return the verdict on a gradient."""
    from backpropcli.proof.gradient import check as proof

    if found.format:
        from backpropcli.proof.rounded import judged

        return judged(found, twin(found), lambda exact: verdict(exact, timeout))
    if found.elements is not None:
        return proof.check(found.elements, timeout)
    if found.arrays:
        from backpropcli.proof.arrays.verdict import verdict_on

        return verdict_on(found, timeout)
    return proof.check(found, timeout)


def _on_result(found: Result, timeout: float) -> Verdict:
    """Return the verdict on what a mode found."""
    from backpropcli.modes.taylor.series import Taylor
    from backpropcli.proof.findings.finding import Finding
    from backpropcli.proof.gradient import check as proof

    if found.sweeping is not None:
        return _on_matrix(found, found.sweeping, timeout)
    if found.written_out is not None:
        return _on_arrays(found, timeout)
    if isinstance(found, Taylor):
        if found.point.arrays:
            return _on_levels(found, timeout)
        from backpropcli.proof.gradient.series import check_series

        series = dict(zip(found.outputs, found.series, strict=True))
        kinks = [*found.point.kinks, *found.kinks]
        reached = check_series(found.point, series, kinks, found.wholes, timeout)
    elif found.point.format:
        from backpropcli.proof.rounded import claims_judged

        reached = claims_judged(found.claims(), twin, timeout, found.beside())
    else:
        beside = () if found.in_digits else found.beside()
        reached = proof.check_claims(found.in_digits or found.claims(), timeout, beside)
    if found.point.causes:  # the derivatives may be finite where the point is not
        reached.doubt(Finding("not finite"))
    if reached.verdict == "agrees":
        for finding in _doubts(found, timeout):
            reached.doubt(finding)
    return reached


def _on_arrays(found: Result, timeout: float) -> Verdict:
    """Return the verdict on what was found of whole arrays.

    Tangents are held against differences, and SymPy's of the program in numbers if that is small.
    """
    from backpropcli.modes.jvp import Jvp
    from backpropcli.proof.arrays.jvp import verdict_on_tangents
    from backpropcli.proof.gradient.check import undecided

    numbers = found.in_few_numbers()
    if found.as_gradient is not None:
        reached = _on_report(found.as_gradient, timeout)
        reached.leave_value()
    elif isinstance(found, Jvp):
        seconds = timeout if numbers is None else timeout / 2
        reached = verdict_on_tangents(found.point, found.direction, found.tangents, seconds)
        if numbers is None or reached.verdict == "disagrees":
            return reached
        second = _on_result(numbers, timeout / 2)
        reached.beside = second.beside
        known = reached.verdict == "agrees" or found.point.kinks or second.verdict != "agrees"
        return second if known else reached
    elif numbers is None:
        reached = undecided("the program is too large to be checked with several outputs")
    else:
        return _on_result(numbers, timeout)
    if numbers is not None and reached.verdict == "agrees":
        for finding in _doubts(numbers, timeout):
            reached.doubt(finding)
    return reached


def _on_matrix(found: Result, sweeping: Sweeping, timeout: float) -> Verdict:
    """Return the verdict on a large matrix: its product with a random direction is checked.

    Of a Hessian that is the gradient of the derivative along it, of a Jacobian the tangents of the
    outputs; and the matrix has to give the same.
    """
    from backpropcli.modes.matrices import ENOUGH
    from backpropcli.proof.findings.finding import Finding
    from backpropcli.proof.gradient.check import undecided

    try:
        product, direction, there = sweeping.along()
    except NoForwardError as error:
        return undecided(error.message)
    reached = verdict(product, timeout)
    reached.leave_value()
    reached.facts["along"] = "a random direction"
    if not sweeping.fits(found.matrix, direction, there):
        reached.doubt(Finding("product", None, what=found.command.title(), digits=ENOUGH))
    return reached


def _on_levels(found: Taylor, timeout: float) -> Verdict:
    """Return the verdict on a series of whole arrays: each derivative is that of the one before."""
    from backpropcli.proof.arrays.jvp import verdict_on_tangents

    reached, end = None, monotonic() + timeout
    for find in found.levels:
        level, left = find(), max(end - monotonic(), 0.0)
        facts = level.point, level.direction, level.tangents
        one = verdict_on_tangents(*facts, timeout, left)
        if one.verdict == "disagrees":
            return one
        if reached is None or reached.verdict == "agrees":
            reached = one
    assert reached is not None  # noqa: S101 (for mypy: there is a first derivative)
    return reached


def _doubts(found: Result, timeout: float) -> Iterator[Finding]:
    """Yield what makes a result doubtful of which the proof of its derivatives sees nothing."""
    from backpropcli.proof.findings.finding import Finding

    if found.command in HIDING and not found.point.format:
        from backpropcli.proof.gradient.branches import hidden

        for point in [one.point for one in getattr(found, "each", [])] or [found.point]:
            if (finding := hidden(point)) is not None:
                yield finding
    for label in found.unshown():
        yield Finding("second", None, label=label)
    if found.numbers is not None:
        from backpropcli.proof.arrays.doubts import doubts

        yield from doubts(found.numbers, timeout)
