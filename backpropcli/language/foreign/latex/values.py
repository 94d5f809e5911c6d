"""Texts of the language with how tightly they bind, and operations on them."""

from __future__ import annotations

Value = tuple[str, int]
"""A text, and how tightly it binds."""

OR, AND, COMPARED, SUM, PRODUCT, CALL, BESIDE, SIGN, POWER, ATOM = range(1, 11)
LEVELS = {
    "+": SUM, "-": SUM, "*": PRODUCT, "⊙": PRODUCT, "/": PRODUCT, "beside": BESIDE, "^": POWER,
    **dict.fromkeys(("<", ">", "<=", ">=", "==", "!="), COMPARED), "and": AND, "or": OR,
}  # fmt: skip


def tight(value: Value, level: int) -> str:
    """Return a text as it stands where something as tight as ``level`` has to."""
    text, own = value
    return text if own >= level else f"({text})"


def joined(sign: str, level: int, left: Value, right: Value) -> Value:
    """Return an operation on two values."""
    if sign == "^":
        return f"{tight(left, ATOM)}^{tight(right, POWER)}", POWER
    if sign in {"*", "/", "beside"}:
        shown = "*" if sign == "beside" else sign
        return f"{tight(left, PRODUCT)}{shown}{tight(right, SIGN)}", PRODUCT
    return f"{tight(left, level)} {sign} {tight(right, level + 1)}", level


def quotient(above: Value, below: Value) -> Value:
    """Return a fraction."""
    return f"{tight(above, PRODUCT)}/{tight(below, SIGN)}", PRODUCT


def rooted(value: Value, degree: Value) -> Value:
    """Return a root of a degree."""
    if degree[0] == "3":
        return f"cbrt({value[0]})", ATOM
    return f"{tight(value, ATOM)}^(1/{tight(degree, SIGN)})", POWER
