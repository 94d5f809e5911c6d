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
    from backpropcli.graph.graph import Graph
    from backpropcli.proof.claims.diagnosis.edited import Change
    from backpropcli.proof.claims.diagnosis.looked import Looked

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


def _sign(looked: Looked) -> Diagnosis | None:
    claim = Edited(looked)
    for at, place, child in claim.terms():
        if claim.works(claim.with_term(at, place, lambda found, one: found.node("neg", (one,)))):
            what = looked.text(child)
            return Diagnosis("sign", f"the sign of {what} is flipped", term=what)
    return None


def _factor(looked: Looked) -> Diagnosis | None:
    """Look for a term with a factor too many, or too few: a small one, or the size of an array."""
    claim = Edited(looked)
    sizes = {float(size) for one in looked.samples[0].bindings.values() for size in np.shape(one)}
    factors = [*FACTORS, *(one for size in sorted(sizes - {1.0, 2.0}) for one in (size, 1 / size))]
    for at, place, child in claim.terms():
        for factor in factors:
            if claim.lacks(at, place, number(factor)):
                what = looked.text(child)
                told = f"{factor:g}" if factor >= 1 else f"1/{1 / factor:g}"
                text = f"the factor {told} is missing at {what}"
                return Diagnosis("factor", text, factor=told, term=what)
    return None


def _turned(found: Graph, one: int) -> int:
    if found.operations[one] == "transpose" and found.args.get(one) == (None,):
        return found.inputs[one][0]
    return found.node("transpose", (one,), (None,))


def _transposed(looked: Looked) -> Diagnosis | None:
    """Look for a matrix that has to be transposed in one place."""
    claim = Edited(looked)
    for at in claim.inside:
        if claim.graph.operations[at] == "transpose":
            continue
        for place, child in enumerate(claim.graph.inputs[at]):
            if len(claim.shape(child)) != MATRIX:
                continue
            if claim.works(claim.with_term(at, place, _turned)):
                return _is_transposed(claim, child, f"in {looked.text(at)}")
    return None


def _transposed_everywhere(looked: Looked) -> Diagnosis | None:
    """Look for a matrix that has to be transposed wherever it is."""
    claim = Edited(looked)
    graph = claim.graph
    for leaf in claim.nodes:
        if len(claim.shape(leaf)) != MATRIX or graph.operations[leaf] not in NAMED:
            continue

        def change(
            found: Graph, node: int, inputs: tuple[int, ...], leaf: int = leaf
        ) -> int | None:
            if node == leaf:
                return found.node("transpose", (copied(graph, found, leaf),), (None,))
            turned = graph.operations[node] == "transpose" and graph.inputs[node] == (leaf,)
            return found.inputs[inputs[0]][0] if turned else None

        if claim.works(change):
            return _is_transposed(claim, leaf, "everywhere")
    return None


def _is_transposed(claim: Edited, node: int, where: str) -> Diagnosis:
    what = claim.looked.text(node)
    if claim.graph.operations[node] == "transpose":
        text = f"a transpose too many: {what} must not be transposed {where}"
    else:
        turned = f"{what}.T" if what.isidentifier() else f"({what}).T"
        text = f"a transpose is missing: {what} has to be {turned} {where}"
    return Diagnosis("transposed", text, of=what)


def _axis(looked: Looked) -> Diagnosis | None:
    """Look for an operation along an axis that has to go along another one."""
    claim = Edited(looked)
    for at in claim.inside:
        static = claim.static(at)
        own = static.get("axis")
        if type(own) is not int:
            continue
        count = len(claim.shape(claim.graph.inputs[at][0]))
        kept: list[dict[str, Any]] = [{}]
        kept += [{"keepdims": True}] if static.get("keepdims") is False else []
        for axis in range(count):
            for also in kept if axis != own % count else ():
                if claim.works(claim.with_static(at, {"axis": axis, **also})):
                    what, wrong = looked.text(at), own % count
                    text = f"{what} goes along axis {wrong}, and should go along axis {axis}"
                    text += ", with keepdims=True" if also else ""
                    return Diagnosis("axis", text, axes=[wrong])
    return None


def _argument(looked: Looked) -> Diagnosis | None:
    """Look for a diagonal, or a shift, that has to be another one."""
    claim = Edited(looked)
    for at in claim.inside:
        static = claim.static(at)
        name, usual = ARGUMENTS.get(claim.graph.operations[at], ("", ()))
        own = static.get(name)
        if type(own) is not int:
            continue
        for other in [one for one in (-own, *usual) if one != own]:
            if claim.works(claim.with_static(at, {name: other})):
                text = f"the {name} of {looked.text(at)} is {own}, and should be {other}"
                return Diagnosis("argument", text, of=name)
    return None


def _swapped(looked: Looked) -> Diagnosis | None:
    """Look for an operation whose inputs are the wrong way round."""
    claim = Edited(looked)
    for at in claim.inside:
        operation = claim.graph.operations[at]
        if operation not in SWAPPED:
            continue
        if claim.works(claim.with_inputs(at, lambda _, inputs: inputs[::-1])):
            sign = SWAPPED[operation]
            one, other = (looked.text(child) for child in claim.graph.inputs[at])
            text = f"operands are swapped: {one} {sign} {other} has to be the other way round"
            return Diagnosis("swapped", text, operation=sign)
    return None


def _exchanged(looked: Looked) -> Diagnosis | None:
    """Look for two names that are in each other's place."""
    claim = Edited(looked)
    leaves = [at for at in claim.nodes if claim.graph.operations[at] in NAMED]
    for one, other in combinations(leaves[-MOST_NAMES:], 2):
        below = claim.graph.ancestors([other])[one] or claim.graph.ancestors([one])[other]
        if below or claim.shape(one) != claim.shape(other):
            continue
        if claim.works(_exchange(claim.graph, one, other)):
            names = looked.text(one), looked.text(other)
            text = f"{names[0]} and {names[1]} are swapped: each has to be where the other one is"
            return Diagnosis("swapped", text, operation="both")
    return None


def _exchange(graph: Graph, one: int, other: int) -> Change:
    """Return the change that has two nodes in each other's place."""
    others = {one: other, other: one}
    return lambda found, node, _: copied(graph, found, others[node]) if node in others else None


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


def _part(looked: Looked) -> Diagnosis | None:
    """Look for a term of the claim that lacks a factor, which is a value of the program."""
    claim = Edited(looked)
    first = looked.samples[0]
    below = first.graph.ancestors([first.of])
    factors = [
        at
        for at, flag in enumerate(below)
        if flag and first.graph.operations[at] in NAMED and not claim.shape(at)
    ]
    for at, place, child in claim.terms():
        for node in factors[:MOST_NAMES]:
            if claim.lacks(at, place, partial(copied, first.graph, root=node)):
                what, term = looked.text(node), looked.text(child)
                text = f"the factor {what} is missing at {term}"
                return Diagnosis("missing", text, factor=what, term=term)
    return None


TURNS = (_axis, _argument, _transposed, _transposed_everywhere)
WAYS = (
    _sign,
    _factor,
    _swapped,
    _exchanged,
    _term,
    _part,
)
