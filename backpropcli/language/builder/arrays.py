"""Builds arrays, their parts, and calls of operations on whole arrays."""

from __future__ import annotations

from backpropcli.errors import MistakeError
from backpropcli.graph.row import Static
from backpropcli.language.builder.expressions import Expressions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

NONE = "None"
ATTRIBUTES = {"T": "transpose", "mT": "mT"}
MASKS = {"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"}
"""Operations whose values are true or false."""


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


class Arrays(Expressions):
    """Builds expressions with arrays in them: one method for each alias in the grammar."""

    def whole(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an operation on whole arrays."""
        self.with_arrays()
        return self.graph.node(operation, inputs, arg)

    def with_arrays(self) -> None:
        """Let the graph have operations on whole arrays."""
        if "array" not in self.graph.table:
            from backpropcli.graph.arrays import ARRAYS  # noqa: PLC0415 (not for scalars)

            self.graph.define(ARRAYS)

    # What the grammar calls

    def matmul(self, values: list[Any], start: int, end: int) -> int:
        return self.mark(self.whole("matmul", (values[0], values[2])), start, end)

    def array(self, values: list[Any], start: int, end: int) -> int:
        return self.mark(self.whole("array", tuple(values[1])), start, end)

    def array_empty(self, _values: list[Any], start: int, end: int) -> int:
        raise MistakeError("empty_array", self, start, end)

    def attribute(self, values: list[Any], start: int, end: int) -> int:
        operation = ATTRIBUTES.get(values[2])
        if operation is None:
            raise MistakeError("bad_attribute", self, values[2], start, end)
        arg = (None,) if operation == "transpose" else None
        return self.mark(self.whole(operation, (values[0],), arg), start, end)

    def index(self, values: list[Any], start: int, end: int) -> int:
        spec: list[tuple[object, ...]] = []
        inputs = [values[0]]
        for item in values[2]:
            if isinstance(item, tuple):
                spec.append(item)
                continue
            place = self.literal(item)
            if place is None:
                spec.append(("new",))
            elif isinstance(place, int):
                spec.append(("at", place))
            else:
                spec.append(("pick", len(inputs)))
                inputs.append(item)
        rests = spec.count(("rest",))
        called = self._called(values[0], start, end)
        if called or rests > 1 or any(map(self.no_place, inputs[1:])):
            raise MistakeError("bad_index", self, inputs[1:], start, end, called=called)
        return self.mark(self.whole("index", tuple(inputs), (tuple(spec),)), start, end)

    def no_place(self, node: int) -> bool:
        """Say whether an index cannot be a place: it is a truth, or a number with decimals."""
        mask = self.graph.operations[self.plain(node)] in MASKS
        return mask or self.written_number(node) % 1 != 0

    def written_number(self, node: int) -> float:
        """Return the number that is written there; 0 for anything else."""
        found = self.literal(node)
        return found if isinstance(found, float) and found - found == 0 else 0

    def _called(self, node: int, start: int, end: int) -> bool:
        """Say whether what has an index is a function of another language, as Sin[x] is."""
        graph = self.graph
        name = str(graph.args.get(node, ""))
        known = name in self.bound or name in (self.scope.parameters or ())
        if known or graph.operations[node] != "variable" or not name[:1].isupper():
            return False
        from backpropcli.language.foreign.mathematica import is_call  # noqa: PLC0415 (it needs re)

        return is_call(name, self.source[start:end])

    def plain(self, node: int) -> int:
        """Return the node that a name stands for."""
        while self.graph.operations[node] == "name":
            [node] = self.graph.inputs[node]
        return node

    def rest(self, _values: list[Any], _start: int, _end: int) -> tuple[object, ...]:
        return ("rest",)

    def cut(self, values: list[Any], start: int, end: int) -> tuple[object, ...]:
        bounds = [None if part is None else self._bound(part) for part in values[::2]]
        wrong = [
            part
            for part in bounds
            if not (isinstance(part, int | Static | None) or hasattr(part, "letters"))
        ]
        if wrong or bounds[2:] == [0]:
            raise MistakeError("bad_slice", self, start, end, step=not wrong)
        return ("cut", *bounds, *[None] * (3 - len(bounds)))

    def _bound(self, node: int) -> object:
        """Return the bound of a slice: a whole number, or a size that names stand for."""
        found = self.literal(node)
        if found is not NotImplemented:
            return found
        from backpropcli.language.builder.static import measured  # noqa: PLC0415 (it needs this)

        return measured(self, node)

    def unbounded(self, _values: list[Any], _start: int, _end: int) -> None:
        return None

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
        known = NotImplemented not in values and depth <= DEEPEST
        return Literal(tuple(values) if known else NotImplemented, start, end, parts, depth)

    # What is static

    def static(self, part: object) -> object:
        """Return the literal that a part of a call is: a number, None, a string, or a tuple.

        NotImplemented for anything else. A whole number is an int.
        """
        if not isinstance(part, int):
            return part.value if isinstance(part, Literal) else NotImplemented
        if self.graph.operations[part] != "array":
            return self.literal(part)
        found = tuple([self._row(node) for node in self.graph.inputs[part]])
        return NotImplemented if NotImplemented in found else found

    def _row(self, node: int) -> object:
        """Return the literal that an element of an array is: a number, or numbers."""
        if self.graph.operations[node] != "array":
            return self.literal(node)
        found = tuple([self.literal(part) for part in self.graph.inputs[node]])
        return NotImplemented if NotImplemented in found else found

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
