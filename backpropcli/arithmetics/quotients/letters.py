"""Letters of polynomials, and the functions that they stand for, with what is known of them.

Of letters it is known that sqrt(u)^2 is u, that cos(u)^2 is 1 - sin(u)^2, and that exp(u + v) is
exp(u)*exp(v): so hyperbolic functions are quotients, too.
"""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.quotients import quotient
from backpropcli.arithmetics.quotients.quotient import ONE, UNIT, Quotient, add, mul, neg, sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.arithmetics.quotients.quotient import Polynomial

HIGHEST = 12
"""The highest power that is multiplied out."""
HALF = Quotient({UNIT: Fraction(1, 2)})
_letters: dict[object, int] = {}
_squares: dict[int, Quotient] = {}
"""What the squares of letters are, where that is known."""


def variable(name: str) -> Quotient:
    """Return the letter of a variable."""
    return letter_of(("variable", name))


def letter_of(key: object, power: int = 1) -> Quotient:
    """Return a power of the letter that stands for what has a key."""
    return Quotient({((_letters.setdefault(key, len(_letters)), power),): Fraction(1)})


def power(x: Quotient, y: Quotient) -> Quotient:
    """Return a power: multiplied out where the exponent is whole, a letter where it is not."""
    if x.key == exp(ONE).key:
        return exp(y)
    exponent = quotient.number_of(y)
    if exponent is None or abs(exponent) > HIGHEST:
        return letter_of(("pow", x.key, y.key))
    whole = exponent.numerator // exponent.denominator
    found = ONE
    for _ in range(abs(whole)):
        found = mul(found, x if whole > 0 else quotient.inverse(x))
    rest = exponent - whole
    if rest == Fraction(1, 2):
        return mul(found, root(x))
    return mul(found, letter_of(("pow", x.key, rest))) if rest else found


def _with_square(key: object, square: Quotient) -> Quotient:
    """Return a letter whose square is known: of letters that were there before it."""
    found = letter_of(key)
    [[(letter, _)]] = found.over
    _squares[letter] = square
    return found


def root(x: Quotient) -> Quotient:
    """Return the letter of a square root."""
    return _with_square(("sqrt", x.key), x)


def absolute(x: Quotient) -> Quotient:
    """Return the letter of an absolute value."""
    return _with_square(("abs", x.key), mul(x, x))


def _upright(x: Quotient) -> tuple[Quotient, bool]:
    """Return x or its opposite, whichever stands for both, and whether it is the opposite."""
    turned = bool(x.over) and x.over[min(x.over)] < 0
    return (neg(x) if turned else x), turned


def cos(x: Quotient) -> Quotient:
    """Return the letter of a cosine."""
    sine = sin(x)
    return _with_square(("cos", _upright(x)[0].key), sub(ONE, mul(sine, sine)))


def _odd(name: str) -> Callable[[Quotient], Quotient]:
    """Return the word of a function whose sign is that of its input."""

    def found(x: Quotient) -> Quotient:
        one, turned = _upright(x)
        letter = letter_of((name, one.key)) if x.over else Quotient({})
        return neg(letter) if turned else letter

    return found


sin, erf = _odd("sin"), _odd("erf")


def exp(x: Quotient) -> Quotient:
    """Return a product of powers of letters, one for each term of x."""
    found = ONE
    for monomial, number in x.over.items():
        whole = number.numerator if number.denominator == 1 else 1 if number > 0 else -1
        term = Quotient({monomial: number / whole}, x.under)
        found = mul(found, letter_of(("exp", term.key), whole))
    return found


def half(x: Quotient, sign: int) -> Quotient:
    """Return (exp(x) + exp(-x))/2, or with a minus."""
    sides = exp(x), exp(neg(x))
    return mul(HALF, add(*sides) if sign > 0 else sub(*sides))


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
        above = quotient.raised(square.over, count)
        part = quotient.times(above, quotient.raised(below, most - count))
        rest = quotient.joined(monomial, ((letter, -2 * power),))
        for key, value in quotient.times({rest: number}, part).items():
            quotient.add_to(total, key, value)
    return total
