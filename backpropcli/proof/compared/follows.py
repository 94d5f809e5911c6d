"""What follows for training from how two losses are related, and no more than is so."""

from __future__ import annotations

from backpropcli.proof.compared.answer import EQUAL, IDENTICAL, OPEN, OPPOSITE, PROPORTIONAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.proof.compared.answer import Compared, General

PATH = "from the same start, SGD and Adam take the same path in exact arithmetic"
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
    if found.verdict == "inconclusive":
        return []
    path = PATH
    if compared.assumptions:
        path += ", while it stays where they are compared"
    if found.exceptions:
        path += ", if it meets no such point"
    if found.kind in EQUAL:
        if found.kind == IDENTICAL:
            return [path, ROUNDING]
        return [path] if found.value == OPEN else [path, SEEN, HALF]
    if found.kind == OPPOSITE:
        return [DESCENT, f"minimising one while maximising the other: {path}"]
    if found.kind == PROPORTIONAL:
        return _scaled(found)
    return []


def _scaled(found: General) -> list[str]:
    """Return what follows from a factor."""
    term = found.term.partition(" ≈ ")[0]
    size = term.removeprefix("-") if found.number else term
    told = [] if found.sign >= 0 else [DESCENT]
    if found.sign == 0:
        return [f"SGD's step is scaled by {term}, which has no fixed sign"]
    if not found.number:
        steps = f"SGD's step on the first is that on the second, scaled by {term}"
        adam = "Adam's step is the same, up to its epsilon, only while that stays the same"
        return [*told, steps, adam, CLIPPING]
    steps = f"SGD's step on the first is that on the second, {size} times as long"
    adam = "Adam's step is the same, up to its epsilon"
    return [*told, steps, adam, CLIPPING]
