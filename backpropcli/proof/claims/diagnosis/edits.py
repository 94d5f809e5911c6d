"""Edits of a wrong claim that make it right: a sign, a factor, a transpose, an axis, a swap.

An edit is told only where it makes the claim right at every point that is looked at.
"""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.proof.claims.diagnosis.edited import MOST, Edited, copied, number
from backpropcli.proof.findings.answer import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.claims.diagnosis.edited import Change, Inputs
    from backpropcli.proof.claims.diagnosis.looked import Looked

    Edit = tuple[Change, Diagnosis]
    """A change of a claim, and what is told if it makes the claim right."""
    Way = Callable[[Looked], Diagnosis | None]

SWAPPED = {"sub": "-", "div": "/", "matmul": "@", "pow": "^", "outer": "and"}
FACTORS = (2.0, 0.5)
NAMED = {"variable", "name"}
MATRIX = 2
DIAGONALS = (0, 1, -1)
ARGUMENTS = {"tril": ("k", DIAGONALS), "triu": ("k", DIAGONALS), "roll": ("shift", ())}
"""What people give the wrong number for: the negative one, or one of these.

Of few elements any shift is one of some.
"""
MOST_NAMES = 12


def _by(edits: Callable[[Edited], Iterator[Edit]]) -> Way:
    """Return the way to look for the first of some edits that makes a claim right."""

    def way(looked: Looked) -> Diagnosis | None:
        claim = Edited(looked)
        return next((told for change, told in edits(claim) if claim.works(change)), None)

    return way


def _signs(claim: Edited) -> Iterator[Edit]:
    for at, place, child in claim.terms():
        what = claim.text(child)
        told = Diagnosis("sign", f"the sign of {what} is flipped", term=what)
        yield claim.with_term(at, place, lambda found, one: found.node("neg", (one,))), told


def _factors(claim: Edited) -> Iterator[Edit]:
    """Yield terms with a factor more, or less: a small one, or the size of an array."""
    bindings = claim.looked.samples[0].bindings
    sizes = {float(size) for one in bindings.values() for size in np.shape(one)}
    factors = [*FACTORS, *(one for size in sorted(sizes - {1.0, 2.0}) for one in (size, 1 / size))]
    for at, place, child in filter(claim.needs, claim.terms()):
        for factor in factors:
            what = claim.text(child)
            told = f"{factor:g}" if factor >= 1 else f"1/{1 / factor:g}"
            text = f"the factor {told} is missing at {what}"
            change = claim.with_factor(at, place, number(factor))
            yield change, Diagnosis("factor", text, factor=told, term=what)


def _turned(found: Graph, one: int) -> int:
    if found.operations[one] == "transpose" and found.args.get(one) == (None,):
        return found.inputs[one][0]
    return found.node("transpose", (one,), (None,))


def _transposed(claim: Edited) -> Iterator[Edit]:
    """Yield matrices that are transposed in one place."""
    for at in claim.inside:
        for place, child in enumerate(claim.graph.inputs[at]):
            if claim.graph.operations[at] != "transpose" and len(claim.shape(child)) == MATRIX:
                change = claim.with_term(at, place, _turned)
                yield change, _is_transposed(claim, child, f"in {claim.text(at)}")


def _transposed_everywhere(claim: Edited) -> Iterator[Edit]:
    """Yield matrices that are transposed wherever they are."""
    graph = claim.graph
    for leaf in claim.nodes:
        if len(claim.shape(leaf)) != MATRIX or graph.operations[leaf] not in NAMED:
            continue

        def change(found: Graph, node: int, inputs: Inputs, leaf: int = leaf) -> int | None:
            if node == leaf:
                return found.node("transpose", (copied(graph, found, leaf),), (None,))
            turned = graph.operations[node] == "transpose" and graph.inputs[node] == (leaf,)
            return found.inputs[inputs[0]][0] if turned else None

        yield change, _is_transposed(claim, leaf, "everywhere")


def _is_transposed(claim: Edited, node: int, where: str) -> Diagnosis:
    what = claim.text(node)
    if claim.graph.operations[node] == "transpose":
        text = f"a transpose too many: {what} must not be transposed {where}"
    else:
        turned = f"{what}.T" if what.isidentifier() else f"({what}).T"
        text = f"a transpose is missing: {what} has to be {turned} {where}"
    return Diagnosis("transposed", text, of=what)


