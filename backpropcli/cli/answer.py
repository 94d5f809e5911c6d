"""How the commands beyond the gradient answer: as text, as JSON or as bare numbers, and proved."""

from __future__ import annotations

import sys

from backpropcli.cli import screen
from backpropcli.errors import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from backpropcli.cli.program import Loaded
    from backpropcli.proof.check import Claim, Verdict
    from backpropcli.render.lines import Line, Options
    from backpropcli.report.kinks import KinkMet
    from backpropcli.report.report import Report

DISAGREES = 1


class Answer:
    """What a command found.

    ``name`` is the command's. ``report`` has the nodes, kinks and causes, ``results`` the
    command's own keys of the JSON document, ``quiet`` its numbers as rows of names and values,
    ``lines`` makes the text for people, and ``prove`` the verdict
    within a time. ``derived`` are
    reports of derivatives, which can have kinks of their own: ``kinks``. ``broken`` is the first of
    them that is not finite, where the point itself is.
    """

    def __init__(  # noqa: PLR0913 (a record)
        self,
        name: str,
        loaded: Loaded,
        report: Report,
        results: dict[str, object],
        quiet: Iterable[tuple[list[str], float]],
        lines: Callable[[Options], list[Line]],
        prove: Callable[[float], Verdict],
        derived: Sequence[Report] = (),
    ) -> None:
        self.name = name
        self.loaded = loaded
        self.report = report
        self.results = results
        self.quiet = quiet
        self.lines = lines
        self.prove = prove
        self.broken = None
        if not report.causes:
            self.broken = next((one for one in derived if one.causes), None)
        known = {kink.what for kink in report.kinks}
        self.kinks: list[KinkMet] = []
        for kink in [kink for one in derived for kink in one.kinks]:
            if kink.what not in known:
                known.add(kink.what)
                self.kinks.append(kink)


def by_claims(claims: Callable[[], Iterable[Claim]]) -> Callable[[float], Verdict]:
    """Return what proves ``claims`` within a time; they are drawn within it too."""

    def prove(timeout: float) -> Verdict:
        from backpropcli.proof.check import check_claims  # noqa: PLC0415 (only with a check)

        return check_claims(claims(), timeout)

    return prove


def give(answer: Answer, given: dict[str, Any]) -> int:
    """Print ``answer`` as the options say; return the exit code."""
    for warning in answer.loaded.warnings:
        screen.say(f"warning: {warning}")
    if given["json"] or given["jsonl"]:
        return _json(answer, given)
    if given["quiet"]:
        return quiet(answer.quiet, lambda: _verdict(answer, given), given)
    from backpropcli.render.lines import Options  # noqa: PLC0415 (not with --json)
    from backpropcli.render.summary import notices  # noqa: PLC0415

    options = Options(given["digits"] or 6, screen.width(), given["max_nodes"])
    told = notices(answer.report, options, answer.kinks, answer.broken)
    screen.show([*answer.lines(options), *told])
    if given["check"] is False:
        return 0
    from backpropcli.render.verdict import verdict_lines  # noqa: PLC0415 (only with a check)

    verdict = _verdict(answer, given)
    screen.show(verdict_lines(verdict, options))
    return exit_code(verdict)


def exit_code(verdict: Verdict | None) -> int:
    """Return the exit code after a verdict, or after none."""
    return DISAGREES if verdict is not None and verdict.verdict == "disagrees" else 0


def quiet(
    rows: Iterable[tuple[list[str], float]],
    verdict: Callable[[], Verdict],
    given: dict[str, Any],
) -> int:
    """Print names and numbers alone, a row a line; a verdict that is asked for goes to stderr."""
    digits = given["digits"]
    lines = [
        " ".join([*names, f"{value!r}" if digits is None else f"{value:.{digits}g}"])
        for names, value in rows
    ]
    screen.write("".join([f"{visible(line)}\n" for line in lines]))
    if not given["check"]:
        return 0
    found = verdict()
    if found.verdict != "agrees":
        screen.say(f"{found.verdict}: {found.reason}")
    from backpropcli.render.verdict import FULL, accuracy  # noqa: PLC0415 (only with a check)

    for text in accuracy(found, FULL if digits is None else digits):
        screen.say(f"accuracy: {text}")
    return exit_code(found)


def _verdict(answer: Answer, given: dict[str, Any]) -> Verdict:
    from backpropcli.proof.findings import Finding, sentence  # noqa: PLC0415 (only with a check)

    verdict = answer.prove(given["check_timeout"])
    if answer.report.causes and verdict.verdict != "inconclusive":  # the derivatives are finite
        verdict.verdict, verdict.reason = "inconclusive", sentence(Finding("not finite"))
        for entry in verdict.entries:
            entry.agree = entry.agree or None
    return verdict


def _json(answer: Answer, given: dict[str, Any]) -> int:
    from backpropcli.render import json  # noqa: PLC0415 (only with --json)

    verdict = _verdict(answer, given) if given["check"] else None
    check = verdict.as_dict() if verdict else None
    answer.report.warnings = answer.loaded.warnings
    document = json.answer(
        answer.name,
        answer.report,
        answer.results,
        check,
        answer.kinks,
        answer.broken,
        one_line=given["jsonl"],
    )
    sys.stdout.writelines(document)
    return exit_code(verdict)
