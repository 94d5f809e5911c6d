"""What is suggested is right: the digits, the programs, and that nothing is where nothing helps."""

import json
import subprocess
import sys

import pytest

import backpropcli as bp
from backpropcli.arithmetics.balls.ball import ZERO
from backpropcli.proof.mends.exact import Limits
from backpropcli.proof.mends.search import mended
from tests.reference import validator

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]


@pytest.mark.parametrize(
    ("text", "point", "program"),
    [
        ("log(exp(w*x) + 1)", {"w": 100, "x": 10}, "softplus(w*x)"),
        ("u = exp(x)\nu - 1", {"x": 1e-20}, "expm1(x)"),
        ("def f(t) = log(1 + exp(t)); f(x)", {"x": 1000}, "softplus(x)"),
        ("def s(t) = log(1 + exp(t)); def f(t) = s(t); f(x)", {"x": 1000}, "softplus(x)"),
        ("(1 + x)^3 - 1", {"x": 1e-15}, "x*(3 + 3*x + x^2)"),
        ("(-b + sqrt(b*b - 4*a*c))/(2*a)", {"a": 1, "b": 1e8, "c": 1},
         "-(2*c/(b + sqrt(b*b - 4*a*c)))"),
        ("(-b - sqrt(b^2 - 4*a*c))/(2*a)", {"a": 1, "b": -1e8, "c": 1},
         "2*c/(sqrt(b^2 - 4*a*c) - b)"),
        ("2 - 2*cos(x) + y", {"x": 1e-9, "y": 0}, "y + 4*sin(x/2)^2"),
        ("e*(exp((a + b)*e) - 1)/((exp(a*e) - 1)*(exp(b*e) - 1))", {"a": 1, "b": 2, "e": 1e-12},
         "e*expm1((a + b)*e)/(expm1(a*e)*expm1(b*e))"),
        ("x/(x + 1) - (x + 1)/(x - 1)", {"x": 1e9}, "(-(3*x) - 1)/((x + 1)*(x - 1))"),
        ("(x + y) - x", {"x": 1e20, "y": 1}, "y"),
        ("(x*y + z) - (1 + (x*y + z))", {"x": 1e10, "y": 1e10, "z": 1}, "-1"),
        ("-log(softmax(z)[1])", {"z": [1000, 1]}, "-log_softmax(z)[1]"),
        ("log(softmax(z)[:1])@[2]", {"z": [1, 1000]}, "log_softmax(z)[:1]@[2]"),
        ("-log(exp(z[0])/sum(exp(z)))", {"z": [1, 1000]}, "-log_softmax(z)[0]"),
    ],
)  # fmt: skip
def test_patterns_are_found_in_any_order_and_through_names(text, point, program):
    assert bp.rewrite(text, point).program == program


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("log(1 + exp(x))", {"x": 1}),  # both have all digits
        ("x - sin(x)", {"x": 1e-8}),  # no pattern
        ("log(x)", {"x": -1}),  # no value in exact arithmetic either
        ("1/x", {"x": 0}),
        ("exp(x) - 1.0000001", {"x": 1e-7}),
        ("log(gamma(x))", {"x": -150.5}),  # the pattern needs x > 0
        ("exp(1000*x)", {"x": 1}),  # no double is as large
    ],
)
def test_nothing_is_suggested_where_nothing_helps(text, point):
    found = bp.rewrite(text, point)
    assert found.steps == []
    assert found.program == text
    assert bool(found.why) == (text == "log(1 + exp(x))")  # what overflows has lost its digits


def test_a_condition_holds_in_all_elements():
    """log(-2*-3) has a value, log(-2) has none; sqrt(x^2 + 1) - x loses nothing where x < 0."""
    assert bp.rewrite("log(prod(x))", x=[1e-200, 1e-200]).program == "sum(log(x))"
    assert not bp.rewrite("log(prod(x))", x=[-1e-200, -1e-200]).steps
    assert bp.rewrite("sum(sqrt(x^2 + 1) - x)", x=[1e8, 2e8]).steps
    assert not bp.rewrite("sum(sqrt(x^2 + 1) - x)", x=[1e8, -2e8]).steps


def test_two_mends_that_help_only_together():
    """Binary cross-entropy from logits, where both logarithms are of 0."""
    text = "-mean(y*log(sigmoid(z)) + (1 - y)*log(1 - sigmoid(z)))"
    found = bp.rewrite(text, y=[1, 0], z=[-900, 900])
    assert found.program == "-mean(y*logsigmoid(z) + (1 - y)*logsigmoid(-z))"


