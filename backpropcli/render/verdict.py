"""The verdict, in two or three lines below the result."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.lines import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.check import Verdict
    from backpropcli.render.lines import Line, Options

ROLES = {"agrees": "good", "disagrees": "bad", "inconclusive": "warn"}
FULL = 15.0
"""A double holds 15 digits of any number."""


def verdict_lines(verdict: Verdict, options: Options) -> list[Line]:
    """Return the verdict, what it rests on, and how accurate the floats are."""
    head = (ROLES[verdict.verdict], verdict.verdict)
    lines: list[Line] = [[]]
    plural = "" if verdict.nodes_total == 1 else "s"
    covered = f"{verdict.nodes_checked} of {verdict.nodes_total} node{plural}"
    if verdict.verdict == "agrees":
        basis = f" with SymPy to 40 digits ({verdict.method}; {covered})"
        lines.append([head, ("note", basis)])
    else:
        lines.append([head, ("", f": {visible(verdict.reason)}")])
        lines.append([("note", f"checked: {verdict.method or 'nothing'}; {covered}")])
    lines += _differences(verdict, options)
    lines += _accuracy(verdict, options)
    return [piece for line in lines for piece in wrapped(line, options.width)]


def _differences(verdict: Verdict, options: Options) -> list[Line]:
    """Return the numbers of each derivative on which the two methods differ."""
    lines: list[Line] = []
    for entry in verdict.entries[: options.max_nodes]:
        if entry.agree is False:
            lines.append([("label", f"  {visible(entry.label)}")])
            lines.append([("note", "    backprop "), ("bad", entry.truth)])
            lines.append([("note", "    SymPy    "), ("bad", str(entry.sympy))])
    return lines


def _accuracy(verdict: Verdict, options: Options) -> list[Line]:
    """Return which floats have fewer right digits than a double can hold."""
    weak = [entry for entry in verdict.entries if entry.digits is not None and entry.digits < FULL]
    lines: list[Line] = []
    if verdict.value_digits is not None and verdict.value_digits < FULL:
        text = f"the value has {verdict.value_digits:.1f} right digits in floats"
        lines.append([("warn", "accuracy: "), ("", f"{text}; it is {verdict.value_truth}")])
    for entry in weak[: min(options.max_nodes, 10)]:
        text = f"{visible(entry.label)} has {entry.digits:.1f} right digits in floats; "
        lines.append([("warn", "accuracy: "), ("", text), ("note", f"it is {entry.truth}")])
    left = len(weak) - 10
    if left > 0:
        lines.append([("note", f"… and {left:,} more; --json --check has all")])
    return lines
