"""A formula of a spreadsheet to text of the language: its signs, operators and functions.

There a minus binds tighter than a power, powers group to the left, '=' compares, and ATAN2(x, y)
and LOG are other functions than here.
"""

from __future__ import annotations

import re  # noqa: TID253 (the module is loaded for a mistake only)
from typing import NamedTuple

COMPARED, SUM, PRODUCT, SIGNED, POWER, ATOM = range(6)
"""How tightly what is written holds together, in the language."""
TIGHTNESS = {
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1),
    **dict.fromkeys("+-", 2),
    **dict.fromkeys("*/", 3),
    "^": 4,
    "sign": 5,
}
"""How tightly operators bind there."""
SPELLED = {"=": "==", "<>": "!="}
SAME = {
    *("ABS", "ACOS", "ACOSH", "ACOTH", "ASIN", "ASINH", "ATAN", "ATANH", "COS", "COSH"),
    *("COT", "COTH", "CSC", "CSCH", "ERF", "ERFC", "EXP", "GAMMA", "LN", "LOG10", "SEC", "SECH"),
    *("SIGN", "SIN", "SINH", "SQRT", "TAN", "TANH", "TRUNC"),
}
"""Functions of one argument that are the same in small letters."""
TEMPLATES = {
    ("ACOT", 1): "(pi/2 - atan({0}))",
    ("ATAN2", 2): "atan2({1}, {0})",
    ("CEILING", 2): "ceil({0}/{1})*{1}",
    ("DEGREES", 1): "{0}*180/pi",
    ("EXP2", 1): "exp2({0})",
    ("FACT", 1): "gamma({0} + 1)",
    ("FLOOR", 2): "floor({0}/{1})*{1}",
    ("GAMMALN", 1): "lgamma({0})",
    ("IF", 2): "where({0}, {1}, 0)",
    ("IF", 3): "where({0}, {1}, {2})",
    ("INT", 1): "floor({0})",
    ("LOG", 1): "log10({0})",
    ("LOG", 2): "log({0})/log({1})",
    ("MOD", 2): "mod({0}, {1})",
    ("NOT", 1): "(not {0})",
    ("PI", 0): "pi",
    ("POWER", 2): "{0}^{1}",
    ("RADIANS", 1): "{0}*pi/180",
    ("ROUND", 2): "sign({0})*floor(abs({0})*10^{1} + 0.5)/10^{1}",
    ("SQRTPI", 1): "sqrt({0}*pi)",
    ("TRUE", 0): "1",
    ("FALSE", 0): "0",
}
"""Functions by their names and counts of arguments, each of which is in parentheses if it is long.
"""
JOINED = {"SUM": " + ", "PRODUCT": "*", "AND": " and ", "OR": " or "}
PLAIN = {"EXP2", "GAMMALN", "IF", "INT", "MOD", "ATAN2", "LOG"}
"""Functions whose templates put commas or parentheses around each argument."""
CONSTANTS = {"TRUE": "1", "FALSE": "0"}
CELL = re.compile(r"\$?[A-Z]{1,3}\$?[1-9][0-9]*\b")
CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]*\s*\(")
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>\$?[A-Za-z_][A-Za-z0-9_$]*)|(?P<sign><>|<=|>=|[-+*/^=<>%(),;&:!\"{}]))"
)
REFUSED = {
    "&": "'&' joins texts in a spreadsheet: a program has numbers alone",
    ":": "a range of cells is not read: write the cells out",
    "!": "cells of other sheets are not read: give them names",
    '"': "there are no strings",
    "{": "an array has square brackets",
    "}": "an array has square brackets",
}


class RefusedError(Exception):
    """What is not read of a formula, at characters ``start`` to ``end``, and the advice."""

    def __init__(self, advice: str, start: int, end: int) -> None:
        super().__init__(advice)
        self.advice, self.start, self.end = advice, start, end


class Value(NamedTuple):
    """A part of a formula as the language has it, and how tightly it holds together."""

    text: str
    level: int

    def within(self, least: int) -> str:
        """Return it with parentheses if it holds less tightly."""
        return self.text if self.level >= least else f"({self.text})"


class Frame:
    """What is open: a parenthesis, or a call of ``name``; values, and operators that wait."""

    def __init__(self, name: str | None, start: int) -> None:
        self.name, self.start = name, start
        self.arguments: list[Value] = []
        self.values: list[Value] = []
        self.operators: list[str] = []

    def reduce(self, tightness: int) -> None:
        """Work out the operators that wait and bind as tightly: all group to the left."""
        while self.operators and TIGHTNESS[self.operators[-1]] >= tightness:
            operator = self.operators.pop()
            right = self.values.pop()
            if operator == "sign":
                self.values.append(Value(f"-{right.within(POWER)}", SIGNED))
            else:
                self.values.append(_operation(operator, self.values.pop(), right))

    def close(self) -> Value:
        """Return what is all of it."""
        self.reduce(0)
        return self.values.pop()


def is_formula(text: str) -> bool:
    """Say whether a text is a formula of a spreadsheet: '=', and a cell or a call in capitals."""
    text = text.lstrip()
    begun = text.startswith("=") and not text.startswith("==")
    return begun and bool(CELL.search(text) or CAPITALS.search(text))


def read(text: str) -> str:
    """Return a formula as the language has it. Raises RefusedError."""
    if ";" in text:  # where arguments have semicolons between them, a comma is a decimal point
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    return _Reader(text).read()


class _Reader:
    """Reads a formula from left to right: ``expects`` says whether a value is to follow."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = text.index("=") + 1
        self.stack = [Frame(None, self.at)]
        self.expects = True

    def read(self) -> str:
        while self.text[self.at :].strip():
            match = TOKEN.match(self.text, self.at)
            if match is None:
                raise RefusedError("", self.at, self.at + 1)
            kind = match.lastgroup or ""
            start, self.at = match.start(kind), match.end()
            word = match[kind]
            if word in REFUSED:
                raise RefusedError(REFUSED[word], start, self.at)
            begins = kind != "sign" or word == "(" or (self.expects and word in "+-")
            if word not in {",", ";", ")"} and begins != self.expects:
                raise RefusedError("", start, self.at)
            if kind == "sign":
                self._sign(word, start)
            else:
                self._operand(kind, word, start)
        if self.expects or len(self.stack) > 1:
            raise RefusedError("", len(self.text) - 1, len(self.text))
        return self.stack[0].close().text

    def _operand(self, kind: str, word: str, start: int) -> None:
        """Read a number, a cell, or the name of a function that is called."""
        if kind == "name" and self.text[self.at :].lstrip().startswith("("):
            self.at = self.text.index("(", self.at) + 1
            self.stack.append(Frame(word.upper(), start))
            return
        cell = word.upper() if CELL.fullmatch(word.upper()) else word
        text = word if kind == "number" else CONSTANTS.get(word.upper(), cell.replace("$", ""))
        self.stack[-1].values.append(Value(text, ATOM))
        self.expects = False

    def _sign(self, word: str, start: int) -> None:
        frame = self.stack[-1]
        if word in {",", ";", ")"}:
            self._end(word, start)
        elif word == "(":
            self.stack.append(Frame(None, start))
        elif word == "%":
            frame.values.append(Value(f"({frame.values.pop().within(ATOM)}/100)", ATOM))
        elif self.expects:
            frame.operators += ["sign"] * (word == "-")
        else:
            frame.reduce(TIGHTNESS[word])
            frame.operators.append(word)
            self.expects = True

    def _end(self, word: str, start: int) -> None:
        """End an argument, a call or a parenthesis."""
        frame = self.stack[-1]
        empty = word == ")" and frame.name is not None and not (frame.arguments or frame.operators)
        alone = len(self.stack) == 1 or (word != ")" and frame.name is None)
        if alone or (self.expects and not (empty and not frame.values)):
            raise RefusedError("", start, self.at)
        if not self.expects:
            frame.arguments.append(frame.close())
        self.expects = word != ")"
        if word == ")":
            self.stack.pop()
            [found] = (
                frame.arguments
                if frame.name is None
                else [_call(frame.name, frame.arguments, frame.start, self.at)]
            )
            self.stack[-1].values.append(found)


def _operation(operator: str, left: Value, right: Value) -> Value:
    """Return an operation between two values."""
    match operator:
        case "^":
            return Value(f"{left.within(ATOM)}^{right.within(ATOM)}", POWER)
        case "*" | "/":
            return Value(f"{left.within(PRODUCT)}{operator}{right.within(POWER)}", PRODUCT)
        case "+" | "-":
            return Value(f"{left.within(SUM)} {operator} {right.within(PRODUCT)}", SUM)
    sign = SPELLED.get(operator, operator)
    return Value(f"{left.within(SUM)} {sign} {right.within(SUM)}", COMPARED)


def _call(name: str, arguments: list[Value], start: int, end: int) -> Value:
    """Return a call as the language has it."""
    texts = [one.text for one in arguments]
    tight = [one.within(ATOM) for one in arguments]
    if name in SAME and len(texts) == 1:
        return Value(f"{name.lower()}({texts[0]})", ATOM)
    if name in {"MAX", "MIN"} and texts:
        return Value(f"{name.lower()}({', '.join(texts)})", ATOM)
    if name in JOINED and texts:
        truth = name in {"AND", "OR"} and arguments[0].level != COMPARED
        alone = f"({tight[0]} != 0)" if truth else tight[0]
        return Value(f"({JOINED[name].join(tight)})" if len(texts) > 1 else alone, ATOM)
    if name == "AVERAGE" and texts:
        return Value(f"(({' + '.join(tight)})/{len(texts)})", ATOM)
    if name == "SUMSQ" and texts:
        return Value(f"({' + '.join([f'{one}^2' for one in tight])})", ATOM)
    template = TEMPLATES.get((name, len(texts)))
    if template is None:
        advice = f"{name} is not read: write it in the language itself"
        raise RefusedError(advice, start, end)
    found = template.format(*(texts if name in PLAIN and template.endswith(")") else tight))
    whole = template.endswith(")") and template.count("(") == 1
    return Value(found if whole or not arguments else f"({found})", ATOM)
