"""What a program's surface graph has beside operations of the table: calls of its own functions.

Lowering writes these out, and diff.
"""

from __future__ import annotations

from os.path import realpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.program import Program

CALL, DIFF = "call", "diff"
"""Operations of a surface graph only: ``arg`` is the Function, and the order of the derivative."""
OUT, ADJOINT = "out", "adjoint"
"""What a rule calls the function's own value, and the adjoint of that."""
LIBRARY = f"{__file__.rpartition('language')[0]}library"
"""Where the definitions are that ship with the language: they may call helpers of rules."""


class Function:
    """A function: its parameters' names, its body, and its rules if it has some of its own.

    ``rules`` has the derivative by each parameter, in the names ``rule_names``; or what goes to
    each parameter, where it is ``whole``.
    """

    __slots__ = ("body", "name", "parameters", "rule_names", "rules", "used")

    def __init__(self, name: str, parameters: list[str], body: Program) -> None:
        self.name = name
        self.parameters = parameters
        self.body = body
        self.rules: list[Program] = []
        self.rule_names: list[str] = []
        self.used = False

    @property
    def whole(self) -> bool:
        """Whether its rules say where the adjoint of its value goes: they use it by name."""
        return any(ADJOINT in rule.graph.variables() for rule in self.rules)

    @property
    def shipped(self) -> bool:
        """Whether it ships with the language."""
        return self.body.origin.startswith(LIBRARY)

    def same(self, other: Function) -> bool:
        """Say whether two functions of one name are the same definition, met by two ways."""
        return _same_file(self.body, other.body)

    def same_rules(self, other: Function) -> bool:
        """Say whether the rules of the same function are the same too."""
        return len(self.rules) == len(other.rules) and all(map(_same_file, self.rules, other.rules))


def _same_file(one: Program, other: Program) -> bool:
    return one.source == other.source and realpath(one.origin) == realpath(other.origin)
