"""Reads a command line with a command's options: EXPR NAME=VALUE ..., in any order.

It reads what it is sure of and leaves the rest to typer: an option without its value, a flag with
one. Both take an option's value as text, and ``settled`` makes numbers of it. An argument that
begins with one '-' is an expression, unless it is exactly one of the short options: letters are
never read one by one.
"""

from __future__ import annotations

from backpropcli.cli.line.options import ALL_VIEWS, ELSEWHERE, FALSE_FORM, LETTERS, OPTIONS
from backpropcli.cli.line.words import quoted
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.cli.line.options import Option

Arguments = tuple[list[str], dict[str, object]]
Split = tuple[list[str], list[tuple["Option", str | bool]], list[str]]
KINDS = {int: "a whole number", float: "a number"}
LONG = 40
"""A longer text is cut short in a message."""
SLIPS = 2
"""How far off an option may be typed: there are few of them."""
ALIASES = {"precision": "digits", "vars": "wrt", "variables": "wrt"}
"""Options that other tools have by another name."""
HELP = ("-h", "--help")
VERSION = ("-V", "--version")


def read(argv: Sequence[str], command: str) -> Arguments | None:
    """Return the positional arguments and the options' values; None where typer has to look.

    Raises BackpropError for an option that there is not, that is given twice and does not add up,
    or that is no number.
    """
    options = OPTIONS[command]
    words, given, unsure = split(argv, options)
    known_or_not(unsure, argv, command)
    if unsure:
        return None
    once(given)
    found: dict[str, object] = {option.key: option.default for option in options}
    for option, text in given:
        before = found[option.key]
        if option.repeated:
            found[option.key] = [*(before if isinstance(before, list) else []), text]
        else:
            found[option.key] = text
    return words, settled(found, options)


def asked(argv: Sequence[str], command: str, about: Sequence[str]) -> bool:
    """Say whether one of the options ``about`` stands in ``argv``, where an option may."""
    return not {*about}.isdisjoint(split(argv, OPTIONS[command])[2])


def settled(given: dict[str, object], options: Sequence[Option]) -> dict[str, object]:
    """Return the options' values with numbers for the texts of numbers.

    Raises BackpropError for a text that is none.
    """
    found = dict(given)
    for option in options:
        text = given[option.key]
        if isinstance(text, str) and option.type in KINDS:
            try:
                found[option.key] = option.type(text)
            except ValueError:
                shown = text if len(text) <= LONG else f"{text[:LONG]}…"
                raise BackpropError(
                    f"invalid value for '--{option.name}': '{shown}' is not {KINDS[option.type]}",
                    f"write it as in --{option.name} {option.default or 6}",
                ) from None
    return found


def split(argv: Sequence[str], options: Sequence[Option]) -> Split:
    """Return positional arguments, (option, value) pairs, and the words that are neither."""
    known = {f"--{option.name}": option for option in options}
    known |= {option.short: option for option in options if option.short}
    negated = {f"--{FALSE_FORM}{option.name}": option for option in options if option.negation}
    words: list[str] = []
    given: list[tuple[Option, str | bool]] = []
    unsure: list[str] = []
    rest = iter(argv)
    for word in rest:
        if word == "--":
            words += rest
            break
        long = word.startswith("--")
        if not long and word not in LETTERS and word not in {*HELP, *VERSION}:
            words.append(word)
            continue
        name, equals, text = word.partition("=") if long else (word, "", "")
        option = known.get(name)
        if name in negated and not equals:
            given.append((negated[name], False))
        elif option is None or (option.type is bool and equals):
            unsure.append(word)
        elif option.type is bool:
            given.append((option, True))
        else:
            value = text if equals else next(rest, None)
            if value is None:
                unsure.append(word)
            else:
                given.append((option, value))
    return words, given, unsure


def known_or_not(unsure: Sequence[str], argv: Sequence[str], command: str) -> None:
    """Raise BackpropError for the first of ``unsure`` that is no option of ``command``."""
    options = OPTIONS[command]
    names = [f"--{option.name}" for option in options]
    names += [f"--{FALSE_FORM}{option.name}" for option in options if option.negation]
    for word in unsure:
        name, _, text = word.partition("=")
        if name in names or (name and name in {option.short for option in options}):
            continue  # it is one, and used in a wrong way
        if name in {"--help", "--version"}:
            raise BackpropError(f"{name} takes no value", f"write {name} alone")
        who = f"{command} has" if LETTERS.get(name) or _owners(name) else "there is"
        raise BackpropError(f"{who} no option {name}", _meant(name, text, argv, names, command))


