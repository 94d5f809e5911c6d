"""Rules that map adjoints, of arrays too large for many digits: a size may be written in them.

The derivative of mean(x^2) is 2*x/n, and that of sum(x*a) is a.
"""

from __future__ import annotations

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.proof.arrays.costs import SMALLER
from backpropcli.proof.arrays.functions import held_at_full_size
from tests.proof.arrays.test_verdict import _here, verdict  # noqa: F401 (a fixture)

X = np.linspace(0.5, 1.5, 2000)
MEAN = "def f(x) = mean(x^2); rule f(x) = adjoint*2*x/{}; f(x)^2"
DOT = "def f(x) = sum(x*arange(2000)); rule f(x) = adjoint*{}; f(x)^2"
CLIPPED = "def f(x) = sum(relu(x - 0.5)); rule f(x) = adjoint*{}; f(x)^2"


@pytest.mark.parametrize(
    "text",
    [MEAN.format(2000), DOT.format("arange(2000)"), CLIPPED.format("(x > 0.5)")],
)
def test_a_rule_with_a_size_in_it_is_right(text):
    found = verdict(text, SMALLER, x=X)
    assert found.ruled
    assert [one.kind for one in found.findings if one.kind != "kink"] == []
    assert [*held_at_full_size(bp.gradient(text, x=X))] == []


@pytest.mark.parametrize(
    "text",
    [MEAN.format(1000), MEAN.format(3), DOT.format("(arange(2000) + 1)"), DOT.format("x")],
)
def test_a_rule_that_differs_is_told_with_its_numbers(text):
    found = verdict(text, SMALLER, x=X)
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("the rule of f sends ")
    [facts] = found.rules
    assert facts["verdict"] == "differs"


def test_at_a_kink_of_its_body_a_rule_may_choose():
    """0.5 is in X: relu has slope 0 there by the table, and the rule takes 1."""
    [(finding, _)] = held_at_full_size(bp.gradient(CLIPPED.format("(x >= 0.5)"), x=X))
    assert finding.kind == "kink"
