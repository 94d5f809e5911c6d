"""The arithmetic of germs: comparisons by the leading term, functions by their series.

An operation without a word here is expanded by its row, or goes by the series that its rules give
at the germ's limit. Where that fails, at an edge of the domain or at infinity, the germ goes by an
identity (``AT_EDGES``, ``FAR``). Trouble is a value, so that a branch that is not taken does no
harm. ``length`` is how many powers of eps are kept beyond the largest.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from backpropcli.arithmetics.germs import balls, germ, reals
from backpropcli.arithmetics.germs.balls import Ball
from backpropcli.arithmetics.germs.germ import ONE, Germ, add, constant, mul, negative, sub
from backpropcli.arithmetics.germs.reals import lazily
from backpropcli.arithmetics.germs.trouble import Outside, Trouble, Unknown
from backpropcli.arithmetics.rules import kink_function, rule_function, word
from backpropcli.arithmetics.series import Series, Stream
from backpropcli.graph.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from backpropcli.graph.operations import Operation

SERIES = Series(reals)
HALF = Fraction(1, 2)
EVERYWHERE = {
    "hypot": "where(y == 0, abs(x), where(x == 0, abs(y), sqrt(x^2 + y^2)))",
    "cbrt": "sign(x)*abs(x)^(1/3)",
    "mod": "x - y*floor(x/y)",
    "ceil": "-floor(-x)",
    "exp2": "2^x",
    "log2": "log(x)/log(2)",
    "log10": "log(x)/log(10)",
    "atan2": "where(x > 0, atan(y/x), where(y > 0, pi/2 - atan(x/y), "
    "where(y < 0, -pi/2 - atan(x/y), where(x < 0, pi, 0))))",
}
"""Operations as others, where their rows do not expand them."""
AT_EDGES = {
    "acos": "where(x > 0, 2*asin(sqrt((1 - x)/2)), pi - 2*asin(sqrt((1 + x)/2)))",
    "asin": "sign(x)*(pi/2 - 2*asin(sqrt((1 - abs(x))/2)))",
    "acosh": "2*asinh(sqrt((x - 1)/2))",
    "atanh": "log((1 + x)/(1 - x))/2",
    "log1p": "log(1 + x)",
}
"""Identities where a function has no series: at a branch point or a pole."""
FAR = {
    "atan": "sign(x)*pi/2 - atan(1/x)",
    "asinh": "sign(x)*log(abs(x) + sqrt(x^2 + 1))",
    "acosh": "log(x + sqrt(x^2 - 1))",
    "log1p": "log(1 + x)",
    "tanh": "sign(x)*(1 - exp(-2*abs(x)))/(1 + exp(-2*abs(x)))",
    "sech": "2*exp(-abs(x))/(1 + exp(-2*abs(x)))",
    "expm1": "exp(x) - 1",
    "sigmoid": "where(x > 0, 1/(1 + exp(-x)), exp(x)/(1 + exp(x)))",
    "erf": "sign(x) + exp(-x^2)",
    "erfc": "1 - sign(x) + exp(-x^2)",
}
"""Identities where the argument is infinite; exp(-x^2) stands for what vanishes as fast."""
MOST_POLES = 60


class Germs:
    """The arithmetic of germs with terms up to eps^length beyond the largest one."""

    INFIX: dict[str, str] = {}  # noqa: RUF012 (the protocol's name)

    def __init__(self, length: int) -> None:
        self.length = length
        self.__name__ = f"germs of length {length}"
        words: dict[str, Callable[..., Any]] = {
            "add": add,
            "sub": sub,
            "neg": negative,
            "mul": lambda x, y: mul(x, y, length),
            "div": self._div,
            "pow": self._pow,
            "sqrt": lambda x: germ.raised(x, HALF, length),
            "exp": self._exp,
            "log": self._log,
            "abs": _abs,
            "sign": lambda x: constant(x.sign()),
            "floor": lambda x: constant(_floor(x)),
            "round": lambda x: constant(_round(x)),
            "max": partial(_extreme, 1),
            "min": partial(_extreme, -1),
            "not": lambda x: constant(int(x.sign() == 0)),
            "sg": lambda x: x if x.constant else constant(x.standard()),
            "polygamma": self._polygamma,
            "gamma": self._gamma,
            "lgamma": self._lgamma,
            "digamma": partial(self._polygamma, constant(0)),
            "trigamma": partial(self._polygamma, constant(1)),
            "ties": _ties,
            **{name: partial(_compared, test) for name, test in _TESTS.items()},
        }
        self.WORDS: dict[str, Callable[..., Any]] = {
            name: _once(name, function) for name, function in words.items()
        }
        self.WORDS |= {"where": _where, "and": _and, "or": _or}
        for name, row in TABLE.items():
            if name not in self.WORDS:
                self.WORDS[name] = self.word(row)

    def constant(self, text: str) -> Any:  # noqa: ANN401 (a germ or Trouble)
        """Return the constant that ``text`` names."""
        if text == "inf":
            return germ.BEYOND
        return constant(reals.constant(text))

    def double(self, value: float) -> Any:  # noqa: ANN401
        """Return a double exactly."""
        return constant(reals.double(value))

    def word(self, row: Operation) -> Callable[..., Any]:
        """Return the function that computes an operation; what the user defines is unknown."""
        found = TABLE.get(row.name)
        if row.own or found is not row:
            return lambda *_: Unknown(f"{row.shown} has a rule of its own")
        return _once(row.name, partial(self._function, row))

    def _function(self, row: Operation, *inputs: Germ) -> Any:  # noqa: ANN401
        """Return the germ of an operation that has no word of its own."""
        if row.name in EVERYWHERE:
            return self._by(EVERYWHERE[row.name], row, inputs)
        if row.name in FAR and any(x.infinite for x in inputs):
            return self._by(FAR[row.name], row, inputs)
        if row.expand is not None:
            return self._by(row.expand, row, inputs)
        try:
            return self._regular(row, *inputs)
        except Trouble:
            if row.name not in AT_EDGES or inputs[0].constant:
                raise
        return self._by(AT_EDGES[row.name], row, inputs)

    def _by(self, text: str, row: Operation, inputs: tuple[Germ, ...]) -> Any:  # noqa: ANN401
        return rule_function(text, row.parameters, self)(*inputs)

    def _regular(self, row: Operation, *inputs: Germ) -> Germ:
        """Return the germ of an operation by its series in the one input that moves."""
        moving = [place for place, x in enumerate(inputs) if not x.constant]
        if len(moving) > 1:
            raise Unknown(f"{row.shown} has no series in two inputs")
        limits = [x.standard() for x in inputs]
        if not moving:
            value = word(row, reals)(*limits)
            return Germ({(0, 0): _number(value)})
        for kink in row.kinks:
            if kink_function(row, kink.when, 0, len(inputs), reals)(
                word(row, reals)(*limits), *limits
            ):
                raise Unknown(f"{row.shown} at a kink")
        place = moving[0]
        streams = [Stream([limit]) for limit in limits]
        streams[place] = SERIES.variable(limits[place])
        stream = SERIES.WORDS[row.name](*streams)
        return germ.compose(_coefficients(stream), inputs[place].rest(), self.length)

    def _div(self, x: Germ, y: Germ) -> Germ:
        if x is y and not y.zero:
            y.leading()
            return ONE
        if x.zero and not y.zero:
            y.leading()
            return x
        return mul(x, germ.raised(y, -1, self.length), self.length)

    def _pow(self, x: Germ, y: Germ) -> Any:  # noqa: ANN401
        if y.constant:
            exponent = y.standard()
            if not isinstance(exponent, Ball):
                return germ.raised(x, exponent, self.length)
        if x.constant and x.terms.get((0, 0)) == 1:
            return ONE
        if x.zero:
            if y.sign() > 0:
                return x
            raise Outside("0 to a negative power" if y.sign() else "0 to the power 0")
        if x.sign() < 0:
            raise Outside("a power of a negative number with an exponent that moves")
        return self.WORDS["exp"](self.WORDS["mul"](y, self.WORDS["log"](x)))

    def _exp(self, x: Germ) -> Germ:
        """Return exp of a + k*log(eps) + u, which is e^a * eps^k * exp(u), or of minus infinity."""
        beyond = [power for power in x.terms if power[0] < 0 or (power[0] == 0 and power[1] > 1)]
        if beyond or x.order <= 0:
            if x.sign() < 0:
                return Germ({}, germ.FLAT)
            raise Unknown("exp of what grows without bound")
        power = x.terms.get((0, 1), 0)
        if isinstance(power, Ball):
            raise Unknown("a power of eps with an exponent that is not exact")
        factor = _number(reals.WORDS["exp"](x.terms.get((0, 0), 0)))
        rest = {key: number for key, number in x.terms.items() if key[0] > 0}
        grown = germ.compose(_powers(), Germ(rest, x.order), self.length)
        return germ.scaled(grown, factor, power)

    def _log(self, x: Germ) -> Germ:
        if x.zero:
            raise Outside("the logarithm of 0")
        q, m, number, u = germ.split(x)
        if balls.sign(number) < 0 and not m:
            raise Outside("the logarithm of a negative number")
        if m:
            raise Unknown("the logarithm of a logarithm")
        head = Germ({(0, 0): _number(reals.WORDS["log"](number)), (0, 1): q})
        series = germ.sequence(lambda k: Fraction((-1) ** (k + 1), k) if k else 0)
        return add(head, germ.compose(series, u, self.length))

    def _pole(self, x: Germ) -> int:
        """Return n where the limit of ``x`` is -n, a pole of the gamma functions; -1 elsewhere."""
        limit = x.standard()
        whole = not isinstance(limit, Ball) and limit.denominator == 1 and limit <= 0
        if whole and limit < -MOST_POLES:
            raise Unknown("a pole far out")
        if whole and x.constant:
            raise Outside("a pole of the gamma function")
        return int(-limit) if whole else -1

    def _shifts(self, x: Germ, count: int) -> list[Germ]:
        return [add(x, constant(shift)) for shift in range(count)]

    def _gamma(self, x: Germ) -> Any:  # noqa: ANN401
        """Return gamma, at a pole by gamma(x + n)/(x*(x + 1)*...) (DLMF 5.5.1)."""
        count = self._pole(x) + 1
        value = self._regular(TABLE["gamma"], add(x, constant(count)))
        for factor in self._shifts(x, count):
            value = self._div(value, factor)
        return value

    def _lgamma(self, x: Germ) -> Any:  # noqa: ANN401
        count = self._pole(x) + 1
        value = self._regular(TABLE["lgamma"], add(x, constant(count)))
        for factor in self._shifts(x, count):
            value = sub(value, self._log(_abs(factor)))
        return value

    def _polygamma(self, order: Germ, x: Germ) -> Any:  # noqa: ANN401
        """Return a derivative of digamma, at a pole by the recurrence (DLMF 5.15.5)."""
        number = order.standard()
        if not order.constant or isinstance(number, Ball) or number.denominator != 1 or number < 0:
            raise Outside("a derivative of digamma of no whole order")
        count = self._pole(x) + 1
        value = self._regular(TABLE["polygamma"], order, add(x, constant(count)))
        factor = reals.WORDS["gamma"](number + 1) * (-1) ** int(number + 1)
        for item in self._shifts(x, count):
            power = germ.raised(item, -number - 1, self.length)
            value = add(value, germ.scaled(power, factor))
        return value


def _once(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, remembered by the germs that it is given, with Trouble as a value."""
    careful = lazily(function)

    def word(*inputs: Any) -> Any:  # noqa: ANN401
        for value in inputs:
            if isinstance(value, Trouble):
                return value
        key = (name, *inputs)
        made = inputs[0].made
        if key not in made:
            made[key] = careful(*inputs)
        return made[key]

    return word


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


