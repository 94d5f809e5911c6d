"""use 'file.bp': the definitions of another file.

A path is relative to the file that names it, or to the working directory where the program is no
file. Nothing else is searched.
"""

from __future__ import annotations

import os

from backpropcli.errors import BackpropError, SourceError
from backpropcli.files import read_text
from backpropcli.language.driver import build, normal
from backpropcli.language.surface import LIBRARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder.expressions import Expressions

DEEPEST = 100
"""How many files may use one another in a row."""
LONG = 40
"""The beginning of a longer path is left out in a message."""


def include(builder: Expressions, path: str, start: int, end: int) -> None:
    """Take the definitions of the file at ``path`` into ``builder``.

    Raises SourceError for a file that cannot be read, that uses itself, that holds more than
    definitions, or that defines a function again.
    """
    if not path:
        raise builder.error("there is no file's name", start, end, "write it, as in use 'file.bp'")
    shown = path if len(path) <= LONG else f"…{path[-LONG:]}"
    place = os.path.join(os.path.dirname(builder.origin), path) if builder.from_file else path  # noqa: PTH118, PTH120 (pathlib costs start-up time)
    try:
        if path == "-":
            raise BackpropError("stdin cannot be used for definitions", "put them in a file")
        files = [*_chain(builder), _real(place)]
        refusal = _circle(files, shown)
        if not refusal:
            inner = builder.included.get(files[-1]) or _built(builder, place, files)
            refusal = _taken_in(builder, inner, shown)
    except SourceError:
        raise
    except BackpropError as error:
        message = error.message if len(place) <= LONG else error.message.replace(place, shown)
        raise builder.error(message, start, end, error.hint) from None
    if refusal:
        message, hint = refusal
        raise builder.error(message, start, end, hint)


def definitions(builder: Expressions, place: str) -> Expressions:
    """Return the definitions of a file of the library, which is read once for a program."""
    return builder.included.get(place) or _built(builder, place, [place])


def _built(builder: Expressions, place: str, files: list[str]) -> Expressions:
    """Return the definitions of the last of ``files``, which is read once for a program."""
    text = normal(read_text(place))
    inner = builder.of_file(text, place, helpers=place.startswith(LIBRARY))
    inner.files = files
    build(inner, text)
    for warning in inner.warnings:
        builder.warn(warning)
    builder.included[files[-1]] = inner
    return inner


def _real(place: str) -> str:
    """Return a path without links; one that is no path stays, and reading it says what is wrong."""
    try:
        return os.path.realpath(place)
    except ValueError:  # it holds a null byte, or half a character
        return place


def _chain(builder: Expressions) -> list[str]:
    """Return the files that are being read: the program's own, and each that one uses."""
    if builder.files or not builder.from_file:
        return builder.files
    return [_real(builder.origin)]


def _circle(files: list[str], shown: str) -> tuple[str, str] | None:
    """Return what is wrong where the last of ``files`` is used by itself, and what to do."""
    *before, last = files
    if before and last == before[-1]:
        return "this file uses itself", "remove this line"
    if last in before:
        return (
            f"'{shown}' uses itself, directly or through other files",
            "move what both need into a third file",
        )
    if len(before) >= DEEPEST:
        return (
            f"files use one another more than {DEEPEST} deep",
            "use this file from the program itself",
        )
    return None


def _taken_in(builder: Expressions, inner: Expressions, shown: str) -> tuple[str, str] | None:
    """Take in what a file defines; return what is wrong with one of the functions, if any."""
    for name, function in inner.functions.items():
        known = builder.functions.setdefault(name, function)
        if known is not function and not known.same(function):
            return (
                f"'{shown}' defines {name}, which is defined already",
                "give one of the two another name",
            )
        if not known.same_rules(function):
            return (
                f"'{shown}' has another rule for {name}, or none",
                "write its rule next to its definition",
            )
        if name in builder.builtins:
            return f"'{shown}' defines {name}, which is used above it", "move this line to the top"
        known.used |= function.used  # it is too late for a rule
    return None