def _owners(name: str) -> list[str]:
    """Return the commands that have the option."""
    return [command for command, found in OPTIONS.items() if name[2:] in {o.name for o in found}]


def _meant(name: str, text: str, argv: Sequence[str], names: Sequence[str], command: str) -> str:
    """Return what to write in place of an option that ``command`` does not have."""
    listed = f"'backprop {command} -h' lists the options"
    long = f"--{LETTERS[name].name}" if name in LETTERS else name
    if _owners(long):
        reason = ELSEWHERE.get((command, long[2:]), listed)
        return f"{long} is an option of {', '.join(_owners(long))}; {reason}"
    bare = name.strip("-")
    longer = [option for option in names if option.startswith(name) or option.endswith(f"-{bare}")]
    close = did_you_mean(name, names, slips=SLIPS)
    if bare in ALIASES and f"--{ALIASES[bare]}" in names:
        longer = [f"--{ALIASES[bare]}"]
    if bare in ALL_VIEWS and "--view" in names:
        longer = [f"--view {bare}"]
    if len(longer) == 1 and len(bare) > 1:
        close = f"did you mean '{longer[0]}'?"
    value = text or _after(argv, name)
    used = {
        word[start:end]
        for word in argv
        for kind, start, end in tokens(word)
        if kind == "NAME" and not word.startswith("-")
    }
    if not close and bare in used and value and value[0] in "0123456789.+-":
        told = f"a value is written {bare}={value}"
        words = " ".join(map(quoted, _with_values(argv)))
        return f"{told}\n  backprop {words}" if name.startswith("--") else told
    return f"{close}\n{listed}" if close else listed


def _with_values(argv: Sequence[str]) -> list[str]:
    """Return the arguments with NAME=VALUE in place of --NAME=VALUE and --NAME VALUE."""
    words: list[str] = []
    rest = iter(argv)
    for word in rest:
        name, equals, text = word.removeprefix("--").partition("=")
        meant = word.startswith("--") and name.isidentifier() and not _owners(f"--{name}")
        words.append(f"{name}={text if equals else next(rest, '')}" if meant else word)
    return words


def _after(argv: Sequence[str], name: str) -> str:
    """Return the argument after ``name``, if there is one."""
    place = argv.index(name) + 1 if name in argv else len(argv)
    return argv[place] if place < len(argv) else ""


def once(given: Sequence[tuple[Option, str | bool]]) -> None:
    """Raise BackpropError for an option that is given twice and does not add up.

    A flag may be: the last of --check and --no-check holds.
    """
    seen = set()
    for option, _ in given:
        if option.name in seen and option.type is not bool and not option.repeated:
            raise BackpropError(f"--{option.name} is given twice", "keep one of the two")
        seen.add(option.name)


def spelled(argv: Sequence[str], command: str) -> list[str]:
    """Return ``argv`` with the options first and '--' before the rest, as typer needs it.

    An option that lacks its value comes last: there typer sees that nothing follows. Raises
    BackpropError as ``read`` does.
    """
    words, given, unsure = split(argv, OPTIONS[command])
    known_or_not(unsure, argv, command)
    if not unsure:
        once(given)
    front = []
    for option, value in given:
        if option.type is bool:
            front.append(f"--{'' if value else FALSE_FORM}{option.name}")
        else:
            front.append(f"--{option.name}={value}")
    unsure = [f"--{LETTERS[word].name}" if word in LETTERS else word for word in unsure]
    lacking = [word for word in unsure[-1:] if "=" not in word]
    if lacking:
        return [*front, *unsure]
    return [*front, *unsure, "--", *words]


def single(words: Sequence[str], command: str, most: int = 1) -> str:
    """Return the one word that a command takes, "" without one; raise BackpropError for more."""
    if len(words) > most:
        raise BackpropError(
            f"{command} does not take '{words[most]}'",
            f"'backprop {command} -h' tells how to use it",
        )
    return words[0] if words else ""
