"""The shapes of a program's nodes, found before any number."""

from __future__ import annotations

from math import prod

from backpropcli.arithmetics import shapes
from backpropcli.arithmetics.rules import bound, instance, word
from backpropcli.arithmetics.shapes import MisfitError
from backpropcli.arithmetics.sizes import amount, text
from backpropcli.graph.graph import LEAVES, Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backpropcli.arithmetics.shapes import Shape
    from backpropcli.calculus.lower import Lowered
    from backpropcli.calculus.records import Derived

    Given = Mapping[str, Shape]

NEW = ("new",)
MOST_AXES = 64
"""As many as NumPy's arrays have."""
SIZE = 8
"""Bytes of a double."""
VIEWS = {
    "broadcast_to", "spread", "transpose", "mT", "swapaxes", "moveaxis", "reshape", "rows",
    "shaped", "kept", "squeeze", "expand_dims", "index", "flip", "diag", "name", "result",
}  # fmt: skip
"""Operations that may give another look at the same numbers."""


class Misfit(Exception):  # noqa: N818 (it is no error yet)
    """A node whose inputs do not fit: ``known`` are the shapes of the nodes before it.

    ``reason`` says of it what is wrong, and ``about`` in which keyword or item. It may be in what
    an operation stands for (``derived``). Other ``shapes`` may fit.
    """

    def __init__(
        self,
        node: int,
        reason: str,
        known: list[Shape],
        about: str | int = "",
        *,
        shapes: bool = False,
    ) -> None:
        super().__init__(reason)
        self.node = node
        self.reason = reason
        self.known = known
        self.about = about
        self.shapes = shapes
        self.hint = ""
        self.derived: Derived | None = None


def node_shapes(graph: Graph, given: Given, found: list[Shape] | None = None) -> list[Shape]:
    """Return the shape of every node, whose variables have the shapes ``given``.

    ``found`` takes them in; it may have those of the first nodes. Raises Misfit at the first node
    that does not fit or is empty.
    """
    words: dict[str, Callable[..., Shape]] = {}
    found = [] if found is None else found
    for number in range(len(found), len(graph)):
        operation, inputs = graph.operations[number], graph.inputs[number]
        if operation in LEAVES:
            is_variable = operation == "variable"
            found.append(given.get(str(graph.args[number]), ()) if is_variable else ())
            continue
        function = words.get(operation)
        if function is None:
            function = words[operation] = word(graph.table[operation], shapes)
        static = {"arg": graph.args[number]} if graph.table[operation].static else {}
        try:
            shape = function(*[found[child] for child in inputs], **static)
        except MisfitError as error:
            reason = f"does not fit: {error.reason}"
            raise Misfit(number, reason, found, error.about, shapes=True) from None
        if 0 in shape:
            misfit = Misfit(number, f"is empty ({text(shape)})", found)
            misfit.hint = "an array has at least one element"
            raise misfit
        if len(shape) > MOST_AXES:
            why = f"has {len(shape)} axes, and an array has at most {MOST_AXES}"
            raise Misfit(number, why, found)
        found.append(shape)
    return found


def _small_enough(graph: Graph, known: list[Shape]) -> None:
    """Raise Misfit at the node by which values take more memory than there is."""
    memory, has = _memory()
    total = 0
    for number, (operation, shape) in enumerate(zip(graph.operations, known, strict=True)):
        sizes = [size for size in shape if isinstance(size, int)]
        if shape and operation not in VIEWS and len(sizes) == len(shape):
            own = SIZE * prod(sizes)
            total += own
            if total > memory:
                takes = f"takes {amount(own)}"
                if total > own:
                    takes += f" ({amount(total)} with those before it)"
                why = f"is too large: {text(shape)} {takes}, and {has.format(amount(memory))}"
                raise Misfit(number, why, known)


