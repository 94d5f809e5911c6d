"""Characters that are no part of the language, and what Unicode says of them."""

from __future__ import annotations

from unicodedata import category, decimal, name, normalize

from backpropcli.errors import visible
from backpropcli.language.mistakes.fixes import instead, one, without
from backpropcli.language.mistakes.misplaced.bars import inner, norm, shown
from backpropcli.language.mistakes.slip import Pattern, Span
from backpropcli.language.mistakes.source.text import SHORT, quoted
from backpropcli.language.mistakes.source.words import CELLS, FACTORS, VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from backpropcli.language.mistakes.fixes import Fixes
    from backpropcli.language.mistakes.source.place import Place

LONG = 40
"""How much of a character's name is told: the longest have 80 characters, for emoji."""

LOOKALIKES = {
    **dict.fromkeys("–—‐‑‒―﹣－﹘", "-"),
    **dict.fromkeys("∗⁎＊✕✖╳•∙", "*"),
    **dict.fromkeys("⁄∕／", "/"),
    **dict.fromkeys("＋﹢", "+"),
    **dict.fromkeys("（❨⟮﹙", "("),
    **dict.fromkeys("）❩⟯﹚", ")"),
    **dict.fromkeys("，、‚﹐", ","),
    **dict.fromkeys("；﹔", ";"),
    **dict.fromkeys("＝﹦", "="),
    **dict.fromkeys("＜‹〈﹤", "<"),
    **dict.fromkeys("＞›〉﹥", ">"),
    **dict.fromkeys("＾↑", "^"),
    **dict.fromkeys("．。", "."),
    **dict.fromkeys("∧⋀", "and"),
    **dict.fromkeys("∨⋁", "or"),
    **dict.fromkeys("≈≡≅≟", "=="),
    **dict.fromkeys("←≔≝", "="),
    "⩽": "<=",
    "⩾": ">=",
    "¬": "not",
    "∞": "inf",
}
"""Characters that look like a sign of the language, or mean one, and that sign."""
SIGNS_OF_MATHEMATICS = {
    **dict.fromkeys("∂∇", "write the expression alone: its gradient is what you get"),
    "∑": "write sum(x) of an array, or the terms, as in a + b + c",
    "∏": "write prod(x) of an array, or the factors, as in a*b*c",
    **dict.fromkeys("∫", "there are no integrals"),
    **dict.fromkeys("±∓", "a value has no uncertainty here: write + or -"),
    **dict.fromkeys("⁺⁼⁽⁾", "write the power with ^, as in x^(n + 1)"),
    **dict.fromkeys("′″‴", "delete it: the gradient is what you get anyway"),
    "°": "degrees are written 30*pi/180",
    **dict.fromkeys("⟨⟩", "for an inner product of vectors write x@y"),
    **dict.fromkeys("‖∥", "for the norm of a vector write norm(x)"),
    **dict.fromkeys("⊙∘", "for an elementwise product write x*y"),
    "⊗": "for an outer product of vectors write outer(x, y)",
    "‰": "write /1000",
}
ROOTS = {"∛": "cbrt({})", "∜": "({})^(1/4)"}
"""Roots with a raised number, and how they are written."""
TEMPERATURES = {"C", "F", "K"}
WHOLES = {"⌊": ("⌋", "floor"), "⌈": ("⌉", "ceil")}
"""Brackets of a number that is rounded: what closes each, and the function."""
QUOTATION_MARKS = "“”‘’‛‟„«»´"
ACCENTS = {
    "\u0302": "hat",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u0303": "tilde",
    "\u20d7": "vec",
    "\u0301": "prime",
}
"""Marks on a letter, and what is written behind the name instead."""


def _of(*kinds: str) -> Callable[[Place], bool]:
    """Return whether Unicode puts the character into a category that begins with one of these."""
    return lambda place: category(place.char).startswith(kinds)


def _among(characters: Collection[str]) -> Callable[[Place], bool]:
    return lambda place: place.char in characters


def _told(place: Place) -> dict[str, str]:
    """Tell a character's number and its name in Unicode."""
    char = place.char
    code = f"U+{ord(char):04X}"
    return {
        "char": visible(char),
        "code": code,
        "title": f"{code}, {name(char, 'unnamed').lower()[:LONG]}",
        "byte": f"0x{ord(char) & 0xFF:02X}",
        "plain": _plain(char),
        "what": "part of the language" if _plain(char).isalpha() else "the sign that it looks like",
        "advice": SIGNS_OF_MATHEMATICS.get(char, ""),
    }


def _plain(char: str) -> str:
    """Return the sign of the language that ``char`` looks like, or itself."""
    plain = LOOKALIKES.get(char) or normalize("NFKC", char)
    return {"[": "(", "{": "(", "]": ")", "}": ")"}.get(plain, plain)


def _looks_plain(place: Place) -> bool:
    plain = _plain(place.char)
    return plain != place.char and plain.isascii() and bool(plain.strip())


