"""How many axes the values of names have, where they are known."""

from __future__ import annotations

from backpropcli.language.mistakes.source.expressions import names_in, variables_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder.expressions import Expressions


def times(builder: Expressions, left: str, right: str) -> str:
    """Return the sign of a product: @ where a matrix is one of two arrays, "" if that is open."""
    if ".T" in left + right:
        return "@"
    axes = [most_axes(builder, left), most_axes(builder, right)]
    if max(axes) > 1 and any(_is_open(builder, text) for text in (left, right)):
        return ""
    return "@" if all(axes) and max(axes) > 1 else "*"


def _is_open(builder: Expressions, text: str) -> bool:
    """Say whether a text has names of which nothing is known."""
    return not {*variables_in(text)} <= {*builder.bound}


def most_axes(builder: Expressions, text: str) -> int:
    """Return how many axes the values have at most that a text names, so far as they are known."""
    value = getattr(builder.bound, "get", None)
    if value is None:
        return 0
    return max([len(getattr(value(name), "shape", ())) for name in names_in(text)], default=0)
