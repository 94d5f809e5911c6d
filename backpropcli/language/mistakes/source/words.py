"""The kinds of words of the language, in the groups that mistakes are told apart by."""

from __future__ import annotations

from backpropcli.language.scanner import CLOSING, ENDINGS, OPENING

COMPARISONS = frozenset({"LESSTHAN", "MORETHAN", "_LE", "_GE", "_NE", "__ANON_0"})
SIGNS = frozenset({"PLUS", "_MINUS"})
TIGHT = frozenset({"_TIMES", "_OVER", "_POWER"})
"""The operators that stand without blanks around them."""
UPDATES = SIGNS | TIGHT | {"AT"}
WORDS = frozenset({"AND", "OR", "NOT"})
INFIX = COMPARISONS | UPDATES | {"AND", "OR"}
HEADS = frozenset({"DEF", "RULE", "USE"})
BEGINNINGS = ENDINGS | OPENING | {"", "COMMA", "EQUAL"}
CELLS = ENDINGS | {"COMMA", "EQUAL"}
"""What ends an argument, a side of a '=' or a statement."""
VALUES = CLOSING | {"NUMBER", "NAME", "SUPERSCRIPT"}
"""How a value ends."""
STARTS = OPENING | {"NUMBER", "NAME", "_ROOT"}
"""How a value begins."""
FACTORS = STARTS - {"LSQB"}
"""How a factor begins that stands right behind another one: a bracket there is an index."""


def infix(left: str, kind: str, sign: str, right: str) -> str:
    """Return an operator between its operands, spaced as its precedence is."""
    return f"{left}{sign}{right}" if kind in TIGHT else f"{left} {sign} {right}"
