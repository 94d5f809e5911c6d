"""Mathematica to text of the language: square parentheses of calls, and the names of functions.

What else is other there, such as products without an operator, is a mistake of its own.
"""

from __future__ import annotations

import re  # noqa: TID253 (the module is loaded for a mistake only)

from backpropcli.graph.operations import NAMES

OTHER_NAMES = {
    "If": "where", "ArcSin": "asin", "ArcCos": "acos", "ArcTan": "atan", "ArcCot": "acot",
    "ArcSec": "asec", "ArcCsc": "acsc", "ArcSinh": "asinh", "ArcCosh": "acosh",
    "ArcTanh": "atanh", "ArcCoth": "acoth", "Ceiling": "ceil", "LogGamma": "lgamma",
    "LogisticSigmoid": "sigmoid", "Ramp": "relu", "CubeRoot": "cbrt", "IntegerPart": "trunc",
    "InverseErf": "erfinv",
}  # fmt: skip
"""Functions whose name here is another than theirs in small letters."""
OF_TWO = {
    "Log": "log({1})/log({0})", "ArcTan": "atan2({1}, {0})", "Power": "({0})^({1})",
    "Subtract": "({0}) - ({1})", "Divide": "({0})/({1})",
}  # fmt: skip
"""Functions of two arguments that are written otherwise."""
OF_ONE = {"UnitStep": "({0} >= 0)", "HeavisideTheta": "({0} > 0)", "Minus": "(-({0}))"}
CONSTANTS = {"Pi": "pi", "E": "e", "Infinity": "inf", "Degree": "(pi/180)"}
CALL = re.compile(r"([A-Z][A-Za-z0-9]*)\s*\[")
PARTS = re.compile(r"([A-Za-z][A-Za-z0-9]*)(\s*\[)?|.", re.DOTALL)


def is_mathematica(text: str) -> bool:
    """Say whether a text has a call such as Sin[x]: a capital letter, square parentheses."""
    return CALL.search(text) is not None


def read(text: str) -> str:
    """Return ``text`` with its calls and constants as the language has them."""
    calls: list[str] = []
    pieces: list[list[str]] = [[""]]
    opened: list[str] = []
    for match in PARTS.finditer(text):
        part, name = match[0], match[1]
        if name and match[2] is not None:
            calls.append(name)
            pieces.append([""])
            opened.append("[")
        elif part in {"(", "{", "["}:
            opened.append(part)
            pieces[-1][-1] += "("
        elif part == "]" and opened[-1:] == ["["] and calls:
            opened.pop()
            arguments = [argument.strip() for argument in pieces.pop()]
            pieces[-1][-1] += _call(calls.pop(), arguments)
        elif part in {")", "}", "]"}:
            del opened[-1:]
            pieces[-1][-1] += ")"
        elif part == "," and opened[-1:] == ["["]:
            pieces[-1].append("")
        else:
            pieces[-1][-1] += CONSTANTS.get(part, part)
    while calls:  # one that is never closed ends here
        arguments = [argument.strip() for argument in pieces.pop()]
        pieces[-1][-1] += _call(calls.pop(), arguments)
    return ", ".join(pieces[0])


def _call(name: str, arguments: list[str]) -> str:
    """Return a call as the language has it."""
    if len(arguments) == 2 and name in OF_TWO:  # noqa: PLR2004 (of two)
        return OF_TWO[name].format(*arguments)
    if len(arguments) == 1 and name in OF_ONE:
        return OF_ONE[name].format(*arguments)
    if name == "Surd" and arguments[1:] == ["3"]:
        return f"cbrt({arguments[0]})"
    own = OTHER_NAMES.get(name, name.lower())
    return f"{own if own in NAMES else name}({', '.join(arguments)})"
