"""Digits that are proved: expected values are mpmath's own functions, at 30 digits more."""

import json
import subprocess
import sys
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

import backpropcli as bp
from backpropcli.report.decimals import UNKNOWN
from backpropcli.report.wholes import each_whole
from tests.reference import validator

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]


COUNTS = (18, 30, 50, 200)


def said(value, count):
    """Return mpmath's number as a decimal rounded to so many digits."""
    return mp.nstr(value, count, min_fixed=-5, max_fixed=count, strip_zeros=True).removesuffix(".0")


@pytest.mark.parametrize("count", COUNTS)
def test_value_and_gradient_are_mpmaths(count):
    found = bp.digits(bp.gradient("exp(sin(w*x))/x", x="0.1", w="1/3"), count)
    with mp.workdps(count + 30):
        x, w = mpf(1) / 10, mpf(1) / 3
        value = mpmath.exp(mpmath.sin(w * x)) / x
        slope = value * mpmath.cos(w * x)
        assert found.value.text == said(value, count)
        assert found.gradient["w"].text == said(slope * x, count)
        assert found.gradient["x"].text == said(slope * w - value / x, count)
    assert found.digits.notes == []


def test_what_was_typed_counts_and_not_its_double():
    assert bp.digits(bp.gradient("3*x", x="0.1"), 40).value.text == "0.3"
    assert bp.digits(bp.gradient("sin(x)", x="pi/6"), 40).value.text == "0.5"


def test_cancellation_costs_no_digit():
    with mp.workdps(80):
        x = mpf(10) ** 12
        truth = said(mpmath.sqrt(x + 1) - mpmath.sqrt(x), 30)
    assert bp.digits(bp.gradient("sqrt(x + 1) - sqrt(x)", x=1e12), 30).value.text == truth


def test_a_zero_is_proved_by_sympy():
    found = bp.digits(bp.gradient("r*cos(t)", r=2, t="pi/2"), 30)
    assert (found.value.text, found.gradient["r"].text) == ("0", "0")


@pytest.mark.parametrize("power", [-9, -4, 60])
def test_all_digits_are_printed_with_an_exponent_too(power):
    """The digits are mpmath's."""
    found = bp.digits(bp.gradient("x*pi", x=f"1e{power}"), 50).value.text
    with mp.workdps(80):
        digits = mp.nstr(mp.pi, 50).replace(".", "")
    assert found.partition("e")[0].replace(".", "").lstrip("0") == digits


def test_a_zero_of_every_result_is_proved():
    """cos(pi/2) is 0, and so are all of its derivatives of even order."""
    found = bp.digits(bp.jacobian("(r*cos(t), r*sin(t))", r=1, t="pi/2"), 25)
    assert [one.text for one in found.values] == ["0", "1"]
    assert [[one.text for one in row] for row in found.matrix] == [["0", "-1"], ["1", "0"]]
    series = bp.digits(bp.taylor("cos(x)", x="pi/2", order=6), 20).coefficients
    assert [one.text for one in series[::2]] == ["0"] * 4
    assert bp.digits(bp.jvp("sin(x)", x="pi/2", along={"x": 1}), 20).products[0].text == "0"
    assert bp.digits(bp.gradient("sum(cos(x))", x="[pi/2, -pi/2]"), 20).value.text == "0"


def test_a_zero_that_is_not_proved_has_no_digit():
    found = bp.digits(bp.gradient("x*(asin(x) - atan(x/sqrt(1 - x^2)))", x="1/3"), 20)
    assert found.value.text == UNKNOWN
    assert "may be 0" in found.digits.notes[0]


def test_all_digits_of_an_array_are_shown_on_as_many_lines_as_they_take(backprop):
    """By hand: the gradient of sum(x^2) is 2*x."""
    told = backprop("sum(x^2)", "x=linspace(0, 3, 9)/7", "--digits", "30")
    assert "[0, 0.107142857142857142857142857143," in told
    assert told.count("0.857142857142857142857142857143]") == 1


def test_large_arrays_of_proved_digits_are_summed_up(backprop):
    told = backprop("sum(x^2)", "x=linspace(0, 99, 100)", "--digits", "30")
    assert "min 0  mean 99  max 198" in told


def test_a_choice_that_is_not_decided_is_told():
    """exp(log(2)) is 2, which no digits tell; that sin(pi) is 0 is known."""
    found = bp.digits(bp.gradient("where(exp(x) > 2, x, 2)", x="log(2)"), 20)
    assert found.value.text == UNKNOWN
    assert "choice" in found.digits.notes[0]
    assert bp.digits(bp.gradient("where(sin(x) > 0, x, 2)", x="pi"), 20).value.text == "2"


