"""Expressions held against each other as functions; the truth is in identities of textbooks."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
import sympy
from mpmath import mp, mpf

from backpropcli.arithmetics.balls.ball import Ball
from backpropcli.language.parse import parse
from backpropcli.proof import zero
from backpropcli.proof.equality.coordinates import place
from backpropcli.proof.equality.differs import CONVENTION, DOMAIN, VALUE, Differs, Gap
from backpropcli.proof.equality.equal import Equal, Unknown, equal
from backpropcli.proof.equality.points import points
from tests.each import for_each


def held(one, other, **how):
    """Return the verdict on two texts; "one" is the first."""
    program, second = parse(one), parse(other)
    graph = program.graph.copy()
    return equal(graph, program.root, graph.write(second.graph)[second.root], **how)


PROVED = [
    ("sin(x)^2 + cos(x)^2", "1"),
    ("sin(2*x)", "2*sin(x)*cos(x)"),
    ("1 - tanh(x)^2", "1/cosh(x)^2"),
    ("(x + y)^4", "x^4 + 4*x^3*y + 6*x^2*y^2 + 4*x*y^3 + y^4"),
    ("(x^2 - 1)/(x - 1)", "x + 1"),
    ("0.1*x + 0.2*x", "0.3*x"),
    ("exp(x)*exp(y)", "exp(x + y)"),
    ("log(exp(x))", "x"),
    ("sqrt(x^2)", "abs(x)"),
    ("1/(1 + exp(-x))", "sigmoid(x)"),
    ("exp(-(x - m)^2/2)", "exp(-x^2/2)*exp(x*m)*exp(-m^2/2)"),
    ("sg(x)*x", "x^2"),
]
SAMPLED = [
    ("log(x) + log(y)", "log(x*y)"),
    ("digamma(x) + 1/x", "digamma(x + 1)"),
    ("gelu(x)", "x*(1 + erf(x/sqrt(2)))/2"),
    ("lgamma(x) + log(abs(x))", "lgamma(x + 1)"),
    ("asin(x) + acos(x)", "pi/2"),
    ("logaddexp(x, y)", "log(exp(x) + exp(y))"),
    ("max(x, y)", "where(x > y, x, y)"),
    ("round(x)", "where(abs(x - round(x)) <= 2, round(x), 0)"),
]
NEAR_MISSES = [
    ("2*x", "2*x*(1 + 1e-30)"),
    ("2*x", "2*x*(1 + 1e-60)"),
    ("2*sin(x)", "2*sin(x)*(1 + 1e-50)"),
    ("2*x", "2*x + 1e-12*x^7"),
    ("2*x", "where(x > 200.5, 3*x, 2*x)"),
    ("2*x", "where(x > 20000.5, 3*x, 2*x)"),
    ("2*x", "where(x*x > 90000, 3*x, 2*x)"),
    ("2*x", "where(x > 200.5 and x < 200.75, 3*x, 2*x)"),
    ("2*x", "where(x < -1234.5, 3*x, 2*x)"),
    ("2*x", "where(x == 0, 5, 2*x)"),
    ("2*x + 0*y", "where(y > 31.5, 3*x, 2*x)"),
    ("sin(x)", "where(x < 0, -sin(x), sin(x))"),
    ("cos(x)", "cos(x) + 1e-40"),
    ("x", "-x"),
    ("x*y", "where(x == y, 0, x*y)"),
    ("abs(x)", "x"),
    ("exp(x)", "1 + x + x^2/2 + x^3/6"),
    ("x*0 + pi", "3.14159265358979323846264338327950288"),
    ("sin(x)^2 + cos(x)^2 - 1", "exp(-100)"),
    ("1 - tanh(x)^2", "0"),
    ("1/cosh(x)^2", "where(x > 100, 0, 1/cosh(x)^2)"),
    ("exp(-x^2 - 300)", "0"),
    ("floor(x)", "x - 0.5"),
]


@pytest.mark.parametrize(("one", "other"), PROVED)
def test_equal_and_proved(one, other):
    found = held(one, other)
    assert isinstance(found, Equal)
    assert found.proved
    assert not found.conventions


@pytest.mark.parametrize(("one", "other"), SAMPLED)
def test_equal_at_all_points_that_are_tried(one, other):
    found = held(one, other, symbolic=False)
    assert isinstance(found, Equal)
    assert not found.proved
    assert found.points > 20


@pytest.mark.parametrize(("one", "other"), NEAR_MISSES)
def test_near_misses_differ(one, other):
    found = held(one, other)
    assert isinstance(found, Differs)
    assert found.kind == VALUE
    assert found.left != found.right


def test_the_smallest_counterexample_comes_first():
    found = held("x^2*3", "x*3")
    assert (place(found.point), found.left, found.right) == ("x = -1", "3.0", "-3.0")
    found = held("2*x", "where(x > 200.5, 3*x, 2*x)")
    assert (place(found.point), found.left, found.right) == ("x = 201.5", "403.0", "604.5")
    assert place(held("x + y", "x - y").point) == "x = 0, y = 1"


def test_numbers_have_as_many_digits_as_it_takes():
    found = held("2*x", "2*x*(1 + 1e-60)")
    assert (found.left, found.right) == ("2.0", "2." + "0" * 59 + "2")


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        ("log(x^2)", "2*log(x)", "x = -1"),
        ("1 + 0*x", "x/x", "x = 0"),
        ("x", "exp(log(x))", "x = -1"),
        ("x^2", "where(x == 3, inf, x^2)", "x = 3"),
        ("cos(x)", "where(x > 200.5, nan, cos(x))", "x = 201.5"),
    ],
)
def test_no_value_where_the_first_has_one(one, other, where):
    found = held(one, other)
    assert isinstance(found, Differs)
    assert found.kind == DOMAIN
    assert place(found.point) == where


def test_where_the_first_has_no_value_nothing_is_compared():
    assert isinstance(held("2*log(x)", "log(x^2)"), Equal)
    assert isinstance(held("x/x", "1"), Equal)


def test_a_node_can_say_where_to_compare():
    """1/x is the derivative of log(x), and log(x) has no value below 0."""
    program = parse("y = log(x); a = 1/x; b = where(x < 0, 7, 1/x); a + b + y")
    nodes = program.names
    both = nodes["a"], nodes["b"]
    assert isinstance(equal(program.graph, *both), Differs)
    assert isinstance(equal(program.graph, *both, inside=nodes["y"]), Equal)


def test_kinks_are_told_apart():
    found = held("where(x > 0, 1, 0)", "where(x >= 0, 1, 0)")
    assert isinstance(found, Equal)
    assert not found.proved
    [convention] = found.conventions
    assert (place(convention.point), convention.left, convention.right) == ("x = 0", "0.0", "1.0")
    assert convention.kind == CONVENTION


def test_a_kink_excuses_no_other_point():
    assert held("where(x > 0, 1, 0)", "where(x >= 0, 1, 2)").kind == VALUE


def test_what_can_never_change_is_no_kink():
    assert held("where(2 >= 2, x, 0)", "3*x").kind == VALUE


def test_a_first_that_is_always_at_a_kink_excuses_nothing():
    assert isinstance(held("where(x - x >= 0, x, 0)", "x + 1"), Differs)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 - tanh(1000 + x^2)^2", "0"),
        ("1 - tanh(1000 + x^2)^2", "1/cosh(1000 + x^2)^2"),
        ("1/cosh(1000 + x^2)^2", "1 - tanh(1000 + x^2)^2"),
        ("log(1/cosh(1000 + x^2)^2)", "log(1 - tanh(1000 + x^2)^2)"),
    ],
)
def test_what_cancels_to_nothing_proves_nothing(one, other):
    """1/cosh(1000)^2 is 1.4e-868, more digits than are worked out: no difference may hang on it."""
    found = held(one, other, symbolic=False)
    assert not isinstance(found, Differs)


def test_too_large_is_not_infinite():
    assert isinstance(held("exp(x)^(x^20)", "exp(x*x^20)", symbolic=False), Equal)
    assert isinstance(held("exp(-x)", "1/exp(x)", symbolic=False), Equal)


def test_a_difference_that_shrinks_with_more_digits_is_none():
    """As where a radius is too small: the gap is noise, whatever the radius says."""
    one, sure = Ball(mpf(1), mpf(0)), mpf(10) ** -150
    with mp.workdps(200):
        first = Gap(one, Ball(1 + mpf(10) ** -50, sure))
        later = Gap(one, Ball(1 + mpf(10) ** -110, sure))
    assert first.apart
    assert later.apart
    assert not later.confirms(first)
    assert first.confirms(first)


def test_numbers_of_which_nothing_is_known_do_not_agree():
    assert isinstance(held("exp(1e30 + 0*x)", "2*exp(1e30 + 0*x)"), Unknown)


def test_huge_constants_are_kept_from_sympy():
    assert not held("x^(2^50)", "(x^2)^(2^49)").proved
    huge = "2^(0*2 + 2^50)"
    assert not held(f"sin(2*x) + {huge}", f"2*sin(x)*cos(x) + {huge}").proved


def test_branches_are_decided_exactly():
    """0.1 + 0.2 is 0.3 as it is typed, and its double is above that of 0.3."""
    assert isinstance(held("where(x + 0.1 > 0.3, 1, 0)", "where(x > 0.2, 1, 0)"), Equal)


@pytest.mark.parametrize("text", ["nan*x", "log(-1 - x^2)", "x/0"])
def test_too_few_points(text):
    found = held(text, "x")
    assert isinstance(found, Unknown)
    assert found.reason == "too few points have a value"


def test_without_variables_there_is_one_point():
    assert isinstance(held("sin(1)^2 + cos(1)^2", "1"), Equal)
    found = held("1/3", "0.3333333333")
    assert (found.point, found.kind) == ({}, VALUE)


def test_the_time_limit():
    found = held("sin(x)", "cos(x - pi/2)", deadline=time.monotonic() - 1)
    assert isinstance(found, Unknown)
    assert found.reason.startswith("time ran out after 0 of ")


def test_ranges_limit_the_points():
    ranges = {"x": (Fraction(1), Fraction(4))}
    graph = parse("x*y + 700").graph
    found = points(graph, ["x", "y"], ranges)
    assert all(1 <= point["x"] <= 4 for point in found)
    assert Fraction(4) in [point["x"] for point in found]
    elements = points(parse("x + 1").graph, ["x[0]", "x[1]"], ranges)
    assert elements
    assert all(1 <= value <= 4 for point in elements for value in point.values())


def test_a_range_far_from_0_has_points_too():
    assert len(points(parse("x + x").graph, ["x"], {"x": (Fraction(5001), Fraction(5002))})) > 4


def test_extra_points_come_first():
    at = Fraction("17.123456")
    found = held("x", "where(abs(x - 17.123456) < 1e-9, 3, x)", extra=[{"x": at}])
    assert found.point == {"x": at}


def test_the_points_are_the_same_at_each_run():
    graph = parse("x*y + 700").graph
    assert points(graph, ["x", "y"], {}) == points(graph, ["x", "y"], {})


def test_points_stay_few_with_many_variables():
    names = [f"x{index}" for index in range(50)]
    graph = parse(" + ".join(f"{index + 1.5}*{name}" for index, name in enumerate(names))).graph
    assert len(points(graph, names, {})) < 700


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "condition",
    [
        "sin(x) >= 1",  # at pi/2
        "sin(x) <= -1",
        "cos(x - 1/3) >= 1",
        "sin(x)^2 >= 1",
        "sech(x - 1/3) >= 1",
        "exp(-(x - sqrt(2))^2) >= 1",
        "(x - sqrt(2))^2 <= 0",
        "abs(x - sqrt(2)) <= 0",
        "x/(1 + x^2) >= 1/2",
        "x >= sqrt(2) and x <= sqrt(2)",
    ],
)
def test_what_holds_at_one_point_alone_is_no_proof(condition):
    # Each is met where calculus has the extreme of its left side, and nowhere else in a period.
    graph, one, other = beside_choice(condition)
    assert not zero.proved(graph, one, other, 5.0)


@pytest.mark.parametrize(
    "condition",
    [
        "sin(x) >= 1.5",
        "sin(x) > 1",
        "x^2 < 0",
        "exp(x) <= 0",
        "abs(x) < 0",
        "x^2 - 2*x + 3 <= 0",  # (x - 1)^2 + 2
        "cosh(x) < 1",
    ],
)
def test_what_cannot_hold_is_proved(condition):
    graph, one, other = beside_choice(condition)
    assert zero.proved(graph, one, other, 5.0)


def test_what_differs_where_no_condition_holds_is_not_given_to_simplification(monkeypatch):
    """x < 0 and x > 0 are no algebra: 1/2 is left of a sum of both where none is true."""
    given = []
    monkeypatch.setattr(sympy, "simplify", given.append)
    parts = "where(x > 0, 1, where(x < 0, 0, 0.5))", "(x > 0) + (x == 0)/2"
    found = held(*parts, deadline=time.monotonic() + 60)
    assert isinstance(found, Equal)
    assert not found.proved
    assert not given


def beside_choice(condition):
    """Return a graph with x^2, and with what is that but where a condition holds."""
    program, second = parse("x^2"), parse(f"x^2 + where({condition}, x + 1, 0)")
    graph = program.graph.copy()
    return graph, program.root, graph.write(second.graph)[second.root]


@pytest.mark.slow
def test_sympy_is_interrupted(monkeypatch):
    finished = []

    def slow(_):
        time.sleep(30)
        finished.append(True)

    monkeypatch.setattr(sympy, "expand", slow)
    found = held("sin(2*x)", "2*sin(x)*cos(x)", deadline=time.monotonic() + 1.5)
    assert isinstance(found, Equal)
    assert not found.proved
    assert not finished


def test_sympy_is_not_given_what_is_large(monkeypatch):
    assert held("sin(2*x)", "2*sin(x)*cos(x)").proved
    monkeypatch.setattr(zero, "LARGEST", 3)
    assert not held("sin(2*x)", "2*sin(x)*cos(x)").proved


def test_a_deep_graph_is_compared_without_recursion():
    text = "x" + " + 1 - 1" * 600
    found = held(text, "x")
    assert isinstance(found, Equal)
    assert found.proved  # like terms are joined


@for_each(
    "one, other, cancels",
    [
        ("(x + y)^2", "x^2 + 2*x*y + y^2", True),
        ("x - x + 2", "2", True),
        ("x + 1e-100", "x", False),
        ("x", "x + 1", False),
        ("x*y", "x*z", False),
    ],
)
def test_what_cancels_is_0_and_no_other_number(one, other, cancels):
    """By hand: where it is so, no difference is looked for in many digits."""
    program, second = parse(one), parse(other)
    graph = program.graph.copy()
    pair = zero.difference_of(graph, program.root, graph.write(second.graph)[second.root])
    assert zero.cancels(*pair) is cancels
