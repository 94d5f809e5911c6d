"""Shapes that are typed: X=n,d; w=n+1. A size is a whole number, a letter, or made of these."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.arithmetics.shapes.sizes import Letters, letter, text
from backpropcli.errors import BackpropError, MistakeError, SourceError
from backpropcli.language.mistakes.source.place import CLOSERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropcli.arithmetics.shapes.sizes import Shape, Size

    Place = tuple[str, int, int]
    Sizes = dict[str, Shape]
else:
    Sizes = dict

OPTION = "--shape"
EXAMPLE = f"write {OPTION} 'X=n,d; w=d'"
NOT_EMPTY = "an array has at least one element"
SIZE = "a size is a whole number, or a letter that stands for one, or made of these: n + 1, 2*n"


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
    if _enclosed(inside):
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
        known = _size(size)
        if known is None:
            what = f"'{size}' is no size" if size else "a size is missing"
            raise error(what, place, _apart(source) if "=" in size else SIZE)
        for name in known.letters() if isinstance(known, Letters) else ():
            found.letters.setdefault(name, place)
        yield known
        offset += len(piece) + 1


def _enclosed(sizes: str) -> bool:
    """Say whether the bracket that a text begins with is closed at its end."""
    closer, depth = CLOSERS.get(sizes[:1]), 0
    for at, character in enumerate(sizes if closer else ""):
        depth += (character == sizes[0]) - (character == closer)
        if not depth:
            return at == len(sizes) - 1
    return False


def _size(written: str) -> Size | None:
    """Return the size that a text says: 3, n, or a sum or product of such; None for no size."""
    if written.isdecimal() and written.isascii():
        return int(written)
    if written.isidentifier():
        return letter(written)
    if not written or any(one.isdecimal() and two.isalpha() for one, two in pairwise(written)):
        return None  # 2xn may be meant for two sizes
    from backpropcli.language.builder import Builder
    from backpropcli.language.builder.sizes import size
    from backpropcli.language.driver import build

    builder = Builder(written, OPTION, _Every())
    try:
        build(builder, written)
        found = size(builder, builder.program().root)
    except (MistakeError, BackpropError):
        return None
    return found if isinstance(found, Letters) or (isinstance(found, int) and found >= 0) else None


class _Every(dict[str, Letters]):
    """The letters of sizes: each name is one."""

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, _default: object = None) -> Letters:
        return letter(name)


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
