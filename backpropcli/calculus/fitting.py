"""The shapes of a program's nodes, found before any number; and what does not fit, in words."""

from __future__ import annotations

from backpropcli.arithmetics import shapes
from backpropcli.arithmetics.rules import word
from backpropcli.arithmetics.shapes import MisfitError
from backpropcli.arithmetics.sizes import text
from backpropcli.errors import SourceError
from backpropcli.graph.graph import LEAVES, Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from backpropcli.arithmetics.shapes import Shape
    from backpropcli.calculus.lower import Lowered

    Given = Mapping[str, Shape]

NEW = ("new",)


class Misfit(Exception):  # noqa: N818 (it is no error yet)
    """A node whose inputs do not fit: ``known`` are the shapes of the nodes before it."""

    def __init__(self, node: int, reason: str, known: list[Shape]) -> None:
        super().__init__(reason)
        self.node = node
        self.reason = reason
        self.known = known


def node_shapes(graph: Graph, given: Given) -> list[Shape]:
    """Return the shape of every node, whose variables have the shapes ``given``.

    Raises Misfit at the first node that does not fit.
    """
    words: dict[str, Callable[..., Shape]] = {}
    found: list[Shape] = []
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if operation in LEAVES:
            is_variable = operation == "variable"
            found.append(given.get(str(graph.args[number]), ()) if is_variable else ())
            continue
        function = words.get(operation)
        if function is None:
            function = words[operation] = word(graph.table[operation], shapes)
        static = {"arg": graph.args[number]} if graph.table[operation].static else {}
        try:
            found.append(function(*[found[child] for child in inputs], **static))
        except MisfitError as error:
            raise Misfit(number, error.reason, found) from None
    return found


def fitting(lowered: Lowered, given: Given, origins: Mapping[str, str]) -> list[str]:
    """Return notes on the shapes of a program whose variables have the shapes ``given``.

    ``origins`` says where values are from. Raises SourceError where shapes do not fit.
    """
    try:
        known = node_shapes(lowered.graph, given)
    except Misfit as misfit:
        raise _explained(lowered, misfit, given, origins) from None
    return [*_each_with_each(lowered, known), *_left_to_right(lowered, known)]


def _explained(
    lowered: Lowered, misfit: Misfit, given: Given, origins: Mapping[str, str]
) -> SourceError:
    """Return the error: what does not fit and why, where its parts are from, what would fit."""
    program, graph, node = lowered.program, lowered.graph, misfit.node
    surface = lowered.owners[node]
    start, end = program.starts[surface], program.ends[surface]
    rows = []
    for child in dict.fromkeys(graph.inputs[node]):
        name = str(graph.args[child]) if graph.operations[child] == "variable" else ""
        origin = f"from {origins[name]}" if name in origins else ""
        rows.append((lowered.text(child, 30), text(misfit.known[child]), origin))
    widths = [max(len(row[at]) for row in rows) for at in range(2)]
    told = [
        f"  {one.ljust(widths[0])}  {shape.ljust(widths[1])}  {origin}".rstrip()
        for one, shape, origin in rows
    ]
    mends = list(dict.fromkeys(_mends(lowered, misfit, given)))
    hint = "\n".join([*told, *([_listed(mends)] if mends else [])])
    return SourceError(
        f"{lowered.text(node, 40)} does not fit: {misfit.reason}",
        program.source, start, end, hint, program.origin,
    )  # fmt: skip


def _listed(mends: list[str]) -> str:
    head = f"{', '.join(mends[:-1])} and {mends[-1]}" if len(mends) > 1 else mends[0]
    return f"{head} would fit"


def _mends(lowered: Lowered, misfit: Misfit, given: Given) -> Iterator[str]:
    """Yield what could be written in place of the operation, so that the whole program fits."""
    graph, node = lowered.graph, misfit.node
    inputs = graph.inputs[node]
    if len(inputs) != 2:  # noqa: PLR2004 (operators)
        return
    operation = graph.operations[node]
    row = graph.table[operation]
    left, right = inputs
    sign = f" {row.infix} " if row.infix in {"+", "-"} else row.infix
    for one, mended in _turned(graph, left, misfit.known[left]):
        for other, also in _turned(graph, right, misfit.known[right]):
            if one == other == "":
                continue
            texts = _atom(lowered, left) + one, _atom(lowered, right) + other
            if _fits(graph, node, operation, (mended, also), given):
                said = f"{texts[0]}{sign}{texts[1]}" if sign else f"{row.shown}({', '.join(texts)})"
                yield said
    if operation == "matmul":
        plain = _atom(lowered, left), _atom(lowered, right)
        if _fits(graph, node, "matmul", ((right, None), (left, None)), given):
            yield f"{plain[1]}@{plain[0]}"
        if _fits(graph, node, "mul", ((left, None), (right, None)), given):
            yield f"{plain[0]}*{plain[1]}"


