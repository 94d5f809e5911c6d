"""What does not fit: an operation whose inputs have other shapes than it takes."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.sizes import Letters, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape, Size


class MisfitError(Exception):
    """Shapes that do not fit an operation: ``reason`` is a sentence about its inputs.

    In it {0}, {1}, ... stand for the inputs' texts. ``about`` is the keyword whose setting does not
    fit, or the number of the item in an index.
    """

    def __init__(self, reason: str, about: str | int = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about


def called(shape: Shape) -> str:
    """Return what a shape is, in a sentence: "a number", "a vector of 3", "3x2"."""
    return f"a vector of {shape[0]}" if len(shape) == 1 else text(shape)


def below(size: Size) -> bool:
    """Say whether a size is below 0 whatever its letters are: -n, -n - 1."""
    return isinstance(size, Letters) and max(size.terms.values()) < 0


def elements(count: Size) -> str:
    return f"{count} element{'s' * (count != 1)}"


def checked(given: Sequence[Any], about: str = "shape") -> tuple[Any, ...]:
    """Return sizes. Raises MisfitError for one that cannot be."""
    for size in given:
        less = isinstance(size, int) and size < (0 if about in {"shape", "width"} else 1)
        if less or below(size):
            raise MisfitError(f"{about} has {size}, which is no size", about)
    return tuple(given)
