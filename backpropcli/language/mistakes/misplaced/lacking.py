"""Operators that lack an operand, and 'not' where it cannot stand."""

from __future__ import annotations

from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.slip import Pattern, both, last
from backpropcli.language.mistakes.source.words import INFIX, SIGNS, STARTS, VALUES, WORDS, infix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place


def _comment_ends(place: Place) -> int:
    """Return where a comment of C ends that begins before the mistake; -1 for none."""
    if place.source[place.last_start : place.end] != "/*":
        return -1
    close = place.source.find("*/", place.end)
    return close + 2 if close >= 0 else -1


def _power_of_ten(place: Place) -> str:
    """Return the number that Mathematica writes as 1.5*^-3; "" for anything else."""
    words = [place.source[start:end] for _, start, end in place.ahead[1:3]]
    sign = words[0] if words and words[0] in {"-", "+"} else ""
    digits = words[len(sign) : len(sign) + 1]
    if not (place.earlier.factor and place.before[-2][0] == "NUMBER" and digits):
        return ""
    tight = place.source[place.last_start : place.end] == "*^" and digits[0].isdecimal()
    start, end = place.before[-2][1:]
    return f"{place.source[start:end]}e{sign}{digits[0]}" if tight else ""


def _as_power_of_ten(place: Place) -> Fixes:
    sign = place.next(1) in SIGNS
    return one((place.before[-2][1], place.ahead[1 + sign][2], _power_of_ten(place)))


def _example_before(place: Place) -> dict[str, str]:
    """Tell an operator with both operands, for one that has nothing before it."""
    right = place.right.factor or "2"
    return {"example": infix("2" if right == "x" else "x", place.kind, place.word, right)}


def _example_after(place: Place) -> dict[str, str]:
    """Tell an operator with both operands, for one that has nothing after it."""
    if place.last in {"NOT", "_ROOT"}:
        example = "√2" if place.last == "_ROOT" else "not x"
    else:
        example = infix(place.earlier.factor or "x", place.last, place.last_word, "2")
    more = ""
    if place.kind == "_NEWLINE" and place.source[place.at :].strip():
        more = "; for a longer line use parentheses"
    elif place.at_end and place.depth:
        more = f", and {place.closing}"
    return {"example": example + more}


LACKING = (
    Pattern(
        "a root of a sign", "√-x",
        "the root of what has a sign needs parentheses", "write √({here.factor})",
        instead="√(-x)", after={"_ROOT"}, at=SIGNS,
        fix=lambda place: one(
            (place.at, place.at, "("), (place.here.factor.end, place.here.factor.end, ")")
        ),
    ),
    Pattern(
        "nothing before an operator", "*x",
        "there is nothing before '{word}'", "write a value there, as in {example}",
        instead="2*x", at=INFIX, when=lambda place: place.fresh, fill=_example_before,
    ),
    Pattern(
        "a comment of C", "x^2 /* area */ + 1",
        "a comment begins with #", "leave '/* ... */' out, or write it behind a #",
        instead="x^2 + 1", after={"_OVER"}, at={"_TIMES"}, span=both,
        when=lambda place: _comment_ends(place) > 0,
        fix=lambda place: one((place.last_start, _comment_ends(place), "")),
    ),
    Pattern(
        "a power of ten with *^", "1.5*^-3",
        "'*^' is not an operator", "write {number}",
        instead="1.5e-3", after={"_TIMES"}, at={"_POWER"}, span=both, when=_power_of_ten,
        fill=lambda place: {"number": _power_of_ten(place)}, fix=_as_power_of_ten,
    ),
    Pattern(
        "nothing between operators", "x * / y",
        "there is nothing between '{last_word}' and '{word}'",
        "write a value between them, or remove '{word}'",
        instead="x * y", after=INFIX, at=INFIX, span=both,
    ),
    Pattern(
        "nothing after an operator", "x^",
        "there is nothing after '{last_word}'", "write a value there, as in {example}",
        instead="x^2", after=INFIX | {"NOT", "_ROOT"},
        when=lambda place: place.kind not in {"EQUAL", "NOT", "SUPERSCRIPT"}, fill=_example_after,
        span=last,
    ),
)  # fmt: skip


NAMING = (
    Pattern(
        "nothing before not", "x not y",
        "there is no operator before 'not'", "write {left.claim} and not ...",
        after=VALUES, at={"NOT"}, fix=lambda place: one((place.at, place.at, "and ")),
    ),
    Pattern(
        "not after an operator", "x + not y",
        "'not' after an operator needs parentheses", "write (not {right.factor})",
        instead="x + (not y)", at={"NOT"}, then=STARTS | SIGNS,
        fix=lambda place: one(
            (place.at, place.at, "("), (place.right.factor.end, place.right.factor.end, ")")
        ),
    ),
    Pattern(
        "a name that is an operator", "and = 3",
        "'{word}' is a word of the language, so it cannot be a name",
        "choose another name, such as {word}_",
        instead="and_ = 3", at=WORDS,
        when=lambda place: (
            (place.fresh or place.last in INFIX | {"NOT", "_ROOT"}) and place.next(1) not in STARTS
        ),
    ),
)  # fmt: skip
