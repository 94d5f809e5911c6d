"""What begins as a number and is none: thousands, ranges, fractions, two points."""

from __future__ import annotations

from backpropcli.language.builder.expressions import EXACT, FRACTIONS
from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.misplaced.parentheses import THOUSANDS
from backpropcli.language.mistakes.slip import Pattern, both
from backpropcli.language.mistakes.source.text import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place


def _grouped(place: Place) -> bool:
    """Say whether digits follow digits as thousands do."""
    first, second = place.last_word, place.word
    return not place.adjacent and (first + second).isdigit() and len(second) == THOUSANDS


def _is_product_too(place: Place) -> bool:
    """Say whether digits after a blank may be a number of their own: 000 is none."""
    return not place.word.startswith("0")


def _thousands(place: Place) -> Fixes:
    joined = one((place.last_end, place.at, "_"))
    return (*joined, *(one((place.last_end, place.at, "*")) if _is_product_too(place) else ()))


def _both_numbers(place: Place) -> dict[str, str]:
    first, second = place.last_word, place.word
    product = f" for one number, {first}*{second} for a product" if _is_product_too(place) else ""
    return {"joined": f"{first}_{second}{product}"}


def _joined(place: Place) -> dict[str, str]:
    return {"both": quoted(place.last_word + place.word), "tail": place.word[1:]}


def _mixed(place: Place) -> dict[str, str]:
    """Tell the number that a whole number and a fraction are."""
    above, below = FRACTIONS[place.word]
    if EXACT % below:
        return {"sum": f"({place.last_word} + {above}/{below})"}
    return {"sum": place.last_word + f"{above / below:g}".removeprefix("0")}


def _whole_ends(place: Place) -> tuple[int, int] | None:
    """Return the first and the last number of 1..3; None for what cannot be meant so."""
    first, last = place.last_word.removesuffix("."), place.word.removeprefix(".")
    points = place.adjacent and place.last_word.endswith(".") and place.word.startswith(".")
    if not (points and first.isdecimal() and last.isdecimal() and int(first) < int(last)):
        return None
    return int(first), int(last)


def _range(place: Place) -> dict[str, str]:
    first, last = _whole_ends(place) or (0, 0)
    both_words = place.last_word + place.word
    return {
        "both": quoted(both_words),
        "range": f"arange({first}, {last + 1})",
        "one": both_words.replace("..", "."),
    }


def _as_range(place: Place) -> Fixes:
    """Write the range in place of brackets that hold nothing else."""
    opened, closed = place.before[-2:-1], place.ahead[1:2]
    if [word[0] for word in (*opened, *closed)] != ["LSQB", "RSQB"]:
        return ()
    return one((opened[0][1], closed[0][2], _range(place)["range"]))


def _both_mixed(place: Place) -> Fixes:
    """Write 2 1/2 as one number, or as a product."""
    last = place.ahead[2][2]
    added = [(place.last_start, place.last_start, "("), (place.last_end, place.at, " + ")]
    return ([*added, (last, last, ")")], [(place.last_end, place.at, "*")])


NUMBERS = (
    Pattern(
        "a fraction with a slash after a number", "2 1/2",
        "there is no operator between two numbers",
        "write ({last_word} + {right_fraction}) for one number, {last_word}*{right_fraction} "
        "for a product",
        instead="(2 + 1/2)", after={"NUMBER"}, at={"NUMBER"}, then={"_OVER"}, span=both,
        when=lambda place: place.next(2) == "NUMBER" and not place.adjacent,
        fill=lambda place: {"right_fraction": place.ahead_text(0, 3)}, fix=_both_mixed,
    ),
    Pattern(
        "a blank for thousands", "1 000",
        "there is no operator between two numbers",
        "write {joined}",
        instead="1_000", general="for one number write it without the space", after={"NUMBER"},
        at={"NUMBER"}, when=_grouped, span=both, fill=_both_numbers, fix=_thousands,
    ),
    Pattern(
        "a range of numbers", "[1..3]",
        "{both} is not a number", "for whole numbers write {range}, for one number {one}",
        instead="arange(1, 4)", after={"NUMBER"}, at={"NUMBER"}, span=both, fill=_range,
        fix=_as_range, when=lambda place: place.depth > 0 and bool(_whole_ends(place)),
    ),
    Pattern(
        "two points", "1..2",
        "{both} is not a number", "write {last_word}{tail}",
        instead="1.2", general="a number has one point", after={"NUMBER"}, at={"NUMBER"},
        span=both, fill=_joined, fix=lambda place: one((place.last_end, place.at + 1, "")),
        when=lambda place: (
            place.adjacent and place.last_word.endswith(".") and place.word.startswith(".")
        ),
    ),
    Pattern(
        "a fraction after a number", "2½",
        "there is no operator between two numbers", "write {sum} for one number",
        instead="2.5", general="write + between them", after={"NUMBER"}, at={"NUMBER"}, span=both,
        when=lambda place: place.word in FRACTIONS and place.last_word.isdecimal(), fill=_mixed,
        fix=lambda place: one((place.last_start, place.end, _mixed(place)["sum"])),
    ),
    Pattern(
        "a second point", "1.2.3",
        "{both} is not a number", "a number has one point, as in 1.25",
        instead="1.25", after={"NUMBER"}, at={"NUMBER"}, span=both, fill=_joined,
        when=lambda place: place.adjacent,
    ),
)  # fmt: skip
BREAKING_OFF = (
    Pattern(
        "a raised minus alone", "x⁻",
        "this raised power has no digits", "write digits after it, as in x⁻²",
        instead="x⁻²", sign="⁻",
    ),
)  # fmt: skip
