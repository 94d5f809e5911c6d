"""Verdicts and truths that were false once, with others of their kinds.

What is right is worked out by hand, or by mpmath in the test.
"""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from backpropcli import api, trust
from backpropcli.errors import KinkError
from backpropcli.proof.gradient import prove, typed
from backpropcli.proof.mends.measure import Measured
from backpropcli.render.layout.lines import Options
from backpropcli.render.notices import notices
from backpropcli.render.verdicts.verdict import verdict_lines
from backpropcli.report.digits import exact
from backpropcli.report.wholes import each_whole
from tests.each import for_each
from tests.proof.judged import report, verdict_here, verdict_on, word_on

pytestmark = pytest.mark.usefixtures("here")

HYP = "def hyp(x, y) = sqrt(x^2 + y^2); rule hyp(x, y) = y/out, x/out; hyp(x, y)"
CUBE = "def cube(x) = x^3; rule cube(x) = 3*x; cube(a)"
EXPM = "def f(x) = exp(x) - 1; rule f(x) = out; f(a)"


@pytest.mark.parametrize(
    ("text", "point"), [(HYP, {"x": 2, "y": 2}), (CUBE, {"a": 1}), (EXPM, {"a": 0.5})]
)
def test_no_second_order_command_trusts_a_rule_that_is_not_its_bodys(text, point):
    """The rules of the first two have the right value at the point."""
    name = next(iter(point))
    found = [
        api.hessian(text, point),
        api.hvp(text, point, along={name: 1}),
        api.taylor(text, point, by=name, order=3),
        api.jvp(text, point, along={name: 1}),
        api.gradient(text, point),
    ]
    assert {word_on(one) for one in found} == {"inconclusive"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "def hyp(x, y) = sqrt(x^2 + y^2); rule hyp(x, y) = x/out, y/out; hyp(a, 2)",
        "def cube(x) = x^3; rule cube(x) = 3*x^2; cube(a)",
    ],
)
def test_second_order_commands_agree_where_the_rule_is_its_bodys(text):
    assert word_on(api.hessian(text, a=2)) == "agrees"
    assert word_on(api.hvp(text, a=2, along={"a": 1})) == "agrees"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "a"),
    [
        ("def f(x) = exp(x); rule f(x) = sg(out); f(a)", 2),
        ("def f(x) = x^2; rule f(x) = 2*x + (x - 3)*where(abs(x - 3) < 1e-3, 1, 0); f(a)", 3),
    ],
)
def test_the_slope_of_a_rule_is_held_where_it_is_used(text, a):
    """The rules have the values of the bodies' derivatives there, and other slopes."""
    found = [api.hessian(text, a=a), api.hvp(text, a=a, along={"a": 1})]
    found.append(api.gradient(text.replace("f(a)", "diff(f(a), a)*a"), a=a))
    assert {word_on(one) for one in found} == {"inconclusive"}


def test_higher_derivatives_where_functions_have_holes():
    """By hand: the series of sin(x)/x, and the mixed derivatives 1/y and 1/(1 + y)."""
    for order, expected in enumerate([1, 0, -1 / 3, 0, 1 / 5, 0, -1 / 7]):
        head = f"diff(sinc(x), x, {order})" if order else "sinc(x)"
        assert api.value(head, x=0) == pytest.approx(expected, rel=1e-15)
    assert api.hessian("xlogy(x, y)", x=0, y=2).matrix == [[0, 0.5], [0.5, 0]]
    assert api.hessian("xlog1py(x, y)", x=0, y=1).matrix == [[0, 0.5], [0.5, 0]]


@for_each("text", ["exp2(-1/x)", "0.5^(1/x)", "exp2(log(x))", "0.5^exp(exp(20 + x))", "x^x"])
def test_powers_with_infinite_exponents_are_told(text):
    assert word_on(api.gradient(text, x=0)) == "inconclusive"


@pytest.mark.parametrize(
    "text", ["copysign(z, -(x - x))", "atan2(-(x - x), -1)*z", "atan(1/-(x - x))*z"]
)
def test_the_sign_of_a_zero_that_the_program_makes_is_followed(text):
    found = verdict_here(text, ["z"], x=3, z=2)
    assert found.verdict == "inconclusive"
    assert "sign of a zero" in found.reason


WHOLE = [
    # The whole has this derivative, and the chain rule another: told, with both numbers.
    ("relu(x) - relu(-x)", {"x": 0}, "x", 1, "disagrees"),
    ("where(x == 0, 0, x)", {"x": 0}, "x", 1, "disagrees"),
    ("where(x, x, 0)", {"x": 0}, "x", 1, "disagrees"),
    ("where(x != 0, 3*x, 0)", {"x": 0}, "x", 3, "disagrees"),
    ("leaky_relu(x, 0.5) - leaky_relu(-x, 0.5)", {"x": 0}, "x", 1.5, "disagrees"),
    ("1/(1/x)", {"x": 0}, "x", 1, "disagrees"),
    ("0.5*sqrt((y - r)^2)^2", {"y": 0.7, "r": 0.7}, "y", 0, "disagrees"),
    # The chain rule gives it too.
    ("sqrt(x*0)", {"x": 1}, "x", 0, None),
    ("x*abs(x)", {"x": 0}, "x", 0, "agrees"),
    ("a^b", {"a": 0, "b": 1}, "a", 1, "agrees"),
    ("0^x", {"x": 2}, "x", 0, "agrees"),
    ("acos(clip(x, -1, 1))", {"x": 10}, "x", 0, "agrees"),
    ("asin(clip(x, -1, 1))", {"x": -10}, "x", 0, "agrees"),
    ("abs(x^3)", {"x": 0}, "x", 0, "agrees"),
    ("max(x^2, 0)", {"x": 0}, "x", 0, "agrees"),
    ("max(sin(x), x)", {"x": 0}, "x", 1, "agrees"),
    ("min(tanh(x), x)", {"x": 0}, "x", 1, "agrees"),
    ("sqrt(max(0, x^2 - z^2))", {"x": 1, "z": 2}, "x", 0, "agrees"),
    ("diff(x^n, x, 5)", {"x": 0, "n": 4}, "x", 0, "agrees"),
    ("sqrt(relu(x))^2", {"x": -1}, "x", 0, "agrees"),
    ("cbrt(max(x, 0))^3", {"x": -1}, "x", 0, "agrees"),
    ("x^2.5", {"x": 0}, "x", 0, "agrees"),
    ("x^(1 + 1)", {"x": 0}, "x", 0, "agrees"),
    ("abs(y - y)", {"y": 1}, "y", 0, "agrees"),
    ("abs(x)*y*0 + x", {"x": 0, "y": 2}, "x", 1, "agrees"),
    # A step is flat where what it steps by does not cross: 0 <= x^2 < 1 near 0.
    ("floor(x^2)", {"x": 0}, "x", 0, "agrees"),
    ("round(0.5 - x^2)", {"x": 0}, "x", 0, "agrees"),
    ("x^2 >= 0", {"x": 0}, "x", 0, "agrees"),
    ("floor(x)*floor(y)", {"x": 1, "y": 0}, "x", 0, "agrees"),
]


