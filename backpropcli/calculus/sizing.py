"""Shapes that are typed: X=n,d; w=d. A size is a whole number, or a letter that stands for one."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.sizes import Letters, letter, text
from backpropcli.errors import BackpropError, SourceError, did_you_mean
from backpropcli.language.mistakes.source.place import CLOSERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape, Size

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
        raise error(
            f"'{part.strip()}' is no shape: it is NAME=SIZES",
            (source, begin, start + len(part.rstrip())),
            meant if colon and rest.strip() and head.strip().isidentifier() else EXAMPLE,
        )
    place = source, begin, begin + len(name)
    if name in found:
        raise error(f"{name} has a shape already", place, "keep one of the two")
    found.places[name] = place
    found[name] = tuple(_sizes(found, source, start + len(head) + 1, rest))
    if 0 in found[name]:
        raise error(f"{name} is empty ({text(found[name])})", place, NOT_EMPTY)


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
        raise error("there are no sizes", (source, start - 1, start), EXAMPLE)
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
            raise error(what, place, _apart(source) if "=" in size else SIZE)
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


def error(message: str, place: Place, hint: str = EXAMPLE) -> SourceError:
    """Return the error at a place of what was typed."""
    source, start, end = place
    return SourceError(message, source, start, end, hint, OPTION)


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
            raise error(f"the expression has no variable '{name}'", given.places[name], hint)
        if name in known:
            _unify(numbers, name, shape, known[name], given.places[name])
    shapes = {name: tuple([_settled(size, numbers) for size in given[name]]) for name in given}
    return {**known, **shapes}


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
        raise error(f"the value of {name} is {text(own)}", place, "leave its shape out")


def _settled(size: Size, numbers: Mapping[str, int]) -> Size:
    return numbers.get(str(size), size) if isinstance(size, Letters) else size
