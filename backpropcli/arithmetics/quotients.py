"""Quotients of polynomials: an arithmetic in which a 0 is one wherever the expression has a value.

A letter is a variable, or what is no sum, product, quotient or whole power: log(x), or sqrt(x).
Numbers are exact. Of letters it is known that sqrt(u)^2 is u, that cos(u)^2 is 1 - sin(u)^2, and
that exp(u + v) is exp(u)*exp(v): so hyperbolic functions are quotients, too.
"""

from __future__ import annotations

from fractions import Fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from backpropcli.graph.row import Row

    Monomial = tuple[tuple[int, int], ...]
    Polynomial = dict[Monomial, Fraction]
    Factor = tuple[tuple[Monomial, Fraction], ...]

INFIX: dict[str, str] = {}
MOST_TERMS = 4_000
"""Of a polynomial: a product of more is not multiplied out."""
HIGHEST = 12
"""The highest power that is multiplied out."""
UNIT: Monomial = ()


class TooLong(Exception):  # noqa: N818 (no mistake: nothing is known)
    """A polynomial has too many terms, or a quotient has no value."""


class Quotient:
    """A polynomial ``over``, whose letters may have negative powers; ``under`` it, factors."""

    __slots__ = ("over", "under")

    def __init__(self, over: Polynomial, under: Mapping[Factor, int] | None = None) -> None:
        self.over = over
        self.under = dict(under or {}) if over else {}

    @property
    def key(self) -> object:
        """What is the same for quotients that are written alike."""
        return frozenset(self.over.items()), frozenset(self.under.items())

    def lifted(self, under: Mapping[Factor, int]) -> Polynomial:
        """Return what is over ``under``, which this is brought to."""
        over = self.over
        for factor, power in under.items():
            over = _times(over, _raised(dict(factor), power - self.under.get(factor, 0)))
        return over


ONE = Quotient({UNIT: Fraction(1)})
_letters: dict[object, int] = {}
_squares: dict[int, Quotient] = {}
"""What the squares of letters are, where that is known."""


def variable(name: str) -> Quotient:
    """Return the letter of a variable."""
    return _letter(("variable", name))


def _letter(key: object, power: int = 1) -> Quotient:
    return Quotient({((_letters.setdefault(key, len(_letters)), power),): Fraction(1)})


def _add(total: Polynomial, monomial: Monomial, number: Fraction) -> None:
    number += total.get(monomial, 0)
    if number:
        total[monomial] = number
    else:
        total.pop(monomial, None)


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    """Return a product. Raises TooLong."""
    if len(one) * len(other) > MOST_TERMS:
        raise TooLong
    found: Polynomial = {}
    for first, number in one.items():
        for second, another in other.items():
            _add(found, _joined(first, second), number * another)
    return found


def _joined(one: Monomial, other: Monomial) -> Monomial:
    powers = dict(one)
    for letter, power in other:
        powers[letter] = powers.get(letter, 0) + power
    return tuple(sorted((letter, power) for letter, power in powers.items() if power))


def _raised(base: Polynomial, exponent: int) -> Polynomial:
    found: Polynomial = {UNIT: Fraction(1)}
    for _ in range(exponent):
        found = _times(found, base)
    return found


def add(x: Quotient, y: Quotient) -> Quotient:
    """Return a sum. Raises TooLong."""
    under = {**x.under}
    for factor, power in y.under.items():
        under[factor] = max(power, under.get(factor, 0))
    total = {**x.lifted(under)}
    for monomial, number in y.lifted(under).items():
        _add(total, monomial, number)
    return Quotient(total, under)


def mul(x: Quotient, y: Quotient) -> Quotient:
    """Return a product. Raises TooLong."""
    under = {**x.under}
    for factor, power in y.under.items():
        under[factor] = under.get(factor, 0) + power
    return Quotient(_times(x.over, y.over), under)


def _inverse(x: Quotient) -> Quotient:
    """Return one over x. Raises TooLong where x is 0."""
    if not x.over:
        raise TooLong
    (first, number), *rest = sorted(x.over.items())
    turned = {tuple([(letter, -power) for letter, power in first]): 1 / number}
    over = Quotient(turned).over
    for factor, power in x.under.items():
        over = _times(over, _raised(dict(factor), power))
    under = {tuple(sorted(_times(x.over, turned).items())): 1} if rest else {}
    return Quotient(over, under)


def _power(x: Quotient, y: Quotient) -> Quotient:
    """Return a power: multiplied out where the exponent is whole, a letter where it is not."""
    if x.key == _exp(ONE).key:
        return _exp(y)
    exponent = _number(y)
    if exponent is None or abs(exponent) > HIGHEST:
        return _letter(("pow", x.key, y.key))
    whole = exponent.numerator // exponent.denominator
    found = ONE
    for _ in range(abs(whole)):
        found = mul(found, x if whole > 0 else _inverse(x))
    rest = exponent - whole
    if rest == Fraction(1, 2):
        return mul(found, _root(x))
    return mul(found, _letter(("pow", x.key, rest))) if rest else found


