"""Rules of the table as a reader knows them: without the helpers that the table alone has."""

from __future__ import annotations

from backpropcli.graph.arrays import TABLE_OF_ARRAYS
from backpropcli.graph.operations import without_helper
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.graph.cells import Rule
    from backpropcli.graph.row import Row

TIES = "ties(out, args)"
"""How many inputs are the result: n, for a reader."""
MARKS = ("quiet", "void")  # helpers that say what the rest of the tool makes of a condition
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def shown(row: Row) -> str:
    """Return how ``row`` is written: "x + y", "sin(x)"."""
    if row.infix is None:
        return row.usage
    if len(row.parameters) == 1:
        blank = " " if row.infix.isalpha() else ""
        return f"{row.infix}{blank}{row.parameters[0]}"
    return f" {row.infix} ".join(row.parameters)


def whole(row: Row) -> str:
    """Return how ``row`` is written, as one factor."""
    return shown(row) if row.infix is None else f"({shown(row)})"


def own(row: Row, rule: Rule) -> str:
    """Return a rule as a reader knows it: without helpers, the operation in place of ``out``."""
    text = without_helper(rule).text.replace(TIES, "n")
    parts: list[str] = []
    opened: list[str] = []  # what each open parenthesis belongs to: "" for most, or a mark
    before = ""
    for kind, start, end in tokens(text):
        piece = text[start:end]
        if kind == "LPAR":
            opened.append(before if before in MARKS else "")
        mark = bool(opened) and kind in {"LPAR", "RPAR"} and bool(opened[-1])
        if kind == "RPAR":
            opened.pop()
        if not mark and piece not in MARKS:
            parts.append(whole(row) if piece == "out" else piece)
        before = piece
    return "".join(parts)


def condition(text: str) -> str:
    """Return a condition without "not" before comparisons: "not (x <= 0 or x >= 6)"."""
    inside = text.removeprefix("not ")
    grouped = inside.startswith("(") and inside.endswith(")")
    parts = inside[1:-1].split(" or ") if grouped else [inside]
    compared = [[word for word in part.split() if word in OPPOSITE] for part in parts]
    if inside == text or any(len(words) != 1 for words in compared):
        return text
    return " and ".join(
        " ".join([OPPOSITE.get(word, word) for word in part.split()]) for part in parts
    )


def internal(text: str) -> bool:
    """Say whether a rule is of no use to a reader: it has cases, or a helper of the table."""
    words = {text[start:end] for kind, start, end in tokens(text) if kind == "NAME"}
    return "where" in words or any(
        TABLE_OF_ARRAYS[word].helper and word != "mT" for word in words & TABLE_OF_ARRAYS.keys()
    )
