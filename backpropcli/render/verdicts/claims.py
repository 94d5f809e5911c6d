"""What is found of claims: a block for each, and the verdict on all; and the same as JSON."""

from __future__ import annotations

from backpropcli.errors import columns, visible
from backpropcli.render import json
from backpropcli.render.layout.lines import at_sizes, enumerated, wrapped
from backpropcli.render.verdicts.against import WORDS, blocks, counted
from backpropcli.render.verdicts.verdict import ROLES
from backpropcli.report.decimals import told_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.proof.claims.checked import Checked
    from backpropcli.proof.findings.answer import Answer, Seen
    from backpropcli.render.layout.lines import Line, Options

EXCEPTIONS = {
    "kink": "at the kink {point} the claim is {claimed}, and backprop chooses {true}",
    "edge": "at {point} the claim has no value, and the derivative is {true}",
}
"""Digits up to which a double is written."""
LONG, LONGEST = 48, 120
"""A point in more characters is left to JSON."""


def claims_lines(found: Checked, options: Options) -> list[Line]:
    """Return a block for each claim, and below them how many there are of each kind."""
    lines: list[Line] = []
    for answer in found.answers:
        lines += [*_block(answer, options), []]
    for told in found.rules:
        lines += [*_note("warn", told, options), []]
    if found.assumptions:
        under = enumerated([visible(one) for one in found.assumptions])
        lines += [*wrapped([("note", f"under {under}")], options.width), []]
    if found.sizes and not all(one.seen or one.at for one in found.answers):
        lines += [*wrapped([("note", at_sizes(found.sizes))], options.width), []]
    if found.numbers:
        lines += [*blocks(found.numbers, options), []]
    end = counted([*found.answers, *found.numbers])
    if found.verdict == "inconclusive" and found.rules:
        end += ", and a rule differs from its body"
    return [*lines, [(ROLES[found.verdict], found.verdict), ("note", end)]]


def _block(answer: Answer, options: Options) -> list[Line]:
    claim = " ".join(visible(answer.claim).split())
    lines = wrapped([("label", f"{visible(answer.title)} = {claim}")], options.width, 4)
    word = WORDS[answer.status]
    head = [("", "  "), (ROLES[answer.verdict], word), ("", _said(answer))]
    lines += wrapped(head, options.width, 4)
    for seen in filter(None, (answer.at, answer.seen)):
        lines += _note("", _numbers(seen, options), options)
    if answer.true:
        where = f" where {' and '.join(answer.where)}" if answer.where else ""
        lines += _note("note", visible(f"the derivative is {answer.true}{where}"), options)
    for seen in answer.exceptions:
        facts = {"point": _point(seen), **_told(seen, options)}
        lines += _note("warn", EXCEPTIONS[seen.kind].format(**facts), options)
    for one in answer.diagnosis if answer.status != "wrong" else ():
        if one.kind not in EXCEPTIONS:
            lines += _note("warn", visible(one.text), options)
    for note in answer.notes:
        lines += _note("note", visible(note), options)
    return lines


def _note(role: str, text: str, options: Options) -> list[Line]:
    return wrapped([("", "    "), (role, text)], options.width, 6)


def _said(answer: Answer) -> str:
    """Return what follows the word for what is found."""
    except_ = ", but for what is told below" if answer.exceptions else ""
    if answer.status == "proved":
        return f": the difference is zero symbolically{except_}"
    if answer.status == "holds" and answer.alone:
        return " at the point"
    if answer.status == "holds":
        count = f"{answer.points:,} point{'' if answer.points == 1 else 's'}"
        return f" at {count}{except_}; it is not proved"
    diagnosis = [one.text for one in answer.diagnosis if answer.status == "wrong"]
    told = [text for text in (answer.reason, *diagnosis) if text]
    return f": {visible('; '.join(told))}" if told else ""


def _numbers(seen: Seen, options: Options) -> str:
    told = _told(seen, options)
    what = f"{seen.element} of the claim" if seen.element else "the claim"
    where = _point(seen)
    return f"{where}: {what} is {told['claimed']}, the derivative {told['true']}"


def _point(seen: Seen) -> str:
    """Return a point as it is typed: x=1 y=-2."""
    text = " ".join(f"{name}={typed(value)}" for name, value in seen.point.items())
    if seen.kind == "point":
        return f"at the point {text}".strip() if columns(text) <= LONG else "at the point"
    if seen.kind == "random":
        return "at random numbers"
    if not text:
        return "everywhere"
    if seen.kind != "counterexample":
        return visible(text)
    return f"at {visible(text)}" if columns(text) <= LONGEST else "at a point that --json has"


def typed(value: Any) -> str:  # noqa: ANN401 (a number as text, or nested lists of them)
    """Return a coordinate as it is typed: [[1,2],[3,4]]."""
    if isinstance(value, str):
        return value
    from backpropcli.render.json import plain

    return str(plain(value)).replace('"', "").replace(" ", "")


def _told(seen: Seen, options: Options) -> dict[str, str]:
    """Return both numbers, with as many digits as it takes to tell them apart."""
    claimed, true = told_apart(seen.claimed, seen.true, options.digits)
    return {"claimed": claimed, "true": true}


def document(found: Checked, warnings: list[str], *, one_line: bool = False) -> str:
    """Return the JSON document."""
    facts: dict[str, object] = {
        "expression": found.expression,
        "verdict": found.verdict,
        "claims": [one.as_dict() for one in found.answers],
        "rules": found.rules,
        "assumptions": found.assumptions,
        "sizes": found.sizes,
        "warnings": warnings,
    }
    if found.numbers:
        facts["gradients"] = [one.as_dict() for one in found.numbers]
    return json.of("check", facts, one_line=one_line)
