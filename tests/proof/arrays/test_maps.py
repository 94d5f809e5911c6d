"""Rules that map adjoints: wrong ones are found on any side of their choices, right ones agree."""

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.render.verdicts.verdict import accuracy

pytestmark = pytest.mark.usefixtures("here")

SQUARES = "def f(x) = sum(x^2); rule f(x) = adjoint*2*x*where({}, 2, 1); f(x)"


RANKS = """
def f(x) = sort(x)
rule f(x) = where(x[:, None] == out, 1, 0)@adjoint
sum(f(x)*[1, 2, 3])"""
CLIPPED = """
def f(x) = x/max(norm(x), 1)
rule f(x) = where(norm(x) > 1, (adjoint - out*sum(out*adjoint))/norm(x), adjoint)
sum(f(x)*[1, 2])"""
CLASSES = """
def f(z, t) = cross_entropy(z, t)
rule f(z, t) = adjoint*(softmax(z) - one_hot(t, 3)), 0
f(x, 1)"""


def verdict(text, **point):
    return bp.verdict(bp.gradient(text, **point))


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("text", "x"),
    [
        (SQUARES.format("sum(x)^2 > 1e6"), [1, 2, 3, 4]),
        (SQUARES.format("det(reshape(x, (2, 2))) > 1e4"), [1, 2, 3, 4]),
        (SQUARES.format("argmax(x) == 0"), [1, 2, 3, 4]),
        (SQUARES.format("norm(x) == 0 or x[0] < -1000"), [1, 2, 3, 4]),
        ("def f(x) = sort(x); rule f(x) = adjoint; sum(f(x)*[1, 2, 3])", [1, 2, 3]),
        ("def f(x) = x^2; rule f(x) = adjoint*2*x*where(x > 1e6, 2, 1); f(x)", 1),
        ("def f(x) = relu(x); rule f(x) = adjoint; sum(f(x))", [1, 2]),
        ("def f(x) = x; rule f(x) = clip(adjoint, -5, 5); sum(f(x))", [1, 2]),
        ("def f(x, y) = x*y; rule f(x, y) = adjoint*y, adjoint*abs(x); sum(f(x, 2*x))", [1, 2]),
    ],
)
def test_a_rule_that_is_wrong_elsewhere_is_found(text, x):
    """By hand: each is the derivative of its body at x, and not where its choice turns."""
    found = verdict(text, x=x)
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("the rule of f sends ")
    assert " at x" in found.reason
    [rule] = found.rules
    assert rule["verdict"] == "differs"
    assert set(rule["at"]) >= ({"x"} if np.ndim(x) == 0 else {"x[0]", "x[1]"})


def test_the_point_where_a_rule_differs_is_one_where_it_does():
    """By hand: beyond sum(x)^2 > 1e6 the rule is twice the derivative."""
    [rule] = verdict(SQUARES.format("sum(x)^2 > 1e6"), x=[1, 2]).rules
    assert sum(float(number) for number in rule["at"].values()) ** 2 > 1e6
    assert float(rule["rule"]) == pytest.approx(2 * float(rule["body"]), rel=1e-5)


def test_a_side_that_no_point_reaches_is_told():
    found = verdict(SQUARES.format("sum(x) == 123.456"), x=[1, 2, 3, 4])
    assert found.verdict == "inconclusive"
    side = "no point that was tried reaches the side where sum(x) == 123.456"
    assert found.reason == f"the rule of f for d/dx is not proved: {side}"


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("text", "x"),
    [
        (SQUARES.format("sum(x^2) < 0"), [1, 2]),  # nowhere
        ("def f(x) = max(x); rule f(x) = adjoint*(x == max(x)); f(x)", [3, 2, 1]),
        ("def f(x) = clip(x, 0, 6); rule f(x) = adjoint*(x > 0 and x < 6); sum(f(x))", [0.5, 1]),
        ("def f(x) = norm(x); rule f(x) = adjoint*where(out == 0, 0, x/out); f(x)", [0.5, 1]),
        ("def f(x) = log(x); rule f(x) = adjoint/where(x > 0, x, 1); sum(f(x))", [1, 2]),
        ("def f(x) = logdet(x); rule f(x) = adjoint*inv(x).T; f(x)", [[2, 1], [0, 3]]),
        (RANKS, [1, 3, 2]),
        (CLIPPED, [0.1, 2]),
        (CLASSES, [0.5, 1, 2]),
        ("def f(x, i) = x[i]; rule f(x, i) = adjoint*one_hot(i, 3), 0; f(x, 1)", [0.5, 1, 2]),
    ],
)
def test_a_rule_that_is_right_everywhere_agrees(text, x):
    """By hand, and from textbooks: each is the derivative of its body, where there is one."""
    found = verdict(text, x=x)
    assert (found.verdict, found.reason) == ("agrees", "")


