"""The shapes of what takes matrices: triangles, inverses, determinants, solutions."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.axes import broadcast
from backpropcli.arithmetics.shapes.misfits import MisfitError, called
from backpropcli.arithmetics.shapes.sizes import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.arithmetics.shapes.sizes import Shape


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
