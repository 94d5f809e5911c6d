"""What needs parentheses: chains of comparisons, powers of powers and of roots."""

from __future__ import annotations

from backpropcli.language.builder.expressions import RAISED
from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.slip import Pattern, both
from backpropcli.language.mistakes.source.nearby import NEAR
from backpropcli.language.mistakes.source.words import (
    CELLS,
    COMPARISONS,
    INFIX,
    STARTS,
    VALUES,
    WORDS,
)
from backpropcli.language.scanner import nesting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place


def _middle(place: Place) -> int:
    """Return the number of the word that begins the operand between two comparisons, or 0."""
    return place.index(place.back(CELLS | WORDS | COMPARISONS))


def _chained(place: Place) -> bool:
    index = _middle(place)
    return index > 0 and place.before[index - 1][0] in COMPARISONS


def _chain(place: Place) -> dict[str, str]:
    """Tell the two comparisons of a < b < c."""
    index = _middle(place)
    _, start, end = place.before[index - 1]
    left = place.text(place.back(CELLS | WORDS), start) or "a"
    between = place.text(place.before[index][1], place.last_end) or "b"
    first, second = place.source[start:end], place.word
    return {
        "first": first,
        "chain": f"{left} {first} {between} and {between} {second} {place.right.side:c}",
    }


def _unchained(place: Place) -> Fixes:
    """Write the second comparison as one of its own."""
    middle = place.source[place.before[_middle(place)][1] : place.last_end]
    return one((place.last_end, place.last_end, f" and {middle}"))


def _powers(place: Place) -> dict[str, str]:
    """Tell the two ways to read a power of a power, or of a root."""
    power = place.ahead_text(0, 1 if place.kind == "SUPERSCRIPT" else place.factor(1)) or "..."
    base = f"{place.left.factor:√x}"
    inner, outer = place.last_word.translate(RAISED), power.translate(RAISED).lstrip("^*")
    return {
        "power": power,
        "base": base,
        "under": base[1:].strip(),
        "raised": f"{base.removesuffix(place.last_word)}^({inner}^{outer})",
    }


def _grouped(place: Place) -> Fixes:
    """Return the two ways to read a power of a power, or of a root."""
    base, power = place.left.factor, place.ahead
    after = 1 if place.kind == "SUPERSCRIPT" else place.factor(1)
    if base.start < 0 or not 0 < after <= len(power):
        return ()
    outer = [(base.start, base.start, "("), (base.end, base.end, ")")]
    if base.startswith("√"):
        end = power[after - 1][2]
        return ([(base.start + 1, base.start + 1, "("), (end, end, ")")], outer)
    return (outer,)


def _several(place: Place) -> bool:
    """Say whether all of the statement before the mistake is (a, b): several outputs."""
    depth, comma = 0, False
    for kind in place.statement[:-1]:
        depth += nesting(kind)
        comma |= kind == "COMMA" and depth == 1
        if not depth:
            return False
    return comma and place.last == "RPAR"


POWERS = (
    Pattern(
        "an operation on several outputs", "(x, y)*2",
        "these are several outputs, and '{word}' needs one value",
        "write it for each of them, as in (2*x, 2*y)",
        instead="(2*x, 2*y)", at=INFIX | STARTS | {"SUPERSCRIPT"}, when=_several,
    ),
    Pattern(
        "comparisons in a chain", "a < b < c",
        "comparisons do not chain", "write {chain}",
        instead="a < b and b < c", general="write a {first} b and b {word} c", at=COMPARISONS,
        when=_chained, fill=_chain, fix=_unchained,
    ),
    Pattern(
        "comparisons in a long chain", "a < b" + " + b" * NEAR + " < c",
        "comparisons do not chain", "write a < b and b < c",
        instead="a < b and b < c", at=COMPARISONS,
    ),
    Pattern(
        "a raised power of nothing", "x + ²",
        "there is nothing before this raised power", "it goes after its base, as in x{word}",
        instead="x²", at={"SUPERSCRIPT"}, when=lambda place: place.last not in VALUES,
    ),
    Pattern(
        "a power of a power", "x²^3",
        "a power of a power needs parentheses", "write ({base}){power} or {raised}",
        instead="(x²)^3", after={"SUPERSCRIPT"}, at={"_POWER", "SUPERSCRIPT"}, span=both,
        fill=_powers, fix=_grouped,
    ),
    Pattern(
        "a power of a root", "√x²",
        "a root of a power, or a power of a root?", "write √({under}{power}) or ({base}){power}",
        instead="√(x²)", at={"_POWER", "SUPERSCRIPT"}, fill=_powers, fix=_grouped,
    ),
)  # fmt: skip
