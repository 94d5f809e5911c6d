"""Builds arrays, their parts, and what is static in operations on them: axes, sizes, subscripts."""

from __future__ import annotations

from backpropcli.graph.row import Static
from backpropcli.language.builder.expressions import Expressions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.row import Row

NONE = "None"
SETTINGS = {"True": True, "true": True, "False": False, "false": False, NONE: None}
"""What names stand for in a keyword's setting."""
SPELLED = {
    "dim": "axis",
    "keepdim": "keepdims",
    "dims": "axes",
    "size": "shape",
    "correction": "ddof",
}
"""Other names of keywords: PyTorch's."""
ATTRIBUTES = {"T": "transpose", "mT": "mT"}


class Keyword:
    """A keyword with its setting, as in ``axis=1``."""

    __slots__ = ("end", "name", "setting", "start")

    def __init__(self, name: str, setting: object, start: int, end: int) -> None:
        self.name = name
        self.setting = setting
        self.start = start
        self.end = end


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
        elements = [self.element(part, start, end) for part in values[1]]
        return self.mark(self.whole("array", tuple(elements)), start, end)

    def element(self, part: object, start: int, end: int) -> int:
        """Return the node of an element of an array. Raises SourceError for what is static."""
        if isinstance(part, int):
            return part
        raise self.error("the elements of an array are expressions", start, end, "write [1, 2, 3]")

    def array_empty(self, _values: list[Any], start: int, end: int) -> int:
        raise self.error("an array has at least one element", start, end, "write [1, 2, 3]")

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
            whole = self.static(item)
            if isinstance(whole, int) and not isinstance(whole, bool):
                spec.append(("at", whole))
            elif whole is None:
                spec.append(("new",))
            else:
                spec.append(("pick", len(inputs)))
                inputs.append(item)
        return self.mark(self.whole("index", tuple(inputs), (tuple(spec),)), start, end)

    def rest(self, _values: list[Any], _start: int, _end: int) -> tuple[object, ...]:
        return ("rest",)

    def slice(self, values: list[Any], start: int, end: int) -> tuple[object, ...]:
        bounds = [self._bound(part, start, end) for part in values[::2]]
        return ("cut", *bounds, *[None] * (3 - len(bounds)))

    def _bound(self, part: int | None, start: int, end: int) -> object:
        if part is None:
            return None
        found = self.static(part)
        if isinstance(found, int | Static) or found is None:
            return found
        raise self.error("the bounds of a slice are whole numbers", start, end, "write x[1:3]")

    def bound(self, values: list[Any], _start: int, _end: int) -> int:
        return int(values[0])

    def unbounded(self, _values: list[Any], _start: int, _end: int) -> None:
        return None

    def keyword(self, values: list[Any], start: int, end: int) -> Keyword:
        return Keyword(SPELLED.get(values[0], values[0]), self.static(values[2]), start, end)

    def setting_name(self, values: list[Any], start: int, end: int) -> Any:  # noqa: ANN401
        name = values[0]
        if name in SETTINGS:
            return [SETTINGS[name]]
        if name == "inf":
            return [float("inf")]
        if self.helpers:
            return [Static(name)]
        raise self.error(
            f"a keyword's setting is a number, and '{name}' is a name",
            start, end, "write the number itself: shapes do not depend on values",
        )  # fmt: skip

    def setting_tuple(self, values: list[Any], _start: int, _end: int) -> list[Any]:
        return [tuple(self.static(part) for part in values[1])]

    def string(self, values: list[Any], _start: int, _end: int) -> list[str]:
        return [values[0][1:-1]]

    def tuple(self, values: list[Any], _start: int, _end: int) -> list[Any]:
        return [tuple(self.static(part) for part in [values[1], *values[3]])]

    def tuple_one(self, values: list[Any], _start: int, _end: int) -> list[Any]:
        return [(self.static(values[1]),)]

    # What is static

    def static(self, node: Any) -> object:  # noqa: ANN401 (or what is static already)
        """Return the literal that a node is: a number, None, or a tuple of them.

        NotImplemented for anything else. A whole number is an int.
        """
        if not isinstance(node, int):
            return _plain(node)
        graph, sign = self.graph, 1
        operation, arg = graph.operations[node], graph.args.get(node)
        if operation == "neg":
            [node] = graph.inputs[node]
            operation, arg, sign = graph.operations[node], graph.args.get(node), -1
        if operation == "number":
            value = float(str(arg))
            return sign * (int(value) if value.is_integer() else value)
        if operation == "constant" and arg in {"inf", NONE}:
            return None if arg == NONE else sign * float("inf")
        if operation == "variable" and self.helpers:
            return Static(str(arg)) if sign > 0 else NotImplemented
        if operation == "array" and sign > 0:
            parts = tuple(self.static(part) for part in graph.inputs[node])
            return NotImplemented if NotImplemented in parts else parts
        return NotImplemented

    def settle(
        self, row: Row, name: str, given: list[Any], start: int, end: int
    ) -> tuple[tuple[int, ...], tuple[object, ...] | None]:
        """Return the inputs of a call, and what is static in it.

        Raises SourceError where they do not fit the operation.
        """
        from backpropcli.language.mistakes import bad_keyword, bad_static  # noqa: PLC0415 (small)

        keywords = {part.name: part for part in given if isinstance(part, Keyword)}
        positional = [part for part in given if not isinstance(part, Keyword)]
        strings = [part for part in positional if isinstance(part, list)]
        found: dict[str, object] = {}
        wanted = [key for key, default in row.static.items() if not default]
        if "subscripts" in row.static and strings and positional[0] is strings[0]:
            found["subscripts"] = _plain(positional.pop(0))
        inputs = positional
        if not row.variadic:
            inputs, more = positional[: len(row.parameters)], positional[len(row.parameters) :]
            free = [key for key in wanted if key not in keywords]
            free += [key for key in _POSITIONAL.get(row.name, ()) if key not in keywords]
            if "shape" in free and len(more) > 1:
                more = [[tuple(self.static(part) for part in more)]]
            for key, part in zip(free, more, strict=False):
                found[key] = self.static(part)
            if len(more) > len(free):
                raise bad_static(self, row, name, more[len(free)], start, end)
        for key, keyword in keywords.items():
            if key not in row.static or key in found:
                raise bad_keyword(self, row, name, keyword)
            found[key] = keyword.setting
        for key, default in row.static.items():
            if key not in found and default:
                found[key] = _default(default)
        arg = tuple(_canonical(key, found.get(key, NotImplemented)) for key in row.static)
        if any(part is NotImplemented for part in arg) or any(
            not isinstance(part, int) for part in inputs
        ):
            raise bad_static(self, row, name, None, start, end)
        return tuple(inputs), arg if row.static else None


_POSITIONAL = {
    "flip": ("axis",), "roll": ("axis",), "repeat": ("axis",), "squeeze": ("axis",),
    "transpose": ("axes",), "eye": ("m",), "arange": ("stop", "step"), "tril": ("k",),
    "triu": ("k",), "expand_dims": ("axis",), "in_order": ("axis",), "split": ("axis",),
}  # fmt: skip
"""What has a default and may be given by position all the same, as in NumPy."""
SIZES = {"shape", "reps"}
"""What is a tuple, even of one number."""


def _plain(setting: Any) -> Any:  # noqa: ANN401
    """Return a setting without the list that tells it from a node."""
    return setting[0] if isinstance(setting, list) else setting


def _default(text: str) -> object:
    return SETTINGS[text] if text in SETTINGS else float(text) if "." in text else int(text)


def _canonical(key: str, setting: object) -> object:
    """Return a setting in the one form in which a node holds it."""
    if key in {"keepdims", "lower"} and setting in {0, 1}:
        return bool(setting)
    if key in SIZES and isinstance(setting, int):
        return (setting,)
    if isinstance(setting, tuple) and any(part is NotImplemented for part in setting):
        return NotImplemented
    return setting
