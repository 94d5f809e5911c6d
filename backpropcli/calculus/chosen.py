"""Sizes that are chosen for letters, and arrays of these sizes: something to compute with."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.sizes import Letters, text
from backpropcli.calculus.choice import shapes_of
from backpropcli.calculus.sizing import OPTION, error, typed
from backpropcli.calculus.unified import fitted, settled, unified
from backpropcli.graph.statics import sizes_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.sizing import Shapes
    from backpropcli.language.program import Program

FREE = (
    *((3, 2, 4, 5, 6, 7), (2, 4, 3, 6, 5, 8), (4, 3, 5, 6, 7, 8), (5, 7, 6, 3, 4, 9)),
    (41, 43, 47, 53, 59, 61),
)
"""Choices of sizes for letters, one after the other: the third is for where the second is open."""
FURTHER, LARGE = 3, 4
"""The choice for what is found at two others; and the one for what does not fit at small sizes."""


class Sampled:
    """Arrays of some size for what has none: a choice of those that letters leave.

    ``shapes`` are those of the variables, None for numbers alone, and ``values`` are for all of
    them. ``sizes`` are what letters stand for; ``free`` those that no value has a number for.
    """

    __slots__ = ("free", "shapes", "sizes", "values")

    def __init__(self, values: dict[str, Any]) -> None:
        self.shapes: dict[str, Shape] | None = None
        self.values = values
        self.sizes: dict[str, int] = {}
        self.free: dict[str, int] = {}


def sampled(
    programs: Sequence[Program], point: Mapping[str, Any], asked: str | None, turn: int = 0
) -> Sampled:
    """Return shapes of programs' variables, and values for them: the choice number ``turn``.

    An array with a shape and no value has some numbers, and a letter that no value has a number
    for is a small size; so is a variable that is called like one. Raises SourceError for shapes
    that are none, or that values do not have.
    """
    found = Sampled(dict(point))
    variables = {name: None for program in programs for name in program.variables}
    here = {name: point[name] for name in variables if name in point}
    each = [shapes_of(program.graph, here) for program in programs]
    known = next((one for one in each if one is not None), None)
    if asked is None and known is None:
        return found
    given = typed([asked or ""])
    sizes, free = found.sizes, found.free
    sizes |= {name: _size(name, point[name], given) for name in given.letters if name in point}
    known = known or {}
    fixed, open_ = unified(given, known, sizes), fitted(variables, given, known, sizes)
    for name, shape in open_.items():
        for written, size in zip(given.get(name, ()), shape, strict=False):
            for word in written.letters() if isinstance(written, Letters) else ():
                if word not in sizes and word in fixed:
                    sizes[word] = fixed[word]
                elif word not in sizes:
                    sizes[word] = free[word] = FREE[turn][len(sizes) % len(FREE[turn])]
                elif fixed.get(word, sizes[word]) != sizes[word]:
                    what = f"{word} is {sizes[word]}, and {name} is {text(shape)}"
                    raise error(what, given.letters[word], f"leave the value of {word} out")
            if isinstance(size, Letters):
                _enlarge(size, sizes, free)
    shapes = {
        name: tuple([settled(size, sizes) for size in shape]) for name, shape in open_.items()
    }
    found.shapes = {name: shapes.get(name, ()) for name in variables}
    found.values = {
        name: float(sizes[name]) if name in sizes else _some(shape)
        for name, shape in found.shapes.items()
    } | dict(point)
    return found


def given_as_sizes(program: Program, point: Mapping[str, Any]) -> dict[str, float]:
    """Return the values of names that a program has as sizes, as in ones(n)."""
    graph = program.graph
    names = sizes_in(graph.table, graph.args.values())
    return {name: value for name, value in point.items() if name in names}


def sizes_held(sizes: Mapping[str, float], free: Collection[str]) -> list[str]:
    """Return what sizes are that values have, and letters do not leave open: "n = 3"."""
    return [f"{name} = {size:g}" for name, size in sizes.items() if name not in free]


def _enlarge(size: Letters, sizes: dict[str, int], free: dict[str, int]) -> None:
    """Choose a larger letter for a size that is below 1, as n - m may be."""
    now = settled(size, sizes)
    less = 1 - now if isinstance(now, int) else 0
    larger = [name for (name, *_), count in size.terms.items() if name in free and count > 0]
    if less > 0 and larger:
        sizes[larger[0]] = free[larger[0]] = sizes[larger[0]] + less


def _size(name: str, value: Any, given: Shapes) -> int:  # noqa: ANN401 (a number or an array)
    """Return the value of a letter as a size. Raises SourceError where it is none."""
    if isinstance(value, float) and value == value // 1 >= 1:
        return int(value)
    what = f"{name} is {value:.6g}" if isinstance(value, float) else f"{name} is an array"
    raise error(f"{what}, and a size is a whole number", given.letters[name], "use another letter")


def _some(shape: Shape) -> Any:  # noqa: ANN401 (a number or an array)
    """Return an array of numbers that are all different; or a number."""
    if not shape:
        return 0.7
    import numpy as np

    numbers: Any = shape
    return (np.arange(np.prod(numbers)) * 0.37 % 1.9 - 0.7).reshape(numbers)


def as_chosen(sizes: Mapping[str, int]) -> str:
    """Return that sizes were chosen at which something does not fit, and what to do."""
    listed = " ".join(f"{name}={size}" for name, size in sizes.items())
    verb = "was" if len(sizes) == 1 else "were"
    return f"{listed} {verb} chosen here: write larger numbers in place of letters in {OPTION}"
