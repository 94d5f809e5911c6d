"""The shapes of products of vectors and matrices, and of what takes matrices."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.axes import broadcast, product
from backpropcli.arithmetics.shapes.misfits import MisfitError, called
from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.graph.arrays import DOTS, LETTERS, subscripts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape, Size


def matmul(x: Shape, y: Shape) -> Shape:
    if not x or not y:
        side = 1 if x else 0
        raise MisfitError(f"@ multiplies vectors and matrices, and {{{side}}} is a number")
    inner = y[0] if len(y) == 1 else y[-2]
    if x[-1] != inner:
        raise MisfitError(
            "@ takes the last axis of {0} with the "
            f"{'first' if len(y) <= 2 else 'second last'} of {{1}}, and {x[-1]} is not {inner}"  # noqa: PLR2004
        )
    batch = broadcast(x[:-2], y[:-2])
    return batch + x[-2:-1] * (len(x) > 1) + y[-1:] * (len(y) > 1)


def vectors(x: Shape, y: Shape) -> Shape:
    if len(x) != 1 or len(y) != 1:
        one, shape = (0, x) if len(x) != 1 else (1, y)
        raise MisfitError(f"outer takes two vectors, and {{{one}}} is {called(shape)}")
    return x + y


def cross(x: Shape, y: Shape) -> Shape:
    if x[-1:] != (3,) or y[-1:] != (3,):
        one, shape = (0, x) if x[-1:] != (3,) else (1, y)
        raise MisfitError(f"cross takes vectors of 3, and {{{one}}} is {called(shape)}")
    return broadcast(x, y)


def kron(x: Shape, y: Shape) -> Shape:
    if len(x) != 2 or len(y) != 2:  # noqa: PLR2004 (matrices)
        one, shape = (0, x) if len(x) != 2 else (1, y)  # noqa: PLR2004
        raise MisfitError(f"kron takes two matrices, and {{{one}}} is {called(shape)}")
    return product((x[0], y[0])), product((x[1], y[1]))


def _subscripts(written: str, shapes: Sequence[Shape]) -> list[str]:
    """Return the subscripts of each operand. Raises MisfitError for those that cannot be."""
    given, _, out = written.replace(" ", "").partition("->")
    for subscripts in (*given.split(","), out):
        wrong = {*subscripts.replace(DOTS, "", 1)}.difference(LETTERS)
        told = f"subscripts are letters, as in ij,jk->ik, and '{min(wrong, default='')}' is none"
        if wrong == {"."}:
            told = (
                f"dots are three, once in each part, as in ...i,i->..., and here is '{subscripts}'"
            )
        if wrong:
            raise MisfitError(told)
    operands = given.split(",")
    if len(operands) != len(shapes):
        raise MisfitError(f"there are subscripts for {len(operands)} of {len(shapes)} arrays")
    for at, (letters, shape) in enumerate(zip(operands, shapes, strict=True)):
        least = len(letters.replace(DOTS, ""))
        if len(shape) < least or (len(shape) > least and DOTS not in letters):
            raise MisfitError(
                f"'{letters}' is for {least} {'axis' if least == 1 else 'axes'}"
                f"{' or more' if DOTS in letters else ''}, and {{{at}}} is {called(shape)}"
            )
    return operands


def einsum(*shapes: Shape, arg: tuple[str]) -> Shape:
    written = _subscripts(arg[0], shapes)
    operands, out = subscripts_of(arg[0], [len(shape) for shape in shapes])
    sizes: dict[str, tuple[Size, int]] = {}
    for at, (letters, shape) in enumerate(zip(operands, shapes, strict=True)):
        for letter, size in zip(letters, shape, strict=True):
            known, where = sizes.setdefault(letter, (size, at))
            if known == 1 != size and where != at:
                sizes[letter] = size, at
            elif known != size and (size != 1 or where == at):
                what = letter if letter in written[at] else "an axis of its dots"
                raise MisfitError(
                    f"{what} is {known} in {{{where}}} ({written[where]}), "
                    f"and {size} in {{{at}}} ({written[at]})"
                )
    for letter in out:
        if letter not in sizes:
            raise MisfitError(f"no array has the value's letter {letter}")
        if out.count(letter) > 1:
            raise MisfitError(f"the value has the letter {letter} twice")
    return tuple(sizes[letter][0] for letter in out)


def turned(x: Shape) -> Shape:
    matrix(x, ".mT")
    return (*x[:-2], x[-1], x[-2])


def matrix(x: Shape, what: str, *, square: bool = False) -> Shape:
    """Return a matrix's shape without its last two axes. Raises MisfitError for others."""
    if len(x) < 2:  # noqa: PLR2004 (a matrix)
        raise MisfitError(f"{what} takes a matrix, and {{0}} is {called(x)}")
    if square and x[-1] != x[-2]:
        raise MisfitError(f"{what} takes a square matrix, and {{0}} is {text(x)}")
    return x[:-2]


def square(name: str, *, whole: bool = False) -> Callable[..., Shape]:
    def found(x: Shape) -> Shape:
        batch = matrix(x, name, square=True)
        return x if whole else batch

    return found


def triangle(name: str) -> Callable[..., Shape]:
    def found(x: Shape, arg: object) -> Shape:  # noqa: ARG001 (k)
        return matrix(x, name) + x[-2:]

    return found


def solve(x: Shape, y: Shape, arg: object = None) -> Shape:  # noqa: ARG001 (lower)
    matrix(x, "solve", square=True)
    if not y:
        raise MisfitError("solve takes a vector or a matrix on the right, and {1} is a number")
    rows = y[0] if len(y) == 1 else y[-2]
    if x[-1] != rows:
        what = "number" if len(y) == 1 else "row"
        raise MisfitError(
            f"{{0}} is {text(x[-2:])}, and {{1}} has {rows} {what}{'s' * (rows != 1)}"
        )
    if len(y) == 1:
        return x[:-1]
    return broadcast(x[:-2], y[:-2]) + y[-2:]


def diag(x: Shape) -> Shape:
    if len(x) == 1:
        return (x[0], x[0])
    if len(x) == 2:  # noqa: PLR2004 (a matrix)
        if isinstance(x[0], int) and isinstance(x[1], int):
            return (min(x[0], x[1]),)
        if x[0] != x[1]:
            raise MisfitError(f"the shorter of {x[0]} and {x[1]} is not known: write numbers")
        return (x[0],)
    raise MisfitError(f"diag takes a vector or a matrix, and {{0}} is {called(x)}")
