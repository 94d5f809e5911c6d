"""What is given for a value: a text with an expression, or an array in a file."""

from __future__ import annotations

import os

from backpropcli.errors import BackpropError, SourceError
from backpropcli.graph.graph import Decimal
from backpropcli.graph.operations import DRAWS
from backpropcli.language.parse import parse
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any, Self

    from backpropcli.calculus.bindings.draws import Draw
    from backpropcli.language.program import Program


FILE = "@"
"""What stands before a file's name."""
NONE = "None"
MOST = 2**27
"""Elements of the largest array: a GiB of doubles."""
ODD = ":,;[(=±+. "
"""What stands in texts that are no value, and in some that are one."""


class Digits(str):
    """The text of a decimal, as a file has it."""

    __slots__ = ()


class Item:
    """What is given for a value: characters ``start`` to ``end`` of ``source``.

    ``refusal`` is the error of one that cannot be a number, raised where it is used; ``draws`` are
    the random arrays that it asks for, known once it is parsed.
    """

    __slots__ = ("draws", "end", "origin", "refusal", "source", "start")

    def __init__(
        self,
        source: str,
        start: int,
        end: int,
        origin: str = "",
        refusal: Exception | None = None,
    ) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.origin = origin
        self.refusal = refusal
        self.draws: list[Draw] = []

    @classmethod
    def of(cls, name: str, text: str, origin: str = "") -> Self:
        """Return the item of a text that stands in no source."""
        word = f"{name}={text}"
        return cls(word, len(name) + 1, len(word), origin)

    @property
    def text(self) -> str:
        """What is given."""
        return self.source[self.start : self.end]

    @property
    def usable(self) -> bool:
        """Whether it is a text of the language."""
        return self.refusal is None and not isinstance(self, Stored)

    def error(self, message: str, hint: str, start: int = 0, end: int | None = None) -> SourceError:
        """Return the error at characters ``start`` to ``end`` of the text."""
        stop = len(self.text) if end is None else end
        return SourceError(
            message, self.source, self.start + start, self.start + stop, hint, self.origin
        )

    def check(self) -> None:
        """Raise SourceError for a text that is no expression at all."""
        words = tokens(self.text)
        self.parsed({self.text[start:end] for kind, start, end in words if kind == "NAME"})

    def parsed(self, known: Collection[str]) -> Program:
        """Return the program that computes the value, of variables that are ``known``."""
        if self.refusal is not None:
            raise self.refusal
        if any(char in ODD for char in self.text):
            from backpropcli.calculus.bindings.mistakes import odd_value  # noqa: PLC0415 (it may be one)

            if (error := odd_value(self)) is not None:
                raise error
        text = self.text
        if "(" in text and any(kind in text for kind in DRAWS):
            from backpropcli.calculus.bindings.draws import parted  # noqa: PLC0415 (seldom)

            text, self.draws = parted(self)
        known = {*known, *[name for name, _, _ in self.draws]}
        try:
            program = parse(text, known)
        except SourceError as error:
            from backpropcli.calculus.bindings.mistakes import in_value  # noqa: PLC0415 (a mistake)

            raise in_value(self, error) from None
        if self.draws:  # they are shown as they are typed: their names are as long
            program.source = self.text
        self._one(program, known)
        return program

    def _one(self, program: Program, known: Collection[str]) -> None:
        """Raise SourceError for a program that is more than one value, or none."""
        if len(program.outputs) > 1:
            raise self.error("this is more than one value", "write one number, or an array: [1, 2]")
        if program.names:
            raise self.error("a value has no statements", "write a number, as in 2*pi/3")
        if NONE in program.graph.args.values():
            node = next(at for at, arg in program.graph.args.items() if arg == NONE)
            start, end = program.starts[node], program.ends[node]
            raise self.error("None is not a number", "write a number, or nan", start, end)
        for name, node in program.variables.items():
            if name not in known:
                from backpropcli.calculus.bindings.mistakes import unknown_name  # noqa: PLC0415 (a mistake)

                raise unknown_name(self, program, name, node)


class Stored(Item):
    """An array in a file, as in X=@data.npz:name; once read, ``is_text`` says if in decimals."""

    __slots__ = ("is_text",)

    @property
    def file(self) -> str:
        """What is named: a file, and perhaps a part of it."""
        return self.text.strip().removeprefix(FILE)

    def read(self, name: str, notes: list[str], *, single: bool) -> Any:  # noqa: ANN401
        """Return the value of the variable ``name``. Raises SourceError for what cannot be read."""
        from backpropcli.calculus.bindings.arrays import real  # noqa: PLC0415 (it imports NumPy)
        from backpropcli.calculus.bindings.stored import read, split  # noqa: PLC0415

        path, part = split(self.file)
        try:
            place = os.path.join(os.path.dirname(self.origin), path)  # noqa: PTH118, PTH120 (pathlib is slow to load)
            found, self.is_text = read(place, part)
            what = f"{part} in '{path}'" if part else f"'{path}'"
            return (
                found if isinstance(found, float) else real(found, name, what, notes, single=single)
            )
        except BackpropError as error:
            raise self.error(error.message, error.hint) from None


def is_name(text: str) -> bool:
    """Say whether ``text`` is one name of the language."""
    return tokens(text) == [("NAME", 0, len(text))]


def is_long(given: object) -> bool:
    """Say whether a whole number has more digits than a double keeps."""
    return isinstance(given, int) and isinstance(Decimal.of(str(abs(given))), Decimal)
