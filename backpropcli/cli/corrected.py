"""The corrected command for a mistake on the command line, ready to paste."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.cli.line.words import is_value, quoted
from backpropcli.errors import BackpropError, SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.language.program import Program

LONGEST = 500
"""Characters of the longest command that is shown."""
CLAIMS = {"--claim", "--assume"}
"""Options whose text is an expression, or a statement, of the program's variables."""
TEXTS = {*CLAIMS, "--range", "--shape", "--bind"}
"""Options whose text may be NAME=..., and gives no value."""
MOST_MISTAKES = 20
"""Mistakes in claims that are corrected."""
CLAIMED = {"a claimed derivative", "a claimed derivative with ∂"}
"""The mistakes of a program that goes on with claims."""
LOOPED = "$v"
"""The shell's variable of a loop over several values."""


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
            from backpropcli.calculus.bindings.odd import alike

            words = [alike(error, word) if is_value(word) else word for word in words]
        if error.kind in CLAIMED and error.fixes:
            return _shown(_as_claims(error, argv, place))
        if error.fixes:
            from backpropcli.language.mistakes.repair import repaired

            given = given_by(error, argv)
            texts = [text for text in repaired(error, given) if not is_value(text)]
            filled = [_filled(text, words, (start, stop), given) for text in texts]
            read = [_read(command, start, given) for command in filled]
            return _shown([command for command in read if command is not None])
        alternatives = [[*words[:start], *choice, *words[stop:], *blanks] for choice in choices]
    elif error.origin in CLAIMS and (at := _program(argv)) is not None:
        command = _read(argv, at, given_by(error, argv))
        alternatives = [command] if command not in (None, [*argv]) else []
    if not alternatives and (blanks or error.renamed) and not error.kind:
        alternatives = [[*words, *blanks]]
    return _shown(alternatives)


def _as_claims(error: SourceError, argv: Sequence[str], place: tuple[int, int]) -> list[list[str]]:
    """Return the command that puts what a program claims to the proof, if that can be read."""
    (start, stop), [[(cut, _, _)]] = place, error.fixes
    program, claims = error.source[:cut].strip("; \n"), error.source[cut:].strip()
    before, after = argv[:start], argv[stop:]
    if argv[0] != "check":
        before, after = ["check"], [word for word in [*before, *after] if is_value(word)]
    command = [*before, program, *after, "--claim", claims]
    read = _read(command, len(before), given_by(error, argv))
    return [] if read is None else [read]


def _filled(text: str, argv: Sequence[str], place: tuple[int, int], given: set[str]) -> list[str]:
    """Return a command with a corrected program, with a place for each value that it lacks."""
    from backpropcli.language.mistakes.repair import repaired
    from backpropcli.language.parse import parse

    start, stop = place
    rest = [*argv[:start], *argv[stop:]]
    missing = lacking(parse(text, given), rest, given)
    if missing is None:
        return [*argv[:start], text, *argv[stop:]]
    [text] = (repaired(missing, given) if missing.fixes else [])[:1] or [text]
    words = [_renamed(word, missing) for word in rest]
    words.insert(start, text)
    return [*words, *[f"{name}=..." for name in missing.missing]]


def _shown(alternatives: Sequence[Sequence[str]]) -> list[str]:
    """Return commands as they are typed, without those that are too long."""
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


def given_by(error: SourceError, argv: Sequence[str]) -> set[str]:
    """Return the names that arguments may give a value, beside the one with the mistake."""
    words = [word for word in argv if "=" in word and word != error.source]
    texts = {text for option, text in pairwise(argv) if option in TEXTS}
    names = {word.partition("=")[0].strip() for word in words if word not in texts}
    return {name for name in names if not name.startswith("-")}


def _read(argv: Sequence[str], start: int, given: set[str]) -> list[str] | None:
    """Return a command with program number ``start`` of its words, and its other texts corrected.

    Those are claims, and a second program. None where one cannot be read, or may mean several
    things.
    """
    if argv[0] == "compare":
        return _read_other(argv, start)
    from backpropcli.language.claims.read import claimed
    from backpropcli.language.claims.records import Text
    from backpropcli.language.mistakes.fixes import applied

    words = [*argv]
    places = [at for at, option in enumerate(argv[:-1], 1) if option in CLAIMS]
    for _ in range(MOST_MISTAKES if places else 0):
        texts = {at: Text(words[at], str(at)) for at in places}
        claims = [text for at, text in texts.items() if words[at - 1] == "--claim"]
        assumed = [text for at, text in texts.items() if words[at - 1] != "--claim"]
        try:
            claimed(words[start], given, claims=claims, assumed=assumed)
        except SourceError as error:
            if not error.origin or len(error.fixes) != 1:
                return None
            words[int(error.origin)] = applied(error.source, error.fixes[0]).strip()
        else:
            return words
    return None if places else words


def _read_other(argv: Sequence[str], start: int) -> list[str] | None:
    """Return a command of two programs with the one that is not number ``start`` corrected."""
    from backpropcli.language.mistakes.repair import readable

    words = [*argv]
    for at, word in enumerate(argv):
        option = word.startswith("-") or argv[at - 1].startswith("--")
        if at not in {0, start} and not option and not is_value(word):
            texts, _ = readable(word)
            if len(texts) != 1:
                return None
            [words[at]] = texts
    return words


def _program(argv: Sequence[str]) -> int | None:
    """Return which argument of the command check is its program, None where that is not sure."""
    words = [
        at
        for at in range(1, len(argv))
        if not argv[at].startswith("-")
        and not is_value(argv[at])
        and not argv[at - 1].startswith("-")
    ]
    return words[0] if len(words) == 1 and argv[0] == "check" else None


def lacking(program: Program, argv: Sequence[str], given: set[str]) -> SourceError | None:
    """Return the error for the variables of a program that a command line with values leaves out.

    None where all have one, or may have it elsewhere.
    """
    elsewhere = argv[:1] in (["formula"], ["compare"]) or any(
        word.startswith(("--bind", "-b", "--claim")) for word in argv
    )
    missing = [name for name in program.variables if name not in given]
    if elsewhere or "bind:" in program.source or not given or not missing:
        return None
    from backpropcli.calculus.bindings import merged
    from backpropcli.calculus.bindings.mistakes.missing import unbound

    words = [word for word in argv if is_value(word) and word.partition("=")[0].strip() in given]
    values: Mapping[str, object]
    try:
        values = merged("", "", {}, words)
    except BackpropError:  # stdin is read already, or a value has a mistake of its own
        values = dict.fromkeys(given, 0.0)
    return unbound(program, missing, values)
