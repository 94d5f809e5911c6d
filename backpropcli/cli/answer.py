"""How commands answer: as text, as JSON or as bare numbers, with a check where one is wanted."""

from __future__ import annotations

import sys

from backpropcli.calculus.bindings import is_finite
from backpropcli.cli import screen
from backpropcli.cli.line.program import OF_DOUBLES, is_long
from backpropcli.errors import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeVar

    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.result import Result

    F = TypeVar("F", bound=Report | Result)
    R = TypeVar("R", bound=Result)
    Row = tuple[list[str], Any]
    V = TypeVar("V")

DISAGREES = NOT_FINITE = 1
INCONCLUSIVE = 3
MOST_LINES = 500
"""Lines of a table of a command without --max-nodes."""


def give(
    floats: R,
    lines: Callable[[R, Options], list[Line]],
    warnings: list[str],
    given: dict[str, Any],
) -> int:
    """Print a result as the options say, for people by ``lines``; return the exit code."""
    found = in_digits(floats, given)
    point = found.point
    point.warnings = [*warnings, *point.lowered.warnings]
    screen.warn(point.warnings)

    def verdict() -> Verdict:
        from backpropcli import trust

        return trust.verdict(found, given["check_timeout"])

    proof = None
    if given["json"] or given["jsonl"]:
        from backpropcli.render.documents.reports import answer

        proof = awaited(verdict) if given["check"] else None
        check = proof.as_dict() if proof else None
        facts = (found.command, point, found.as_dict(), check, found.kinks, found.broken)
        sys.stdout.writelines(answer(*facts, one_line=given["jsonl"]))
    elif given["quiet"] or given["value"]:
        values = zip([[output] for output in found.outputs], found.values, strict=True)
        bare(values if given["value"] else found.rows(), given)
        tell(point, given, found.kinks, found.broken)
        proof = checked(verdict, given)
    else:
        from backpropcli.render.notices import notices

        options = shown_as(given)
        shown = [*lines(found, options), *notices(point, options, found.kinks, found.broken)]
        proof = present(shown, verdict if wants_check(given) else None, options)
    numbers = [*found.values, *(number for _, number in found.rows())]
    return exit_code(proof, numbers, [*point.kinks, *found.kinks], given)


def in_digits(found: F, given: dict[str, Any]) -> F:
    """Return a result in the digits asked for; each is proved, where doubles do not have them."""
    if not is_long(given):
        return found
    count = 0 if given["exact"] else given["digits"]
    from backpropcli.cli.status import waiting

    with waiting("proving the digits"):
        from backpropcli import trust

        return trust.digits(found, count, given["check_timeout"])


def digits_of(given: dict[str, Any]) -> int | None:
    """Return the digits asked for of numbers that are floats."""
    return None if (given["digits"] or 0) > OF_DOUBLES else given["digits"]


def shown_as(given: dict[str, Any]) -> Options:
    """Return how a person wants to see it."""
    from backpropcli.render.layout.lines import Options

    return Options(
        digits_of(given) or 6,
        screen.width(),
        given.get("max_nodes", MOST_LINES),
        fitted=screen.is_limited(),
        elements=digits_of(given) or 4,
        proved=is_long(given),
        bits=bool(given.get("accuracy")),
        full=bool(given.get("full")),
    )


def wants_check(given: dict[str, Any]) -> bool:
    """Return whether to check a result that is shown: as asked, else where a person looks."""
    asked = given["check"]
    return bool(sys.stdout.isatty() if asked is None else asked)


def present(
    lines: list[Line], verdict: Callable[[], Verdict] | None, options: Options
) -> Verdict | None:
    """Show a result, and the verdict on it where one is wanted; return the verdict."""
    screen.show(lines)
    if verdict is None:
        return None
    proof = _below(verdict)
    from backpropcli.render.verdicts.verdict import verdict_lines

    screen.show(verdict_lines(proof, options))
    return proof


