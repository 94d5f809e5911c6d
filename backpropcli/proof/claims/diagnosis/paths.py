"""Claims in which a way from the output to the variable is missing, or a part of one."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.claims.diagnosis.scale import NICE
from backpropcli.proof.findings.answer import Diagnosis
from backpropcli.proof.floats.alike import ratio_of

if TYPE_CHECKING:
    from backpropcli.proof.claims.diagnosis.looked import Looked
    from backpropcli.proof.claims.sample import Sample

    Value = Any

PICKS = {"index", "gather"}
"""Operations that take elements by their places."""
MATRIX = 2


def path(looked: Looked) -> Diagnosis | None:
    """Look for a way at a fan-out that is missing, or is the only one that is there."""
    forks = looked.edges(forks=True)
    for head, tail in forks:
        if looked.fits(lambda one: one.without(frozenset([head]), tail)):  # noqa: B023 (called now)
            return missing(looked, head, tail)
    for head, tail in forks:
        if looked.fits(lambda one: one.true - one.without(frozenset([head]), tail)):  # noqa: B023
            which, node = _way(looked, head, tail), looked.text(tail)
            text = f"only the path {which} is there: {node} is used elsewhere too"
            return Diagnosis("path", text, through=looked.text(head), node=node)
    named = [at for at in looked.between() if looked.samples[0].graph.operations[at] == "name"]
    sets = [[at] for at in looked.between()]
    for heads in [*sets, *map(list, combinations(named[-6:], 2))]:
        if looked.fits(lambda one: one.without(frozenset(heads))):  # noqa: B023
            told = " and ".join([looked.text(at) for at in heads])
            verb = "are taken for constants" if len(heads) > 1 else "is taken for a constant"
            return Diagnosis("path", f"{told} {verb}", through=told)
    return None


def missing(looked: Looked, head: int, tail: int) -> Diagnosis:
    """Return that of the uses of a node the one in ``head`` is missing."""
    through, node = looked.text(head), looked.text(tail)
    text = f"the path {_way(looked, head, tail)} is missing: {node} is used there too"
    return Diagnosis("path", text, through=through, node=node)


def _way(looked: Looked, head: int, tail: int) -> str:
    """Return which path an edge is on: other paths may go through its head as well."""
    first = looked.samples[0]
    moving = first.edges(first.by).active
    others = [child for child in first.graph.inputs[head] if child != tail and moving[child]]
    if not others:
        return f"through {looked.text(head)}"
    return f"from {looked.text(head)} straight to {looked.text(tail)}"


def overwritten(looked: Looked) -> Diagnosis | None:
    """Look for elements that are taken twice, of which only the last use is there."""
    graph = looked.samples[0].graph
    for node in looked.between():
        if graph.operations[node] not in PICKS:
            continue
        if looked.fits(lambda one, node=node: one.overwritten(node)):  # type: ignore[misc]
            what, source = looked.text(node), looked.text(graph.inputs[node][0])
            text = f"{what} takes an element of {source} more than once: add up all its uses"
            return Diagnosis("path", text, through=what, node=source)
    return None


def share(looked: Looked) -> Diagnosis | None:
    """Look for a way along which a multiple comes of what should."""
    for head, tail in looked.edges():
        one = looked.samples[0]
        rest = one.without(frozenset([head]), tail)
        ratio = ratio_of(one.claimed - rest, one.true - rest) if rest.any() else None
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


def left_out(looked: Looked) -> Diagnosis | None:
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


def upstream(looked: Looked) -> Diagnosis | None:
    """Look for a node of which the claim is the derivative, rather than of the output."""
    first = looked.samples[0]
    for node in looked.between()[::-1]:
        if np.shape(first.values[node]) + np.shape(first.values[first.by]) != first.claimed.shape:
            continue
        fits = looked.fits(lambda one, node=node: one.slope(node, one.by))  # type: ignore[misc]
        if fits and looked.all_through(node):
            what = looked.text(node)
            top = looked.text(looked.samples[0].of)
            text = f"this is the derivative of {what}: multiply by the one of {top} by {what}"
            return Diagnosis("upstream", text, of=what)
    return None


def arriving(looked: Looked) -> Diagnosis | None:
    """Look for a matrix that arrives at a node, and has to be multiplied with the claim."""
    for node in looked.between():
        for turned in (False, True):
            if looked.fits_after(lambda one: _times_adjoint(one, node, turned=turned)):  # noqa: B023
                what, top = looked.text(node), looked.text(looked.samples[0].of)
                rest = "it @ the claim" if turned else "the claim @ it"
                text = f"the derivative of {top} by {what} is not multiplied in: write {rest}"
                return Diagnosis("upstream", text, of=what)
    return None


def _times_adjoint(one: Sample, node: int, *, turned: bool) -> Value:
    found: Any = None if np.shape(one.values[one.of]) else one.adjoints(one.of, one.by)[node]
    if np.ndim(found) != MATRIX or one.claimed.ndim != MATRIX:
        return None
    left, right = (found, one.claimed) if turned else (one.claimed, found)
    return left @ right if left.shape[1] == right.shape[0] else None


def inner(looked: Looked) -> Diagnosis | None:
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