@pytest.mark.parametrize(("text", "point", "name", "slope", "word"), WHOLE)
def test_what_the_whole_has_decides(text, point, name, slope, word):
    found = report(text, [name], **point)
    if word is None:
        word = "agrees" if found.gradient[name] == slope else "disagrees"
    result = verdict_here(text, [name], **point)
    assert result.verdict == word
    wholes = found.wholes()
    if word == "disagrees":
        assert wholes[name].kind == "derivative"
        assert mpmath.almosteq(wholes[name].slope, slope, abs_eps=mpf(10) ** -40)
        assert f"is {slope:.6g}" in result.reason
    else:
        assert found.gradient[name] == pytest.approx(slope, abs=1e-300)


def test_ppo_where_nothing_is_clipped():
    """Both arguments of min are one function there; the slope is -exp(0.1)."""
    text = "ratio = exp(logp - sg(logp_old)); -min(ratio*A, clip(ratio, 1 - eps, 1 + eps)*A)"
    point = {"logp": -1, "logp_old": -1.1, "A": 1, "eps": 0.2}
    found = report(text, ["logp"], **point)
    assert found.gradient["logp"] == pytest.approx(-math.exp(0.1), rel=1e-15)
    assert verdict_here(text, ["logp"], **point).verdict == "agrees"


@for_each(
    "text, point",
    [
        ("a^x", {"a": 0, "x": 0}),
        ("(2*a)^x", {"a": 0, "x": 0}),
        ("x^x", {"x": 0}),
        ("x*x^0.5", {"x": 0}),
        ("sqrt(x)^2", {"x": 0}),
        ("x/(e^x - 1)", {"x": 0}),
        ("sin(x)/x", {"x": 0}),
        ("where(x - 1, x^2, 5*x)", {"x": 1}),
        ("(x and x) + x", {"x": 0}),
        ("where(not x, 1, x)", {"x": 0}),
        ("abs(x)", {"x": 0}),
        ("relu(x) + 3*x", {"x": 0}),
    ],
)
def test_no_verdict_where_there_is_no_derivative(text, point):
    """A jump, a gap, an edge, or one-sided slopes that differ."""
    found = report(text, list(point)[-1:], **point)
    result = verdict_here(text, list(point)[-1:], **point)
    assert result.verdict in {"inconclusive", "agrees"}
    if result.verdict == "agrees":  # at an edge: the one-sided derivative of the whole is this
        [name] = list(point)[-1:]
        whole = found.wholes()[name]
        assert whole.kind == "edge"
        assert mpmath.almosteq(whole.slope, mpf(found.gradient[name]), rel_eps=mpf(10) ** -9)


@pytest.mark.parametrize(
    ("text", "point", "name"),
    [
        ("max(x^y, 5)", {"x": -2, "y": 2}, "y"),
        ("tanh(relu(y^y))", {"y": -1}, "y"),
        ("floor(x^y + 0.5)", {"x": -2, "y": 2}, "y"),
        ("clip(x^y, -1, 1)*z", {"x": -2, "y": 2, "z": 3}, "y"),
        ("max(xlogy(x, y), 5)", {"x": 0, "y": -1}, "x"),
        ("relu(xlog1py(x, y) - 1)", {"x": 0, "y": -2}, "x"),
        ("min(polygamma(n, x), 0)", {"n": 1, "x": 2}, "n"),
    ],
)
def test_what_has_a_value_at_isolated_points_alone_has_no_derivative(text, point, name):
    """A power of a negative number exists for whole exponents, so mpmath has complex ones beside.

    x*log(y) exists for negative y where x is 0, and digamma has derivatives of whole orders.
    """
    assert isinstance(mpmath.power(-2, mpf("2.001")), mpmath.mpc)
    found = report(text, **point)
    assert found.gradient[name] == 0
    assert f"has no value beside {name} = {point[name]}" in " ".join(told(found))
    result = verdict_here(text, **point)
    assert result.verdict == "inconclusive"
    by_name = {entry.name: entry.agree for entry in result.entries}
    assert by_name[name] is None


def told(found):
    return ("".join(text for _, text in line) for line in notices(found, Options()))


@pytest.mark.parametrize(
    ("text", "point", "name"),
    [
        ("max(x^y, 5)", {"x": -2, "y": 2}, "x"),
        ("where(x < 0, z, x^y)", {"x": -2, "y": 2, "z": 1}, "y"),
        ("sg(x^y)*y", {"x": -2, "y": 2}, "y"),
        ("max(x^y, 9)", {"x": 2, "y": 2}, "y"),
    ],
)
def test_what_is_not_computed_from_them_has_one(text, point, name):
    """A branch that is not taken is not computed, a stopped one is a constant by its definition."""
    assert verdict_here(text, [name], **point).verdict == "agrees"


MIXED = "where(x == 0, 0, x*y)"
PEANO = "where(x == 0 and y == 0, 0, x*y*(x^2 - y^2)/(x^2 + y^2))"


def test_a_derivative_at_a_kink_is_looked_at_beside_it():
    """The first is x*y, of which the mixed derivative is 1; 0 is the chain rule's.

    The derivative of abs(x)*y by x is none for x = 0, but at the origin; that of x*abs(x)*y is 0.
    """
    assert word_on(api.hvp(MIXED, x=0, y=0, along={"x": 1})) == "inconclusive"
    assert word_on(api.hvp("abs(x)*y", x=0, y=0, along={"x": 1})) == "inconclusive"
    assert verdict_here(f"diff({MIXED}, x)", x=0, y=0).verdict == "inconclusive"
    assert verdict_here("diff(abs(x)*y, x)", ["y"], x=0, y=0).verdict == "inconclusive"
    body = "def f(x, y) = diff(abs(x)*y, x); f(a, b)"
    assert verdict_here(body, ["b"], a=0, b=0).verdict == "inconclusive"
    assert verdict_here("diff(x*abs(x)*y, x)", ["y"], x=0, y=3).verdict == "agrees"


def test_the_hessian_and_its_verdict_say_one_thing():
    """By hand: df/dx is -y along x = 0, df/dy is x along y = 0 (Peano's example)."""
    found = api.hessian(PEANO, x=0, y=0)
    assert found.each[0].whole() == [[0, 1], [-1, 0]]
    assert (
        "d2/dydx, but the derivative of the whole expression is -1" in trust.verdict(found).reason
    )
    assert api.hessian(MIXED, x=0, y=0).each[0].whole() == [[0, 1], [1, 0]]
    assert api.hessian("abs(x)*y + x*y", x=0, y=0).each[0].whole() == [[0, None], [None, 0]]


def slope_by_hand(function, at, digits=400):
    """Return the derivative by mpmath's differences, in many digits."""
    with mp.workdps(digits):
        return mpmath.diff(function, mpf(at))


CANCELS = [
    ("tanh(x)", 150, lambda: 1 / mp.cosh(150) ** 2),
    ("tanh(x)", -200, lambda: 1 / mp.cosh(200) ** 2),
    ("gelu(x)", -25, lambda: mp.ncdf(-25) + -25 * mp.npdf(-25)),
    ("gelu(x)", -31.5, lambda: mp.ncdf(mpf("-31.5")) + mpf("-31.5") * mp.npdf(mpf("-31.5"))),
    ("mish(x)", -250, lambda: slope_by_hand(lambda x: x * mp.tanh(mp.log1p(mp.exp(x))), -250)),
    ("softsign(x)", 1e100, lambda: 1 / (1 + mpf(1e100)) ** 2),
    ("softplus(x)", -300, lambda: 1 / (1 + mp.exp(300))),
    ("erf(x)", 20, lambda: 2 / mp.sqrt(mp.pi) * mp.exp(-400)),
    ("1 - tanh(x)^2", 150, lambda: -2 * mp.tanh(150) / mp.cosh(150) ** 2),
]


