"""Random values, as in W=normal(3,4): each name has a stream of its own, so that order is nothing.

The stream is NumPy's Generator (PCG64) of ``numpy.random.default_rng([seed, *name.encode()])``.
``normal`` is standard normal and ``uniform`` from 0 to 1. ``xavier`` and ``he`` are weights of a
layer X@W: the first size is the number of inputs, the second that of outputs. ``xavier`` is uniform
from -a to a, a = sqrt(6/(inputs + outputs)); ``he`` is normal, of deviation sqrt(2/inputs).
"""

from __future__ import annotations

from math import prod

from backpropcli.calculus.bindings.items import MOST
from backpropcli.graph.operations import DRAWS
from backpropcli.language.scanner import solid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.calculus.bindings.items import Draw, Item

SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


def parted(item: Item) -> tuple[str, list[Draw]]:
    """Return a value's text with a name in place of each draw, as long as the draw; and the draws.

    Raises SourceError for sizes that are no whole numbers.
    """
    text = item.text
    words = solid(text)
    found: list[Draw] = []
    for at, (kind, start, stop) in enumerate(words[:-1]):
        if kind == "NAME" and text[start:stop] in DRAWS and words[at + 1][0] == "LPAR":
            last = _closing(words, at + 1)
            if not last:
                raise item.error(
                    "this parenthesis is not closed",
                    f"write {text[start:stop]}(3, 4)",
                    stop,
                    stop + 1,
                )
            end = words[last][2]
            sizes = _sizes(item, text[start:stop], words[at + 2 : last], start, end)
            name = _name(text[start:stop], len(found), end - start)
            found.append((name, text[start:stop], sizes))
            text = text[:start] + name + text[end:]
    return text, found


def _closing(words: list[tuple[str, int, int]], at: int) -> int:
    """Return the place of the word that closes the parenthesis at a place; 0 without one."""
    depth = 0
    for place in range(at, len(words)):
        depth += (words[place][0] == "LPAR") - (words[place][0] == "RPAR")
        if not depth:
            return place
    return 0


def _name(kind: str, count: int, size: int) -> str:
    """Return the name of a draw: its number between _, in ``size`` characters."""
    digits = ""
    while count or not digits:
        count, digit = divmod(count, len(SIGNS))
        digits = SIGNS[digit] + digits
    return f"{kind}_{digits}".ljust(size, "_")


def _sizes(
    item: Item, kind: str, words: list[tuple[str, int, int]], start: int, end: int
) -> tuple[int, ...]:
    """Return the sizes of a draw, which may stand in parentheses or brackets of their own."""
    if words and (words[0][0], words[-1][0]) in {("LPAR", "RPAR"), ("LSQB", "RSQB")}:
        words = words[1:-1]
    texts = [item.text[a:b] for _, a, b in words]
    sizes = tuple(int(text) for text in texts[::2] if text.isdecimal())
    if len(sizes) != (len(texts) + 1) // 2 or {*texts[1::2]} - {","}:
        hint = f"write {kind}(3, 4)"
        if kind in {"normal", "uniform"}:
            hint += f"; to shift and scale, 1 + 0.5*{kind}(3, 4)"
        raise item.error(f"{kind} takes sizes, which are whole numbers", hint, start, end)
    if kind in {"xavier", "he"} and len(sizes) != 2:  # noqa: PLR2004 (inputs, outputs)
        raise item.error(
            f"{kind} takes two sizes: inputs and outputs", f"write {kind}(784, 128)", start, end
        )
    if not 0 < prod(sizes) <= MOST:
        hint = f"an array has from 1 to {MOST} elements"
        if kind in {"normal", "uniform"} and not prod(sizes):
            hint = f"{kind} takes sizes: {kind}() is one number, and {kind}(3) has 3 elements"
        raise item.error(f"this has {prod(sizes)} elements", hint, start, end)
    return sizes


def drawn(draws: list[Draw], name: str, seed: int) -> dict[str, Any]:
    """Return the arrays of a value's draws, by the names that stand in their places."""
    import numpy as np

    stream = np.random.default_rng([seed, *name.encode()])
    found: dict[str, Any] = {}
    for place, kind, sizes in draws:
        if kind == "xavier":
            bound = (6 / sum(sizes)) ** 0.5
            value = stream.uniform(-bound, bound, sizes)
        elif kind == "he":
            value = stream.standard_normal(sizes) * (2 / sizes[0]) ** 0.5
        else:
            value = stream.random(sizes) if kind == "uniform" else stream.standard_normal(sizes)
        found[place] = value if sizes else float(value)
    return found
