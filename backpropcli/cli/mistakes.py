"""How a mistake is told on the command line: with the corrected command, ready to paste."""

from __future__ import annotations

from backpropcli.cli import screen
from backpropcli.cli.words import is_value, quoted
from backpropcli.errors import BackpropError, SourceError
from backpropcli.render.lines import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.language.program import Program
    from backpropcli.render.lines import Line

LONGEST = 500
"""Characters of the longest command that is shown."""
UNSAID = "write ..."
"""A hint that would be too long: the corrected command says it."""
LOOPED = "$v"
"""The shell's variable of a loop over several values."""


def told(error: BackpropError, argv: Sequence[str]) -> list[Line]:
    """Return the lines that tell an error of the command ``backprop`` with arguments ``argv``."""
    found: list[BackpropError] = [error]
    if isinstance(error, SourceError) and error.kind:
        from backpropcli.language.mistakes.repair import problems  # noqa: PLC0415 (it parses again)

        given = _given(error, argv)
        several, program = problems(error, given)
        found = [*several, *_unbound(error, argv, program, given)]
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
    """Return the error for variables without a value, where others have one on the command line.

    What they lack is told of ``error`` too, so that the corrected command has it.
    """
    elsewhere = argv[:1] == ["formula"] or any(word.startswith(("--bind", "-b")) for word in argv)
    if program is None or elsewhere or "bind:" in error.source:
        return []
    missing = [name for name in program.variables if name not in given]
    if not given or not missing or given - {*program.variables}:
        return []
    from backpropcli.calculus.bindings.missing import unbound  # noqa: PLC0415 (on a mistake)
    from backpropcli.language.scanner import tokens  # noqa: PLC0415

    found = unbound(program, missing, dict.fromkeys(given, 0.0))
    words = {error.source[start:end]: (start, end) for _, start, end in tokens(error.source)[::-1]}
    if missing[0] not in words or found.fixes:
        return []
    error.missing = found.missing
    start, end = words[missing[0]]
    return [SourceError(found.message, error.source, start, end, found.hint)]


def corrected(error: SourceError, argv: Sequence[str]) -> list[str]:
    """Return the corrected command: one line for each way to correct the mistake."""
    words = [_renamed(word, error) for word in argv]
    blanks = [f"{name}=..." for name in error.missing]
    alternatives: list[list[str]] = []
    place = _place(error, argv)
    if place is not None:
        start, stop = place
        if error.several:
            name = error.source.partition("=")[0].strip()
            words[start:stop] = [f"{name}={LOOPED}"]
            return [_loop([*words, *blanks], error.several)]
        choices = [*error.words]
        if choices:
            from backpropcli.calculus.bindings.odd import alike  # noqa: PLC0415 (on a mistake)

            words = [alike(error, word) if is_value(word) else word for word in words]
        if error.fixes:
            from backpropcli.language.mistakes.repair import repaired  # noqa: PLC0415 (it parses again)

            texts = repaired(error, _given(error, argv))
            choices = [[text] for text in texts if not is_value(text)]
        alternatives = [[*words[:start], *choice, *words[stop:], *blanks] for choice in choices]
    if not alternatives and (blanks or error.renamed) and not error.kind:
        alternatives = [[*words, *blanks]]
    lines = [" ".join(["backprop", *map(quoted, words)]) for words in alternatives]
    return [line for line in lines if len(line) <= LONGEST and "\n" not in line]


def _loop(words: Sequence[str], values: Sequence[str]) -> str:
    """Return the shell's loop that runs the command of ``words`` for each of ``values``."""
    typed = [word if word.endswith(LOOPED) else quoted(word) for word in words]
    return f"for v in {' '.join(values)}; do {' '.join(['backprop', *typed])}; done"


def _renamed(word: str, error: SourceError) -> str:
    """Return an argument, with the name that was meant where it gives a value.

    What is no name, as p.x, is meant so wherever it stands.
    """
    for dotted in [name for name in error.renamed if "." in name]:
        word = word if word.startswith(("@", "-")) else word.replace(dotted, error.renamed[dotted])
    name, equals, value = word.partition("=")
    return f"{error.renamed[name]}={value}" if equals and name in error.renamed else word


def _place(error: SourceError, argv: Sequence[str]) -> tuple[int, int] | None:
    """Return which arguments hold the mistake: one, or several that blanks tore apart."""
    if error.origin:
        return None
    for start in range(len(argv)):
        text = ""
        for stop in range(start, len(argv)):
            text += (" " if stop > start else "") + argv[stop]
            if text == error.source:
                return start, stop + 1
            if not error.source.startswith(text):
                break
    return None


def _given(error: SourceError, argv: Sequence[str]) -> set[str]:
    """Return the names that arguments may give a value, beside the one with the mistake."""
    words = [word for word in argv if "=" in word and word != error.source]
    names = {word.partition("=")[0].strip() for word in words}
    return {name for name in names if not name.startswith("-")}