@pytest.mark.parametrize(("text", "at", "right"), CANCELS)
def test_what_sympy_loses_to_cancellation_is_no_disagreement(text, at, right):
    result = verdict_here(text, x=at)
    assert result.verdict == "agrees"
    with mp.workdps(400):
        truth = right()
        assert mpmath.almosteq(mpf(result.entries[0].truth), truth, rel_eps=mpf(10) ** -38)


LARGEST = 1.7976931348623157e308


def trigamma_reflected(x):
    """Return the derivative of digamma at a negative number, by DLMF 5.15.6."""
    return (mp.pi / mp.sin(mp.pi * x)) ** 2 - mp.psi(1, 1 - x)


def beta_far_out(x, y):
    """Return gamma(y)*x^-y, which beta is for large x (DLMF 5.11.12)."""
    return mp.exp(mp.loggamma(y) - y * mp.log(x))


FAR_OUT = [
    ("log_ndtr(x)", {"x": -1e72}, "x", lambda x: -x),  # Mills' ratio is 1/x but for 1/x^3
    ("logaddexp(x, y)", {"x": -1e120, "y": -1e119}, "y", lambda *_: mpf(1)),
    ("logsumexp(x, y)", {"x": 1e120, "y": 1e120}, "x", lambda *_: mpf(1) / 2),
    ("digamma(x)", {"x": -6.9352462e10 - 0.25}, "x", trigamma_reflected),
    ("softsign(x)", {"x": -LARGEST}, "x", lambda x: 1 / (1 - x) ** 2),
    ("2*beta(x, y)", {"x": 1e100, "y": 744.9}, "x", lambda x, y: -2 * y / x * beta_far_out(x, y)),
]


@pytest.mark.parametrize(("text", "point", "name", "right"), FAR_OUT)
def test_far_out_sympy_has_a_value_too(text, point, name, right):
    result = verdict_here(text, **point)
    assert (result.verdict, result.reason) == ("agrees", "")
    [truth] = [entry.truth for entry in result.entries if entry.name == name]
    with mp.workdps(60):
        assert mpmath.almosteq(mpf(truth), right(*map(mpf, point.values())), rel_eps=mpf(10) ** -38)


def test_second_derivatives_that_cancel():
    """Of softplus at 300: s*(1 - s), which is exp(-300) but for its square."""
    assert word_on(api.hessian("softplus(x)", x=300)) == "agrees"
    assert word_on(api.hessian("log(cosh(x))", x=150)) == "agrees"


def test_a_kink_is_reached_by_what_arrives_in_exact_arithmetic():
    """1 - sigmoid(40) is 0 in floats, and 4.2e-18 truly: the kink of abs(w) is felt."""
    assert verdict_here("abs(w)*(1 - sigmoid(t))", ["w"], w=0, t=40).verdict == "inconclusive"
    assert verdict_here("relu(w)*(1 - tanh(t))", ["w"], w=0, t=30).verdict == "inconclusive"


def test_an_infinite_binding_is_never_a_disagreement():
    """mod(3, inf) is 3, with the slopes 1 and 0."""
    found = report("mod(x, y)", x=3, y=math.inf)
    assert found.gradient == {"x": 1.0, "y": 0.0}
    assert verdict_here("mod(x, y)", x=3, y=math.inf).verdict != "disagrees"
    assert verdict_here("exp(-x)", x=math.inf).verdict != "disagrees"
    assert verdict_here("tanh(x)", x=math.inf).verdict != "disagrees"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("sqrt(2)*sqrt(2)*x - 2*x", 1),
        ("sin(x)^2 + cos(x)^2 - 1", 0.3),
        ("sqrt(3)*sqrt(5)*x - sqrt(15)*x", 1),
        ("(exp(x) - exp(-x))/2 - sinh(x)", 0.7),
    ],
)
def test_a_zero_is_proved_or_told_as_one_that_is_not(text, at):
    result = verdict_here(text, x=at)
    assert result.verdict == "agrees"
    assert result.value_truth in {"0", "0.0", "0 (below 1e-400)"}
    assert result.entries[0].truth in {"0", "0.0", "0 (below 1e-400)"}


SMALL = [
    ("log(sigmoid(x))", 200, lambda: -mp.log1p(mp.exp(-200))),
    ("log(sigmoid(x))", 350, lambda: -mp.log1p(mp.exp(-350))),
    (
        "gelu_tanh(x)",
        -15,
        lambda: mpf(-15) / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (-15 - mpf("0.044715") * 15**3))),
    ),
    ("sqrt(x + 1) - sqrt(x)", 1e20, lambda: mp.sqrt(mpf(10) ** 20 + 1) - mpf(10) ** 10),
    ("exp(x) - 1 - x", 1e-30, lambda: mp.exp(mpf(1e-30)) - 1 - mpf(1e-30)),
]


@pytest.mark.parametrize(("text", "at", "right"), SMALL)
def test_a_small_number_is_no_zero(text, at, right):
    result = verdict_here(text, x=at)
    assert result.verdict == "agrees"
    with mp.workdps(400):
        assert mpmath.almosteq(mpf(result.value_truth), right(), rel_eps=mpf(10) ** -38)


def test_what_is_too_small_for_all_digits_is_no_zero(monkeypatch):
    """1/cosh(1200)^2 is about 1e-1042, which no search, however long, proves to be 0."""
    monkeypatch.setattr(typed, "ZEROS", 60.0)
    assert verdict_here("1 - tanh(x)^2", x=1200).value_truth == "0 (below 1e-400)"


def test_a_taylor_series_has_true_zeros():
    """The kinetic energy is even in v: 0, 0, 1/2, 0, 3/8, 0, 5/16."""
    found = api.taylor("m/sqrt(1 - v^2) - m", m=1, v=0, by="v", order=6)
    assert found.series == [[0, 0, 0.5, 0, 0.375, 0, 0.3125]]
    result = trust.verdict(found, 30.0)
    assert result.verdict == "agrees"
    assert all(entry.digits is None or entry.digits > 14 for entry in result.entries)


def test_a_taylor_series_is_told_as_typed_too():
    """cos(pi/2 + h) is -h + h^3/6 - ..., and tan has a pole at pi/2, beside their doubles."""
    found = trust.verdict(api.taylor("cos(x)", x="pi/2", order=3), 30.0)
    assert found.verdict == "agrees"
    assert [float(entry.typed[:10]) for entry in found.entries] == [0, -1, 0, 0.16666666]
    found = trust.verdict(api.taylor("tan(x)", x="pi/2", order=1), 30.0)
    lines = ["".join(text for _, text in line) for line in verdict_lines(found, Options())]
    assert "as typed: tan(x) has no finite value (floats round what was typed)" in lines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(x) = x^3; rule f(x) = 3*x^2; f(a)", "by algebra"),
        ("def f(x) = abs(x); rule f(x) = where(x > 0, 1, -1); f(a)", "at sampled points"),
    ],
)
def test_the_words_of_a_verdict_say_how_rules_were_held(text, words):
    """At 0 abs has no slope, where a rule may choose: there is no algebra of that."""
    found = verdict_here(text, a=3)
    assert found.verdict == "agrees"
    assert found.as_dict()["method"] == f"node by node and rule by rule, {words}"
    [line] = [
        "".join(text for _, text in line)
        for line in verdict_lines(found, Options(width=200))
        if line and line[0][1] == "agrees"
    ]
    assert line.endswith(f"step by step and rule by rule, {words}")