def _number(x: Quotient) -> Fraction | None:
    """Return the number that x is; None if it has letters."""
    if x.under or set(x.over) - {UNIT}:
        return None
    return x.over.get(UNIT, Fraction(0))


def _with_square(key: object, square: Quotient) -> Quotient:
    """Return a letter whose square is known: of letters that were there before it."""
    found = _letter(key)
    [[(letter, _)]] = found.over
    _squares[letter] = square
    return found


def _root(x: Quotient) -> Quotient:
    return _with_square(("sqrt", x.key), x)


def _abs(x: Quotient) -> Quotient:
    return _with_square(("abs", x.key), mul(x, x))


def _upright(x: Quotient) -> tuple[Quotient, bool]:
    """Return x or its opposite, whichever stands for both, and whether it is the opposite."""
    turned = bool(x.over) and x.over[min(x.over)] < 0
    return (neg(x) if turned else x), turned


def _cos(x: Quotient) -> Quotient:
    sine = _sin(x)
    return _with_square(("cos", _upright(x)[0].key), sub(ONE, mul(sine, sine)))


def _odd(name: str) -> Callable[[Quotient], Quotient]:
    """Return the word of a function whose sign is that of its input."""

    def found(x: Quotient) -> Quotient:
        one, turned = _upright(x)
        letter = _letter((name, one.key)) if x.over else Quotient({})
        return neg(letter) if turned else letter

    return found


_sin, _erf = _odd("sin"), _odd("erf")


def _exp(x: Quotient) -> Quotient:
    """Return a product of a letter for each term: exp(2*x - y) is exp(x)^2/exp(y)."""
    found = ONE
    for monomial, number in x.over.items():
        whole = number.numerator if number.denominator == 1 else 1 if number > 0 else -1
        term = Quotient({monomial: number / whole}, x.under)
        found = mul(found, _letter(("exp", term.key), whole))
    return found


def sub(x: Quotient, y: Quotient) -> Quotient:
    """Return a difference. Raises TooLong."""
    return add(x, neg(y))


def neg(x: Quotient) -> Quotient:
    """Return what x is the opposite of."""
    return Quotient({monomial: -number for monomial, number in x.over.items()}, x.under)


def _half(x: Quotient, sign: int) -> Quotient:
    """Return (exp(x) + exp(-x))/2, or with a minus."""
    sides = _exp(x), _exp(neg(x))
    found = add(sides[0], sides[1]) if sign > 0 else sub(*sides)
    return Quotient({monomial: number / 2 for monomial, number in found.over.items()}, found.under)


def constant(text: str) -> Quotient:
    """Return a number, of a rule's text, or the letter of a constant that ``text`` names."""
    try:
        value = Fraction(text)
    except ValueError:
        return _exp(ONE) if text == "e" else _letter(text)
    return Quotient({UNIT: value} if value else {})


def double(value: float) -> Quotient:
    """Return the decimal that a literal is written as."""
    return constant(repr(value))


def word(row: Row) -> Callable[..., Quotient] | None:
    """Return what makes a letter of an operation; None for one that the row expands."""
    if row.expand is not None and "where" not in row.expand.text:
        return None

    def found(*inputs: Quotient, arg: object = None) -> Quotient:
        return _letter((row.name, arg, *[one.key for one in inputs]))

    return found


WORDS: dict[str, Callable[..., Any]] = {
    "add": add,
    "sub": sub,
    "mul": mul,
    "neg": neg,
    "div": lambda x, y: mul(x, _inverse(y)),
    "pow": _power,
    "sqrt": _root,
    "abs": _abs,
    "sin": _sin,
    "cos": _cos,
    "tan": lambda x: mul(_sin(x), _inverse(_cos(x))),
    "erf": _erf,
    "erfc": lambda x: sub(ONE, _erf(x)),
    "exp": _exp,
    "expm1": lambda x: sub(_exp(x), ONE),
    "cosh": lambda x: _half(x, 1),
    "sinh": lambda x: _half(x, -1),
    "tanh": lambda x: mul(_half(x, -1), _inverse(_half(x, 1))),
    "name": lambda x: x,
}


def is_zero(x: Quotient) -> bool:
    """Say whether x is 0, as far as squares are known. Raises TooLong."""
    over = x.over
    while squared := [
        letter
        for monomial in over
        for letter, power in monomial
        if letter in _squares and power != 1
    ]:
        over = _reduced(over, max(squared))  # its square has letters before it alone
    return not over


def _reduced(over: Polynomial, letter: int) -> Polynomial:
    """Return a polynomial, but for a factor, in which a letter stands for its square no more."""
    square = _squares[letter]
    powers = [dict(monomial).get(letter, 0) // 2 for monomial in over]
    least, below = min(powers), ONE.lifted(square.under)
    most = max(powers) - least
    total: Polynomial = {}
    for (monomial, number), power in zip(over.items(), powers, strict=True):
        count = power - least
        part = _times(_raised(square.over, count), _raised(below, most - count))
        rest = _joined(monomial, ((letter, -2 * power),))
        for key, value in _times({rest: number}, part).items():
            _add(total, key, value)
    return total
