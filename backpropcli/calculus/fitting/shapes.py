"""The shapes of a program's nodes, each looked at as what the user wrote; and room for them."""

from __future__ import annotations

from math import prod

from backpropcli.arithmetics import shapes
from backpropcli.arithmetics.adjoints import bound, instance
from backpropcli.arithmetics.shapes.axes import broadcast
from backpropcli.arithmetics.shapes.misfits import MisfitError
from backpropcli.arithmetics.shapes.sizes import amount, text
from backpropcli.calculus.node_shapes import Misfit, node_shapes
from backpropcli.graph.graph import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.calculus.node_shapes import Given
    from backpropcli.calculus.records import Derived
    from backpropcli.graph.graph import Graph

NEW = ("new",)
SIZE = 8
"""Bytes of a double."""
VIEWS = {
    "broadcast_to", "spread", "transpose", "mT", "swapaxes", "moveaxis", "reshape", "rows",
    "shaped", "kept", "squeeze", "expand_dims", "index", "flip", "diag", "name", "result",
}  # fmt: skip
"""Operations that may give another look at the same numbers."""


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
                broadcast(sent, shape)
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
    import os

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
        import resource

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
