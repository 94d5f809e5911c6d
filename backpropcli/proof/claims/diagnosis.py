"""What a wrong claim looks like: a flipped sign, a factor, a path that is missing, and the like.

A diagnosis is told only where it makes the claim right at every point that is looked at.
"""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import combinations
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.claims import edits
from backpropcli.proof.claims.answer import Diagnosis
from backpropcli.proof.claims.samples import Sample, same, samples
from backpropcli.report.decimals import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backpropcli.proof.claims.posed import Posed
    from backpropcli.proof.domain import Where

    Value = Any

MOST_NODES = 80
"""Nodes that are looked at for a part that is missing, or turned round."""
LONGEST = 60
NICE, LARGEST = 24, 10_000
"""Denominators of factors that are told as fractions, and such where floats are sure."""
SURE = 1e-12
SIGN = "the sign is flipped: the derivative is the claim times -1"


def diagnosed(posed: Posed, where: Where, deadline: float = math.inf) -> Diagnosis | None:
    """Return what is wrong with a claim, where that can be told by the time ``deadline``."""
    found = samples(posed, where)
    if not found:
        return None
    looked = Looked(posed, found)
    ways: list[Callable[[Looked], Diagnosis | None]] = [_sign, _turned, _factor]
    if len(posed.claim.target.by) == 1:
        ways += [_path, _inner, _other_variable, _axes, _upstream, _share, _left_out]
    else:
        ways += [] if looked.arrays else [_path, _share, _left_out]
    ways += [*edits.WAYS, _missing]
    if not posed.fits:
        ways = [_axes, *ways]
    with np.errstate(all="ignore"):
        for way in ways:
            if monotonic() > deadline:
                break
            told = way(looked)
            if told is not None:
                return told
    return None


class Looked:
    """A claim and the samples at which it is looked at."""

    def __init__(self, posed: Posed, found: list[Sample]) -> None:
        self.posed = posed
        self.samples = found
        self.lowered = posed.problem.lowered
        self.arrays = self.lowered.shapes is not None
        self.by = posed.claim.target.names[-1]
        self.name()

    def name(self) -> None:
        """Take in the names of nodes."""
        graph = self.lowered.graph
        self.names = {at: name for name, at in graph.named().items()}
        self.names |= {graph.inputs[at][0]: name for at, name in [*self.names.items()]}

    def fits(self, make: Callable[[Sample], Value]) -> bool:
        """Say whether the claim is what ``make`` says, in every sample."""
        made = ((one, make(one)) for one in self.samples)
        return all(other is not None and same(one.claimed, other, one.slack) for one, other in made)

    def text(self, node: int) -> str:
        """Return a flat node as the user wrote it, or by its name."""
        if node in self.names:
            return self.names[node]
        if node < len(self.lowered.graph):
            return self.lowered.text(node, LONGEST)
        from backpropcli.language.unparse import brief  # noqa: PLC0415 (of second derivatives)

        return brief(self.samples[0].graph, node, LONGEST, lambda _: "")

    def edges(self, *, forks: bool = False) -> list[tuple[int, int]]:
        """Return the edges on the ways to the output, in any sample; of nodes used twice alone."""
        ends: dict[tuple[int, int], None] = {}
        below = self.samples[0].graph.ancestors([self.samples[0].of])
        for one in self.samples:
            edges = one.edges(one.by)
            ends |= dict.fromkeys(zip(edges.heads, edges.tails, strict=True))
        found = [end for end in ends if below[end[0]]]
        uses = Counter(tail for _, tail in found)
        return [end for end in found if not forks or uses[end[1]] > 1][-MOST_NODES:]

    def all_through(self, node: int) -> bool:
        """Say whether every way from the output to the variable goes through a node."""
        heads = frozenset([node])
        return not any(np.any(one.without(heads)) for one in self.samples)

    def between(self) -> list[int]:
        """Return the nodes on the ways from the variable to the output, the output left out."""
        first = self.samples[0]
        active = first.edges(first.by).active
        below = first.graph.ancestors([first.of])
        plain = {"name", "result"}
        found = [
            at
            for at, flag in enumerate(active)
            if flag and below[at] and at not in {first.of, first.by}
            if first.graph.operations[at] not in plain or self.lowered.surface.get(at) is not None
        ]
        return found[-MOST_NODES:]


def _sign(looked: Looked) -> Diagnosis | None:
    if not looked.fits(lambda one: -one.true):
        return None
    return Diagnosis("sign", SIGN)


