"""Reads the plain form, EXPR NAME=VALUE ... with a command's options.

It reads what it is sure of and leaves the rest, help and most mistakes, to typer. Both take an
option's value as text, and ``settled`` makes numbers of it. An argument that
begins with one '-' is never an option: the command has no short ones, and -x is an expression.
"""

from __future__ import annotations

from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.cli.options import Option

Arguments = tuple[list[str], dict[str, object]]
FALSE_FORM = "no-"
KINDS = {int: "a whole number", float: "a number"}
LONG = 40
"""A longer text is cut short in a message."""


def read(argv: Sequence[str], options: Sequence[Option]) -> Arguments | None:
    """Return the positional arguments and the options' values; None where typer has to look.

    Raises BackpropError for an option that is given twice and does not add up, or is no number.
    """
    words, given, unsure = split(argv, options)
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


def once(given: Sequence[tuple[Option, str | bool]]) -> None:
    """Raise BackpropError for an option that is given twice and does not add up.

    A flag may be: the last of --check and --no-check holds.
    """
    seen = set()
    for option, _ in given:
        if option.name in seen and option.type is not bool and not option.repeated:
            raise BackpropError(f"--{option.name} is given twice", "keep one of the two")
        seen.add(option.name)


def spelled(argv: Sequence[str], options: Sequence[Option]) -> list[str]:
    """Return ``argv`` with the options first and '--' before the rest, as typer needs it.

    An option that lacks its value comes last: there typer sees that nothing follows. Raises
    BackpropError as ``read`` does.
    """
    words, given, unsure = split(argv, options)
    if not unsure:
        once(given)
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
