"""Answers the script of a shell that asks which words may stand at the cursor of a command line."""

from __future__ import annotations

import os
import sys

from backpropcli.cli.line.options import (
    ALL_VIEWS,
    MODES,
    NOTATIONS,
    OF_GRADIENT,
    OPTIONS,
    SWEEPS,
    VIEWS,
)
from backpropcli.cli.line.reader import split
from backpropcli.cli.line.usage import COMMANDS
from backpropcli.errors import BackpropError
from backpropcli.files import read_program, sample_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backpropcli.cli.line.options import Option
    from backpropcli.language.program import Program

    Pairs = Iterable[tuple[str, str]]

CHOICES = {"view": VIEWS, "mode": SWEEPS, "from": NOTATIONS}
"""The values of options that have few."""
SPECIAL = " ()[]{}<>|&;*?!'\"$`\\#~"
"""What a shell acts on, outside quotes."""


def answer(argv: Sequence[str], shell: str) -> int:
    """Print the words that may stand at the cursor; return the exit code."""
    if shell != "bash":
        *words, current = argv or [""]
        rows = [f"{word}\t{what}" for word, what in candidates(words, current)]
        sys.stdout.write("".join([f"{row.rstrip()}\n" for row in rows]))
        return 0
    line, replaced = (*argv, "", "")[:2]
    (_, *words), current, quote = parted(line)
    found = [word for word, _ in candidates(words, current)]
    if quote and len(found) == 1 and found[0].endswith("("):
        found.append(f"{found[0]}x)")  # else readline closes the quote
    for word in found:
        rest = word[len(current) :]
        shown = rest if quote else escaped(rest, whole=not current)
        sys.stdout.write(f"{replaced}{shown}\n")
    return 0


def parted(line: str) -> tuple[list[str], str, str]:
    """Return the words of a command line, the last one, and the quote that is open there."""
    words = [""]
    quote, rest = "", iter(line)
    for char in rest:
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif char == "\\" and quote != "'":
            words[-1] += next(rest, "")
        elif char == " " and not quote:
            words += [""] * bool(words[-1])
        else:
            words[-1] += char
    return words[:-1] or [""], words[-1], quote


def escaped(text: str, *, whole: bool) -> str:
    """Return ``text`` so that a shell acts on nothing in it; a ``whole`` word gets quotes."""
    if whole and not {*SPECIAL}.isdisjoint(text):
        return f"'{text}'"
    return "".join([f"\\{char}" if char in SPECIAL else char for char in text])


def candidates(words: Sequence[str], current: str) -> list[tuple[str, str]]:
    """Return what may stand in place of ``current`` after ``words``, and what each is.

    Every word begins with what is typed already.
    """
    found = _found(list(words), current)
    return [(word, what) for word, what in found if word.startswith(current)]


def _found(words: list[str], current: str) -> Pairs:
    named = bool(words) and words[0] in OPTIONS
    command = words.pop(0) if named else "grad"
    options = {f"--{option.name}": option for option in OPTIONS[command]}
    options |= {option.short: option for option in OPTIONS[command] if option.short}
    asked = options.get(words[-1]) if words else None
    if asked is not None and asked.type is not bool:
        return _values(asked, words[:-1], command, current)
    name, equals, typed = current.partition("=")
    if equals and name in options:
        pairs = _values(options[name], words, command, typed)
        return ((f"{name}={value}", what) for value, what in pairs)
    if current.startswith("-") and (current == "-" or current.startswith("--")):
        return _options(OPTIONS[command], words)
    if command in MODES:
        return _words(words, command, current, first=not (words or named))
    return () if words else _topics(command, current)


def _words(words: list[str], command: str, current: str, *, first: bool) -> Pairs:
    """Return the words of a command line on a program: the program itself, and its values."""
    if current.startswith("@"):
        return [*_files(current, "@"), *((f"@{name}", what) for name, what in _samples())]
    program = _program(words, command)
    if program is not None:
        bound = {word.partition("=")[0] for word in words}
        return ((f"{name}=", "variable") for name in program.variables if name not in bound)
    return [*(_topics("") if first else ()), *_functions(current)]


