"""Calls of what is no function, and with too many or too few arguments."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.graph.arrays import WORDS
from backpropcli.graph.operations import CONSTANTS, DRAWS, NAMES
from backpropcli.language.builder.shipped import HOME
from backpropcli.language.mistakes.elsewhere.call import Call
from backpropcli.language.mistakes.elsewhere.calls import advised, elsewhere
from backpropcli.language.mistakes.elsewhere.keywords import without_names
from backpropcli.language.mistakes.elsewhere.languages import (
    ADVICE,
    COMMANDS,
    DERIVATIVES,
    DRAWN,
    FOREIGN_CALLS,
    OF_SPREADSHEETS,
    OTHERS_OWN,
)
from backpropcli.language.mistakes.elsewhere.peers import PEERS
from backpropcli.language.mistakes.elsewhere.readings import alternatives, of_any, replaced
from backpropcli.language.mistakes.misplaced.quotes import COLONS
from backpropcli.language.mistakes.slip import Slip, explained
from backpropcli.language.mistakes.source.axes import times
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import SHORT, quoted, short
from backpropcli.nearest import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import Edit, SourceError
    from backpropcli.language.builder.calls import Calls


BOUND = {"_OVER", "_POWER", "_ROOT", "AT"}
"""Operators that would tear a product apart."""
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
ELSEWHERE = Slip(
    "a function of another language", "factorial(n)",
    "there is no function {called}", "write {written}",
    instead="gamma(n + 1)",
)  # fmt: skip
POWERED = Slip(
    "a named power of a function's name", "sin^n(x)",
    "the power goes after the argument", "write {written}",
    instead="sin(x)^n",
)  # fmt: skip
DERIVATIVE = Slip(
    "a derivative as a function", "grad(x^2)",
    "there is no function {called}",
    "write the expression alone: its gradient is what you get; inside an expression write "
    "diff(u, x)",
    instead="u = x^2; diff(u, x)",
)  # fmt: skip
COMMAND = Slip(
    "a command as a function", "hessian(x^2)",
    "there is no function {called}", "there is a command: backprop {command} EXPR",
)  # fmt: skip
RANDOM = Slip(
    "a random array in a program", "sum(x*normal(3))",
    "{called} is random, and a program is the same each time",
    "write {free} here, and after the program {free}='{drawn}'; --rng-seed gives other values",
)  # fmt: skip
TRANSPOSED = Slip(
    "a transpose as a power of what is in parentheses", "(x - y)^T(x - y)",
    "'^T' is a power here, of T", "for a transpose write .T@{argument}",
    instead="(x - y).T@(x - y)",
)  # fmt: skip
ADVISED = Slip(
    "a function that is not there yet", "sum(svd(x))",
    "there is no function {called}", "{advice}",
)  # fmt: skip
MISSPELT = Slip(
    "a slip in a function's name", "snh(x)",
    "there is no function {called}", "did you mean '{meant}'?",
    instead="sinh(x)",
)  # fmt: skip
FACTOR = Slip(
    "a factor right before a function", "x + xsin(x)",
    "there is no function {called}", "for a product write {written}",
    instead="x + x*sin(x)",
)  # fmt: skip
FACTOR_OR_SLIP = Slip(
    "a letter right before a function", "2 + wtanh(x)",
    "there is no function {called}", "for a product write {written}, or else {meant}{argument}",
    instead="2 + w*tanh(x)",
)  # fmt: skip
CAPITALS = Slip(
    "a function in capitals that is another in spreadsheets", "LOG(x)",
    "there is no function {called}", "write {written}, or {other} for that of a spreadsheet",
    instead="log(x)",
)  # fmt: skip
UNKNOWN = Slip(
    "a call of what is no function", "foo(x)",
    "there is no function {called}",
    "'backprop functions' lists them all; for a product write {product}",
    instead="foo*(x)",
)  # fmt: skip
UNKNOWN_OF_SEVERAL = Slip(
    "a call of what is no function, with several arguments", "foo(x, y)",
    "there is no function {called}", "'backprop functions' lists them all",
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
        slip, fixes = TRANSPOSED, [[(place.last_start, end, ".T@")]]
    elif place.last == "_POWER" and (powered := _power_of_name(place, call)):
        slip = POWERED
        fixes, fills["written"] = powered
        start = place.before[-2][1]
    else:
        known = _something_else(builder, call, fills) or _in_capitals(call, fills)
        slip, fixes = known or _unknown(builder, call, fills)
    error = slip.error(builder, start, end, **fills)
    error.fixes = tuple(fixes)
    return error


def _something_else(
    builder: Calls, call: Call, fills: dict[str, object]
) -> tuple[Slip, list[list[Edit]]] | None:
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
        return slip, [call.edit(written)] * bool(written)
    if name in builder.names or name in builder.bound or name in {*builder.used} - {*CONSTANTS}:
        if len(call.arguments) > 1:
            return ELEMENT, []
        return VARIABLE, [product] * bool(sign)
    if name == "e":
        return NUMBER_E, [product, [(call.start, end, "exp")]]
    if name in CONSTANTS:
        return CONSTANT, [product]
    if builder.source.find(f"def {name}(", end) >= 0:
        return BELOW, []
    return None


def _unknown(builder: Calls, call: Call, fills: dict[str, object]) -> tuple[Slip, list[list[Edit]]]:
    """Return the mistake of a call by a name that nothing has."""
    name = call.place.word
    if name in DERIVATIVES or _is_leibniz(call.place, name):
        return DERIVATIVE, _derivatives(call)
    if name in COMMANDS:
        fills["command"] = COMMANDS[name]
        return COMMAND, []
    if name in DRAWS or name in DRAWN:
        taken = {*builder.used, *builder.names, *builder.bound}
        fills["free"] = next(one for one in ("W", "W1", "R", "R1", "noise") if one not in taken)
        shape = str(fills["argument"])
        literal = shape.strip("()").replace(",", "").replace(" ", "").isdigit()
        fills["drawn"] = f"{DRAWN.get(name, name)}{shape if literal else '(3)'}"
        return RANDOM, []
    if name in ADVICE:
        fills["advice"] = advised(call)
        return ADVISED, []
    if not closest(name, builder.functions) and (fixes := _elsewhere(call, name, fills)):
        return ELSEWHERE, fixes
    if name in FOREIGN_CALLS:
        fills["written"] = FOREIGN_CALLS[name]
        return ELSEWHERE, []
    if factored := _factored(builder, call):
        factor, function, known = factored
        at = call.start + len(factor)
        argument = str(fills["argument"])
        fills |= {"written": short(f"{factor}*{function}{argument}"), "meant": function}
        product = [[(at, at, "*")]] * (call.place.last not in BOUND)
        if known:
            return FACTOR, product
        return FACTOR_OR_SLIP, [*product, [(call.start, at, "")]]
    if meant := _meant(builder, name):
        fills["meant"] = meant
        return MISSPELT, [[(call.start, call.place.end, meant)]]
    return (UNKNOWN if len(call.arguments) == 1 or call.end < 0 else UNKNOWN_OF_SEVERAL), []


def _in_capitals(call: Call, fills: dict[str, object]) -> tuple[Slip, list[list[Edit]]] | None:
    """Return the mistake of LOG(x) and ATAN2(a, b): in most languages, and in a spreadsheet."""
    place = call.place
    forms = OF_SPREADSHEETS.get((place.word, len(call.arguments)), ())
    readings = [form.format(*call.arguments) for form in forms if call.end > 0]
    if not readings or (place.word == "LOG" and "ln(" in place.source.lower()):
        return None  # of base 10 beside LN
    fills["written"], fills["other"] = map(short, readings)
    return CAPITALS, [call.edit(one) for one in readings]


def _elsewhere(call: Call, name: str, fills: dict[str, object]) -> list[list[Edit]]:
    """Return the corrections of another language's function, and tell what is written."""
    if readings := of_any(call):
        fills["written"] = alternatives(readings, call)
        return [*replaced(readings, call, call.start)]
    written = elsewhere(call, name)
    general = FOREIGN_CALLS.get(name, "...")
    fills["written"] = call.fitted(written) if columns(written) <= SHORT else general
    return [call.edit(written)] * bool(written)


