"""The arithmetic of germs: comparisons by the leading term, functions by their series.

An operation without a word here is expanded by its row, or goes by the series that its rules give
at the germ's limit. Where that fails, at an edge of the domain or at infinity, the germ goes by an
identity (``AT_EDGES``, ``FAR``). Trouble is a value, so that a branch that is not taken does no
harm. ``length`` is how many powers of eps are kept beyond the largest.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import count

from backpropcli.arithmetics.germs import balls, choices, compose, germ, poles, reals
from backpropcli.arithmetics.germs.balls import Ball
from backpropcli.arithmetics.germs.germ import ONE, Germ, add, constant, mul, negative, sub
from backpropcli.arithmetics.germs.identities import AT_EDGES, EVERYWHERE, FAR
from backpropcli.arithmetics.germs.powers import HALF
from backpropcli.arithmetics.germs.reals import lazily, through
from backpropcli.arithmetics.germs.trouble import Outside, Pole, Trouble, Unknown
from backpropcli.arithmetics.rules import by_input, word
from backpropcli.arithmetics.series import Series, Stream
from backpropcli.graph.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from backpropcli.graph.row import Row, Rule

SERIES = Series(reals)


class Germs:
    """The arithmetic of germs with terms up to eps^length beyond the largest one.

    Its constants have so many digits.
    """

    INFIX: dict[str, str] = {}  # noqa: RUF012 (the protocol's name)

    def __init__(self, length: int, digits: int = balls.DIGITS) -> None:
        self.length = length
        self.__name__ = f"germs of length {length} in {digits} digits"
        words: dict[str, Callable[..., Any]] = {
            "add": add,
            "sub": sub,
            "neg": negative,
            "mul": lambda x, y: mul(x, y, length),
            "div": self._div,
            "pow": self._pow,
            "sqrt": lambda x: compose.raised(x, HALF, length),
            "exp": self._exp,
            "log": self._log,
            "abs": choices.absolute,
            "sign": lambda x: constant(x.sign()),
            "floor": lambda x: constant(choices.floor(x)),
            "round": lambda x: constant(choices.nearest(x)),
            "max": partial(choices.extreme, 1),
            "min": partial(choices.extreme, -1),
            "not": lambda x: constant(int(x.sign() == 0)),
            "sg": lambda x: x if x.constant else constant(x.standard()),
            "polygamma": partial(poles.polygamma, self),
            "gamma": partial(poles.gamma, self),
            "lgamma": partial(poles.lgamma, self),
            "digamma": partial(poles.polygamma, self, constant(0)),
            "trigamma": partial(poles.polygamma, self, constant(1)),
            "ties": choices.ties,
        }
        self.WORDS: dict[str, Callable[..., Any]] = {
            name: _once(name, function) for name, function in words.items()
        }
        self.WORDS |= {
            **{name: partial(choices.compared, name) for name in choices.TESTS},
            "where": choices.where,
            "and": choices.conjunction,
            "or": choices.disjunction,
        }
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

    def word(self, row: Row) -> Callable[..., Any]:
        """Return the function that computes an operation; what the user defines is unknown."""
        if TABLE.get(row.name) is not row:
            return lambda *_: Unknown(f"{row.shown} has a rule of its own")
        return _once(row.name, partial(self._function, row))

    def _function(self, row: Row, *inputs: Germ) -> Any:  # noqa: ANN401
        """Return the germ of an operation that has no word of its own."""
        if row.name in EVERYWHERE:
            return self._by(EVERYWHERE[row.name], row, inputs)
        if row.name in FAR and any(x.infinite for x in inputs):
            return self._by(FAR[row.name], row, inputs)
        if row.expand is not None:
            return self._by(row.expand, row, inputs)
        try:
            return self.regular(row, *inputs)
        except LookupError:
            return Unknown(f"{row.shown} has no series here")
        except Trouble:
            if row.name not in AT_EDGES or inputs[0].constant:
                raise
        return self._by(AT_EDGES[row.name], row, inputs)

    def _by(self, rule: Rule, row: Row, inputs: tuple[Germ, ...]) -> Any:  # noqa: ANN401
        return by_input(row, [rule], self)(None, *inputs)[0]

    def regular(self, row: Row, *inputs: Germ) -> Germ:
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
        return compose.compose(_coefficients(stream), inputs[place].rest(), self.length)

    def _div(self, x: Germ, y: Germ) -> Germ:
        if x is y and not y.zero:
            y.leading()
            return ONE
        if x.zero and not y.zero:
            y.leading()
            return x
        if y.zero and x.zero:
            raise Outside("0/0")
        return mul(x, compose.raised(y, -1, self.length), self.length)

    def _pow(self, x: Germ, y: Germ) -> Any:  # noqa: ANN401
        if y.constant:
            exponent = y.standard()
            if not isinstance(exponent, Ball):
                return compose.raised(x, exponent, self.length)
        if x.constant and x.terms.get((0, 0)) == 1:
            return ONE
        if x.zero:
            if y.sign() > 0:
                return x
            raise Pole("0 to a negative power")
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
        grown = compose.compose(compose.exponential(), Germ(rest, x.order), self.length)
        return germ.scaled(grown, factor, power)

    def _log(self, x: Germ) -> Germ:
        if x.zero:
            raise Pole("the logarithm of 0")
        q, m, number, u = germ.split(x)
        if balls.sign(number) < 0 and not m:
            raise Outside("the logarithm of a negative number")
        if m:
            raise Unknown("the logarithm of a logarithm")
        head = Germ({(0, 0): _number(reals.WORDS["log"](number)), (0, 1): q})
        series = (Fraction((-1) ** (k + 1), k) if k else 0 for k in count())
        return add(head, compose.compose(series, u, self.length))


def _once(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, remembered by the germs that it is given, with Trouble as a value."""
    careful = lazily(function)

    def word(*inputs: Any) -> Any:  # noqa: ANN401
        for value in inputs:
            if isinstance(value, Trouble):
                return through(value)
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