def _powers() -> Iterator[Any]:
    """Yield 1/k!."""
    number = Fraction(1)
    step = 0
    while True:
        yield number
        step += 1
        number /= step


def _abs(x: Germ) -> Germ:
    try:
        return negative(x) if x.sign() < 0 else x
    except Unknown:
        return Germ({}, x.low)


def _floor(x: Germ) -> int:
    """Return the floor, which at a whole limit is decided by the side."""
    limit = x.standard()
    whole = balls.floor(limit)
    return whole - 1 if limit == whole and x.rest().sign() < 0 else whole


def _round(x: Germ) -> int:
    limit = x.standard()
    below = balls.floor(limit)
    if limit - below == HALF:
        side = x.rest().sign()
        return below + (side > 0 if side else below % 2)
    return balls.floor(limit + HALF)


def _extreme(side: int, first: Germ, *others: Germ) -> Germ:
    """Return the largest germ for side 1, the smallest for -1, as far as it can be told."""
    best = first
    for other in others:
        difference = sub(other, best)
        try:
            if difference.sign() == side:
                best = other
        except Unknown:
            best = Germ(best.terms, min(best.order, difference.low))
    return best


_TESTS: dict[str, Callable[[int], bool]] = {
    "lt": lambda sign: sign < 0,
    "le": lambda sign: sign <= 0,
    "gt": lambda sign: sign > 0,
    "ge": lambda sign: sign >= 0,
    "eq": lambda sign: sign == 0,
    "ne": lambda sign: sign != 0,
}