def test_a_rule_by_elements_of_a_body_of_arrays_is_held_as_a_map():
    """By hand: the softmax of two equal numbers passes no more than half."""
    found = verdict("def f(x) = softmax(x); rule f(x) = 1; sum(f(x)^2)", x=[1, 1])
    assert found.reason.startswith("the rule of f sends ")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "x", "slopes"),
    [
        ("def f(x) = max(x); rule f(x) = adjoint*(x == max(x)); f(x)", [3, 3, 1], [1, 1, 0]),
        ("def f(x) = relu(x); rule f(x) = adjoint*(x >= 0); sum(f(x))", [0, 1], [1, 1]),
        ("def f(x) = sum(x^2); rule f(x) = adjoint*3*x; f(x)", [1, 2], [3, 6]),
    ],
)
def test_what_a_rule_says_is_no_rounding(text, x, slopes):
    """By hand: whole numbers, exactly what the rules say, whatever the bodies' slopes are."""
    found = bp.gradient(text, x=x)
    assert found.gradient["x"].tolist() == slopes
    assert found.kinks == []
    said = bp.verdict(found)
    assert said.verdict == "inconclusive"
    assert accuracy(said, 6) == ""
    assert {row.right for row in bp.check_methods(text, x=x).rows.values()} == {17}


def test_rounding_in_a_rule_is_told():
    """By hand: the slope of (1 - cos(x))/x^2 at 1e-8 is -x/12, and floats have none of it."""
    rule = "adjoint*(sin(x)/x^2 - 2*(1 - cos(x))/x^3)"
    found = verdict(f"def f(x) = sum((1 - cos(x))/x^2); rule f(x) = {rule}; f(x)", x=[1e-8, 2])
    assert found.verdict == "agrees"
    assert "d/dx[0] is -8.33333e-10 (none right)" in accuracy(found, 6)


WRONG, RIGHT = (f"def f(x) = sum(x^2); rule f(x) = adjoint*{by}*x; f(x)" for by in (3, 2))


def test_every_check_tells_of_a_wrong_rule():
    """Numbers know of the body alone: its derivative is 2*x, and the rule says 3*x."""
    x = [1, 2]
    for text, expected in ((WRONG, "inconclusive"), (RIGHT, "agrees")):
        assert bp.check_methods(text, x=x).verdict == expected
    assert bp.check_claims(RIGHT, ["x = 2*x"], x=x).answers[0].status == "proved"
    for claim, status in (("x = 3*x", "holds"), ("x = 2*x", "open")):
        found = bp.check_claims(WRONG, [claim], x=x)
        assert (found.verdict, found.answers[0].status) == ("inconclusive", status)
        assert found.rules[0].startswith("the rule of f sends ")


@pytest.mark.slow
def test_gradients_are_compared_as_the_rules_say():
    assert bp.compare(RIGHT, "sum(x^2)", x=[1, 2]).verdict == "agrees"
    assert bp.compare(WRONG, "sum(x^2)", x=[1, 2]).verdict == "disagrees"
    assert bp.compare(WRONG, "1.5*sum(x^2)", x=[1, 2]).general.gradient == "same"
