"""Claims that are the derivative but for a sign, a factor, the way round, or by what it is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.claims.diagnosis.looked import MOST_NODES
from backpropcli.proof.findings.answer import Diagnosis
from backpropcli.proof.floats.alike import ratio_of, same
from backpropcli.report import decimals

if TYPE_CHECKING:
    from backpropcli.proof.claims.diagnosis.looked import Looked
    from backpropcli.proof.claims.sample import Sample

    Value = Any

NICE, LARGEST = 24, 10_000
"""Denominators of factors that are told as fractions, and such where floats are sure."""
SURE, NEAR = 1e-12, 1e-9
FEW = 0.01
"""How many fractions as simple as one may be as near to a factor, by chance."""


def sign(looked: Looked) -> Diagnosis | None:
    """Look for a claim that is the derivative times -1."""
    if not looked.fits(lambda one: -one.true):
        return None
    return Diagnosis("sign", "the sign is flipped: the derivative is the claim times -1")


def turned(looked: Looked) -> Diagnosis | None:
    """Look for a matrix that is the derivative transposed."""
    shape = looked.samples[0].claimed.shape
    if len(shape) != 2 or not looked.fits(lambda one: one.true.T):  # noqa: PLR2004 (a matrix)
        return None
    return Diagnosis("transposed", "the claim is the derivative transposed: write (...).T")


def other_variable(looked: Looked) -> Diagnosis | None:
    """Look for a variable by which the claim is the derivative."""
    first = looked.samples[0]
    for name, surface in looked.lowered.program.variables.items():
        node = looked.lowered.places[surface]
        shape = np.shape(first.values[first.of]) + np.shape(first.values[node])
        if node == first.by or shape != first.claimed.shape:
            continue
        if looked.fits(lambda one, node=node: one.slope(one.of, node)):  # type: ignore[misc]
            return Diagnosis(
                "variable", f"this is the derivative by {name}, not by {looked.by}", variable=name
            )
    return None


def factor(looked: Looked) -> Diagnosis | None:
    """Look for one number that the claim is times the derivative."""
    near = [one for one in looked.samples if not one.slack]
    some = [one for one in near if one.true.any() or one.claimed.any()]
    ratios = [ratio for one in some if (ratio := ratio_of(one.claimed, one.true))]
    if len(ratios) < len(some) or not ratios:
        return None
    first = ratios[0]
    if not _is_times(looked, first):
        return None
    exact = _fraction_of(looked, first)
    simple = exact is not None and (abs(exact.numerator) == 1 or exact.denominator <= NICE)
    if len(ratios) < 2 and not simple:  # noqa: PLR2004 (one point has some factor)
        return None
    factor = decimals.factor(first) if exact is None else str(exact)
    text = f"the claim is {factor} times the derivative"
    why = "" if exact is None else _size(looked, exact)
    return Diagnosis("factor", f"{text}{why}", factor=factor)


def _is_times(looked: Looked, factor: float) -> bool:
    """Say whether the claim is the derivative times a factor, in every sample."""
    return looked.fits(lambda one: factor * one.true)


def _fraction_of(looked: Looked, factor: float) -> Fraction | None:
    """Return a factor as a fraction: a size of an array, a simple one, or one that floats tell.

    None where there is none, or too many that are as near as rounding.
    """
    blur = _blur(looked.samples[0])
    exact = Fraction(factor)
    sizes = {size for value in looked.samples[0].bindings.values() for size in _sizes(value)}
    known = [one for size in sorted(sizes) for one in (Fraction(size), Fraction(1, size))]
    known = [one if factor > 0 else -one for one in known]
    simple = [exact.limit_denominator(NICE), Fraction(1, round(1 / exact) or 1)]
    longer = exact.limit_denominator(LARGEST)
    simple += [longer] if abs(float(longer) - factor) < SURE * abs(factor) else []
    simple = [one for one in simple if abs(one.numerator) * one.denominator * blur < FEW]
    for one in (*known, *simple):
        near = abs(float(one) - factor) <= (NEAR + blur) * abs(factor)
        if near and _is_times(looked, float(one)):
            return one
    return None


def _blur(one: Sample) -> float:
    """Return how far rounding moves a factor, of itself."""
    size = float(np.max(np.abs(one.claimed), initial=0))
    return float(np.max(one.rounding, initial=0)) / size if size else 0.0


def _sizes(value: Value) -> set[int]:
    """Return what may be n of a mean: sizes of an array."""
    shape = np.shape(value)
    return {size for size in (*shape, int(np.prod(shape))) if size > 1}


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


def missing(looked: Looked) -> Diagnosis | None:
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
        what = looked.text(node)
        if looked.fits_after(lambda one: _times(one.claimed, one, node)):  # noqa: B023 (called now)
            return Diagnosis("missing", f"the factor {what} is missing", factor=what)
        if looked.fits(lambda one: _times(one.true, one, node)):  # noqa: B023
            text = f"the claim has a factor {what} too many"
            return Diagnosis("missing", text, factor=what)
    return None


def _times(side: Value, one: Sample, node: int) -> Value:
    return side * np.asarray(one.values[node], dtype=float)