def _turned(looked: Looked) -> Diagnosis | None:
    shape = looked.samples[0].claimed.shape
    if len(shape) != 2 or not looked.fits(lambda one: one.true.T):  # noqa: PLR2004 (a matrix)
        return None
    return Diagnosis("transposed", "the claim is the derivative transposed: write (...).T")


def _other_variable(looked: Looked) -> Diagnosis | None:
    first = looked.samples[0]
    for name, surface in looked.lowered.program.variables.items():
        node = looked.lowered.places[surface]
        if node == first.by:
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
    size = float(np.max(np.abs(true), initial=0)) or 1.0
    unit = true / size  # squares of small numbers are 0
    total = float(np.sum(unit * unit))
    ratio = float(np.sum(claimed / size * unit)) / total if total else 0.0
    return ratio if ratio and same(claimed, ratio * true) else None


def _factor(looked: Looked) -> Diagnosis | None:
    near = [one for one in looked.samples if not one.slack]
    some = [one for one in near if one.true.any() or one.claimed.any()]
    ratios = [ratio for one in some if (ratio := _ratio(one.claimed, one.true))]
    if len(ratios) < len(some) or not ratios:
        return None
    fits = looked.fits(lambda one: ratios[0] * one.true)
    return _of_ratio(looked, ratios) if fits else None


def _of_ratio(looked: Looked, ratios: list[float]) -> Diagnosis | None:
    first = ratios[0] if ratios else 0.0
    if not first or any(abs(one - first) > 1e-9 * abs(first) for one in ratios):
        return None
    if abs(first + 1) < 1e-9:  # noqa: PLR2004 (as near as floats tell)
        return Diagnosis("sign", SIGN)
    if abs(first - 1) < 1e-9:  # noqa: PLR2004 (as near as floats tell)
        return None
    exact = _nice(first)
    nice = abs(float(exact) - first) < 1e-9 * abs(first)
    if len(ratios) < 2 and not nice:  # noqa: PLR2004 (any one point has some factor)
        return None
    factor = str(exact) if nice else number(first)
    text = f"the claim is {factor} times the derivative"
    why = _size(looked, exact) if nice else ""
    return Diagnosis("factor", f"{text}{why}", factor=factor)


def _nice(factor: float) -> Fraction:
    """Return a factor as a fraction: of a small denominator, or of one that is exact."""
    exact = Fraction(factor).limit_denominator(NICE)
    longer = Fraction(factor).limit_denominator(LARGEST)
    near = abs(float(exact) - factor) < 1e-9 * abs(factor)
    return longer if not near and abs(float(longer) - factor) < SURE * abs(factor) else exact


def _size(looked: Looked, factor: Fraction) -> str:
    """Return what a factor is the number of, where it is a size of an array."""
    whole = factor if factor.denominator == 1 else 1 / factor
    if whole.denominator != 1 or abs(whole) < 2 or not _averages(looked, abs(whole)):  # noqa: PLR2004
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


def _averages(looked: Looked, size: Fraction) -> bool:
    """Say whether a program divides by a size, or nothing else in it explains such a factor."""
    first = looked.samples[0]
    graph = first.graph
    inside = [at for at, flag in enumerate(graph.ancestors([first.of])) if flag]
    divisors = {graph.inputs[at][1] for at in inside if graph.operations[at] == "div"}
    divisors |= {at for at in inside if graph.operations[at] == "size"}
    if any(np.shape(first.values[at]) == () and first.values[at] == size for at in divisors):
        return True
    literals: list[Any] = [graph.args[at] for at in inside if graph.operations[at] == "number"]
    return size not in {2, *map(abs, literals)}


def _path(looked: Looked) -> Diagnosis | None:
    """Look for a way at a fan-out that is missing, or is the only one that is there."""
    forks = looked.edges(forks=True)
    for head, tail in forks:
        through, node = looked.text(head), looked.text(tail)
        if looked.fits(lambda one: one.without(frozenset([head]), tail)):  # noqa: B023 (called now)
            text = f"the path through {through} is missing: {node} is used there too"
            return Diagnosis("path", text, through=through, node=node)
    for head, tail in forks:
        through, node = looked.text(head), looked.text(tail)
        if looked.fits(lambda one: one.true - one.without(frozenset([head]), tail)):  # noqa: B023
            text = f"only the path through {through} is there: {node} is used elsewhere too"
            return Diagnosis("path", text, through=through, node=node)
    named = [at for at in looked.between() if looked.samples[0].graph.operations[at] == "name"]
    sets = [[at] for at in looked.between()]
    for heads in [*sets, *map(list, combinations(named[-6:], 2))]:
        if looked.fits(lambda one: one.without(frozenset(heads))):  # noqa: B023
            told = " and ".join([looked.text(at) for at in heads])
            verb = "are taken for constants" if len(heads) > 1 else "is taken for a constant"
            return Diagnosis("path", f"{told} {verb}", through=told)
    return None


