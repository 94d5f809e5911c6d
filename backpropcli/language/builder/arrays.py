"""Builds arrays, their parts, and operations on whole arrays."""

from __future__ import annotations

from backpropcli.errors import MistakeError
from backpropcli.graph.statics import Static
from backpropcli.language.builder.literals import Literals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ATTRIBUTES = {"T": "transpose", "mT": "mT"}
MASKS = {"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"}
"""Operations whose values are true or false."""


class Arrays(Literals):
    """Builds expressions with arrays in them: one method for each alias in the grammar."""

    def whole(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an operation on whole arrays."""
        self.with_arrays()
        return self.graph.node(operation, inputs, arg)

    def with_arrays(self) -> None:
        """Let the graph have operations on whole arrays."""
        if "array" not in self.graph.table:
            from backpropcli.graph.arrays import ARRAYS

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
        from backpropcli.language.foreign.mathematica import is_function, is_mathematica

        return is_function(name) or is_mathematica(self.source[start:end])

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
        from backpropcli.language.builder.sizes import size

        return size(self, node)

    def unbounded(self, _values: list[Any], _start: int, _end: int) -> None:
        return None