def test_every_call_of_a_function_with_a_rule_is_looked_at():
    """The sum of 2*(1 + k), k < 250, is 62,750; the rule is wrong above 200.5 alone."""
    text = "def sq(x) = x^2; rule sq(x) = where(x > 200.5, 3*x, 2*x); " + "+".join(
        f"sq(x + {k})" for k in range(250)
    )
    result = verdict_here(text, x=1)
    assert result.verdict == "inconclusive"
    assert "the rule of sq" in result.reason


@pytest.mark.slow
def test_the_last_call_shows_that_a_rule_is_wrong_or_a_point_that_is_searched_for_does():
    """The square of 17.123 is 293.197129; no sampled point is so near."""
    rule = "def f(x) = x; rule f(x) = where(abs(x^2 - 293.197129) < 1e-9, 3, 1); "
    wrong = verdict_here(rule + "f(a) + f(b) + f(c)", a=1, b=2, c=17.123)
    assert wrong.verdict == "inconclusive"
    assert "17.123" in wrong.reason
    assert [entry.agree for entry in wrong.entries] == [None, None, None]
    elsewhere = verdict_here(rule + "f(a) + f(b) + f(c)", a=1, b=2, c=18)
    assert elsewhere.verdict == "inconclusive"
    assert "the rule of f gives 3 for d/dx at x = " in elsewhere.reason


def test_a_rule_that_too_few_points_can_show_is_not_taken_to_hold():
    """The body has a value around 17.125 alone."""
    body = "def f(x) = where((x - 17.125)^2 < 1e-60, x, nan); rule f(x) = 1; "
    result = verdict_here(body + "f(a)", a=17.125)
    assert result.verdict == "inconclusive"
    assert result.reason.endswith("is not proved: too few points have a value")


def test_a_rule_that_differs_by_the_rounding_of_a_literal_is_right():
    """The body has x/10, and the rule the literal 0.1, which is a tenth as typed."""
    assert verdict_here("def f(x) = x^2/20; rule f(x) = 0.1*x; f(a)", a=2).verdict == "agrees"
    assert verdict_here("def f(x) = x/3; rule f(x) = 1/3; f(a)", a=2).verdict == "agrees"


@pytest.mark.parametrize(
    ("text", "point", "name", "right"),
    [
        ("w = 2; x = 2; w^3*x", {}, "w", 24),
        ("a = 2; a*x + 2*y", {"x": 3, "y": 5}, "a", 3),
        ("k = pi; k*x + sin(pi*y)", {"x": 1, "y": 1}, "k", 1),
        ("a = x*y; b = x*y; a*b", {"x": 2, "y": 3}, "a", 6),
        ("a = x*y; b = y*x; a*b", {"x": 2, "y": 3}, "a", 6),
        ("a = x; b = a; a*b", {"x": 5}, "b", 5),
        ("s = sin(x); s*sin(x)", {"x": 1}, "s", math.sin(1)),
    ],
)
def test_a_derivative_by_a_name_is_by_that_name_alone(text, point, name, right):
    assert report(text, [name], **point).gradient[name] == pytest.approx(right, rel=1e-15)
    assert verdict_here(text, [name], **point).verdict == "agrees"


def test_floats_on_a_kink_that_the_typed_values_are_not_on():
    """The doubles 1/3 and 3 are on the near side of the kink, where both slopes are near 0."""
    assert verdict_here("relu(1 - y*s)^2", y=1 / 3, s=3).verdict == "agrees"
    assert verdict_here("abs(1 - y*s)^3", y=1 / 3, s=3).verdict == "agrees"


def test_a_branch_that_rounding_could_pick_is_not_picked():
    """log(32768)/log(32) is 3, and no precision shows that it is not a little less."""
    result = verdict_here("floor(log(x)/log(y))*z", ["z"], x=32768, y=32, z=1)
    assert result.verdict != "disagrees"
    assert result.entries[0].truth in {"", "3.0"}
    result = verdict_here("where(sqrt(x)^2 >= x, 1, 2)*z", ["z"], x=2, z=1)
    assert result.verdict != "disagrees"
    assert result.entries[0].truth in {"", "1.0"}


def test_a_slope_that_no_precision_decides_is_told():
    """sqrt(2)*sqrt(3) is sqrt(6), and no precision shows that it is not a little more or less.

    That sin(pi) is 0 is known: there is the kink of max, which floats miss.
    """
    for text, kind in (
        ("max(sqrt(2)*sqrt(3)*x - sqrt(6), 0)", "undecided"),
        ("max(sin(pi*x), 0)", "missed"),
    ):
        result = verdict_here(text, x=1)
        assert result.verdict == "inconclusive"
        assert [finding.kind for finding in result.findings] == [kind]


@pytest.mark.parametrize("text", ["max(2, acos(n))", "min(acos(n), 5)", "clip(acos(n), 0, 1)"])
def test_a_value_that_is_nan_has_no_verdict(text):
    assert word_on(api.jvp(text, n=2.2, along={"n": 1})) == "inconclusive"
    assert word_on(api.gradient(text, n=2.2)) == "inconclusive"


def test_a_hessian_whose_branch_is_outside_of_its_domain():
    """clip(2, nan, 5) is 2, as the table has it, and nothing flows to log(w)."""
    found = api.hessian("clip(y, log(w), 5)", w=-1, y=2)
    assert "unexpectedly" not in trust.verdict(found, 30.0).reason
    found = api.hessian("where(y > 1, y^2, log(w))", w=-1, y=2)
    assert trust.verdict(found, 30.0).verdict == "agrees"


def test_two_spellings_of_one_output_add_up():
    """The output is x*y, with the weights 2 and 3: 5 times the slopes y and x."""
    found = api.vjp("(x*y, x)", x=3, y=7, weights={"x*y": 2, "x * y": 3})
    assert found.products == [35, 15]


@pytest.mark.parametrize("order", ["{0}, {1}", "{1}, {0}"])
def test_what_is_wrong_outranks_what_cannot_be_told(order):
    """abs has a kink; the other has the slope 1, for which the chain rule gives 0."""
    text = order.format("abs(x)", "relu(x) - relu(-x)")
    assert word_on(api.jacobian(f"({text})", x=0)) == "disagrees"


def test_a_result_that_is_not_finite_never_agrees():
    """The slope is 1e100; forward mode multiplies 1e200 twice, and then 1e-300."""
    found = api.jacobian("1e-300*sin(1e200*sin(1e200*x))", x=0, mode="forward")
    assert found.matrix == [[math.inf]]
    assert word_on(found) == "inconclusive"


@pytest.mark.parametrize(
    "text", ["diff(x^3, x, 2)*y", "diff(x^3*y, x, 3)", "diff(diff(x^3*y, x), y)"]
)
def test_higher_derivatives_in_a_program_agree(text):
    assert verdict_here(text, x=2, y=3).verdict == "agrees"


def test_digits_that_are_not_enough_are_told(monkeypatch):
    """Each step of the logistic map doubles what is not known: 100 steps take 30 digits of 60."""
    for module in (exact, prove):
        monkeypatch.setattr(module, "PRECISIONS", (60,))
    steps = "; ".join(f"z{n + 1} = 4*z{n}*(1 - z{n})" for n in range(100))
    result = verdict_here(f"z0 = x; {steps}; y*z100", ["y"], x=0.3, y=1)
    assert result.verdict == "inconclusive"
    assert [finding.kind for finding in result.findings] == ["unsteady"]


