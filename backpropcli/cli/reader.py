"""Reads the plain form, EXPR NAME=VALUE ... with the default command's options.

It reads what it is sure of and leaves the rest, help and every mistake, to typer. An argument that
begins with one '-' is never an option: the command has no short ones, and -x is an expression.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.cli.options import Option

Arguments = tuple[list[str], dict[str, object]]
FALSE_FORM = "no-"
NUMERALS = frozenset("0123456789+-.e")
"""What a number is made of that every reader takes for the same one."""


def read(argv: Sequence[str], options: Sequence[Option]) -> Arguments | None:
    """Return the positional arguments and the options' values; None where typer has to look."""
    words, given, unsure = split(argv, options)
    if unsure:
        return None
    found: dict[str, object] = {option.key: option.default for option in options}
    for option, text in given:
        if option.type in {int, float} and not NUMERALS.issuperset(str(text)):
            return None
        try:
            item = text if option.type is bool else option.type(text)
        except ValueError:
            return None
        if option.repeated:
            before = found[option.key]
            found[option.key] = [*(before if isinstance(before, list) else []), item]
        else:
            found[option.key] = item
    return words, found


def split(
    argv: Sequence[str], options: Sequence[Option]
) -> tuple[list[str], list[tuple[Option, str | bool]], list[str]]:
    """Return positional arguments, (option, value) pairs, and the words that typer has to judge."""
    known = {option.name: option for option in options}
    words: list[str] = []
    given: list[tuple[Option, str | bool]] = []
    unsure: list[str] = []
    rest = iter(argv)
    for word in rest:
        if word == "--":
            words += rest
            break
        if not word.startswith("--"):
            words.append(word)
            continue
        name, equals, text = word[2:].partition("=")
        option = known.get(name)
        if option is None:
            option = known.get(name.removeprefix(FALSE_FORM))
            if option is None or not option.negation or equals:
                unsure.append(word)
            else:
                given.append((option, False))
        elif option.type is bool:
            if equals:
                unsure.append(word)
            else:
                given.append((option, True))
        elif equals:
            given.append((option, text))
        else:
            value = next(rest, None)
            if value is None:
                unsure.append(word)
            else:
                given.append((option, value))
    return words, given, unsure


def spelled(argv: Sequence[str], options: Sequence[Option]) -> list[str]:
    """Return ``argv`` with the options first and '--' before the rest, as typer needs it.

    An option that lacks its value comes last: there typer sees that nothing follows.
    """
    words, given, unsure = split(argv, options)
    front = []
    for option, value in given:
        if option.type is bool:
            front.append(f"--{'' if value else FALSE_FORM}{option.name}")
        else:
            front.append(f"--{option.name}={value}")
    lacking = [word for word in unsure[-1:] if word[2:] in {option.name for option in options}]
    if lacking and argv[-1] == lacking[0]:
        return [*front, *unsure]
    return [*front, *unsure, "--", *words]
