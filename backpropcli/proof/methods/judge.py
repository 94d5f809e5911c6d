"""The verdict on a row of the table of methods."""

from __future__ import annotations

from mpmath import mp, mpf

from backpropcli.proof.methods import found as kinds
from backpropcli.proof.methods.differences import AGREE, LEVELS
from backpropcli.proof.methods.found import AGREES, DIFFERS, LARGE, NONE, UNKNOWN, Cell, Row
from backpropcli.report.digits.numbers import shown

ORDER = 1.5
"""An order below this is 1: the remainder falls as the step does, and no faster."""
APART = mpf(10) ** -10
NAMES = {  # in the order in which one that differs is told
    kinds.CENTRAL: "central differences give",
    kinds.SYMBOLIC: "SymPy finds",
    kinds.COMPLEX: "the complex step gives",
    kinds.FORWARD: "forward mode finds",
    kinds.LEFT: "differences to the left give",
    kinds.RIGHT: "differences to the right give",
}


def judge(row: Row) -> None:
    """Reach the verdict on a row from what its methods find."""
    cells = row.cells
    left, right, central = (cells[name] for name in (kinds.LEFT, kinds.RIGHT, kinds.CENTRAL))
    differing = [name for name in NAMES if name in cells and cells[name].kind == DIFFERS]
    steady = all(one.kind in {AGREES, DIFFERS} for one in (left, right))
    row.verdict = "inconclusive"
    if steady and _part(left, right):
        sides = _short(left.value), _short(right.value)
        row.reason = f"a kink: the slope is {sides[0]} to the left, {sides[1]} to the right"
    elif differing:
        row.verdict = "disagrees"
        theirs = _short(cells[differing[0]].value)
        row.reason = f"{NAMES[differing[0]]} {theirs}, and reverse mode {_short(row.exact)}"
    elif LARGE in {left.reason, right.reason}:
        row.reason = LARGE
    elif NONE in {left.kind, right.kind}:
        lacking = [side for side, one in (("left", left), ("right", right)) if one.kind == NONE]
        row.reason = f"there is no value to the {' or to the '.join(lacking)} of the point"
    elif "grows" in left.reason or "grows" in right.reason:
        row.reason = "the value jumps, or its slope is infinite: differences grow as the step falls"
    elif UNKNOWN in {left.kind, right.kind, central.kind}:
        row.reason = f"differences are not steady in {LEVELS[-1][0]} digits"
    elif row.order is not None and row.order < ORDER:
        row.reason = f"the Taylor test has order {row.order:.2f}"
    else:
        row.verdict = "agrees"


def _part(left: Cell, right: Cell) -> bool:
    """Say whether two one-sided slopes are two."""
    with mp.workdps(AGREE + 10):
        one, other = mpf(left.value), mpf(right.value)
        if left.kind == right.kind == AGREES:
            return False
        return bool(abs(one - other) > APART * max(abs(one), abs(other)))


def _short(text: str) -> str:
    """Return a decimal in six digits."""
    with mp.workdps(AGREE):
        return str(shown(mpf(text), 6)).removesuffix(".0")
