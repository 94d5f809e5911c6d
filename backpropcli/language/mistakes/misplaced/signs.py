"""Operators of other languages: && || | ! ~ % ?."""

from __future__ import annotations

from backpropcli.language.mistakes.elsewhere.languages import CHOICE
from backpropcli.language.mistakes.fixes import CHOSEN, Fixes, instead, one, over
from backpropcli.language.mistakes.misplaced.bars import is_norm, norm, shown
from backpropcli.language.mistakes.slip import Pattern, Span, double, sign
from backpropcli.language.mistakes.source.nearby import NEAR
from backpropcli.language.mistakes.source.place import Place, Right
from backpropcli.language.mistakes.source.words import CELLS, INFIX, SIGNS, STARTS, TIGHT, VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _product(place: Place) -> bool:
    """Say whether a | right after a value begins an absolute value, as in 2|x|."""
    close = place.source.find("|", place.at + 1, place.at + NEAR)
    return place.last in VALUES and place.adjacent and close > 0


def _is_or(place: Place) -> bool:
    return place.last in VALUES and not _product(place) and not _of_function(place)


def _absolute(place: Place) -> dict[str, str]:
    inside = place.text(place.at + 1, place.source.find("|", place.at + 1, place.at + NEAR))
    absolute = f"abs({inside or '...'})"
    if _of_function(place):
        return {"absolute": f"{place.last_word}({absolute})"}
    sign = "*" if _product(place) and place.last != "NUMBER" else ""
    return {"absolute": f"{sign}{absolute}"}


def _of_function(place: Place) -> bool:
    return place.last == "NAME" and place.is_function(place.last_word)


def _bars(place: Place) -> Span:
    close = place.closed_by("|")
    return place.at, close + 1 if close > 0 else place.end


def _parts_of_choice(place: Place) -> dict[str, str]:
    """Tell what stands on either side of the colon in a ? b : c."""
    colon = place.source.find(":", place.at, place.at + NEAR)
    index = next((i for i, (_, start, _) in enumerate(place.ahead) if start == colon), 0)
    first = place.ahead_text(1, index) if index else ""
    after = place.forth(index + 1, CELLS | {""})
    second = place.ahead_text(index + 1, after) if index else ""
    return {"first": first or "a", "second": second or "b"}


def _wordy(word: str, size: int) -> Callable[[Place], Fixes]:
    """Return the correction that writes a sign of so many characters as a word."""

    def fix(place: Place) -> Fixes:
        before, after = place.source[: place.at][-1:], place.source[place.at + size :][:1]
        text = f"{' ' * (not before.isspace())}{word}{' ' * (not after.isspace())}"
        return one((place.at, place.at + size, text))

    return fix


def _unbarred(place: Place) -> Fixes:
    """Write abs(...) for bars; the argument of a function gets parentheses too."""
    close = place.closed_by("|")
    if close <= place.at + 1:
        return ()
    before, after = ("*" if _product(place) and place.last != "NUMBER" else "", ")")
    if _of_function(place):
        before, after = "(", "))"
    start = place.last_end if before == "(" else place.at
    return one((start, place.at + 1, f"{before}abs("), (close, close + 1, after))


def _factorial(place: Place) -> Fixes:
    base = place.left.base
    text = base.whole
    inside = text[1:-1] if base and not base.startswith("(") and text.startswith("(") else text
    return one((base.start, place.at + 1, f"gamma({inside} + 1)"))


def _negated(place: Place) -> Fixes:
    factor = place.right.factor
    return one((place.at, place.at + 1, "(not "), (factor.end, factor.end, ")"))


def _percentage(place: Place) -> Fixes:
    factor = place.left.factor
    kind, _ = place.operator_before(factor.start)
    tight = kind in TIGHT
    before, after = ("(", "/100)") if tight else ("", "/100")
    return one((factor.start, factor.start, before), (place.at, place.at + 1, after))


def _remainders(place: Place) -> Fixes:
    a, b = place.left.term, place.right.factor
    return over("mod({}, {})", a, b) + over("rem({}, {})", a, b)


def _not(place: Place) -> Fixes:
    """Write a logical negation; ~ may be that of each bit."""
    return instead("not ")(place) if place.char == "!" else ()


def _chosen(place: Place) -> Fixes:
    """Write where(c, a, b) for c ? a : b."""
    colon = next((i for i, (kind, *_) in enumerate(place.ahead) if kind == "COLON"), 0)
    first, second = place.right.to(colon), Right(place, colon + 1).cell
    return over(CHOSEN, place.left.cell, first, second)


