"""What is said of kinks, of the whole expression there, and of nan and inf: slopes are by hand."""

from __future__ import annotations

import json

import pytest
from mpmath import mp, mpf

from tests.reference import validator


@pytest.fixture
def told(backprop):
    """Return what runs the tool, and returns what stands below the gradient as one text."""

    def run(*words):
        shown = backprop(*words, "--no-check", "--view", "table")
        return " ".join(shown.rpartition("\n\n")[2].split())

    return run


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("abs(x)", "x=0"),
            (
                "abs(x) is not differentiable at x = 0: slope -1 on the left, 1 on the right; "
                "0 is used, as PyTorch does"
            ),
        ),
        (
            ("relu(x)", "x=0"),
            (
                "relu(x) is not differentiable at x = 0: slope 0 on the left, 1 on the right; "
                "0 is used, as PyTorch and JAX do"
            ),
        ),
        (
            ("3*max(a, b)", "a=2", "b=2"),
            (
                "max(a, b) is not differentiable at a = 2 and b = 2: for each, slope 0 on the "
                "left, 1 on the right; 0.5 is used, as PyTorch and JAX do"
            ),
        ),
        (
            ("clip(x, 0, 1)", "x=1"),
            (
                "clip(x, 0, 1) is not differentiable at x = 1: slope 1 on the left, "
                "0 on the right; 0 is used, as PyTorch (from 2.14) does"
            ),
        ),
        (
            ("hardswish(x)", "x=3"),  # x*(x + 3)/6 has slope 1.5 there, and x has 1
            (
                "hardswish(x) is not differentiable at x = 3: slope 1.5 on the left, "
                "1 on the right; 1 is used"
            ),
        ),
        (
            ("floor(2*x)", "x=1.5"),
            "floor(2*x) jumps at 2*x = 3; its slope is taken as 0, as PyTorch and JAX do",
        ),
        (  # it is 0 there, and x^2 tends to 0
            ("where(x, x^2, 0)", "x=0"),
            (
                "where(x, x^2, 0) changes branch at x = 0; its slope is taken as 0, "
                "as PyTorch and JAX do"
            ),
        ),
        (  # x^x itself tends to 1
            ("x^x", "x=0"),
            "x^x jumps at x = 0 if one input alone moves; its slope is taken as -inf",
        ),
        (("x^y", "x=0", "y=0"), "x^y jumps at y = 0; its slope is taken as -inf"),
        (
            ("1 + sqrt(x)", "x=0"),
            (
                "sqrt(x) ends at x = 0: slope inf on the right, none on the left; inf is used, "
                "as PyTorch and JAX do"
            ),
        ),
        (
            ("x and y", "x=0", "y=0"),
            ("x and y jumps at x = 0 and y = 0; each slope is taken as 0, as PyTorch and JAX do"),
        ),
        (
            ("hypot(x, x)", "x=0"),
            (
                "hypot(x, x) is not differentiable at x = 0 if one input alone moves: for each "
                "input, slope -1 on the left, 1 on the right; 0 is used"
            ),
        ),
        (  # both are x, on either side
            ("clip(x, x, 2)", "x=1"),
            (
                "clip(x, x, 2) is not differentiable at x = 1 if one input alone moves: slope 0 on "
                "the left, 1 on the right; 1 is used"
            ),
        ),
        (  # that is abs(x) near 0
            ("copysign(x, x + 2)", "x=0"),
            "copysign(x, x + 2) is not differentiable at x = 0: slope -1 on the left, 1 on the",
        ),
        (
            ("copysign(x, y)", "x=0", "y=1"),
            "copysign(x, y) is not differentiable at x = 0: slope -1 on the left, 1 on the right",
        ),
        (
            ("diff(abs(x), x)*y", "x=0", "y=1"),
            (
                "inside a derivative, abs(x) is not differentiable at x = 0: slope -1 on the left, "
                "1 on the right; 0 is used, as PyTorch does"
            ),
        ),
        (
            ("exp(800 + x)", "x=0"),
            "not finite: overflow: exp(800 + x) is 2.72637e347, and doubles",
        ),
        (("acos(x + 2)", "x=0"), "not finite: acos(x + 2) needs abs(x + 2) <= 1, but x + 2 is 2"),
        (("diff(relu(x)*log(x), x)", "x=-1"), "not finite: log(x) needs x > 0, but x is -1"),
        (("diff(relu(x)*logit(x), x)", "x=-2"), "not finite: logit(x) needs x > 0, but x is -2"),
        (("log(x - y)", "x=1", "y=2"), "not finite: log(x - y) needs x - y > 0, but x - y is -1"),
        (("sqrt(-1)",), "not finite: sqrt(-1) needs -1 >= 0 "),
        (("sin(x)/x", "x=0"), "not finite: 0/0 has no value"),
        (
            ("sqrt(x)*y", "x=0", "y=1"),
            "the gradient is not finite: the local derivative of sqrt(x) is infinite here",
        ),
    ],
    ids=lambda item: item[0] if isinstance(item, tuple) else "",
)
def test_a_sentence_as_a_person_says_it(words, sentence, told):
    assert sentence in told(*words)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("x*abs(x)", "x=0"), "the whole expression: d/dx is 0"),
        (("x^x", "x=0"), "the whole expression: it ends at x = 0, with slope -inf on the right"),
        (
            ("hypot(x, x)", "x=0"),  # sqrt(2)*abs(x)
            "the whole expression: d/dx is -1.41421 on the left, 1.41421 on the right",
        ),
        (("relu(x) - relu(-x)", "x=0"), "the whole expression: d/dx is 1"),
        (
            ("abs(x - y)", "x=1", "y=1"),
            "the whole expression: d/dx and d/dy are -1 on the left, 1 on the right",
        ),
        (("sin(x)/x", "x=0"), "the whole expression: it tends to 1 on both sides of x = 0"),
        (("floor(x) + x", "x=2"), "the whole expression: it jumps at x = 2"),
        (("erfinv(2*x)", "x=0.5"), "the whole expression: it grows without bound at x = 0.5"),
        (("erfinv(x)", "x=2"), "the whole expression: it has no value near x = 2"),
        (
            ("1/erfinv(x)", "x=1"),  # it tends to 0, with an infinite slope
            "the whole expression: d/dx is not known (a pole of erfinv)",
        ),
        (("y*sqrt(x)", "x=0", "y=3"), "it ends at x = 0, with slope inf on the right"),
        (
            ("1/x + x", "x=0"),
            "it falls without bound on the left of x = 0, and grows on the right",
        ),
        (("1/x^2", "x=0"), "the whole expression: it grows without bound at x = 0"),
        (  # digamma(x) = digamma(x + 1) - 1/x
            ("digamma(x)", "x=0"),
            "it grows without bound on the left of x = 0, and falls on the right",
        ),
        (("where(x > 0, 1/x, x)", "x=0"), "it grows without bound on the right of x = 0"),
        (("erfinv(2*x)", "x=-0.5"), "the whole expression: it falls without bound at x = -0.5"),
        (("log(x) - x", "x=0"), "the whole expression: it falls without bound at x = 0"),
        (("x^y", "x=-2", "y=2"), "the whole expression: d/dx is -4; it has no value beside y = 2"),
        (("log(x) + 1", "x=-2"), "the whole expression: it has no value near x = -2"),
        (("exp(x)/exp(700)/exp(200)", "x=900"), "the whole expression: it is 1, and d/dx is 1"),
        (  # along each axis it is the size of one number
            ("norm(x)", "x=[0,0,0]"),
            "d/dx[0], d/dx[1] and d/dx[2] are -1 on the left, 1 on the right",
        ),
        (
            ("sum(abs(x))", "x=[0,0,0,0,0,0,0]"),
            "and d/dx[4] are -1 on the left, 1 on the right; other elements are not looked at",
        ),
        (
            ("relu(sum(x))", "x=[0,0,0,0,0,0]"),
            "and d/dx[4] are 0 on the left, 1 on the right; other elements are not looked at",
        ),
    ],
    ids=lambda item: item[0] if isinstance(item, tuple) else "",
)
def test_what_the_whole_expression_has(words, sentence, told):
    assert sentence in told(*words)


