"""Sizes that are not known yet: sums of products of letters, such as n, n*d and n - 1.

Two sizes are equal where they are for all numbers that the letters may stand for.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    Size: TypeAlias = "int | Letters"
    Shape: TypeAlias = tuple[Size, ...]
    Product = tuple[str, ...]

BEYOND = 1e300
"""Bytes that are not counted."""


class Letters:
    """A size with letters: ``terms`` maps products, as sorted letters, to whole numbers."""

    __slots__ = ("_key", "terms")

    def __init__(self, terms: dict[Product, int]) -> None:
        self.terms = terms
        self._key = frozenset(terms.items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Letters) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __add__(self, other: Size) -> Size:
        return _size([*self.terms.items(), *_terms(other).items()])

    def __mul__(self, other: Size) -> Size:
        return _size(
            (tuple(sorted((*one, *two))), number * times)
            for one, number in self.terms.items()
            for two, times in _terms(other).items()
        )

    __radd__ = __add__
    __rmul__ = __mul__

    def __str__(self) -> str:
        text = ""
        for product, number in sorted(self.terms.items(), key=lambda term: (not term[0], term[0])):
            count = [str(abs(number))] if abs(number) != 1 or not product else []
            sign = " - " if number < 0 else " + "
            text += (sign if text else "-" * (number < 0)) + "*".join([*count, *product])
        return text

    __repr__ = __str__

    def over(self, other: Size) -> Size | None:
        """Return this over another size; None where that is no size of letters."""
        divided = _terms(other)
        if len(divided) != 1:
            return 1 if self == other else None
        [(letters, number)] = divided.items()
        found = []
        for product, times in self.terms.items():
            rest = [*product]
            for letter in letters:
                if letter not in rest:
                    return None
                rest.remove(letter)
            if times % number:
                return None
            found.append((tuple(rest), times // number))
        return _size(found)

    def at(self, numbers: Mapping[str, Size]) -> Size:
        """Return this size where letters have numbers; a letter without one stays."""
        found: Size = 0
        for product, count in self.terms.items():
            part: Size = count
            for name in product:
                part = part * numbers.get(name, letter(name))
            found = found + part
        return found

    def alone(self) -> str | None:
        """Return the letter that this is some times of, and a number more; None for others."""
        [letters, *others] = [product for product in self.terms if product]
        return letters[0] if len(letters) == 1 and not others else None

    def letters(self) -> list[str]:
        """Return the letters, each once."""
        return list(dict.fromkeys(letter for product in self.terms for letter in product))


def letter(name: str) -> Letters:
    """Return the size that a letter stands for."""
    return Letters({(name,): 1})


def text(shape: Shape) -> str:
    """Return a shape as people read it: 3x2, n x (d + 1), or "a number"."""
    parts = [f"({size})" if " " in str(size) else str(size) for size in shape]
    letters = any(isinstance(size, Letters) for size in shape)
    return (" x " if letters else "x").join(parts) or "a number"


def amount(count: float) -> str:
    """Return a number of bytes as people say it: 8 TB."""
    if count > BEYOND:  # a whole number may be larger than any float
        return "over 1e300 bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if count < 999.5:  # noqa: PLR2004 (a unit is a thousand of the one before it, rounded)
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} PB" if count < 1000 else f"{count:,.0f} PB"  # noqa: PLR2004


def letters_of(shapes: Iterable[Shape]) -> set[str]:
    """Return the letters in shapes."""
    sizes = [size for shape in shapes for size in shape]
    return {one for size in sizes if isinstance(size, Letters) for one in size.letters()}


def sized(shape: Iterable[int | str | Letters]) -> tuple[Size, ...]:
    """Return a shape whose sizes may be names of letters."""
    return tuple([letter(one) if isinstance(one, str) else one for one in shape])


def _terms(size: Size) -> dict[Product, int]:
    return size.terms if isinstance(size, Letters) else {(): size} if size else {}


def _size(terms: Iterable[tuple[Product, int]]) -> Size:
    """Return a sum of products as a size: a number where no letter is left."""
    found: dict[Product, int] = {}
    for product, number in terms:
        found[product] = found.get(product, 0) + number
    found = {product: number for product, number in found.items() if number}
    return found.get((), 0) if found.keys() <= {()} else Letters(found)


def over(count: Size, parts: Size) -> Size | None:
    """Return a size over another; None where that is no whole number."""
    if isinstance(count, Letters):
        return count.over(parts)
    return None if isinstance(parts, Letters) or count % parts else count // parts
