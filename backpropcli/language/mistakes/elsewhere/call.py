"""Fills the arguments of a call into what is written for it here: square(u) is u^2."""

from __future__ import annotations

from backpropcli.language.mistakes.elsewhere.languages import (
    ADVICE,
    FOREIGN_CALLS,
    IGNORED_KEYWORDS,
    SUMMING,
)
from backpropcli.language.mistakes.source.expressions import (
    factor,
    is_atom,
    names_in,
    substituted,
    summand,
)
from backpropcli.language.mistakes.source.words import CELLS
from backpropcli.language.names import DIGITS
from backpropcli.language.scanner import CLOSING, nesting, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.errors import Edit
    from backpropcli.language.mistakes.source.place import Place

PARAMETERS = {"condition", "a", "b", "x", "y", "n", "t"}
"""What a template calls the arguments, in the order in which it has them."""
WHOLE_TYPES = ("int", "uint", "bool", "long", "short")
OPEN = ("(", "[")
MOST_TERMS = 20
"""How many terms a sum over an index has at most that is written out."""


class Call:
    """A call in the source: a name, its arguments, and what stands around it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.start = place.at
        self.end = -1
        self.arguments: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self._read()

    def _read(self) -> None:
        depth, begin = 0, -1
        for kind, start, end in self.place.ahead[1:]:
            depth += nesting(kind)
            if kind == "LPAR" and depth == 1:
                begin = end
            elif depth == 0 or (kind == "COMMA" and depth == 1):
                text = " ".join(self.place.source[begin:start].split())
                self.arguments += [text] * bool(text)
                self.spans += [(begin, start)] * bool(text)
                begin = end
            if depth == 0:
                self.end = end
                return
        self.arguments, self.spans = [], []

    @property
    def after(self) -> int:
        """The number of the word after the call, or -1."""
        ahead = self.place.ahead
        return next((at for at, word in enumerate(ahead, 1) if word[2] == self.end), -1)

    @property
    def alone(self) -> bool:
        """True if the call is all of an argument, or of a statement."""
        place = self.place
        after = next((word[0] for word in place.ahead if word[1] >= self.end >= 0), "_NEWLINE")
        return place.fresh and after in CELLS | CLOSING

    def edit(self, text: str) -> list[Edit]:
        """Return the edit that puts ``text`` in place of the call, in parentheses if need be."""
        return [(self.start, self.end, self.fitted(text))]

    def fitted(self, text: str) -> str:
        """Return ``text`` as it stands in place of the call."""
        return text if self.alone or is_atom(text) else f"({text})"

    def filled(self, template: str) -> str:
        """Return ``template`` with the arguments in it; "" if there are more, or fewer.

        Dots stand for all of them; keywords about types are left out.
        """
        arguments = [text for text in self.arguments if not is_ignored(text)]
        if "..." in template:
            whole = template.replace("...", ", ".join(arguments))
            return whole if arguments and self.end >= 0 else ""
        names = dict.fromkeys(
            template[start:end]
            for kind, start, end in tokens(template)
            if kind == "NAME" and template[start:end] in PARAMETERS
        )
        if not names or len(names) != len(arguments) or self.end < 0:
            return ""
        return substituted(template, dict(zip(names, arguments, strict=True)))

    def terms(self, infix: str) -> str:
        """Return the arguments with an operator between them."""
        return _joined(infix, self.arguments)

    def chained(self) -> str:
        """Return the matrix product of the arguments, or of those in a list or tuple."""
        given = self.arguments
        if len(given) == 1 and given[0][:1] in OPEN:
            given = [part.strip() for part in given[0][1:-1].split(",")]
        plain = len(given) > 1 and all(part.isidentifier() for part in given)
        return "@".join(given) if plain else ""

    @property
    def index(self) -> tuple[str, str, str, str] | None:
        """What a sum is over elsewhere: the index, its first and last value, and the term.

        The index stands before the term, sum(i, 1, 3, x^i), or after it: sum(x^i, i, 1, 3) and
        Sum(x^i, (i, 1, 3)). None where the arguments are terms.
        """
        given = self.arguments
        if len(given) == 2 and given[1][:1] in OPEN:  # noqa: PLR2004 (a term, and what it is over)
            over = [part.strip() for part in given[1][1:-1].split(",")]
            over[1:1] = ["1"] * (len(over) == 2)  # noqa: PLR2004 (Mathematica's {i, 10})
            given = [given[0], *over]
        if len(given) != 4:  # noqa: PLR2004 (an index, two bounds and a term)
            return None
        for name, first, last, term in (given, [*given[1:], given[0]]):
            if name.isidentifier() and (first.isdecimal() or name in names_in(term)):
                return name, first, last, term
        return None

    def written_out(self, infix: str) -> str:
        """Return the terms for all values of the index; "" if they are many, or not known."""
        name, first, last, term = self.index or ("", "", "", "")
        if not (first.isdecimal() and last.isdecimal() and name in names_in(term)):
            return ""
        if not 0 <= int(last) - int(first) < MOST_TERMS:
            return ""
        return _joined(infix, [_with(term, name, str(i)) for i in range(int(first), int(last) + 1)])


def is_ignored(argument: str) -> bool:
    """Say whether an argument is a keyword about types or memory that changes no value.

    Numbers become whole where dtype is a type of those.
    """
    name, equals, setting = argument.partition("=")
    kind = setting.rpartition(".")[2].strip(" '\"")
    whole = name.strip() == "dtype" and kind.startswith(WHOLE_TYPES)
    return bool(equals) and name.strip() in IGNORED_KEYWORDS and not whole


def _joined(infix: str, terms: Sequence[str]) -> str:
    return infix.join([summand(term) if infix == " + " else factor(term) for term in terms])


def _with(text: str, name: str, value: str) -> str:
    """Return ``text`` with a whole number in place of a name: 2i is 2(3)."""
    pieces, at, last = [], 0, ""
    for kind, start, end in tokens(text):
        if kind == "NAME" and text[start:end] == name:
            pieces += [text[at:start], f"({value})" if last == "NUMBER" else value]
            at = end
        last = kind if kind != "SPACE" else last
    return "".join([*pieces, text[at:]])


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
