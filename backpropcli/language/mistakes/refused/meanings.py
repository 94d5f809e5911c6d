"""Calls by the name of what is no function: an operator, a variable or a constant."""

from __future__ import annotations

from backpropcli.graph.operations import CONSTANTS, NAMES
from backpropcli.language.mistakes.elsewhere.keywords import without_names
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.axes import times
from backpropcli.language.mistakes.source.text import short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder.calls import Calls
    from backpropcli.language.mistakes.elsewhere.call import Call
    from backpropcli.language.mistakes.fixes import Fixes

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
