"""A shorter form of an expression by SymPy, taken only if it is equal at sampled points.

The work runs in a process of its own, so that a time limit really stops it. Importing this module
imports neither SymPy nor mpmath. A literal is the decimal that it is written as: 0.1 is 1/10.
"""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.graph.operations import TABLE
from backpropcli.language.unparse import unparse
from backpropcli.proof.worker import LATE, worked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backpropcli.graph.graph import Graph

    Found = tuple[Graph, int]

LARGEST = 500
"""Nodes of the largest expression that is given to SymPy, which recurses."""
AWAY = (0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 1e-4, -1e-4, 1e-9, -1e-9, 20.0, -20.0, 40.0, -40.0)
"""Coordinates at which forms are held against each other in floats."""
LOST, KEPT = 1e-6, 1e-12
"""Relative errors of a form that has lost its digits, and of one that has them."""


def each_simplified(graph: Graph, roots: list[int], timeout: float) -> list[Found | BackpropError]:
    """Return the shortest form that SymPy finds of each node, or why there is none.

    All together take ``timeout`` seconds. The short ones come first, and leave the others what
    they do not need of their share.
    """
    from time import monotonic

    from backpropcli.arithmetics.symbolic import graphs, shorter  # noqa: F401 (once for all processes)

    deadline = monotonic() + timeout
    found: dict[int, Found | BackpropError] = {}
    order = sorted({*roots}, key=lambda root: sum(graph.ancestors([root])))
    for index, root in enumerate(order):
        share = max(0.0, deadline - monotonic()) / (len(order) - index)
        try:
            found[root] = simplified(graph, root, share, timeout)
        except BackpropError as error:
            found[root] = error
    return [found[root] for root in roots]


def simplified(graph: Graph, root: int, timeout: float = 10.0, whole: float = 0.0) -> Found:
    """Return the shortest form that SymPy finds of node ``root``: a graph and its root.

    It is ``graph`` itself if no form is shorter. At the time limit, which may be a share of a
    ``whole``, the shortest form found by then is taken. Raises BackpropError if there is none: if
    SymPy did not finish, finds only forms that differ or that the language cannot say, or if the
    expression calls a function with a rule, is too long, or has a value at too few points.
    """
    part, renamed = graph.part([root])
    for operation in part.operations:
        row = part.table.get(operation)
        if row is not None and row.own:
            raise BackpropError(f"SymPy has no definition of {row.shown} here")
    if len(part) > LARGEST:
        raise BackpropError(
            f"the expression is too long for SymPy: {len(part):,} nodes of at most {LARGEST}",
        )
    part.table = TABLE
    news: list[Found | str] = []
    stopped = worked(search, (part, renamed[root]), timeout, news.append)
    forms = [item for item in news if not isinstance(item, str)]
    if forms:
        return forms[-1]
    if stopped == LATE:
        whole = whole or timeout
        unit = "second" if whole == 1 else "seconds"
        share = f"its {timeout:.2g} of " if timeout < 0.99 * whole else ""
        hint = f"--simplify-timeout {max(2 * whole, 1):g} gives it more time"
        raise BackpropError(f"SymPy did not finish within {share}{whole:g} {unit}", hint)
    if stopped:
        raise BackpropError("SymPy broke off")
    if "" in news:
        return graph, root
    raise BackpropError(str(news[0]))


def rounding(graph: Graph, root: int, form: Found) -> str:
    """Return where a form loses digits in floats that node ``root`` itself has; "" if nowhere."""
    from mpmath import mp, mpf

    from backpropcli.arithmetics import digits, floats
    from backpropcli.calculus.forward import forward

    both = graph.copy()
    other = both.write(form[0])[form[1]]
    names = [*both.variables()]
    for turn in AWAY:
        point = {name: turn if at % 2 == 0 else abs(turn) for at, name in enumerate(names)}
        values = forward(both, floats, point)
        with mp.workdps(60):
            exact = forward(both, digits, {name: mpf(at) for name, at in point.items()})[root]
            if not mp.isfinite(exact) or not exact:
                continue
            errors = [abs(mpf(values[node]) / exact - 1) for node in (root, other)]
        if errors[0] <= KEPT and not errors[1] <= LOST:
            place = ", ".join(f"{name} = {at:g}" for name, at in point.items())
            return f"at {place} floats give {values[other]:g} instead of {values[root]:g}"
    return ""


def size(graph: Graph, root: int) -> tuple[int, int]:
    """Return how long node ``root`` is: in operations, then in characters."""
    reached = graph.ancestors([root])
    count = sum(1 for inputs, flag in zip(graph.inputs, reached, strict=True) if flag and inputs)
    return count, len(unparse(graph, root))


def search(graph: Graph, root: int) -> Iterator[Found | str]:
    """Yield what each of SymPy's methods comes to.

    That is a form that is shorter than all before it, and proved; or "", if a form is no shorter;
    or a sentence that says why there is no form.
    """
    from backpropcli.arithmetics.symbolic import expressions, graphs
    from backpropcli.arithmetics.symbolic.shorter import METHODS

    least = size(graph, root)
    decimals = any(isinstance(arg, float) and arg % 1 for arg in graph.args.values())
    named = expressions.NAMED.intersection(graph.operations)
    for kept in [named, ()] if named else [()]:
        for method in METHODS.values():
            try:
                expression, symbols = expressions.expression(graph, root, kept)
                form = graphs.to_graph(method(expression), symbols, decimals=decimals)
                shorter = size(*form) < least
                trouble = difference((graph, root), form) if shorter else ""
            except Exception as error:  # noqa: BLE001 (SymPy raises what it likes)
                known = type(error) is LookupError
                shorter, trouble = False, str(error) if known else f"SymPy broke off ({error!r})"
            if shorter and not trouble:
                least = size(*form)
                yield form
            else:
                yield trouble


def difference(one: Found, other: Found) -> str:
    """Return "" if two expressions are equal wherever the first has a value, else why not.

    They are held against each other at sampled points, kinks and each side of a choice included.
    """
    from backpropcli.proof.equality.choices import Choices
    from backpropcli.proof.equality.coordinates import place
    from backpropcli.proof.equality.differs import Differs
    from backpropcli.proof.equality.equal import Equal, equal

    graph = one[0].copy()
    second = graph.write(other[0])[other[1]]
    choices = Choices(graph, [one[1], second], {at: at for at in range(len(graph))})
    found = equal(graph, one[1], second, symbolic=False, choices=choices)
    if isinstance(found, Equal) and found.conventions:
        found = found.conventions[0]
    if isinstance(found, Differs):
        at = place(found.point)
        return "SymPy's form differs from the expression" + (f" at {at}" if at else "")
    return "" if isinstance(found, Equal) else f"SymPy's form cannot be proved: {found.reason}"
