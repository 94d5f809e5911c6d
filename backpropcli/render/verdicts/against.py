"""What is found of gradients that another program computed: a block for each; and JSON."""

from __future__ import annotations

from backpropcli.errors import columns, visible
from backpropcli.render import json
from backpropcli.render.layout.lines import enumerated, wrapped
from backpropcli.render.verdicts.verdict import ROLES
from backpropcli.report.decimals import number, told_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.proof.findings.answer import Answer
    from backpropcli.proof.findings.numbers import Against, Compared
    from backpropcli.render.layout.lines import Line, Options

WORDS = {"proved": "proved", "holds": "holds", "wrong": "wrong", "open": "inconclusive"}


def against_lines(found: Against, options: Options) -> list[Line]:
    """Return a block for each gradient, and below them how many there are of each kind."""
    lines = blocks(found.answers, options)
    for rule in found.rules:
        lines += [[], *wrapped([("", "    "), ("warn", rule)], options.width, 6)]
    told = counted(found.answers)
    if found.verdict == "inconclusive" and found.rules:
        told += ", and a rule differs from its body"
    if found.rtol is not None:
        told += f", by --rtol {found.rtol:g}"
    return [*lines, [], [(ROLES[found.verdict], found.verdict), ("note", told)]]


def counted(answers: Sequence[Answer | Compared]) -> str:
    """Return how many answers there are of each kind."""
    counts = {word: sum(one.status == kind for one in answers) for kind, word in WORDS.items()}
    parts = [
        f"{count} {'hold' if word == 'holds' and count > 1 else word}"
        for word, count in counts.items()
        if count
    ]
    return f": {enumerated(parts)}"


def blocks(answers: Sequence[Compared], options: Options) -> list[Line]:
    """Return a block for each gradient."""
    width = max((columns(visible(one.name)) for one in answers), default=0)
    return [line for one in answers for line in _block(one, width, options)]


def _block(answer: Compared, width: int, options: Options) -> list[Line]:
    name = visible(answer.name)
    line: Line = [("label", name + " " * (width - columns(name))), ("", "  ")]
    line += [(ROLES[answer.verdict], WORDS[answer.status]), ("", _said(answer))]
    lines = wrapped(line, options.width, 4)
    told = [_numbers(answer, options)] if answer.status != "holds" and answer.times else []
    for text in [*told, *map(visible, answer.notes)]:
        lines += wrapped([("", "    "), ("note", text)], options.width, 6)
    return lines


def _said(answer: Compared) -> str:
    """Return what follows the word for what is found."""
    reasons = [text for text in (answer.reason, *[one.text for one in answer.diagnosis]) if text]
    if answer.status == "holds" and not answer.reason:
        many = "" if answer.count == 1 else f" {answer.count:,} elements,"
        return f":{many} within what rounding in {answer.dtype} explains"
    return f": {visible('; '.join(reasons))}" if reasons else ""


def _numbers(answer: Compared, options: Options) -> str:
    """Return the two numbers, in as many digits as it takes to tell them apart."""
    pair = told_apart(repr(answer.claimed), repr(answer.true), options.digits)
    where = f"d/d{answer.element or answer.by}"
    times = (
        ""
        if answer.times == float("inf")
        else f", {times_text(answer.times)} what rounding explains"
    )
    return f"{where} is {pair[0]} there, and {pair[1]} here{times}"


def times_text(times: float) -> str:
    """Return how many times as much something is: 1,234 times, or 3e8 times."""
    return f"{times:,.0f} times" if 10 <= times < 1e6 else f"{number(times, 2)} times"  # noqa: PLR2004 (as people read it)


def document(found: Against, warnings: list[str], *, one_line: bool = False) -> str:
    """Return the JSON document."""
    return json.of(
        "against",
        {
            "expression": found.expression,
            "bindings": found.bindings,
            "verdict": found.verdict,
            "rtol": found.rtol,
            "gradients": [one.as_dict() for one in found.answers],
            "rules": found.rules,
            "warnings": warnings,
        },
        one_line=one_line,
    )
