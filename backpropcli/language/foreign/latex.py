r"""LaTeX to text of the language: names are kept (\theta is theta, x_{12} is x_12), nothing is run.

An operator-precedence parser over the tokens of LaTeX. It has its own stacks: nothing recurses. In
mathematics letters side by side are a product, so ``xy`` is x*y, and a function without
parentheses takes the product that follows it: ``\cos \omega t``.
"""

from __future__ import annotations

from backpropcli.errors import SourceError
from backpropcli.graph.operations import NAMES
from backpropcli.language.foreign.tokens import Token, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

Value = tuple[str, int]
"""A text, and how tightly it binds."""

OR, AND, COMPARED, SUM, PRODUCT, CALL, BESIDE, SIGN, POWER, ATOM = range(1, 11)
LEVELS = {
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "beside": BESIDE, "^": POWER,
    **dict.fromkeys(("<", ">", "<=", ">=", "==", "!="), COMPARED), "and": AND, "or": OR,
}  # fmt: skip
SPACED = {OR, AND, COMPARED, SUM}
"""Levels of operators that have blanks around them."""
CLOSING = {
    "(": (")", ""), "[": ("]", ""), "{": ("}", ""), "\\{": ("\\}", ""),
    "|": ("|", "abs({})"), "⌊": ("⌋", "floor({})"), "⌈": ("⌉", "ceil({})"),
}  # fmt: skip
"""What closes a parenthesis, and what it makes of its content."""
CASES = "\\end{cases}"
INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan"}
LIKE_FUNCTIONS = {"f", "g", "h", "sigma", "Gamma"}
"""Letters before a parenthesis that usually name a function."""


def read(text: str, origin: str = "") -> str:
    """Return the expression that LaTeX writes, as text of the language.

    Raises SourceError for what is no LaTeX, or has no meaning here.
    """
    return _Reader(text, origin).read()


def is_latex(text: str) -> bool:
    """Say whether a text has a command of LaTeX, or a raised or lowered group in braces."""
    import re

    return bool(re.search(r"\\[A-Za-z]{2,}|[_^]\s*\{|\\[({\[]", text))


class _Call:
    """A function that waits for its argument: ``template`` has {} in its place."""

    def __init__(self, template: str, level: int, token: Token) -> None:
        self.template = template
        self.level = level
        self.token = token


class _Frame:
    """What is being read between two parentheses; ``then`` takes the finished arguments."""

    def __init__(self, opener: Token, close: str, then: Callable[[list[Value]], None]) -> None:
        self.opener = opener
        self.close = close
        self.then = then
        self.values: list[Value] = []
        self.operators: list[tuple[str | _Call, int, Token]] = []
        self.arguments: list[Value] = []
        self.expects = True


