"""Rules of functions, held as functions; derivatives are those of textbooks."""

from __future__ import annotations

from fractions import Fraction

import pytest

from backpropcli.calculus.lower import lower
from backpropcli.language.parse import parse
from backpropcli.proof.rules import rule_as_function, sentence, way
from backpropcli.report.decimals import told_apart

GAUSSIAN = """\
def g(x, m, s) = exp(-((x - m)/s)^2/2)
rule g(x, m, s) = -(x - m)/s^2*out, (x - m)/s^2*out, (x - m)^2/s^3*out"""

POWER = """\
def p(x, n) = x^n
rule p(x, n) = where(n == 0, 0, n*x^(n - 1)), where(x == 0 and n > 0, 0, out*log(x))"""


def held(definition, **how):
    """Return the findings on the last function of a program that calls nothing."""
    name = definition.rpartition("rule ")[2].partition("(")[0]
    count = definition.rpartition("rule ")[2].partition(")")[0].count(",") + 1
    lowered = lower(parse(f"{definition}; {name}({', '.join('abcd'[:count])})"))
    return rule_as_function(lowered.graph.table[f"{name}()"], **how)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("definition", "verdicts"),
    [
        ("def cube(x) = x^3; rule cube(x) = 3*x^2", ["proved"]),
        ("def f(x) = x^2/20; rule f(t) = 0.1*t", ["proved"]),
        ("def s(x) = 1/(1 + exp(-x)); rule s(x) = out*(1 - out)", ["proved"]),
        ("def d(x, y) = sqrt(x^2 + y^2); rule d(a, b) = a/out, b/out", ["proved", "proved"]),
        (POWER, ["proved", "proved"]),
        ("def l(x) = log(x); rule l(x) = where(x < 0, nan, 1/x)", ["holds"]),
        ("def k(x, y) = 2*x; rule k(x, y) = 2, 0", ["proved", "proved"]),
        (GAUSSIAN, ["proved", "proved", "proved"]),
        ("def h(x) = diff(x^3, x); rule h(x) = 6*x", ["proved"]),
    ],
)
def test_right_rules(definition, verdicts):
    findings = held(definition)
    assert [finding.verdict for finding in findings] == verdicts
    assert not any(map(sentence, findings))


@pytest.mark.parametrize(
    ("definition", "wanted"),
    [
        (
            "def cube(x) = x^3; rule cube(x) = 3*x",
            "the rule of cube gives -3 for d/dx at x = -1, but its body gives 3",
        ),
        (
            "def sq(x) = x^2; rule sq(x) = where(x > 200.5, 3*x, 2*x)",
            "the rule of sq gives 604.5 for d/dx at x = 201.5, but its body gives 403",
        ),
        (
            "def f(x) = x^2/20; rule f(x) = 0.100000000001*x",
            "the rule of f gives 0.100000000001 for d/dx at x = 1, but its body gives 0.1",
        ),
        (
            "def q(x) = round(x); rule q(x) = 1",
            "the rule of q gives 1 for d/dx at x = 0, but its body gives 0",
        ),
        (
            "def r(x) = abs(x); rule r(x) = x/abs(x)",
            "the rule of r gives nan for d/dx at x = 0, but its body gives 0",
        ),
        (
            "def c(x) = cos(x)^2; rule c(x) = 2*sin(x)*cos(x)",
            "the rule of c gives 0.909297 for d/dx at x = 1, but its body gives -0.909297",
        ),
        (
            "def e(x) = exp(x); rule e(x) = where(x < 0, 0, out)",
            "the rule of e gives 0 for d/dx at x = -1, but its body gives 0.367879",
        ),
        (
            "def f(x) = x; rule f(x) = where(sin(x) > 0.99999999, 3, 1)",
            "the rule of f gives 3 for d/dx at x = 1.5708, but its body gives 1",
        ),
        (
            "def f(x) = where(abs(x - 17.123) < 1e-8, 3*x, x); rule f(x) = 1",
            "the rule of f gives 1 for d/dx at x = 17.123000007, but its body gives 3",
        ),
        (
            "def f(x) = x^3; rule f(x) = 3*x^2 + exp(-1e6*(x - 2.345)^2)",  # exp(-5499025)
            "the rule of f gives 6.1186e-2388197 for d/dx at x = 0, but its body gives 0",
        ),
        (
            "def g(x) = x; rule g(x) = 1 + 1e-150*sin(x)",
            "the rule of g gives 1.000000…00005 for d/dx at x = 0.5, but its body gives 1",
        ),
        (
            "def sq(x) = x^2; rule sq(x) = where(x == 0, 5, 2*x)",
            "the rule of sq gives 5 for d/dx at x = 0, but its body gives 0",
        ),
        (
            "def f(x) = x + exp(-(x - 50)^2*1e4); rule f(x) = 1",  # 1 + 200/e
            "the rule of f gives 1 for d/dx at x = 49.99, but its body gives 74.5759",
        ),
        (
            "def f(x) = x^2; rule f(x) = 2*x + 0*sqrt(2 - 3*exp(-1e4*(2*x - 101)^2))",
            "the rule of f gives nan for d/dx at x = 50.5, but its body gives 101",
        ),
        (
            "def f(x) = x + sech(1e6*(x - 77.7)); rule f(x) = 1",  # 1 + 1e6*sinh(1)/cosh(1)^2
            "the rule of f gives 1 for d/dx at x = 77.699999, but its body gives 493555",
        ),
        (
            "def f(x) = x + exp(-1e8*(x^2 - 2)^2); rule f(x) = 1",
            "the rule of f gives 1 for d/dx at x = 1.41425, but its body gives -20154.1",
        ),
    ],
)
def test_wrong_rules_are_told(definition, wanted):
    [finding] = held(definition)
    assert finding.verdict == "differs"
    assert sentence(finding) == wanted


