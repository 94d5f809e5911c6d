"""Numbers for people: held against Python's own decimals and fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpropcli.render.layout.numbers import (
    EQUAL,
    NEARLY,
    adds_up,
    compute,
    pointed,
    printed,
    relation,
    total,
)
from backpropcli.report.decimals import number, place, typed
from tests.each import for_each

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
DECIMALS = st.decimals(-9999, 9999, places=3, allow_nan=False).map(
    lambda found: number(float(found), 9)
)


@for_each(
    "value, text",
    [
        (0.0, "0"),
        (-0.0, "0"),
        (4.0, "4"),
        (-1234567.0, "-1234567"),
        (2.0**49, "562949953421312"),
        (1881676371789155.0, "1.88168e15"),
        (2.0**54, "1.80144e16"),
        (1e20, "1e20"),
        (1234567.5, "1.23457e6"),
        (123456.5, "123456"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333"),
        (0.00012345678, "0.000123457"),
        (0.000099, "9.9e-5"),
        (1e-310, "1e-310"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_a_computed_number_is_as_a_person_writes_it(value, text):
    assert number(value) == text


@for_each(
    "value, text",
    [
        (1234567.0, "1234567"),
        (0.1, "0.1"),
        (2.345678912, "2.345678912"),
        (-0.0, "0"),
        (1e-7, "1e-7"),
    ],
)
def test_a_number_that_was_typed_is_shown_as_typed(value, text):
    assert typed(value) == text


@for_each(
    "value, text, sign",
    [
        (123456.7, "123457", NEARLY),
        (0.9999999, "1", NEARLY),
        (1 / 3, "0.333333", NEARLY),
        (0.1 + 0.2, "0.3", EQUAL),
        (4.0, "4", EQUAL),
        (float("inf"), "inf", EQUAL),
        (0.0, "0", EQUAL),
        (-0.0, "0", EQUAL),
    ],
)
def test_a_value_is_equal_to_what_is_printed_or_nearly_so(value, text, sign):
    assert number(value) == text
    assert printed(value, text) == sign


@given(FLOATS)
def test_what_was_typed_is_kept_whole(value):
    assert float(typed(value)) == value


@given(FLOATS.filter(bool), st.integers(1, 17))
def test_a_computed_number_is_right_to_its_digits(value, digits):
    shown = Decimal(number(value, digits))
    assert abs(shown - Decimal(value)) <= abs(Decimal(value)) * Decimal(10) ** (1 - digits) / 2


@given(st.lists(st.one_of(FLOATS.map(number), st.sampled_from(["constant", "", "nan", "·"]))))
def test_decimal_points_are_below_each_other(texts):
    cells = pointed(texts)
    assert [cell.rstrip() for cell in cells] == texts
    width = max(map(len, cells), default=0)
    numbers = [cell.rjust(width) for cell in cells if cell[-1:].isdecimal() or cell[-1:] == " "]
    places = {_point(cell) for cell in numbers if "nan" not in cell}
    assert len(places) <= 1


def _point(cell):
    """Return where a number's point is, or its exponent, or its end."""
    bare = cell.rstrip()
    return min(at for at in (bare.find("."), bare.find("e"), len(bare)) if at >= 0)


@given(st.lists(DECIMALS, min_size=1), st.booleans())
def test_a_sum_has_a_sign_of_its_own_where_it_does_not_hold(terms, off):
    exact = sum(map(Fraction, terms)) + Fraction(off, 1000)
    told = number(float(exact), 15)
    assert adds_up(told, terms) == (sum(map(Fraction, terms)) == Fraction(told))


def test_a_sum_names_its_terms():
    assert total(6.0, [3.0, 3.0], 6, 12) == " = 3 + 3"
    assert total(2.0, [3.0, -1.0], 6, 12) == " = 3 - 1"
    assert total(-4.0, [-3.0, -1.0], 6, 12) == " = -3 - 1"
    assert total(1.0, [1 / 3, 2 / 3], 6, 12) == " = 0.333333 + 0.666667"
    assert total(2 / 3, [1 / 3, 1 / 3], 6, 12) == " ≈ 0.333333 + 0.333333"
    assert total(3.0, [3.0], 6, 12) == ""
    assert total(4.0, [1.0, 1.0, 1.0, 1.0], 6, 2) == " = 1 + 1 + … (2 more)"


FRACTIONS = st.fractions(-50, 50, max_denominator=50)


@pytest.mark.slow
@given(FRACTIONS, FRACTIONS)
def test_arithmetic_is_that_of_fractions(x, y):
    pairs = [found.as_integer_ratio() for found in (x, y)]
    made = {name: compute(name, pairs) for name in ("add", "sub", "mul", "div")}
    expected = {"add": x + y, "sub": x - y, "mul": x * y, "div": x / y if y else None}
    assert {name: found and Fraction(*found) for name, found in made.items()} == expected
    assert Fraction(*compute("neg", pairs[:1])) == -x
    assert Fraction(*compute("pow", [pairs[0], (3, 1)])) == x**3
    assert (
        compute("pow", [pairs[0], (-2, 1)]) is None
        or Fraction(*compute("pow", [pairs[0], (-2, 1)])) == x**-2
    )
    assert compute("pow", [pairs[0], (1, 2)]) is None
    assert compute("sin", pairs[:1]) is None
    assert compute("add", [pairs[0], None]) is None


def test_the_sign_before_a_result():
    assert relation(0.3, "0.3", (3, 10), whole=True) == EQUAL
    assert relation(1 / 3, "0.333333", (1, 3), whole=True) == NEARLY
    assert relation(1.0, "1", None, whole=True) == EQUAL  # as exp(0)
    assert relation(2.117000016612675, "2.117", None, whole=True) == NEARLY  # as exp(0.75)
    assert relation(1.0, "1", None, whole=False) == NEARLY
    assert relation(float("nan"), "nan", None, whole=False) == EQUAL


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0000001, "1.0000001"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1 / 3, "0.333333"),
        (2.5, "2.5"),
    ],
)
def test_a_coordinate_is_no_rounder_than_it_is(value, text):
    """Six digits of 1.0000001 are those of 1, at which asin has a value."""
    assert place(value) == text


def test_a_print_of_fewer_digits_than_a_double_holds_is_near():
    """A double has 15 digits of any decimal: 0.1 + 0.2 is 0.3 in those, and 0.3 + 4e-16 too."""
    assert printed(0.1 + 0.2, "0.3") == EQUAL
    assert printed(0.1234567890123, "0.123456789012") == NEARLY
    assert printed(0.123456789012346, "0.12345678901235") == NEARLY