def _options(options: Sequence[Option], words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the options that may still be given."""
    for option in options:
        names = [f"--{option.name}"] + [f"--no-{option.name}"] * option.negation
        given = {word.partition("=")[0] for word in words}
        if option.repeated or given.isdisjoint({*names, option.short}):
            yield from ((name, option.help) for name in names)
    yield "--help", "Show help."


def _values(option: Option, words: list[str], command: str, typed: str) -> Pairs:
    """Return the values that an option may have, where there are some to choose from."""
    if option.name in CHOICES:
        choices = ALL_VIEWS if option is OF_GRADIENT else CHOICES[option.name]
        return ((name, "") for name in choices)
    if option.name == "bind":
        return _files(typed, "")
    if option.name == "search":
        return ()
    program = _program(words, command)
    if program is None:
        return ()
    if option.name in {"output", "with"}:
        names, what = program.titles(), "output"
    elif option.name == "open":
        from backpropcli.calculus.opening import called

        names, what = ["all", *sorted(called(program))], "function"
    elif option.name in {"wrt", "along", "in"}:
        names, what = [*program.variables, *program.names], ""
    else:
        return ()
    equals = "=" if option.name in {"with", "along"} else ""
    before = typed[: typed.rfind(",") + 1] if option.repeated else ""
    given = {part.partition("=")[0] for part in before.split(",")}
    return ((f"{before}{name}{equals}", what) for name in names if name not in given)


def _topics(command: str, current: str = "") -> Pairs:
    """Return what a command about the tool takes; the commands for "".

    Help has so many topics that the functions are there only where one is begun.
    """
    commands = [(command.name, command.sentence) for command in COMMANDS.values()]
    if command == "schema":
        return (pair for pair in commands if pair[0] in MODES)
    if command == "samples":
        return _samples()
    if command == "completion":
        return (("bash", ""), ("zsh", ""), ("fish", ""))
    if command == "functions":
        return _all_functions()
    if command == "help":
        from backpropcli.cli.manual import title, topics

        pages = [(topic, title(topic)) for topic in topics()]
        return [*pages, *commands, *(_all_functions() if current else ())]
    return [] if command else commands


def _samples() -> Pairs:
    from backpropcli.cli.commands.samples import about

    return ((name, about(read_program(f"@{name}")[0])) for name in sample_names())


def _all_functions() -> list[tuple[str, str]]:
    from backpropcli.graph.arrays import LISTED
    from backpropcli.graph.operations import WORDS
    from backpropcli.language.builder.files import described

    rows = [row for row in (*WORDS, *LISTED) if row.infix is None]
    known = {row.shown: row.doc for row in reversed(rows)}
    shipped = [(name, doc) for name, (_, doc, _) in described().items()]
    return [*[*known.items()][::-1], *shipped]


def _functions(current: str) -> Pairs:
    """Return ``current`` with the name at its end completed to that of a function."""
    start = len(current)
    while start and (current[start - 1].isalnum() or current[start - 1] == "_"):
        start -= 1
    if start == len(current) or current[start].isdigit():
        return ()
    return ((f"{current[:start]}{name}(", what) for name, what in _all_functions())


def _files(typed: str, mark: str) -> Iterator[tuple[str, str]]:
    """Yield the files whose path begins as ``typed`` does, behind ``mark``."""
    folder, _, head = typed.removeprefix(mark).rpartition("/")
    folder += "/" * ("/" in typed)
    try:
        found = sorted(os.listdir(folder or "."))  # noqa: PTH208 (pathlib is slow to load)
    except OSError:
        return
    for name in found:
        if name.startswith(head) and (head or not name.startswith(".")):
            slash = "/" * os.path.isdir(folder + name)  # noqa: PTH112
            yield f"{mark}{folder}{name}{slash}", "file"


def _program(words: Sequence[str], command: str) -> Program | None:
    """Return the program among ``words``, if it is there and can be read."""
    from backpropcli.cli.line.words import is_value
    from backpropcli.language.parse import parse

    found, _, _ = split(words, MODES[command])
    text = next((word for word in found if not is_value(word)), None)
    if text is None or text == "-":
        return None
    try:
        return parse(*read_program(text)[:1])
    except BackpropError:
        return parse("0")