def _memory() -> tuple[float, str]:
    """Return how many bytes of memory there are, and how that is told; inf where nothing says."""
    import os  # noqa: PLC0415 (only with arrays)

    found = [(float("inf"), "")]
    try:
        found.append((_free(), "this machine has {} free"))
    except (OSError, ValueError, StopIteration):
        try:
            own = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
            found.append((own, "this machine has {}"))
        except (AttributeError, ValueError, OSError):
            pass
    try:
        import resource  # noqa: PLC0415 (not on every system)

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            found.append((limit, "this process may take {}"))
    except ImportError:
        pass
    return min(found)


def _free() -> float:
    """Return how many bytes are free, as Linux tells it."""
    with open("/proc/meminfo", encoding="ascii") as lines:  # noqa: PTH123 (pathlib loads slowly)
        line = next(line for line in lines if line.startswith("MemAvailable:"))
    return 1024 * float(line.split()[1])


def fitted(lowered: Lowered, given: Given) -> list[Shape]:
    """Return the shapes of a program's nodes. Raises Misfit, at what the user wrote."""
    try:
        known = node_shapes(lowered.graph, given)
        _small_enough(lowered.graph, known)
    except Misfit as misfit:
        for derived in lowered.derived:
            if misfit.node in derived.nodes:
                _written_out(derived, misfit.known)
                misfit.derived = derived
        raise
    for derived in lowered.derived:
        _written_out(derived, known)
    _rules_fit(lowered.graph, known)
    return known


def _rules_fit(graph: Graph, known: list[Shape]) -> None:
    """Raise Misfit where a program's own rule sends what an argument has no place for."""
    rows = [graph.table[operation] for operation in {*graph.operations} - {*LEAVES}]
    own = {row.name for row in rows if row.own and row.whole}
    for number in [at for at, operation in enumerate(graph.operations) if operation in own]:
        row, inputs = graph.row(number), graph.inputs[number]
        given = [known[child] for child in inputs]
        for at, shape in enumerate(given):
            rule = row.adjoint(at, [*map(len, given)], ())
            if rule is None:
                continue
            made, root = instance(row, rule, len(inputs), {})
            reason = f"does not fit: its rule sends {rule.text} to {{{at}}}, which does not fit"
            try:
                sent = node_shapes(made, bound(known[number], known[number], given))[root]
                reason = f"does not fit: its rule sends {rule.text} ({text(sent)}) "
                reason += f"to {{{at}}} ({text(shape)})"
                shapes.broadcast(sent, shape)
            except (Misfit, MisfitError):
                raise Misfit(number, reason, known) from None


def _written_out(derived: Derived, known: list[Shape]) -> None:
    """Raise Misfit where an operation that is written out does not fit."""
    function = shapes.WORDS.get(derived.row.name)
    if function is None or max(derived.inputs, default=-1) >= len(known):
        return
    static = {"arg": derived.arg} if derived.row.static else {}
    try:
        function(*[known[child] for child in derived.inputs], **static)
    except MisfitError as error:
        node = min(derived.node, len(known))
        reason = f"does not fit: {error.reason}"
        found = Misfit(node, reason, known, error.about, shapes=True)
        found.derived = derived
        raise found from None


def called(lowered: Lowered, node: int, limit: int = 20) -> str:
    """Return a node's name, where it has one; else its text."""
    named = lowered.graph.operations[node] == "name"
    return str(lowered.graph.args[node]) if named else lowered.text(node, limit)


def grows(graph: Graph, known: list[Shape], node: int) -> bool:
    """Say whether an elementwise operation of two arrays has a shape that neither has."""
    row = graph.table.get(graph.operations[node])
    if row is None or row.infix in {None, "@"} or len(graph.inputs[node]) != 2:  # noqa: PLR2004
        return False
    one, other = (known[child] for child in graph.inputs[node])
    return bool(one and other) and known[node] not in {one, other}


def asked(graph: Graph) -> Callable[[int], bool]:
    """Return what says whether a node has an axis that was written as None."""

    def found(node: int) -> bool:
        arg = graph.args.get(node)
        return graph.operations[node] in {"index", "expand_dims", "outer"} and NEW in (
            arg[0] if isinstance(arg, tuple) and isinstance(arg[0], tuple) else (NEW,)
        )

    return found
