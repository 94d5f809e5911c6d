"""Functions of germs: by their series where they have one, by their largest terms, at poles."""

from __future__ import annotations

from fractions import Fraction
from itertools import count

from backpropcli.arithmetics.floats.polygamma import MOST
from backpropcli.arithmetics.germs import balls, choices, compose, germ, reals
from backpropcli.arithmetics.germs.balls import Ball
from backpropcli.arithmetics.germs.germ import ONE, Germ, add, constant, mul, scaled, sub
from backpropcli.arithmetics.germs.trouble import Outside, Pole, Trouble, Unknown
from backpropcli.arithmetics.rules import by_input, word
from backpropcli.arithmetics.series import Series, Stream
from backpropcli.graph.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from backpropcli.graph.row import Row

SERIES = Series(reals)
MOST_POLES = 60


def regular(row: Row, inputs: tuple[Germ, ...], length: int) -> Germ:
    """Return the germ of an operation by its series in the one input that moves."""
    moving = [place for place, x in enumerate(inputs) if not x.constant]
    if len(moving) > 1:
        raise Unknown(f"{row.shown} has no series in two inputs")
    limits = [x.standard() for x in inputs]
    if not moving:
        value = word(row, reals)(*limits)
        return Germ({(0, 0): _number(value)})
    place = moving[0]
    for kink in row.kinks:
        by_it = row.parameters[place] in kink.slopes
        if by_it and by_input(row, [kink.when], reals)(word(row, reals)(*limits), *limits)[0]:
            raise Unknown(f"{row.shown} at a kink")
    streams = [Stream([limit]) for limit in limits]
    streams[place] = SERIES.variable(limits[place])
    stream = SERIES.WORDS[row.name](*streams)
    return compose.compose(_coefficients(stream), inputs[place].rest(), length)


def quotient(x: Germ, y: Germ, length: int) -> Germ:
    """Return x/y: exactly 1 where both are one germ."""
    if germ.named(y):
        if germ.named(x):
            raise Outside("infinity over infinity")
        return Germ({})
    if x is y and not y.zero:
        y.leading()
        return ONE
    if x.zero and not y.zero:
        y.leading()
        return x
    if y.zero and x.zero:
        raise Outside("0/0")
    return mul(x, compose.raised(y, -1, length), length)


def power(x: Germ, y: Germ, length: int) -> Germ:
    """Return x to the power y, by exp(y*log(x)) where the exponent moves."""
    if y.constant:
        exponent = y.standard()
        if not isinstance(exponent, Ball):
            return compose.raised(x, exponent, length)
    if x.constant and x.terms.get((0, 0)) == 1:
        return ONE
    if x.zero:
        if y.sign() > 0:
            return x
        raise Pole("0 to a negative power")
    if x.sign() < 0:
        raise Outside("a power of a negative number with an exponent that moves")
    return exponential(mul(y, logarithm(x, length), length), length)


def exponential(x: Germ, length: int) -> Germ:
    """Return exp of a + k*log(eps) + u, which is e^a * eps^k * exp(u), or of minus infinity."""
    beyond = [power for power in x.terms if power[0] < 0 or (power[0] == 0 and power[1] > 1)]
    if germ.named(x):
        return x if germ.named(x) > 0 else Germ({})
    if beyond or x.order <= 0:
        if x.sign() < 0:
            return Germ({}, germ.FLAT)
        raise Unknown("exp of what grows without bound")
    power = x.terms.get((0, 1), 0)
    if isinstance(power, Ball):
        raise Unknown("a power of eps with an exponent that is not exact")
    factor = _number(reals.WORDS["exp"](x.terms.get((0, 0), 0)))
    rest = {key: number for key, number in x.terms.items() if key[0] > 0}
    grown = compose.compose(compose.exponential(), Germ(rest, x.order), length)
    return scaled(grown, factor, power)


def logarithm(x: Germ, length: int) -> Germ:
    """Return log(x), which holds a logarithm of eps where x begins with a power of it."""
    if x.zero:
        raise Pole("the logarithm of 0")
    if x is germ.BEYOND:
        return x
    q, m, number, u = germ.split(x)
    if balls.sign(number) < 0 and not m:
        raise Outside("the logarithm of a negative number")
    if m:
        raise Unknown("the logarithm of a logarithm")
    head = Germ({(0, 0): _number(reals.WORDS["log"](number)), (0, 1): q})
    series = (Fraction((-1) ** (k + 1), k) if k else 0 for k in count())
    return add(head, compose.compose(series, u, length))


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


def _number(value: Any) -> Any:  # noqa: ANN401
    """Return a number; raises Trouble."""
    if isinstance(value, Trouble):
        raise value
    return value


def _coefficients(stream: Stream) -> Iterator[Any]:
    """Yield the coefficients of a series, as long as there are any."""
    step = 0
    while step < len(stream.reach(step + 1)):
        yield stream.known[step]
        step += 1
