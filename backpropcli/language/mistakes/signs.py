"""Operators of other languages: && || | ! ~ % ?."""

from __future__ import annotations

from backpropcli.language.mistakes.languages import CHOICE
from backpropcli.language.mistakes.place import NEAR
from backpropcli.language.mistakes.slip import Pattern, Span, double, sign
from backpropcli.language.mistakes.words import CELLS, INFIX, SIGNS, STARTS, VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.place import Place


def _product(place: Place) -> bool:
    """Say whether a | right after a value begins an absolute value, as in 2|x|."""
    close = place.source.find("|", place.at + 1, place.at + NEAR)
    return place.last in VALUES and place.adjacent and close > 0


def _is_or(place: Place) -> bool:
    return place.last in VALUES and not _product(place)


def _absolute(place: Place) -> dict[str, str]:
    inside = place.text(place.at + 1, place.source.find("|", place.at + 1, place.at + NEAR))
    return {"absolute": f"{'*' if _product(place) else ''}abs({inside or '...'})"}


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


FOREIGN_SIGNS = (
    Pattern(
        "&& for and", "x > 0 && y > 0",
        "'&&' is not an operator", "write {left.choice:a} and {past.claim:b}",
        instead="x > 0 and y > 0", sign="&&", span=double,
    ),
    Pattern(
        "& for and", "x > 0 & y > 0",
        "'&' is not an operator", "write {left.choice:a} and {right.claim:b}",
        instead="x > 0 and y > 0", sign="&", span=sign,
    ),
    Pattern(
        "|| for or", "a || b",
        "'||' is not an operator", "write {left.cell:a} or {past.claim:b}",
        instead="a or b", sign="||", span=double,
    ),
    Pattern(
        "| for or", "a | b",
        "'|' is not an operator", "write {left.cell:a} or {right.claim:b}",
        instead="a or b", sign="|", when=_is_or, span=sign,
    ),
    Pattern(
        "bars for an absolute value", "2*|x - 1|",
        "'|' is not a parenthesis", "for an absolute value write {absolute}",
        instead="2*abs(x - 1)", sign="|", fill=_absolute, span=_bars,
    ),
    Pattern(
        "a factorial", "(n + 1)!",
        "'!' is not an operator", "for a factorial write gamma({left.base:x} + 1)",
        instead="gamma(n + 1 + 1)", sign="!", after=VALUES,
    ),
    Pattern(
        "a negation in an operation", "x + !a",
        "'{char}' is not an operator", "write (not {right.factor:x})",
        instead="x + (not a)", after=INFIX, span=sign, when=lambda place: place.char in "!~",
    ),
    Pattern(
        "a negation", "~a",
        "'{char}' is not an operator", "write not {right.factor:x}",
        instead="not a", span=sign, when=lambda place: place.char in "!~",
    ),
    Pattern(
        "a percentage", "50%",
        "'%' is not an operator", "for a percentage write {left.factor:x}/100",
        instead="50/100", sign="%", when=lambda place: place.next(1) not in STARTS | SIGNS,
    ),
    Pattern(
        "a remainder", "x + 2*a % b",
        "'%' is not an operator", "for a remainder write mod({left.term:a}, {right.factor:b})",
        instead="x + mod(2*a, b)", sign="%",
    ),
    Pattern(
        "a choice with ? and :", "a > 0 ? b : c",
        "'?' is not an operator", "write where({left.cell:condition}, {first}, {second})",
        instead="where(a > 0, b, c)", general=CHOICE, sign="?", fill=_parts_of_choice,
    ),
)  # fmt: skip
