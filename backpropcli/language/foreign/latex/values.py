"""What is read of LaTeX: texts with how tightly they bind, and a frame for what is open."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.language.foreign.latex.tokens import Token

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


CLOSING = {
    "(": (")", ""), "[": ("]", ""), "{": ("}", ""), "\\{": ("\\}", ""),
    "|": ("|", "abs({})"), "‖": ("‖", "norm({})"), "⌊": ("⌋", "floor({})"), "⌈": ("⌉", "ceil({})"),
    "⟨": ("⟩", "sum({})"),
}  # fmt: skip
"""What closes a parenthesis, and what it makes of its content."""
CASES = "\\end{cases}"


class Call:
    """A function that waits for its argument: ``template`` has {} in its place."""

    def __init__(self, template: str, level: int, token: Token) -> None:
        self.template = template
        self.level = level
        self.token = token

    def on(self, value: Value) -> Value:
        """Return the function of a value."""
        return self.template.replace("{}", value[0]), self.level


class Frame:
    """What is being read between two parentheses; ``then`` takes the finished arguments."""

    def __init__(self, opener: Token, close: str, then: Callable[[list[Value]], None]) -> None:
        self.opener = opener
        self.close = close
        self.then = then
        self.values: list[Value] = []
        self.operators: list[tuple[str | Call, int, Token]] = []
        self.arguments: list[Value] = []
        self.expects = True
