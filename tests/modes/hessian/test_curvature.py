"""What a point is, by derivatives in many digits."""

from __future__ import annotations

import pytest

import backpropcli as bp
from backpropcli.report.decimals import number


@pytest.mark.parametrize(
    ("text", "point", "word", "eigenvalue"),
    [
        ("x^2 - 1e-17*y^2", {"x": 1, "y": 1}, "indefinite", "-2e-17"),
        ("exp(x + y)", {"x": 0.3, "y": 0.1}, "positive semidefinite", "0"),  # of x + y alone
        ("0.05*x^2 + 0.3*x*y + 0.45*y^2", {"x": 1, "y": 1}, "positive semidefinite", "0"),
        ("sin(x) + y^2", {"x": "pi", "y": 1}, "undecided", "?"),
        ("x*tanh(x) + y", {"x": 500, "y": 1}, "negative semidefinite", "-2.02632e-431"),
    ],
)
def test_what_is_0_is_proved(text, point, word, eigenvalue):
    """Second derivatives of textbooks: tanh has 2*sech(x)^2*(1 - x*tanh(x)), by Abramowitz 4.5."""
    found = bp.hessian(text, point).curvature
    assert found.definite == word
    assert number(found.eigenvalues[0]) == eigenvalue


def test_a_slope_that_a_double_rounds_to_0_is_none():
    """By hand: the slope of x^100 at 1e-4 is 1e-394, and its only stationary point is 0."""
    found = bp.hessian("x^100", x=1e-4).curvature
    assert not found.stationary
    assert [number(one) for one in found.eigenvalues] == ["9.9e-389"]