def test_a_kink_of_what_was_typed_is_told():
    found = bp.digits(bp.gradient("relu(x - 0.3)", x="0.1 + 0.2"), 20)
    assert found.value.text == "0"
    [kink] = found.kinks
    assert (kink.label, kink.left, kink.right) == ("relu(x - 0.3)", 0, 1)


def test_a_pole_of_what_was_typed_is_told():
    """Digits alone cannot tell that cos(pi/2) is 0: tan is unbounded near, not near 0."""
    found = bp.digits(bp.gradient("tan(x)", x="pi/2"), 20)
    assert found.value.text == UNKNOWN
    assert found.digits.notes[0] == "tan(x) has no finite value at the numbers as typed"
    assert not any("may be 0" in note for note in found.digits.notes)


AT_A_KINK = {"x": "0.1"}
"""There 3*x - 0.3 is 0, and 5.6e-17 in floats."""


@pytest.mark.parametrize(
    ("mode", "text", "options", "verdict", "reason"),
    [
        ("gradient", "u = 3*x - 0.3; relu(u) - relu(-u)", {}, "disagrees", "whole expression is 3"),
        ("gradient", "abs(3*x - 0.3)", {}, "inconclusive", "-3 on the left and 3 on the right"),
        ("gradient", "1/(3*x - 0.3)", {}, "inconclusive", "not finite"),
        ("gradient", "u = 3*x - 0.3; u/u", {}, "inconclusive", "not finite"),
        ("gradient", "diff(abs(3*x - 0.3), x)", {}, "inconclusive", "kink"),
        ("gradient", "abs(3*x - 0.2)", {}, "agrees", ""),
        ("gradient", "abs(3*x - 0.3)^3", {}, "agrees", ""),
        ("jacobian", "abs(3*x - 0.3)", {}, "inconclusive", "-3 on the left"),
        ("hessian", "u = 3*x - 0.3; abs(u)*u", {}, "inconclusive", "-18 on the left"),
        ("hvp", "u = 3*x - 0.3; abs(u)*u", {"along": {"x": 1}}, "inconclusive", "-18 on the left"),
        ("jvp", "abs(3*x - 0.3)", {"along": {"x": 1}}, "inconclusive", "kink"),
        ("vjp", "f = abs(3*x - 0.3)", {"weights": {"f": 1}}, "inconclusive", "-3 on the left"),
        ("taylor", "abs(3*x - 0.3)", {}, "inconclusive", "h^1 of abs(3*x - 0.3) is -3 on the left"),
        ("taylor", "exp(3*x - 0.3)", {}, "agrees", ""),
    ],
)
def test_the_verdict_is_on_the_numbers_as_typed(mode, text, options, verdict, reason):
    """Slopes on both sides are by hand: that of abs(3*x - 0.3) is 3 times the sign of x - 0.1."""
    found = getattr(bp, mode)(text, AT_A_KINK, **options)
    reached = bp.verdict(bp.digits(found, 25))
    assert reached.verdict == verdict
    assert reason in reached.reason
    assert all(entry.digits in {None, 17.0} for entry in reached.entries)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sum(abs(3*x - 0.3))", "d/dx[0] is -3 on the left and 3 on the right"),
        ("sum(1/(3*x - 0.3))", "not finite"),
        ("sum((3*x - 0.3)^2)", ""),
    ],
)
def test_so_it_is_of_arrays(text, reason):
    """By hand; in floats 3*x - 0.3 is no 0 at 0.1."""
    found = bp.digits(bp.gradient(text, x=[0.1, 0.2]), 25)
    reached = bp.verdict(found if reason else bp.gradient(text, x=[0.1, 0.2]))
    assert reached.verdict == ("inconclusive" if reason else "agrees")
    assert reason in reached.reason
    assert [kink.label for kink in found.kinks] == ["abs(3*x[0] - 0.3)"] * ("abs" in text)
    assert [name for _, name, _ in each_whole(found)] == ["x[0]"] * bool(reason)


def test_a_fact_is_told_once():
    found = bp.digits(bp.hessian("abs(x + y - z)*(x + y - z)", x="0.1", y="0.2", z="0.3"), 20)
    assert found.point.digits.notes == []
    assert len(found.kinks) == len(found.point.kinks) == 1


