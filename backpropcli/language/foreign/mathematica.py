"""Mathematica to text of the language: square parentheses of calls, and the names of functions.

What else is other there, such as products without an operator, is a mistake of its own.
"""

from __future__ import annotations

import re  # noqa: TID253 (the module is loaded for a mistake only)

from backpropcli.graph.arrays import WORDS
from backpropcli.graph.operations import NAMES
from backpropcli.language.scanner import split

OTHER_NAMES = {
    "If": "where", "ArcSin": "asin", "ArcCos": "acos", "ArcTan": "atan", "ArcCot": "acot",
    "ArcSec": "asec", "ArcCsc": "acsc", "ArcSinh": "asinh", "ArcCosh": "acosh",
    "ArcTanh": "atanh", "ArcCoth": "acoth", "Ceiling": "ceil", "LogGamma": "lgamma",
    "LogisticSigmoid": "sigmoid", "Ramp": "relu", "CubeRoot": "cbrt", "IntegerPart": "trunc",
    "InverseErf": "erfinv", "Total": "sum", "Inverse": "inv", "Tr": "trace",
    "IdentityMatrix": "eye", "ConstantArray": "full", "LinearSolve": "solve",
    "DiagonalMatrix": "diag", "KroneckerProduct": "kron", "Reverse": "flip", "Accumulate": "cumsum",
    "Product": "prod", "Integrate": "integral", "NIntegrate": "integral",
}  # fmt: skip
"""Functions whose name here is another than theirs in small letters, and some that are not here."""
OF_TWO = {
    "Log": "log({1})/log({0})", "ArcTan": "atan2({1}, {0})", "Power": "({0})^({1})",
    "Dot": "{0}@{1}",
    "Subtract": "({0}) - ({1})", "Divide": "({0})/({1})",
}  # fmt: skip
"""Functions of two arguments that are written otherwise."""
OF_ONE = {
    "Transpose": "{0}.T",
    "ConjugateTranspose": "{0}.T",
    "UnitStep": "({0} >= 0)",
    "HeavisideTheta": "({0} > 0)",
    "Minus": "(-({0}))",
}
CONSTANTS = {"Pi": "pi", "E": "e", "Infinity": "inf", "Degree": "(pi/180)"}
CALL = re.compile(r"([A-Z][A-Za-z0-9]*)\s*\[")
OPERATION = re.compile(r"[\w\s(]*[-+*/^\[]")
"""How that begins which cannot be the place of an element."""
PARTS = re.compile(r"([A-Za-z][A-Za-z0-9]*)(\s*\[)?|.", re.DOTALL)


def is_mathematica(text: str) -> bool:
    """Say whether a text has a call such as Sin[x]: a known name, square parentheses."""
    return any(is_function(match[1], text[match.end() :]) for match in CALL.finditer(text))


def is_function(name: str, inside: str = "") -> bool:
    """Say whether a name is a function's there. ``inside`` is what follows the bracket.

    A single letter is an array's, unless it is D, and an operation stands in the brackets.
    """
    if name == "D":
        return OPERATION.match(inside) is not None
    if len(name) == 1:
        return False
    return bool(_own_name(name)) or name in {*OF_TWO, *OF_ONE, "Surd", "Piecewise"}


def _own_name(name: str) -> str:
    """Return the name that a function has here; "" if none is known."""
    own = OTHER_NAMES.get(name, name.lower())
    return own if own in NAMES or own in WORDS or name in OTHER_NAMES else ""


def read(text: str) -> str:
    """Return ``text`` with its calls and constants as the language has them."""
    calls: list[str] = []
    pieces: list[list[str]] = [[""]]
    opened: list[str] = []
    for match in PARTS.finditer(text):
        part, name = match[0], match[1]
        if name and match[2] is not None and (len(name) > 1 or name == "D"):
            calls.append(name)
            pieces.append([""])
            opened.append("call")
        elif part in {"(", "{", "["}:
            opened.append(part)
            pieces[-1][-1] += "(" if part == "(" else "["
        elif part == "]" and opened[-1:] == ["call"] and calls:
            opened.pop()
            arguments = [argument.strip() for argument in pieces.pop()]
            pieces[-1][-1] += _call(calls.pop(), arguments)
        elif part in {")", "}", "]"}:
            del opened[-1:]
            pieces[-1][-1] += ")" if part == ")" else "]"
        elif part == "." and not _in_number(text, match.start()):
            pieces[-1][-1] += "@"
        elif part == "," and opened[-1:] == ["call"]:
            pieces[-1].append("")
        else:
            pieces[-1][-1] += CONSTANTS.get(part, part)
    while calls:  # one that is never closed ends here
        arguments = [argument.strip() for argument in pieces.pop()]
        pieces[-1][-1] += _call(calls.pop(), arguments)
    return ", ".join(pieces[0])


def _in_number(text: str, at: int) -> bool:
    """Say whether the point at ``at`` has a digit beside it."""
    return text[max(at - 1, 0) : at].isdigit() or text[at + 1 : at + 2].isdigit()


def _call(name: str, arguments: list[str]) -> str:
    """Return a call as the language has it."""
    if len(arguments) == 2 and name in OF_TWO:  # noqa: PLR2004 (of two)
        return OF_TWO[name].format(*arguments)
    if len(arguments) == 1 and name in OF_ONE:
        return OF_ONE[name].format(*arguments)
    if name == "Surd" and arguments[1:] == ["3"]:
        return f"cbrt({arguments[0]})"
    if name == "Piecewise" and (found := _piecewise(arguments)):
        return found
    return f"{_own_name(name) or name}({', '.join(arguments)})"


def _piecewise(arguments: list[str]) -> str:
    """Return the choices that Piecewise[{{value, condition}, ...}, default] makes; "" for none."""
    pairs = [_elements(pair) for pair in _elements(arguments[0])]
    if not pairs or any(len(pair) != 2 for pair in pairs) or len(arguments) > 2:  # noqa: PLR2004
        return ""
    found = arguments[1] if arguments[1:] else "0"
    for value, condition in pairs[::-1]:
        found = value if condition == "True" else f"where({condition}, {value}, {found})"
    return found


def _elements(text: str) -> list[str]:
    """Return the elements of an array; none of what is no array."""
    text = text.strip()
    return split(text[1:-1]) if text.startswith("[") and text.endswith("]") else []
