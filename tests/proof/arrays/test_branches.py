"""Floats that go another way than exact arithmetic: the verdict stays open, whichever way it is.

1/49*49 is 1, and 0.9999999999999999 in doubles; that is Python's own arithmetic. What is right
beside a kink is mathematics, by hand.
"""

from __future__ import annotations

import pytest
from mpmath import nstr

import backpropcli as bp
from backpropcli.report.wholes import each_whole
from tests.proof.arrays.test_verdict import _here, verdict  # noqa: F401 (a fixture)


def test_the_example_is_one():
    assert 1 / 49 * 49 < 1


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("argmax([x/49*49, 1])*x", {"x": 1}),  # a tie, of which the first is taken: 0
        ("argmax([1, x/49*49])*x", {"x": 1}),
        ("argmin([1, x/49*49])*x", {"x": 1}),
        ("sum(E[[floor(x/49*49)]]*x)", {"x": 1, "E": [2, 3]}),  # E[1] is meant
        ("max([x/49*49, 1])*x", {"x": 1}),
        ("sum(sort([x/49*49, 1])*[1, 2])", {"x": 1}),
        ("sum(where(x/49*49 >= 1, x^2, x)*[1, 2])", {"x": [1, 2]}),
        ("sum(where(x/49*49 > 1, x^2, x)*[1, 2])", {"x": [1, 2]}),
    ],
)
def test_rounding_decides(text, values):
    found = verdict(text, **values)
    assert found.verdict == "inconclusive"
    assert "rounding" in found.reason


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("sum(sort([x/49*49, 1]))", {"x": 1}),  # in any order
        ("sum(E[[round(x/49*49)]]*x)", {"x": 1, "E": [2, 3]}),
        ("argmax([x/49*49, 2])*x", {"x": 1}),
        ("sum(where(x > 0, x, floor(x/49*49)))", {"x": [1, 2]}),  # floor is not taken
        ("sum((x - mean(x))^2)", {"x": [0.1, 0.1, 0.1]}),  # 0.1+0.1+0.1 is no 0.3; no branch
    ],
)
def test_rounding_that_is_no_matter(text, values):
    assert verdict(text, **values).verdict == "agrees"


@pytest.mark.parametrize("step", ["floor", "ceil", "round", "trunc"])
def test_steps_of_what_overflows_are_flat(step):
    """By hand: beside exp(1000), which is no whole number, they do not move at all."""
    assert verdict(f"sum({step}(exp(v)))", v=[1000, 1.5]).verdict == "agrees"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "v", "found"),
    [
        ("sum(round(v*1e200))", [1.5, 2.7], "inconclusive"),
        ("sum(mod(v*1e200, 3))", [0.1, 0.7], "inconclusive"),
        ("sum(fmod(v*1e200, 3))", [0.1, 0.7], "inconclusive"),
        ("sum(round(v*1e70))", [1.5, 2.7], "agrees"),  # with steps of 2^-498 there is none
        ("sum(mod(v*1e200, 1e190))", [0.1, 0.7], "agrees"),
    ],
)
def test_differences_over_many_steps_tell_nothing(text, v, found):
    """By hand: a round is flat, and a mod has slope 1, between two jumps."""
    assert verdict(text, "along directions", v=v).verdict == found
    tangents = bp.jvp(text.removeprefix("sum")[1:-1], v=v, along={"v": 1})
    assert bp.verdict(tangents).verdict in {found, "agrees"}


def test_a_kink_beside_what_is_typed_otherwise_is_told_for_tangents():
    """0.1 is no double, and floor has a kink at 2."""
    for text, x in (("floor(v)", [0.1, 2]), ("floor(v) + 0.1", 2)):
        found = bp.verdict(bp.jvp(text, v=x, along={"v": 1}))
        assert found.verdict == "inconclusive"
        assert "kink" in found.reason


