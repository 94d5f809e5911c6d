"""Functions of an infinitesimal germ by their power series, and powers of any germ."""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.germs import balls, of_balls
from backpropcli.arithmetics.germs.balls import shorter
from backpropcli.arithmetics.germs.germ import (
    BELOW,
    BEYOND,
    ONE,
    Germ,
    add,
    mul,
    named,
    scaled,
    split,
)
from backpropcli.arithmetics.germs.trouble import Outside, Pole, Short, Trouble, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.arithmetics.germs.germ import Exponent

STEPS = 200
"""Powers of an infinitesimal that a series may take."""


def compose(coefficients: Iterator[Any], u: Germ, length: int) -> Germ:
    """Return the sum of coefficients times powers of the infinitesimal ``u``.

    The sum is exact where the coefficients end or ``u`` is 0, else it is cut at ``length`` powers
    of eps. Raises Trouble where a coefficient that is needed is one.
    """
    if not u.zero and u.low <= 0:
        raise Short("a series of what is not known to be infinitesimal")
    total, power = Germ({}), ONE
    for step, number in enumerate(coefficients):
        if isinstance(number, Trouble):
            raise number
        if isinstance(number, balls.Ball) or number:
            total = add(total, scaled(power, number))
        if u.zero:
            break
        power = mul(power, u, length)
        if power.low > length or step > STEPS:
            return Germ(total.terms, min(total.order, power.low))
    return total


def raised(x: Germ, exponent: Any, length: int) -> Germ:  # noqa: ANN401, PLR0911 (a return for each case)
    """Return a germ to the power of an exact number, by its largest term and the binomial series.

    Raises Outside for a power of 0 or of a negative germ that does not exist, or Unknown.
    """
    if not exponent:
        return ONE
    if x.zero:
        if exponent < 0:
            raise Pole("division by zero")
        return x
    if named(x):
        return _of_named(x, exponent)
    if exponent == 1:
        return x
    if exponent == 2:  # noqa: PLR2004 (needs no sign)
        return mul(x, x, length)
    if not x.terms and exponent > 0:
        return Germ({}, x.order * exponent)
    q, m, number, u = split(x)
    if m and (exponent.denominator != 1 or exponent < 0):
        raise Unknown("a power of a logarithm")
    factor = of_balls.power(number, exponent)
    series = scaled(compose(binomial(exponent), u, length), factor, q * exponent)
    logs = int(m * exponent)
    return Germ({(r, n + logs): c for (r, n), c in series.terms.items()}, series.order)


def _of_named(x: Germ, exponent: Any) -> Germ:  # noqa: ANN401
    """Return infinity by name, or minus that, to the power of an exact number that is not 0."""
    if x is BELOW and exponent.denominator != 1:
        raise Outside("a power of a negative number")
    if exponent < 0:
        return Germ({})
    return x if x is BEYOND or exponent % 2 else BEYOND


def binomial(exponent: Exponent) -> Iterator[Any]:
    """Yield the coefficients of (1 + u)^exponent; they end for a whole exponent."""
    number: Any = 1
    step = 0
    while isinstance(number, balls.Ball) or number:
        yield number
        number = shorter(number * (Fraction(exponent) - step) * Fraction(1, step + 1))
        step += 1


def exponential() -> Iterator[Any]:
    """Yield the coefficients of exp(u)."""
    number = Fraction(1)
    step = 0
    while True:
        yield number
        step += 1
        number /= step
