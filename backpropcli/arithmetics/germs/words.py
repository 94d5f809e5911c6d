"""The arithmetic of germs: comparisons by the leading term, functions by their series.

An operation without a word here is expanded by its row, or goes by the series that its rules give
at the germ's limit. Where that fails, at an edge of the domain or at infinity, the germ goes by an
identity (``AT_EDGES``, ``FAR``). Trouble is a value, so that a branch that is not taken does no
harm. ``length`` is how many powers of eps are kept beyond the largest.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import isinf

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.germs import balls, choices, compose, functions, germ, reals
from backpropcli.arithmetics.germs.germ import Germ, add, constant, mul, negative, sub
from backpropcli.arithmetics.germs.of_balls import HALF
from backpropcli.arithmetics.germs.reals import lazily, through
from backpropcli.arithmetics.germs.trouble import Outside, Pole, Trouble, Unbounded, Unknown
from backpropcli.arithmetics.rules import by_input
from backpropcli.arithmetics.rules import word as word_of
from backpropcli.graph.cells import Rule
from backpropcli.graph.operations import COMPARED, TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from backpropcli.graph.row import Row


def _rules(**texts: str) -> dict[str, Rule]:
    return {name: Rule(text) for name, text in texts.items()}


EVERYWHERE = _rules(
    hypot="where(y == 0, abs(x), where(x == 0, abs(y), sqrt(x^2 + y^2)))",
    cbrt="sign(x)*abs(x)^(1/3)",
    mod="x - y*floor(x/y)",
    ceil="-floor(-x)",
    exp2="2^x",
    log2="log(x)/log(2)",
    log10="log(x)/log(10)",
    atan2="where(x > 0, atan(y/x), where(y > 0, pi/2 - atan(x/y), "
    "where(y < 0, -pi/2 - atan(x/y), where(x < 0, pi, 0))))",
)
"""Operations as others, where their rows do not expand them."""
AT_EDGES = _rules(
    acos="where(x > 0, 2*asin(sqrt((1 - x)/2)), pi - 2*asin(sqrt((1 + x)/2)))",
    asin="sign(x)*(pi/2 - 2*asin(sqrt((1 - abs(x))/2)))",
    acosh="2*asinh(sqrt((x - 1)/2))",
    atanh="log((1 + x)/(1 - x))/2",
    log1p="log(1 + x)",
)
"""Identities where a function has no series: at a branch point or a pole."""
FAR = _rules(
    atan="sign(x)*pi/2 - atan(1/x)",
    asinh="sign(x)*log(abs(x) + sqrt(x^2 + 1))",
    acosh="log(x + sqrt(x^2 - 1))",
    log1p="log(1 + x)",
    tanh="sign(x)*(1 - exp(-2*abs(x)))/(1 + exp(-2*abs(x)))",
    sech="2*exp(-abs(x))/(1 + exp(-2*abs(x)))",
    expm1="exp(x) - 1",
    sigmoid="where(x > 0, 1/(1 + exp(-x)), exp(x)/(1 + exp(x)))",
    erf="sign(x) + exp(-x^2)",
    erfc="1 - sign(x) + exp(-x^2)",
)
"""Identities where the argument is infinite; exp(-x^2) stands for what vanishes as fast."""


class Germs:
    """The arithmetic of germs with terms up to eps^length beyond the largest one.

    Its constants have so many digits. With ``typed``, a double is the decimal that is written so.
    """

    INFIX: dict[str, str] = {}  # noqa: RUF012 (the protocol's name)

    def __init__(
        self,
        length: int,
        digits: int = balls.DIGITS,
        typed: bool = False,  # noqa: FBT001, FBT002 (a cache's key)
    ) -> None:
        self.length = length
        self.typed = typed
        self.__name__ = f"germs of length {length} in {digits} digits"
        words: dict[str, Callable[..., Any]] = {
            "add": add,
            "sub": sub,
            "neg": negative,
            "mul": lambda x, y: mul(x, y, length),
            "div": lambda x, y: functions.quotient(x, y, length),
            "pow": lambda x, y: functions.power(x, y, length),
            "sqrt": lambda x: compose.raised(x, HALF, length),
            "exp": lambda x: functions.exponential(x, length),
            "log": lambda x: functions.logarithm(x, length),
            "abs": choices.absolute,
            "sign": lambda x: constant(x.sign()),
            "floor": lambda x: constant(choices.floor(x)),
            "round": lambda x: constant(choices.nearest(x)),
            "max": partial(choices.extreme, 1),
            "min": partial(choices.extreme, -1),
            "not": lambda x: constant(int(x.sign() == 0)),
            "sg": lambda x: x if x.constant else constant(x.standard()),
            "polygamma": lambda order, x: functions.polygamma(order, x, length),
            "gamma": lambda x: functions.gamma(x, length),
            "lgamma": lambda x: functions.lgamma(x, length),
            "digamma": lambda x: functions.polygamma(constant(0), x, length),
            "trigamma": lambda x: functions.polygamma(constant(1), x, length),
            "ties": choices.ties,
        }
        self.WORDS: dict[str, Callable[..., Any]] = {
            name: _once(name, function) for name, function in words.items()
        }
        self.WORDS |= {
            **{name: partial(choices.compared, name) for name in COMPARED},
            "where": choices.where,
            "and": partial(choices.joined, settles=False),
            "or": partial(choices.joined, settles=True),
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
        """Return a double exactly, or as it was typed."""
        finite = value - value == 0
        return constant(Fraction(repr(value)) if self.typed and finite else reals.double(value))

    def word(self, row: Row) -> Callable[..., Any]:
        """Return the function that computes an operation; what the user defines is unknown."""
        if row.own:
            return lambda *_: Unknown(f"{row.shown} has a rule of its own")
        return _once(row.name, partial(self._function, row))

    def _function(self, row: Row, *inputs: Germ) -> Any:  # noqa: ANN401
        """Return the germ of an operation that has no word of its own."""
        if row.name in EVERYWHERE:
            return self._by(EVERYWHERE[row.name], row, inputs)
        if row.name in FAR and any(x.infinite for x in inputs):
            return self._by(FAR[row.name], row, inputs)
        if row.expand is not None:
            return self._expanded(row.expand, row, inputs)
        try:
            return functions.regular(row, inputs, self.length)
        except Trouble as trouble:
            if inputs[0].constant or trouble.blurred:  # what digits leave open is no edge
                raise
            if row.name in AT_EDGES:
                return self._by(AT_EDGES[row.name], row, inputs)
            if row.domain is None or not isinstance(trouble, Pole):
                raise
            if self._by(row.domain, row, inputs).sign():
                raise Unbounded(f"a pole of {row.shown}", _limit(row, inputs)) from None
            raise Outside("outside of the domain") from None

    def _expanded(self, rule: Rule, row: Row, inputs: tuple[Germ, ...]) -> Any:  # noqa: ANN401
        """Return what an operation expands to, which may have a value where it has none."""
        if row.domain is not None and not self._by(row.domain, row, inputs).sign():
            raise Outside("outside of the domain")
        return self._by(rule, row, inputs)

    def _by(self, rule: Rule, row: Row, inputs: tuple[Germ, ...]) -> Any:  # noqa: ANN401
        return by_input(row, [rule], self)(None, *inputs)[0]


def _limit(row: Row, inputs: tuple[Germ, ...]) -> float | None:
    """Return the infinity that an operation is at a pole, as floats have it."""
    found: float = word_of(row, floats)(*[float(balls.real(x.standard())) for x in inputs])
    return found if isinf(found) else None


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
