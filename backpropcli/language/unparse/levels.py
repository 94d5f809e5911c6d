"""How tightly expressions bind where they are written, as in the grammar."""

from __future__ import annotations

Part = str | tuple[int, int]
"""A piece of text; or a node, and how tightly it has to bind."""

ANY, UNARY, ATOM, PART = 1, 7, 9, 10
"""How tightly anything binds, what has a sign, an atom, and what stands before an index or .T."""
LEVELS = {
    "or": (1, 1, 2),
    "and": (2, 2, 3),
    "not": (3, 3),
    **dict.fromkeys(("lt", "le", "gt", "ge", "eq", "ne"), (4, 5, 5)),
    "add": (5, 5, 6),
    "sub": (5, 5, 6),
    "mul": (6, 6, 7),
    "matmul": (6, 6, 7),
    "div": (6, 6, 7),
    "neg": (UNARY, UNARY),
    "pow": (8, ATOM, UNARY),
}
"""How tightly an operation binds, then how tightly each of its inputs has to, as in the grammar."""
TIGHT = {"mul", "matmul", "div", "pow", "neg"}
"""Written without blanks around."""
TRANSPOSED = (None,)
"""What is static in x.T."""


def binds(operation: str) -> int:
    """Return how tightly an operation binds where it is written out."""
    return LEVELS.get(operation, (ATOM,))[0]


def inputs_bind(operation: str, count: int, arg: object) -> tuple[int, ...]:
    """Return how tightly each of ``count`` inputs has to bind to stand without parentheses."""
    if levels := LEVELS.get(operation):
        return levels[1:]
    # What stands before an index or a point.
    first = operation in {"index", "mT"} or (operation == "transpose" and arg == TRANSPOSED)
    return (*[PART] * first, *[ANY] * (count - first))
