"""Shapes that are typed: X=n,d; w=d. A size is a whole number, or a letter that stands for one."""

from __future__ import annotations

from backpropcli.arithmetics.sizes import Letters, letter, text
from backpropcli.errors import BackpropError, SourceError, did_you_mean
from backpropcli.graph.row import sizes_in
from backpropcli.language.mistakes.place import CLOSERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes import Shape
    from backpropcli.arithmetics.sizes import Size
    from backpropcli.language.program import Program

    Place = tuple[str, int, int]
    Sizes = dict[str, Shape]
else:
    Sizes = dict

OPTION = "--shape"
EXAMPLE = f"write {OPTION} 'X=n,d; w=d'"
NOT_EMPTY = "an array has at least one element"
SIZE = "a size is a whole number, or a letter that stands for one"


class Shapes(Sizes):
    """Shapes by name; ``places`` has where each name stands in what was typed, and its letters."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}
        self.letters: dict[str, Place] = {}


def typed(texts: Iterable[str]) -> Shapes:
    """Return the shapes that texts such as "X=n,d; w=d" say. Raises SourceError."""
    found = Shapes()
    for source in texts:
        start = 0
        for part in source.split(";"):
            if part.strip():
                _take(found, source, start, part)
            start += len(part) + 1
    return found


def _take(found: Shapes, source: str, start: int, part: str) -> None:
    """Take in one name and its sizes."""
    head, equals, rest = part.partition("=")
    name = head.strip()
    begin = start + len(head) - len(head.lstrip())
    if not equals or not name.isidentifier():
        head, colon, rest = part.partition(":")
        meant = f"write {head.strip()}={rest.strip()}"
        raise _error(
            f"'{part.strip()}' is no shape: it is NAME=SIZES",
            (source, begin, start + len(part.rstrip())),
            meant if colon and rest.strip() and head.strip().isidentifier() else EXAMPLE,
        )
    place = source, begin, begin + len(name)
    if name in found:
        raise _error(f"{name} has a shape already", place, "keep one of the two")
    found.places[name] = place
    found[name] = tuple(_sizes(found, source, start + len(head) + 1, rest))
    if 0 in found[name]:
        raise _error(f"{name} is empty ({text(found[name])})", place, NOT_EMPTY)


def _sizes(found: Shapes, source: str, start: int, rest: str) -> Iterable[Size]:
    """Yield the sizes in a text: n,d or 3x2; none in "()", which is a number's."""
    inside = rest.strip()
    offset = start + rest.index(inside[0]) if inside else start
    if inside[:1] in CLOSERS and inside.endswith(CLOSERS[inside[0]]):
        inside, offset = inside[1:-1], offset + 1
        inside = inside.rstrip().removesuffix(",")
        if not inside.strip():
            return
    elif not inside:
        raise _error("there are no sizes", (source, start - 1, start), EXAMPLE)
    separator = "x" if inside.replace("x", "").isdecimal() else ","
    for piece in inside.split(separator):
        size = piece.strip()
        begin = offset + len(piece) - len(piece.lstrip())
        place = source, begin, begin + max(1, len(size))
        if size.isdecimal() and size.isascii():
            yield int(size)
        elif size.isidentifier():
            found.letters.setdefault(size, place)
            yield letter(size)
        else:
            what = f"'{size}' is no size" if size else "a size is missing"
            raise _error(what, place, _apart(source) if "=" in size else SIZE)
        offset += len(piece) + 1


def _apart(source: str) -> str:
    """Return what to write where commas stand between shapes."""
    shapes: list[str] = []
    for piece in source.replace(";", ",").split(","):
        if "=" in piece or not shapes:
            shapes.append(piece.strip())
        else:
            shapes[-1] += f",{piece.strip()}"
    return f"separate shapes with a semicolon: {OPTION} '{'; '.join(shapes)}'"


def _error(message: str, place: Place, hint: str = EXAMPLE) -> SourceError:
    source, start, end = place
    return SourceError(message, source, start, end, hint, OPTION)


