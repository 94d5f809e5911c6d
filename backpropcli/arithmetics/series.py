"""Power series in one variable as an arithmetic, over floats, digits or other base numbers.

A series computes its coefficients when they are asked for, each from those below it, and the same
operation on the same series is the same series. So the differential equation that an operation's
row states, y' = sum of rule_i(x, y) * x_i', is its recurrence: sine and cosine, tanh and sech
define each other, and each new coefficient costs one sum of products. This is Griewank and
Walther, "Evaluating Derivatives", 2nd ed., chapter 13, with McIlroy's lazy streams ("Squinting at
power series", 1990). Coefficient 0 is always the base's own word.
"""

from __future__ import annotations

from functools import partial

from backpropcli.arithmetics.rules import weights, word
from backpropcli.graph.operations import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from backpropcli.arithmetics.protocol import Arithmetic
    from backpropcli.graph.row import Row


class Stream:
    """A series: the coefficients known so far, and how the next one is found.

    ``following`` returns coefficient number k, once all below it are known; None says that all
    further ones are 0, so that a series of one coefficient is a constant. ``made`` holds the
    series that operations made of this one.
    """

    __slots__ = ("following", "known", "made")

    def __init__(self, known: list[Any], following: Callable[[int], Any] | None = None) -> None:
        self.known = known
        self.following = following
        self.made: dict[tuple[object, ...], Stream] = {}

    @property
    def head(self) -> Any:  # noqa: ANN401 (base numbers)
        """The constant term."""
        return self.known[0]

    def __bool__(self) -> bool:
        """Say whether the constant term is not 0, as a choice asks."""
        return bool(self.head)

    @property
    def constant(self) -> bool:
        """True if the series has no other term than the constant one."""
        return self.following is None and len(self.known) == 1

    def reach(self, count: int) -> list[Any]:
        """Return the coefficients known, among them the first ``count`` that need not be 0."""
        known, following = self.known, self.following
        if following is not None:
            while len(known) < count:
                known.append(following(len(known)))
        return known


class Series:
    """The arithmetic of series over the arithmetic ``base``, by the rules of ``table``."""

    INFIX: dict[str, str] = {}  # noqa: RUF012 (the protocol's name)

    def __init__(self, base: Arithmetic, table: Mapping[str, Row] = TABLE) -> None:
        self.base = base
        slopes = table["relu"].convention
        self.__name__ = f"series over {base.__name__}{slopes and f', slopes {slopes}'}"
        self.zero = base.double(0.0)
        self.one = base.double(1.0)
        self.divide = word(TABLE["div"], base)
        self.above = word(TABLE["gt"], base)
        own: dict[str, Callable[..., Any]] = {"where": _where, "sg": _stopped}
        self.WORDS: dict[str, Callable[..., Any]] = {
            name: own.get(name) or self.word(row) for name, row in table.items()
        }

    def constant(self, text: str) -> Stream:
        """Return the constant that ``text`` names."""
        return Stream([self.base.constant(text)])

    def double(self, value: float) -> Stream:
        """Return a double exactly."""
        return Stream([self.base.double(value)])

    def variable(self, number: Any) -> Stream:  # noqa: ANN401
        """Return the series of the variable itself: ``number`` and a step of 1."""
        return Stream([number, self.one])

    def coefficients(self, series: Stream, count: int) -> list[Any]:
        """Return the first ``count`` coefficients."""
        found = series.reach(count)[:count]
        return found + [self.zero] * (count - len(found))

    def word(self, row: Row) -> Callable[..., Stream]:
        """Return the function that computes an operation; one of the user's goes by its rules."""
        return partial(self._operate, row)

    def _operate(self, row: Row, *inputs: Stream) -> Stream:
        """Return the series of an operation on ``inputs``."""
        moving = [series for series in inputs if not series.constant]
        if not moving:
            return Stream([self._head(row, inputs)])
        key = (row, *inputs)
        found = moving[0].made.get(key)
        if found is None:
            found = moving[0].made[key] = Stream([self._head(row, inputs)])
            if row.name in _RECURRENCES:
                found.following = _RECURRENCES[row.name](self, found, *inputs)
            if found.following is None:
                self._integrate(row, inputs, found)
        return found

    def _head(self, row: Row, inputs: tuple[Stream, ...]) -> Any:  # noqa: ANN401
        return word(row, self.base)(*[series.head for series in inputs])

    def _integrate(self, row: Row, inputs: tuple[Stream, ...], out: Stream) -> None:
        """Make ``out`` the integral of the sum of its partials times its inputs' slopes."""
        live = [at for at, series in enumerate(inputs) if not series.constant and row.live(at)]
        if not live:
            return
        parts: list[tuple[Stream, Stream]] = []

        def following(k: int) -> Any:  # noqa: ANN401
            if k == 1:  # not before: a derivative has a derivative has ...
                rules = weights(row, tuple(live), self)(out, *inputs)
                if row.variadic:
                    rules = [rules[index] for index in live]
                moving = [inputs[index] for index in live]
                parts.extend(
                    pair for pair in zip(rules, moving, strict=True) if pair[0] is not None
                )
            return self.integrated(parts, k)

        out.following = following

    def integrated(self, parts: list[tuple[Stream, Stream]], k: int) -> Any:  # noqa: ANN401
        """Return coefficient k of the integral of a sum of rules times slopes of series."""
        total = self.zero
        for rule, series in parts:
            slopes = series.reach(k + 1)
            rates = rule.reach(k)
            for j in range(max(1, k + 1 - len(rates)), min(k + 1, len(slopes))):
                total = total + j * slopes[j] * rates[k - j]
        return self.divide(total, self.base.double(float(k)))


