"""What is written for a call by its name alone, and what is said where nothing means the same."""

from __future__ import annotations

from backpropcli.language.mistakes.elsewhere.languages import ADVICE, FOREIGN_CALLS, SUMMING
from backpropcli.language.mistakes.source.expressions import is_atom
from backpropcli.language.names import DIGITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.elsewhere.call import Call

CHAINS = {"multi_dot", "chain_matmul"}
"""Functions that multiply several matrices elsewhere."""


def advised(call: Call) -> str:
    """Return what is said of a call that has nothing that means the same here."""
    several = len(call.arguments) > 1
    advice = ADVICE["integral" if several and call.place.word == "int" else call.place.word]
    first = call.arguments[0] if call.arguments else "A"
    return advice.format(first if is_atom(first) or ".T" not in advice else f"({first})")


def elsewhere(call: Call, name: str) -> str:
    """Return what to write for another language's function; "" if its arguments do not fit."""
    count = len(call.arguments)
    if name in {"PI", "Pi"} and not count:
        return "pi" if call.end > 0 else ""
    if name in SUMMING and count > 1:
        infix = "*" if SUMMING[name] == "*" else " + "
        if call.index:
            return call.written_out(infix) if SUMMING[name] != "mean" else ""
        terms = call.terms(infix)
        return f"({terms})/{count}" if SUMMING[name] == "mean" else terms
    if name in CHAINS and (written := call.chained()):
        return written
    if name == "piecewise" and any(sign in text for text in call.arguments[1:2] for sign in "<>="):
        return ""  # it begins with a value, and the condition comes second
    if name == "LOG" and count == 1:  # beside LN: see _capitals
        return call.filled("log10(x)")
    if name.startswith("log") and count == 1:
        base = name[3:].lstrip("_").translate(DIGITS)
        if base in {"2", "10"}:
            return call.filled(f"log{base}(x)")
        if (base.isdecimal() and base.strip("01")) or (name[3] == "_" and len(base) == 1):
            return f"{call.filled('log(x)')}/log({base})"
    return call.filled(FOREIGN_CALLS.get(name, ""))
