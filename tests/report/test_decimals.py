"""Numbers as people read them. Expected texts follow from the digits by hand."""

import pytest

from backpropcli.report.decimals import factor, told_apart
from tests.each import for_each

LONG = "1." + "2345678901" * 5


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("1.25", "1.5", ("1.25", "1.5")),
        ("0.1234567890123", "0.1234567890124", ("0.1234567890123", "0.1234567890124")),
        (LONG + "3", LONG + "4", ("1.234567…89013", "1.234567…89014")),
        (LONG + "3e-7", LONG + "4e-7", ("1.234567…89013e-7", "1.234567…89014e-7")),
    ],
)
def test_two_numbers_have_as_many_digits_as_it_takes_to_tell_them_apart(one, other, told):
    """Where that is a great many, what both have in the middle is left out."""
    assert told_apart(one, other) == told


@for_each(
    "value, text",
    [
        (2 + 2e-10, "2.0000000002"),
        (-1 - 1e-9, "-1.000000001"),
        (1.5 + 1e-8, "1.50000001"),
        (1 / 3, "0.333333"),
        (1e-5 / 3, "3.33333e-6"),
        (0.5, "0.5"),
    ],
)
def test_a_factor_is_told_from_a_short_number(value, text):
    assert factor(value) == text
