"""Reads what is open in LaTeX, by stacks: parentheses and groups, values, operators that wait."""

from __future__ import annotations

from backpropcli.language.foreign.latex.matrices import MATRIX, Matrices
from backpropcli.language.foreign.latex.sums import Sums
from backpropcli.language.foreign.latex.tokens import Cursor, Token
from backpropcli.language.foreign.latex.values import (
    ATOM,
    BESIDE,
    CASES,
    SIGN,
    Call,
    Frame,
    Value,
    quotient,
    tight,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.errors import SourceError


class Stack(Cursor):
    """The frames that are open; ``takers`` says what takes a token of each kind in."""

    def __init__(self, text: str, origin: str) -> None:
        super().__init__(text, origin)
        self.matrices = Matrices(text, self.tokens)
        self.frame = Frame(Token("", "", 0, 0), "", lambda _: None)
        self.outer: list[Frame] = []
        self.sums = Sums(self)
        self.takers: dict[str, Callable[[Token], None]] = {}

    def _one(self, token: Token) -> None:
        """Take in a token, and what belongs to it."""
        if token.text == self.frame.close and token.kind in {"close", "bar"}:
            self._close(token)
            return
        take = self.takers.get(token.kind)
        if take is None:
            raise self._misplaced(token)
        take(token)

    def _misplaced(self, token: Token) -> SourceError:
        shown = self.text[token.start : token.end]
        return self.error(f"'{shown}' is not allowed here", token, "remove it")

    def _enter(self, frame: Frame) -> None:
        self.outer.append(self.frame)
        self.frame = frame

    def _close(self, token: Token) -> None:
        frame = self.frame
        if not (frame.close in {CASES, MATRIX} and frame.expects):
            self._finish(token)
        self.frame = self.outer.pop()
        frame.then(frame.arguments)

    def _operand(self, value: Value, token: Token) -> None:
        self._beside(token)
        self.frame.values.append(value)
        self.frame.expects = False

    def _beside(self, token: Token) -> None:
        """Write the product of what stands side by side; a value may follow then."""
        frame = self.frame
        if frame.expects:
            return
        self._reduce(BESIDE)
        if frame.operators and frame.operators[-1][0] == "/":
            raise self.error(
                "this can be read in two ways", token, "write the quotient with \\frac{}{}"
            )
        frame.operators.append(("beside", BESIDE, token))
        frame.expects = True

    def _reduce(self, level: int) -> None:
        """Work out the operators that bind at least as tightly as ``level``."""
        frame = self.frame
        while frame.operators and frame.operators[-1][1] >= level:
            sign, own, _ = frame.operators.pop()
            right = frame.values.pop()
            if isinstance(sign, Call):
                frame.values.append(self.matrices.of(sign.on(right), right[0]))
            elif sign == "sign +":
                frame.values.append(right)
            elif sign == "sign -":
                frame.values.append((f"-{tight(right, SIGN)}", SIGN))
            else:
                frame.values.append(self.matrices.joined(sign, own, frame.values.pop(), right))

    def _finish(self, token: Token) -> None:
        """Work out all of the frame: one more argument."""
        frame = self.frame
        if frame.expects:
            before = frame.operators[-1][2] if frame.operators else token
            raise self.error("a value is missing here", before, "write it")
        self._reduce(0)
        frame.arguments.append(frame.values.pop())

    def _group(self, owner: Token, then: Callable[[Value], None]) -> None:
        """Read what is in the next braces, or the next token alone, for ``then``."""
        token = self.take()
        if token.text == "{" and token.kind == "open":
            self._enter(Frame(owner, "}", lambda parts: then(self._single(parts, owner))))
        elif token.kind == "number":
            first = token.text[0]  # \\frac12 is a half, and x^23 is x^2 times 3
            if len(token.text) > 1:
                self.at -= 1
                self.tokens[self.at] = token._replace(text=token.text[1:], start=token.start + 1)
                if owner.text == "^":
                    raise self.error(
                        "in LaTeX only the first digit is raised here",
                        token,
                        f"write ^{{{token.text}}}",
                    )
            then((first, ATOM))
        elif token.kind == "name":
            then(self.sums.value(token) or (token.text, ATOM))
        elif token.kind == "frac" and token.text == "\\frac":
            self._group(
                token, lambda above: self._group(token, lambda below: then(quotient(above, below)))
            )
        else:
            raise self.error(
                f"'{owner.text}' lacks what belongs to it", owner, "write it in braces"
            )

    def _single(self, parts: list[Value], owner: Token) -> Value:
        if len(parts) > 1:
            raise self.error(
                "a comma is not allowed in these braces", owner, "write one expression"
            )
        return parts[0]