def _turned(graph: Graph, node: int, shape: Shape) -> Iterator[tuple[str, tuple[int, object]]]:
    """Yield ways to turn an operand: what is written behind it, and the operation's arg."""
    del graph
    yield "", (node, None)
    whole = ("cut", None, None, None)
    if len(shape) == 2:  # noqa: PLR2004 (a matrix)
        yield ".T", (node, ("transpose", (None,)))
        if shape[1] == 1:
            yield "[:, 0]", (node, ("index", ((whole, ("at", 0)),)))
    if len(shape) == 1:
        yield "[:, None]", (node, ("index", ((whole, NEW),)))


def _fits(
    graph: Graph,
    node: int,
    operation: str,
    parts: tuple[tuple[int, object], tuple[int, object]],
    given: Given,
) -> bool:
    """Say whether the whole program fits with another operation in a node's place."""
    from backpropcli.graph.arrays import TABLE_OF_ARRAYS  # noqa: PLC0415 (on a mistake)

    other = Graph(TABLE_OF_ARRAYS | graph.table)
    places: list[int] = []
    for number, (name, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if number != node:
            children = tuple([places[child] for child in inputs])
            places.append(other.node(name, children, graph.args.get(number)))
            continue
        mended = []
        for child, turn in parts:
            place = places[child]
            if isinstance(turn, tuple):
                place = other.node(turn[0], (place,), turn[1])
            mended.append(place)
        places.append(other.node(operation, tuple(mended), graph.args.get(number)))
    try:
        known = node_shapes(other, given)
    except Misfit:
        return False
    return not any(_grows(other, known, number) for number in range(len(other)))


def _atom(lowered: Lowered, node: int) -> str:
    """Return a node's text, in parentheses where it is more than a name or a call."""
    said = lowered.text(node, 30)
    return said if said.isidentifier() or said.endswith(")") and said[0].isalpha() else f"({said})"


def _each_with_each(lowered: Lowered, known: list[Shape]) -> Iterator[str]:
    """Yield a note where both sides of an operation grow, and neither asks for it by None."""
    graph = lowered.graph
    for number, (operation, inputs) in enumerate(zip(graph.operations, graph.inputs, strict=True)):
        if not _grows(graph, known, number) or any(map(_asked(graph), inputs)):
            continue
        row, out = graph.table[operation], known[number]
        one, other = (known[child] for child in inputs)
        left, right = (lowered.text(child, 20) for child in inputs)
        note = (
            f"{left} ({text(one)}) {row.infix} {right} ({text(other)}) is {text(out)}: "
            "each with each"
        )
        if len(one) == 2 and one[1] == 1:  # noqa: PLR2004 (a column)
            note += f"; for pairs write {_atom(lowered, inputs[0])}[:, 0] {row.infix} {right}"
        elif len(other) == 2 and other[1] == 1:  # noqa: PLR2004
            note += f"; for pairs write {left} {row.infix} {_atom(lowered, inputs[1])}[:, 0]"
        yield note


def _grows(graph: Graph, known: list[Shape], node: int) -> bool:
    """Say whether an elementwise operation of two arrays has a shape that neither has."""
    row = graph.table.get(graph.operations[node])
    if row is None or row.infix in {None, "@"} or len(graph.inputs[node]) != 2:  # noqa: PLR2004
        return False
    one, other = (known[child] for child in graph.inputs[node])
    return bool(one and other) and known[node] not in {one, other}


def _asked(graph: Graph) -> Callable[[int], bool]:
    """Return what says whether a node has an axis that was written as None."""

    def found(node: int) -> bool:
        arg = graph.args.get(node)
        return graph.operations[node] in {"index", "expand_dims", "outer"} and NEW in (
            arg[0] if isinstance(arg, tuple) and isinstance(arg[0], tuple) else (NEW,)
        )

    return found


def _left_to_right(lowered: Lowered, known: list[Shape]) -> Iterator[str]:
    """Yield a note where y*A@x is (y*A)@x, and y is a vector."""
    graph = lowered.graph
    for number, operation in enumerate(graph.operations):
        if operation != "matmul":
            continue
        left, right = graph.inputs[number]
        if graph.operations[left] != "mul":
            continue
        first, second = graph.inputs[left]
        said = lowered.text(number, 40)
        if len(known[first]) == 1 and len(known[second]) == 2 and not said.startswith("("):  # noqa: PLR2004
            yield (
                f"{said} is ({lowered.text(left, 20)})@{lowered.text(right, 20)}: "
                "* and @ go from left to right"
            )
