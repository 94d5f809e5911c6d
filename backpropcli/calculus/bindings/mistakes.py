"""What people type for values and is none: each with what to type. Loaded on a mistake only."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.calculus.bindings.items import Item, is_name
from backpropcli.errors import SourceError, closest
from backpropcli.graph.operations import CONSTANTS, DRAWS
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from backpropcli.language.program import Program

NAME = "a name is letters, digits and _, and does not begin with a digit"
WORDS = {"and", "or", "not", "def", "rule", "use"}
DEGREES = {"deg", "degree", "degrees"}
THREE = 3
"""The digits of a group in a large number."""
MOST_POINTS = 20
"""How many values a range has at most that is written out."""
SQUARE = str.maketrans("{}()", "[][]")
FILES = (".csv", ".tsv", ".txt", ".npy", ".npz", ".json", ".safetensors")
BETWEEN = "there are blanks between values, and nothing else"
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
            return _instead(item, "a value is given with '='", f"write {fixed}", [fixed])
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
    return _instead(Item(word, 0, max(word.index("="), 1)), message, hint, *fixed)


def _apart(words: Sequence[str]) -> SourceError | None:
    """Return the error for a value that blanks tear apart: x = 3, x= 3 or x =3."""
    name, equals, text = (part.strip() for part in "".join(words).partition("="))
    if len(words) < 2 or sum("=" in word for word in words) != 1 or not (equals and text):  # noqa: PLR2004 (words torn apart)
        return None
    first, last = words[0], words[-1]
    if not is_name(name) or first.strip("=") != name or last.strip("=") != text:
        return None
    whole = " ".join(words)
    return _instead(
        Item(whole, 0, len(whole)),
        "there are no blanks around the '=' of a value",
        f"write {name}={text}",
        [f"{name}={text}"],
    )


def _instead(item: Item, message: str, hint: str, *alternatives: list[str]) -> SourceError:
    """Return the error at an item, with what to type in place of its source."""
    error = item.error(message, hint)
    if not item.origin:
        error.words = alternatives
    return error


def odd_value(item: Item) -> SourceError | None:
    """Return the error for a text that has a meaning elsewhere; None if it is none of these."""
    name = item.name
    text = item.text.strip()
    words = [(kind, text[start:end]) for kind, start, end in tokens(text) if kind != "SPACE"]
    kinds = [kind for kind, _ in words]
    for found in (_several(item), _uncertain(item, name, text, words), _listed(item, name, words)):
        if found is not None:
            return found
    if text.partition(":")[0].endswith(FILES):
        fixed = f"{name}=@{text}"
        return _instead(item, "a file has an @ in front of its name", f"write {fixed}", [fixed])
    plain = "".join(text.split())
    if kinds == ["NUMBER", "COMMA", "NUMBER"] and plain.replace(",", "").isdigit():
        fixed = f"{name}={plain.replace(',', '.')}"
        return _instead(item, "decimals are written with a point", f"write {fixed}", [fixed])
    if kinds and kinds[-1] in {"COMMA", "SEMICOLON"} and "COMMA" not in kinds[:-1]:
        fixed = f"{name}={text[:-1].strip()}"
        return _instead(item, BETWEEN, f"write {fixed}", [fixed])
    outside = _outside(text)
    if (":" in outside and not outside.startswith(":")) or ".." in outside or "," in outside:
        error = item.error(
            "a variable has one value at a time",
            "for several points run the command for each; an array is written [1, 2, 3]",
        )
        error.several = _points(text)
        return error
    return None


def alike(error: SourceError, word: str) -> str:
    """Return a value with the same mistake as an error, corrected in the same way; or the value."""
    at = word.find("=") + 1
    name = word[: max(at - 1, 0)].strip()
    if not is_name(name) or not word[at:].strip():
        return word
    other = odd_value(Item(word, at, len(word)))
    same = other is not None and other.message == error.message and len(other.words) == 1
    return " ".join(other.words[0]) if other is not None and same else word


def _listed(item: Item, name: str, words: list[tuple[str, str]]) -> SourceError | None:
    """Return the error for the numbers of an array in other brackets, or with blanks alone."""
    kinds = {kind for kind, _ in words}
    if (fixed := _with_commas(item.text)) != item.text:
        fixed = f"{name}={fixed}"
        message = "the elements of an array have commas between them"
        return _instead(item, message, f"write {fixed}", [fixed])
    if not kinds <= {"NUMBER", "COMMA", "_MINUS", "LPAR", "RPAR", ""}:
        return None
    numbers = item.text.split()
    if kinds == {"NUMBER"} and len(numbers) == len(words) > 1:
        fixed = f"{name}=[{', '.join(numbers)}]"
        first, *others = numbers
        groups = [first.rjust(THREE, "0"), *others]
        if all(len(one) == THREE and one.isdecimal() for one in groups):
            number = f"{name}={''.join(numbers)}"
            hint = f"write {number}, or {fixed} for an array"
            return _instead(item, "there are blanks in this value", hint, [number], [fixed])
    elif words and words[0][1] in {"{", "("} and "COMMA" in kinds:
        plain = "".join([word for _, word in words]).translate(SQUARE)
        plain += "]" * (plain.count("[") - plain.count("]"))
        plain = plain.replace(",]", "]")
        rows = [row.count(",") for row in plain.replace("[", "]").split("]") if row.strip(",")]
        if len({*rows}) > 1:
            return None
        fixed = f"{name}={plain.replace(',', ', ')}"
    else:
        return None
    message = "an array has square brackets, and commas between its elements"
    return _instead(item, message, f"write {fixed}", [fixed])


def _with_commas(text: str) -> str:
    """Return numbers in brackets with commas for blanks, where NumPy prints none: [[1 2] [3 4]]."""
    words = [word for word in tokens(text) if word[0] != "SPACE"]
    kinds = {kind for kind, _, _ in words}
    if not (kinds <= {"NUMBER", "COMMA", "_MINUS", "LSQB", "RSQB"} and text.startswith("[")):
        return text
    found, sure = text[: words[0][2]], False
    for (before, _, end), (kind, start, stop) in pairwise(words):
        ended, apart = before in {"NUMBER", "RSQB"}, start > end
        signed = kind == "_MINUS" and apart and text[stop : stop + 1] != " "
        if ended and apart and (kind in {"NUMBER", "LSQB"} or signed):
            sure = sure or (before == kind == "NUMBER")
            found += ", "
        found += text[start:stop] + " " * (kind == "COMMA")
    return found if sure else text


def _points(text: str) -> list[str]:
    """Return the values of 1,2,3 or 1:3 or 1..3; none where it is not sure."""
    first, _, last = text.replace("..", ":").partition(":")
    if first.strip().isdecimal() and last.strip().isdecimal():
        found = range(int(first), int(last) + 1)
        return [str(value) for value in found] if len(found) <= MOST_POINTS else []
    values = [value.strip() for value in text.split(",")]
    words = [tokens(value.removeprefix("-")) for value in values]
    plain = all([kind for kind, _, _ in found] == ["NUMBER"] for found in words)
    return values if plain and len(values) <= MOST_POINTS else []


def _outside(text: str) -> str:
    """Return what stands in no parentheses or brackets."""
    found, depth = "", 0
    for char in text:
        depth += char in "(["
        found += "" if depth else char
        depth -= char in ")]"
    return found


def _several(item: Item) -> SourceError | None:
    """Return the error for several values in one word: x=3,y=4."""
    if "=" not in _outside(item.text):
        return None
    whole = item.source
    found = [token for token in tokens(whole) if token[0] != "SPACE"]
    starts = [one[1] for one, two in pairwise(found) if one[0] == "NAME" and two[0] == "EQUAL"]
    parts = [whole[a:b].strip(" \t,;") for a, b in pairwise([*starts, len(whole)])]
    if item.origin or len(parts) < 2 or starts[0] != 0:  # noqa: PLR2004 (several)
        return None
    if any(part.endswith("=") for part in parts):
        return None
    return _instead(
        Item(whole, 0, len(whole)),
        "each value is an argument of its own",
        f"write {' '.join(parts)}",
        parts,
    )


def _uncertain(
    item: Item, name: str, text: str, words: list[tuple[str, str]]
) -> SourceError | None:
    """Return the error for a number with its uncertainty: 10±0.1, 3+-0.1, 10.1(2)."""
    message = "a value has no uncertainty here"
    plain = "".join(text.split())
    for sign in ("±", "+/-", "+-"):
        before, found, after = plain.partition(sign)
        if found and before and after:
            other = [[f"{name}={before}-{after}"]] if sign == "+-" else []
            more = f", or {name}={before}-{after} for the difference" if other else ""
            return _instead(
                item, message, f"write {name}={before}{more}", [f"{name}={before}"], *other
            )
    digits = words[2][1] if len(words) == 4 else ""  # noqa: PLR2004 (10.1 ( 2 ))
    if digits.isdecimal() and [kind for kind, _ in words] == ["NUMBER", "LPAR", "NUMBER", "RPAR"]:
        first = words[0][1]
        return _instead(
            item,
            "this may be a number with its uncertainty, or a product",
            f"write {name}={first} or {name}={first}*{digits}",
            [f"{name}={first}"],
            [f"{name}={first}*{digits}"],
        )
    return None


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
    from backpropcli.language.mistakes.repair import repaired  # noqa: PLC0415 (odd values come here)

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
    from backpropcli.language.mistakes.languages import DRAWN  # noqa: PLC0415 (odd values come here)

    text = item.text
    words = [word for word in tokens(text) if word[0] != "SPACE"]
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
            return _instead(place, message, f"write {fixed}", [fixed])
    return None


def _names_in(text: str) -> set[str]:
    """Return the names in a value that are no functions."""
    words = [(kind, text[start:end]) for kind, start, end in tokens(text) if kind != "SPACE"]
    return {
        word
        for (kind, word), after in pairwise([*words, ("", "")])
        if kind == "NAME" and after[0] != "LPAR"
    }


def unknown_name(item: Item, program: Program, name: str, node: int) -> SourceError:
    """Return the error for a name in a value that has none itself."""
    start, end = program.starts[node], program.ends[node]
    given = item.name
    words = [(kind, item.text[a:b]) for kind, a, b in tokens(item.text) if kind != "SPACE"]
    if name in {"i", "j"} and (item.text[start - 1 : start].isdigit()):
        return item.error("there are no complex numbers", "give the real part", start, end)
    if name in BOOLEANS and len(words) == 1:
        fixed = f"{given}={BOOLEANS[name]}"
        return _instead(item, f"'{name}' is not a number", f"write {fixed}", [fixed])
    alone = {"_PLUS", "_MINUS"}.isdisjoint([kind for kind, _ in words])
    if len(words) > 1 and alone and words[0][0] == "NUMBER" and words[1] == ("NAME", name):
        number = words[0][1]
        fixed = f"{given}={number}"
        if name in DEGREES:
            fixed = f"{given}={number}*pi/180"
            return _instead(item, "angles are in radians", f"write {fixed}", [fixed])
        return _instead(
            item, f"values have no units, as '{name}' would be", f"write {fixed}", [fixed]
        )
    meant = "inf" if name.lower() in INFINITIES else closest(name, CONSTANTS)
    return item.error(
        f"'{name}' has no value",
        f"did you mean '{meant}'?"
        if meant
        else f"give it one, as in {name}=1; the constants are pi, e, tau, inf and nan",
        start,
        end,
    )
