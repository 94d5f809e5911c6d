"""What the passes need of an arithmetic, as types.

An arithmetic is a module or an object. It has ``WORDS`` (operation name -> function), ``INFIX``
(operation name -> Python expression with {0} {1} {2}), ``constant(text)`` and ``double(value)``,
and ``add`` and ``mul`` for the sweeps. What it has no word for is expanded by the operation's row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backpropcli.graph.row import Row


class Sums(Protocol):
    """What the sweeps need of an arithmetic."""

    def add(self, x: Any, y: Any, /) -> Any:  # noqa: ANN401
        """Return the sum of two numbers."""

    def mul(self, x: Any, y: Any, /) -> Any:  # noqa: ANN401
        """Return the product of a number and a partial derivative."""


class Own(Protocol):
    """An arithmetic that finds partials in a way of its own: the nodes of a graph."""

    def weights(self, row: Row, on: Sequence[int], /) -> Callable[..., Any]:
        """Return f(out, *inputs): the partials by the inputs ``on``."""


class Arithmetic(Protocol):
    """What the forward pass and ``linearize`` need of an arithmetic."""

    __name__: str
    WORDS: dict[str, Callable[..., Any]]
    INFIX: dict[str, str]

    def constant(self, text: str) -> Any:  # noqa: ANN401
        """Return the number, of a rule's text, or the constant that ``text`` names."""

    def double(self, value: float) -> Any:  # noqa: ANN401
        """Return a double, of a user's program, exactly."""


Partials = Arithmetic | Own
