"""Arithmetics: what numbers the passes run on. Each module says its constants and its words.

What a pass may ask of any of them stands here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ParamSpec, TypeVar

    from backpropcli.arithmetics.protocol import Arithmetic, Sums

    P = ParamSpec("P")
    R = TypeVar("R")

_ones: dict[str, Any] = {}


def silently(run: Callable[P, R]) -> Callable[P, R]:
    """Return a pass whose second argument is an arithmetic, run without that one's warnings.

    Arrays of floats warn of what IEEE 754 answers with inf and nan.
    """

    def found(*args: P.args, **named: P.kwargs) -> R:
        silence = getattr(args[1], "silence", None)
        if silence is None:
            return run(*args, **named)
        with silence():
            return run(*args, **named)

    found.__doc__ = run.__doc__
    return found


def one_of(arithmetic: Sums | Arithmetic) -> Any:  # noqa: ANN401
    """Return the object that is 1 in every partial of an arithmetic: a sweep need not multiply."""
    name = getattr(arithmetic, "__name__", "")
    if name not in _ones and hasattr(arithmetic, "constant") and not hasattr(arithmetic, "weights"):
        _ones[name] = arithmetic.constant("1")
    return _ones.get(name)
