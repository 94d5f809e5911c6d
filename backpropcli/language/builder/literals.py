"""Builds what stands in a call beside expressions: keywords, texts, tuples, and literal numbers."""

from __future__ import annotations

from backpropcli.graph.statics import Static
from backpropcli.language.builder.expressions import Expressions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

NONE = "None"
SETTINGS = {"True": True, "true": True, "False": False, "false": False, "None": None}
"""What names stand for in a keyword's setting."""
SPELLED = {
    "dim": "axis",
    "keepdim": "keepdims",
    "dims": "axes",
    "size": "shape",
    "correction": "ddof",
    "kernel_size": "k",
    "num_classes": "n",
}
"""Other names of keywords: PyTorch's."""
DEEPEST = 2
"""How deep tuples nest: padding has a tuple of tuples."""


class Literal:
    """A part of a call that is no expression: ``value`` is a string, a name's meaning or a tuple.

    ``parts`` are those of a tuple, as the parser has them: it may stand for several arrays.
    """

    __slots__ = ("depth", "end", "parts", "start", "value")

    def __init__(
        self,
        value: object,
        start: int,
        end: int,
        parts: Sequence[object] | None = None,
        depth: int = 0,
    ) -> None:
        self.value = value
        self.start = start
        self.end = end
        self.parts = parts
        self.depth = depth


class Keyword:
    """A keyword with its setting, as in ``axis=1``: a node, or a Literal."""

    __slots__ = ("end", "name", "setting", "start")

    def __init__(self, name: str, setting: object, start: int, end: int) -> None:
        self.name = name
        self.setting = setting
        self.start = start
        self.end = end

    @property
    def key(self) -> str:
        """The keyword's own name, where another library's is written."""
        return SPELLED.get(self.name, self.name)


def known(values: Sequence[object]) -> object:
    """Return the tuple of values; NotImplemented if one of them is."""
    return NotImplemented if NotImplemented in values else tuple(values)


class Literals(Expressions):
    """Builds expressions with literals beside them: one method for each alias in the grammar."""

    def keyword(self, values: list[Any], start: int, end: int) -> Keyword:
        return Keyword(values[0], values[2], start, end)

    def setting_name(self, values: list[Any], start: int, end: int) -> Literal:
        name: str = values[-1]
        value: object = NotImplemented
        if name == "inf":
            value = float("inf") if len(values) == 1 else float("-inf")
        elif len(values) == 1 and name in SETTINGS:
            value = SETTINGS[name]
        elif len(values) == 1 and self.helpers:
            value = Static(name)
        return Literal(value, start, end)

    def setting_tuple(self, values: list[Any], start: int, end: int) -> Literal:
        return self.sized(values[1], start, end)

    def string(self, values: list[Any], start: int, end: int) -> Literal:
        return Literal(values[0][1:-1], start, end)

    def tuple_several(self, values: list[Any], start: int, end: int) -> Literal:
        return self.sized([values[1], *values[3]], start, end)

    def tuple_one(self, values: list[Any], start: int, end: int) -> Literal:
        return self.sized([values[1]], start, end)

    def sized(self, parts: list[Any], start: int, end: int) -> Literal:
        """Return the tuple of parts that may be literals."""
        values = [self.static(part) for part in parts]
        depth = 1 + max(part.depth if isinstance(part, Literal) else 0 for part in parts)
        value = known(values) if depth <= DEEPEST else NotImplemented
        return Literal(value, start, end, parts, depth)

    # What is static

    def static(self, part: object) -> object:
        """Return the literal that a part of a call is: a number, None, a string, or a tuple.

        NotImplemented for anything else. A whole number is an int.
        """
        if not isinstance(part, int):
            return part.value if isinstance(part, Literal) else NotImplemented
        if self.graph.operations[part] != "array":
            return self.literal(part)
        return known([self._row(node) for node in self.graph.inputs[part]])

    def _row(self, node: int) -> object:
        """Return the literal that an element of an array is: a number, or numbers."""
        if self.graph.operations[node] != "array":
            return self.literal(node)
        return known([self.literal(part) for part in self.graph.inputs[node]])

    def literal(self, node: int) -> object:
        """Return the number that a node is, or None for None; NotImplemented for anything else."""
        graph, sign = self.graph, 1
        operation = graph.operations[node]
        if operation == "neg":
            [node] = graph.inputs[node]
            operation, sign = graph.operations[node], -1
        arg = graph.args.get(node)
        if operation == "number":
            value = float(str(arg))
            return sign * (int(value) if value.is_integer() else value)
        if operation == "constant" and arg in {"inf", NONE}:
            return None if arg == NONE else sign * float("inf")
        if operation == "variable" and self.helpers and sign > 0:
            return Static(str(arg))
        return NotImplemented
