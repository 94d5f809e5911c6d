"""What derivatives are called: dL_dx, dL/dx, d2L_dx_dy, ∂²L/∂x∂y."""

from __future__ import annotations

from itertools import groupby, product

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

DELTAS = str.maketrans({"∂": "d", "δ": "d"})
POWERS = str.maketrans("²³⁴⁵⁶", "23456", "^*")


def plain(title: str) -> str:
    """Return a title as letters, digits and single underscores: dL/dw is dL_dw, d²L/dw² d2L_dw2."""
    text = title.translate(DELTAS)
    if text[:1] == "d" and text[1:].translate(POWERS)[:1].isdigit():
        text = text.translate(POWERS)
    text = "".join([char if char.isalnum() else "_" for char in text])
    return "_".join(filter(None, text.split("_")))


def ordered(title: str) -> tuple[int, str]:
    """Return the order that a title says, and the rest of it: 2 and L_dx2; 0 for none."""
    text = plain(title)
    rest = text[1:].lstrip("0123456789")
    number = text[1 : len(text) - len(rest)]
    if text[:1] != "d" or number in {"0", "1"} or len(number) > 1:
        return 0, rest
    return int(number or 1), rest


def names_in(tail: str, known: Sequence[str], order: int) -> list[str] | None:
    """Return the names that a derivative is by: of _dx2 or _dx_dx these are x and x."""
    return next(([*names] for names in product(known, repeat=order) if tail in tails(names)), None)


def tails(names: Sequence[str]) -> list[str]:
    """Return how it may be written by what a derivative is: _dxdxdy, _dx_dx_dy, _dx2dy, _dx2_dy."""
    runs = [(name, len([*same])) for name, same in groupby(names)]
    powers = [f"{name}{count}" if count > 1 else name for name, count in runs]
    return [f"_d{between.join(parts)}" for parts in (names, powers) for between in ("d", "_d")]
