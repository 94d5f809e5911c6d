"""Reads a whole formula of LaTeX: fractions, roots, matrices and definitions by cases."""

from __future__ import annotations

from backpropcli.language.foreign.latex.matrices import MATRIX, ROW, array_of
from backpropcli.language.foreign.latex.tokens import THOUSANDS, Token
from backpropcli.language.foreign.latex.values import (
    ATOM,
    CASES,
    PRODUCT,
    SUM,
    Frame,
    Value,
    joined,
    quotient,
    rooted,
)
from backpropcli.language.foreign.latex.words import Words


class Reader(Words):
    """Reads one text."""

    def __init__(self, text: str, origin: str) -> None:
        super().__init__(text, origin)
        self.takers |= {
            "frac": self._frac,
            "binom": self._binom,
            "'": self._prime,
            "sqrt": self._root,
            "begin cases": self._begin,
            "end cases": self._end,
            "begin matrix": self._begin_matrix,
            "end matrix": self._end,
            "transpose": self._misplaced_transpose,
            **dict.fromkeys((",", "cell", "row", "word"), self._separator),
            "!": self._factorial,
        }

    def read(self) -> str:
        """Return the text of the language."""
        named = self._assigned()
        while self.coming.kind != "end":
            self._one(self.take())
        if self.outer:
            raise self.error("this is never closed", self.frame.opener, f"add {self.frame.close}")
        self._finish(self.coming)
        arguments = [text for text, _ in self.frame.arguments]
        whole = arguments[0] if len(arguments) == 1 else f"({', '.join(arguments)})"
        return f"{named}{whole}"

    def _assigned(self) -> str:
        """Take "L =" at the beginning; return it as text of the language."""
        equals, depth = [], 0
        for index, token in enumerate(self.tokens):
            depth += (token.kind == "open") - (token.kind == "close")
            if token.kind == "=" and depth == 0:
                equals.append(index)
        if not equals:
            return ""
        name, hint = "", "write the difference of its sides, as in x^2 - 25"
        if len(equals) == 1 and self.coming.kind == "name":
            name = self._subscripted(self.take())
            if self.coming.text == "(":
                hint = f"write {name} = ... for a name, and the difference of its sides for others"
        if self.at != equals[0]:
            raise self.error("this is an equation", self.tokens[equals[0]], hint)
        self.at += 1
        return f"{name} = "

    def _misplaced_transpose(self, token: Token) -> None:
        raise self.error("a transpose is raised", token, "write X^\\top")

    def _frac(self, token: Token) -> None:
        def below(above: Value) -> None:
            self._group(token, lambda value: self._fraction(above, value, token))

        self._group(token, below)

    def _binom(self, token: Token) -> None:
        def below(n: Value) -> None:
            def then(k: Value) -> None:
                left = joined("-", SUM, n, k)[0]
                text = f"gamma({n[0]} + 1)/(gamma({k[0]} + 1)*gamma({left} + 1))"
                self._operand((text, PRODUCT), token)

            self._group(token, then)

        self._group(token, below)

    def _prime(self, token: Token) -> None:
        raise self.error(
            "a prime may be a derivative, a transpose or part of a name", token,
            "leave a derivative out: it is what you get; write X^\\top, or x_{new}",
        )  # fmt: skip

    def _factorial(self, token: Token) -> None:
        if self.frame.expects:
            raise self._misplaced(token)
        if self.tokens[self.at - 2].kind == "!":
            raise self.error("there is no double factorial", token, "write it with \\Gamma")
        self._reduce(ATOM)
        inside, _ = self.frame.values.pop()
        self.frame.values.append((f"gamma({inside} + 1)", ATOM))

    def _begin(self, token: Token) -> None:
        self._beside(token)
        self._enter(Frame(token, CASES, self._cases))

    def _end(self, token: Token) -> None:
        if self.frame.close != (MATRIX if token.kind == "end matrix" else CASES):
            raise self._misplaced(token)
        self._close(token)

    def _begin_matrix(self, token: Token) -> None:
        self._beside(token)

        def then(cells: list[Value]) -> None:
            self._operand(self.matrices.array((array_of(cells), ATOM)), token)

        self._enter(Frame(token, MATRIX, then))

    def _fraction(self, above: Value, below: Value, token: Token) -> None:
        if above[0] in {"d", "-d"} or (above[0].startswith("d*") and below[0].startswith("d*")):
            raise self.error(
                "derivatives are not read", token, "leave it out: the gradient is what you get"
            )
        before = "" if self.frame.expects else self.frame.values[-1][0]
        if before.isdecimal() and above[0].isdecimal() and below[0].isdecimal():
            fraction = rf"\frac{{{above[0]}}}{{{below[0]}}}"
            raise self.error(
                "this can be read in two ways",
                token,
                f"write {before} + {fraction} or {before} \\cdot {fraction}",
            )
        self._operand(self.matrices.of(quotient(above, below), above[0]), token)

    def _root(self, token: Token) -> None:
        if self.coming.text != "[":
            self._group(token, lambda value: self._operand((f"sqrt({value[0]})", ATOM), token))
            return
        opener = self.take()

        def indexed(parts: list[Value]) -> None:
            degree = self._single(parts, token)
            self._group(token, lambda value: self._operand(rooted(value, degree), token))

        self._enter(Frame(opener, "]", indexed))

    # Cases

    def _separator(self, token: Token) -> None:
        frame = self.frame
        if frame.close == MATRIX and token.kind in {"cell", "row"}:
            self._finish(token)
            frame.arguments += [ROW] * (token.kind == "row")
            frame.expects = True
        elif frame.close != CASES:
            if token.kind != ",":
                raise self._misplaced(token)
            around = self.text[token.start - 1 : token.start], self.text[token.end : token.end + 1]
            if not self.outer and all(char.isdecimal() for char in around):
                raise self.error("a number has a decimal point", token, _pointed(self.text, token))
            self._finish(token)
            frame.expects = True
        elif token.kind == "word":
            if token.text == "else":
                frame.values.append(("", ATOM))
                frame.expects = False
        elif token.kind != "," and not frame.expects:
            self._finish(token)
            frame.expects = True

    def _cases(self, parts: list[Value]) -> None:
        """Write a definition by cases: value, condition, value, condition, ..."""
        texts = [text for text, _ in parts]
        token = self.tokens[self.at - 1]
        if len(texts) % 2 or len(texts) < 4:  # noqa: PLR2004 (two cases)
            raise self.error(
                "each case has a value and a condition", token, "write a & b \\\\ c & d"
            )
        found = texts[-2]
        for value, condition in zip(texts[-4::-2], texts[-3::-2], strict=True):
            found = f"where({condition}, {value}, {found})"
        self._operand((found, ATOM), token)


def _pointed(text: str, token: Token) -> str:
    """Return what to write for a number with a comma: digits in threes may be thousands."""
    start, end = token.start, token.end
    while start and text[start - 1].isdecimal():
        start -= 1
    while end < len(text) and text[end].isdecimal():
        end += 1
    before, after = text[start : token.start], text[token.end : end]
    said = f"write {before}.{after}"
    return said + (f", or {before}{after} for thousands" if len(after) == THOUSANDS else "")
