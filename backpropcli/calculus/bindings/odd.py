"""Values that mean something elsewhere: several in one word, arrays without commas, and more."""

from __future__ import annotations

from itertools import pairwise

from backpropcli.calculus.bindings.items import Item, is_name
from backpropcli.language.scanner import solid, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError

THREE = 3
"""The digits of a group in a large number."""
MOST_POINTS = 20
"""How many values a range has at most that is written out."""
SQUARE = str.maketrans("{}()", "[][]")
FILES = (".csv", ".tsv", ".txt", ".npy", ".npz", ".json", ".safetensors")
BETWEEN = "there are blanks between values, and nothing else"


def odd_value(item: Item) -> SourceError | None:
    """Return the error for a text that has a meaning elsewhere; None if it is none of these."""
    name = item.name
    text = item.text.strip()
    words = [(kind, text[start:end]) for kind, start, end in solid(text)]
    kinds = [kind for kind, _ in words]
    for found in (
        _several(item),
        _uncertain(item, name, text, words),
        _listed(item, name, words),
        _in_degrees(item, text, words),
    ):
        if found is not None:
            return found
    if text.partition(":")[0].endswith(FILES):
        fixed = f"{name}=@{text}"
        return item.meant("a file has an @ in front of its name", fixed)
    plain = "".join(text.split())
    if kinds == ["NUMBER", "COMMA", "NUMBER"] and plain.replace(",", "").isdigit():
        fixed = f"{name}={plain.replace(',', '.')}"
        return item.meant("decimals are written with a point", fixed)
    if kinds and kinds[-1] in {"COMMA", "SEMICOLON"} and "COMMA" not in kinds[:-1]:
        fixed = f"{name}={text[:-1].strip()}"
        return item.meant(BETWEEN, fixed)
    outside = _outside(text)
    if (":" in outside and not outside.startswith(":")) or ".." in outside or "," in outside:
        error = item.error(
            "a variable has one value at a time",
            "for several points run the command for each; an array is written [1, 2, 3]",
        )
        error.several = _points(text)
        return error
    return None


def _in_degrees(item: Item, text: str, words: list[tuple[str, str]]) -> SourceError | None:
    """Return the error for 30°, and for 20°C."""
    if not words or words[0][0] != "NUMBER" or text[len(words[0][1]) :].strip()[:1] != "°":
        return None
    number, unit = words[0][1], "".join([word for _, word in words[1:]])
    fixed, message = f"{item.name}={number}*pi/180", "angles are in radians"
    if unit != "°":
        fixed, message = f"{item.name}={number}", f"values have no units, as '{unit}' would be"
    return item.meant(message, fixed)


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
        return item.meant(message, fixed)
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
            return item.instead("there are blanks in this value", hint, [number], [fixed])
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
    return item.meant(message, fixed)


def _with_commas(text: str) -> str:
    """Return numbers in brackets with commas for blanks, where NumPy prints none: [[1 2] [3 4]]."""
    words = solid(text)
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
    found = solid(whole)
    starts = [one[1] for one, two in pairwise(found) if one[0] == "NAME" and two[0] == "EQUAL"]
    parts = [whole[a:b].strip(" \t,;") for a, b in pairwise([*starts, len(whole)])]
    if item.origin or len(parts) < 2 or starts[0] != 0:  # noqa: PLR2004 (several)
        return None
    if any(part.endswith("=") for part in parts):
        return None
    return Item(whole, 0, len(whole)).instead(
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
            return item.instead(
                message, f"write {name}={before}{more}", [f"{name}={before}"], *other
            )
    digits = words[2][1] if len(words) == 4 else ""  # noqa: PLR2004 (10.1 ( 2 ))
    if digits.isdecimal() and [kind for kind, _ in words] == ["NUMBER", "LPAR", "NUMBER", "RPAR"]:
        first = words[0][1]
        return item.instead(
            "this may be a number with its uncertainty, or a product",
            f"write {name}={first} or {name}={first}*{digits}",
            [f"{name}={first}"],
            [f"{name}={first}*{digits}"],
        )
    return None
