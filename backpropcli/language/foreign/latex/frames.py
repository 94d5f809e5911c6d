"""What is being read of LaTeX: a frame for each open parenthesis, and functions that wait."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.language.foreign.latex.tokens import Token
    from backpropcli.language.foreign.latex.values import Value

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
