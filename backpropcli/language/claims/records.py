"""Texts with claims, what each claims of what, and where a mistake in one is."""

from __future__ import annotations

from backpropcli.errors import BackpropError, SourceError
from backpropcli.language.driver import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.language.program import Program


class Text:
    """A text with claims, and what it is called in messages; a ``pasted`` one may repeat names."""

    __slots__ = ("origin", "pasted", "text")

    def __init__(self, text: str, origin: str = "", *, pasted: bool = False) -> None:
        self.text = normal(text)
        self.origin = origin
        self.pasted = pasted


def texts(given: str | Mapping[str, str] | Sequence[Text | str], origin: str = "") -> list[Text]:
    """Return claims, or conditions, as texts: statements, or expressions by name."""
    if isinstance(given, str):
        return [Text(given, origin)]
    if isinstance(given, dict):
        for name, one in given.items():
            if not isinstance(one, (str, int, float)):
                raise BackpropError(
                    f"the claim on {name} is no expression",
                    "assert_gradient compares numbers and arrays of another program",
                )
        return [Text(f"{name} = {text}", origin) for name, text in given.items()]
    return [one if isinstance(one, Text) else Text(one, origin) for one in given]


class Target:
    """What a claim is of: the derivative of node ``of``, by the nodes ``by``, in order.

    ``title`` is how the claim writes it, and ``names`` are those of what it is by.
    """

    __slots__ = ("by", "names", "of", "title")

    def __init__(self, title: str, of: int, by: list[int], names: list[str]) -> None:
        self.title = title
        self.of = of
        self.by = by
        self.names = names


class Claim:
    """A claimed derivative: its ``target``, its node, and where its right side stands.

    ``rests_on`` are the derivatives that the right side has.
    """

    __slots__ = ("end", "node", "rests_on", "start", "target", "text")

    def __init__(self, target: Target, node: int, place: tuple[int, int], text: str) -> None:
        self.target = target
        self.node = node
        self.start, self.end = place
        self.text = text
        self.rests_on: list[str] = []


class Claimed:
    """A program with claims on it: ``outputs`` are the program's, and ``conditions`` assumptions.

    All are nodes of the ``program``, whose source is the texts of all, one below the other;
    ``error`` makes an error at a place in it. ``notes`` say how something was read.
    """

    __slots__ = ("claims", "conditions", "notes", "outputs", "parts", "program")

    def __init__(
        self,
        program: Program,
        outputs: list[int],
        claims: list[Claim],
        conditions: list[int],
        parts: list[tuple[int, str, str]],
    ) -> None:
        self.program = program
        self.outputs = outputs
        self.claims = claims
        self.conditions = conditions
        self.parts = parts
        self.notes: list[str] = []

    def error(self, message: str, start: int, end: int, hint: str = "") -> SourceError:
        """Return the error at characters ``start`` to ``end`` of the source of all."""
        return moved(SourceError(message, self.program.source, start, end, hint), self.parts)


def moved(error: SourceError, parts: Sequence[tuple[int, str, str]]) -> SourceError:
    """Return an error in the source of all as one in the text that it is about."""
    found = [part for part in parts if part[0] <= error.start]
    offset, text, origin = found[-1] if found else parts[-1]
    error.start, error.end = max(error.start, offset), max(error.end, offset + 1)
    if error.source.startswith(parts[0][1]):
        error.source, error.origin = text, origin
        error.start, error.end = error.start - offset, error.end - offset
        if offset:  # what corrects a claim is no edit of the program
            inside = [one for one in error.fixes if all(edit[0] >= offset for edit in one)]
            error.fixes = tuple(
                [(start - offset, end - offset, new) for start, end, new in edits]
                for edits in (inside if origin else ())
            )
            error.words = ()
    return error


def as_condition(text: str) -> str:
    """Return what to write in place of an assignment that was to be a condition."""
    left, _, right = (part.strip() for part in text.partition("="))
    return f"write {left} == {right}"