def test_a_condition_stays_where_there_is_no_time_to_leave_it_out(monkeypatch):
    """sqrt(x^2 + 1) - x is 1/(sqrt(x^2 + 1) + x) for x < 0 too, which takes points to see."""
    found = bp.rewrite("sqrt(x^2 + 1) - x", x=1e8)
    assert [step.condition for step in found.steps] == [""]
    monkeypatch.setattr("backpropcli.proof.mends.exact.SAMPLING", -1.0)
    found = bp.rewrite("sqrt(x^2 + 1) - x", x=1e8)
    assert [step.condition for step in found.steps] == ["x > 0"]


def test_what_is_not_proved_is_not_called_missing():
    """tan(2*pi) is 0, which balls do not prove; x*log(x) has no value at 0."""
    assert not bp.rewrite("b*tan(pi*(2*a))", a=1, b=1521.8).extends
    assert bp.rewrite("x*log(x)", x=0).extends


@pytest.mark.parametrize(
    ("text", "point", "program"),
    [
        ("log(x)/log(2*x)", {"x": 0}, ""),  # 1: log(x)/(log(2) + log(x))
        ("log(x)/log(x^2)", {"x": 0}, ""),  # 1/2
        ("log(x)*(1/log(x))", {"x": 0}, ""),  # 1
        ("(x != 0)*(sin(x)/x)", {"x": 0}, ""),  # 1, and what a condition chooses is 0
        ("x*log(y)", {"x": 0, "y": -1}, ""),  # it has no value near by
        ("x*log(y)", {"x": 0, "y": 0}, "xlogy(x, y)"),  # 0 on each line on which it has values
        ("-sum(p*log(q))", {"p": [0, 1], "q": [0, 1]}, "-sum(xlogy(p, q))"),
        ("sqrt(x)*log(x)", {"x": 0}, "xlogy(sqrt(x), x)"),  # 0, from the right
        ("x^2*log(x)", {"x": 0}, "x*xlogy(x, x)"),
        ("tan(x)/sin(x)", {"x": 0}, "1/cos(x)"),
        ("(x > 0)*(sin(x)/x)", {"x": 0}, "where(x > 0, sin(x)/x, 0)"),  # 0 from the left
        ("(x > 0)*log(x)", {"x": 0}, "where(x > 0, log(x), 0)"),  # masked: 0 is what is meant
    ],
)
def test_a_mend_has_the_limit_where_the_program_has_no_value(text, point, program):
    """The limits are those of books: x^a*log(x) goes to 0, sin(x)/x to 1."""
    found = bp.rewrite(text, point)
    assert found.program == (program or text)
    assert found.extends is bool(program)


def test_a_pattern_of_arrays_passes_by_a_number():
    """log_softmax needs an axis, and x has none: of one number it would be log(1)."""
    assert not bp.rewrite("mean(log(exp(x)/sum(exp(x)))*w)", x=1000, w=[1, 2]).steps


def test_a_long_condition_is_tested_as_it_is():
    """Text of more than 60 characters is shortened where it is shown, and only there."""
    terms = " + ".join(f"coefficient{at}*x" for at in range(8))
    text = f"sqrt(({terms})^2 + 1) - ({terms})"
    point = {f"coefficient{at}": 1.0 for at in range(8)} | {"x": 1e8}
    assert bp.rewrite(text, point).steps
    assert bp.rewrite(text, point | {"x": -1e8}).program == text


def test_a_derivative_by_a_named_intermediate_stays_by_that_name():
    found = bp.rewrite("a = 2*x; sqrt(a^2 + y) - a", x=1e8, y=1, wrt=["a"])
    assert found.program == "a = 2*x\ny/(sqrt(a^2 + y) + a)"
    assert not bp.rewrite("a = 2*x; sqrt(a^2 + y) - 2*x", x=1e8, y=1, wrt=["a"]).steps


@pytest.mark.parametrize(
    ("text", "point", "known"),
    [
        ("(x > 0)*log(x)", {"x": 0}, [""]),  # the value is chosen; log has no slope at 0
        ("x*log(y)", {"x": 0, "y": 0}, [""]),
        ("abs(x)*log(abs(x))", {"x": 0}, [""]),
        ("sqrt(x^2 - y^2)", {"x": 1e200, "y": 1e200}, [""]),
        ("sin(x)/x", {"x": 0}, ["", "x"]),  # sinc has a slope there, 0
        ("log(exp(1000 + abs(x)))", {"x": 0}, ["", "x"]),  # the same kink in both
    ],
)
def test_what_is_chosen_at_a_kink_is_no_digit_won(text, point, known):
    found = bp.rewrite(text, point)
    assert found.steps
    assert [name for name, digits in found.after.items() if digits is not None] == known