@pytest.mark.parametrize("text", ["abs(x)", "f = relu(x)", "floor(x)"])
def test_what_is_its_own_kink_is_told_once(text, told):
    assert "the whole expression" not in told(text, "x=0")


def test_of_several_outputs_the_one_that_is_meant_is_named(backprop):
    shown = backprop("jacobian", "(x + 1, relu(x) - relu(-x))", "x=0", "--no-check")
    assert "\nrelu(x) - relu(-x): d/dx is 1\n" in shown
    shown = backprop("hessian", "(x*abs(x), 3*x + y)", "x=0", "y=1", "--no-check")
    assert "3*x + y: " not in shown


def test_what_follows_from_a_cause_is_not_told(told):
    assert "the gradient is not finite" not in told("log(x)*y", "x=-1", "y=2")


def test_a_kink_is_told_in_json(backprop):
    [kink] = json.loads(backprop("abs(x - 1)", "x=1", "--json"))["kinks"]
    assert (kink["by"], kink["at"], kink["peers"]) == ("x - 1", 0, "PyTorch")
    assert kink["answers"] == {"PyTorch": 0, "JAX": 1, "TensorFlow": 0, "SymPy": 0}
    assert (kink["subgradients"], kink["why"]) == ([-1, 1], "the subgradient of smallest norm")
    [kink] = json.loads(backprop("mod(x, 3)", "x=6", "--json"))["kinks"]
    assert (kink["peers"], kink["subgradients"]) == ("PyTorch and JAX", None)


