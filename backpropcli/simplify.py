"""A shorter form of an expression by SymPy, taken only if it is proved equal at random points.

The work runs in a process of its own, so that a time limit really stops it. Importing this module
imports neither SymPy nor mpmath. A literal is the decimal that it is written as: 0.1 is 1/10.
"""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.graph import LEAVES, Graph
from backpropcli.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from typing import Any

    Plain = tuple[list[str], list[tuple[int, ...]], dict[int, float | str]]
    Found = tuple[Graph, int]

LARGEST = 500
"""Nodes of the largest expression that is given to SymPy, which recurses."""
MEMORY = 4 * 2**30
"""Bytes that SymPy may take: a power of whole numbers can be larger than any memory."""
POINTS, FEWEST = 48, 2
"""Points that are tried, and how many of them have to have a value."""
FAR = 1e6
"""Literals up to this get points around them."""
DIGITS, AGREE, MORE = 60, 40, 240
"""Digits of the proof, digits that have to agree, and digits where a value may be 0."""
PLAINLY = "without --simplify the expression is shown as it is"


def simplified(graph: Graph, root: int, timeout: float = 10.0) -> Found:
    """Return the shortest form that SymPy finds of node ``root``: a graph and its root.

    It is ``graph`` itself if no form has fewer operations. At the time limit the shortest form
    found by then is taken. Raises BackpropError if there is none: if SymPy did not finish, does
    not know an operation, finds a form that differs or that the language cannot say, or if the
    expression is too long or has a value at too few points.
    """
    part, renamed = graph.part(graph.ancestors([root]))
    for operation in part.operations:
        if operation not in TABLE and operation not in LEAVES:
            shown = part.table[operation].shown if operation in part.table else operation
            raise BackpropError(f"SymPy has no definition of {shown} here", PLAINLY)
    if len(part) > LARGEST:
        raise BackpropError(
            f"the expression is too long for SymPy: {len(part):,} nodes of at most {LARGEST}",
            PLAINLY,
        )
    news, stopped = _worked((part.operations, part.inputs, part.leaves), renamed[root], timeout)
    if news["found"]:
        form, top = news["found"][-1]
        return _rebuilt(form), top
    if stopped:
        hint = f"--simplify-timeout {max(2 * timeout, 1):g} gives it more time"
        raise BackpropError(stopped, hint if "finish" in stopped else PLAINLY)
    for kind in ("differs", "unproved"):
        if news[kind]:
            raise BackpropError(news[kind][0], PLAINLY)
    if not news["longer"]:
        raise BackpropError((news["unsaid"] or ["SymPy has no form of it"])[0], PLAINLY)
    return graph, root


def size(graph: Graph, root: int) -> tuple[int, int]:
    """Return how many operations node ``root`` rests on, itself included, and how many nodes."""
    reached = graph.ancestors([root])
    count = sum(1 for inputs, flag in zip(graph.inputs, reached, strict=True) if flag and inputs)
    return count, sum(reached)


def _rebuilt(plain: Plain) -> Graph:
    """Return the graph of these lists."""
    graph = Graph()
    operations, inputs, leaves = plain
    for number, operation in enumerate(operations):
        if number in leaves:
            graph.leaf(operation, leaves[number])
        else:
            graph.node(operation, inputs[number])
    return graph


