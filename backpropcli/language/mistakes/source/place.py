"""Where a mistake is, in the words in which sentences tell it."""

from __future__ import annotations

from functools import cached_property

from backpropcli.graph.arrays import WORDS
from backpropcli.graph.operations import NAMES
from backpropcli.language.mistakes.source.nearby import NEAR, Nearby, innermost
from backpropcli.language.mistakes.source.operands import Left, Right
from backpropcli.language.mistakes.source.text import quoted, uncommented
from backpropcli.language.scanner import solid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder.expressions import Expressions

CLOSERS = {"(": ")", "[": "]"}
FEW, MANY = 5, 50
"""How many parentheses a hint writes out that are missing, and a correction."""


class Place(Nearby):
    """A mistake, and what stands around it: a sentence may name each of its attributes."""

    def __init__(self, builder: Expressions, at: int, end: int) -> None:
        super().__init__(builder, at, end)
        self.left, self.earlier = Left(self), Left(self, skip=1)
        self.here, self.right, self.past = Right(self, 0), Right(self, 1), Right(self, 2)

    @cached_property
    def statement(self) -> list[str]:
        """The kinds of the words of the statement up to the mistake, of its beginning if long."""
        begin = max(self.source.rfind(mark, 0, self.at) for mark in "\n;") + 1
        middle = min(self.at, begin + NEAR)
        kinds = [kind for kind, *_ in solid(self.source[begin:middle])]
        return kinds + ["EQUAL"] * ("=" in self.source[middle : self.at])

    @cached_property
    def called(self) -> str:
        """The name of the function whose arguments these are, or ""."""
        if self.opened < 0 or self.bracketed:
            return ""
        head = uncommented(self.source[max(0, self.opened - NEAR) : self.opened])
        kind, start, end = [("", 0, 0), *solid(head)][-1]
        return head[start:end] if kind == "NAME" else ""

    @property
    def bracketed(self) -> bool:
        """Whether the innermost open parenthesis is a square one."""
        return self.opened >= 0 and self.source[self.opened] == "["

    @property
    def shape(self) -> str:
        """What the innermost open parenthesis is called."""
        return "bracket" if self.bracketed else "parenthesis"

    @property
    def both(self) -> str:
        """The word before the mistake and the one at it, in quotes."""
        return quoted(self.text(self.last_start, self.end) or "...")

    @property
    def shown(self) -> str:
        """The word at the mistake, in quotes."""
        return quoted(self.word)

    @property
    def closing(self) -> str:
        """The advice to add what parentheses are missing."""
        if self.depth == 1:
            return f"add a '{self.closers}'"
        if self.depth <= FEW:
            return f"add {self.closers}"
        return f"add {self.depth} times '{CLOSERS[self.source[self.opened]]}'"

    @cached_property
    def closers(self) -> str:
        """What closes all that is open before the mistake, the innermost first."""
        past, found = uncommented(self.source[: self.at]), ""
        for _ in range(min(self.depth, MANY)):
            at = innermost(past)
            found += CLOSERS[past[at]]
            past = past[:at]
        return found

    def is_function(self, name: str) -> bool:
        """Say whether a name is a function's, and no variable's."""
        builder = self.builder
        known = name in builder.functions or name in WORDS
        known = known or (name in NAMES and not NAMES[name].infix)
        return known and name not in builder.names and name not in builder.bound
