"""use 'file.bp': the definitions of another file.

A path is relative to the file that names it, or to the working directory where the program is no
file. Nothing else is searched.
"""

from __future__ import annotations

import os

from backpropcli.builder import Builder
from backpropcli.errors import BackpropError
from backpropcli.files import read_text
from backpropcli.parse import build, normal

DEEPEST = 100
"""How many files may use one another in a row."""


def include(builder: Builder, path: str, start: int, end: int) -> None:
    """Take the definitions of the file at ``path`` into ``builder``.

    Raises SourceError for a file that cannot be read, that uses itself, that holds more than
    definitions, or that defines a function again.
    """
    if not path:
        raise builder.error("there is no file's name", start, end, "write it, as in use 'file.bp'")
    place = os.path.join(os.path.dirname(builder.origin), path) if builder.from_file else path
    real = os.path.realpath(place)
    if real in builder.files or len(builder.files) >= DEEPEST:
        raise builder.error(
            f"'{path}' uses itself, directly or through other files",
            start,
            end,
            "move what both need into a third file",
        )
    try:
        if path == "-":
            raise BackpropError("stdin cannot be used for definitions", "put them in a file")
        text = normal(read_text(place))
    except BackpropError as error:
        raise builder.error(error.message, start, end, error.hint) from None
    inner = Builder(text, place, (), from_file=True)
    inner.definitions = True
    inner.files = [*builder.files, real]
    build(inner, text)
    for name, function in inner.functions.items():
        known = builder.functions.get(name)
        if known is not None and not known.same(function):
            raise builder.error(
                f"'{path}' defines {name}, which is defined already",
                start,
                end,
                "give one of the two another name",
            )
        if name in builder.builtins:
            raise builder.error(
                f"'{path}' defines {name}, which is used above it",
                start,
                end,
                "move this line to the top",
            )
        builder.functions.setdefault(name, function)
