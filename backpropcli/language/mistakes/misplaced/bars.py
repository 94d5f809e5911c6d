"""Norms in double bars, ||x|| and ‖x‖_2, and inner products in angles."""

from __future__ import annotations

from backpropcli.errors import columns
from backpropcli.language.mistakes.fixes import Fixes, one
from backpropcli.language.mistakes.source.expressions import is_atom
from backpropcli.language.mistakes.source.text import SHORT
from backpropcli.language.mistakes.source.words import VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place

ORDERS = {
    **dict.fromkeys(("_2", "₂", "_F"), ""),
    **dict.fromkeys(("_1", "₁"), ", ord=1"),
    **dict.fromkeys(("_∞", "_inf"), ", ord=inf"),
}
"""What stands below the bars of a norm, and the setting."""


def norm(place: Place) -> Fixes:
    """Write the norm of what stands between double bars."""
    bars = "‖" if place.char == "‖" else "||"
    start = place.at + len(bars)
    closed = place.source.find(bars, start)
    if closed < 0 or not place.source[start:closed].strip():
        return ()
    end = closed + len(bars)
    order = next((one for one in ORDERS if place.source.startswith(one, end)), "")
    if not order and place.source[end : end + 1] == "_":
        return ()
    before = "*" * (place.adjacent and place.last in VALUES - {"NUMBER"})
    after = (closed, end + len(order), f"{ORDERS.get(order, '')})")
    return one((place.at, start, f"{before}norm("), after)


def is_norm(place: Place) -> bool:
    """Say whether || begins a norm, and is not the "or" of C: then a value follows the second."""
    edits = norm(place)
    if not edits or place.last not in VALUES:
        return bool(edits)
    following = place.source[edits[0][1][1] :].lstrip()[:1]
    return place.adjacent and not (following.isalnum() or following in {"_", "(", "["})


def shown(place: Place) -> dict[str, str]:
    """Tell the norm that is written."""
    edits = norm(place)
    (_, start, _), (end, _, setting) = edits[0] if edits else ((0, 0, ""), (0, 0, ""))
    inside = place.source[start:end].strip()
    return {"norm": f"norm({inside if edits and columns(inside) <= SHORT else 'x'}{setting or ')'}"}


def inner(place: Place) -> Fixes:
    """Write x@y for ⟨x, y⟩."""
    closed = place.source.find("⟩", place.at)
    parts = place.source[place.at + 1 : max(closed, 0)].split(",")
    if len(parts) != 2 or not all(part.strip() for part in parts):  # noqa: PLR2004 (of two)
        return ()
    texts = [part.strip() if is_atom(part.strip()) else f"({part.strip()})" for part in parts]
    whole = len(place.before) == 0 and not place.source[closed + 1 :].strip()
    product = "@".join(texts)
    return one((place.at, closed + 1, product if whole else f"({product})"))