@pytest.mark.parametrize("second", ["a", "x^2", "x*x"])
def test_vjp_with_two_names_of_one_output(second):
    """Both outputs are x^2, with the weights 2 and 3: 5 times the slope 6."""
    found = api.vjp(f"a = x^2; b = {second}; outputs: a, b", x=3, weights={"a": 2, "b": 3})
    assert found.products == [30]
    result = trust.verdict(found, 30.0)
    assert result.verdict == "agrees"
    assert [(entry.truth, entry.digits) for entry in result.entries] == [("30.0", 17.0)]


def test_the_order_of_polygamma_has_no_slope():
    found = verdict_here("polygamma(n, x)", n=2, x=1.5)
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("the expression has a value at n = 2 and none beside it")
    assert [entry.agree for entry in found.entries] == [None, True]
    assert verdict_here("polygamma(2, x)", x=1.5).verdict == "agrees"


def test_mixed_derivatives_of_a_power_at_its_edges():
    """By hand: the slopes of y*x^(y - 1) by y are log(x) + 1 at y = 1, and 1/x at y = 0."""
    infinite = -math.inf
    assert api.hessian("x^y", x=0, y=1).matrix == [[0, infinite], [infinite, 0]]
    assert api.hessian("x^y + z*y", x=0, y=1, z=1).matrix[0] == [0, infinite, 0]
    assert api.hessian("x^y", x=0, y=3).matrix == [[0, 0], [0, 0]]
    found = api.hessian("x^y", x=2, y=0)
    assert found.matrix[0] == [0, 0.5]
    assert word_on(found) == "agrees"
    assert verdict_here("diff(x^y, x)", x=2, y=0).verdict == "agrees"


def test_all_derivatives_of_sinc_at_0():
    """By hand: coefficient 2*k of the series is (-1)^k/(2*k + 1)!; the function is smooth."""
    found = api.taylor("sinc(x)", x=0, order=40)
    expected = [0 if k % 2 else (-1) ** (k // 2) / math.factorial(k + 1) for k in range(41)]
    assert found.coefficients == pytest.approx(expected, rel=1e-15)
    assert word_on(api.taylor("sinc(x)", x=0, order=20)) == "agrees"
    assert verdict_here("diff(sinc(x), x, 4)", x=0).verdict == "agrees"
    curved = api.hessian("sinc(x*y)", x=0, y=0)
    assert not curved.kinks
    assert curved.curvature.definite == "zero"


SECOND = "0.5*abs(x)^2"
LINE = "relu(x) - relu(-x)"


@pytest.mark.parametrize(
    ("found", "label"),
    [
        (lambda: api.hessian(SECOND, x=0), "d2/dx2"),
        (lambda: api.hvp(SECOND, x=0, along={"x": 1}), "d/dx of the directional derivative"),
        (lambda: api.jvp(LINE, x=0, along={"x": 0.5}), f"the derivative of {LINE}"),
        (lambda: api.taylor(LINE, x=0), f"h^1 of {LINE}"),
        (lambda: api.taylor(SECOND, x=0), f"h^2 of {SECOND}"),
        (lambda: api.jacobian(f"({LINE}, x)", x=0), f"d({LINE})/dx"),
        (lambda: api.gradient(f"diff({LINE}, x)*x", x=0), f"diff({LINE}, x)"),
    ],
)
def test_the_whole_decides_in_every_mode(found, label):
    """By hand: abs(x)^2/2 is x^2/2, and the difference is x."""
    verdict = trust.verdict(found(), 30.0)
    assert verdict.verdict == "disagrees"
    assert f"for {label}, " in verdict.reason
    assert "None" not in verdict.reason


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (lambda: api.taylor("elu(x)", x=0), "h^2 of elu(x) is 0.5 on the left and 0 on the right"),
        (lambda: api.taylor("softsign(x)", x=0), "h^2 of softsign(x) is 1 on the left and -1"),
        (lambda: api.taylor("huber(x)", x=1), "h^2 of huber(x) is 0.5 on the left and 0"),
        (lambda: api.taylor("where(x == 0, 0, 1)", x=0), "x == 0 has a kink here"),
        (lambda: api.taylor("x^2.5", x=0, order=2), "there is not a finite value everywhere near"),
    ],
)
def test_a_series_that_differs_on_both_sides_is_no_disagreement(found, said):
    """By hand: exp(x) - 1 and x; x/(1 - x) and x/(1 + x); x^2/2 and x - 1/2; no power below 0."""
    verdict = trust.verdict(found(), 30.0)
    assert verdict.verdict == "inconclusive"
    assert said in verdict.reason


@pytest.mark.parametrize(("text", "x"), [("x^x", "sqrt(2)"), ("exp(x)^sqrt(x)", "pi")])
def test_a_series_of_a_power_whose_exponent_moves_is_told_as_typed(text, x):
    """The coefficients at what is no fraction are mpmath's, by numerical derivatives."""
    functions = {"x^x": lambda x: x**x, "exp(x)^sqrt(x)": lambda x: mpmath.exp(x * mpmath.sqrt(x))}
    with mp.workdps(40):
        right = mpmath.taylor(functions[text], {"sqrt(2)": mpmath.sqrt(2), "pi": mp.pi}[x], 3)
    verdict = trust.verdict(api.taylor(text, x=x, order=3), 30.0)
    assert verdict.verdict == "agrees"
    with mp.workdps(40):
        for entry, one in zip(verdict.entries, right, strict=True):
            assert abs(mpf(entry.typed) / one - 1) < mpf(10) ** -30


@pytest.mark.parametrize(
    ("text", "x"), [("(1 - cos(x))/x^2", 1e-9), ("(x - sin(x))/x^3", 1e-8), ("sin(x)/x", 1e-150)]
)
def test_a_series_whose_terms_cancel_is_no_disagreement(text, x):
    """It is 1/2 - x^2/24, 1/6 - x^2/120, 1 - x^2/6: 60 digits lose those of order 2."""
    verdict = trust.verdict(api.taylor(text, x=x, order=2), 30.0)
    assert verdict.verdict == "agrees"
    assert verdict.entries[2].truth.startswith({"(": "-0.0", "s": "-0.1666"}[text[0]])


def test_a_series_at_a_kink_agrees_where_the_whole_has_it():
    """By hand: the kink is of abs(x)^5, whose first four derivatives at 0 are 0."""
    found = api.taylor("exp(x) + x*abs(x)^4*abs(y)", x=0, y=0, by="x")
    assert found.kinks or found.point.kinks
    assert trust.verdict(found, 30.0).verdict == "agrees"


def test_a_product_with_the_hessian_of_the_whole_is_told():
    """By hand: x*abs(x) has the second derivatives -2 and 2, abs(x)^3 has 0, and y^3 has 6*y."""
    entries = api.hvp("x*abs(x) + y^3", x=0, y=1, along={"x": -2, "y": 1}).wholes()
    assert entries == [[{"left": 4.0, "right": -4.0}, 6.0]]
    assert api.hvp("x*abs(x)", x=0, along={"x": -2}).wholes() == [[{"left": 4, "right": -4}]]
    assert api.hvp("abs(x)^3", x=0, along={"x": 1}).wholes() == [[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(x*y)", [[0, None], [None, 0]]),
        ("abs(x*(x + y))", [[2, 1], [None, 0]]),
        ("min((1 + y)*(x + y), x + y)", [[0, None], [0, 0]]),
        ("x*y + abs(y)^3", [[0, 1], [1, 0]]),
    ],
)
def test_no_mixed_derivative_is_told_where_there_are_kinks_beside(text, expected):
    """By hand: at x = 0 abs(x*y) has a kink by x for all y but 0, and min(...) is x + y there."""
    assert api.hessian(text, {"x": 0, "y": 0}, wrt="x,y").each[0].whole() == expected


