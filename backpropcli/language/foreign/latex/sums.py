r"""Sums and products over an index in LaTeX: written out, or of the elements of arrays.

With whole bounds each term is written out: ``\sum_{i=1}^3 x_i`` is x_1 + x_2 + x_3. With any
other bound, or none, what has the index is an array: ``\sum_{i=1}^n x_i y_i`` is sum(x*y). While
terms are read a mark stands for the index, one that no text has.
"""

from __future__ import annotations

import re  # noqa: TID253 (the module is loaded for LaTeX only)

from backpropcli.graph.arrays import WORDS
from backpropcli.language.foreign.latex.matrices import BOLD
from backpropcli.language.foreign.latex.values import ATOM, PRODUCT, SIGN, SUM, Call, Value, tight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.foreign.latex.tokens import Cursor, Token

MOST = 100
"""The most terms that are written out."""
LONGEST = 100_000
"""The most characters that written out terms may have."""
FIRST_MARK = 0xE000
"""Marks are characters for private use."""
SHIFT = "\uf8ff"
"""Stands around what is added to an index in a subscript."""
TWO_DIGITS = 10
OF_ARRAYS = WORDS.keys() - {"sum", "prod"}
WITH_MATRICES = "write it with matrices, as in x^\\top A y"


class Sum(Call):
    """A sum or product that waits for its terms, and the index it goes over.

    ``low`` and ``high`` are whole bounds; None if the terms are those of arrays. ``names`` are the
    letters of the index: two for a sum over all elements of a matrix, none where there is no index.
    """

    def __init__(self, cursor: Cursor, beside: list[Sum], token: Token) -> None:
        super().__init__("", SUM, token)
        self.cursor = cursor
        self.beside = beside
        self.names: list[str] = []
        self.low: int | None = None
        self.high: int | None = None
        self.mark = chr(FIRST_MARK + len(beside))
        self._bounds()

    @property
    def is_whole(self) -> bool:
        """True if its terms are written out."""
        return self.low is not None and self.high is not None

    def _bounds(self) -> None:
        """Read what stands below and above the sign."""
        lower: list[Token] = []
        upper: list[Token] = []
        while self.cursor.coming.kind == "_" or self.cursor.coming.text == "^":
            mark = self.cursor.take()
            parts = self.cursor.braced(mark)
            if mark.kind == "_":
                lower = parts
            else:
                upper = parts
        equals = [at for at, part in enumerate(lower) if part.kind == "="]
        index = lower[: equals[0]] if equals else lower
        self.names = [part.text for part in index if part.kind != ","]
        if any(part.kind not in {"name", ","} for part in index) or (equals and len(index) != 1):
            raise self._error("an index is one letter", lower[0], "write \\sum_{i=1}^{n}")
        if upper and not equals:
            raise self._error("the lower bound is missing", upper[0], "write \\sum_{i=1}^{n}")
        if equals:
            self._whole(lower[equals[0] + 1 :], upper)

    def _whole(self, lower: list[Token], upper: list[Token]) -> None:
        low, high = _whole(lower), _whole(upper)
        if not upper or not lower:
            missing = "upper" if lower else "lower"
            raise self._error(
                f"the {missing} bound is missing", self.token, "write \\sum_{i=1}^{n}"
            )
        if any(part.text == "inf" for part in upper):
            raise self._error(
                "there are no infinite sums", upper[0], "end it, as in \\sum_{i=1}^{20}"
            )
        if low is None or (high is None and low not in {0, 1}):
            raise self._error(
                "a sum over elements of arrays begins at 1", lower[0],
                "write \\sum_{i=1}^{n}, or whole numbers for both bounds",
            )  # fmt: skip
        if high is None:
            return
        if high < low:
            raise self._error("the sum has no terms", upper[0], f"it must be at least {low}")
        if high - low >= MOST:
            raise self._error(
                f"at most {MOST} terms are written out", upper[0],
                "sum the elements of an array, as in \\sum_{i=1}^{n} x_i",
            )  # fmt: skip
        self.low, self.high = low, high

    def _error(self, message: str, token: Token, hint: str) -> Exception:
        if self.token.text == "prod":
            message, hint = message.replace("sum", "product"), hint.replace("\\sum", "\\prod")
        return self.cursor.error(message, token, hint)

    # The index in its terms

    def value(self, token: Token) -> Value:
        """Return the index as a number; raise SourceError where it has none."""
        if self.is_whole:
            return self.mark, ATOM
        raise self._error(
            f"the index {token.text} is a number only between whole bounds", token,
            "write the bounds as numbers, as in \\sum_{i=1}^{3}",
        )  # fmt: skip

    def element(self, token: Token, owner: Token, letters: list[str]) -> str:
        """Return the mark for the subscript of an array whose elements are summed."""
        if letters != self.names:
            raise self._error("this takes some of an array's elements", owner, WITH_MATRICES)
        if self.cursor.text.startswith(BOLD, token.start):
            raise self._error("this is one of many vectors", token, WITH_MATRICES)
        return self.mark

    # The terms

    def on(self, value: Value) -> Value:
        """Return the sum of terms that are like ``value``."""
        self.beside.remove(self)
        if self.is_whole:
            return self._written_out(value)
        return self._of_elements(value[0]), ATOM

    def _written_out(self, value: Value) -> Value:
        assert self.low is not None  # noqa: S101 (both bounds are whole)
        assert self.high is not None  # noqa: S101
        if len(value[0]) * (self.high - self.low + 1) > LONGEST:
            raise self._error("the terms are too long to be written out", self.token, WITH_MATRICES)
        sign, inside, level = (
            (" + ", SUM + 1, SUM) if self.token.text == "sum" else ("*", SIGN, PRODUCT)
        )
        term = tight(value, inside)
        return sign.join(self._term(term, at) for at in range(self.low, self.high + 1)), level

    def _term(self, term: str, at: int) -> str:
        def number(found: re.Match[str]) -> str:
            place = at + int(found[2] or 0)
            if not found[1]:
                return str(place) if place >= 0 else f"({place})"
            if place < 0:
                raise self._error(
                    f"a subscript is {place} here", self.token, "begin at a higher bound"
                )
            return f"{found[1]}{place}"

        shifted = f"([\\w{chr(FIRST_MARK)}-{SHIFT}]?){self.mark}(?:{SHIFT}([+-]\\d+){SHIFT})?"
        return re.sub(shifted, number, term)

    def _of_elements(self, text: str) -> str:
        word = self.token.text
        if self.names and self.mark not in text:
            letters = ", ".join(self.names)
            raise self._error(
                f"the terms do not depend on {letters}", self.token,
                f"leave the {word} out, or write a subscript, as in x_{letters[0]}",
            )  # fmt: skip
        others = [one for one in self.beside if not one.is_whole and one.mark in text]
        called = {*re.findall(r"(\w+)\(", text)} & OF_ARRAYS
        if self.names and (others or called or "@" in text or ".T" in text):
            raise self._error("the terms are made of whole arrays", self.token, WITH_MATRICES)
        return f"{word}({text.replace('_' + self.mark, '')})"


