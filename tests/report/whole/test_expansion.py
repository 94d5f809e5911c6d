"""The series of the whole beside a point; expected ones are by hand, or in any textbook."""

from math import factorial

import pytest

import backpropcli as bp
from backpropcli.report.whole.expansion import expansion
from tests.each import for_each


def beside(text, order=4, **point):
    found = bp.taylor(text, by="x", order=order, **point)
    report = found.point
    return expansion(report.graph, report.top, report.bindings, report.wrt["x"], order)


def test_what_is_left_out_is_told_where_it_is_no_whole_power():
    """x^(5/2) is no O(h^3), and x^(7/2) is; neither has a value on the left."""
    [told] = bp.taylor("x^2.5", x=0, order=2).wholes()
    assert (told.side("right"), told.ends["right"]) == ([0, 0, 0], "a term in |h|^(5/2)")
    [told] = bp.taylor("x^3.5", x=0, order=2).wholes()
    assert (told.side("right"), told.ends["right"]) == ([0, 0, 0], "")
    assert told.ends["left"] == "it has no value there"
    assert beside("x^2*abs(x)", order=2, x=0).ends == {"left": "", "right": ""}


@pytest.mark.parametrize(
    ("text", "left", "right"),
    [
        ("x*abs(x)", [0, 0, -1, 0, 0], [0, 0, 1, 0, 0]),
        ("x + abs(x)^3", [0, 1, 0, -1, 0], [0, 1, 0, 1, 0]),
        ("softsign(x)", [0, 1, 1, 1, 1], [0, 1, -1, 1, -1]),
        ("elu(x)", [0, 1, 1 / 2, 1 / 6, 1 / 24], [0, 1, 0, 0, 0]),
        ("floor(x) + x", [-1, 1, 0, 0, 0], [0, 1, 0, 0, 0]),
    ],
)
def test_each_side_has_its_series(text, left, right):
    found = beside(text, x=0)
    assert not found.smooth
    assert found.side("left") == pytest.approx(left, abs=0)
    assert found.side("right") == pytest.approx(right, abs=0)
    assert found.ends == {"left": "", "right": ""}


@pytest.mark.parametrize(
    ("text", "expected", "continued"),
    [
        ("relu(x) - relu(-x)", [0, 1, 0, 0, 0], False),
        ("max(x^2, 0)", [0, 0, 1, 0, 0], False),
        ("sin(x)/x", [1, 0, -1 / 6, 0, 1 / 120], True),
        ("where(x == 0, 5, x)", [0, 1, 0, 0, 0], True),
    ],
)
def test_where_both_sides_agree_it_is_one_series(text, expected, continued):
    found = beside(text, x=0)
    assert found.smooth
    assert found.coefficients == pytest.approx(expected, rel=1e-15, abs=0)
    assert found.continued == continued


def test_a_long_series_of_a_quotient_is_that_of_the_books():
    found = beside("sin(x)/x", order=40, x=0)
    expected = [0 if n % 2 else (-1) ** (n // 2) / factorial(n + 1) for n in range(41)]
    assert found.coefficients == pytest.approx(expected, rel=1e-15, abs=0)


@for_each(
    "text, known, end",
    [
        ("1 + x^2.5", [1, 0, 0], "a term in |h|^(5/2)"),
        ("x + x^2*log(x)", [0, 1], "a term in |h|^2*log(|h|)"),
        ("1/x", [], "it grows without bound"),
        ("-1/x", [], "it falls without bound"),
        ("log(abs(x))", [], "it falls without bound"),
        ("log(-1 - x)", [], "it has no value there"),
        ("x*sin(1/x)", [], "not known (a value without bound)"),
    ],
)
def test_a_side_says_why_it_has_no_more(text, known, end):
    found = beside(text, x=0)
    assert found.side("right") == known
    assert found.ends["right"] == end


def test_the_series_of_the_whole_is_shown_and_in_the_plain_data():
    found = bp.taylor("x*abs(x)", x=0, order=2)
    assert found.as_dict()["whole_taylor"] == [
        {
            "taylor": [0, 0, {"left": -1, "right": 1}],
            "ends": {"left": "", "right": ""},
            "continued": False,
        }
    ]
    assert bp.taylor("x^2", x=1).as_dict()["whole_taylor"] is None


@pytest.mark.slow
@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("text", "x"), [("abs(sin(x)^2 + cos(x)^2 - 1)", 1), ("max(log(x^2), 2*log(x))", 3)]
)
def test_a_value_that_cancels_in_any_number_of_digits_is_not_known(text, x):
    """No number of terms tells that sin(x)^2 + cos(x)^2 is 1, or that log(x^2) is 2*log(x)."""
    for order in (0, 4):
        [told] = bp.taylor(text, by="x", order=order, x=x).wholes()
        assert told.side("left") == told.side("right") == []
        assert "not known" in told.ends["right"]
        assert not told.continued