def test_the_whole_of_several_outputs_is_told_of_each():
    found = api.jacobian("(x, abs(y)*x, relu(y) - relu(-y))", x=0, y=0).point
    told = [
        (title, name, whole.kind, float(whole.slope)) for title, name, whole in each_whole(found)
    ]
    assert told == [
        ("abs(y)*x", "y", "derivative", 0),
        ("relu(y) - relu(-y)", "y", "derivative", 1),
    ]


def test_a_kink_of_a_derivative_is_told_of_what_was_written():
    [jump, corner] = report("diff(abs(x), x)", x=0).kinks
    assert (jump.label, corner.label) == ("diff(abs(x), x)", "abs(x)")
    assert report("diff(abs(x), x)", x=0).wholes()["x"].kind == "jump"


@for_each(
    "text, given, expected",
    [
        ("x*3 - 1", "0.333333333333333333333", "-1.0e-21"),
        ("x - 0.33333333333333333333", "1/3", "3.333333333333333333333333333333333333333e-21"),
        ("(x - 1)*1e20", "1.00000000000000000001", "1.0"),
        ("(x + 1)*1e20", "-1.00000000000000000001", "-1.0"),
        ("x - 1152921504606846976", "1152921504606846977", "1.0"),
    ],
)
def test_decimals_that_no_double_holds_stay_as_typed(text, given, expected):
    assert trust.verdict(api.gradient(text, x=given), 30.0).value_typed == expected


@pytest.mark.parametrize(
    ("text", "x", "definite"),
    [
        ("cos(x)", "pi/2", "zero"),
        ("cos(x)", "pi", "positive definite"),
        ("cos(x)", math.pi / 2, "negative definite"),  # at this very double it is
        ("sin(x)*y + y^2", "pi/2", "indefinite"),
    ],
)
def test_a_point_is_classified_by_signs_that_are_proved(text, x, definite):
    """By hand: the second derivatives are -cos(x); and -1, cos(x), 2."""
    point = {"x": x, "y": 1} if "y" in text else {"x": x}
    assert api.hessian(text, point).curvature.definite == definite


def test_where_a_logarithm_exists():
    [first, _] = report("log(w - y)", w=1, y=2).causes
    assert "w - y > 0" in first.reason
    [first, _] = report("sqrt(w - y)", w=1, y=2).causes
    assert "w - y >= 0" in first.reason


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("mish(x)", -740),
        ("mish(x)", -1e5),
        ("gelu(x)", -152),
        ("gelu(x)", -1e155),
        ("log_ndtr(x)", 1e300),
        ("gelu_tanh(x)", -700.5),
        ("csch(x)", 1.7e-106),
        ("erfcx(x)", 1e300),
        ("log1mexp(x)", -1e-160),
        ("ndtr(x)", -200),
        ("softmax2(x, -1e99)", -1e-243),
        ("fmod(x, 3)", 0),
        ("lbeta(x, 1)", 1),
    ],
)
def test_far_out_sympy_has_a_value(text, x):
    assert verdict_here(text, x=x).verdict == "agrees"


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        # The double next to 0.3 is 0.299999999999999988..., so 10*x is less than 3.
        ("min(x*10, 3)*x", 6.0),
        ("max(x*10, 3)", 0.0),
        ("max(x*10, 3)^2", 0.0),
        ("where(x*10 >= 3, x, 2*x)", 2.0),
        ("abs(x*10 - 3)*x", -3.0),
    ],
)
def test_a_kink_that_only_rounding_meets_is_no_agreement(text, truth):
    found = verdict_on(report(text, x=0.3))
    assert float(found.entries[0].truth) == pytest.approx(truth, rel=1e-12)
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("rounding decides ")


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("asin(1 - x)", "-7071067811.865"),  # -1/sqrt(2*x - x^2)
        ("acosh(1 + x)", "7071067811.865"),  # 1/sqrt(2*x + x^2)
        ("atanh(1 - x)", "-5e19"),  # -1/(2*x - x^2)
        ("sqrt((1 + x) - 1)", "5e9"),
        ("1/((1 + x) - 1)", "-1e40"),
        ("((1 + x) - 1)^0.5 + log(1 - (1 - x))", "1e20"),
    ],
)
def test_an_edge_that_only_rounding_meets_is_no_wrong_rule(text, slope):
    """By hand, at x = 1e-20, where 1 - x and 1 + x are 1 in floats."""
    found = api.gradient(text, x=1e-20)
    assert math.isinf(found.gradient["x"])
    assert found.causes[0].reason.startswith("rounding: ")
    verdict = trust.verdict(found)
    assert verdict.verdict == "agrees"
    assert verdict.entries[0].digits == 0
    assert float(verdict.entries[0].truth) == pytest.approx(float(slope), rel=1e-9)
    lines = ["".join(text for _, text in line) for line in verdict_lines(verdict, Options())]
    assert lines[1].startswith("agrees, but for rounding: SymPy finds the same derivative")


@pytest.mark.parametrize(
    ("text", "point", "first", "slope"),
    [
        ("cbrt(x^3)", {"x": 1e-200}, "underflow: x^3 is 1e-600", lambda x: x),
        ("(x^3)^(1/3)", {"x": 1e-200}, "underflow: x^3 is 1e-600", lambda x: x),
        ("sqrt(x^3)", {"x": 1e-200}, "underflow: x^3 is 1e-600", lambda x: mp.sqrt(x**3)),
        ("log(x^3)", {"x": 1e-200}, "underflow: x^3 is 1e-600", lambda x: 3 * mp.log(x)),
        ("log(x)", {"x": 1e-320}, "overflow: the local derivative of log(x)", mp.log),
        ("exp(x)", {"x": 1000}, "overflow: exp(x) is 1.97007e434", mp.exp),
        ("1/(1 + exp(x))", {"x": 1000}, "overflow: exp(x)", lambda x: 1 / (1 + mp.exp(x))),
        ("atan(exp(x))", {"x": 1000}, "overflow: exp(x)", lambda x: -mp.atan(mp.exp(-x))),
        ("atan(1/x)", {"x": 1e-320}, "overflow: 1/x", lambda x: -mp.atan(x)),
        ("x*atan(1/x)", {"x": 1e-320}, "overflow: 1/x", lambda x: x * (mp.pi / 2 - mp.atan(x))),
        ("1/(1/x)", {"x": 1e-320}, "overflow: 1/x", lambda x: x),
        ("sqrt(x^2 + 1)", {"x": 1e200}, "overflow: x^2 is 1e400", lambda x: x),
        ("1e200*(1e200*x)", {"x": 1e-300}, "the product", lambda x: mpf(1e200) ** 2 * x),
        ("x*1e308 + x*1.5e308", {"x": 1e-300}, "the sum of", lambda x: (mpf(1e308) + 1.5e308) * x),
    ],
)
def test_what_floats_alone_overflow_or_underflow_agrees_but_for_rounding(text, point, first, slope):
    """The slopes are mpmath's differences, of forms that it takes with no trouble."""
    found = api.gradient(text, point)
    assert found.causes[0].reason.startswith(first)
    verdict = trust.verdict(found, 60.0)
    assert verdict.verdict == "agrees"
    with mp.workdps(60):
        x = mpf(point["x"])
        step = x * mpf(10) ** -20
        right = (slope(x + step) - slope(x - step)) / (2 * step)
        assert abs(mpf(verdict.entries[0].truth) - right) <= abs(right) * mpf(10) ** -15
    lines = ["".join(text for _, text in line) for line in verdict_lines(verdict, Options())]
    assert lines[1].startswith("agrees, but for rounding: SymPy finds the same derivative")
    assert word_on(api.jvp(text, point, along={"x": 1})) == "inconclusive"


