"""Numbers beside a rule of the program: the derivative of x^3 at 2 is 12, that of x@x is 2*x."""

import numpy as np
import pytest

import backpropcli as bp

WRONG = "def f(x) = x^3; rule f(x) = 3*x; f(x)"
RIGHT = "def f(x) = x^3; rule f(x) = 3*x^2; f(x)"


@pytest.mark.parametrize("number", [12.0, 6.0])
def test_a_rule_that_is_wrong_leaves_numbers_open(number):
    """What the derivative is, and what the rule says."""
    found = bp.check_against(WRONG, {"dx": number}, x=2)
    assert found.verdict == "inconclusive"
    assert "but its body gives" in found.rules[0]
    assert not found.answers[0].diagnosis


@pytest.mark.parametrize(("number", "verdict"), [(12.0, "agrees"), (6.0, "disagrees")])
def test_beside_a_rule_that_is_right_numbers_are_held(number, verdict):
    found = bp.check_against(RIGHT, {"dx": number}, x=2)
    assert (found.verdict, found.rules) == (verdict, [])


def test_so_do_rules_of_arrays():
    x = np.array([1.0, 2.0])
    for rule, verdict in (("adjoint*2*x", "agrees"), ("adjoint*3*x", "inconclusive")):
        text = f"def f(x) = x@x; rule f(x) = {rule}; f(x)"
        found = bp.check_against(text, {"dx": 2 * x}, {"x": x})
        assert found.verdict == verdict, found.rules


def test_so_do_numbers_beside_claims():
    found = bp.check_claims(WRONG, "x = 6", against={"dx": 12.0}, x=2)
    assert found.verdict == "inconclusive"
    assert len(found.rules) == 1