def _share(looked: Looked) -> Diagnosis | None:
    """Look for a way along which a multiple comes of what should."""
    for head, tail in looked.edges():
        one = looked.samples[0]
        rest = one.without(frozenset([head]), tail)
        ratio = _ratio(one.claimed - rest, one.true - rest) if rest.any() else None
        exact = Fraction(ratio or 0.0).limit_denominator(NICE)
        if exact in {0, 1} or not looked.fits(lambda one: _times(one, head, tail, float(exact))):  # noqa: B023
            continue
        through, node = looked.text(head), looked.text(tail)
        if exact == -1:
            text = f"the sign of what comes through {through} is flipped"
            return Diagnosis("sign", text, through=through, node=node)
        text = f"what comes through {through} is {exact} times what it should be"
        return Diagnosis("factor", text, factor=str(exact), through=through, node=node)
    return None


def _times(one: Sample, head: int, tail: int, factor: float) -> Value:
    rest = one.without(frozenset([head]), tail)
    return rest + factor * (one.true - rest)


def _left_out(looked: Looked) -> Diagnosis | None:
    """Look for a local derivative that is not multiplied in, or for all below a node."""
    for node in looked.between():
        if looked.fits(lambda one: _stopped(one, node)):  # noqa: B023 (called now)
            what = looked.text(node)
            text = f"the derivative of {what} by {looked.by} is not multiplied in"
            return Diagnosis("inner", text, of=what, by=looked.by)
    for head, tail in looked.edges():
        if looked.fits(lambda one: one.left_out(head, tail)):  # noqa: B023
            above, below = looked.text(head), looked.text(tail)
            text = f"the derivative of {above} by {below} is not multiplied in"
            return Diagnosis("inner", text, of=above, by=below)
    return None


def _stopped(one: Sample, node: int) -> Value:
    """Return the derivative with a node's adjoint in place of what it passes on."""
    found = one.adjoints(one.of, one.by)[node] if not np.shape(one.values[one.of]) else None
    if found is None or np.shape(found) not in {(), one.true.shape}:
        return None
    return one.without(frozenset([node])) + found


def _upstream(looked: Looked) -> Diagnosis | None:
    """Look for a node of which the claim is the derivative, rather than of the output."""
    for node in looked.between()[::-1]:
        if not looked.all_through(node):
            continue
        if looked.fits(lambda one, node=node: one.slope(node, one.by)):  # type: ignore[misc]
            what = looked.text(node)
            top = looked.text(looked.samples[0].of)
            text = f"this is the derivative of {what}: multiply by the one of {top} by {what}"
            return Diagnosis("upstream", text, of=what)
    return None


def _inner(looked: Looked) -> Diagnosis | None:
    """Look for a node by which the claim is the derivative, rather than by the variable."""
    for node in looked.between():

        def make(one: Sample, node: int = node) -> Value:
            found = one.adjoints(one.of, one.by)[node]
            return np.zeros(()) if found is None else np.asarray(found, dtype=float)

        if looked.fits(make) and looked.all_through(node):
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
            if all(same(one.claimed.sum(axis=axes), one.true, one.slack) for one in looked.samples):
                told = "all its elements" if len(axes) == claimed.ndim else _axis(axes)
                text = f"broadcasting is not summed back: sum the claim over {told}"
                return Diagnosis("broadcast", text, axes=list(axes))
    for node in looked.between():
        adjoint = first.adjoints(first.of, first.by)[node]
        if np.ndim(adjoint) < 2:  # noqa: PLR2004
            continue
        for axes in _subsets(np.ndim(adjoint)):
            found = [np.asarray(one.adjoints(one.of, one.by)[node]) for one in looked.samples]
            if any(np.isnan(one.astype(float)).any() for one in found):
                continue
            if all(
                same(one.claimed, each.sum(axis=axes), one.slack)
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
        if all(np.isin(one.values[node], (0, 1)).all() for one in looked.samples):
            continue  # a factor that does nothing, or leaves nothing
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
