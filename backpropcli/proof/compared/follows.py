"""What follows for training from how two losses are related, and no more than is so."""

from __future__ import annotations

from backpropcli.proof.compared.answer import EQUAL, IDENTICAL, OPEN, OPPOSITE, PROPORTIONAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.compared.answer import Compared, General

PATH = "from the same start, SGD and Adam take the same path in exact arithmetic"
THROUGH = (
    "what {0} is computed from trains the same as far as it reaches the loss through {0} alone"
)
ROUNDING = "floats may round the two otherwise"
SEEN = (
    "what looks at the value may decide otherwise: a scheduler on plateau, early stopping, "
    "a line search"
)
HALF = "in half precision values of another size round otherwise, or overflow"
CLIPPING = "clipping by norm and weight decay do not scale along: with them the paths part"
DESCENT = (
    "one is minimised where the other is maximised: a descent on one is an ascent on the other"
)


def follows(compared: Compared) -> list[str]:
    """Return what follows for training, a sentence each."""
    found = compared.general
    inner = [name for name in compared.wrt if name not in compared.variables]
    if found.verdict == "inconclusive":
        return []
    if inner:
        return [THROUGH.format(", ".join(inner))] if found.kind in EQUAL else []
    if found.kind == IDENTICAL:
        return [_path(compared), ROUNDING]
    if found.kind in EQUAL:
        return [_path(compared), *([] if found.value == OPEN else [SEEN, HALF])]
    if found.kind == OPPOSITE:
        return [DESCENT, f"minimising one while maximising the other: {_path(compared)}"]
    return _scaled(found) if found.kind == PROPORTIONAL else []


def _path(compared: Compared) -> str:
    """Return that the paths are the same, and as far as that is known."""
    path = PATH
    if compared.assumptions:
        path += ", while it stays where they are compared"
    if compared.general.exceptions:
        path += ", unless it meets such a point"
    return path


def _scaled(found: General) -> list[str]:
    """Return what follows from a factor."""
    term = found.term.partition(" ≈ ")[0]
    if found.sign == 0:
        return [f"SGD's step is scaled by {term}, which has no fixed sign"]
    if found.vanishes:
        return [f"SGD's step is scaled by {term}: where that is 0, the first does not move"]
    told, adam = [], "Adam's step is the same, up to its epsilon"
    if found.sign < 0:
        told, adam = [DESCENT], "Adam's step is the opposite, up to its epsilon"
    if found.number:
        size = f"{term} times as long".removeprefix("-")
        size += ", in the opposite direction" * (found.sign < 0)
    else:
        size = f"scaled by {term}"
        adam += ", only while that stays the same"
    return [*told, f"SGD's step on the first is that on the second, {size}", adam, CLIPPING]
