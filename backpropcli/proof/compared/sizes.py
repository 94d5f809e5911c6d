"""How two programs are related at two choices of the sizes that letters leave open."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

from backpropcli.proof.compared.answer import (
    CONSTANT,
    DIFFERENT,
    DIFFERS,
    IDENTICAL,
    KINDS,
    OPPOSITE,
    PROPORTIONAL,
    SAME,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.proof.compared.answer import General

    Sizes = Mapping[str, int]

FACTORS, SUMMANDS = {IDENTICAL: "1", OPPOSITE: "-1"}, {IDENTICAL: "0"}
"""What the factor between gradients is, and the constant between values, by kinds without one."""
POWERS = (1, -1, 2, -2)
"""Of sizes, in a term that is made of them."""


def at_both(one: General, other: General, sizes: tuple[Sizes, Sizes]) -> General:
    """Return how two programs are related at both choices of ``sizes``: no closer than at either.

    A constant or a factor that goes with the sizes is written with their letters, if it can be.
    """
    better, worse = sorted((one, other), key=lambda found: KINDS.index(found.kind))
    worse.proved = one.proved and other.proved
    worse.points = min(one.points, other.points)
    worse.reason = worse.reason or better.reason
    worse.exceptions += better.exceptions
    for name, status in better.by.items():
        if status != SAME and worse.by[name] == SAME:
            worse.by[name] = status
    for terms, kind in ((FACTORS, PROPORTIONAL), (SUMMANDS, CONSTANT)):
        if {one.kind, other.kind} <= {*terms, kind} and kind in {one.kind, other.kind}:
            texts = [terms.get(found.kind, found.term) for found in (one, other)]
            worse.term = texts[0] if texts[0] == texts[1] else term(texts, sizes)
            signs = {1 if found.kind == IDENTICAL else found.sign for found in (one, other)}
            worse.sign = signs.pop() if len(signs) == 1 else 0
            worse.kind = kind
            return worse
    if one.kind != other.kind and worse.verdict == "disagrees":
        worse.kind, worse.value, worse.term, worse.sign = DIFFERENT, DIFFERS, "", 0
    return worse


def term(terms: Sequence[str], sizes: tuple[Sizes, Sizes]) -> str:
    """Return a term that is one number at some sizes, and another at others, as text."""
    told = " or ".join(terms)
    try:
        numbers = [Fraction(term) for term in terms]
    except ValueError:  # a text with variables
        return told
    groups: list[tuple[str, ...]] = [(name,) for name in sizes[0]]
    groups += combinations(sizes[0], 2)
    for power, group in product(POWERS, groups):
        made = [Fraction(1)] * 2
        for name in group:
            made = [part * one[name] for part, one in zip(made, sizes, strict=True)]
        factors = {number / part**power for number, part in zip(numbers, made, strict=True)}
        if len(factors) == 1:
            return _written(factors.pop(), "*".join(group), power)
    return told


def _written(factor: Fraction, base: str, power: int) -> str:
    """Return factor*base^power as text."""
    text = base if abs(power) == 1 else f"({base})^2" if "*" in base else f"{base}^2"
    if power > 0:
        above, under = factor.as_integer_ratio()
        text = {1: text, -1: f"-{text}"}.get(above, f"{above}*{text}")
        return text if under == 1 else f"{text}/{under}"
    below = f"({text})" if "*" in text and abs(power) == 1 else text
    return f"{factor}/{below}" if factor.denominator == 1 else f"({factor})/{below}"