def _whole(parts: list[Token]) -> int | None:
    """Return a whole number; None if the tokens are something else."""
    text = "".join(part.text for part in parts)
    return int(text) if text.removeprefix("-").isdecimal() else None


class Sums:
    """The sums whose terms are being read, the innermost last."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.open: list[Sum] = []

    def begin(self, token: Token) -> Sum:
        """Return the sum or product that begins at a token."""
        found = Sum(self.cursor, self.open, token)
        self.open.append(found)
        return found

    def over(self, name: str) -> Sum | None:
        """Return the sum that has a name as its index; None for another name."""
        return next((one for one in reversed(self.open) if name in one.names), None)

    def value(self, token: Token) -> Value | None:
        """Return the value of an index; None for another name."""
        over = self.over(token.text)
        return over.value(token) if over else None

    def subscript(self, name: Token, owner: Token, parts: list[Token]) -> str | None:
        """Return a subscript in which marks stand for indices; None if it has no index."""
        of_index = {letter: one for one in self.open for letter in one.names}
        found = [of_index.get(part.text) if part.kind == "name" else None for part in parts]
        open_ended = next((one for one in found if one and not one.is_whole), None)
        if open_ended:
            return open_ended.element(
                name, owner, [part.text for part in parts if part.kind != ","]
            )
        if not any(found):
            return None
        pieces: list[str] = []
        for at, (part, index) in enumerate(zip(parts, found, strict=True)):
            before = parts[at - 1] if at else None
            if part.text in {"+", "-"} and at and found[at - 1] and parts[at + 1 :]:
                continue
            if before and before.text in {"+", "-"} and part.kind == "number" and pieces:
                pieces.append(f"{SHIFT}{before.text}{part.text}{SHIFT}")
            elif index or part.kind in {"name", "number", "function"}:
                if before and before.kind != "," and _runs_on(index, found[at - 1]):
                    raise self.cursor.error(
                        "indices of two digits run together here",
                        owner,
                        "write commas, as in A_{i,j}",
                    )
                pieces.append(index.mark if index else part.text)
            elif part.kind == ",":
                pieces.append("_")
            else:
                raise self.cursor.error(
                    "a subscript is letters and digits", owner, "write x_{i}, x_{i+1} or x_{12}"
                )
        return "".join(pieces)


def _runs_on(*beside: Sum | None) -> bool:
    """Say whether digits of an index would run into what stands beside them."""
    return any(one and one.high is not None and one.high >= TWO_DIGITS for one in beside)