@pytest.mark.parametrize(
    ("text", "point"), [("sqrt(x^2)", {"x": 0}), ("sqrt(x^2 + y^2)", {"x": 0, "y": 0})]
)
def test_a_slope_that_only_a_choice_makes_finite_mends_nothing(text, point):
    assert not bp.rewrite(text, point).steps


def test_slopes_at_kinks_stay_those_asked_for():
    """With the slope of abs taken from the right, d/dx is 1 before and after."""
    found = bp.gradient("abs(x) + log(1 + exp(y))", x=0, y=1000, at_kinks="right")
    assert mended(found).program == "abs(x) + softplus(y)"


@pytest.mark.parametrize(
    ("dtype", "text", "x", "most"),
    [
        ("float16", "log(1 + exp(x))", 20, 3.4),  # 11 bits are 3.3 digits; exp(20) is beyond 65504
        ("bfloat16", "exp(x) - 1", 1e-3, 2.5),  # 8 bits are 2.4 digits
        ("float32", "mean(x^2) - mean(x)^2", [1000, 1001, 1002], 7.3),
    ],
)
def test_digits_are_those_of_the_format(dtype, text, x, most):
    found = mended(bp.gradient(text, x=x, dtype=dtype))
    assert found.steps
    assert found.before[""] < 2
    assert most - 1 < found.after[""] < most


def test_the_digits_are_those_that_a_person_counts():
    """sqrt(1e12 + 1) - sqrt(1e12) is 4.999999999998750e-7, and floats say 5.00003807246685e-7."""
    found = bp.rewrite("sqrt(x + 1) - sqrt(x)", x=1e12)
    assert 5 < found.before[""] < 6
    assert found.after[""] > 15


def test_json_has_it_and_the_schema_describes_it():
    command = ("-m", "backpropcli", "log(1 + exp(x))", "x=1000", "--json")
    text = subprocess.run([sys.executable, *command], check=True, capture_output=True).stdout
    document = json.loads(text)
    validator("report").validate(document)
    assert document["rewrite"]["program"] == "softplus(x)"
    assert document["rewrite"]["digits_before"] == {"value": 0.0, "gradient": {"x": 0.0}}
    assert document["causes"][0]["poisoned"] == {"values": 2, "adjoints": 1}


def test_the_mended_program_runs():
    command = [sys.executable, "-m", "backpropcli"]
    words = ["def f(t) = log(1 + exp(t)); u = f(x)\nu*u", "x=1000"]
    text = subprocess.run([*command, *words, "--rewrite"], check=True, capture_output=True).stdout
    again = [*command, text.decode(), "x=1000", "--quiet"]
    assert subprocess.run(again, check=True, capture_output=True).stdout == b"x\t2000.0\n"


@pytest.mark.parametrize("factors", ["1e300*1e300", "1e-300*1e-300"])
def test_a_number_that_no_double_holds_is_written_in_no_mend(factors, backprop):
    text = f"x*{factors}*y"
    for options in ((), ("--dtype", "float8_e4m3fn"), ("--dtype", "float16")):
        assert backprop(text, "x=1", "y=1", "--rewrite", "--quiet", *options).strip() == text


@pytest.mark.parametrize("text", ["x^2/(x^2 + 1)", "x^2/(x^2 + 1) + 1"])
def test_a_value_that_is_seen_to_be_none_becomes_no_wrong_one(text):
    """x*(x/(x^2 + 1)) is 0 at 1e200, and its slope right: the truth is 1, by hand."""
    found = bp.rewrite(text, x=1e200)
    assert found.before == {"": 0, "x": 0}
    assert not found.steps or min(found.after.values()) > 15


@pytest.mark.parametrize("x", [1e200, [1e200, 1e-200]])
def test_a_value_that_overflows_too_is_no_mend(x):
    """By hand: it is -x^2, -1e400, and no double of that has a digit right."""
    text = "x^2 - 2*x*x" if x == 1e200 else "sum(x)^2 - 2*sum(x)*sum(x)"
    found = bp.rewrite(text, x=x)
    assert not found.steps
    assert found.before[""] == 0


def test_what_grows_on_one_side_is_continued_by_no_number():
    """By hand: above 0 it tends to 0; below, 1/x is unbounded, and x^2/x tends to 0 too."""
    assert not Limits(bp.gradient("where(x > 0, x, 1/x)", x=0)).agree(ZERO, chosen=False)
    assert Limits(bp.gradient("where(x > 0, x, x^2/x)", x=0)).agree(ZERO, chosen=False)
