"""Derivatives as people write them: d/dx before an expression or around it, grad(u), d(u)/dx."""

from __future__ import annotations

from backpropcli.language.mistakes.elsewhere.languages import DERIVATIVES
from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.slip import Slip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.errors import Edit
    from backpropcli.language.mistakes.elsewhere.call import Call
    from backpropcli.language.mistakes.source.place import Place

ALONE_OR_DIFF = (
    "write the expression alone: its gradient is what you get; inside an expression write "
    "diff(u, x)"
)


def is_leibniz(words: Sequence[str]) -> bool:
    """Say whether three words are d/dx."""
    return [*words[:2]] == ["d", "/"] and words[2].startswith("d") and len(words[2]) > 1


def alone_or_diff(source: str, alone: Edit, diff: Edit) -> Fixes:
    """Write an expression alone, where its derivative is all of the source, or diff."""
    start, end, _ = diff
    whole = not source[:start].strip() and not source[end:].strip()
    return (*one(alone), *one(diff)) if whole else one(diff)


DERIVATIVE = Slip(
    "a derivative as a function", "grad(x^2)",
    "there is no function {called}",
    ALONE_OR_DIFF,
    instead="u = x^2; diff(u, x)",
)  # fmt: skip


def is_derivative(place: Place) -> bool:
    """Say whether the call is the one in grad(x^2), d(x^2)/dx or d/dx(x^2)."""
    if place.word == "d":
        after = place.atom(0)
        return place.next(after) == "_OVER" and place.next(after + 1) == "NAME"
    return place.word in DERIVATIVES or _after_leibniz(place)


def _after_leibniz(place: Place) -> bool:
    return is_leibniz([*place.words_before(2), place.word])


def derivatives(call: Call) -> Fixes:
    """Return the corrections of a derivative as a function: the expression alone, and diff."""
    if not call.arguments or call.end < 0:
        return ()
    place, inside = call.place, call.arguments[0]
    start, end, name = call.start, call.end, ""
    if place.word == "d":
        last = place.ahead[place.atom(0) + 1]
        end, name = last[2], place.source[last[1] + 1 : last[2]]
    elif _after_leibniz(place):
        start, name = place.before[-2][1], place.word[1:]
    elif len(call.arguments) > 1:
        name = ", ".join(call.arguments[1:])
    diff = (start, end, f"diff({inside}, {name})")
    fixes = alone_or_diff(place.source, (start, end, inside), diff)
    return fixes if name else fixes[:-1]
