"""The verdict below the result: what was compared, how far, and what it means."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.layout.lines import enumerated, wrapped
from backpropcli.report.decimals import WHOLE, decimal, finite, rounded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.render.layout.lines import Line, Options

ROLES = {"agrees": "good", "disagrees": "bad", "inconclusive": "warn"}
WAYS = {
    "symbolic": "whole",
    "node by node": "step by step",
}
"""How derivatives were compared, in words for a person; other ways have their own."""
FULL = 15
"""A double holds 15 digits of any number."""
MOST = 5
"""Numbers in the line about those as typed, at most."""


def verdict_lines(verdict: Verdict, options: Options) -> list[Line]:
    """Return the verdict with its reason, and where the digits shown are not the true ones."""
    ways = enumerated([WAYS.get(way, way) for way in verdict.ways])
    head = (ROLES[verdict.verdict], verdict.verdict)
    lines: list[Line] = [[]]
    but = f", but for the rounding of {verdict.rounds}" if verdict.rounds else ""
    results = [entry.result for entry in verdict.entries]
    results += [] if verdict.value is None else [verdict.value]
    if not but and not all(map(finite, results)):
        but = ", but for rounding"
    if verdict.verdict == "agrees" and verdict.tallies:
        from backpropcli.render.verdicts.arrays import basis

        lines.append([head, ("note", f"{but}: {basis(verdict)}")])
    elif verdict.verdict == "agrees":
        plural = "" if len(verdict.entries) == 1 else "s"
        same = f"{verdict.referee} finds the same derivative{plural} to 40 digits, {ways}"
        lines.append([head, ("note", f"{but}: {same}")])
    else:
        lines.append([head, ("", f": {visible(verdict.reason)}")])
    if verdict.tallies and verdict.verdict != "agrees":
        from backpropcli.render.verdicts.arrays import tallies

        lines += tallies(verdict, options.max_nodes)
    elif verdict.verdict == "inconclusive" and (verdict.nodes_checked or verdict.whole):
        lines.append([("note", _compared(verdict))])
    if not verdict.tallies:
        lines += _differences(verdict, options)
    wrong = "" if options.proved else accuracy(verdict, options.digits)
    if wrong:
        lines.append([("warn", "accuracy:"), ("", f" {wrong}")])
    if verdict.lost:
        names = enumerated([visible(name) for name in verdict.lost[:MOST]])
        lost = f" rounding leaves no digit of the gradient of {names} right"
        lines.append([("warn", "accuracy:"), ("", lost)])
    typed = "" if options.proved else as_typed(verdict, options.digits)
    if typed:
        lines.append([("note", "as typed:"), ("", f" {typed}")])
    return [piece for line in lines for piece in wrapped(line, options.width)]


def _compared(verdict: Verdict) -> str:
    """Return how much was compared, and agrees, where that is no verdict."""
    done, total = verdict.nodes_checked, verdict.nodes_total
    if 0 < done < total:
        return f"{done:,} of {total:,} steps were compared with {verdict.referee}, and agree"
    return f"all else agrees with {verdict.referee}"


def _differences(verdict: Verdict, options: Options) -> list[Line]:
    """Return the numbers of each derivative on which the two methods differ."""
    lines: list[Line] = []
    for entry in verdict.entries[: options.max_nodes]:
        if entry.agree is False and entry.sympy is not None:
            lines.append([("label", f"  {visible(entry.label)}")])
            lines.append([("note", "    backprop  "), ("bad", entry.truth)])
            lines.append([("note", f"    {verdict.referee:<10}"), ("bad", entry.sympy)])
    return lines


def accuracy(verdict: Verdict, digits: int) -> str:
    """Return which numbers shown are wrong by more than rounding, and what they are; or "".

    What is right at the numbers as they were typed is right.
    """
    rows = _rows(verdict)
    steps = [(visible(step.text), step.value, step.truth, "") for step in verdict.steps]
    wrong = []
    for at, (label, result, truth, typed) in enumerate([*rows, *steps]):
        if result is None or not truth or (verdict.rounds and result - result != 0):
            continue  # where a short format ends, that is told
        shown = min(_printed(result, digits), verdict.holds)
        count = right(result, truth, shown)
        if count < shown and not (typed and _same(typed, repr(result), shown)):
            wrong.append((count, at >= len(rows), label, _decimal(truth, shown)))
    wrong.sort()
    if not wrong:
        return ""
    parts = [
        f"{label} is {truth} ({count or 'none'} right)" for count, _, label, truth in wrong[:MOST]
    ]
    more = len(wrong) - MOST
    parts += [f"{more:,} more are in --json --check"] if more > 0 else []
    return f"rounding costs digits: {enumerated(parts)}"


def _rows(verdict: Verdict) -> list[tuple[str, float | None, str, str]]:
    """Return the numbers that are shown: the label, the float, its truth, and that as typed."""
    entries = [*verdict.entries, *verdict.beside]
    return [
        ("the value", verdict.value, verdict.value_truth, verdict.value_typed),
        *[(visible(e.label), e.result, e.truth, e.typed) for e in entries],
    ]


def _printed(result: float, digits: int) -> int:
    """Return how many digits of a float its print tells: a whole one has one more, which is 0."""
    if -WHOLE < result < WHOLE and result == int(result):
        return max(digits, len(str(abs(int(result)))) + 1)
    return digits


def right(result: float, truth: str, digits: int) -> int:
    """Return how many of the digits that are shown of a float are right, but for the last one."""
    exact, here = (rounded(text, digits) for text in (truth.partition(" ")[0], repr(result)))
    if not exact.is_finite() or exact == here:
        return digits
    if not exact or not here or not here.is_finite():
        return 0
    unit = min(exact.adjusted(), here.adjusted()) - digits + 1
    off = abs(exact - here).scaleb(-unit)
    return digits if off <= 1 else max(0, digits - 1 - off.adjusted())


def _decimal(truth: str, digits: int) -> str:
    """Return a decimal of many digits with ``digits``, without zeros at its end."""
    from decimal import Decimal

    number, blank, rest = truth.partition(" ")
    return f"{decimal(Decimal(number), digits)}{blank}{rest}"


def as_typed(verdict: Verdict, digits: int) -> str:
    """Return where the numbers as typed have another truth, in the digits shown; or ""."""
    if verdict.typed_pole is not None:
        return f"{visible(verdict.typed_pole[1])} (floats round what was typed)"
    rows = _rows(verdict)
    parts = [
        f"{label} is {_decimal(typed, digits)}"
        for label, result, truth, typed in rows
        if typed
        and result is not None
        and not _same(typed, repr(result), digits)
        and not (truth and _same(typed, truth, digits))
    ]
    if verdict.typed_kink:
        parts.append(f"{visible(verdict.typed_kink)} is at its kink")
    if not parts:
        return ""
    return f"{enumerated(parts[:MOST])} (floats round what was typed)"


def _same(typed: str, other: str, digits: int) -> bool:
    """Return whether two decimals, which may tell of more, are the same in so many digits."""
    one, two = (rounded(text.partition(" ")[0], digits) for text in (typed, other))
    return one == two
