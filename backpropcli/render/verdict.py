"""The verdict, in two or three lines below the result."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.lines import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.verdict import Verdict
    from backpropcli.render.lines import Line, Options

ROLES = {"agrees": "good", "disagrees": "bad", "inconclusive": "warn"}
MOST = 10
"""Lines about accuracy, at most."""
FULL = 15
"""A double holds 15 digits of any number."""


def verdict_lines(verdict: Verdict, options: Options) -> list[Line]:
    """Return the verdict, what it rests on, and how accurate the floats are."""
    head = (ROLES[verdict.verdict], verdict.verdict)
    lines: list[Line] = [[]]
    plural = "" if verdict.nodes_total == 1 else "s"
    covered = f"; {verdict.nodes_checked} of {verdict.nodes_total} node{plural}"
    covered *= verdict.nodes_total > 0  # coefficients of series have none
    if verdict.verdict == "agrees":
        basis = f" with {verdict.referee} to 40 digits ({verdict.method}{covered})"
        lines.append([head, ("note", basis)])
    else:
        lines.append([head, ("", f": {visible(verdict.reason)}")])
        lines.append([("note", f"checked: {verdict.method or 'nothing'}{covered}")])
    lines += _differences(verdict, options)
    told = accuracy(verdict, options.digits)
    lines += [[("warn", "accuracy: "), ("", text)] for text in told[:MOST]]
    if len(told) > MOST:
        lines.append([("note", f"… and {len(told) - MOST:,} more; --json --check has all")])
    lines += [[("note", "as typed: "), ("", text)] for text in as_typed(verdict, options.digits)]
    return [piece for line in lines for piece in wrapped(line, options.width)]


def _differences(verdict: Verdict, options: Options) -> list[Line]:
    """Return the numbers of each derivative on which the two methods differ."""
    lines: list[Line] = []
    for entry in verdict.entries[: options.max_nodes]:
        if entry.agree is False:
            lines.append([("label", f"  {visible(entry.label)}")])
            lines.append([("note", "    backprop "), ("bad", entry.truth)])
            if entry.sympy is not None:
                lines.append([("note", f"    {verdict.referee:<9}"), ("bad", entry.sympy)])
    return lines


def accuracy(verdict: Verdict, digits: int) -> list[str]:
    """Return which floats have fewer right digits than are shown, a sentence each.

    What is right at the numbers as they were typed is right.
    """
    rows = [
        ("the value", verdict.value, verdict.value_digits, verdict.value_truth, verdict.value_typed)
    ]
    rows += [(e.label, e.result, e.digits, e.truth, e.typed) for e in verdict.entries]
    return [
        f"{visible(label)} has {right:.1f} right digits in floats; it is {truth}"
        for label, result, right, truth, typed in rows
        if right is not None
        and right < min(digits, FULL)
        and not (typed and result is not None and _same(typed, result, digits))
    ]


def as_typed(verdict: Verdict, digits: int) -> list[str]:
    """Return where the truth at the numbers as typed differs in the digits shown: one sentence."""
    rows = [("the value", verdict.value, verdict.value_typed)]
    rows += [(visible(entry.label), entry.result, entry.typed) for entry in verdict.entries]
    parts = [
        f"{label} is {typed}"
        for label, result, typed in rows
        if typed and result is not None and not _same(typed, result, digits)
    ]
    return [", ".join(parts[:MOST])] if parts else []


def _same(typed: str, result: float, digits: int) -> bool:
    """Say whether a float shows the same digits as a decimal of many."""
    text = typed.partition(" ")[0]
    return f"{float(text) + 0.0:.{digits}g}" == f"{result + 0.0:.{digits}g}"
