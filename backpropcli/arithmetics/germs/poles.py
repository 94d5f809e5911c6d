"""The gamma functions, at their poles too."""

from __future__ import annotations

from backpropcli.arithmetics.floats.polygamma import MOST
from backpropcli.arithmetics.germs import choices, compose, reals
from backpropcli.arithmetics.germs.balls import Ball
from backpropcli.arithmetics.germs.functions import logarithm, quotient, regular
from backpropcli.arithmetics.germs.germ import Germ, add, constant, scaled, sub
from backpropcli.arithmetics.germs.trouble import Outside, Pole, Unknown
from backpropcli.graph.operations import TABLE

MOST_POLES = 60


def _pole(x: Germ) -> int:
    """Return n where the limit of ``x`` is -n, a pole of the gamma functions; -1 elsewhere."""
    limit = x.standard()
    whole = not isinstance(limit, Ball) and limit.denominator == 1 and limit <= 0
    if whole and limit < -MOST_POLES:
        raise Unknown("a pole far out")
    if whole and x.constant:
        raise Pole("a pole of the gamma function")
    return int(-limit) if whole else -1


def _shifts(x: Germ, count: int) -> list[Germ]:
    return [add(x, constant(shift)) for shift in range(count)]


def gamma(x: Germ, length: int) -> Germ:
    """Return the gamma function, at a pole by its recurrence (DLMF 5.5.1)."""
    count = _pole(x) + 1
    value = regular(TABLE["gamma"], (add(x, constant(count)),), length)
    for factor in _shifts(x, count):
        value = quotient(value, factor, length)
    return value


def lgamma(x: Germ, length: int) -> Germ:
    """Return log(abs(gamma)), at a pole by the logarithm of that."""
    count = _pole(x) + 1
    value = regular(TABLE["lgamma"], (add(x, constant(count)),), length)
    for factor in _shifts(x, count):
        value = sub(value, logarithm(choices.absolute(factor), length))
    return value


def polygamma(order: Germ, x: Germ, length: int) -> Germ:
    """Return a derivative of digamma, at a pole by the recurrence (DLMF 5.15.5)."""
    number = order.standard()
    if not order.constant or isinstance(number, Ball) or number.denominator != 1 or number < 0:
        raise Outside("a derivative of digamma of no whole order")
    if number + length > MOST:
        raise Unknown(f"derivatives of digamma end at number {MOST}")
    count = _pole(x) + 1
    value = regular(TABLE["polygamma"], (order, add(x, constant(count))), length)
    factor = reals.WORDS["gamma"](number + 1) * (-1) ** int(number + 1)
    for item in _shifts(x, count):
        power = compose.raised(item, -number - 1, length)
        value = add(value, scaled(power, factor))
    return value