def test_a_rule_without_a_value_where_its_body_has_one_is_told():
    """x^0 is 1 for all x, and 0^n is 0 for all n > 0: both have the slope 0 there."""
    by_base, by_exponent = held("def p(x, n) = x^n; rule p(x, n) = n*x^(n - 1), out*log(x)")
    assert sentence(by_base) == (
        "the rule of p gives nan for d/dx at x = 0, n = 0, but its body gives 0"
    )
    assert sentence(by_exponent) == (
        "the rule of p gives nan for d/dn at x = 0, n = 1, but its body gives 0"
    )


def test_each_parameter_has_its_finding():
    right, wrong = held("def d(x, y) = x*y^2; rule d(x, y) = y^2, x*y")
    assert (right.verdict, right.by, wrong.verdict, wrong.by) == ("proved", "x", "differs", "y")
    assert sentence(wrong) == "the rule of d gives 1 for d/dy at x = 1, y = 1, but its body gives 2"


@pytest.mark.parametrize(
    "definition",
    [
        "def r(x) = max(x, 0); rule r(x) = where(x > 0, 1, 0)",
        "def r(x) = abs(x); rule r(x) = where(x >= 0, 1, -1)",
        "def r(x) = relu(x); rule r(x) = where(x >= 0, 1, 0)",
        "def r(x) = floor(x/2); rule r(x) = where(x == 2, 9, 0)",
    ],
)
def test_a_rule_may_choose_at_kinks_of_its_body(definition):
    [finding] = held(definition)
    assert finding.verdict == "holds"
    assert len(finding.conventions) == 1


def test_bodies_are_held_as_they_are_whatever_the_rules_inside_say():
    """(x^2)^2 has the derivative 4*x^3, and not what a wrong rule of x^2 makes of it."""
    inner = "def sq(x) = x^2; rule sq(x) = 3*x; def quad(x) = sq(x)^2; rule quad(x) = "
    assert held(inner + "4*x^3")[0].verdict == "proved"
    assert held(inner + "6*x^3")[0].verdict == "differs"


def test_a_call_is_a_point_of_its_own():
    definition = "def f(x) = x; rule f(x) = where(abs(x - 17.123) < 1e-8, 3, 1)"
    [finding] = held(definition, calls=[{"x": Fraction("17.123")}])
    assert sentence(finding) == "the rule of f gives 3 for d/dx at x = 17.123, but its body gives 1"


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("exp(x) + x^2 < 0.5", "holds"),  # the least that this has is 0.827
        ("x == exp(1)", "unknown"),  # one point, and no decimal
        ("sin(x) >= 1", "unknown"),  # at pi/2
    ],
)
def test_a_side_that_no_point_takes_leaves_it_open(condition, verdict):
    [finding] = held(f"def f(x) = x; rule f(x) = where({condition}, 3, 1)")
    assert finding.verdict == verdict
    if verdict == "unknown":
        assert sentence(finding) == (
            "the rule of f for d/dx is not proved: no point that was tried reaches the side where "
            + condition
        )


def test_no_time_no_verdict():
    [finding] = held("def f(x) = sin(x); rule f(x) = sin(x + pi/2)", deadline=0.0)
    assert finding.verdict == "unknown"
    assert sentence(finding).startswith("the rule of f for d/dx is not proved: time ran out after")


def test_two_numbers_are_told_apart():
    assert told_apart("0.2", "0.20000000001") == ("0.2", "0.20000000001")
    assert told_apart("1.0000001e-20", "1.0000002e-20") == ("1.0000001e-20", "1.0000002e-20")
    assert told_apart("1.25e-2388000", "0.0") == ("1.25e-2388000", "0")
    assert told_apart("0.5", f"0.5{'0' * 60}25") == ("0.5", "0.500000…00002")
    assert told_apart("+inf", "12.0") == ("inf", "12")
    assert told_apart("nan", "123456.7891") == ("nan", "123457")


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (["proved", "proved"], "rule by rule, by algebra"),
        (["holds"], "rule by rule, at sampled points"),
        (["proved", "holds"], "rule by rule, partly at sampled points"),
        (["proved", "unknown"], "rule by rule"),
    ],
)
def test_the_words_of_a_verdict_say_how_far_rules_are_held(verdicts, words):
    assert way(verdicts) == words