def _factored(builder: Calls, call: Call) -> tuple[str, str, bool] | None:
    """Return the factor and the function in xsin(x), and whether the factor is a known name.

    A letter that nothing has may also be one too many.
    """
    place, name = call.place, call.place.word
    words = {place.source[start:end] for _, start, end in [*place.before, *place.ahead[1:]]}
    known = {*builder.used, *builder.names, *builder.bound, *words}
    for size in range(1, len(name) - 1):
        factor, function = name[:size], name[size:]
        if place.is_function(function):
            if factor in known:
                return factor, function, True
            if size == 1 and factor != function[0] and name not in OTHERS_OWN:
                return factor, function, False
    return None


def _meant(builder: Calls, name: str) -> str:
    """Return the function whose name is spelt nearly as ``name``, if it is not another's."""
    own = closest(name, builder.functions)
    if own or name in FOREIGN_CALLS or name in PEERS or name in OTHERS_OWN:
        return own
    known = {word: row.name for word, row in NAMES.items() if not row.infix or row.name == "pow"}
    scalar = dict(known)
    known |= {word: word for word in HOME}
    known |= {word: row.spelled for word, row in WORDS.items()}
    return closest(name, known.values()) or closest(name, known) or closest(name, scalar)


def _power_of_name(place: Place, call: Call) -> tuple[list[list[Edit]], str] | None:
    """Return the correction of sin^n(x), and what it writes; None for any other call."""
    if [kind for kind, _, _ in place.before[-2:-1]] != ["NAME"] or call.end < 0:
        return None
    _, start, end = place.before[-2]
    function = place.source[start:end]
    if not place.is_function(function):
        return None
    inside = place.source[place.end : call.end].strip()
    text = f"{function}{inside}^{place.word}"
    return [[(start, call.end, text)]], short(text)


def _is_leibniz(place: Place, name: str) -> bool:
    """Say whether the call is the one in d(x^2)/dx or d/dx(x^2)."""
    if name == "d":
        after = place.atom(0)
        return place.next(after) == "_OVER" and place.next(after + 1) == "NAME"
    kinds = place.words_before(2)
    return kinds == ["d", "/"] and name.startswith("d") and len(name) > 1


def _derivatives(call: Call) -> list[list[Edit]]:
    """Return the corrections of a derivative as a function: the expression alone, and diff."""
    if not call.arguments or call.end < 0:
        return []
    place, inside = call.place, call.arguments[0]
    start, end, name = call.start, call.end, ""
    if place.word == "d":
        last = place.ahead[place.atom(0) + 1]
        end, name = last[2], place.source[last[1] + 1 : last[2]]
    elif _is_leibniz(place, place.word):
        start, name = place.before[-2][1], place.word[1:]
    elif len(call.arguments) > 1:
        name = ", ".join(call.arguments[1:])
    alone = place.source[:start].strip() == "" and place.source[end:].strip() == ""
    found = [[(start, end, inside if alone else f"({inside})")]] if alone else []
    return [*found, *[[(start, end, f"diff({inside}, {name})")]] * bool(name)]
