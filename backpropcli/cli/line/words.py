"""The words of a command line: which is the program, which give values, which is no command."""

from __future__ import annotations

import sys

from backpropcli.calculus import bindings
from backpropcli.cli import screen
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.graph.operations import CONSTANTS, NAMES
from backpropcli.language.scanner import CLOSING, OPENING, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def parted(words: Sequence[str], *, from_stdin: bool) -> tuple[str, list[str]]:
    """Return the word that is the program, the first that gives no value, and the other words.

    Without one it is "-" where something is piped in, unless values are read ``from_stdin``.
    """
    places = [place for place, word in enumerate(words) if not is_value(word)]
    if not places:
        if from_stdin or not screen.is_piped(sys.stdin):
            raise no_expression(words)
        return "-", list(words)
    # Where an expression stands beside it, y=x+1 is a value that uses another.
    place = next((place for place in places if not _may_be_value(words[place])), places[0])
    word, others = words[place], [*words[:place], *words[place + 1 :]]
    before = words[place - 1] if place else ""
    if _is_number(word) and before.endswith("=") and is_value(before):
        raise BackpropError(
            "there is no expression", f"write one, and the value without blanks: {before}{word}"
        )
    if word == "-" and from_stdin:
        raise BackpropError(
            "stdin cannot hold both the program and its values", "put one of them in a file"
        )
    if any(map(_is_option, others)) or (_is_option(word) and not all(map(is_value, others))):
        raise _no_option([*others, word])
    return word, others


def _no_option(words: Sequence[str]) -> BackpropError:
    """Return the error for the first of ``words`` that looks like a short option, and is none."""
    from backpropcli.cli.line.options import LETTERS

    stray = next(filter(_is_option, words))
    letter, equals, text = stray.partition("=")
    short = [f"-{letter}" for letter in stray[1:]]
    hint = f"a value is written {letter[1:]}=3; an expression with a blank in front: ' {stray}'"
    if equals:
        hint = f"write {letter} {text}"
    elif _is_long(f"-{stray}"):
        hint = f"did you mean '-{stray}'?"
    elif {*short} <= {*LETTERS}:
        hint = f"short options are written one by one: {' '.join(short)}"
    return BackpropError(f"there is no option {stray}", hint)


def two(words: Sequence[str], command: str) -> tuple[list[str], list[str]]:
    """Return the two words that are programs, those that give no value, and the other words."""
    places = [place for place, word in enumerate(words) if not is_value(word)]
    sure = [place for place in places if not _may_be_value(words[place])]
    if len(sure) == 2:  # noqa: PLR2004 (y=x+1 is a value that uses another)
        places = sure
    if len(places) != 2:  # noqa: PLR2004
        count = f"here {'is' if len(places) == 1 else 'are'} {len(places) or 'none'}"
        raise BackpropError(
            f"{command} takes two expressions, and {count}",
            f"each is one word, in quotes: backprop {command} '(x - y)^2' '(y - x)^2' x=1 y=2",
        )
    values = [word for place, word in enumerate(words) if place not in places]
    return [words[place] for place in places], values


def no_expression(words: Sequence[str]) -> BackpropError:
    """Return the error for a command line without a program."""
    plain = [word for word in words if not {*word} & {*"'\"\n"}]
    by_name = {word.partition("=")[0].strip(): word for word in plain}  # each has one value
    given = " ".join(map(quoted, by_name.values())) or "x=3"
    name = next(iter(by_name), "x")
    return BackpropError(
        "there is no expression", f"write one, for instance: backprop '{name}^2' {given}"
    )


def is_value(word: str) -> bool:
    """Say whether ``word`` gives a value: NAME=VALUE, where VALUE rests on no variable.

    Anything else may be a program, as "y = x^2" is.
    """
    name, equals, text = word.partition("=")
    if not equals or text.startswith("=") or not bindings.is_name(name.strip()):
        return False
    if text.lstrip().startswith("@"):
        return True
    found = [token for token in tokens(text) if token[0] != "SPACE"]
    inside, before = 0, ""
    for (kind, start, end), (after, _, _) in zip(found, [*found, ("", 0, 0)][1:], strict=True):
        inside += (kind in OPENING) - (kind in CLOSING)
        bare = kind == "NAME" and text[start:end] not in CONSTANTS and after != "LPAR"
        keyword = inside and after == "EQUAL"
        if kind in {"_NEWLINE", "SEMICOLON"} or (bare and not keyword and before != "DOT"):
            return False
        before = kind
    return True


def _may_be_value(word: str) -> bool:
    """Say whether ``word`` is NAME=EXPRESSION without blanks, as values are written."""
    name, equals, text = word.partition("=")
    plain = not any(char in text for char in "; \n") and not text.startswith("=")
    return bool(equals) and plain and bindings.is_name(name)


def _is_option(word: str) -> bool:
    """Say whether ``word`` looks like an option: a dash and a name, or -v=steps."""
    if not word.startswith("-"):
        return False
    from backpropcli.cli.line.options import LETTERS

    letter, equals, _ = word.partition("=")
    valued = bool(equals) and letter in LETTERS
    return valued or bindings.is_name(word[1:]) or _is_long(f"-{word}")


def _is_long(word: str) -> bool:
    """Say whether ``word`` is a long option of any command."""
    from backpropcli.cli.line.options import FALSE_FORM, OPTIONS

    return any(
        word in {f"--{option.name}", f"--{FALSE_FORM}{option.name}"}
        for options in OPTIONS.values()
        for option in options
    )


def _is_number(word: str) -> bool:
    return [kind for kind, _, _ in tokens(word)] == ["NUMBER"]


def no_command(words: Sequence[str], *, bound: bool) -> None:
    """Raise BackpropError where the first of ``words`` can only be meant for a command.

    It is a name without a value, and an expression follows, or it is nearly a command. With
    ``bound``, a file may hold its value.
    """
    name, *others = words or [""]
    if not name.isidentifier() or any(
        other.startswith((name, f"-{name}", "=")) for other in others
    ):
        return
    from backpropcli.cli.line.usage import ALIASES, COMMANDS

    strange = [other for other in others if not (is_value(other) or _is_option(other))]
    follows = not all("=" in other for other in strange)
    if follows and all(_is_number(other.removeprefix("-")) for other in strange):
        inside = ", ".join(strange)
        if name in NAMES and not NAMES[name].infix:
            raise BackpropError(f"{name} is a function", f"write {name}({inside})")
        if name not in {*COMMANDS, *ALIASES}:
            whole = quoted(" ".join([name, *strange]))
            raise BackpropError(
                "an expression is one word", f"write it in quotes: backprop {whole}"
            )
    if name in COMMANDS:
        raise BackpropError(
            "the command comes first", f"write: backprop {name} ..., and then the options"
        )
    meant = did_you_mean(name, COMMANDS)
    if name in ALIASES:
        meant = f"did you mean '{ALIASES[name]}'?"
    if name not in CONSTANTS and (follows or (meant and not bound)):
        listed = meant or "'backprop -h' lists the commands"
        raise BackpropError(f"there is no command '{name}'", listed)


def quoted(word: str) -> str:
    """Return ``word`` as a shell takes it: in quotes where it has to be."""
    if word and all(char.isalnum() or char in "@%+=:,./_-" for char in word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"
