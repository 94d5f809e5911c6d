"""The verdict on a gradient of arrays, in words: which tier it is, and each variable's elements."""

from __future__ import annotations

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.errors import visible
from backpropcli.render.layout.arrays import sized
from backpropcli.render.layout.lines import enumerated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.findings.entries import Tally
    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.render.layout.lines import Line

EACH = "random directions of each variable"
FINEST = 16
"""Digits that floats are said to agree in, at most."""


def basis(verdict: Verdict) -> str:
    """Return what the verdict rests on: its tier, and how far it went."""
    facts = verdict.facts
    ways = {"symbolic": ["whole", "step by step"], "node by node": ["step by step"]}
    found = [*ways.get(verdict.tier, []), *[verdict.ruled] * bool(verdict.ruled)]
    if "along" in facts:
        return f"times {facts['along']} it is what differences give, to 40 digits"
    count = _elements(facts["elements"])
    if verdict.tier in ways:
        return f"SymPy finds the same derivatives to 40 digits, {enumerated(found)} ({count})"
    where = "the direction" if verdict.tier == "along the direction" else EACH
    same = f"differences along {where} give the same to 40 digits"
    if found:
        same += f", {enumerated(found)}"
    if verdict.tier in {"along directions", "along the direction"}:
        return f"{same} ({count})"
    digits = min(FINEST, int(facts["digits"]))
    full = f"at full size forward and reverse mode agree to {digits} digits"
    return f"with smaller arrays{_sizes(verdict)} {same}; {full}"


def _elements(count: int) -> str:
    return {1: "1 element", 2: "both elements"}.get(count, f"all {count:,} elements")


def _sizes(verdict: Verdict) -> str:
    """Return the sizes that a proof was done at: " (X 4x6 of 256x784)"."""
    parts = [
        f"{visible(name)} {sized(small)} of {sized(full)}"
        for name, (small, full) in verdict.facts.get("sizes", {}).items()
        if small != full
    ]
    return f" ({enumerated(parts)})" if parts else ""


def tallies(verdict: Verdict, most: int) -> list[Line]:
    """Return how many elements of each derivative agree, and the first that is wrong."""
    lines: list[Line] = []
    if not any(tally.agree or tally.disagreement for tally in verdict.tallies):
        return lines
    for tally in verdict.tallies[:most]:
        lines.append([("label", f"  {visible(tally.label)}"), ("note", f"  {_agreeing(tally)}")])
        if tally.disagreement is not None:
            place, ours, theirs = tally.disagreement
            lines.append([("label", f"    {titled(visible(tally.label), place)}")])
            lines.append([("note", "      backprop     "), ("bad", ours)])
            lines.append([("note", f"      {verdict.referee:<11}  "), ("bad", theirs)])
    return lines


def _agreeing(tally: Tally) -> str:
    if tally.agree is None and tally.disagreement is None:
        return "not settled"
    if tally.agree is None:
        return "disagrees"
    if not tally.shape:
        return "agrees" if tally.agree else "disagrees" if tally.disagreement else "not settled"
    return f"{tally.agree:,} of {tally.count:,} elements agree"
