"""Germs: sums of c * eps^q * log(eps)^m, with eps a positive infinitesimal and q a fraction.

A germ carries the exponent up to which it is known: all its terms with q < ``order`` are there,
and what is not there is 0. So a germ without terms is 0 only where its order is infinite. The
terms form the field of Levi-Civita ("Sugli infiniti ed infinitesimi attuali", 1892), with logs.
"""

from __future__ import annotations

from math import inf

from mpmath import mpf

from backpropcli.arithmetics.germs import balls
from backpropcli.arithmetics.germs.balls import shorter
from backpropcli.arithmetics.germs.of_balls import quotient
from backpropcli.arithmetics.germs.trouble import Infinite, Outside, Short, Trouble, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction
    from typing import Any

    Exponent = Fraction | int
    Terms = dict[tuple[Exponent, int], Any]

FLAT = 10**6
"""The order up to which what vanishes faster than any power, as exp(-1/eps) does, is 0."""
PRODUCTS = 2_000
"""Products of terms that a product of germs may take."""


class Germ:
    """Terms by (q, m), and the order up to which they are all.

    ``made`` holds what operations made of this germ: the same operation on the same germs is the
    same germ, so that equal things are known to be equal.
    """

    __slots__ = ("made", "order", "terms")

    def __init__(self, terms: Terms, order: Exponent | float = inf) -> None:
        self.terms = {
            power: number
            for power, number in terms.items()
            if power[0] < order and (isinstance(number, balls.Ball) or number)
        }
        self.order = order
        self.made: dict[tuple[object, ...], Any] = {}

    @property
    def low(self) -> Exponent | float:
        """The exponent below which there is nothing."""
        return min([q for q, _ in self.terms], default=self.order)

    @property
    def zero(self) -> bool:
        """True if it is exactly 0."""
        return not self.terms and self.order == inf

    @property
    def constant(self) -> bool:
        """True if it does not move at all."""
        return self.order == inf and self.terms.keys() <= {(0, 0)}

    def leading(self) -> tuple[Exponent, int, Any]:
        """Return q, m and the number of the largest term.

        Raises Unknown where it may be 0, and for a germ without terms.
        """
        if not self.terms:
            raise Short("the leading term is beyond what is known")
        q, m = min(self.terms, key=lambda power: (power[0], -power[1]))
        number = self.terms[q, m]
        balls.sign(number)
        return q, m, number

    def sign(self) -> int:
        """Return -1, 0 or 1 as the germ is below, exactly or above 0. Raises Unknown."""
        if self.zero:
            return 0
        _, m, number = self.leading()
        return balls.sign(number) * (-1 if m % 2 else 1)

    @property
    def infinite(self) -> bool:
        """True if there are terms that grow without bound."""
        return any(q < 0 or (q == 0 and m > 0) for q, m in self.terms)

    def standard(self) -> Any:  # noqa: ANN401 (a number)
        """Return the limit for eps to 0. Raises Infinite, or Unknown."""
        if self.infinite:
            self.leading()
            raise Infinite("a value without bound")
        if self.order <= 0:
            raise Short("the limit is beyond what is known")
        return self.terms.get((0, 0), 0)

    def rest(self) -> Germ:
        """Return the germ without its constant term."""
        return Germ({power: n for power, n in self.terms.items() if power != (0, 0)}, self.order)


def constant(number: Any) -> Any:  # noqa: ANN401
    """Return a number as a germ; Trouble stays what it is."""
    return number if isinstance(number, Trouble) else Germ({(0, 0): number})


def shifted(number: Any, slope: Exponent) -> Germ:  # noqa: ANN401
    """Return ``number`` and a step of eps times ``slope``."""
    return Germ({(0, 0): number, (1, 0): slope})


ONE = Germ({(0, 0): 1})
BEYOND, BELOW = (Germ({(-FLAT, 0): balls.Ball(mpf(sign), mpf("0.5"))}) for sign in (1, -1))
"""Plus and minus infinity by name: larger than all that grows as a power does. What any operation
makes of them is one of them, a number, or nothing: inf - inf, 0*inf and inf/inf have no value."""


def named(x: Germ) -> int:
    """Return 1 for infinity by name, -1 for minus that, 0 for other germs."""
    return 1 if x is BEYOND else -1 if x is BELOW else 0


def beyond(sign: int) -> Germ:
    """Return infinity by name, with a sign. Raises Outside for 0 times that."""
    if not sign:
        raise Outside("0 times infinity")
    return BEYOND if sign > 0 else BELOW


def add(x: Germ, y: Germ) -> Germ:
    """Return the sum of two germs."""
    if one := named(x) or named(y):
        if one == -named(y):
            raise Outside("infinity minus infinity")
        return beyond(one)
    order = min(x.order, y.order)
    terms = dict(x.terms)
    for power, number in y.terms.items():
        before = terms.get(power)
        terms[power] = number if before is None else shorter(before + number)
    return Germ(terms, order)


def scaled(x: Germ, factor: Any, power: Exponent = 0) -> Germ:  # noqa: ANN401
    """Return a germ times a number, exact and not 0 or a ball, and a power of eps."""
    terms = {(q + power, m): shorter(number * factor) for (q, m), number in x.terms.items()}
    return Germ(terms, x.order + power)


def negative(x: Germ) -> Germ:
    """Return minus a germ."""
    return beyond(-named(x)) if named(x) else scaled(x, -1)


def sub(x: Germ, y: Germ) -> Germ:
    """Return the difference of two germs: exactly 0 for a germ and itself."""
    return Germ({}) if x is y and not named(x) else add(x, negative(y))


def order_of(x: Germ, y: Germ) -> int:
    """Return -1, 0 or 1 as ``x`` is below, equal to or above ``y``. Raises Unknown."""
    return 0 if x is y else sub(x, y).sign()


def mul(x: Germ, y: Germ, length: int) -> Germ:
    """Return the product, with terms up to ``length`` beyond the largest."""
    if named(x) or named(y):
        return beyond(x.sign() * y.sign())
    if x.zero or y.zero:
        return Germ({})
    if len(x.terms) * len(y.terms) > PRODUCTS:
        raise Unknown("a germ with too many terms")
    order = min(x.low + y.order, y.low + x.order)
    most = x.low + y.low + length
    terms: Terms = {}
    for (q, m), number in x.terms.items():
        for (r, n), other in y.terms.items():
            power = (q + r, m + n)
            if power[0] >= most:
                order = min(order, most)
            elif power[0] < order:
                part = number * other
                terms[power] = shorter(terms[power] + part) if power in terms else part
    return Germ(terms, order)


def split(x: Germ) -> tuple[Exponent, int, Any, Germ]:
    """Return q, m, c and the infinitesimal u of x = c * eps^q * log(eps)^m * (1 + u)."""
    q, m, number = x.leading()
    terms = {
        (r - q, n - m): quotient(other, number)
        for (r, n), other in x.terms.items()
        if (r, n) != (q, m)
    }
    if any(n < 0 for _, n in terms):
        raise Unknown("a power of a logarithm")
    return q, m, number, Germ(terms, x.order - q)
