r"""Operations on arrays in LaTeX, as books on matrix calculus have them.

X^\top, x^\top y, a \odot b for products element by element, \lVert x \rVert, X^{-1}, \mathbf{1}.
"""

from __future__ import annotations

from backpropcli.graph.arrays import ARRAYS
from backpropcli.language.unparse.arrays import literal
from backpropcli.render.latex.symbols import ADDED, ANY, ATOM, FACTOR, MULTIPLIED, RAISED, operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.render.latex.texts import Texts

    Part = str | tuple[int, int, bool]
    Written = tuple[int, list[Part]]
    Shapes = Callable[[int], Shape]

INDICES = "ijklmn"
SUMS = {"sum": r"\sum", "prod": r"\prod", "amax": r"\max", "amin": r"\min"}
ORDERS = {1: "1", 2: "2", float("inf"): r"\infty"}
CHAINS = ("mul", "matmul", "outer")
"""Operations that are written as factors side by side."""
PLAIN = {"array": r"\operatorname{array}", "lse": r"\operatorname{logsumexp}"}


class OfArrays:
    """Writes operations of the graph of ``texts``, whose nodes have shapes."""

    def __init__(self, texts: Texts, shape: Shapes) -> None:
        self.texts = texts
        self.graph = texts.graph
        self.shape = shape
        self.identity = r"\mathbf{I}" if "I" in texts.looks else "I"

    def _base(self, node: int, mark: str = "^") -> Part:
        """Return what gets an exponent, or an index: in parentheses if it has one already."""
        short = self.texts.short.get(node, "")
        if self.graph.operations[node] in {"eye", "ones", "zeros"}:  # they have their size below
            return node, ATOM + (mark == "_"), False
        if not short and self._is_call(node):
            return node, RAISED, False
        return node, ATOM + (mark in short or r"\frac" in short), False

    def _is_call(self, node: int) -> bool:
        """Say whether a node is written with parentheses, or bars, around its inputs."""
        operation = self.graph.operations[node]
        if operation in {"norm", "logdet"}:
            return True
        row = self.graph.table.get(operation)
        if row is None or row.infix or operation in SUMS or hasattr(self, f"_{operation}"):
            return False
        return row.latex is None or "#" not in row.latex.text

    def written(self, number: int) -> Written | None:
        """Return how tightly a node binds, and its parts; None where numbers are written so too."""
        graph = self.graph
        operation, inputs = graph.operations[number], graph.inputs[number]
        arg: Any = self._static(number)
        if operation in {"mul", "div", "pow"}:
            return self._elementwise(operation, inputs)
        if operation not in ARRAYS:
            return None
        name = f"_{operation}"
        if self._is_matrix_turned(number):
            return self._turned(inputs[0])
        if operation in SUMS:
            return self._reduced(operation, inputs[0], arg)
        if method := getattr(self, name, None):
            found: Written | None = method(inputs, arg)
            return found
        return None if ARRAYS[operation].latex is not None and not arg else self._call(number)

    def _static(self, node: int) -> object:
        args = self.graph.args
        return args.get(node) if isinstance(args, dict) else args[node]

    def _elementwise(self, operation: str, inputs: tuple[int, ...]) -> Written | None:
        one, other = inputs
        first, second = bool(self.shape(one)), bool(self.shape(other))
        if operation == "pow":
            return (
                (RAISED, [self._base(one), r"^{\odot ", (other, RAISED, True), "}"])
                if first
                else None
            )
        if second and (first or operation == "div"):
            sign = r" \odot " if operation == "mul" else r" \oslash "
            return MULTIPLIED, [(one, self._apart(one), False), sign, (other, FACTOR, False)]
        if second:
            return self._scaled(one, other)
        if operation == "div" and first and self.graph.operations[one] in CHAINS:
            return MULTIPLIED, [r"\frac{1}{", (other, ANY, True), r"}\,", (one, MULTIPLIED, False)]
        return None

    def _scaled(self, number: int, array: int) -> Written | None:
        """Return a product of matrices with a number in front, without parentheses."""
        if array in self.texts.short or self.graph.operations[array] not in CHAINS[1:]:
            return None
        level = ADDED if self.texts.begins(number) == "-" else MULTIPLIED
        return level, [(number, level, False), r"\,", (array, MULTIPLIED, False)]

    def _apart(self, node: int) -> int:
        """Return how tightly the left side of a product element by element has to bind."""
        operation, inputs = self.graph.operations[node], self.graph.inputs[node]
        return MULTIPLIED if operation == "mul" and not self.shape(inputs[0]) else FACTOR

    def _beside(self, node: int) -> int:
        """Return how tightly the left side of a product of matrices has to bind."""
        operation, inputs = self.graph.operations[node], self.graph.inputs[node]
        if operation == "div" or (operation == "mul" and all(map(self.shape, inputs))):
            return FACTOR
        return MULTIPLIED

    def _matmul(self, inputs: tuple[int, ...], _arg: object) -> Written:
        one, other = inputs
        if len(self.shape(one)) != 1:
            minus = self.texts.begins(one) == "-"
            level, wanted = (ADDED, ADDED) if minus else (MULTIPLIED, self._beside(one))
            return level, [(one, wanted, False), r"\,", (other, FACTOR, False)]
        if len(self.shape(other)) == 1:
            return MULTIPLIED, [self._base(one), r"^\top ", (other, FACTOR, False)]
        return MULTIPLIED, [*self._turned(other)[1], r"\,", (one, FACTOR, False)]

    def _outer(self, inputs: tuple[int, ...], _arg: object) -> Written:
        one, other = inputs
        return MULTIPLIED, [(one, FACTOR, False), r"\,", self._base(other), r"^\top"]

    def _is_matrix_turned(self, node: int) -> bool:
        operation = self.graph.operations[node]
        return operation == "mT" or (operation == "transpose" and self._static(node) == (None,))

    def _turned(self, node: int) -> Written:
        operations, inputs = self.graph.operations, self.graph.inputs
        if operations[node] == "inv":
            return RAISED, [self._base(inputs[node][0]), r"^{-\top}"]
        if self._is_matrix_turned(node):
            return ATOM, [self._base(inputs[node][0])]
        return RAISED, [self._base(node), r"^\top"]

    def _reduced(self, operation: str, node: int, arg: Sequence[Any]) -> Written:
        r"""Return a sum with its index: \sum_i x_i, or \sum_i X_{i,:} along an axis."""
        axis, _ = arg
        count = len(self.shape(node))
        axes = range(count) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        gone = {one % count for one in axes} if count else set()
        names = iter(INDICES)
        places = [next(names, "n") if at in gone else ":" for at in range(count)]
        over = ",".join(one for one in places if one != ":")
        head = SUMS[operation]
        return MULTIPLIED, [
            f"{head}_{{{over}}} ",
            self._base(node, "_"),
            f"_{{{','.join(places)}}}",
        ]

    def _norm(self, inputs: tuple[int, ...], arg: Sequence[Any]) -> Written | None:
        order, axis, _ = arg
        if axis is not None:
            return None
        matrix = len(self.shape(inputs[0])) > 1
        sign = ORDERS.get(order, literal(order)) if order != 2 or not matrix else "F"  # noqa: PLR2004
        return RAISED, [r"\left\lVert ", (inputs[0], ANY, False), rf"\right\rVert_{{{sign}}}"]

    def _logdet(self, inputs: tuple[int, ...], _arg: object) -> Written:
        return RAISED, [r"\log\det\left(", (inputs[0], ANY, False), r"\right)"]

    def _solve(self, inputs: tuple[int, ...], _arg: object) -> Written:
        turned = self._is_matrix_turned(inputs[0])
        base = self.graph.inputs[inputs[0]][0] if turned else inputs[0]
        power = r"^{-\top}" if turned else "^{-1}"
        return MULTIPLIED, [self._base(base), power, r"\,", (inputs[1], FACTOR, False)]

    def _ones(self, _inputs: object, arg: Sequence[Any]) -> Written:
        return ATOM, [rf"\mathbf{{1}}_{{{_sizes(arg[0])}}}"]

    def _zeros(self, _inputs: object, arg: Sequence[Any]) -> Written:
        return ATOM, [rf"\mathbf{{0}}_{{{_sizes(arg[0])}}}"]

    def _eye(self, _inputs: object, arg: Sequence[Any]) -> Written:
        sizes = arg[:1] if arg[1] is None else arg
        return ATOM, [rf"{self.identity}_{{{_sizes(sizes)}}}"]

    def _array(self, inputs: tuple[int, ...], _arg: object) -> Written:
        """Return a literal as a column, or a matrix of its rows."""
        operations = self.graph.operations
        rows = all(operations[row] == "array" for row in inputs)
        parts: list[Part] = [r"\begin{pmatrix} "]
        for at, row in enumerate(inputs):
            parts += [r" \\ "] * (at > 0)
            for place, node in enumerate(self.graph.inputs[row] if rows else (row,)):
                parts += [" & "] * (place > 0) + [(node, ANY, False)]
        return ATOM, [*parts, r" \end{pmatrix}"]

    def _index(self, inputs: tuple[int, ...], arg: Sequence[Any]) -> Written:
        parts: list[Part] = [self._base(inputs[0], "_"), "_{"]
        for at, (kind, *facts) in enumerate(arg[0]):
            parts += [","] * (at > 0)
            if kind == "pick":
                parts.append((inputs[facts[0]], ANY, True))
            elif kind == "cut":
                start, stop, step = ("" if fact is None else str(fact) for fact in facts)
                parts.append(f"{start}:{stop}" + (f":{step}" if step else ""))
            else:
                parts.append({"new": r"\ast", "rest": r"\ldots"}.get(kind) or str(facts[0]))
        return RAISED, [*parts, "}"]

    def _call(self, number: int) -> Written:
        """Return a call, with what is static in it where that is not the default."""
        operation, inputs = self.graph.operations[number], self.graph.inputs[number]
        row = ARRAYS[operation]
        arg: Any = self._static(number)
        parts: list[Part] = [PLAIN.get(operation) or operator(row.shown), r"\left("]
        told: list[list[Part]] = [[(child, ANY, False)] for child in inputs]
        for (key, default), value in zip(row.static.items(), arg or (), strict=False):
            if literal(value) != default:
                name = "" if operation == "arange" else rf"\mathrm{{{_plain(key)}}}="
                told.append([f"{name}{_plain(literal(value))}"])
        for at, piece in enumerate(told):
            parts += [r",\,"] * (at > 0) + piece
        return RAISED, [*parts, r"\right)"]


def _sizes(shape: Sequence[object]) -> str:
    return r" \times ".join(map(str, shape))


def _plain(text: str) -> str:
    """Return a text of the language for math mode."""
    if text[:1] in {'"', "'"}:
        return rf"\texttt{{{text[1:-1]}}}".replace("->", r"$\to$")
    return text.replace("_", r"\_").replace(" ", "")