def _share(place: Place) -> Fixes:
    """Write 50% of x as a product."""
    factor, of = place.left.factor, place.ahead[1][2]
    after = len(place.source[of:]) - len(place.source[of:].lstrip())
    return one((factor.start, factor.start, "("), (place.at, of + after, "/100)*"))


FOREIGN_SIGNS = (
    Pattern(
        "&& for and", "x > 0 && y > 0",
        "'&&' is not an operator", "write {left.choice:a} and {past.claim:b}",
        instead="x > 0 and y > 0", sign="&&", span=double, fix=_wordy("and", 2),
    ),
    Pattern(
        "& for and", "x > 0 & y > 0",
        "'&' is not an operator", "write {left.choice:a} and {right.claim:b}",
        instead="x > 0 and y > 0", sign="&", span=sign, fix=_wordy("and", 1),
    ),
    Pattern(
        "double bars for a norm", "2*||x - y||^2",
        "'||' is not a parenthesis", "for a norm write {norm}",
        instead="2*norm(x - y)^2", sign="||", when=is_norm, span=double, fill=shown, fix=norm,
    ),
    Pattern(
        "|| for or", "a || b",
        "'||' is not an operator", "write {left.cell:a} or {past.claim:b}",
        instead="a or b", sign="||", span=double, fix=_wordy("or", 2), after=VALUES,
    ),
    Pattern(
        "| for or", "a | b",
        "'|' is not an operator", "write {left.cell:a} or {right.claim:b}",
        instead="a or b", sign="|", when=_is_or, span=sign, fix=_wordy("or", 1),
    ),
    Pattern(
        "bars for an absolute value", "2*|x - 1|",
        "'|' is not a parenthesis", "for an absolute value write {absolute}",
        instead="2*abs(x - 1)", sign="|", fill=_absolute, span=_bars, fix=_unbarred,
    ),
    Pattern(
        "a double factorial", "n!!",
        "there is no double factorial", "write its factors, as in 5*3*1",
        instead="5*3*1", sign="!!", after=VALUES, span=double,
    ),
    Pattern(
        "a factorial", "(n + 1)!",
        "'!' is not an operator", "for a factorial write gamma({left.base:x} + 1)",
        instead="gamma(n + 1 + 1)", sign="!", after=VALUES, fix=_factorial,
    ),
    Pattern(
        "a negation in an operation", "x + !a",
        "'{char}' is not an operator", "write (not {right.factor:x})",
        instead="x + (not a)", after=INFIX, span=sign, when=lambda place: place.char in "!~",
        fix=lambda place: _negated(place) if place.char == "!" else (),
    ),
    Pattern(
        "a negation", "~a",
        "'{char}' is not an operator", "for the logical one write not {right.factor:x}",
        instead="not a", span=sign, when=lambda place: place.char in "!~", fix=_not,
    ),
    Pattern(
        "a share", "50% of x",
        "'%' is not an operator", "for a percentage write ({left.factor:x}/100)*{past.factor:y}",
        instead="(50/100)*x", sign="%", span=sign, fix=_share,
        when=lambda place: place.right.word == "of" and place.next(2) in STARTS,
    ),
    Pattern(
        "a percentage", "50%",
        "'%' is not an operator", "for a percentage write {left.factor:x}/100",
        instead="50/100", sign="%", when=lambda place: place.next(1) not in STARTS | SIGNS,
        fix=_percentage,
    ),
    Pattern(
        "a constant of Maxima", "%pi*r^2",
        "a name has no '%'", "write {right.word}",
        instead="pi*r^2", sign="%", span=sign, fix=lambda place: one((place.at, place.at + 1, "")),
        when=lambda place: place.last not in VALUES and place.right.word in {"pi", "e"},
    ),
    Pattern(
        "a remainder", "x + 2*a % b",
        "'%' is not an operator",
        "write mod({left.term:a}, {right.factor:b}) for the remainder as in Python, or rem(...) "
        "for C's, whose sign is the first's",
        general="write mod(a, b) for the remainder as in Python, or rem(a, b) for C's, whose sign "
        "is that of a",
        instead="x + mod(2*a, b)", sign="%", fix=_remainders,
    ),
    Pattern(
        "a choice with ? and :", "a > 0 ? b : c",
        "'?' is not an operator", "write where({left.cell:condition}, {first}, {second})",
        instead="where(a > 0, b, c)", general=CHOICE, sign="?", fill=_parts_of_choice,
        fix=_chosen,
    ),
)  # fmt: skip
