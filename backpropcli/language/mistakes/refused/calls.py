"""Calls of what is no function: by a name with a power, or with a meaning, or by any other."""

from __future__ import annotations

from backpropcli.graph.operations import CONSTANTS, NAMES
from backpropcli.language.mistakes.elsewhere.call import Call
from backpropcli.language.mistakes.elsewhere.keywords import without_names
from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.misplaced.quotes import COLONS
from backpropcli.language.mistakes.refused.unknown import in_capitals, unknown
from backpropcli.language.mistakes.slip import Slip, explained
from backpropcli.language.mistakes.source.expressions import times
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import quoted, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.language.builder.calls import Calls

NEGATION = Slip(
    "a call of the minus", "neg(x)",
    "{called} is written as an operator", "write -x",
    instead="-x",
)  # fmt: skip
OPERATOR = Slip(
    "a call of an operator", "add(x, y)",
    "{called} is written as an operator", "write {operation}",
    instead="x + y",
)  # fmt: skip
VARIABLE = Slip(
    "a call of a variable", "x + x(2)",
    "{called} is a variable, not a function", "for a product write {product}",
    instead="x + x*(2)",
)  # fmt: skip
ELEMENT = Slip(
    "a call of a variable with several arguments", "A + A(1, 2)",
    "{called} is a variable, not a function",
    "an element has brackets, and the first is number 0: A[0, 0]",
)  # fmt: skip
CONSTANT = Slip(
    "a call of a constant", "pi(2)",
    "{called} is a constant, not a function", "for a product write {product}",
    instead="pi*(2)",
)  # fmt: skip
NUMBER_E = Slip(
    "a call of e", "e(x)",
    "{called} is a constant, not a function",
    "for a product write {product}, for a power exp{argument}",
    instead="e*(x)",
)  # fmt: skip
BELOW = Slip(
    "a call above the definition", "def f(x) = g(x); def g(x) = x",
    "{called} is defined below this call", "move its definition up",
    instead="def g(x) = x; def f(x) = g(x)\nf(x)",
)  # fmt: skip


def something_else(
    builder: Calls, call: Call, fills: dict[str, object]
) -> tuple[Slip, Fixes] | None:
    """Return the mistake of a call by the name of an operator, a variable or a constant."""
    name, end = call.place.word, call.place.end
    sign = times(builder, name, str(fills["argument"]))
    if not sign:
        fills["product"] = f"{fills['product']}, of matrices {short(name)}@{fills['argument']}"
    elif sign == "@":
        fills["product"] = f"{short(name)}@{fills['argument']}"
    product = [(end, end, sign)]
    if name in NAMES:
        slip = NEGATION if NAMES[name].name == "neg" else OPERATOR
        general = "-x" if slip is NEGATION else f"x {NAMES[name].infix} y"
        written = without_names(call, NAMES[name].name)
        fills["operation"] = short(written) if written else general
        written = written or call.filled(general)
        return slip, (call.edit(written),) * bool(written)
    if name in builder.names or name in builder.bound or name in {*builder.used} - {*CONSTANTS}:
        if len(call.arguments) > 1:
            return ELEMENT, ()
        return VARIABLE, (product,) * bool(sign)
    if name == "e":
        return NUMBER_E, (product, [(call.start, end, "exp")])
    if name in CONSTANTS:
        return CONSTANT, (product,)
    if builder.source.find(f"def {name}(", end) >= 0:
        return BELOW, ()
    return None


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