def awaited(verdict: Callable[[], V]) -> V:
    """Return the verdict; a person who waits for it sees that there is work going on."""
    from backpropcli.cli.status import waiting

    with waiting("checking the derivatives"):
        return verdict()


def _below(verdict: Callable[[], Verdict]) -> Verdict:
    """Return the verdict on what is shown; an interruption leaves that as it is, and is told."""
    try:
        return awaited(verdict)
    except KeyboardInterrupt:
        screen.say("the check was interrupted: the result above is not checked")
        raise


def exit_code(
    verdict: Verdict | None,
    numbers: Iterable[Any],
    kinks: Sequence[KinkMet],
    given: dict[str, Any],
) -> int:
    """Return the exit code after a verdict, or after none.

    With --strict what is not finite counts, and a verdict that is inconclusive; without a verdict,
    a kink is a question that is open.
    """
    if verdict is not None and verdict.verdict == "disagrees":
        return DISAGREES
    if not given["strict"]:
        return 0
    if not all(map(_is_finite, numbers)):
        return NOT_FINITE
    doubtful = kinks if verdict is None else verdict.verdict == "inconclusive"
    return INCONCLUSIVE if doubtful else 0


def _is_finite(value: Any) -> bool:  # noqa: ANN401 (a number or an array)
    """Say whether a value, or all its elements, are finite; in digits it may be beyond doubles."""
    from backpropcli.report.decimals import finite

    if isinstance(value, float):
        return finite(value)
    return all(map(finite, value.flat)) if value.dtype.hasobject else is_finite(value)


def bare(rows: Iterable[Row], given: dict[str, Any]) -> None:
    """Print names and numbers with tabs between them, a row a line; one value stands alone."""
    digits = digits_of(given)
    found = list(rows)
    if not found:
        screen.say("there is no variable to differentiate by; --value prints the value")
    lines = []
    for names, number in found:
        head = [] if given["value"] and len(found) == 1 else map(visible, names)
        lines.append("\t".join([*head, spelled(number, digits)]))
    screen.write("".join([f"{line}\n" for line in lines]))


def spelled(number: Any, digits: int | None) -> str:  # noqa: ANN401 (a number, or an array)
    """Return a number as scripts read it; an array as nested lists of JSON."""
    if hasattr(number, "text"):
        return str(number.text)  # its digits are proved
    if isinstance(number, float):
        return f"{number!r}" if digits is None else f"{number:.{digits}g}"
    from backpropcli.render.json import real
    from backpropcli.render.layout.arrays import elements

    if number.dtype == object:
        return elements(number, lambda one: spelled(one, digits))
    if digits is None:
        return elements(number, real)
    return elements(number, lambda one: f"{one:.{digits}g}" if one - one == 0 else real(one))


def tell(
    point: Report,
    given: dict[str, Any],
    further: Sequence[KinkMet] = (),
    broken: Report | None = None,
) -> None:
    """Tell on stderr of kinks, and of the causes of what is not finite, if there are any."""
    if not (point.kinks or point.causes or further or broken or point.digits or point.scaling):
        return
    from backpropcli.render.layout.lines import UNBROKEN, Options
    from backpropcli.render.notices import notices

    options = Options(digits_of(given) or 6, UNBROKEN, given["max_nodes"])
    for line in filter(None, notices(point, options, further, broken, whole=False)):
        screen.say("".join([text for _, text in line]))


def checked(verdict: Callable[[], Verdict], given: dict[str, Any]) -> Verdict | None:
    """Return the verdict if it is asked for; one that does not agree is told on stderr."""
    if not given["check"]:
        return None
    found = _below(verdict)
    if found.verdict != "agrees":
        screen.say(f"{found.verdict}: {found.reason}")
    if is_long(given):
        return found
    from backpropcli.render.verdicts.verdict import FULL, accuracy

    wrong = accuracy(found, FULL if given["digits"] is None else given["digits"])
    if wrong:
        screen.say(f"accuracy: {wrong}")
    return found
