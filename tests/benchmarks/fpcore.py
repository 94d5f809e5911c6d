"""A reader for FPCore, the language of FPBench's and Herbie's benchmarks (fpbench.org).

It takes what is one expression of real numbers: no loops, tensors or casts. Else it says None.
"""

from __future__ import annotations

import re
from itertools import pairwise

CALLS = {"pow": "pow", "fabs": "abs", "fmax": "max", "fmin": "min"} | {
    name: name
    for name in (
        *("sqrt", "cbrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"),
        *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "expm1", "log1p", "hypot", "exp2"),
        *("log2", "log10", "erf", "erfc", "floor", "ceil", "copysign"),
    )
}
INFIX = {"+", "-", "*", "/"}
COMPARED = {"<", "<=", ">", ">=", "==", "!="}
CONSTANTS = {"PI": "pi", "E": "e", "TRUE": "1", "FALSE": "0", "INFINITY": "inf"}
TOKEN = re.compile(r'\s+|;[^\n]*|("(?:[^"\\]|\\.)*")|([()\[\]])|([^\s()\[\]";]+)')


def parsed(text: str) -> list:
    """Return all S-expressions of a text, as nested lists."""
    stack: list[list] = [[]]
    for string, bracket, atom in TOKEN.findall(text):
        if bracket in {"(", "["} and bracket:
            stack.append([])
        elif bracket:
            done = stack.pop()
            stack[-1].append(done)
        elif atom or string:
            stack[-1].append(atom or string)
    return stack[0]


class Unreadable(Exception):
    """This is no expression of real numbers."""


def cores(text: str):
    """Yield the name, the parameters, the precondition and the body of each FPCore."""
    for form in parsed(text):
        if not form or form[0] != "FPCore":
            continue
        rest = form[1:]
        if rest and isinstance(rest[0], str) and not rest[0].startswith(":"):
            rest = rest[1:]  # a core's own name
        parameters, *rest = rest
        facts = {}
        while len(rest) > 1 and isinstance(rest[0], str) and rest[0].startswith(":"):
            facts[rest[0]], rest = rest[1], rest[2:]
        try:
            names = [_renamed(one) for one in parameters]
            pre = _text(facts[":pre"], {}) if ":pre" in facts else ""
            body = _text(rest[0], {})
        except Unreadable:
            continue
        if {*re.findall(r"\bv_\w+", f"{pre} {body}")} <= {*names}:
            yield str(facts.get(":name", "")).strip('"'), names, pre, body


def _renamed(name) -> str:
    """Return a name that the tool's language has: no constant, no operator in it."""
    if not isinstance(name, str):
        raise Unreadable
    return "v_" + re.sub(r"\W", "_", name)


def _text(form, known) -> str:
    if isinstance(form, str):
        return _atom(form, known)
    if not form or not isinstance(form[0], str):
        raise Unreadable
    head, *rest = form
    if head in {"let", "let*"}:
        inner = dict(known)
        for name, value in rest[0]:
            inner[name] = f"({_text(value, inner if head == 'let*' else known)})"
        return _text(rest[1], inner)
    if head == "!":
        return _text(rest[-1], known)
    return _call(head, [_text(one, known) for one in rest])


def _atom(atom: str, known) -> str:
    if atom in known:
        return known[atom]
    if atom in CONSTANTS:
        return CONSTANTS[atom]
    if re.fullmatch(r"[+-]?\d+/\d+", atom):
        return f"({atom.lstrip('+')})"
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", atom):
        number = repr(float(atom)) if "." in atom or "e" in atom.lower() else atom.lstrip("+")
        return f"({number})" if number.startswith("-") else number
    return _renamed(atom)


def _call(head, given) -> str:  # noqa: C901, PLR0911 (a return for each form)
    if head == "-" and len(given) == 1:
        return f"(-{given[0]})"
    if head == "/" and len(given) == 1:
        return f"(1/{given[0]})"
    if head in INFIX:
        return f"({f' {head} '.join(given)})"
    if head == "fma":
        return f"({given[0]}*{given[1]} + {given[2]})"
    if head == "if":
        return f"where({', '.join(given)})"
    if head in {"and", "or"}:
        return f"({f' {head} '.join(given)})" if given else "1"
    if head == "not":
        return f"(not {given[0]})"
    if head in COMPARED:
        pairs = pairwise(given)
        return "(" + " and ".join(f"({one} {head} {other})" for one, other in pairs) + ")"
    if head == "pow":
        return (
            f"({given[0]}^{given[1]})"
            if not given[1].startswith("-")
            else f"({given[0]}^({given[1]}))"
        )
    if head in CALLS:
        return f"{CALLS[head]}({', '.join(given)})"
    raise Unreadable