def test_series_jacobian_hessian_and_products():
    with mp.workdps(80):
        x = mpf(1) / 10
        series = [said(one, 40) for one in mpmath.taylor(lambda x: mpmath.exp(x) / x, x, 3)]
        e = said(mpmath.exp(x), 40)
    found = bp.digits(bp.taylor("exp(x)/x", x="0.1", order=3), 40)
    assert [one.text for one in found.coefficients] == series
    jacobian = bp.digits(bp.jacobian("(exp(x)*y, x + y)", x="0.1", y=1), 40).matrix
    assert [[one.text for one in row] for row in jacobian] == [[e, e], ["1", "1"]]
    hessian = bp.digits(bp.hessian("exp(x)*y", x="0.1", y=1), 40).matrix
    assert [hessian[0][0].text, hessian[0][1].text] == [e, e]
    product = bp.digits(bp.hvp("exp(x)*y", x="0.1", y=1, along={"y": 1}), 40).product
    assert product["x"].text == e
    [tangent] = bp.digits(bp.jvp("exp(x)*y", x="0.1", y=1, along={"x": 1}), 40).products
    assert tangent.text == e
    [cotangent] = bp.digits(bp.vjp("exp(x)", x="0.1", weights={"exp(x)": 1}), 40).products
    assert cotangent.text == e


def test_arrays_by_elements():
    found = bp.digits(
        bp.gradient("mean((X@w - y)^2)", X=[[1, 2], [3, 4]], w=[0.1, 0.2], y=[1, 3]), 30
    )
    x, w, y = [[1, 2], [3, 4]], [Fraction(1, 10), Fraction(1, 5)], [1, 3]
    rest = [
        sum(a * b for a, b in zip(row, w, strict=True)) - t for row, t in zip(x, y, strict=True)
    ]
    expected = [sum(r * row[at] for r, row in zip(rest, x, strict=True)) for at in range(2)]
    assert [Fraction(one.text) for one in found.gradient["w"]] == expected


def test_a_direction_is_taken_as_it_was_typed():
    """By hand: the tangent of x^2*y is 2*x*y times the direction."""
    found = bp.digits(bp.jvp("x^2*y", x="1/3", y=0.1, along={"x": "1/3"}), 30)
    with mp.workdps(60):
        assert found.products[0].text == said(mpf(2) / 90, 30)
    found = bp.digits(bp.vjp("x^2*y", x="1/3", y=0.1, weights={"x^2*y": "1/7"}), 30)
    with mp.workdps(60):
        assert [one.text for one in found.products] == [
            said(mpf(1) / 105, 30),
            said(mpf(1) / 63, 30),
        ]
    found = bp.digits(bp.hvp("x^2*y", x="1/3", y=0.1, along={"x": "1/3", "y": "pi"}), 30)
    with mp.workdps(60):
        assert found.product["x"].text == said(mpf(2) / 30 + 2 * mp.pi / 3, 30)
        assert found.product["y"].text == said(mpf(2) / 9, 30)
    found = bp.digits(bp.jvp("x^2", x="[1/3, 2]", along={"x": "[1/3, 0.1]"}), 30)
    with mp.workdps(60):
        assert [one.text for one in found.products] == [said(mpf(2) / 9, 30), "0.4"]
    found = bp.digits(bp.vjp("3*x", x=[1, 2], weights={"3*x": "[1/7, 0.1]"}), 30)
    with mp.workdps(60):
        assert [one.text for one in found.products] == [said(mpf(3) / 7, 30), "0.3"]


@pytest.mark.parametrize(
    ("x", "values"),
    [
        ("[1/3, 0.1]", {}),
        ("a/3", {"a": "[1, 0.3]"}),
        ("[t/3, t/10]", {"t": "2/2"}),
        ("b.T[0]", {"b": "a/c", "a": "[[1], [0.3]]", "c": "sum([1, 2])"}),
        ("sort([1/3, 0.1])[::-1]", {}),
        ("solve([[2, 1], [1, 3]], [23/30, 19/30])", {}),
    ],
)
def test_arrays_are_taken_as_they_were_typed(x, values):
    """By hand: the elements are 1/3 and 1/10."""
    found = bp.digits(bp.gradient("sum(x^3)", wrt="x", x=x, **values), 30)
    with mp.workdps(60):
        assert found.value.text == said(mpf(1) / 27 + mpf(1) / 1000, 30)
        assert [one.text for one in found.gradient["x"]] == [said(mpf(1) / 3, 30), "0.03"]
    assert found.digits.notes == []


def test_arrays_in_binary_are_exactly_their_doubles(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.array([0.1, -2]))
    for x in (np.array([0.1, -2.0]), "@x.npy"):
        found = bp.digits(bp.gradient("sum(x)", x=x), 60)
        assert found.value.text == "-1.8999999999999999944488848768742172978818416595458984375"
        found = bp.digits(bp.gradient("sum(y)", y="x*2", x=x), 60)
        assert found.value.text == "-3.799999999999999988897769753748434595763683319091796875"
    (tmp_path / "x.csv").write_text("0.1\n-2\n")
    found = bp.digits(bp.gradient("sum(x)", x="@x.csv"), 60)
    assert found.value.text == "-1.9"


