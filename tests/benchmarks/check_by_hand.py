"""The check that one would write by hand with SymPy and mpmath: the peer of the verdict's cost.

It differentiates (w*x + b - y)^2 by all four variables with SymPy, works the same derivatives out
by the chain rule on 60-digit numbers, and compares 40 digits.
"""

from __future__ import annotations

import sympy
from mpmath import mp, mpf

mp.dps = 60
POINT = {"w": 2.0, "x": 3.0, "b": 1.0, "y": 5.0}


def main() -> None:
    """Compare, and say so."""
    symbols = {name: sympy.Symbol(name, real=True) for name in POINT}
    w, x, b, y = symbols.values()
    loss = (w * x + b - y) ** 2
    values = {name: mpf(value) for name, value in POINT.items()}
    residual = values["w"] * values["x"] + values["b"] - values["y"]
    by_hand = {
        "w": 2 * residual * values["x"],
        "x": 2 * residual * values["w"],
        "b": 2 * residual,
        "y": -2 * residual,
    }
    for name, symbol in symbols.items():
        slope = sympy.lambdify(list(symbols.values()), sympy.diff(loss, symbol), modules="mpmath")
        found = slope(*values.values())
        if abs(found - by_hand[name]) > mpf(10) ** -40 * abs(found):
            raise SystemExit(f"d/d{name} differs: {found} and {by_hand[name]}")
    print("agrees")  # noqa: T201 (its only output)


if __name__ == "__main__":
    main()
