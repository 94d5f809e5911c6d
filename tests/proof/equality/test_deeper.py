"""Sides of choices where what two functions differ by is far below them; differences by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

import backpropcli as bp
from backpropcli.language.parse import parse
from backpropcli.proof.equality.deeper import digits_of

pytestmark = pytest.mark.usefixtures("here")

# how the two differ, for x beyond the literal: x - 100; exp(-x)/2; log(1 + exp(-x)); erfc(x)
APART = [
    ("exp(x)", "exp(x) + relu(x - 100)"),
    ("cosh(x)", "where(x > 200, exp(x)/2, cosh(x))"),
    ("softplus(x)", "where(x > 500, x, softplus(x))"),
    ("erf(x)", "where(x > 30, 1, erf(x))"),
]


@pytest.mark.slow
@pytest.mark.sampled(5)
@pytest.mark.parametrize(("one", "other"), APART)
def test_a_difference_far_below_the_numbers_is_seen(one, other):
    assert bp.compare(one, other).verdict == "disagrees"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("exp(x) + relu(x - 100)", "exp(x)"),
        ("exp(x)", "exp(x) + where(x > 700, 1, 0)"),
        ("softplus(x)", "where(x > 300, 1, sigmoid(x))"),  # sigmoid is 1 - 1/(1 + exp(x))
    ],
)
def test_so_is_that_of_a_claim(text, claim):
    assert bp.check_claims(text, f"x = {claim}").verdict == "disagrees"


def test_so_is_that_of_a_rule_from_its_body():
    found = bp.check("def f(x)=exp(x); rule f(x)=out+where(x>700,1,0); f(a)", a=2)
    assert found.verdict == "inconclusive"


@pytest.mark.slow
def test_what_is_the_same_there_still_agrees():
    """max(x - 300, 0) is what relu is."""
    found = bp.compare("exp(x) + relu(x - 300)", "exp(x) + max(x - 300, 0)")
    assert found.verdict == "agrees"


@pytest.mark.slow
def test_where_digits_run_out_nothing_is_said_to_agree():
    """softplus(x) - x is about exp(-500,000) there, 10^-217,147."""
    found = bp.compare("softplus(x)", "where(x > 5e5, x, softplus(x))")
    assert found.verdict == "inconclusive"
    assert "digits apart" in found.reason


def test_terms_count_among_the_digits():
    """exp(-500) and exp(500) are 434.3 digits apart: 1000/log(10)."""
    graph = parse("softplus(x)").graph
    assert 434 < digits_of(graph, {"x": Fraction(500)}) < 440
    assert digits_of(graph, {"x": Fraction(1)}) < 5


def test_an_exponential_counts_once():
    """exp(-20000) is 10^-8685.9, and nothing in exp(x - 20000) is smaller."""
    graph = parse("exp(x - 20000)").graph
    assert 8685 < digits_of(graph, {"x": Fraction(1)}) < 8692


@pytest.mark.slow
@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("where(x > 15000, exp(x) + 1, 0)", "disagrees"),  # 1 of 10^6514
        ("where(x > 15000, exp(x/2)^2, 0)", "agrees"),
        ("where(x > 15000, exp(x) + exp(-x), 0)", "inconclusive"),  # 10^-6514 of 10^6514
    ],
)
def test_thousands_of_digits_tell(claim, verdict):
    """More digits than Python writes of an integer, unless it is told to."""
    found = bp.check_claims("where(x > 15000, exp(x), 1)", f"x = {claim}")
    assert found.verdict == verdict
