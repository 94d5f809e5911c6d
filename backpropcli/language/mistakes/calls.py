"""Calls of what is no function, and with too many or too few arguments."""

from __future__ import annotations

from backpropcli.errors import did_you_mean
from backpropcli.graph.operations import CONSTANTS, NAMES
from backpropcli.language.mistakes.languages import FOREIGN_FUNCTIONS, OTHER_COUNTS, OTHERS_OWN
from backpropcli.language.mistakes.place import Place
from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.text import quoted, short
from backpropcli.language.mistakes.words import CELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.graph.row import Row
    from backpropcli.language.builder.calls import Calls

NEGATION = Slip(
    "a call of the minus", "neg(x)",
    "{called} is written as an operator", "write -x",
    instead="-x",
)  # fmt: skip
OPERATOR = Slip(
    "a call of an operator", "add(x, y)",
    "{called} is written as an operator", "write x {infix} y",
    instead="x + y",
)  # fmt: skip
VARIABLE = Slip(
    "a call of a variable", "x + x(2)",
    "{called} is a variable, not a function", "for a product write {product}",
    instead="x + x*(2)",
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
MISSPELT = Slip(
    "a slip in a function's name", "snh(x)",
    "there is no function {called}", "{meant}",
    instead="sinh(x)",
)  # fmt: skip
UNKNOWN = Slip(
    "a call of what is no function", "foo(x)",
    "there is no function {called}",
    "'backprop functions' lists them all; for a product write {product}",
    instead="foo*(x)",
)  # fmt: skip
COUNT = Slip(
    "too many or too few arguments", "clip(x, 1)",
    "'{name}' takes {wanted} argument{plural}, not {count}", "write {signature}",
    instead="clip(x, lo, hi)",
)  # fmt: skip
COUNT_ELSEWHERE = Slip(
    "arguments as another language has them", "atan(y, x)",
    "'{name}' takes {wanted} argument{plural}, not {count}", "{advice}",
    instead="atan2(y, x)",
)  # fmt: skip


def unknown_function(builder: Calls, name: str, start: int) -> SourceError:
    """Return the error for a call of what is no function."""
    end = start + len(name)
    place = Place(builder, start, end)
    argument = place.ahead_text(1, place.atom(0)) or "(...)"
    fills: dict[str, object] = {
        "called": quoted(name),
        "product": f"{short(name)}*{argument}",
        "argument": argument,
    }
    slip = UNKNOWN
    if name in NAMES:
        fills["infix"] = NAMES[name].infix
        slip = NEGATION if NAMES[name].name == "neg" else OPERATOR
    elif name in builder.names or name in builder.bound or name in {*builder.used} - {*CONSTANTS}:
        slip = VARIABLE
    elif name in CONSTANTS:
        slip = NUMBER_E if name == "e" else CONSTANT
    elif builder.source.find(f"def {name}(", end) >= 0:
        slip = BELOW
    elif meant := _meant(builder, name):
        fills["meant"] = meant
        slip = MISSPELT
    elif name in FOREIGN_FUNCTIONS:
        fills["written"] = _written(name, place)
        slip = ELSEWHERE
    return slip.error(builder, start, end, **fills)


def _meant(builder: Calls, name: str) -> str:
    """Return the question "did you mean", for a slip in the name of a function."""
    own = did_you_mean(name, builder.functions)
    if own or name in FOREIGN_FUNCTIONS or name in OTHERS_OWN:
        return own
    known = {word: row.name for word, row in NAMES.items() if row.infix not in {*"+-*/"}}
    return did_you_mean(name, known.values()) or did_you_mean(name, known)


def _written(name: str, place: Place) -> str:
    """Return what to write for another language's function, of the argument where it is a word.

    It stands in parentheses where it is no call, and more stands beside it.
    """
    import re

    one = place.next(1) == "LPAR" and place.next(2) in {"NAME", "NUMBER"}
    argument = (place.ahead_text(2, 3) if one and place.next(3) == "RPAR" else "") or "x"
    found = re.sub(r"\bx\b", argument, FOREIGN_FUNCTIONS[name])
    alone = place.fresh and place.next(place.atom(0)) in CELLS | {"RPAR"}
    return found if alone or re.fullmatch(r"\w+\([^()]*\)", found) else f"({found})"


def wrong_count(  # noqa: PLR0913 (what the sentence tells)
    builder: Calls, row: Row, name: str, count: int, start: int, end: int
) -> SourceError:
    """Return the error for a call with too many or too few arguments."""
    most = len(row.parameters)
    least = most - len(row.defaults)
    wanted = f"{least} or more" if row.variadic else f"{least}"
    if not row.variadic and least < most:
        wanted = f"{least} or {most}" if most == least + 1 else f"{least} to {most}"
    advice = OTHER_COUNTS.get((name, count), "")
    return (COUNT_ELSEWHERE if advice else COUNT).error(
        builder,
        start,
        end,
        name=name,
        wanted=wanted,
        plural="" if wanted == "1" else "s",
        count=count,
        signature=_signature(row, name),
        advice=advice,
    )


def _signature(row: Row, name: str) -> str:
    """Return how ``row`` is called by ``name``: without defaults, which a call cannot spell."""
    least = len(row.parameters) - len(row.defaults)
    more = ", ..." if row.variadic else ""
    whole = f"{name}({', '.join(row.parameters)}{more})"
    fewest = f"{name}({', '.join(row.parameters[:least])})"
    return f"{fewest} or {whole}" if row.defaults else whole
