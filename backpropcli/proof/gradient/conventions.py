"""What kinks, gaps and rounding that were met mean for each derivative of a report."""

from __future__ import annotations

from backpropcli.proof.findings.finding import Finding
from backpropcli.report.decimals import finite, number, place, unproved
from backpropcli.report.kinks.kink import CLOSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.whole.sides import Whole

FEW = 3
"""Right digits below which rounding has led to another branch."""
BROKEN = {"nowhere": "alone", "pole": "unbounded", "jump": "jump"}
"""Kinds of wholes that have no derivative, and what is found then."""
LONG = 40
SHOWN = 6
"""Digits of a number in a sentence."""
NO_TRUTHS: dict[str, float] = {}
NAMED = 20
"""Kinks that are looked at for the one that is the reason of a finding."""


def at_kinks(
    report: Report, exact: list[int] | None, truths: Mapping[str, float] = NO_TRUTHS
) -> dict[str, Finding | None]:
    """Return what the kinks and gaps that were met mean for each derivative; None for nothing.

    A kink that floats alone meet, by rounding, is none: ``exact`` are the nodes of those that are
    met in exact arithmetic. ``truths`` are the derivatives by the chain rule there, where they are
    known: what is wrong by rounding alone is no convention. Where no derivative is asked for, the
    name is "".
    """
    if any(map(unproved, (report.value, *report.gradient.values()))):
        return dict.fromkeys(report.wrt or [""], Finding("unproved"))
    held = {*(exact or ()), *([report.top] if report.lowered.diffs else [])}  # there: of a diff
    kinks = [
        one
        for one in report.kinks
        if one.jump or not one.taken or exact is None or one.node in held
    ]
    if not kinks and (not report.causes or report.rounds):
        return {}
    if not finite(report.value):
        return dict.fromkeys(report.wrt or [""], Finding("not finite"))
    if not report.wrt or any(one.of_value for one in kinks):
        finding = next((_taken(one) for one in kinks if one.whole is not None), None)
        return dict.fromkeys(report.wrt or [""], finding or unclear(kinks[0]))
    felt = report.graph.ancestors([one.input for one in kinks])
    moving = [(one, report.graph.ancestors([one.input])) for one in kinks[:NAMED]]
    found: dict[str, Finding | None] = {}
    wholes = report.wholes()
    for name, node in report.wrt.items():
        slope = truths.get(name, report.gradient[name])
        known = name in truths or finite(slope)
        if not felt[node] and known:
            continue
        if report.rounds and not known:  # by rounding alone: that is no convention
            found[name] = Finding("not finite")
            continue
        whole = wholes.get(name)
        first = next((one for one, below in moving if below[node]), kinks[0] if kinks else None)
        if first is None or not known:
            doubt = Finding("not finite")
            text = first.label if first else report.text(report.causes[0].node, 30)
            why = f"what happens at {text}"
        else:
            doubt, why = unclear(first), reason(first)
        spot = f"{name} = {place(report.values[node])}"
        found[name] = _judged(report.label(name), node, slope, whole, (doubt, why, spot))
    return found


def unclear(kink: KinkMet) -> Finding:
    """Return that it is open what is right where a kink or a pole is met."""
    return Finding("kink" if kink.pole is None else "infinite", text=kink.shown)


def reason(kink: KinkMet) -> str:
    """Return what makes a difference at a kink or a pole."""
    return f"the kink of {kink.shown}" if kink.pole is None else f"what happens at {kink.shown}"


def by_rounding(report: Report, verdict: Verdict) -> dict[str, Finding | None]:
    """Return which numbers are another branch's, since floats do not go the exact way."""
    found: dict[str, Finding | None] = {}
    if verdict.missed is not None:
        finding = Finding("missed", None, text=report.text(verdict.missed, LONG))
        felt = report.graph.ancestors([verdict.missed])
        found |= {name: finding for name, node in report.wrt.items() if felt[node]}
    if verdict.parted is not None:
        finding = Finding("rounded", None, text=report.text(verdict.parted, LONG))
        spoilt = _lost(verdict.value_digits)
        found |= {one.name: finding for one in verdict.entries if spoilt or _lost(one.digits)}
    return found


def _lost(digits: float | None) -> bool:
    """Say whether so few digits are right that another branch was computed."""
    return digits is not None and digits < FEW


def _taken(kink: KinkMet) -> Finding:
    """Return that a derivative in the value is not that of what was differentiated."""
    facts = {"label": kink.derivative, "text": reason(kink)}
    whole = number(kink.whole or 0.0)
    return Finding("chain rule", None, ours=number(kink.given), whole=whole, **facts)


def _judged(
    label: str, node: int, slope: float, whole: Whole | None, where: tuple[Finding, str, str]
) -> Finding | None:
    """Return what is to be said of one derivative beside that of the whole.

    ``where`` are the finding where it is open what is right, what else makes a difference, and the
    place: "x = 2".
    """
    doubt, why, spot = where
    kind = whole.kind if whole is not None and whole.sure else "unknown"
    if whole is None or kind == "unknown":
        return doubt
    from backpropcli.report.whole.sides import decimal, nearest

    there = nearest(whole.slope)
    if kind in BROKEN and (kind != "nowhere" or whole.here is not None):
        return Finding(BROKEN[kind], node, label=label, text=spot)
    if kind == "kink":
        left, right = (decimal(side.slope, SHOWN) for side in (whole.left, whole.right))
        return Finding("sides", node, label=label, left=left, right=right)
    if kind in {"derivative", "edge"} and there is not None and there - there == 0:
        if abs(slope - there) <= CLOSE * abs(there):
            return None
        if kind == "derivative":
            facts = {"ours": number(slope), "whole": decimal(whole.slope, SHOWN)}
            return Finding("chain rule", node, label=label, text=why, **facts)
    return doubt
