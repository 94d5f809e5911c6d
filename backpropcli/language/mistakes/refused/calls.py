"""Calls of what is no function: by a name with a power, or with a meaning, or by any other."""

from __future__ import annotations

from backpropcli.language.mistakes.elsewhere.call import Call
from backpropcli.language.mistakes.fixes import one
from backpropcli.language.mistakes.misplaced.quotes import COLONS
from backpropcli.language.mistakes.refused.meanings import something_else
from backpropcli.language.mistakes.refused.unknown import in_capitals, unknown
from backpropcli.language.mistakes.slip import Slip, explained
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import quoted, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.language.builder.calls import Calls
    from backpropcli.language.mistakes.fixes import Fixes

POWERED = Slip(
    "a named power of a function's name", "sin^n(x)",
    "the power goes after the argument", "write {written}",
    instead="sin(x)^n",
)  # fmt: skip
TRANSPOSED = Slip(
    "a transpose as a power of what is in parentheses", "(x - y)^T(x - y)",
    "'^T' is a power here, of T", "for a transpose write .T@{argument}",
    instead="(x - y).T@(x - y)",
)  # fmt: skip


def unknown_function(builder: Calls, name: str, start: int) -> SourceError:
    """Return the error for a call of what is no function."""
    end = start + len(name)
    place = Place(builder, start, end)
    call = Call(place)
    if call.end > 0 and builder.source[call.end :].lstrip().startswith(":="):
        at = builder.source.index(":=", call.end)
        return explained(Place(builder, at, at + 1), COLONS)
    argument = place.ahead_text(1, call.after) or "(...)"
    if "'" in argument or '"' in argument:
        argument = "(...)"
    fills: dict[str, object] = {
        "called": quoted(name),
        "product": f"{short(name)}*{argument}",
        "argument": argument,
    }
    if place.last == "_POWER" and name == "T" and name not in builder.functions:
        slip, fixes = TRANSPOSED, one((place.last_start, end, ".T@"))
    elif place.last == "_POWER" and (powered := _power_of_name(place, call)):
        slip = POWERED
        fixes, fills["written"] = powered
        start = place.before[-2][1]
    else:
        known = something_else(builder, call, fills) or in_capitals(call, fills)
        slip, fixes = known or unknown(builder, call, fills)
    return slip.error(builder, start, end, fixes, **fills)


def _power_of_name(place: Place, call: Call) -> tuple[Fixes, str] | None:
    """Return the correction of sin^n(x), and what it writes; None for any other call."""
    if [kind for kind, _, _ in place.before[-2:-1]] != ["NAME"] or call.end < 0:
        return None
    _, start, end = place.before[-2]
    function = place.source[start:end]
    if not place.is_function(function):
        return None
    inside = place.source[place.end : call.end].strip()
    text = f"{function}{inside}^{place.word}"
    return one((start, call.end, text)), short(text)
