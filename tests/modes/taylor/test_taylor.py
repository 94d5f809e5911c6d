"""Series, beside published ones."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest
from mpmath import mp, mpf

import backpropcli as bp
from backpropcli.language.parse import parse
from backpropcli.modes.taylor import taylor
from tests.each import for_each


def bernoulli_of_tan(k):
    """Return the coefficient of x^k: (-1)^(n-1) 2^(2n) (2^(2n) - 1) B(2n)/(2n)! for k = 2n - 1."""
    if k % 2 == 0:
        return 0
    top = 2 ** (k + 1)
    numerator, denominator = mpmath.bernfrac(k + 1)
    sign = (-1) ** ((k - 1) // 2)
    return sign * top * (top - 1) * Fraction(numerator, denominator) / math.factorial(k + 1)


SERIES = {
    "exp(x)": lambda k: Fraction(1, math.factorial(k)),  # DLMF 4.2.19
    "sin(x)": lambda k: Fraction((0, 1, 0, -1)[k % 4], math.factorial(k)),  # 4.19.1
    "log(1 + x)": lambda k: Fraction((-1) ** (k - 1), k) if k else 0,  # 4.6.1
    "log1p(x)": lambda k: Fraction((-1) ** (k - 1), k) if k else 0,
    "1/(1 - x)": lambda _k: 1,  # 4.6.7 with a = -1
    "(1 - x)^-1": lambda _k: 1,
    "tan(x)": bernoulli_of_tan,  # 4.19.3
    "atan(x)": lambda k: Fraction((0, 1, 0, -1)[k % 4], k or 1),  # 4.24.3
}


@pytest.mark.slow
@for_each("text", SERIES)
def test_published_series(text):
    """The numbers are those of equations of the NIST Digital Library of Mathematical Functions."""
    order = 9
    series = taylor(parse(text), {"x": 0.0}, "x", order)
    expected = [float(SERIES[text](k)) for k in range(order + 1)]
    assert series.coefficients == pytest.approx(expected, rel=1e-13, abs=1e-15)


ELSEWHERE = {
    "exp(x)": mp.exp,
    "sin(x)": mp.sin,
    "log(1 + x)": lambda x: mp.log(1 + x),
    "1/(1 - x)": lambda x: 1 / (1 - x),
    "tan(x)": mp.tan,
    "atan(x)": mp.atan,
    "sqrt(2 + x)*erf(x)": lambda x: mp.sqrt(2 + x) * mp.erf(x),
    "x^3 - 2*x": lambda x: x**3 - 2 * x,
    "(2 + x)^x": lambda x: (2 + x) ** x,
    "softplus(2*x)": lambda x: mp.log(1 + mp.exp(2 * x)),
    "asinh(x)/(1 + x^2)": lambda x: mp.asinh(x) / (1 + x**2),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", ELSEWHERE)
@pytest.mark.parametrize("at", [-0.75, 0.5, 1.25])
def test_series_elsewhere(text, at):
    order = 6
    series = taylor(parse(text), {"x": at}, "x", order)
    with mp.workdps(60):
        expected = [float(one) for one in mp.taylor(ELSEWHERE[text], mpf(at), order)]
    assert series.coefficients == pytest.approx(expected, rel=1e-11, abs=1e-13)


def test_a_series_of_each_output_holds_the_other_variables_still():
    found = taylor(parse("u = x*y; outputs: u, sin(u)"), {"x": 0.0, "y": 2.0}, "x", 5)
    assert found.series == [
        [0, 2, 0, 0, 0, 0],
        pytest.approx([0, 2, 0, -8 / 6, 0, 32 / 120]),
    ]


def test_no_coefficient_follows_one_that_is_none():
    """The value is nan, and the other term alone would be 0, 0, 1."""
    found = taylor(parse("max(x, nan) + x^2"), {"x": 0.0}, order=2)
    assert all(map(math.isnan, found.coefficients))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x^2.5", "the local derivative of a part of the second derivative of x^2.5 is infinite"),
        ("sum(x^1.5*[1, 2])", "the local derivative of a part of the derivative of "),
    ],
)
def test_a_coefficient_that_is_not_finite_has_a_cause(backprop, text, told):
    """By hand: the second derivative of x^2.5 is 15/4 x^0.5, whose slope at 0 is infinite."""
    assert bp.taylor(text, x=0).broken.causes[0].reason.startswith(told)
    shown = " ".join(backprop("taylor", text, "x=0", "--no-check").split())
    assert f"a derivative is not finite: {told}" in shown
    assert bp.taylor("x^2.5", x=1).broken is None
