"""Builds arrays, their parts, and calls of operations on whole arrays."""

from __future__ import annotations

from backpropcli.graph.row import Static
from backpropcli.language.builder.expressions import Expressions
from backpropcli.language.builder.static import (
    DEEPEST,
    SETTINGS,
    TUPLES,
    Keyword,
    Literal,
    canonical,
    default,
    kind_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.row import Row

NONE = "None"
ATTRIBUTES = {"T": "transpose", "mT": "mT"}
MASKS = {"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"}
"""Operations whose values are true or false."""


class Arrays(Expressions):
    """Builds expressions with arrays in them: one method for each alias in the grammar."""

    def whole(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an operation on whole arrays."""
        if operation not in self.graph.table:
            from backpropcli.graph.arrays import ARRAYS  # noqa: PLC0415 (not for scalars)

            self.graph.define(ARRAYS)
        return self.graph.node(operation, inputs, arg)

    # What the grammar calls

    def matmul(self, values: list[Any], start: int, end: int) -> int:
        return self.mark(self.whole("matmul", (values[0], values[2])), start, end)

    def array(self, values: list[Any], start: int, end: int) -> int:
        return self.mark(self.whole("array", tuple(values[1])), start, end)

    def array_empty(self, _values: list[Any], start: int, end: int) -> int:
        from backpropcli.language.mistakes import empty_array  # noqa: PLC0415 (a mistake)

        raise empty_array(self, start, end)

    def attribute(self, values: list[Any], start: int, end: int) -> int:
        operation = ATTRIBUTES.get(values[2])
        if operation is None:
            from backpropcli.language.mistakes import bad_attribute  # noqa: PLC0415 (a mistake)

            raise bad_attribute(self, values[2], start, end)
        arg = (None,) if operation == "transpose" else None
        return self.mark(self.whole(operation, (values[0],), arg), start, end)

    def index(self, values: list[Any], start: int, end: int) -> int:
        spec: list[tuple[object, ...]] = []
        inputs = [values[0]]
        for item in values[2]:
            if isinstance(item, tuple):
                spec.append(item)
                continue
            place = self._literal(item)
            if place is None:
                spec.append(("new",))
            elif isinstance(place, int):
                spec.append(("at", place))
            else:
                spec.append(("pick", len(inputs)))
                inputs.append(item)
        rests = spec.count(("rest",))
        if rests > 1 or any(map(self._no_place, inputs[1:])) or self._call(values[0]):
            from backpropcli.language.mistakes import bad_index  # noqa: PLC0415 (it may be one)

            if error := bad_index(self, inputs, rests, start, end):
                raise error
        return self.mark(self.whole("index", tuple(inputs), (tuple(spec),)), start, end)

    def _no_place(self, node: int) -> bool:
        """Say whether an index cannot be a place: it is a truth, or a number with decimals."""
        return self.graph.operations[self.plain(node)] in MASKS | {"number", "neg"}

    def _call(self, node: int) -> bool:
        """Say whether what has an index may be a function of another language, as Sin[x] is."""
        graph = self.graph
        name = str(graph.args.get(node, ""))
        known = name in self.bound or name in (self.scope.parameters or ())
        return graph.operations[node] == "variable" and name[:1].isupper() and not known

    def plain(self, node: int) -> int:
        """Return the node that a name stands for."""
        while self.graph.operations[node] == "name":
            [node] = self.graph.inputs[node]
        return node

    def rest(self, _values: list[Any], _start: int, _end: int) -> tuple[object, ...]:
        return ("rest",)

    def cut(self, values: list[Any], start: int, end: int) -> tuple[object, ...]:
        bounds = [None if part is None else self._literal(part) for part in values[::2]]
        wrong = [part for part in bounds if not isinstance(part, int | Static | None)]
        if wrong or bounds[2:] == [0]:
            from backpropcli.language.mistakes import bad_slice  # noqa: PLC0415 (a mistake)

            raise bad_slice(self, start, end, step=not wrong)
        return ("cut", *bounds, *[None] * (3 - len(bounds)))

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
        return self._tuple(values[1], start, end)

    def string(self, values: list[Any], start: int, end: int) -> Literal:
        return Literal(values[0][1:-1], start, end)

    def tuple_several(self, values: list[Any], start: int, end: int) -> Literal:
        return self._tuple([values[1], *values[3]], start, end)

    def tuple_one(self, values: list[Any], start: int, end: int) -> Literal:
        return self._tuple([values[1]], start, end)

    def _tuple(self, parts: list[Any], start: int, end: int) -> Literal:
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
            return self._literal(part)
        found = tuple([self._row(node) for node in self.graph.inputs[part]])
        return NotImplemented if NotImplemented in found else found

    def _row(self, node: int) -> object:
        """Return the literal that an element of an array is: a number, or numbers."""
        if self.graph.operations[node] != "array":
            return self._literal(node)
        found = tuple([self._literal(part) for part in self.graph.inputs[node]])
        return NotImplemented if NotImplemented in found else found

    def _literal(self, node: int) -> object:
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

    def settle(
        self, row: Row, name: str, given: list[Any], start: int, end: int
    ) -> tuple[tuple[int, ...], tuple[object, ...] | None]:
        """Return the inputs of a call, and what is static in it.

        Raises SourceError where they do not fit the operation.
        """
        settings: dict[str, Any] = {}
        for part in given:
            if isinstance(part, Keyword):
                if part.key not in row.static or part.key in settings:
                    from backpropcli.language.mistakes import bad_keyword  # noqa: PLC0415 (a mistake)

                    raise bad_keyword(self, row, name, part, twice=part.key in settings)
                settings[part.key] = part.setting
        inputs, placed = self._placed(row, given, [*settings])
        free = [key for key in row.positional if key not in settings]
        if len(placed) > len(free) or any(not isinstance(part, int) for part in inputs):
            from backpropcli.language.mistakes import bad_argument  # noqa: PLC0415 (a mistake)

            raise bad_argument(self, row, name, given, start, end)
        if not row.accepts(len(inputs)):
            from backpropcli.language.mistakes import wrong_count  # noqa: PLC0415 (a mistake)

            raise wrong_count(self, row, name, len(inputs), start, end)
        settings |= dict(zip(free, placed, strict=False))
        arg = []
        for key, written in row.static.items():
            part = settings.get(key)
            value = self.static(part) if part is not None else default(written) if written else None
            value = canonical(key, value)
            usual = isinstance(value, Static) or (value is None and written == NONE)
            fits = usual or kind_of(row, key).test(value)
            if not fits or (part is None and not written):
                from backpropcli.language.mistakes import bad_setting  # noqa: PLC0415 (a mistake)

                raise bad_setting(self, row, name, key, settings, start, end)
            arg.append(value)
        return tuple(inputs), tuple(arg) if row.static else None

    def _placed(self, row: Row, given: list[Any], named: list[str]) -> tuple[list[Any], list[Any]]:
        """Return what stands by position: inputs, and settings."""
        from backpropcli.graph.arrays import JOINS  # noqa: PLC0415 (not for scalars)

        parts = [part for part in given if not isinstance(part, Keyword)]
        if not row.variadic:
            count = len(row.parameters)
            inputs, placed = parts[:count], parts[count:]
            free = [key for key in row.positional if key not in named]
            if free[:1] and free[0] in TUPLES and len(placed) > 1:
                placed = [self._tuple(placed, 0, 0)]  # reshape(x, 2, 3)
            return inputs, placed
        count = sum(not row.static[key] for key in row.positional if key not in named)
        placed, inputs = parts[:count], parts[count:]
        if len(inputs) == 1 and row.name in JOINS:
            inputs = self._joined(inputs[0])
        return inputs, placed

    def _joined(self, part: Any) -> list[Any]:  # noqa: ANN401 (a node, or a Literal)
        """Return the arrays in a list or tuple that stands alone."""
        if isinstance(part, Literal):
            return [part] if part.parts is None else [*part.parts]
        return [*self.graph.inputs[part]] if self.graph.operations[part] == "array" else [part]
