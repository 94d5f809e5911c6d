"""How commands answer: as text, as JSON or as bare numbers, with a check where one is wanted."""

from __future__ import annotations

import sys

from backpropcli import api
from backpropcli.cli import screen
from backpropcli.cli.status import waiting
from backpropcli.errors import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from backpropcli.proof.verdict import Verdict
    from backpropcli.render.lines import Line, Options
    from backpropcli.report.result import Result

DISAGREES, INTERRUPTED = 1, 130


def give(
    found: Result,
    lines: Callable[[Options], list[Line]],
    warnings: list[str],
    given: dict[str, Any],
) -> int:
    """Print ``found`` as the options say, for people by ``lines``; return the exit code."""
    point = found.point
    point.warnings = [*warnings, *point.lowered.warnings]
    for warning in point.warnings:
        screen.say(f"warning: {warning}")

    def verdict() -> Verdict:
        return api.verdict(found, given["check_timeout"])

    if given["json"] or given["jsonl"]:
        from backpropcli.render import json  # noqa: PLC0415 (only with --json)

        proof = awaited(verdict) if given["check"] else None
        check = proof.as_dict() if proof else None
        facts = (found.command, point, found.as_dict(), check, found.kinks, found.broken)
        sys.stdout.writelines(json.answer(*facts, one_line=given["jsonl"]))
        return exit_code(proof)
    if given["quiet"]:
        return quiet(found.rows(), verdict, given)
    from backpropcli.render.lines import Options  # noqa: PLC0415 (not with --json)
    from backpropcli.render.notices import notices  # noqa: PLC0415

    options = Options(
        given["digits"] or 6, screen.width(), given["max_nodes"], fitted=screen.is_limited()
    )
    shown = [*lines(options), *notices(point, options, found.kinks, found.broken)]
    return present(shown, verdict if wants_check(given) else None, options)


def wants_check(given: dict[str, Any]) -> bool:
    """Return whether to check a result that is shown: as asked, else where a person looks."""
    asked = given["check"]
    return bool(sys.stdout.isatty() if asked is None else asked)


def present(lines: list[Line], verdict: Callable[[], Verdict] | None, options: Options) -> int:
    """Show a result, and the verdict on it where one is wanted; return the exit code."""
    if verdict is None:
        screen.show(lines)
        return 0
    try:
        screen.show(lines)
        from backpropcli.render.verdict import verdict_lines  # noqa: PLC0415 (only with a check)

        proof = awaited(verdict)
    except KeyboardInterrupt:
        return interrupted()
    screen.show(verdict_lines(proof, options))
    return exit_code(proof)


def awaited(verdict: Callable[[], Verdict]) -> Verdict:
    """Return the verdict; a person who waits for it sees that there is work going on."""
    with waiting("checking the derivatives"):
        return verdict()


def interrupted() -> int:
    """Say that the check was interrupted, which leaves the result as it is; return the code."""
    screen.say("the check was interrupted: the result above is not checked")
    return INTERRUPTED


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
    try:
        found = awaited(verdict)
    except KeyboardInterrupt:
        return interrupted()
    if found.verdict != "agrees":
        screen.say(f"{found.verdict}: {found.reason}")
    from backpropcli.render.verdict import FULL, accuracy  # noqa: PLC0415 (only with a check)

    wrong = accuracy(found, FULL if digits is None else digits)
    if wrong:
        screen.say(f"accuracy: {wrong}")
    return exit_code(found)
