"""Characters that are no part of the language, and what Unicode says of them."""

from __future__ import annotations

from unicodedata import category, decimal

from backpropcli.language.mistakes.fixes import Fixes, instead, one, without
from backpropcli.language.mistakes.misplaced.mathematics import MATHEMATICS
from backpropcli.language.mistakes.misplaced.unicode import among, plain, told
from backpropcli.language.mistakes.slip import Pattern, Span
from backpropcli.language.mistakes.source.text import SHORT, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.language.mistakes.source.place import Place

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


def _looks_plain(place: Place) -> bool:
    sign = plain(place.char)
    return sign != place.char and sign.isascii() and bool(sign.strip())


def _digits(place: Place) -> str:
    """Return the digits of another script at the mistake."""
    run = place.source[place.at : place.at + SHORT // 2]
    return run[: next((i for i, char in enumerate(run) if not char.isdecimal()), len(run))]


def _number(place: Place) -> dict[str, str]:
    digits = _digits(place)
    plain = "".join([str(decimal(digit)) for digit in digits])
    return {**told(place), "digits": quoted(digits), "plain": plain}


def _whole_number(place: Place) -> Span:
    return place.at, place.at + len(_digits(place))


def _accent(place: Place) -> dict[str, str]:
    stem = place.text(place.last_start, place.at) or "..."
    return {**told(place), "named": f"{stem}_{ACCENTS.get(place.char)}"}


def _hat(place: Place) -> Fixes:
    return one((place.last_start, place.end, _accent(place)["named"]))


def _plainly(place: Place) -> Fixes:
    sign = plain(place.char)
    if not sign.isalpha():
        return one((place.at, place.end, sign))
    before, after = place.source[: place.at][-1:], place.source[place.end :][:1]
    blanks = [" " * (char.isalnum() or char == "_") for char in (before, after)]
    return one((place.at, place.end, sign.join(blanks)))


def _with_letter(place: Place) -> Span:
    return max(place.at - 1, 0), place.end


def _is_byte(place: Place) -> bool:
    """Say whether the character stands for a byte that Python could not decode."""
    return 0x80 <= ord(place.char) - 0xDC00 <= 0xFF  # noqa: PLR2004 (as PEP 383 has them)


CHARACTERS = (
    Pattern(
        "a byte that is not UTF-8", "x \udcff",
        "the byte {byte} is not valid UTF-8", "type it again, or save the text as UTF-8",
        when=_is_byte, fill=told,
    ),
    Pattern(
        "a surrogate", "x\ud800",
        "the surrogate {code} is not valid UTF-8", "type it again, or save the text as UTF-8",
        when=_of("Cs"), fill=told,
    ),
    Pattern(
        "a control character", "x\x1b",
        "there is a control character, {char} ({code})", "delete it",
        instead="x", when=_of("Cc"), fill=told, fix=without,
    ),
    Pattern(
        "a byte order mark", "\ufeffx",
        "there is a byte order mark ({title})", "delete it: it does not show",
        instead="x", sign="\ufeff", fill=told, fix=without,
    ),
    Pattern(
        "a character that does not show", "x\u200b",
        "there is a character that does not show ({title})", "delete it",
        instead="x", when=_of("Cf", "Zl", "Zp"), fill=told, fix=without,
    ),
    Pattern(
        "a character without name", "x\ue000",
        "the character {code} has no name in Unicode", "delete it",
        instead="x", when=_of("Cn", "Co"), fill=told, fix=without,
    ),
    Pattern(
        "another space", "x\u3000+ y",
        "this is not a plain space ({title})", "write a plain space",
        instead="x + y", when=_of("Zs"), fill=told, fix=instead(" "),
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
        instead="x + 1", when=_of("M"), fill=told, span=_with_letter, fix=without,
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
        instead="x", when=among(QUOTATION_MARKS), fill=told, fix=without,
    ),
    *MATHEMATICS,
    Pattern(
        "a sign that looks like another", "x–1",
        "'{char}' is not {what} ({title})", "write {plain}",
        instead="x-1", when=_looks_plain, fill=told, fix=_plainly,
    ),
    Pattern(
        "any other character", "x + 😀",
        "'{char}' is not part of the language ({title})",
        "an expression has numbers, names, operators such as + - * / ^ and calls such as sin(x)",
        fill=told,
    ),
)  # fmt: skip