@pytest.mark.parametrize(
    "text", ["exp(exp(exp(exp(x))))", "1/(1 + exp(exp(exp(exp(x)))))", "x + exp(exp(exp(exp(x))))"]
)
def test_what_is_too_large_for_many_digits_too_is_open(text):
    assert word_on(api.gradient(text, x=10)) == "inconclusive"


@pytest.mark.parametrize("text", ["asin(1 - x)", "sqrt((1 + x) - 1)", "1/((1 + x) - 1)"])
def test_an_edge_that_exact_arithmetic_meets_too_leaves_nothing_to_compare(text):
    assert verdict_here(text, x=0).reason.startswith("a value or a derivative is not finite")


def test_a_floor_that_rounding_decides_is_no_agreement_for_what_it_multiplies():
    """10 times the double next to 0.3 has the floor 2, and 3.0 in floats."""
    found = verdict_on(report("floor(x*10)*y", x=0.3, y=1))
    assert [float(entry.truth) for entry in found.entries] == [0.0, 2.0]
    assert found.verdict == "inconclusive"


def test_a_kink_that_rounding_meets_does_no_harm_where_the_number_is_right():
    assert verdict_on(report("relu(x*10 - 3)", x=0.3)).verdict == "agrees"


def test_a_kink_at_the_numbers_as_typed_is_told():
    """0.1 + 0.2 is 0.3, and the sum of the doubles is 0.30000000000000004."""
    found = trust.verdict(api.gradient("relu(x - 0.3)", x="0.1+0.2"), 30.0)
    assert (found.verdict, found.typed_kink) == ("agrees", "relu(x - 0.3)")
    found = trust.verdict(api.gradient("where(x == 0.3, 1, x)", x="0.1+0.2"), 30.0)
    assert (found.verdict, found.typed_kink) == ("agrees", "x == 0.3")
    assert found.value_typed == "1.0"
    found = trust.verdict(api.gradient("relu(x - 0.3)", x="0.1+0.25"), 30.0)
    assert (found.verdict, found.typed_kink) == ("agrees", "")


@pytest.mark.parametrize(
    "text", ["where(x/49*49 >= 1, z, 2*z)", "floor(x/49*49)*z", "max(x/49*49, 1)*z*x",
             "relu(x/49*49 - 1)*z", "abs(x/49*49 - 1) + x*z"]
)  # fmt: skip
def test_a_choice_that_floats_miss_is_no_agreement(text):
    """1/49*49 is 1, and 0.9999999999999999 in floats."""
    found = verdict_on(report(text, x=1, z=1))
    assert found.verdict == "inconclusive"
    assert "exact arithmetic" in found.reason


def test_a_part_that_cancels_in_any_number_of_digits_is_not_called_wrong():
    """By hand: sech(x)^2*(2 - 2*x*tanh(x)), which is no double; 1 - tanh(x)^2 has 8,686 zeros."""
    assert trust.check("diff(x*tanh(x), x)", x=1e4).verdict != "disagrees"


@pytest.mark.parametrize(
    ("text", "point", "pole"),
    [
        ("tan(x)", {"x": "pi/2"}, "tan(x)"),
        ("y + 1/sin(x)", {"x": "pi", "y": 1}, "1/sin(x)"),
        ("cot(x)", {"x": "pi"}, "cot(x)"),
        ("log(sin(x))", {"x": "pi"}, "log(sin(x))"),
        ("cos(x)^(-1/2)", {"x": "pi/2"}, "cos(x)^(-1/2)"),
        ("where(y > 0, tan(x), 1)", {"x": "pi/2", "y": -1}, None),
        ("tan(x)", {"x": 1.5}, None),
    ],
)
def test_a_pole_at_the_numbers_as_typed_is_told(text, point, pole):
    """By hand: cos(pi/2) and sin(pi) are 0, and at the doubles next to them they are not."""
    found = trust.verdict(api.gradient(text, point), 30.0)
    assert found.verdict == "agrees"
    assert found.typed_pole is None if pole is None else found.typed_pole[1].startswith(f"{pole} ")


def test_a_cotangent_is_0_between_its_poles():
    assert float(trust.check("cot(x)", x="pi/2").value_typed) == 0


@pytest.mark.parametrize(
    ("text", "pole"),
    [
        ("x*tan(pi/2)", "tan(pi/2)"),
        ("x + csc(pi)", "csc(pi)"),
        ("x*log(sin(pi))", "log(sin(pi))"),
        ("1/((x + 1e16) - 1e16 - 1)", "1/((x + 1e16) - 1e16 - 1)"),
        ("min(x/(((x + 1e16) - 1e16 - 1)*-1e-3), 5)", "x/(((x + 1e16) - 1e16 - 1)*-1e-3)"),
        ("asin(2*((x + 1e16) - 1e16))", "asin(2*((x + 1e16) - 1e16))"),
        ("cbrt((x + 1e16) - 1e16 - 1)", "d/dx"),
        ("where(acos((x + 1e16) - 1e16 + 1) > -1, x, 2*x)", "acos((x + 1e16) - 1e16 + 1)"),
    ],
)
def test_what_has_a_pole_but_for_rounding_is_not_agreed_with(text, pole):
    """By hand: pi is typed, and (1 + 1e16) - 1e16 is 1, and 0 in floats."""
    found = verdict_here(text, x=1)
    assert found.verdict == "inconclusive"
    said = "is not finite" if pole == "d/dx" else "has no finite value"
    assert f"{pole} {said} in exact arithmetic" in found.reason


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("min(1/x, 5)", "the expression is unbounded near x = 0, so d/dx does not exist"),
        ("sign(1/x)", "the expression jumps at x = 0, so d/dx does not exist"),
        ("where(1/x > 0, x, 2*x)", "d/dx is 2 on the left and 1 on the right of a kink"),
        ("where(1/x == inf, x, 2*x)", "but the derivative of the whole expression is 2"),
        ("min(sqrt(x) + sqrt(-x), -1)", "a value at x = 0 and none beside it"),
        ("max(log(x), -1)", ""),
        ("min(1/abs(x), 5)", ""),
        ("x^1.5", ""),
    ],
)
def test_a_part_without_a_finite_value_is_held_by_the_whole(text, said):
    """By hand, from what is beside the point; "" where the chain rule has the whole's slope."""
    found = verdict_here(text, x=0)
    expected = "agrees" if not said else "disagrees" if "whole" in said else "inconclusive"
    assert found.verdict == expected
    assert said in found.reason


@pytest.mark.parametrize("mode", ["jacobian", "hessian", "hvp", "taylor", "jvp"])
def test_no_mode_agrees_beside_a_pole(mode):
    more = {"along": {"x": 1}} if mode in {"hvp", "jvp"} else {}
    found = getattr(api, mode)("min(1/x, 5)", x=0, **more)
    assert [kink.pole for kink in found.point.kinks] == [math.inf]
    assert trust.verdict(found, 30.0).verdict == "inconclusive"