def as_chosen(sizes: Mapping[str, int]) -> str:
    """Return that sizes were chosen at which something does not fit, and what to do."""
    listed = " ".join(f"{name}={size}" for name, size in sizes.items())
    verb = "was" if len(sizes) == 1 else "were"
    return f"{listed} {verb} chosen here: write larger numbers in place of letters in {OPTION}"


def of_size(name: str) -> BackpropError:
    """Return the error for a derivative by a name that stands for a size."""
    return BackpropError(f"{name} is a size here: nothing moves by it", "choose another name")


def with_letters(bound: Mapping[str, Any], texts: Iterable[str]) -> Mapping[str, Any]:
    """Return values by name, and letters of shapes: a program may have both for sizes.

    What has a shape is a variable, though its value is not known: it is None.
    """
    shapes = typed(texts)
    return {**dict.fromkeys(shapes), **{name: letter(name) for name in shapes.letters}, **bound}


def fitted(
    variables: Collection[str], given: Shapes, known: Mapping[str, Shape]
) -> dict[str, Shape]:
    """Return the shapes of a program's variables: those that values have, and those ``given``.

    A letter that a value has a number for is that number everywhere. Raises SourceError for a name
    that the program does not have, and for a shape that a value does not have.
    """
    numbers: dict[str, int] = {}
    for name, shape in given.items():
        if name not in variables:
            listed = f"variables: {', '.join(variables)}" if variables else "it has no variables"
            hint = did_you_mean(name, variables, listed)
            raise _error(f"the expression has no variable '{name}'", given.places[name], hint)
        if name in known:
            _unify(numbers, name, shape, known[name], given.places[name])
    shapes = {name: tuple([_settled(size, numbers) for size in given[name]]) for name in given}
    return {**known, **shapes}


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
    from backpropcli.calculus.choice import shapes_of  # noqa: PLC0415 (seldom)

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
    shapes: dict[str, Shape] = {}
    for name, shape in fitted(variables, given, known or {}).items():
        for written, size in zip(given.get(name, ()), shape, strict=False):
            word = str(written)
            if isinstance(size, Letters):
                if word not in sizes:
                    sizes[word] = free[word] = FREE[turn][len(sizes) % len(FREE[turn])]
            elif isinstance(written, Letters) and sizes.setdefault(word, size) != size:
                what = f"{word} is {sizes[word]}, and {name} is {text(shape)}"
                raise _error(what, given.letters[word], f"leave the value of {word} out")
        shapes[name] = tuple([sizes.get(str(size), size) for size in shape])
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


def _size(name: str, value: Any, given: Shapes) -> int:  # noqa: ANN401 (a number or an array)
    """Return the value of a letter as a size. Raises SourceError where it is none."""
    if isinstance(value, float) and value == value // 1 >= 1:
        return int(value)
    what = f"{name} is {value:.6g}" if isinstance(value, float) else f"{name} is an array"
    raise _error(f"{what}, and a size is a whole number", given.letters[name], "use another letter")


def _some(shape: Shape) -> Any:  # noqa: ANN401 (a number or an array)
    """Return an array of numbers that are all different; or a number."""
    if not shape:
        return 0.7
    import numpy as np

    numbers: Any = shape
    return (np.arange(np.prod(numbers)) * 0.37 % 1.9 - 0.7).reshape(numbers)


def _unify(numbers: dict[str, int], name: str, shape: Shape, own: Shape, place: Place) -> None:
    """Let letters be the numbers that a value has."""
    fits = len(shape) == len(own)
    for size, number in zip(shape, own, strict=False):
        assert isinstance(number, int)  # noqa: S101 (for mypy: it is a value's)
        if isinstance(size, Letters):
            fits &= numbers.setdefault(str(size), number) == number
        else:
            fits &= size == number
    if not fits:
        raise _error(f"the value of {name} is {text(own)}", place, "leave its shape out")


def _settled(size: Size, numbers: Mapping[str, int]) -> Size:
    return numbers.get(str(size), size) if isinstance(size, Letters) else size
