"""What a point is, by derivatives in many digits."""

from __future__ import annotations

import pytest

import backpropcli as bp
from backpropcli.report.decimals import number
from tests.each import for_each


@pytest.mark.parametrize(
    ("text", "point", "word", "eigenvalue"),
    [
        ("x^2 - 1e-17*y^2", {"x": 1, "y": 1}, "indefinite", "-2e-17"),
        ("exp(x + y)", {"x": 0.3, "y": 0.1}, "positive semidefinite", "0"),  # of x + y alone
        ("0.05*x^2 + 0.3*x*y + 0.45*y^2", {"x": 1, "y": 1}, "positive semidefinite", "0"),
        ("sin(x) + y^2", {"x": "pi", "y": 1}, "positive semidefinite", "0"),
        ("x + (sqrt(6) - sqrt(2)*sqrt(3))*x^2 + y^2", {"x": 1, "y": 1}, "undecided", "?"),
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


@for_each(
    "text, point, near",
    [
        ("x^2 + 1e-20*x", {"x": 0}, "a strict local minimum"),  # at -5e-21, where f < f(0)
        ("1e10*x^2 + 1e-7*x", {"x": 0}, "a strict local minimum"),  # at -5e-18
        ("-x^4 - x^2 + 1e-17*x", {"x": 0}, "a strict local maximum"),
        ("(x - 1)^2 + exp(-100)*x", {"x": 1}, "a strict local minimum"),  # at 1 - exp(-100)/2
        ("x*y + 1e-30*y", {"x": 0, "y": 0}, "a saddle point"),  # at (-1e-30, 0)
        ("(x - y)^2 + x^4 + 1e-17*y", {"x": 0, "y": 0}, ""),
        ("softplus(x) - x", {"x": 40}, ""),
    ],
)
def test_a_gradient_that_is_not_0_is_never_stationary(text, point, near):
    """By hand: the stationary point is another one, which stands beside each, or there is none."""
    found = bp.hessian(text, point).curvature
    assert not found.stationary
    more = f", but by second derivatives {near} is near" if near else ""
    assert found.kind == f"not a stationary point: the gradient is not 0{more}"


def test_a_point_is_stationary_as_it_is_typed():
    """By hand: 0.3 - 0.1 - 0.2 is 0 for decimals, and -2^-54 for the nearest doubles."""
    found = bp.hessian("(x - 0.1 - 0.2)^2", x=0.3)
    assert found.gradient["x"] != 0
    assert found.curvature.kind == "a strict local minimum"


def test_what_is_0_at_multiples_of_pi_is_known():
    """By hand: the Hessian of cos(pi*x)*cos(pi*y) at (1/2, 1/2) is ((0, pi^2), (pi^2, 0))."""
    found = bp.hessian("cos(pi*x)*cos(pi*y)", x=0.5, y=0.5).curvature
    assert found.kind == "a saddle point"
    assert [number(one) for one in found.eigenvalues] == ["-9.8696", "9.8696"]
    assert bp.hessian("sin(x)", x="pi/2").curvature.kind == "a strict local maximum"
    moving = bp.hessian("sin(pi*x)", x=1).curvature
    assert (moving.definite, moving.stationary) == ("zero", False)


def test_a_gradient_that_may_be_0_is_told_as_that():
    """By hand: sqrt(6) is sqrt(2)*sqrt(3), which digits alone do not prove."""
    found = bp.hessian("(x - sqrt(6) + sqrt(2)*sqrt(3))^2", x=0).curvature
    assert found.definite == "positive definite"
    assert found.kind == "not classified: whether the gradient is 0 is not known"


def test_a_kink_is_that_of_a_part():
    """By hand: sqrt(relu(x))^2 is 0 for all x < 0, and has no kink at -1; its root ends there."""
    found = bp.hessian("sqrt(relu(x))^2", x=-1).curvature
    assert found.kind == "not classified: a part has a kink here"