@pytest.mark.parametrize("text", ["min(1/x, 5)", "where(1/x > 0, x^2, 2*x^2)", "x^2.5"])
def test_no_point_is_classified_beside_a_pole_or_at_an_end(text):
    assert api.hessian(text, x=0).curvature.kind.startswith("not classified: ")


@pytest.mark.parametrize(
    ("text", "right"), [("(x + 1e16 - 1e16)^2.5*1", 3.75), ("(x + 1e16 - 1e16)^1.5*1", 0.75)]
)
def test_an_end_that_rounding_meets_is_no_convention(text, right):
    """By hand: x + 1e16 - 1e16 is 1, and 0 in floats."""
    found = trust.verdict(api.hessian(text, x=1), 30.0)
    assert found.verdict != "disagrees"
    assert float(found.entries[0].truth) == right


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("abs(3*x - 1)", "inconclusive"),
        ("relu(3*x - 1) - relu(1 - 3*x)", "disagrees"),
    ],
)
def test_a_series_in_digits_is_held_at_the_numbers_as_typed(text, word):
    """By hand: 3*x is 1 at x = 1/3, and 5.55e-17 less at the double; the second one is 3*x - 1."""
    found = trust.digits(api.taylor(text, x="1/3", order=2), 20)
    verdict = trust.verdict(found, 30.0)
    assert verdict.verdict == word
    assert "e-17" not in verdict.reason


def test_kinks_that_rounding_hides_are_no_truth_and_no_mend():
    """By hand: (1 + 1e16) - 1e16 - 1 is 0, and -1 in floats; the two programs are u and u^2."""
    u = "u = (x + 1e16) - 1e16 - 1; "
    found = api.gradient(u + "relu(u) - relu(-u)", x=1)
    verdict = verdict_on(found)
    assert (verdict.verdict, verdict.entries[0].truth) == ("inconclusive", "")
    assert Measured(found, ["x"]).truths["x"] == [None]
    curved = api.hessian(u + "relu(u)^2 + relu(-u)^2", x=1)
    assert curved.curvature.kind == "not classified: a part has a kink here in exact arithmetic"
    [entry] = trust.verdict(curved, 30.0).entries
    assert entry.truth == ""


def test_what_has_no_value_in_floats_is_not_blamed_on_rounding():
    verdict = trust.verdict(api.jvp("min(x, log(n))", n=-1, x=1, along={"x": 1}), 30.0)
    assert verdict.verdict == "inconclusive"
    assert verdict.reason.startswith("log(n) has no finite value here")


@pytest.mark.parametrize("mode", ["hessian", "hvp", "jvp"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("relu((x + 1e16) - 1e16 - 1)", "is at its kink in exact arithmetic"),
        ("sign(1/((x + 1e16) - 1e16 - 1))", "has no finite value in exact arithmetic"),
    ],
)
def test_what_rounding_hides_is_found_where_derivatives_have_no_trace_of_it(mode, text, said):
    more = {} if mode == "hessian" else {"along": {"x": 1}}
    verdict = trust.verdict(getattr(api, mode)(text, x=1, **more), 30.0)
    assert verdict.verdict == "inconclusive"
    assert said in verdict.reason


@pytest.mark.parametrize(
    "text",
    [
        "cbrt((x + 1e16) - 1e16 - 1)",
        "abs((x + 1e16) - 1e16 - 1)",
        "sign(1/((x + 1e16) - 1e16 - 1))",
        "huber(min(1/((x + 1e16) - 1e16), 4))",
    ],
)
def test_a_series_where_rounding_hides_a_kink_is_no_disagreement(text):
    """By hand: all have a kink or a pole at x = 1, where floats are at -1."""
    assert trust.verdict(api.taylor(text, x=1), 30.0).verdict == "inconclusive"


@pytest.mark.parametrize(
    ("text", "point", "gradient"),
    [
        ("clip(x, 2, 2)^2", {"x": 2}, [0]),
        ("clip(x, 0, 0)*y", {"x": 0, "y": 1}, [0, 0]),
        ("sum(clip(x, 1, 1))", {"x": [1, 2]}, [[0, 0]]),
        ("clip(x, y, 1)", {"x": 5, "y": 1}, [0, 0]),
        ("clip(x, x, x)", {"x": 1}, [1]),
        ("leaky_relu(x, y)", {"x": 0, "y": 1}, [1, 0]),
    ],
)
def test_where_bounds_or_slopes_are_one_there_is_no_kink(text, point, gradient):
    """By hand: clip(x, c, c) is c, clip(x, x, x) is x, and leaky_relu(x, 1) too."""
    found = api.gradient(text, point)
    assert [np.array(slope).tolist() for slope in found.gradient.values()] == gradient
    assert word_on(found) == "agrees"


@pytest.mark.parametrize("step", [-1, 1])
def test_inputs_that_turn_together_alone_never_agree(step):
    """clip(1 + t, 1 + t, 1) is min(1 + t, 1), which no chain rule tells from 1."""
    found = api.jvp("clip(x, y, 1)", x=1, y=1, along={"x": step, "y": step})
    assert word_on(found) == "inconclusive"
    with pytest.raises(KinkError):
        api.gradient("clip(x, y, 1)", x=1, y=1, at_kinks="error")


@pytest.mark.parametrize(("text", "at"), [("clip(x, x, 1)", 1), ("diff(relu(x)^3, x)", 0)])
def test_the_series_of_two_sides_is_none(text, at):
    """min(x, 1) is x on the left of 1, and 1 on the right; 3*relu(x)^2 is 0 on the left of 0."""
    verdict = trust.verdict(api.taylor(text, by="x", order=2, x=at), 600.0)
    assert (verdict.verdict, verdict.findings[0].kind) == ("inconclusive", "sides")


@pytest.mark.parametrize("x", [-7.064353689756538e-112, -1e-300])
def test_what_sympy_loses_to_squares_of_inverses_is_no_difference(x):
    """SymPy's acsch(x) is log(1/x + sqrt(1 + 1/x^2)); its slope is -1/(|x|*sqrt(1 + x^2))."""
    verdict = verdict_here("2*acsch(x)^2 + s*acsch(x)", x=x, s=1.5)
    assert verdict.verdict == "agrees"


def test_symbols_are_rounded_to_no_fewer_digits_than_cancel():
    """By hand: with X = x^2*1e200 + 1 the derivative by X is Y/(X + Y - 1), so 1e-6 less 1e-12.

    X has 207 digits, and what cancels in X*Y - (x*y*1e200)^2 is all but the last.
    """
    text = "log((x^2*1e200 + 1)*(y^2*1e200 + 1) - (x*y*1e200)^2)"
    assert trust.check(text, x=1000, y=1).verdict == "agrees"


@pytest.mark.parametrize(
    "text", ["exp(x)", "exp(x) + exp(y)", "y + 1 - cosh(x)", "exp(x) - exp(x + y)"]
)
def test_a_number_that_is_too_large_for_digits_is_told_as_that(text):
    """There is no choice in exp, which has no pole either."""
    result = trust.verdict(api.gradient(text, x=1e200, y=0), 30.0)
    assert result.verdict == "inconclusive"
    [finding] = result.findings
    assert finding.kind == "beyond"
    assert "too large to be worked out in digits" in result.reason
