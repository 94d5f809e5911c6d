"""Signs of mathematics that are no part of the language: roots, angles, norms, transposes."""

from __future__ import annotations

from backpropcli.language.mistakes.fixes import Fixes, instead, one
from backpropcli.language.mistakes.misplaced.bars import inner, norm, shown
from backpropcli.language.mistakes.misplaced.equations import claims_left_out, is_claim
from backpropcli.language.mistakes.misplaced.unicode import among, plain, told
from backpropcli.language.mistakes.slip import Pattern
from backpropcli.language.mistakes.source.expressions import bare
from backpropcli.language.mistakes.source.words import CELLS, FACTORS, VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place

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
    return {**told(place), "called": f"{function}({inside})"}


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
    return {**told(place), "root": ROOTS[place.char].format(bare(inside))}


def _rooted(place: Place) -> Fixes:
    inside = place.right.atom
    return one((place.at, inside.end, ROOTS[place.char].format(bare(inside.whole))))


MATHEMATICS = (
    Pattern(
        "a claimed derivative with ∂", "L = w^2; ∂L/∂w = 2*w",
        "a derivative is no statement of a program, but a claim on one",
        "put it to the proof by check, with --claim",
        sign="∂", when=is_claim, fix=claims_left_out,
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
        instead="floor(x)", when=among(WHOLES), fill=_rounded, fix=_whole_part,
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
        instead="cbrt(x)", when=among(ROOTS), fill=_root, fix=_rooted,
    ),
    Pattern(
        "a raised letter", "xⁿ",
        "a name has no raised letters ({title})", "for a power write ^{plain}",
        instead="x^n", after=VALUES, when=among("ⁿⁱ"), fill=told,
        fix=lambda place: one((place.at, place.end, f"^{plain(place.char)}")),
    ),
    Pattern(
        "a transpose", "xᵀ",
        "'ᵀ' is no part of a name ({title})", "a transpose is written .T",
        instead="x.T", sign="ᵀ", after=VALUES, fill=told, fix=instead(".T"),
        when=lambda place: place.next(1) not in FACTORS,
    ),
    Pattern(
        "a transpose right before its factor", "xᵀy",
        "'ᵀ' is no part of a name ({title})",
        "write {left.factor:x}.T@{right.factor:y}",
        instead="x.T@y", sign="ᵀ", after=VALUES, fill=told, fix=_times,
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
        instead="x", when=among(SIGNS_OF_MATHEMATICS), fix=_differentials,
        fill=lambda place: {**told(place), "advice": SIGNS_OF_MATHEMATICS[place.char]},
    ),
)  # fmt: skip
