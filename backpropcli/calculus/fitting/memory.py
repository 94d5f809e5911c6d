"""Whether the values of a program find room in memory."""

from __future__ import annotations

from math import prod

from backpropcli.arithmetics.shapes.sizes import amount, text
from backpropcli.calculus.node_shapes import Misfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.graph.graph import Graph

SIZE = 8
"""Bytes of a double."""
VIEWS = {
    "broadcast_to", "spread", "transpose", "mT", "swapaxes", "moveaxis", "reshape", "rows",
    "shaped", "kept", "squeeze", "expand_dims", "index", "flip", "diag", "name", "result",
}  # fmt: skip
"""Operations that may give another look at the same numbers."""


def small_enough(graph: Graph, known: list[Shape]) -> None:
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
