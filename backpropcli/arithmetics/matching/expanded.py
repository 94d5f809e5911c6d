"""Sums and products as one fraction whose brackets are multiplied out: what cancels is left out."""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.matching.unordered import MOST_POWER, PRODUCT, SUM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.arithmetics.matching.unordered import Unordered

    Over = tuple[int, Mapping[int, int]]

MOST_TERMS = 40
"""Terms of a numerator that are looked at."""


class TooLongError(Exception):
    """A numerator has too many terms."""


def expanded(forms: Unordered, form: int) -> int | None:
    """Return a form as one fraction, multiplied out above the line; None if that is too long."""
    found: dict[int, Over] = {}
    try:
        for one in _inside(forms, form):
            found[one] = _over(forms, one, found)
    except TooLongError:
        return None
    above, below = found[form]
    return forms.times(above, forms.product_of(Fraction(1), below), -1)


def _inside(forms: Unordered, form: int) -> Iterator[int]:
    """Yield the sums and products that a form is made of, and their parts, inner ones first."""
    needed, todo = {form}, [form]
    while todo:
        one = todo.pop()
        if forms.kinds[one][0] in {SUM, PRODUCT}:
            parts = set(forms.inside(one)) - needed
            needed |= parts
            todo += parts
    yield from sorted(needed)  # a form is made after its parts


def _over(forms: Unordered, form: int, known: Mapping[int, Over]) -> Over:
    """Return what is above the line of a form, a sum, and what is below it, with its powers."""
    kind, parts = forms.kinds[form]
    if kind == SUM:
        return _sum(forms, [(known[term], factor) for term, factor in parts])
    if kind != PRODUCT:
        return form, {}
    above, below = forms.one, dict[int, int]()
    for factor, power in parts:
        over, under = known[factor]
        if power < 0:
            number, factors = forms.factors(over)
            if not number:
                raise TooLongError  # a division by 0 stays as it is
            over = forms.product_of(1 / number, under)
            under = factors
        above = _times(forms, above, _power(forms, over, abs(power)))
        for one, own in under.items():
            below[one] = below.get(one, 0) + own * abs(power)
    return above, below


def _sum(forms: Unordered, terms: list[tuple[Over, Fraction]]) -> Over:
    """Return the sum of fractions over their common denominator."""
    common: dict[int, int] = {}
    for (_, below), _ in terms:
        for one, power in below.items():
            common[one] = max(common.get(one, 0), power)
    total = forms.zero
    for (above, below), factor in terms:
        part = above
        for one, power in common.items():
            part = _times(forms, part, _power(forms, one, power - below.get(one, 0)))
        total = forms.plus(total, part, factor)
    return total, common


def _power(forms: Unordered, form: int, power: int) -> int:
    if power > MOST_POWER:
        raise TooLongError
    found = forms.one
    for _ in range(power):
        found = _times(forms, found, form)
    return found


def _times(forms: Unordered, one: int, other: int) -> int:
    """Return the product of two sums, multiplied out."""
    total = forms.zero
    for term, factor in forms.terms(one).items():
        for more, own in forms.terms(other).items():
            total = forms.plus(total, forms.times(term, more, 1), factor * own)
    if len(forms.terms(total)) > MOST_TERMS:
        raise TooLongError
    return total
