"""Reads the signs of LaTeX: infix operators, and parentheses of all kinds."""

from __future__ import annotations

from backpropcli.language.foreign.latex.stack import Stack
from backpropcli.language.foreign.latex.values import (
    ATOM,
    CALL,
    CLOSING,
    LEVELS,
    POWER,
    PRODUCT,
    SIGN,
    Call,
    Frame,
    Value,
    tight,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.foreign.latex.tokens import Error, Token

UPRIGHT = ("\\operatorname", "\\mathrm", "\\text", "\\mathop")
"""Commands that write the name of a function, if it has several letters."""
LIKE_FUNCTIONS = {"f", "g", "h", "sigma", "Gamma"}
"""Letters before a parenthesis that usually name a function."""
NO_EXPECTATIONS = "for a product write E \\cdot (...); there are no expectations"


def refuse_calls(text: str, before: Token, opener: str, error: Error) -> None:
    """Raise SourceError where the name ``before`` a parenthesis may be that of a function."""
    if opener == "[" and before.text == "E":
        raise error("'E[' may be an expectation or a product", before, NO_EXPECTATIONS)
    upright = text.startswith(UPRIGHT, before.start) and len(before.text) > 1
    if not upright and not (opener == "(" and before.text in LIKE_FUNCTIONS):
        return
    name = text[before.start : before.end]
    hint = f"for a product write {name} \\cdot (...); a function has to be written out"
    if before.text == "sigma":
        hint = (
            "for the sigmoid write \\operatorname{sigmoid}(...), for a product \\sigma \\cdot (...)"
        )
    raise error(f"'{name}(' may be a function or a product", before, hint)


NORMS = {"2": "", "F": "", "1": ", ord=1", "inf": ", ord=inf"}
"""Subscripts of a norm, and the setting."""


class Operators(Stack):
    """Reads what operators and parentheses make of values."""

    def __init__(self, text: str, origin: str) -> None:
        super().__init__(text, origin)
        self.takers |= {
            "number": self._number,
            "open": self._open,
            "bar": self._open,
            "infix": self._infix,
        }

    def _number(self, token: Token) -> None:
        self._operand((token.text, ATOM), token)

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
