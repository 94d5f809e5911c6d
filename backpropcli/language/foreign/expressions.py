"""Reads operands, operators, parentheses and groups of LaTeX, by stacks: nothing recurses."""

from __future__ import annotations

from backpropcli.errors import SourceError
from backpropcli.language.foreign.calls import refuse_calls
from backpropcli.language.foreign.frames import CASES, CLOSING, Call, Frame
from backpropcli.language.foreign.matrices import MATRIX, Matrices
from backpropcli.language.foreign.tokens import Token, tokens
from backpropcli.language.foreign.values import (
    ATOM,
    BESIDE,
    CALL,
    LEVELS,
    POWER,
    PRODUCT,
    SIGN,
    Value,
    quotient,
    tight,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.language.foreign.sums import Sum

NORMS = {"2": "", "F": "", "1": ", ord=1", "inf": ", ord=inf"}
"""Subscripts of a norm, and the setting."""


class Expressions:
    """Reads what operators, parentheses and braces make of values."""

    def __init__(self, text: str, origin: str) -> None:
        self.text = text
        self.origin = origin
        self.tokens = tokens(text, self.error)
        self.matrices = Matrices(text, self.tokens)
        self.at = 0
        self.frame = Frame(Token("", "", 0, 0), "", lambda _: None)
        self.outer: list[Frame] = []
        self.sums: list[Sum] = []
        self.takers: dict[str, Callable[[Token], None]] = {
            "number": self._number,
            "open": self._open,
            "bar": self._open,
            "infix": self._infix,
        }
        """What takes a token of each kind in."""

    def error(self, message: str, token: Token, hint: str) -> SourceError:
        """Return the error at a token."""
        return SourceError(message, self.text, token.start, token.end, hint, self.origin)

    @property
    def coming(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """Take the next token; the last one stays."""
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

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

    def _number(self, token: Token) -> None:
        self._operand((token.text, ATOM), token)

    def index(self, token: Token) -> Value | None:
        """Return the value of an index of a sum; None for another name."""
        over = next((one for one in reversed(self.sums) if token.text in one.names), None)
        return over.value(token) if over else None

    # Operands and operators

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

    def _infix(self, token: Token) -> None:
        frame, sign = self.frame, token.text
        if frame.expects:
            if sign not in {"+", "-"}:
                raise self.error(f"there is nothing before '{sign}'", token, "write a value there")
            frame.operators.append((f"sign {sign}", SIGN, token))
            return
        if sign == "^":
            self._reduce(ATOM)
            if self._transposes():
                frame.values.append(self.matrices.transposed(frame.values.pop()))
                return
            coming = "".join(one.text for one in self.tokens[self.at : self.at + 3])
            if coming.startswith("T") or coming == "{T}":
                raise self.error(
                    "this may be a transpose or a power",
                    token,
                    "for a transpose write ^\\top, for a power ^{(T)}",
                )
            frame.operators.append((sign, POWER, token))
            frame.expects = True
            self._group(token, lambda value: self._operand(value, token))
            return
        self._reduce(LEVELS[sign])
        if sign == "/" and frame.operators and frame.operators[-1][2].text == "prod":
            raise self.error(
                "this may divide each factor, or the product", token, "write \\frac{}{}"
            )
        frame.operators.append((sign, LEVELS[sign], token))
        frame.expects = True

    def _transposes(self) -> bool:
        r"""Take \top, or the T of a text with matrices; False if something else is raised."""
        braced = self.coming.text == "{"
        token = self.tokens[self.at + braced]
        capital = token.text == "T" and token.kind == "name" and self.matrices.any
        if not (token.kind == "transpose" or capital):
            return False
        if braced and self.tokens[self.at + 2].text != "}":
            return False
        self.at += 3 if braced else 1
        return True

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

    # Parentheses and groups

    def _enter(self, frame: Frame) -> None:
        self.outer.append(self.frame)
        self.frame = frame

    def _close(self, token: Token) -> None:
        frame = self.frame
        if not (frame.close in {CASES, MATRIX} and frame.expects):
            self._finish(token)
        self.frame = self.outer.pop()
        frame.then(frame.arguments)

    def _open(self, token: Token) -> None:
        before = self.tokens[self.at - 2] if self.at > 1 else token
        call = self.frame.operators[-1] if self.frame.operators else None
        if not self.frame.expects:
            if before.kind == "name":
                refuse_calls(self.text, before, token.text, self.error)
            if call and isinstance(call[0], Call) and before.kind != "number":
                self._reduce(CALL)
            self._beside(token)
        close, form = CLOSING[token.text]

        def then(parts: list[Value]) -> None:
            text = ", ".join(part for part, _ in parts)
            if token.text == "‖":
                self._operand((f"norm({text}{self._order()})", ATOM), token)
            elif token.text == "\\{" and len(parts) == 1 and parts[0][1] == ATOM:
                inside = self.text[token.end : self.tokens[self.at - 1].start]
                inside = inside.replace("\\right", "").strip()
                raise self.error(
                    "braces may be parentheses or the fractional part",
                    token,
                    f"write ({inside}), or {inside} - \\lfloor {inside} \\rfloor",
                )
            elif token.text == "⟨":
                if len(parts) != 2:  # noqa: PLR2004 (a product of two)
                    hint = "write \\langle x, y \\rangle"
                    raise self.error("an inner product is of two vectors", token, hint)
                product = f"{tight(parts[0], PRODUCT)}*{tight(parts[1], SIGN)}"
                self._operand((form.format(product), ATOM), token)
            elif form:
                self._operand((form.format(text), ATOM), token)
            else:
                self._operand(parts[0] if len(parts) == 1 else (f"({text})", ATOM), token)

        self._enter(Frame(token, close, then))

    def _order(self) -> str:
        """Take the subscript of a norm; return it as a setting."""
        if self.coming.kind != "_":
            return ""
        owner, parts = self.take(), []
        self._group(owner, lambda value: parts.append(value[0]))
        if not parts or parts[0] not in NORMS:
            raise self.error("a norm is of order 1, 2 or \\infty", owner, "write \\|x\\|_2")
        return NORMS[parts[0]]

    def braced(self, owner: Token) -> list[Token]:
        """Take the next word, or all words in braces, as what belongs to ``owner``."""
        parts = [self.take()]
        if parts[0].text == "{":
            parts = []
            while self.coming.kind != "end" and self.coming.text != "}":
                parts.append(self.take())
            if self.take().kind == "end":
                raise self.error("this is never closed", owner, "add }")
        return parts

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
            then(self.index(token) or (token.text, ATOM))
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