def _axes(claim: Edited) -> Iterator[Edit]:
    """Yield operations along an axis that go along another one."""
    for at, static in claim.statics():
        own = static.get("axis")
        if type(own) is not int:
            continue
        count = len(claim.shape(claim.graph.inputs[at][0]))
        kept: list[dict[str, Any]] = [{}]
        kept += [{"keepdims": True}] if static.get("keepdims") is False else []
        for axis in range(count):
            for also in kept if axis != own % count else ():
                what, wrong = claim.text(at), own % count
                text = f"{what} goes along axis {wrong}, and should go along axis {axis}"
                text += ", with keepdims=True" if also else ""
                change = claim.with_static(at, {"axis": axis, **also})
                yield change, Diagnosis("axis", text, axes=[wrong])


def _arguments(claim: Edited) -> Iterator[Edit]:
    """Yield diagonals, and shifts, that are other ones."""
    for at, static in claim.statics():
        name, usual = ARGUMENTS.get(claim.graph.operations[at], ("", ()))
        own = static.get(name)
        for other in (-own, *usual) if type(own) is int else ():
            if other != own:
                text = f"the {name} of {claim.text(at)} is {own}, and should be {other}"
                yield claim.with_static(at, {name: other}), Diagnosis("argument", text, of=name)


def _swaps(claim: Edited) -> Iterator[Edit]:
    """Yield operations whose inputs are the other way round."""
    for at in claim.inside:
        sign = SWAPPED.get(claim.graph.operations[at])
        if sign is not None:
            one, other = (claim.text(child) for child in claim.graph.inputs[at])
            text = f"operands are swapped: {one} {sign} {other} has to be the other way round"
            change = claim.with_inputs(at, lambda _, inputs: inputs[::-1])
            yield change, Diagnosis("swapped", text, operation=sign)


def _exchanges(claim: Edited) -> Iterator[Edit]:
    """Yield two names in each other's place."""
    graph = claim.graph
    leaves = [at for at in claim.nodes if graph.operations[at] in NAMED]
    for one, other in combinations(leaves[-MOST_NAMES:], 2):
        below = graph.ancestors([other])[one] or graph.ancestors([one])[other]
        if below or claim.shape(one) != claim.shape(other):
            continue
        names = claim.text(one), claim.text(other)
        text = f"{names[0]} and {names[1]} are swapped: each has to be where the other one is"
        yield _exchange(graph, one, other), Diagnosis("swapped", text, operation="both")


def _exchange(graph: Graph, one: int, other: int) -> Change:
    """Return the change that has two nodes in each other's place."""
    others = {one: other, other: one}
    return lambda found, node, _: copied(graph, found, others[node]) if node in others else None


def _parts(claim: Edited) -> Iterator[Edit]:
    """Yield terms with one factor more, which is a value of the program."""
    first = claim.looked.samples[0]
    below = first.graph.ancestors([first.of])
    factors = [
        at
        for at, flag in enumerate(below)
        if flag and first.graph.operations[at] in NAMED and not claim.shape(at)
    ]
    for at, place, child in filter(claim.needs, claim.terms()):
        for node in factors[:MOST_NAMES]:
            what, term = claim.text(node), claim.text(child)
            text = f"the factor {what} is missing at {term}"
            change = claim.with_factor(at, place, partial(copied, first.graph, root=node))
            yield change, Diagnosis("missing", text, factor=what, term=term)


def _term(looked: Looked) -> Diagnosis | None:
    """Look for a value that has to be added to the claim, or to be taken off it."""
    first = looked.samples[0]
    if first.claimed.shape != first.true.shape or looked.hides_terms():
        return None
    below = first.graph.ancestors([first.of, first.claim])
    for node in [at for at, flag in enumerate(below) if flag][:MOST]:
        if np.shape(first.values[node]) not in {(), first.true.shape}:
            continue
        if first.graph.operations[node] == "number":
            continue
        for sign in (1, -1):
            if looked.fits(lambda one, node=node, sign=sign: one.true - sign * one.values[node]):  # type: ignore[misc]
                what = looked.text(node)
                told = what if sign > 0 else f"-{what}" if what.isidentifier() else f"-({what})"
                return Diagnosis("path", f"the term {told} is missing", term=told)
    return None


TURNS = (*map(_by, (_axes, _arguments, _transposed, _transposed_everywhere)),)
WAYS = (*map(_by, (_signs, _factors, _swaps, _exchanges)), _term, _by(_parts))