def test_of_the_peers_those_are_named_that_take_the_slope_used(told):
    assert "0 is used, as PyTorch and JAX do" in told("relu(x)", "x=0")
    assert "0 is used, as PyTorch does" in told("abs(x)", "x=0")
    assert told("hypot(x, y)", "x=0", "y=0").endswith("0 is used")


def test_a_kink_of_two_elements_with_other_sides_is_told_by_each(told):
    """The least of 3, 1, 1 goes with the second element to the left, and with the third."""
    said = told("sort(x)[0]", "x=[3,1,1]")
    assert said.count("is not differentiable at") == 2
    assert "more" not in said


def test_what_goes_by_an_order_is_told_by_its_own_name(backprop):
    """There is no comparison in the programs; the slopes of sort are 1 and 0, and argmax jumps."""
    for call in ("sort(x)", "topk(x, 1)", "x*argmax(x)"):
        said = " ".join(backprop("jacobian", call, "x=[2,2]", "--no-check").split())
        name = call.removeprefix("x*")
        ends = "; the slopes are those of their order"
        assert f"{name} has equal elements at " in said
        assert ends in said
        assert "<" not in said.replace("<backprop", "")
        assert "slope is taken as 0" not in said
    kinks = json.loads(backprop("jacobian", "sort(x)", "x=[2,2]", "--json", "--no-check"))["kinks"]
    assert {(one["label"], one["order"]) for one in kinks} == {("x[1] < x[0]", "sort(x)")}
    near = backprop("sum(sort(x)*[1,2])", "x=[1,3]", "--kinks", "--no-check")
    assert "x[0]  sort(x) at x[0] = 3, 2 away" in near


def test_a_comparison_of_the_program_still_jumps(backprop):
    said = backprop("jacobian", "where(x[0] < x[1], x, 2*x)", "x=[2,2]", "--no-check")
    assert "x[0] < x[1] jumps at" in said


def test_a_matrix_that_is_not_symmetric_is_noted(backprop):
    """NumPy and PyTorch read the lower triangle, which gives 3; JAX has 2.5."""
    note = "is not symmetric: cholesky("
    for where in ("A", "A + 0"):
        call = f"cholesky({where})[1,0]"
        found = json.loads(backprop(call, "A=[[1,2],[3,10]]", "--json", "--no-check"))
        assert found["value"] == 2.5
        assert [note in one for one in found["warnings"]] == [True]
    for text in ("cholesky(B@B.T)[1,0]", "cholesky((B + B.T)/2)[1,0]"):
        found = json.loads(backprop(text, "B=[[1,2],[3,10]]", "--json", "--no-check"))
        assert found["warnings"] == []


def test_a_kink_by_two_inputs_that_are_one_is_told_once(told):
    assert told("(x and x) + x", "x=0").count("jumps") == 1


def test_nobody_takes_an_infinite_slope_who_has_a_finite_one(told):
    """As measured, PyTorch and JAX have 0 for d/dx of 0^x at 0; the slope on the left is -inf."""
    text = told("0^x", "x=0")
    assert "its slope is taken as -inf" in text
    assert "PyTorch" not in text


