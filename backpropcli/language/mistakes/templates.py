"""Fills the arguments of a call into what is written for it here: square(u) is u^2."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.graph.operations import CONSTANTS
from backpropcli.language.mistakes.languages import IGNORED_KEYWORDS
from backpropcli.language.mistakes.words import CELLS, SIGNS, TIGHT, VALUES, nesting
from backpropcli.language.scanner import CLOSING, OPENING, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from backpropcli.errors import Edit
    from backpropcli.language.mistakes.place import Place

OPENED, CLOSED = OPENING | {"COMMA", "EQUAL", ""}, CLOSING | {"COMMA", ""}
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
        words = [word for word in tokens(template) if word[0] != "SPACE"]
        names = dict.fromkeys(
            template[start:end]
            for kind, start, end in words
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


def substituted(template: str, given: Mapping[str, str]) -> str:
    """Return ``template`` with texts in place of names, in parentheses if need be.

    The name of a keyword stays.
    """
    words = [word for word in tokens(template) if word[0] != "SPACE"]
    kinds = ["", *[kind for kind, _, _ in words], ""]
    pieces, at = [], 0
    for index, (_, start, end) in enumerate(words, 1):
        name = template[start:end]
        bare = kinds[index - 1] in OPENED and kinds[index + 1] in CLOSED
        shown = None if kinds[index + 1] == "EQUAL" else given.get(name)
        if shown is None:
            shown = name
        elif not (bare or is_atom(shown)):
            shown = f"({shown})"
        pieces += [template[at:start], shown]
        at = end
    return "".join(pieces)


def is_ignored(argument: str) -> bool:
    """Say whether an argument is a keyword about types or memory that changes no value.

    Numbers become whole where dtype is a type of those.
    """
    name, equals, setting = argument.partition("=")
    kind = setting.rpartition(".")[2].strip(" '\"")
    whole = name.strip() == "dtype" and kind.startswith(WHOLE_TYPES)
    return bool(equals) and name.strip() in IGNORED_KEYWORDS and not whole


def names_in(text: str) -> set[str]:
    """Return the names in a text."""
    return {text[start:end] for kind, start, end in tokens(text) if kind == "NAME"}


def variables_in(text: str) -> list[str]:
    """Return the names in a text, one after the other, that are no calls and no constants."""
    words = [*tokens(text), ("", 0, 0)]
    return [
        text[start:end]
        for (kind, start, end), after in pairwise(words)
        if kind == "NAME" and after[0] != "LPAR" and text[start:end] not in CONSTANTS
    ]


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


def is_atom(text: str) -> bool:
    """Say whether a text is a number, a name, a call, or what is in parentheses."""
    words = [kind for kind, _, _ in tokens(text) if kind != "SPACE"]
    if words[:1] == ["NUMBER"]:
        return len(words) == 1
    at = int(words[:1] == ["NAME"])
    at += _group(words[at:], {"LPAR"} if at else OPENING)
    while at and at < len(words):
        part = 2 if words[at : at + 2] == ["DOT", "NAME"] else _group(words[at:], {"LSQB"})
        if not part:
            return False
        at += part
    return at > 0


def _group(words: Sequence[str], opening: Collection[str]) -> int:
    """Return how many words the first are that stand in parentheses or brackets."""
    depth = 0
    for count, kind in enumerate(words if words[:1] and words[0] in opening else (), 1):
        depth += nesting(kind)
        if not depth:
            return count
    return 0


def _operators(text: str) -> set[str]:
    """Return the kinds of the words outside of parentheses."""
    depth, found = 0, set()
    for kind, _, _ in tokens(text):
        depth += nesting(kind)
        if not depth:
            found.add(kind)
    return found


def summand(text: str) -> str:
    """Return ``text`` as it stands between plus signs."""
    plain = TIGHT | SIGNS | VALUES | {"SPACE", "_ROOT", "DOT"} | OPENING
    return text if _operators(text) <= plain else f"({text})"


def factor(text: str) -> str:
    """Return ``text`` as it stands between product signs."""
    plain = VALUES | {"SPACE", "_ROOT", "_POWER", "DOT"} | OPENING
    return text if _operators(text) <= plain else f"({text})"
