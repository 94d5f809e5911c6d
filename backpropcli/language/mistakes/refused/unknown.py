"""Calls by a name that nothing has: slips, factors, and functions of other languages."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.graph.arrays import WORDS
from backpropcli.graph.operations import DRAWS, NAMES
from backpropcli.language.builder.files import HOME
from backpropcli.language.mistakes.elsewhere.call import Call, advised, elsewhere
from backpropcli.language.mistakes.elsewhere.derivatives import (
    DERIVATIVE,
    derivatives,
    is_derivative,
)
from backpropcli.language.mistakes.elsewhere.languages import (
    ADVICE,
    COMMANDS,
    DRAWN,
    FOREIGN_CALLS,
    OF_SPREADSHEETS,
    OTHERS_OWN,
)
from backpropcli.language.mistakes.elsewhere.peers import PEERS
from backpropcli.language.mistakes.elsewhere.readings import alternatives, of_any, replaced
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.text import SHORT, short
from backpropcli.slips import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder.calls import Calls
    from backpropcli.language.mistakes.fixes import Fixes

BOUND = {"_OVER", "_POWER", "_ROOT", "AT"}
"""Operators that would tear a product apart."""
ELSEWHERE = Slip(
    "a function of another language", "factorial(n)",
    "there is no function {called}", "write {written}",
    instead="gamma(n + 1)",
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


def in_capitals(call: Call, fills: dict[str, object]) -> tuple[Slip, Fixes] | None:
    """Return the mistake of LOG(x) and ATAN2(a, b): in most languages, and in a spreadsheet."""
    place = call.place
    forms = OF_SPREADSHEETS.get((place.word, len(call.arguments)), ())
    readings = [form.format(*call.arguments) for form in forms if call.end > 0]
    if not readings or (place.word == "LOG" and "ln(" in place.source.lower()):
        return None  # of base 10 beside LN
    fills["written"], fills["other"] = map(short, readings)
    return CAPITALS, tuple(map(call.edit, readings))


def unknown(builder: Calls, call: Call, fills: dict[str, object]) -> tuple[Slip, Fixes]:
    """Return the mistake of a call by a name that nothing has."""
    name = call.place.word
    if is_derivative(call.place):
        return DERIVATIVE, derivatives(call)
    if name in COMMANDS:
        fills["command"] = COMMANDS[name]
        return COMMAND, ()
    if name in DRAWS or name in DRAWN:
        taken = {*builder.used, *builder.names, *builder.bound}
        fills["free"] = next(one for one in ("W", "W1", "R", "R1", "noise") if one not in taken)
        shape = str(fills["argument"])
        literal = shape.strip("()").replace(",", "").replace(" ", "").isdigit()
        fills["drawn"] = f"{DRAWN.get(name, name)}{shape if literal else '(3)'}"
        return RANDOM, ()
    if name in ADVICE:
        fills["advice"] = advised(call)
        return ADVISED, ()
    if not closest(name, builder.functions) and (fixes := _elsewhere(call, name, fills)):
        return ELSEWHERE, fixes
    if name in FOREIGN_CALLS:
        fills["written"] = FOREIGN_CALLS[name]
        return ELSEWHERE, ()
    if factored := _factored(builder, call):
        factor, function, known = factored
        at = call.start + len(factor)
        argument = str(fills["argument"])
        fills |= {"written": short(f"{factor}*{function}{argument}"), "meant": function}
        product = ([(at, at, "*")],) * (call.place.last not in BOUND)
        if known:
            return FACTOR, product
        return FACTOR_OR_SLIP, (*product, [(call.start, at, "")])
    if meant := _meant(builder, name):
        fills["meant"] = meant
        return MISSPELT, ([(call.start, call.place.end, meant)],)
    return (UNKNOWN if len(call.arguments) == 1 or call.end < 0 else UNKNOWN_OF_SEVERAL), ()


def _elsewhere(call: Call, name: str, fills: dict[str, object]) -> Fixes:
    """Return the corrections of another language's function, and tell what is written."""
    if readings := of_any(call):
        fills["written"] = alternatives(readings, call)
        return replaced(readings, call, call.start)
    written = elsewhere(call, name)
    general = FOREIGN_CALLS.get(name, "...")
    fills["written"] = call.fitted(written) if columns(written) <= SHORT else general
    return (call.edit(written),) * bool(written)


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
