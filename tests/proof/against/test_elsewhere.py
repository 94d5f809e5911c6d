"""Gradients as other programs compute them: their rules, written here in NumPy, lose digits.

The rules are those of PyTorch's derivatives.yaml and of JAX's jax.nn and jax.lax, or of books; that
they are right in exact arithmetic, and the true slopes beside them, mpmath says in 60 digits.
"""

import numpy as np
import pytest
from mpmath import mp

import backpropcli as bp
from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.graph.arrays import TABLE_OF_ARRAYS
from backpropcli.proof.against.explained import Form, gradients

U = float(np.sqrt(2 / np.pi))  # a plain number keeps the precision of arrays


def gelu_tanh(x):
    t = np.tanh(U * (x + 0.044715 * x**3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * U * (1 + 3 * 0.044715 * x * x)


def silu(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 + x * (1 - s))


RULES = {
    "sinc(x)": (lambda x: (np.cos(x) - np.sin(x) / x) / x, [1e-9, -1e-6, 0.5, 30.0]),
    "gelu_tanh(x)": (gelu_tanh, [-9.0, -5.5, -0.3, 2.0]),
    "expm1(x)": (lambda x: np.expm1(x) + 1, [-30.0, -9.0, 1e-9, 3.0]),
    "elu(x)": (lambda x: np.where(x > 0, 1.0, np.expm1(x) + 1), [-30.0, -9.0, 0.5]),
    "elu(x, 2)": (lambda x: np.where(x > 0, 1.0, 2 * np.expm1(x) + 2), [-30.0, -9.0, 0.5]),
    "selu(x)": (
        lambda x: np.where(x > 0, 1.0507009873554805, 1.7580993408473768 * (np.expm1(x) + 1)),
        [-30.0, -9.0, 0.5],
    ),
    "silu(x)": (silu, [-30.0, -1.2785, 0.3, 9.0]),
    "logcosh(x)": (lambda x: 1 - 2 / (1 + np.exp(2 * x)), [1e-9, -1e-4, 0.3, 20.0]),
    "tanh(x)": (lambda x: 1 - np.tanh(x) ** 2, [-9.0, 0.3, 18.0]),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", RULES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_rules_of_other_programs_lose_is_rounding(text, dtype):
    """Each element alone, and all: none is wrong; what has lost all digits is told as that."""
    rule, points = RULES[text]
    x = np.array(points, dtype)
    found = rule(x)
    assert found.dtype == dtype
    for at in (slice(None), *[slice(one, one + 1) for one in range(len(x))]):
        [one] = bp.check_against(f"sum({text})", {"x": found[at]}, {"x": x[at]}).answers
        assert one.status == "holds" or "leaves no digit of" in one.reason, (x[at], one.times)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", RULES)
def test_a_wrong_gradient_stays_wrong(text):
    rule, points = RULES[text]
    x = np.array(points)
    true = rule(x)
    for wrong in (2 * true, -true, true[::-1].copy(), true + 1e-3):
        [one] = bp.check_against(f"sum({text})", {"x": wrong}, {"x": x}).answers
        assert one.status == "wrong"
    for moved in (0.3, -2.5):  # a number with digits, off by 1e-9 of itself
        x = np.array([moved])
        [one] = bp.check_against(f"sum({text})", {"x": rule(x) * (1 + 1e-9)}, {"x": x}).answers
        assert one.status == "wrong"


def test_lgamma_beside_the_zero_of_digamma():
    """PyTorch's lgamma at 1.4616: digamma by its recurrence keeps 11 digits beside its zero."""
    with mp.workdps(30):
        true = mp.digamma(mp.mpf(1.4616))
        steps = sum((1 / (mp.mpf(1.4616) + k) for k in range(9)), mp.mpf(0))
        assert abs(mp.digamma(mp.mpf(1.4616) + 9) - steps - true) < 1e-25
        true = float(true)
    assert abs(true) < 1e-4  # so an ulp of the terms, 2e-16, is 7e-12 of it
    for off, status in ((3e-16, "holds"), (1e-9, "wrong")):
        [one] = bp.check_against("lgamma(x)", {"x": true + off}, x=1.4616).answers
        assert one.status == status


def test_rules_of_other_programs_are_right():
    """In 60 digits they are the derivatives: mpmath differentiates the functions numerically."""
    functions = {
        "expm1": (mp.expm1, lambda _x, out: out + 1),
        "logcosh": (lambda x: mp.log(mp.cosh(x)), lambda x, _out: 1 - 2 / (1 + mp.exp(2 * x))),
        "lgamma": (mp.loggamma, lambda x, _out: mp.digamma(x + 1) - 1 / x),
        "elu": (mp.expm1, lambda _x, out: out + 1),
        "selu": (
            lambda x: mp.mpf("1.7580993408473768") * mp.expm1(x),
            lambda _x, out: out + mp.mpf("1.7580993408473768"),
        ),
    }
    told = {name for name, row in TABLE_OF_ARRAYS.items() if row._elsewhere}  # noqa: SLF001 (a row's cells)
    assert told == functions.keys()
    with mp.workdps(60):
        for name, (function, rule) in functions.items():
            for x in (mp.mpf("-0.7"), mp.mpf("-2.25")) if name in {"elu", "selu"} else (mp.mpf(2),):
                slope = mp.diff(function, x)
                assert abs(rule(x, function(x)) - slope) < mp.mpf(10) ** -25
                text = f"{name}(x)"
                row = bp.gradient(text, x=float(x)).gradient["x"]
                assert abs(row - slope) < 1e-14 * abs(slope)


def test_functions_written_out_have_the_same_gradient():
    """Also where their parts are at kinks: there the sum of what these choose is the slope."""
    names = [
        *("sinc", "sec", "csc", "cot", "sech", "csch", "coth", "logcosh", "log1mexp", "erfcx"),
        *("ndtr", "log_ndtr", "sigmoid", "softplus", "logsigmoid", "gelu", "gelu_tanh", "silu"),
        *("mish", "softsign"),
    ]
    points = [-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0]
    texts = [f"{name}(x)" for name in names] + ["logaddexp(x, x^2)", "logaddexp(x, 1)"]
    for text in texts:
        for x in points:
            report = bp.gradient(text, x=x)
            form = Form(report.graph, report.wrt, report.seeds).elsewhere()
            if not np.isfinite(report.gradient["x"]):
                continue
            found = gradients(form.graph, report.bindings, form.wrt, form.seeds, FLOATS)["x"]
            assert float(found) == pytest.approx(report.gradient["x"], rel=1e-11, abs=1e-13), (
                text,
                x,
            )


def test_a_kink_has_no_wider_limit():
    """A function that chooses a slope is not written out as others, which choose other ones."""
    for text, x in (("clip(x, 0, 1)", 0.0), ("relu6(x)", 6.0), ("hypot(x, 0)", 0.0)):
        [one] = bp.check_against(text, {"x": 1.0}, x=x).answers
        assert (one.status, one.rounding < 1e-15) == ("open", True)


def test_tiny_gradients_have_their_digits():
    """Squares of 1e-196 are 0: the spread is no square."""
    x = np.array([-30.0])
    by_the_book = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    moved = by_the_book * (1 + 4e-14)  # as x^2 rounds: 450 is a factor of the exponential's error
    for value, status in ((by_the_book, "holds"), (moved, "holds"), (2 * by_the_book, "wrong")):
        [one] = bp.check_against("sum(ndtr(x))", {"x": value}, {"x": x}).answers
        assert one.status == status


def test_the_element_without_digits_is_named():
    """asin at 0.9999999 in float32: 1 - x^2 has two digits there, and the others have seven."""
    x = np.array([-0.7, 0.5, 0.9999999], np.float32)
    found = 1 / np.sqrt(1 - x * x)
    [one] = bp.check_against("sum(asin(x))", {"x": found}, {"x": x.astype(float)}).answers
    assert (one.status, one.element) == ("open", "x[2]")
    assert one.reason == "rounding in float32 leaves no digit of d/dx[2]"
    assert one.claimed == float(found[2])
