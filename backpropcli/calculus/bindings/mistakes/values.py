"""What people type for values and is none: each with what to type. Loaded on a mistake only."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.calculus.bindings.items import Item, is_name
from backpropcli.errors import SourceError
from backpropcli.graph.operations import CONSTANTS, DRAWS
from backpropcli.language.names import DEGREES
from backpropcli.language.scanner import solid
from backpropcli.slips import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from backpropcli.language.program import Program

NAME = "a name is letters, digits and _, and does not begin with a digit"
WORDS = {"and", "or", "not", "def", "rule", "use"}
BREAKS_OFF = "a power of ten without digits"
A_NUMBER = "write a number in its place"
INFINITIES = {"infinity", "infty", "oo"}
BOOLEANS = {"true": "1", "True": "1", "false": "0", "False": "0"}


def not_a_value(words: Sequence[str], place: int) -> SourceError:
    """Return the error for a word that is not NAME=VALUE, or whose name or value is missing."""
    word = words[place]
    for start, stop in ((place, place + 3), (place, place + 2), (place - 1, place + 1)):
        error = _apart(words[max(start, 0) : stop])
        if error is not None:
            return error
    for sign in (":=", "==", ":"):
        before, found, after = (part.strip() for part in word.partition(sign))
        if found and is_name(before) and after:
            at, fixed = word.index(sign), f"{before}={after}"
            item = Item(word, at, at + len(sign))
            return item.meant("a value is given with '='", fixed)
    name, equals, _ = (part.strip() for part in word.partition("="))
    if not equals:
        hint = "a value is written NAME=VALUE; put the expression in quotes as one word"
        if word.lstrip().startswith("{"):
            hint = "JSON is read from a file or a pipe: --bind FILE, or --bind -"
        return SourceError("this is not a value", word, 0, len(word), hint)
    if name and is_name(name):
        start = word.index("=") + 1
        hint = f"write a number, as in {name}=1"
        return SourceError(f"there is no value for {name}", word, start, start + 1, hint)
    joined = name.replace(".", "_")
    if joined != name and is_name(joined):
        error = SourceError("names have no dots", word, 0, word.index("="), f"write {joined}")
        names = [one.partition("=")[0].strip() for one in words]
        error.renamed.update({one: one.replace(".", "_") for one in names if "." in one})
        return error
    return _no_name(word, name)


def _no_name(word: str, name: str) -> SourceError:
    """Return the error for NAME=VALUE with something else in place of the name."""
    message, hint = f"'{name}' cannot be the name of a variable", NAME
    fixed: list[list[str]] = []
    if not name:
        message = "there is no name to bind before the '='"
    elif name in WORDS:
        message = f"'{name}' is a word of the language, so it cannot be a name"
        hint = f"choose another name, such as {name}_"
    elif is_name(bare := name.strip("-$\"'")) and word.partition("=")[2].strip():
        fixed = [[f"{bare}={word.partition('=')[2].strip()}"]]
        hint = f"write {fixed[0][0]}"
    return Item(word, 0, max(word.index("="), 1)).instead(message, hint, *fixed)


def _apart(words: Sequence[str]) -> SourceError | None:
    """Return the error for a value that blanks tear apart: x = 3, x= 3 or x =3."""
    name, equals, text = (part.strip() for part in "".join(words).partition("="))
    if len(words) < 2 or sum("=" in word for word in words) != 1 or not (equals and text):  # noqa: PLR2004 (words torn apart)
        return None
    first, last = words[0], words[-1]
    if not is_name(name) or first.strip("=") != name or last.strip("=") != text:
        return None
    whole = " ".join(words)
    message = "there are no blanks around the '=' of a value"
    return Item(whole, 0, len(whole)).meant(message, f"{name}={text}")


def in_value(item: Item, error: SourceError, known: Collection[str] = ()) -> SourceError:
    """Return the error of a value's text at its place in the source.

    What to type is told as far as it uses no other names than those that are ``known``.
    """
    found = SourceError(
        error.message,
        item.source,
        error.start + item.start,
        min(error.end + item.start, max(item.end, error.start + item.start + 1)),
        error.hint,
        item.origin,
    )
    if drawn := _drawn(item):
        return drawn
    from backpropcli.language.mistakes.repair import repaired

    texts = repaired(error)
    stand = [text for text in texts if _names_in(text) <= {*known, *CONSTANTS}]
    stand = [] if error.kind == BREAKS_OFF else stand  # e is a power of ten there, and no constant
    if len(stand) < len(texts):
        meant = " or ".join([f"{item.name}={text}" for text in stand])
        found.hint = f"write {meant}" if meant else A_NUMBER
    if not item.origin:
        found.words = tuple([f"{item.source[: item.start]}{text}"] for text in stand)
    return found


def _drawn(item: Item) -> SourceError | None:
    """Return the error for random values as other libraries have them: np.random.randn(3)."""
    from backpropcli.language.mistakes.elsewhere.languages import DRAWN

    text = item.text
    words = solid(text)
    for (kind, start, end), after in pairwise(words):
        name = text[start:end]
        first = start
        while first and (text[first - 1].isalpha() or text[first - 1] in "._"):
            first -= 1
        known = DRAWN.get(name) or (name if name in DRAWS and first < start else "")
        if kind == "NAME" and known and after[0] == "LPAR":
            fixed = f"{item.name}={text[:first]}{known}{text[end:]}"
            place = Item(item.source, item.start + first, item.start + end, item.origin)
            message = f"'{text[first:end]}' is called {known} here"
            return place.meant(message, fixed)
    return None


def _names_in(text: str) -> set[str]:
    """Return the names in a value that are no functions."""
    words = [(kind, text[start:end]) for kind, start, end in solid(text)]
    return {
        word
        for (kind, word), after in pairwise([*words, ("", "")])
        if kind == "NAME" and after[0] != "LPAR"
    }


def unknown_name(item: Item, program: Program, name: str, node: int) -> SourceError:
    """Return the error for a name in a value that has none itself."""
    start, end = program.starts[node], program.ends[node]
    given = item.name
    words = [(kind, item.text[a:b]) for kind, a, b in solid(item.text)]
    if name in {"i", "j"} and (item.text[start - 1 : start].isdigit()):
        return item.error("there are no complex numbers", "give the real part", start, end)
    if name in BOOLEANS and len(words) == 1:
        fixed = f"{given}={BOOLEANS[name]}"
        return item.meant(f"'{name}' is not a number", fixed)
    alone = {"_PLUS", "_MINUS"}.isdisjoint([kind for kind, _ in words])
    if len(words) > 1 and alone and words[0][0] == "NUMBER" and words[1] == ("NAME", name):
        number = words[0][1]
        fixed = f"{given}={number}"
        if name in DEGREES:
            fixed = f"{given}={number}*pi/180"
            return item.meant("angles are in radians", fixed)
        return item.meant(f"values have no units, as '{name}' would be", fixed)
    meant = "inf" if name.lower() in INFINITIES else closest(name, CONSTANTS)
    return item.error(
        f"'{name}' has no value",
        f"did you mean '{meant}'?"
        if meant
        else f"give it one, as in {name}=1; the constants are pi, e, tau, inf and nan",
        start,
        end,
    )
