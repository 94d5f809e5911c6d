"""Equations, which are no statements: those to solve, and derivatives that are claimed."""

from __future__ import annotations

from itertools import takewhile

from backpropcli.language.mistakes.fixes import Fixes, applied, one
from backpropcli.language.mistakes.slip import Pattern
from backpropcli.language.mistakes.source.nearby import NEAR
from backpropcli.language.scanner import ENDINGS, nesting, solid, statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place

LONG = 1000
"""Characters of a program of which statements are told apart."""


def _alone(place: Place) -> bool:
    """Say whether nothing follows the equation's statement."""
    return len(place.source) > LONG or statements(place.source)[-1][1][:1] == [place.at]


def _equations(place: Place) -> list[tuple[int, int, int]]:
    """Return the statements of a program that is equations alone, and several; or none."""
    found = statements(place.source) if len(place.source) <= LONG else []
    if len(found) < 2 or not all(equals for _, equals, _ in found):  # noqa: PLR2004 (several)
        return []
    sides = [(begin, equals[0], end) for begin, equals, end in found]
    kinds = [[kind for kind, *_ in solid(place.source[begin:at])] for begin, at, _ in sides]
    return [] if ["NAME"] in kinds else sides


def _unbalanced(place: Place) -> bool:
    """Say whether the statement of an equation has a parenthesis that is alone."""
    words = solid(place.source[place.begin : place.begin + LONG])
    depth = least = 0
    for kind in takewhile(lambda one: one not in ENDINGS, (kind for kind, *_ in words)):
        depth += nesting(kind)
        least = min(least, depth)
    return bool(depth or least)


def _difference(left: str, right: str) -> str:
    right = right.strip()
    return f"{left.strip()} - {right if right.replace('.', '').isalnum() else f'({right})'}"


def _residuals(place: Place) -> dict[str, str]:
    """Tell the differences of the sides of all equations."""
    source = place.source
    return {
        "residuals": ", ".join(
            [
                _difference(source[start:at], source[at + 1 : end])
                for start, at, end in _equations(place)
            ]
        )
    }


def _together(place: Place) -> Fixes:
    """Write the differences of all equations as outputs."""
    return one((0, len(place.source), f"({_residuals(place)['residuals']})"))


def _equation(place: Place) -> Fixes:
    """Write the difference of an equation's sides, or the comparison."""
    right = place.right.cell
    if right.start < 0:
        return ()
    side = right.whole
    bare = side.replace(".", "").isalnum()
    return (
        [(place.last_end, right.end, f" - {side if bare else f'({side})'}")],
        [(place.at, place.end, "==")],
    )


def _residual(place: Place) -> dict[str, str]:
    [difference, *_] = _equation(place) or ([(place.at, place.end, "- ...")],)
    return {"residual": applied(place.source, difference)}


def is_claim(place: Place) -> bool:
    """Say whether a statement gives a derivative a value, as in a table: dL/dw = 2*w, ∂L/∂w = 2*w.

    The mistake is met at its =, or at its first sign.
    """
    begin = place.begin
    text = place.source[begin : begin + NEAR].replace("∂", "d")
    found = solid(text, begin)[:4]
    names = [text[start - begin : end - begin] for kind, start, end in found if kind == "NAME"]
    kinds = [kind for kind, *_ in found]
    claims = kinds == ["NAME", "_OVER", "NAME", "EQUAL"] and all(name[0] == "d" for name in names)
    return claims and place.at in {found[0][1], found[3][1]}


def claims_left_out(place: Place) -> Fixes:
    """Leave out the claims, which are all from here on."""
    return one((place.begin, len(place.source), "")) if place.begin else ()


EQUATIONS = (
    Pattern(
        "a claimed derivative", "L = w^2; dL/dw = 2*w",
        "a derivative is no statement of a program, but a claim on one",
        "put it to the proof by check, with --claim '{left.cell} = {right.cell}'",
        general="put it to the proof by check, with --claim",
        at={"EQUAL"}, when=is_claim, fix=claims_left_out,
    ),
    Pattern(
        "equations", "x^2 + y = 3; 2*x = y",
        "only a name can be given a value: these are equations",
        "write ({residuals}) for the differences of their sides",
        general="write the differences of their sides, as in (x^2 - 25, x - y)",
        instead="(x^2 + y - 3, 2*x - y)", at={"EQUAL"}, when=_equations, fill=_residuals,
        fix=_together,
    ),
    Pattern(
        "an equation before others", "x + y = 3; x*y",
        "only a name can be given a value: this is an equation",
        "solve it for a name, or name the difference of its sides: write z = {left.cell} - ...",
        at={"EQUAL"}, when=lambda place: not _alone(place),
    ),
    Pattern(
        "an equation with a parenthesis too many or too few", "x^2 = 3)",
        "only a name can be given a value: this is an equation",
        "write the difference of its sides, as in x^2 - 25, where each parenthesis has its other",
        at={"EQUAL"}, when=_unbalanced,
    ),
    Pattern(
        "an equation", "x^2 + y^2 = 25",
        "only a name can be given a value: this is an equation",
        "write {residual} for the difference of its sides, or == to compare",
        general="write the difference of its sides, as in x^2 - 25, or == to compare",
        instead="x^2 + y^2 - 25", at={"EQUAL"}, fill=_residual, fix=_equation,
    ),
)  # fmt: skip
