"""How a mistake is told on the command line: with the corrected command, ready to paste."""

from __future__ import annotations

from backpropcli.cli import screen
from backpropcli.cli.corrected import CLAIMED, corrected, given_by, lacking
from backpropcli.errors import BackpropError, SourceError
from backpropcli.render.layout.lines import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.language.program import Program
    from backpropcli.render.layout.lines import Line

UNSAID = "write ..."
"""A hint that would be too long: the corrected command says it."""


def told(error: BackpropError, argv: Sequence[str]) -> list[Line]:
    """Return the lines that tell an error of the command ``backprop`` with arguments ``argv``."""
    found: list[BackpropError] = [error]
    if isinstance(error, SourceError) and error.kind:
        from backpropcli.language.mistakes.repair import problems

        given = given_by(error, argv)
        several, program = problems(error, given)
        found = [*several]
        if error.kind not in CLAIMED:
            found += _unbound(error, argv, program, given)
    width = screen.width()
    lines: list[Line] = []
    for one in found:
        (_, sentence), *rest = one.lines()
        lines += [[]] * bool(lines)
        lines += wrapped([("error", "error:"), ("message", f" {sentence}")], width)
        for role, text in rest:
            if text == UNSAID:
                continue
            lines += wrapped([(role, text)], width) if role == "hint" else [[(role, text)]]
    if isinstance(error, SourceError):
        lines += [[("", "  "), ("command", line)] for line in corrected(error, argv)]
    return lines


def _unbound(
    error: SourceError, argv: Sequence[str], program: Program | None, given: set[str]
) -> list[SourceError]:
    """Return the error for variables without a value, where others have one on the command line."""
    found = lacking(program, argv, given) if program else None
    if found is None or found.fixes or found.renamed or not found.missing:
        return []
    from backpropcli.language.scanner import tokens

    words = {error.source[start:end]: (start, end) for _, start, end in tokens(error.source)[::-1]}
    if found.missing[0] not in words:
        return []
    start, end = words[found.missing[0]]
    return [SourceError(found.message, error.source, start, end, found.hint)]
