"""Shapes that are typed, and those that values have: what letters are where both are known."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.sizes import Letters, letters_of, text
from backpropcli.calculus.choice import shapes_of
from backpropcli.calculus.sizing import NOT_EMPTY, error, typed
from backpropcli.errors import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape, Size
    from backpropcli.calculus.sizing import Shapes
    from backpropcli.errors import SourceError
    from backpropcli.language.program import Program

    Equation = tuple[str, Size, Size]
    """Whose value has a size, the size as it is written, and its number."""


def fitted(
    variables: Collection[str],
    given: Shapes,
    known: Mapping[str, Shape],
    sizes: Mapping[str, int] | None = None,
) -> dict[str, Shape]:
    """Return the shapes of a program's variables: those that values have, and those ``given``.

    A letter that a value has a number for is that number everywhere; ``sizes`` are for those that
    this leaves open. Raises SourceError for a name that the program does not have, and for a shape
    that a value does not have.
    """
    for name in given:
        if name not in variables:
            listed = f"variables: {', '.join(variables)}" if variables else "it has no variables"
            hint = did_you_mean(name, variables, listed)
            raise error(f"the expression has no variable '{name}'", given.places[name], hint)
    numbers = unified(given, known, sizes or {})
    shapes = {name: tuple([settled(size, numbers) for size in given[name]]) for name in given}
    for name, shape in shapes.items():
        if any(isinstance(size, int) and size < 1 for size in shape):
            raise error(f"{name} is empty ({text(shape)})", given.places[name], NOT_EMPTY)
    return {**known, **shapes}


def shapes_at(
    program: Program, point: Mapping[str, Any], texts: Sequence[str]
) -> Mapping[str, Shape] | None:
    """Return the shapes of a program's variables, of values and as typed; None for numbers."""
    known = shapes_of(program.graph, point)
    return fitted(program.variables, typed(texts), known or {}) if texts else known


def unified(given: Shapes, known: Mapping[str, Shape], sizes: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers that letters have by the shapes of values; raise SourceError for none.

    A letter that these leave open is one of ``sizes``, if it is there.
    """
    numbers: dict[str, int] = {}
    left: list[Equation] = []
    for name, own in known.items():
        if name in given:
            if len(given[name]) != len(own):
                raise _unfit(given, known, name)
            left += [(name, size, number) for size, number in zip(given[name], own, strict=True)]
    while left:
        rest = []
        for name, size, number in left:
            now = settled(size, numbers)
            letter = now.alone() if isinstance(now, Letters) else ""
            if letter is None:
                rest.append((name, size, number))
                continue
            if isinstance(now, Letters) and isinstance(number, int):
                numbers[letter] = (number - now.terms.get((), 0)) // now.terms[letter,]
            if settled(now, numbers) != number or numbers.get(letter, 1) < 1:
                raise _unfit(given, known, name)
        if len(rest) == len(left):
            numbers |= _among(sizes, rest[0], given, numbers)
        left = rest
    return numbers


def _among(
    sizes: Mapping[str, int], equation: Equation, given: Shapes, numbers: Mapping[str, int]
) -> dict[str, int]:
    """Return the open letters of an equation that are ``sizes``; raise SourceError for none."""
    _, size, number = equation
    letters = [name for name in given.letters if name in letters_of([(size,)]) - numbers.keys()]
    found = {name: sizes[name] for name in letters if name in sizes}
    if not found:
        what = f"{size} is {number} here, which leaves {' and '.join(letters)} open"
        raise error(what, given.letters[letters[0]], "write numbers for sizes")
    return found


def _unfit(given: Shapes, known: Mapping[str, Shape], name: str) -> SourceError:
    """Return the error for a value that does not have its shape."""
    what = f"the value of {name} is {text(known[name])}"
    return error(what, given.places[name], "leave its shape out")


def settled(size: Size, numbers: Mapping[str, int]) -> Size:
    """Return a size where letters have numbers."""
    return size.at(numbers) if isinstance(size, Letters) else size