def _where(condition: Stream, one: Stream, other: Stream) -> Stream:
    return one if condition.head else other


def _stopped(series: Stream) -> Stream:
    return Stream([series.head])


def _sum(signs: tuple[int, ...]) -> Callable[..., Any]:
    """Return the recurrence of a sum of series with these signs."""

    def recurrence(arithmetic: Series, _out: Stream, *inputs: Stream) -> Callable[[int], Any]:
        def following(k: int) -> Any:  # noqa: ANN401
            total = arithmetic.zero
            for sign, series in zip(signs, inputs, strict=True):
                known = series.reach(k + 1)
                if k < len(known):
                    total = total + known[k] if sign > 0 else total - known[k]
            return total

        return following

    return recurrence


def _mul(arithmetic: Series, _out: Stream, x: Stream, y: Stream) -> Callable[[int], Any]:
    def following(k: int) -> Any:  # noqa: ANN401
        one, other = x.reach(k + 1), y.reach(k + 1)
        total = arithmetic.zero
        for j in range(max(0, k + 1 - len(other)), min(k + 1, len(one))):
            total = total + one[j] * other[k - j]
        return total

    return following


def _div(arithmetic: Series, out: Stream, x: Stream, y: Stream) -> Callable[[int], Any]:
    def following(k: int) -> Any:  # noqa: ANN401
        above, below = x.reach(k + 1), y.reach(k + 1)
        total = above[k] if k < len(above) else arithmetic.zero
        for j in range(1, min(k + 1, len(below))):
            total = total - below[j] * out.known[k - j]
        return arithmetic.divide(total, below[0])

    return following


def _pow(arithmetic: Series, out: Stream, x: Stream, y: Stream) -> Callable[[int], Any] | None:
    """Return the recurrence of a power, from x*out' = y*out*x'; None where the rules must do.

    That is so at x = 0, and where the exponent moves (unless x > 0: out' = out*(y*log(x))').
    """
    if not x.head:
        return None
    if not y.constant:
        above = arithmetic.above(x.head, arithmetic.zero)
        return _exponential(arithmetic, out, x, y) if above else None

    def following(k: int) -> Any:  # noqa: ANN401
        known = x.reach(k + 1)
        total = arithmetic.zero
        for j in range(1, min(k + 1, len(known))):
            total = total + (y.head * j - (k - j)) * known[j] * out.known[k - j]
        return arithmetic.divide(total, k * known[0])

    return following


def _exponential(arithmetic: Series, out: Stream, x: Stream, y: Stream) -> Callable[[int], Any]:
    exponent = arithmetic.WORDS["mul"](y, arithmetic.WORDS["log"](x))
    return partial(arithmetic.integrated, [(out, exponent)])


_RECURRENCES: dict[str, Callable[..., Callable[[int], Any] | None]] = {
    "add": _sum((1, 1)),
    "sub": _sum((1, -1)),
    "neg": _sum((-1,)),
    "mul": _mul,
    "div": _div,
    "pow": _pow,
}
"""How the next coefficient follows; every other operation's comes from its row's rules."""
