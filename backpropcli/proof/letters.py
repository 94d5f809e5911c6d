"""Terms that are other numbers at other sizes, written in the letters of those sizes."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import prod, sqrt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Sizes = Mapping[str, int]
    Term = Callable[[Sizes], Fraction | float]
    Of = Callable[[Fraction], Fraction]

POWERS = (1, -1, 2, -2)
"""Of sizes, in a term that is made of them."""
BESIDE: dict[str, Of] = {
    "{0}/({0} - 1)": lambda n: n / (n - 1),
    "({0} - 1)/{0}": lambda n: (n - 1) / n,
    "({0} - 1)": lambda n: n - 1,
    "1/({0} - 1)": lambda n: 1 / (n - 1),
    "({0} + 1)": lambda n: n + 1,
    "1/({0} + 1)": lambda n: 1 / (n + 1),
}
"""Terms of a size and of the whole number after it, or before it: sizes here are 2 or more."""
UNDER_ROOTS: dict[str, Of] = {
    "sqrt({0})": lambda n: n,
    "1/sqrt({0})": lambda n: 1 / n,
    **{f"sqrt({text})": function for text, function in [*BESIDE.items()][:2]},
}
ROOTED = (Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2))
"""Factors beside roots."""
ROUNDED = 5e-6
"""How far a factor is off that is told in six digits."""


def term(terms: Sequence[str], sizes: tuple[Sizes, Sizes]) -> str:
    """Return a term that is one number at some sizes, and another at others, as text."""
    return letters(terms, sizes) or " or ".join(
        f"{term} ({' '.join(f'{name}={size}' for name, size in one.items())})"
        for term, one in zip(terms, sizes, strict=True)
    )


def letters(
    terms: Sequence[str],
    sizes: tuple[Sizes, Sizes],
    holds: Callable[[Callable[[Sizes], float]], bool] | None = None,
) -> str:
    """Return a term that is numbers at sizes in the sizes' letters; "" where it is none of them.

    What needs no factor but a sign comes first: products of sizes, and then what is beside them.
    Two choices of sizes leave it open what else it is: for that there is ``holds``, which says
    whether a formula of sizes is right at others.
    """
    try:
        numbers = [Fraction(term.rpartition("≈")[2].strip()) for term in terms]
    except ValueError:  # a text with variables
        return ""
    found = [*_products(numbers, sizes), *_beside(numbers, sizes), *_roots(numbers, sizes)]
    found.sort(key=lambda one: abs(one.factor) != 1)  # the others stay as they are
    if holds is not None:
        return next((one.text for one in found if holds(one.at)), "")
    return next((one.text for one in found if one.usual or abs(one.factor) == 1), "")


class Formula:
    """A factor times a term with letters: its ``text``, and what it is ``at`` sizes."""

    def __init__(self, factor: Fraction, text: str, term: Term, *, usual: bool = False) -> None:
        self.factor = factor
        self.text = text
        self.term = term
        self.usual = usual

    def at(self, sizes: Sizes) -> float:
        """Return what it is at sizes."""
        return float(self.factor) * float(self.term(sizes))


def _products(numbers: Sequence[Fraction], sizes: tuple[Sizes, Sizes]) -> Iterator[Formula]:
    """Yield powers of sizes, and of the product of two."""
    groups: list[tuple[str, ...]] = [(name,) for name in sizes[0]]
    groups += combinations(sizes[0], 2)
    for power, group in product(POWERS, groups):

        def made(one: Sizes, group: tuple[str, ...] = group, power: int = power) -> Fraction:
            return prod([Fraction(one[name]) for name in group]) ** power

        for factor in _common(numbers, [made(one) for one in sizes]):
            text = _written(factor, "*".join(group), power)
            yield Formula(factor, text, made, usual=True)


def _beside(numbers: Sequence[Fraction], sizes: tuple[Sizes, Sizes]) -> Iterator[Formula]:
    """Yield what is made of a size and of one more, or of one less: n/(n - 1)."""
    for name, (text, function) in product(sizes[0], BESIDE.items()):

        def made(one: Sizes, name: str = name, function: Of = function) -> Fraction:
            return function(Fraction(one[name]))

        for factor in _common(numbers, [made(one) for one in sizes]):
            yield Formula(factor, times(factor, text.format(name)), made)


def _common(numbers: Sequence[Fraction], parts: Sequence[Fraction]) -> set[Fraction]:
    """Return the one factor that makes numbers of parts, if there is one."""
    factors = {number / part for number, part in zip(numbers, parts, strict=True)}
    return factors if len(factors) == 1 else set()


def _roots(numbers: Sequence[Fraction], sizes: tuple[Sizes, Sizes]) -> Iterator[Formula]:
    """Yield roots of a size, and of what is beside one: these are decimals that are rounded."""
    for factor, name, (text, function) in product(ROOTED, sizes[0], UNDER_ROOTS.items()):

        def made(one: Sizes, name: str = name, function: Of = function) -> float:
            return sqrt(function(Fraction(one[name])))

        found = Formula(factor, times(factor, text.format(name)), made)
        pairs = zip(numbers, sizes, strict=True)
        if all(abs(float(number) / found.at(one) - 1) < ROUNDED for number, one in pairs):
            yield found


def times(factor: Fraction, text: str) -> str:
    """Return factor*text."""
    above, under = factor.as_integer_ratio()
    if text.startswith("1/"):
        below = text.removeprefix("1/")
        return f"{above}/{below}" if under == 1 else f"{above}/({under}*{below})"
    found = {1: text, -1: f"-{text}"}.get(above, f"{above}*{text}")
    return found if under == 1 else f"{found}/{under}"


def _written(factor: Fraction, base: str, power: int) -> str:
    """Return factor*base^power as text."""
    text = base if abs(power) == 1 else f"({base})^2" if "*" in base else f"{base}^2"
    if power > 0:
        above, under = factor.as_integer_ratio()
        text = {1: text, -1: f"-{text}"}.get(above, f"{above}*{text}")
        return text if under == 1 else f"{text}/{under}"
    below = f"({text})" if "*" in text and abs(power) == 1 else text
    return f"{factor}/{below}" if factor.denominator == 1 else f"({factor})/{below}"
