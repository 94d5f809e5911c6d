"""Verdicts on second derivatives at kinks.

f = max(x*y, 0) has the slope y*(x*y > 0) by x, at y != 0 one on each side of x = 0: so on the line
x = 0 there is no slope whose derivative by y could be taken, and no mixed derivative at the origin.
"""

from __future__ import annotations

import pytest
from mpmath import mp, mpf

from backpropcli import api, trust
from tests.proof.judged import word_on

ORIGIN = {"x": 0, "y": 0}
NONE = [
    "max(x*y, 0)",
    "where(x*y >= 0, x*y, 0)",
    "where(x*y > 0, x*y, 0)",
    "relu(x*y)",
    "clip(x*y, 0, 1)",
    "abs(x*y)",
    "sign(x*y)*x*y",
    "abs(x*y) + x^2 + y^2",
]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("text", NONE)
def test_no_mixed_derivative_agrees_that_does_not_exist(text):
    found = api.hessian(text, ORIGIN)
    assert found.each[0].whole()[0][1] is None
    verdict = trust.verdict(found)
    assert verdict.verdict == "inconclusive"
    agree = {entry.label: entry.agree for entry in verdict.entries}
    assert agree["d2/dxdy"] is agree["d2/dydx"] is None


def test_there_is_no_slope_beside():
    """What the tests above rest on, by differences in 60 digits."""
    step, y = mpf(10) ** -30, mpf(10) ** -5
    with mp.workdps(60):
        slopes = [(max(side * step * y, 0) - 0) / (side * step) for side in (-1, 1)]
    assert slopes == [0, y]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("along", [{"x": 1, "y": 1}, {"x": 1}, {"y": 1}])
@pytest.mark.parametrize("text", ["abs(x*y)", "relu(x*y)"])
def test_no_product_with_them_agrees(text, along):
    assert word_on(api.hvp(text, ORIGIN, along=along)) == "inconclusive"


@pytest.mark.usefixtures("here")
def test_a_convention_that_is_asked_for_is_none_either():
    assert word_on(api.hessian("abs(x*y)", ORIGIN, at_kinks="right")) == "inconclusive"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "text", ["relu(x)^3*y", "x^2*abs(x)*y", "relu(x*y)^3", "max(x^2, 0)*y", "x*y + relu(x)^3"]
)
def test_what_has_second_derivatives_agrees(text):
    """A cube of a kink has two continuous derivatives, max(x^2, 0) is x^2."""
    assert word_on(api.hessian(text, ORIGIN)) == "agrees"
    assert word_on(api.hvp(text, ORIGIN, along={"x": 1, "y": 2})) == "agrees"


@pytest.mark.sampled(2)
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("power", "word"), [(1, "inconclusive"), (3, "agrees")])
def test_more_variables_than_are_looked_at(power, word):
    """Only the entries by the elements at 0 rest on the kink."""
    point = {"x": [0, 1, 2, 3], "y": [0, 2, 2, 3]}
    assert word_on(api.hessian(f"sum(relu(x*y)^{power})", point)) == word


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("diff(diff(abs(x*y), x), y)", "inconclusive"),
        ("diff(relu(x*y), x)", "inconclusive"),
        ("diff(diff(relu(x)^3*y, x), y)", "agrees"),
        ("diff(diff(x*abs(x), x)*y, y)", "agrees"),
    ],
)
def test_derivatives_in_a_program_at_such_a_kink(text, word):
    """The last is 2*abs(x)*y by y at x = 1: no kink there."""
    at = 1 if "x*abs" in text else 0
    assert word_on(api.gradient(text, x=at, y=0)) == word


@pytest.mark.usefixtures("here")
def test_what_differs_from_the_whole_is_shown_with_that():
    """f(x, 0) is x^2, whose second derivative is 2."""
    verdict = trust.verdict(api.hessian("max(x^2, y^2)", ORIGIN))
    assert verdict.verdict == "disagrees"
    assert "the chain rule gives 1 for d2/dx2" in verdict.reason
    assert "is 2; " in verdict.reason
    wrong = [entry for entry in verdict.entries if entry.agree is False]
    assert [(entry.label, entry.sympy) for entry in wrong] == [("d2/dx2", None), ("d2/dy2", None)]