def test_an_input_that_rounds_to_a_pole_is_no_overflow(told):
    """By mpmath: 1 - tanh(30) is 1.75130e-26, and the doubles next to 1 are 1.1e-16 away."""
    assert "rounding: tanh(x) is 1 - 1.7513e-26, but 1 in floats" in told("atanh(tanh(x))", "x=30")
    found = told("asin(10*x - 2)", "x=0.3")  # the double is 1.1e-17 below 3/10
    assert "rounding: 10*x - 2 is 1 - 1.11022e-16, but 1 in floats" in found
    assert "overflow: exp(x) is 2.72637e347" in told("exp(x)", "x=800")


@pytest.mark.slow
@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "x", "function"),
    [
        ("1/(1+exp(-x))", -800, lambda x: 1 / (1 + mp.exp(-x))),
        ("x/exp(x)", 800, lambda x: x / mp.exp(x)),
        ("1/(1+exp(x))", 750, lambda x: 1 / (1 + mp.exp(x))),
    ],
)
def test_what_only_a_double_rounds_to_0_is_told_with_its_digits(backprop, text, x, function):
    """The slopes are mpmath's differences."""
    with mp.workdps(30):
        slope, second = (mp.nstr(mp.diff(function, x, order), 6) for order in (1, 2))
    found = " ".join(backprop(text, f"x={x}", "--check").split())
    assert f"the whole expression: d/dx is {slope} " in found
    assert " agrees, but for rounding: " in found
    assert f"rounding costs digits: d/dx is {slope} (none right)" in found
    assert f"\nx  {second}\n" in backprop("hessian", text, f"x={x}")
    written = json.loads(backprop("hessian", text, f"x={x}", "--json"))
    assert (written["whole"]["x"]["slope"], written["whole_hessian"]) == (slope, [[second]])
    validator("hessian").validate(written)


@pytest.mark.slow
def test_with_digits_a_verdict_is_on_them(backprop):
    """By mpmath the slope is exp(-800) in 20 digits, which no double holds."""
    found = backprop("1/(1+exp(-x))", "x=-800", "--check", "--digits", "20")
    with mp.workdps(30):
        assert f"d/dx  {mp.nstr(mp.exp(-800), 20)}" in found
    assert "\nagrees: " in found


def test_a_series_keeps_terms_that_only_a_double_rounds_to_0(backprop):
    with mp.workdps(30):
        term = mp.nstr(mp.exp(-800), 20)
    assert f"{term} - {term}*h + O(h^2)" in backprop(
        "taylor", "exp(-x)", "x=800", "--order", "1", "--digits", "20"
    )


def test_overflow_and_poles_are_told_apart(told):
    """By mpmath lgamma(1e307) is 7.05894e309; beta(x, 1) is 1/x."""
    with mp.workdps(30):
        value = mp.nstr(mp.loggamma(mpf(1e307)), 6).replace("+", "")
    assert f"overflow: lgamma(x) is {value}" in told("lgamma(x)+y", "x=1e307", "y=1")
    assert "beta(x,y) has a pole here" in told("1/beta(x,y)", "x=0", "y=1")


def test_a_domain_says_what_is_lacking(told):
    found = told("beta(x,y)", "x=0.5", "y=-0.4")
    assert "beta(x,y) needs y > 0, but y is -0.4" in found
    assert "it has no value near y" in found
    assert "polygamma(n,x) needs n >= 0, but n is -1" in told("polygamma(n,x)", "n=-1", "x=2")


def test_a_tangent_tells_the_first_cause_of_values(told):
    found = told("jvp", "1/(1+exp(-x))", "x=-800", "--along", "x=1")
    assert "not finite: overflow: exp(-x) is 2.72637e347" in found


def test_nan_is_not_mended(backprop):
    assert "mend" not in backprop("x - x", "x=nan", "--check")


def test_kinks_that_are_not_listed_belong_to_no_slopes(backprop):
    """Of seven equal elements the first alone has slope 1 on the left; two are not listed."""
    told = " ".join(backprop("sort(x)[3]", "x=zeros(7)", "--no-check").split())
    assert "at x[0] = 0: slope 1 on the left" in told
    assert "x[4] = 0; 1 is used, as PyTorch and JAX do; 2 more places are not listed" in told