def test_decimals_in_a_file_are_told(tmp_path):
    (tmp_path / "x.json").write_text('{"x": [0.1, 0.20000000000000000000001]}')
    told = run("sum(x)", "--bind", str(tmp_path / "x.json"), "--digits", "30", "--json").stdout
    said = "the elements of x count as the shortest decimals of their doubles"
    assert json.loads(told)["digits"]["notes"] == [said]


def test_exact_is_the_double_nearest_to_the_truth():
    found = bp.digits(bp.gradient("sqrt(x + 1) - sqrt(x)", x=1e12), 0)
    with mp.workdps(80):
        x = mpf(10) ** 12
        assert found.value == float(mpmath.sqrt(x + 1) - mpmath.sqrt(x))
    assert found.digits.floats[0][0] == "the value"


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "backpropcli", *words], capture_output=True, text=True, check=False
    )


def test_json_holds_strings_as_its_schema_says():
    for words in (
        ["x*y", "x=0.1", "y=1/3"],
        ["hessian", "x*y", "x=0.1", "y=1/3"],
        ["taylor", "exp(x)", "x=1"],
    ):
        found = json.loads(run(*words, "--digits", "30", "--json").stdout)
        name = words[0] if words[0] in {"hessian", "taylor"} else "grad"
        validator("report" if name == "grad" else name).validate(found)
        assert isinstance(found.get("value", found.get("values", [0])[0]), str)


@pytest.mark.parametrize("count", [18, 1000])
def test_so_many_digits(count):
    assert len(run("sqrt(x)", "x=2", "--digits", f"{count}", "--value").stdout) == count + 2


def test_more_than_a_thousand_are_refused():
    assert "from 1 to 1000" in run("x", "x=2", "--digits", "1001").stderr


def test_bits_of_large_arrays_are_not_counted():
    assert (
        "at most 5,000 elements, and here are 12,002"
        in run("sum(x^2)", "x=ones(6000)", "--accuracy", "--no-check").stderr
    )


def test_bits_of_arrays_are_counted_against_the_truth():
    """The truth is mpmath's."""
    report = bp.gradient("sum(sqrt(x + 1) - sqrt(x)) + sum(x.T)", x=[1e12, 1])
    with mp.workdps(60):
        x = mpf(10) ** 12
        truth = mpmath.sqrt(x + 1) - mpmath.sqrt(x)
    difference = report.view.ids[report.program.graph.operations.index("sub")]
    here = float(np.sqrt(1e12 + 1) - np.sqrt(1e12))
    with mp.workdps(60):
        bits = -mpmath.log(abs(mpf(here) - truth) / truth, 2)
    found = bp.accuracy(report)
    assert found.values[difference] == pytest.approx(float(bits), rel=1e-9)
    assert found.known
    assert not bp.accuracy(bp.gradient("sum(x)", x=np.ones(9000))).known


@pytest.mark.parametrize(
    ("text", "point", "value", "slope"),
    [
        ("exp(x)", {"x": 1000}, mp.exp, mp.exp),
        ("exp(exp(x))", {"x": 10}, lambda x: mp.exp(mp.exp(x)), lambda x: mp.exp(x + mp.exp(x))),
        ("x^3*1e300/7", {"x": 1e200}, lambda x: x**3 * 1e300 / 7, lambda x: 3 * x**2 * 1e300 / 7),
    ],
)
def test_what_is_beyond_doubles_is_finite_in_digits(text, point, value, slope):
    """There is no cause to tell, and something to compare."""
    found = bp.digits(bp.gradient(text, point), 20)
    with mp.workdps(60):
        x = mpf(repr(point["x"]))
        ten = mpf(10) ** 300 / mpf(1e300) if "1e300" in text else 1  # a decimal, as typed
        right = tuple(said(one(x) * ten, 20).replace("e+", "e") for one in (value, slope))
    assert (found.value.text, found.gradient["x"].text) == right
    assert found.causes == []
    assert bp.verdict(found, 60.0).verdict == "agrees"
    modes = [
        bp.jacobian(text, point),
        bp.jvp(text, point, along={"x": 1}),
        bp.hvp(text, point, along={"x": 1}),
        bp.hessian(text, point),
        bp.taylor(text, point, order=2),
    ]
    for mode in modes:
        proved = bp.digits(mode, 20)
        assert proved.point.causes == []
        assert bp.verdict(proved, 60.0).verdict == "agrees"


def test_a_kink_beside_what_is_beyond_doubles():
    found = bp.digits(bp.gradient("exp(x) + abs(y)", x=1000, y=0), 20)
    assert bp.verdict(found, 60.0).reason.startswith("d/dy is -1 on the left and 1 on the right")


def test_strict_asks_of_the_digits(backprop):
    assert backprop("exp(x)", "x=1000", "--digits", "20", "--strict", "--quiet").endswith("e434\n")
    backprop("exp(x)", "x=1000", "--digits", "17", "--strict", "--quiet", code=1)
