"""What a wrong claim looks like: a flipped sign, a factor, a path that is missing, and the like.

A diagnosis is told only where it makes the claim right at every point that is looked at.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.proof.claims.answer import Diagnosis
from backpropcli.proof.claims.samples import Sample, same, samples
from backpropcli.report.decimals import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backpropcli.proof.claims.judge import Where
    from backpropcli.proof.claims.posed import Posed

    Value = Any

MOST_NODES = 80
"""Nodes that are looked at for a part that is missing, or turned round."""
LONGEST = 60
NICE = 24
"""Denominators of factors that are told as fractions."""
SIGN = "the sign is flipped: the derivative is the claim times -1"
SWAPPED = {"sub": "-", "div": "/", "matmul": "@", "pow": "^"}


def diagnosed(posed: Posed, where: Where) -> Diagnosis | None:
    """Return what is wrong with a claim, where that can be told."""
    found = samples(posed, where)
    if not found:
        return None
    if len(posed.claim.target.by) > 1 or np.shape(found[0].values[found[0].of]):
        ways = [_of_elements]
    else:
        ways = [_sign, _turned, _inner, _other_variable, _factor, _path, _axes, _upstream, _swap,
                _missing]  # fmt: skip
    looked = Looked(posed, found)
    if not posed.fits:
        ways = [_axes, *ways]
    if looked.fits(lambda one: one.true):  # it is wrong elsewhere alone
        return None
    with np.errstate(all="ignore"):
        return next((one for way in ways if (one := way(looked)) is not None), None)


class Looked:
    """A claim and the samples at which it is looked at."""

    def __init__(self, posed: Posed, found: list[Sample]) -> None:
        self.posed = posed
        self.samples = found
        self.lowered = posed.problem.lowered
        self.title = posed.claim.target.title
        self.by = posed.claim.target.names[0]
        self.name()

    def name(self) -> None:
        """Take in the names of nodes."""
        graph = self.lowered.graph
        self.names = {at: name for name, at in graph.named().items()}
        self.names |= {graph.inputs[at][0]: name for at, name in [*self.names.items()]}

    def fits(self, make: Callable[[Sample], Value]) -> bool:
        """Say whether the claim is what ``make`` says, in every sample."""
        return all(same(one.claimed, make(one)) for one in self.samples)

    def text(self, node: int) -> str:
        """Return a flat node as the user wrote it, or by its name."""
        return self.names.get(node) or self.lowered.text(node, LONGEST)

    def between(self) -> list[int]:
        """Return the nodes on the ways from the variable to the output, the output left out."""
        first = self.samples[0]
        active = first.edges(first.by[0]).active
        below = first.graph.ancestors([first.of])
        plain = {"name", "result"}
        found = [
            at
            for at, flag in enumerate(active)
            if flag and below[at] and at not in {first.of, *first.by}
            if first.graph.operations[at] not in plain or self.lowered.surface.get(at) is not None
        ]
        return found[-MOST_NODES:]


def _sign(looked: Looked) -> Diagnosis | None:
    if not looked.fits(lambda one: -one.true):
        return None
    return Diagnosis("sign", SIGN)


def _of_elements(looked: Looked) -> Diagnosis | None:
    """Look at a second derivative, or at a Jacobian: for its sign, a factor, a transpose."""
    posed = looked.posed
    if not posed.fits:
        return None
    graph = posed.problem.graph
    ratios: list[float] = []
    turned = 0
    for one in looked.samples:
        point = {}
        for name in graph.variables():
            base, _, place = name.partition("[")
            value = one.bindings[base]
            point[name] = float(value[tuple(map(int, place[:-1].split(",")))] if place else value)
        values = forward(graph, _floats(), point)
        claimed = np.array([values[node] for node in posed.claims], dtype=float)
        true = np.array([values[node] for node in posed.truths], dtype=float)
        if not (np.isfinite(claimed).all() and np.isfinite(true).all()):
            return None
        ratio = _ratio(claimed, true)
        ratios += [] if ratio is None else [ratio]
        square = len(posed.shape) == 2 and posed.shape[0] == posed.shape[1]  # noqa: PLR2004
        turned += square and same(
            *(one.reshape(posed.shape) for one in (claimed, _turn(true, posed)))
        )
    if len(ratios) == len(looked.samples):
        return _of_ratio(looked, ratios)
    if turned == len(looked.samples):
        return Diagnosis("transposed", "the claim is the derivative transposed: write (...).T")
    return None


def _turn(numbers: Value, posed: Posed) -> Value:
    return numbers.reshape(posed.shape).T


def _floats() -> Any:  # noqa: ANN401 (a module)
    from backpropcli.arithmetics import floats  # noqa: PLC0415 (only here)

    return floats


def _turned(looked: Looked) -> Diagnosis | None:
    if looked.samples[0].claimed.ndim != 2 or not looked.fits(lambda one: one.true.T):  # noqa: PLR2004
        return None
    return Diagnosis("transposed", "the claim is the derivative transposed: write (...).T")


def _other_variable(looked: Looked) -> Diagnosis | None:
    first = looked.samples[0]
    for name, surface in looked.lowered.program.variables.items():
        node = looked.lowered.places[surface]
        if node in first.by:
            continue
        if looked.fits(lambda one, node=node: one.slope(one.of, node)):  # type: ignore[misc]
            return Diagnosis(
                "variable", f"this is the derivative by {name}, not by {looked.by}", variable=name
            )
    return None


def _ratio(claimed: Value, true: Value) -> float | None:
    """Return the one number that a claim is times the derivative; None where there is none."""
    if np.shape(claimed) != np.shape(true):
        return None
    total = float(np.sum(true * true))
    ratio = float(np.sum(claimed * true)) / total if total else 0.0
    return ratio if ratio and same(claimed, ratio * true) else None


def _factor(looked: Looked) -> Diagnosis | None:
    ratios = [_ratio(one.claimed, one.true) for one in looked.samples]
    return _of_ratio(looked, [one for one in ratios if one]) if all(ratios) else None


def _of_ratio(looked: Looked, ratios: list[float]) -> Diagnosis | None:
    first = ratios[0] if ratios else 0.0
    if not first or any(abs(one - first) > 1e-9 * abs(first) for one in ratios):
        return None
    if abs(first + 1) < 1e-9:  # noqa: PLR2004 (as near as floats tell)
        return Diagnosis("sign", SIGN)
    if abs(first - 1) < 1e-9:  # noqa: PLR2004 (as near as floats tell)
        return None
    exact = Fraction(first).limit_denominator(NICE)
    nice = abs(float(exact) - first) < 1e-9 * abs(first)
    if len(ratios) < 2 and not nice:  # noqa: PLR2004 (any one point has some factor)
        return None
    factor = str(exact) if nice else number(first)
    text = f"the claim is {factor} times the derivative"
    why = _size(looked, exact) if nice else ""
    return Diagnosis("factor", f"{text}{why}", factor=factor)


def _size(looked: Looked, factor: Fraction) -> str:
    """Return what a factor is the number of, where it is a size of an array."""
    whole = factor if factor.denominator == 1 else 1 / factor
    if whole.denominator != 1 or abs(whole) < 2:  # noqa: PLR2004
        return ""
    for name, value in looked.samples[0].bindings.items():
        shape = np.shape(value)
        places = {size: f"axis {at}" for at, size in enumerate(shape)}
        if len(shape) == 1:
            places = {shape[0]: "elements"}
        elif len(shape) == 2:  # noqa: PLR2004 (a matrix)
            places = {shape[1]: "columns", shape[0]: "rows", int(np.prod(shape)): "elements"}
        for size, what in places.items():
            if size == abs(whole):
                count = f"{name} has {size} {what}"
                mean = "the 1/n of a mean is missing" if factor == whole else "a 1/n is too many"
                return f": {count}, and {mean}"
    return ""


def _path(looked: Looked) -> Diagnosis | None:
    """Look for a contribution at a fan-out that is missing, or the only one that is there."""
    first = looked.samples[0]
    edges = first.edges(first.by[0])
    below = first.graph.ancestors([first.of])
    uses = Counter(tail for head, tail in zip(edges.heads, edges.tails, strict=True) if below[head])
    ways = [
        at
        for at, (head, tail) in enumerate(zip(edges.heads, edges.tails, strict=True))
        if below[head] and uses[tail] > 1
    ]
    for missing in (True, False):
        for at in ways[:MOST_NODES]:
            head, tail = edges.heads[at], edges.tails[at]

            def make(one: Sample, at: int = at, missing: bool = missing) -> Value:  # noqa: FBT001
                rest = one.without(at)
                return rest if missing else one.true - rest

            if not looked.fits(make):
                continue
            through, node = looked.text(head), looked.text(tail)
            text = (
                f"the path through {through} is missing: {node} is used there too"
                if missing
                else f"only the path through {through} is there: {node} is used elsewhere too"
            )
            return Diagnosis("path", text, through=through, node=node)
    return None


def _upstream(looked: Looked) -> Diagnosis | None:
    """Look for a node of which the claim is the derivative, rather than of the output."""
    for node in looked.between()[::-1]:
        if looked.fits(lambda one, node=node: one.slope(node, one.by[0])):  # type: ignore[misc]
            what = looked.text(node)
            top = looked.text(looked.samples[0].of)
            text = f"this is the derivative of {what}: multiply by the one of {top} by {what}"
            return Diagnosis("upstream", text, of=what)
    return None


def _inner(looked: Looked) -> Diagnosis | None:
    """Look for a node by which the claim is the derivative, rather than by the variable."""
    for node in looked.between():

        def make(one: Sample, node: int = node) -> Value:
            found = one.adjoints(one.of, one.by[0])[node]
            return np.zeros(()) if found is None else np.asarray(found, dtype=float)

        if looked.fits(make):
            what = looked.text(node)
            text = f"this is the derivative by {what}: multiply by the one of {what} by {looked.by}"
            return Diagnosis("inner", text, by=what)
    return None


def _axes(looked: Looked) -> Diagnosis | None:
    """Look for a sum that is missing, or over the wrong axis."""
    first = looked.samples[0]
    shape, claimed = first.true.shape, first.claimed
    if claimed.shape != shape and claimed.ndim >= len(shape):
        for axes in _subsets(claimed.ndim):
            if all(same(one.claimed.sum(axis=axes), one.true) for one in looked.samples):
                told = "all its elements" if len(axes) == claimed.ndim else _axis(axes)
                text = f"broadcasting is not summed back: sum the claim over {told}"
                return Diagnosis("broadcast", text, axes=list(axes))
    for node in looked.between():
        adjoint = first.adjoints(first.of, first.by[0])[node]
        if np.ndim(adjoint) < 2:  # noqa: PLR2004
            continue
        for axes in _subsets(np.ndim(adjoint)):
            found = [np.asarray(one.adjoints(one.of, one.by[0])[node]) for one in looked.samples]
            if any(np.isnan(one.astype(float)).any() for one in found):
                continue
            if all(
                same(one.claimed, each.sum(axis=axes))
                for one, each in zip(looked.samples, found, strict=True)
            ):
                right = next(
                    (
                        other
                        for other in _subsets(np.ndim(adjoint))
                        if same(first.true, found[0].sum(axis=other))
                    ),
                    None,
                )
                if right is not None and right != axes:
                    text = f"the sum goes over {_axis(axes)}, and should go over {_axis(right)}"
                    return Diagnosis("axis", text, axes=list(axes))
    return None


def _axis(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"the axes {', '.join(map(str, axes))}"


def _subsets(count: int) -> Iterator[tuple[int, ...]]:
    """Yield the subsets of axes, but for none: few first."""
    from itertools import combinations  # noqa: PLC0415 (only here)

    for size in range(1, count + 1):
        yield from combinations(range(count), size)


def _swap(looked: Looked) -> Diagnosis | None:
    """Look for an operation in the claim whose inputs are the wrong way round."""
    first = looked.samples[0]
    graph, below = first.graph, first.graph.ancestors([first.claim])
    nodes = [at for at, flag in enumerate(below) if flag and graph.operations[at] in SWAPPED]
    for node in nodes[-MOST_NODES:]:
        turned, root = _with_swap(graph, first.claim, node)
        try:
            right = all(
                same(np.asarray(forward(turned, one.numbers, one.bindings)[root]), one.true)
                for one in looked.samples
            )
        except (ValueError, IndexError):  # the shapes do not fit this way round
            continue
        if right:
            sign = SWAPPED[graph.operations[node]]
            one, other = (looked.text(child) for child in graph.inputs[node])
            text = f"operands are swapped: {one} {sign} {other} has to be the other way round"
            return Diagnosis("swapped", text, operation=sign)
    return None


def _with_swap(graph: Graph, root: int, node: int) -> tuple[Graph, int]:
    """Return the graph of a node in which one operation has its inputs swapped."""
    found = Graph(graph.table)
    places: dict[int, int] = {}
    for at, flag in enumerate(graph.ancestors([root])):
        if flag:
            inputs = tuple([places[child] for child in graph.inputs[at]])
            given = inputs[::-1] if at == node else inputs
            places[at] = found.node(graph.operations[at], given, graph.args.get(at))
    return found, places[root]


def _missing(looked: Looked) -> Diagnosis | None:
    """Look for a value by which the claim has to be multiplied or divided."""
    first = looked.samples[0]
    below = first.graph.ancestors([first.of, first.claim])
    if not same(1.0 * (first.claimed != 0), 1.0 * (first.true != 0)):
        return None
    for node in [at for at, flag in enumerate(below) if flag][:MOST_NODES]:
        if np.shape(first.values[node]) not in {(), first.true.shape}:
            continue
        if not looked.lowered.surface.get(node, 0) and first.graph.operations[node] != "variable":
            continue
        for over in (False, True):

            def make(one: Sample, node: int = node, over: bool = over) -> Value:  # noqa: FBT001
                value = np.asarray(one.values[node], dtype=float)
                return one.true * value if over else one.true / value

            if looked.fits(make):
                what = looked.text(node)
                text = (
                    f"the claim has a factor {what} too many"
                    if over
                    else f"the factor {what} is missing"
                )
                return Diagnosis("missing", text, factor=what)
    return None


QUICK = (_sign, _turned, _other_variable, _factor)
THOROUGH = (_path, _axes, _upstream, _inner)
MISSING = _missing
"""Ways to look at a claim: by numbers alone; by parts of the program; for a factor."""