def _compared(test: Callable[[int], bool], x: Germ, y: Germ) -> Any:  # noqa: ANN401
    return constant(int(test(sub(x, y).sign())))


def _ties(value: Germ, *others: Germ) -> Any:  # noqa: ANN401
    return constant(sum(sub(value, other).sign() == 0 for other in others))


def _truth(x: Germ | Trouble) -> bool | Trouble:
    return lazily(lambda x: x.sign() != 0)(x)  # type: ignore[no-any-return]


def _where(condition: Any, one: Any, other: Any) -> Any:  # noqa: ANN401
    """Return the branch taken, the very germ; the other one may be Trouble."""
    truth = _truth(condition)
    if isinstance(truth, Trouble):
        return truth
    return one if truth else other


def _and(x: Any, y: Any) -> Any:  # noqa: ANN401
    return _joined(x, y, settles=False)


def _or(x: Any, y: Any) -> Any:  # noqa: ANN401
    return _joined(x, y, settles=True)


def _joined(x: Any, y: Any, *, settles: bool) -> Any:  # noqa: ANN401
    """Return what two conditions give together, where one of them may settle it."""
    truths = [_truth(x), _truth(y)]
    for truth in truths:
        if truth is settles:
            return constant(int(settles))
    for truth in truths:
        if isinstance(truth, Trouble):
            return truth
    return constant(int(not settles))