def _worked(plain: Plain, root: int, timeout: float) -> tuple[dict[str, list[Any]], str]:
    """Search in another process; return what it found, and "" or what stopped it."""
    import multiprocessing  # noqa: PLC0415 (only with a search)
    from time import monotonic  # noqa: PLC0415

    news: dict[str, list[Any]] = {
        kind: [] for kind in ("found", "differs", "unproved", "longer", "unsaid")
    }
    deadline = monotonic() + timeout
    fork = "fork" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("fork" if fork else "spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, plain, root), daemon=True)
    process.start()
    sender.close()
    try:
        while receiver.poll(max(0.0, deadline - monotonic())):
            item = receiver.recv()
            if item is None:
                return news, ""
            kind, fact = item
            news[kind].append(fact)
    except EOFError:
        process.join()
        return news, "SymPy broke off"
    finally:
        process.kill()
        process.join()
    unit = "second" if timeout == 1 else "seconds"
    return news, f"SymPy did not finish within {timeout:g} {unit}"


def _work(sender: Connection, plain: Plain, root: int) -> None:
    """Run the search, and send what it finds as it goes."""
    try:
        import sys  # noqa: PLC0415

        sys.setrecursionlimit(20_000)  # SymPy recurses; it is not given a graph that is too deep
        _limit_memory()
        for news in search(_rebuilt(plain), root):
            sender.send(news)
        sender.send(None)
    except KeyboardInterrupt:
        return


def _limit_memory() -> None:
    """Let this process take no more memory than ``MEMORY``, where the system can do that."""
    try:
        import resource  # noqa: PLC0415 (not on every system)

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    except (ImportError, ValueError, OSError):
        return


def search(graph: Graph, root: int) -> Iterator[tuple[str, Any]]:
    """Yield what SymPy's methods come to, each as a word and a fact.

    "found" is a shorter form, proved; "differs" a form that is not equal; "unproved" one without
    points to try; "longer" a form that is no shorter; "unsaid" is why there is no form.
    """
    from backpropcli.arithmetics import formulas  # noqa: PLC0415 (SymPy: heavy)

    least = size(graph, root)
    named = formulas.NAMED.intersection(graph.operations)
    for kept in [named, ()] if named else [()]:
        for method in formulas.METHODS.values():
            try:
                expression, symbols = formulas.expression(graph, root, kept)
                form = formulas.to_graph(method(expression), symbols)
                shorter = size(*form) < least
                trouble = difference((graph, root), form) if shorter else ("longer", "")
            except Exception as error:  # noqa: BLE001 (SymPy raises what it likes)
                text = str(error.args[0]) if type(error) is LookupError else ""
                trouble = "unsaid", text or f"SymPy broke off ({type(error).__name__})"
            if trouble:
                yield trouble
                continue
            least = size(*form)
            yield "found", ((form[0].operations, form[0].inputs, form[0].leaves), form[1])


def difference(one: Found, other: Found) -> tuple[str, str] | None:
    """Return None if two expressions are equal wherever the first has a value, else why not.

    They are worked out to 60 digits at points that depend on nothing but their variables and
    literals, and 40 digits have to agree.
    """
    names = list(one[0].variables() | other[0].variables())
    tried = 0
    for point in _points(names, one[0]):
        with_value = _values(one, other, point, DIGITS)
        if with_value is None:
            continue
        tried += 1
        if not _equal(*with_value):
            again = _values(one, other, point, MORE)
            gap = abs(with_value[0] - with_value[1])
            if again is None or not (_equal(*again) or _vanishes(gap, *again)):
                place = ", ".join(f"{name} = {value}" for name, value in point.items())
                at = f" at {place}" if place else ""
                return "differs", f"SymPy's form differs from the expression{at}"
        if not names:
            return None
    if tried < FEWEST:
        return "unproved", "SymPy's form cannot be proved: too few points have a value"
    return None


def _points(names: list[str], graph: Graph) -> list[dict[str, str]]:
    """Return points as decimals: whole ones, small and larger ones, and those around literals."""
    from random import Random  # noqa: PLC0415 (only with a search)

    chooser = Random(" ".join(names))  # noqa: S311 (the same points at each run)
    literals = {abs(leaf) for leaf in graph.leaves.values() if isinstance(leaf, float)}
    near = [
        sign * leaf + step
        for leaf in sorted({0.0, 1.0, *literals})
        for sign in (1, -1)
        for step in (0.25, 0.0, -0.25)
        if leaf < FAR
    ]
    points: list[dict[str, str]] = []
    orders = {name: chooser.sample(near, len(near)) for name in names}
    for index in range(POINTS):
        point = {}
        for name in names:
            spread = (0.97, 4.0, 0.97, 11.0)[index // 2 % 4]
            value = chooser.uniform(-spread, spread)
            if index % 2:
                value = orders[name][index // 2 % len(near)]
            elif index % 8 == 0:
                value = float(chooser.randrange(-2, 5))
            point[name] = f"{abs(value) if index < POINTS // 4 else value:.10g}"
        points.append(point)
    return points


def _values(one: Found, other: Found, point: dict[str, str], digits: int) -> list[Any] | None:
    """Return both values at a point, or None where the first has none."""
    from types import SimpleNamespace  # noqa: PLC0415

    from mpmath import isfinite, mp, mpf

    from backpropcli.arithmetics.digits import INFIX, WORDS, constant  # noqa: PLC0415
    from backpropcli.forward import forward  # noqa: PLC0415

    decimals: Any = SimpleNamespace(
        __name__="decimals",
        WORDS=WORDS,
        INFIX=INFIX,
        constant=constant,
        double=lambda value: mpf(repr(value)),
    )
    found: list[Any] = []
    with mp.workdps(digits):
        bindings = {name: mpf(value) for name, value in point.items()}
        for graph, root in (one, other):
            found.append(forward(graph, decimals, bindings)[root])
            if not isfinite(found[0]):
                return None
    return found


def _equal(first: Any, second: Any) -> bool:  # noqa: ANN401 (mpmath has no types)
    """Say whether 40 digits agree; nan agrees with nothing."""
    from mpmath import mp, mpf

    with mp.workdps(MORE):
        return bool(abs(first - second) <= mpf(10) ** -AGREE * max(abs(first), abs(second)))


def _vanishes(gap: Any, first: Any, second: Any) -> bool:  # noqa: ANN401
    """Say whether a difference is nothing but rounding: more digits make it that much smaller."""
    from mpmath import mp, mpf

    with mp.workdps(MORE):
        return bool(abs(first - second) <= gap * mpf(10) ** -(MORE - DIGITS - AGREE))
