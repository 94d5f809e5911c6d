"""Reads names, functions and sums of LaTeX, with their subscripts."""

from __future__ import annotations

from backpropcli.graph.arrays import WORDS
from backpropcli.graph.operations import NAMES
from backpropcli.language.foreign.latex.operators import Operators
from backpropcli.language.foreign.latex.values import (
    ATOM,
    CALL,
    CLOSING,
    POWER,
    PRODUCT,
    SUM,
    Call,
    Frame,
    Value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.foreign.latex.tokens import Token

INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan"}


class Words(Operators):
    """Reads what begins with a name, or with a command that is one."""

    def __init__(self, text: str, origin: str) -> None:
        super().__init__(text, origin)
        self.takers |= {"name": self._name, "function": self._function, "sum": self._sum}

    def _name(self, token: Token) -> None:
        value = None if self.coming.kind == "_" else self.sums.value(token)
        if value:
            self._operand(value, token)
            return
        name = self._subscripted(token)
        self.matrices.name(self.text, name, token)
        self._operand((name, ATOM), token)

    def _sum(self, token: Token) -> None:
        if not self.frame.expects:
            self._reduce(CALL)
            self._beside(token)
        self.frame.operators.append((self.sums.begin(token), SUM, token))

    def _subscripted(self, token: Token) -> str:
        """Return a name with its subscript."""
        name = token.text
        while self.coming.kind == "_":
            owner = self.take()
            parts = self.braced(owner)
            indexed = self.sums.subscript(token, owner, parts)
            if indexed is not None:
                name += f"_{indexed}"
                continue
            words = [part for part in parts if part.kind != ","]
            if not words or any(part.kind not in {"name", "number", "function"} for part in words):
                raise self.error("a subscript is letters and digits", owner, "write x_{12}")
            pieces = "".join("_" if part.kind == "," else part.text for part in parts)
            name += f"_{pieces}"
        return name

    def _function(self, token: Token) -> None:
        """Read a function's subscript and power; its argument follows."""
        frame = self.frame
        if not frame.expects:
            self._reduce(CALL)
            self._beside(token)
        name, power = token.text, ""
        template = f"{name}({{}})"
        while self.coming.kind == "_" or self.coming.text == "^":
            mark = self.take()
            text = self._short_group(mark)
            if mark.kind == "_":
                if name != "log":
                    raise self.error(f"'{name}' has no subscript", mark, "leave it out")
                template = f"log{text}({{}})" if text in {"2", "10"} else f"log({{}})/log({text})"
            else:
                power = text
        if power == "-1":
            raise self.error(
                f"'{name}^{{-1}}' may be the inverse function or a quotient",
                token,
                f"write \\{INVERSES.get(name, 'ar' + name)}, or \\frac{{1}}{{\\{name} ...}}",
            )
        level = PRODUCT if "/" in template else ATOM
        if power:
            template = f"({template})" if level == PRODUCT else template
            template, level = f"{template}^{power}", POWER
        if self.coming.text in {"(", "[", "{", "\\{"} and self.coming.kind == "open":
            opener = self.take()

            def then(parts: list[Value]) -> None:
                text = ", ".join(part for part, _ in parts)
                value = template.replace("{}", text), level
                self._operand(self.matrices.of(value, *[part for part, _ in parts]), token)

            self._enter(Frame(opener, CLOSING[opener.text][0], then))
            return
        row = NAMES.get(name) or WORDS[name]
        if len(row.parameters) != 1:
            raise self.error(f"'{name}' lacks its arguments", token, "write them in parentheses")
        self.frame.operators.append((Call(template, level, token), CALL, token))

    def _short_group(self, mark: Token) -> str:
        """Return the text of a subscript or power of a function: a name or a number."""
        parts = self.braced(mark)
        text = "".join(part.text for part in parts)
        if not text.removeprefix("-").isalnum() or self.sums.over(text):
            raise self.error("this goes after the argument", mark, "write (\\sin x)^{...}")
        return text