class _Reader:
    """Reads one text."""

    def __init__(self, text: str, origin: str) -> None:
        self.text = text
        self.origin = origin
        self.tokens = tokens(text, self.error)
        self.at = 0
        self.frame = _Frame(Token("", "", 0, 0), "", lambda _: None)
        self.outer: list[_Frame] = []
        self.takers: dict[str, Callable[[Token], None]] = {
            "number": self._number,
            "name": self._name,
            "function": self._function,
            "open": self._open,
            "bar": self._open,
            "infix": self._infix,
            "frac": self._frac,
            "sqrt": self._root,
            "begin cases": self._begin,
            "end cases": self._end,
            **dict.fromkeys((",", "cell", "row", "word"), self._separator),
            "!": self._factorial,
        }

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
        equals = [index for index, token in enumerate(self.tokens) if token.kind == "="]
        if not equals:
            return ""
        name = ""
        if len(equals) == 1 and self.coming.kind == "name":
            name = self._subscripted(self.take())
        if self.at != equals[0]:
            raise self.error(
                "this is an equation",
                self.tokens[equals[0]],
                "write its left side minus its right side",
            )
        self.at += 1
        return f"{name} = "

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

    def _name(self, token: Token) -> None:
        self._operand((self._subscripted(token), ATOM), token)

    def _frac(self, token: Token) -> None:
        def below(above: Value) -> None:
            self._group(token, lambda value: self._fraction(above, value, token))

        self._group(token, below)

    def _factorial(self, token: Token) -> None:
        if self.frame.expects:
            raise self._misplaced(token)
        self._reduce(ATOM)
        inside, _ = self.frame.values.pop()
        self.frame.values.append((f"gamma({inside} + 1)", ATOM))

    def _begin(self, token: Token) -> None:
        self._beside(token)
        self._enter(_Frame(token, CASES, self._cases))

    def _end(self, token: Token) -> None:
        if self.frame.close != CASES:
            raise self._misplaced(token)
        self._close(token)

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
            frame.operators.append((sign, POWER, token))
            frame.expects = True
            self._group(token, lambda value: self._operand(value, token))
            return
        self._reduce(LEVELS[sign])
        frame.operators.append((sign, LEVELS[sign], token))
        frame.expects = True

    def _reduce(self, level: int) -> None:
        """Work out the operators that bind at least as tightly as ``level``."""
        frame = self.frame
        while frame.operators and frame.operators[-1][1] >= level:
            sign, own, _ = frame.operators.pop()
            right = frame.values.pop()
            if isinstance(sign, _Call):
                frame.values.append((sign.template.replace("{}", right[0]), sign.level))
            elif sign == "sign +":
                frame.values.append(right)
            elif sign == "sign -":
                frame.values.append((f"-{_tight(right, SIGN)}", SIGN))
            else:
                frame.values.append(_joined(sign, own, frame.values.pop(), right))

    def _finish(self, token: Token) -> None:
        """Work out all of the frame: one more argument."""
        frame = self.frame
        if frame.expects:
            before = frame.operators[-1][2] if frame.operators else token
            raise self.error("a value is missing here", before, "write it")
        self._reduce(0)
        frame.arguments.append(frame.values.pop())

    # Parentheses and groups

    def _enter(self, frame: _Frame) -> None:
        self.outer.append(self.frame)
        self.frame = frame

    def _close(self, token: Token) -> None:
        frame = self.frame
        if not (frame.close == CASES and frame.expects):
            self._finish(token)
        self.frame = self.outer.pop()
        frame.then(frame.arguments)

    def _open(self, token: Token) -> None:
        before = self.tokens[self.at - 2] if self.at > 1 else token
        call = self.frame.operators[-1] if self.frame.operators else None
        if not self.frame.expects:
            if token.text == "(" and before.kind == "name" and before.text in LIKE_FUNCTIONS:
                self._refuse_call(before)
            if call and isinstance(call[0], _Call) and before.kind != "number":
                self._reduce(CALL)
            self._beside(token)
        close, form = CLOSING[token.text]

        def then(parts: list[Value]) -> None:
            text = ", ".join(part for part, _ in parts)
            if form:
                self._operand((form.format(text), ATOM), token)
            else:
                self._operand(parts[0] if len(parts) == 1 else (f"({text})", ATOM), token)

        self._enter(_Frame(token, close, then))

    def _refuse_call(self, before: Token) -> None:
        name = self.text[before.start : before.end]
        hint = f"for a product write {name} \\cdot (...); a function has to be written out"
        if before.text == "sigma":
            hint = (
                "for the sigmoid write \\operatorname{sigmoid}(...), "
                "for a product \\sigma \\cdot (...)"
            )
        raise self.error(f"'{name}(' may be a function or a product", before, hint)

    def _group(self, owner: Token, then: Callable[[Value], None]) -> None:
        """Read what is in the next braces, or the next token alone, for ``then``."""
        token = self.take()
        if token.text == "{" and token.kind == "open":
            self._enter(_Frame(owner, "}", lambda parts: then(self._single(parts, owner))))
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
            then((token.text, ATOM))
        elif token.kind == "frac":
            self._group(
                token, lambda above: self._group(token, lambda below: then(_quotient(above, below)))
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

    def _fraction(self, above: Value, below: Value, token: Token) -> None:
        if above[0] in {"d", "-d"} or (above[0].startswith("d*") and below[0].startswith("d*")):
            raise self.error(
                "derivatives are not read", token, "leave it out: the gradient is what you get"
            )
        self._operand(_quotient(above, below), token)

    def _root(self, token: Token) -> None:
        if self.coming.text != "[":
            self._group(token, lambda value: self._operand((f"sqrt({value[0]})", ATOM), token))
            return
        opener = self.take()

        def indexed(parts: list[Value]) -> None:
            degree = self._single(parts, token)
            self._group(token, lambda value: self._operand(_rooted(value, degree), token))

        self._enter(_Frame(opener, "]", indexed))

    # Names and functions

    def _subscripted(self, token: Token) -> str:
        """Return a name with its subscript."""
        name = token.text
        while self.coming.kind == "_":
            owner = self.take()
            parts = [self.take()]
            if parts[0].text == "{":
                parts = []
                while self.coming.kind != "end" and self.coming.text != "}":
                    parts.append(self.take())
                self.take()
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
                self._operand((template.replace("{}", text), level), token)

            self._enter(_Frame(opener, CLOSING[opener.text][0], then))
            return
        if len(NAMES[name].parameters) > 1:
            raise self.error(f"'{name}' lacks its arguments", token, "write them in parentheses")
        self.frame.operators.append((_Call(template, level, token), CALL, token))

    def _short_group(self, mark: Token) -> str:
        """Return the text of a subscript or power of a function: a name or a number."""
        parts = [self.take()]
        if parts[0].text == "{":
            parts = []
            while self.coming.kind != "end" and self.coming.text != "}":
                parts.append(self.take())
            self.take()
        text = "".join(part.text for part in parts)
        if not text.removeprefix("-").isalnum():
            raise self.error("this goes after the argument", mark, "write (\\sin x)^{...}")
        return text

    # Cases

    def _separator(self, token: Token) -> None:
        frame = self.frame
        if frame.close != CASES:
            if token.kind != ",":
                raise self._misplaced(token)
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


def _tight(value: Value, level: int) -> str:
    """Return a text as it stands where something as tight as ``level`` has to."""
    text, own = value
    return text if own >= level else f"({text})"


def _joined(sign: str, level: int, left: Value, right: Value) -> Value:
    """Return an operation on two values."""
    if sign == "^":
        return f"{_tight(left, ATOM)}^{_tight(right, POWER)}", POWER
    if sign in {"*", "/", "beside"}:
        shown = "*" if sign == "beside" else sign
        return f"{_tight(left, PRODUCT)}{shown}{_tight(right, SIGN)}", PRODUCT
    return f"{_tight(left, level)} {sign} {_tight(right, level + 1)}", level


def _quotient(above: Value, below: Value) -> Value:
    return f"{_tight(above, PRODUCT)}/{_tight(below, SIGN)}", PRODUCT


def _rooted(value: Value, degree: Value) -> Value:
    if degree[0] == "3":
        return f"cbrt({value[0]})", ATOM
    return f"{_tight(value, ATOM)}^(1/{_tight(degree, SIGN)})", POWER