@pytest.mark.parametrize("tier", ["", "along directions"])
@pytest.mark.parametrize(("index", "x"), [("argmax(x)", [1, 1]), ("floor(x[0])", [1, 1])])
def test_a_place_that_jumps_here_leaves_it_open(index, x, tier):
    """On one side of the point it is E[0], on the other E[1]."""
    assert verdict(f"sum(E[[{index}]]*x)", tier, E=[2, 3], x=x).verdict == "inconclusive"


@pytest.mark.parametrize(
    ("text", "x", "found"),
    [
        ("sum(sort(x))", [1, 1, 2], "agrees"),
        ("sum(sort(x)*[2, 2, 3])", [1, 1, 2], "agrees"),
        ("sum(sort(x)*[1, 2, 3])", [1, 1, 2], "inconclusive"),
        ("sort(x)", [1, 1, 2], "inconclusive"),
        ("argmax(x)*x", [1, 1], "inconclusive"),
        ("argmax([x/49*49, 1])*x", 1, "inconclusive"),
    ],
)
def test_jacobians_where_elements_are_equal(text, x, found):
    """Two equal elements can change places: that is felt where their factors differ."""
    reached = bp.jacobian(text, x=x)
    assert bp.verdict(reached).verdict == found
    assert bool(reached.point.kinks) == ("49" not in text)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sum(sort(x)^2)", "agrees"),  # 2 on the diagonal, however x is sorted
        ("sort(x)[0]*sort(x)[1]*sort(x)[2]", "agrees"),
        ("sort(x)[0]*sort(x)[2]", "inconclusive"),  # the smallest by the largest
    ],
)
def test_hessians_where_elements_are_equal(text, found):
    assert bp.verdict(bp.hessian(text, x=[1, 1, 1])).verdict == found


RULES = {
    "by derivatives": "def f(x) = x^2; rule f(x) = {}*x; ",
    "by adjoints": "def f(x) = x^2; rule f(x) = adjoint*{}*x; ",
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", RULES)
@pytest.mark.parametrize(
    ("text", "y"),
    [
        ("diff(sum(f(y)), y)[0]", [2, 3]),
        ("diff(f(y[0]), y)[0]", [2, 3]),
        ("def g(y) = diff(sum(f(y)*y), y); sum(g(y))", [2, 3]),
        ("diff(f(y), y)", 2),
        ("f(y)", 2),
    ],
)
def test_a_rule_that_differs_is_named_where_it_is_differentiated(kind, text, y):
    """The derivative of x^2 is 2*x."""
    right, wrong = (bp.gradient(RULES[kind].format(factor) + text, y=y) for factor in (2, 3))
    assert bp.verdict(right).verdict == "agrees"
    found = bp.verdict(wrong)
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("the rule of f")


def test_a_rule_that_differs_is_named_behind_a_jacobian():
    text = RULES["by derivatives"] + "diff(sum(f(y)), y)"
    assert bp.verdict(bp.jacobian(text.format(2), y=[2, 3])).verdict == "agrees"
    assert bp.verdict(bp.jacobian(text.format(3), y=[2, 3])).reason.startswith("the rule of f")


def test_a_shipped_loss_of_numbers_is_differentiated():
    """By hand: the derivative of (x - y)^2 by x."""
    assert bp.value("diff(mse(x, y), x)", x=2, y=3) == -2


@pytest.mark.parametrize("text", ["log(sum([x, exp(y)*2]))", "log(sum(concat([x], [exp(y)*2])))"])
def test_what_differences_do_not_see_is_proved_by_elements(text):
    """By hand: d/dx is 1/(x + 2*exp(y)), 2.53798e-435 by mpmath, and d/dy is 1 but for that."""
    found = bp.gradient(text, x=1, y=1000)
    assert bp.verdict(found, 60.0).verdict == "agrees"
    told = {name: whole.slope for _, name, whole in each_whole(found)}
    assert nstr(told["x"], 6) == "2.53798e-435"
    assert nstr(told["y"], 6) == "1.0"
