"""Ways to a shorter form of an expression."""

from __future__ import annotations

import sympy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Item = Any


def by_sigmoids(item: Item) -> Item:
    """Return ``item`` with exp(u) as s/(1 - s), s = sigmoid(u), where 1 + exp(u) is in it."""
    for inner in sorted(item.atoms(sympy.exp), key=sympy.default_sort_key):
        if item.has(1 + inner):
            share, at = sympy.Dummy(real=True), inner.args[0]
            odds, sign = share / (1 - share), 1
            if at.could_extract_minus_sign():
                odds, sign = 1 / odds, -1
            changed = sympy.factor(item.subs(inner, odds))
            item = changed.subs(share, sympy.Function("sigmoid", real=True)(sign * at))
    return item


METHODS: dict[str, Callable[[Item], Item]] = {
    "shared factors": lambda item: sympy.factor_terms(item, clear=False),
    "factor": sympy.factor,
    "simplify": sympy.simplify,
    "sigmoids": by_sigmoids,
}
"""Ways to a shorter form, quick ones first: on every one of them some test depends."""
