"""Mends below a result, and the mended program alone."""

from __future__ import annotations

from backpropcli.cli import screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.findings.verdict import Verdict
    from backpropcli.proof.mends.mended import Mended
    from backpropcli.render.layout.lines import Options
    from backpropcli.report.report import Report


def rewritten(report: Report) -> None:
    """Print the mended program; what was mended is told on stderr."""
    from backpropcli.render.layout.lines import UNBROKEN
    from backpropcli.render.verdicts.mends import mend_lines

    found = mended(report)
    for line in mend_lines(found, UNBROKEN, ""):
        screen.say("".join([text for _, text in line]))
    if not found.steps:
        screen.say(found.why or "no mend helps here: the program is printed as it is")
    screen.write(f"{found.program}\n")


def shown_below(report: Report, floats: Report, verdict: Verdict | None, options: Options) -> None:
    """Show mends below a result that is not finite, or that has lost digits."""
    if loses(report, floats, verdict, options.digits):
        from backpropcli.render.verdicts.mends import mend_lines

        if told := mend_lines(mended(floats), options.width):
            screen.show(told)


def mended(report: Report) -> Mended:
    """Return what mends the program; a person who waits for it sees that, and may stop it."""
    from backpropcli.cli.status import waiting

    try:
        with waiting("looking for mends"):
            from backpropcli import trust

            return trust.mended(report)
    except KeyboardInterrupt:
        screen.say("the search for mends was interrupted")
        raise


def loses(report: Report, floats: Report, verdict: Verdict | None, digits: int) -> bool:
    """Say whether something is not finite, or so many digits of floats are not right."""
    if report.causes or verdict is None:
        return bool(report.causes)
    from backpropcli.render.verdicts.verdict import accuracy, right

    if not report.as_typed or report.arrays:
        return bool(accuracy(verdict, digits))
    from backpropcli.report.digits.numbers import told
    from backpropcli.report.truth.point import Point

    point = Point(floats)  # at their doubles: that what was typed is rounded, no mend can help
    truths = [] if point.undecided else map(told, [point.value, *point.derivatives()])
    pairs = zip([floats.value, *floats.gradient.values()], truths, strict=False)
    return any(truth and right(here, truth, digits) < digits for here, truth in pairs)