def _digits(place: Place) -> str:
    """Return the digits of another script at the mistake."""
    run = place.source[place.at : place.at + SHORT // 2]
    return run[: next((i for i, char in enumerate(run) if not char.isdecimal()), len(run))]


def _number(place: Place) -> dict[str, str]:
    digits = _digits(place)
    plain = "".join([str(decimal(digit)) for digit in digits])
    return {**_told(place), "digits": quoted(digits), "plain": plain}


def _whole_number(place: Place) -> Span:
    return place.at, place.at + len(_digits(place))


def _accent(place: Place) -> dict[str, str]:
    stem = place.text(place.last_start, place.at) or "..."
    return {**_told(place), "named": f"{stem}_{ACCENTS.get(place.char)}"}


def _differentials(place: Place) -> Fixes:
    """Leave a nabla out, and write d for each ∂, which has an answer of its own; ∑(x) is sum(x)."""
    if place.char in "∑∏" and place.next(1) == "LPAR":
        return one((place.at, place.end, "sum" if place.char == "∑" else "prod"))
    if place.char == "∇":
        return one((place.at, place.end, ""))
    if "∂/∂" not in place.source:
        return ()
    found = [at for at, char in enumerate(place.source) if char == "∂"]
    return one(*[(at, at + 1, "d") for at in found])


def _hat(place: Place) -> Fixes:
    return one((place.last_start, place.end, _accent(place)["named"]))


def _plainly(place: Place) -> Fixes:
    plain = _plain(place.char)
    if not plain.isalpha():
        return one((place.at, place.end, plain))
    before, after = place.source[: place.at][-1:], place.source[place.end :][:1]
    blanks = [" " * (char.isalnum() or char == "_") for char in (before, after)]
    return one((place.at, place.end, plain.join(blanks)))


def _times(place: Place) -> Fixes:
    """Write a transpose, and the matrix product with what follows it."""
    return one((place.at, place.ahead[1][1], ".T@"))


def _radians(place: Place) -> Fixes:
    """Write an angle in radians, in parentheses where more stands beside it."""
    angle = place.left.factor
    alone = place.source[: angle.start].rstrip()[-1:] in {"", "(", ",", "="} and place.next(1) in {
        *CELLS,
        "RPAR",
    }
    before, after = ("", "*pi/180") if alone else ("(", "*pi/180)")
    return one((angle.start, angle.start, before), (place.at, place.end, after))


def _rounded(place: Place) -> dict[str, str]:
    closing, function = WHOLES[place.char]
    inside = place.text(place.at + 1, place.closed_by(closing)) or "..."
    return {**_told(place), "called": f"{function}({inside})"}


def _whole_part(place: Place) -> Fixes:
    """Write floor(...) or ceil(...), unless there are brackets within brackets."""
    closing, function = WHOLES[place.char]
    close = place.closed_by(closing)
    if close < 0 or place.char in place.source[place.at + 1 : close]:
        return ()
    before = "*" if place.last in VALUES else ""
    after = place.source[close + 1 :].lstrip()[:1]
    product = "*" if after.isalnum() or after in {"(", *WHOLES} else ""
    product = product if after else ""
    return one((place.at, place.end, f"{before}{function}("), (close, close + 1, f"){product}"))


def _root(place: Place) -> dict[str, str]:
    inside = f"{place.right.atom:x}"
    return {**_told(place), "root": ROOTS[place.char].format(_bare(inside))}


def _rooted(place: Place) -> Fixes:
    inside = place.right.atom
    if inside.start < 0:
        return ()
    text = ROOTS[place.char].format(_bare(place.source[inside.start : inside.end]))
    return one((place.at, inside.end, text))


def _bare(text: str) -> str:
    """Return an operand without the parentheses around it."""
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _with_letter(place: Place) -> Span:
    return max(place.at - 1, 0), place.end


def _is_byte(place: Place) -> bool:
    """Say whether the character stands for a byte that Python could not decode."""
    return 0x80 <= ord(place.char) - 0xDC00 <= 0xFF  # noqa: PLR2004 (as PEP 383 has them)


CHARACTERS = (
    Pattern(
        "a byte that is not UTF-8", "x \udcff",
        "the byte {byte} is not valid UTF-8", "type it again, or save the text as UTF-8",
        when=_is_byte, fill=_told,
    ),
    Pattern(
        "a surrogate", "x\ud800",
        "the surrogate {code} is not valid UTF-8", "type it again, or save the text as UTF-8",
        when=_of("Cs"), fill=_told,
    ),
    Pattern(
        "a control character", "x\x1b",
        "there is a control character, {char} ({code})", "delete it",
        instead="x", when=_of("Cc"), fill=_told, fix=without,
    ),
    Pattern(
        "a byte order mark", "\ufeffx",
        "there is a byte order mark ({title})", "delete it: it does not show",
        instead="x", sign="\ufeff", fill=_told, fix=without,
    ),
    Pattern(
        "a character that does not show", "x\u200b",
        "there is a character that does not show ({title})", "delete it",
        instead="x", when=_of("Cf", "Zl", "Zp"), fill=_told, fix=without,
    ),
    Pattern(
        "a character without name", "x\ue000",
        "the character {code} has no name in Unicode", "delete it",
        instead="x", when=_of("Cn", "Co"), fill=_told, fix=without,
    ),
    Pattern(
        "another space", "x\u3000+ y",
        "this is not a plain space ({title})", "write a plain space",
        instead="x + y", when=_of("Zs"), fill=_told, fix=instead(" "),
    ),
    Pattern(
        "an accent on a name", "x\u0302 + 1",
        "a name has no combining marks ({title})", "write {named}",
        instead="x_hat + 1", after={"NAME"}, fill=_accent, span=_with_letter, fix=_hat,
        when=lambda place: place.char in ACCENTS and place.adjacent,
    ),
    Pattern(
        "a combining mark", "x\u0489 + 1",
        "a name has no combining marks ({title})", "delete it",
        instead="x + 1", when=_of("M"), fill=_told, span=_with_letter, fix=without,
    ),
    Pattern(
        "digits of another script", "x + １２",
        "{digits} is not in the digits 0 to 9 ({title})", "write {plain}",
        instead="x + 12", when=lambda place: place.char.isdecimal(), fill=_number,
        span=_whole_number,
        fix=lambda place: one((*_whole_number(place), _number(place)["plain"])),
    ),
    Pattern(
        "a curly quotation mark", "“x",
        "'{char}' is a quotation mark ({title})",
        "delete it; around the whole expression a shell needs the plain quotes '...'",
        instead="x", when=_among(QUOTATION_MARKS), fill=_told, fix=without,
    ),
    Pattern(
        "a temperature", "5 °C + x",
        "'°{unit}' is a unit, and numbers have none here",
        "leave it out, and give all numbers in the same units",
        instead="5 + x", sign="°", when=lambda place: place.right.word in TEMPERATURES,
        fill=lambda place: {"unit": place.right.word}, span=lambda place: (place.at, place.at + 2),
    ),
    Pattern(
        "brackets of a whole number", "⌊x⌋",
        "'{char}' is not part of the language ({title})", "write {called}",
        instead="floor(x)", when=_among(WHOLES), fill=_rounded, fix=_whole_part,
    ),
    Pattern(
        "an angle in degrees", "30°",
        "angles are in radians", "degrees are written {angle}*pi/180",
        instead="30*pi/180", sign="°", after=VALUES, fix=_radians,
        fill=lambda place: {"angle": f"{place.left.factor:x}"},
    ),
    Pattern(
        "a root with a raised number", "∛x",
        "'{char}' is not part of the language ({title})", "write {root}",
        instead="cbrt(x)", when=_among(ROOTS), fill=_root, fix=_rooted,
    ),
    Pattern(
        "a raised letter", "xⁿ",
        "a name has no raised letters ({title})", "for a power write ^{plain}",
        instead="x^n", after=VALUES, when=_among("ⁿⁱ"), fill=_told,
        fix=lambda place: one((place.at, place.end, f"^{_plain(place.char)}")),
    ),
    Pattern(
        "a transpose", "xᵀ",
        "'ᵀ' is no part of a name ({title})", "a transpose is written .T",
        instead="x.T", sign="ᵀ", after=VALUES, fill=_told, fix=instead(".T"),
        when=lambda place: place.next(1) not in FACTORS,
    ),
    Pattern(
        "a transpose right before its factor", "xᵀy",
        "'ᵀ' is no part of a name ({title})",
        "write {left.factor:x}.T@{right.factor:y}",
        instead="x.T@y", sign="ᵀ", after=VALUES, fill=_told, fix=_times,
    ),
    Pattern(
        "bars for a norm", "‖x - y‖_2^2",
        "'‖' is not part of the language", "for a norm write {norm}",
        instead="norm(x - y)^2", sign="‖", when=norm, fill=shown, fix=norm,
    ),
    Pattern(
        "an inner product in angles", "⟨x, y⟩",
        "'⟨' is not part of the language", "for an inner product of vectors write x@y",
        instead="x@y", sign="⟨", when=inner, fix=inner,
    ),
    Pattern(
        "a sign of mathematics", "∂x",
        "'{char}' is not part of the language ({title})", "{advice}",
        instead="x", when=_among(SIGNS_OF_MATHEMATICS), fill=_told, fix=_differentials,
    ),
    Pattern(
        "a sign that looks like another", "x–1",
        "'{char}' is not {what} ({title})", "write {plain}",
        instead="x-1", when=_looks_plain, fill=_told, fix=_plainly,
    ),
    Pattern(
        "any other character", "x + 😀",
        "'{char}' is not part of the language ({title})",
        "an expression has numbers, names, operators such as + - * / ^ and calls such as sin(x)",
        fill=_told,
    ),
)  # fmt: skip
