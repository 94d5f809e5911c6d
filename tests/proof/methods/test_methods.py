"""All methods at a point: what is right is known from any table of derivatives."""

import math
from time import sleep

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.graph.cells import Rule
from backpropcli.graph.operations import TABLE
from backpropcli.proof.methods.found import METHODS
from backpropcli.proof.methods.symbols import Symbols
from tests.reference import forget_rules

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]


DIFFERENCES = ("central", "left", "right")


def row(text, /, **values):
    """Return the verdict, and the one row of a program of one variable."""
    found = bp.check_methods(text, values)
    [one] = found.rows.values()
    return found.verdict, one


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("sin(1e8*x)", 1.0, 1e8 * math.cos(1e8)),
        ("sqrt(x)", 1e-7, 0.5 / math.sqrt(1e-7)),
        ("x^3 - 2*x", 1.5, 3 * 1.5**2 - 2),
        ("exp(-x^2)", 2.0, -4 * math.exp(-4)),
        ("gamma(x)", 4.0, 6 * (1 + 1 / 2 + 1 / 3 - 0.5772156649015329)),
        ("log(1 + exp(x))", -30.0, 1 / (1 + math.exp(30))),
        ("atan(x)*erf(x)", 0.0, 0.0),
        ("3*x/2.2^2", 0.0, 3 / 2.2**2),
        ("exp(cos(x*(2/x)))", 1.2435844129295888, 0.0),
        ("sin(x)", 1e300, math.cos(1e300)),
        ("sqrt(x^2 + 1e-300)", 0.0, 0.0),
    ],
)
def test_every_method_finds_a_right_derivative(text, x, slope):
    verdict, one = row(text, x=x)
    assert verdict == "agrees"
    assert float(one.exact) == pytest.approx(slope, rel=1e-13, abs=0)
    assert {name for name, cell in one.cells.items() if cell.kind == "agrees"} >= {
        *METHODS,
    } - {"symbolic"}
    assert one.digits == 40
    assert one.order > 1.9


def test_what_vanishes_beside_the_value_is_seen():
    """The derivative -1000*exp(-1000), of about -5e-432, moves 1 in its 432nd digit."""
    verdict, one = row("1 + exp(-1000*x)", x=1)
    assert verdict == "agrees"
    assert one.cells["central"].value.startswith("-5.0759588975494567652918094795743")
    assert one.cells["central"].value.endswith("e-432")


@pytest.fixture
def broken(monkeypatch):
    """Return what gives a function another rule, as a careless hand would."""

    def breaking(name, *wrong):
        forget_rules(monkeypatch)
        for cell in ("in_floats", "rules"):  # in_floats may be made of rules, when first asked for
            monkeypatch.setattr(TABLE[name], cell, tuple(map(Rule, wrong)))

    return breaking


@pytest.mark.parametrize(
    "wrong",
    ["-(1 - out^2)", "(1 - out^2)/2", "1 - out", "(1 - out^2)*(1 + 1e-25)", "1 - out^2 + 1e-300"],
)
def test_a_wrong_rule_is_found(broken, wrong):
    """Also one that is wrong by 1e-25 of itself, or by 1e-300."""
    broken("tanh", wrong)
    verdict, one = row("tanh(x)", x=0.25 if "e-300" not in wrong else 30)
    if wrong.endswith("1e-300"):  # of 1 - tanh(30)^2, about 3.5e-26, it is less than 1e-40
        assert verdict == "agrees"
        return
    assert verdict == "disagrees"
    for name in (*DIFFERENCES, "complex", "symbolic"):
        assert one.cells[name].kind == "differs", name
    assert one.cells["forward"].kind == "agrees"
    assert one.order == pytest.approx(1, abs=0.01)


def test_a_wrong_rule_of_one_variable_is_told_at_its_row(broken):
    broken("mul", "y", "-x")
    found = bp.check_methods("sin(x)*exp(y)", x=1, y=2)
    assert found.verdict == "disagrees"
    assert {name: one.verdict for name, one in found.rows.items()} == {
        "x": "agrees",
        "y": "disagrees",
    }
    assert found.rows["y"].reason == "central differences give 6.21768, and reverse mode -6.21768"


def test_a_wrong_rule_of_arrays_is_found(broken):
    broken("tanh", "1 - out")
    point = {"X": np.arange(6.0).reshape(3, 2) / 7, "w": [0.5, -1]}
    found = bp.check_methods("sum(tanh(X@w))", point, timeout=120)
    assert found.verdict == "disagrees"
    large = {"X": np.arange(210.0).reshape(7, 30) / 700, "w": np.arange(30.0) / 100}
    found = bp.check_methods("sum(tanh(X@w))", large, timeout=120)
    assert found.verdict == "disagrees"
    assert all(row.along for row in found.rows.values())


@pytest.mark.parametrize(
    ("text", "x", "verdict", "reason"),
    [
        ("abs(x)", 0, "inconclusive", "a kink: the slope is -1 to the left, 1 to the right"),
        ("3*relu(x)", 0, "inconclusive", "a kink: the slope is 0 to the left, 3 to the right"),
        ("floor(x)", 2, "inconclusive", "the value jumps"),
        ("x^1.5", 0, "inconclusive", "there is no value to the left"),
        ("relu(x) - relu(-x)", 0, "disagrees", "give 1, and reverse mode 0"),
        ("x*abs(x)", 0, "agrees", ""),
        ("cbrt(x)", 0, "inconclusive", "something is not finite"),
        ("log(x)", -1, "inconclusive", "something is not finite"),
    ],
)
def test_kinks_and_edges(text, x, verdict, reason):
    found = bp.check_methods(text, x=x)
    told = " ".join([found.reason, *[one.reason for one in found.rows.values()]])
    assert (found.verdict, reason in told) == (verdict, True), told


def test_the_complex_step_says_where_it_does_not_apply():
    for text, name in (
        ("abs(x)", "abs"),
        ("max(x, 2)", "max"),
        ("where(x > 0, x, 2)", "a comparison"),
    ):
        cell = row(text, x=1)[1].cells["complex"]
        assert (cell.kind, cell.reason) == ("none", f"{name} is not analytic"), text


def test_a_stopped_gradient_moves_nothing():
    verdict, one = row("sg(x)*x", x=3)
    assert (verdict, one.reverse) == ("agrees", 3)


def test_a_rule_that_means_another_derivative_leaves_it_open():
    """A straight-through estimator is no derivative of its body, and is meant."""
    text = "def ste(x) = round(x); rule ste(x) = 1; ste(x)*y"
    found = bp.check_methods(text, x=0.75, y=2)
    assert found.verdict == "inconclusive"
    assert "the rule of ste gives 1" in found.notes[0]
    assert found.rows["y"].verdict == "agrees"


def test_elements_of_arrays():
    """The worst element of each is shown; of many elements, a direction."""
    found = bp.check_methods("sum(x^3)", x=[1, 2, 3])
    assert found.verdict == "agrees"
    one = found.rows["x"]
    assert (one.count, one.along) == (3, False)
    assert float(one.exact) == one.reverse == 3 * (1 + int(one.element[2])) ** 2
    many = bp.check_methods("sum(x^3)", x=np.linspace(1, 2, 300))
    assert many.verdict == "agrees"
    assert many.rows["x"].along
    assert many.rows["x"].cells["central"].digits == 40


def test_a_named_intermediate():
    found = bp.check_methods("z = x^2; sin(z)", x=0.5, wrt="z")
    assert float(found.rows["z"].exact) == pytest.approx(math.cos(0.25), rel=1e-15)
    assert found.verdict == "agrees"


@pytest.mark.parametrize("text", ["lgamma(sqrt(.5)/sinc(x))", "gamma(cos(x))", "lgamma(1 + x^2)"])
def test_what_is_0_by_algebra_takes_sympy_no_digits(text):
    """Even functions have the slope 0 at 0: sinc and cos are, and so is what is made of them."""
    verdict, one = row(text, x=0)
    assert (verdict, one.exact) == ("agrees", "0.0")
    assert one.cells["symbolic"].kind == "agrees"


def test_sympy_that_is_late_leaves_the_other_methods(monkeypatch):
    monkeypatch.setattr("backpropcli.proof.methods.work.LEFT", 1.0)  # no time at all
    monkeypatch.setattr(Symbols, "cell", lambda *_: sleep(20))
    verdict, one = row("exp(x)", x=1)
    assert verdict == "agrees"
    assert one.cells["symbolic"].reason == "it ran out of time"


def test_time_runs_out():
    text = "+".join(f"sin({at}*x)^2*exp(cos(x))" for at in range(300))
    found = bp.check_methods(text, x=1, timeout=0.05)
    assert found.verdict == "inconclusive"
    assert "ran out of time" in found.reason


@pytest.mark.parametrize(
    ("text", "x", "lost"),
    [
        ("sin(exp(x))", 1e5, True),
        ("exp(exp(x))", 50, True),
        ("asin(exp(x))", 1e5, False),
    ],
)
def test_what_is_too_large_is_not_said_to_have_no_value(text, x, lost):
    """An arc sine ends at 1; sines and exponentials of real numbers are real numbers."""
    said = bp.check_methods(text, x=x).rows["x"].reason
    assert ("too large" in said) is lost
    assert ("no value" in said) is not lost


def test_arrays_that_are_too_large_are_compared_as_smaller_ones():
    """The derivative of sin is cos at any size; of the size that is given it is left open."""
    found = bp.check_methods(
        "sum(sin(A))", A=np.linspace(0, 1, 40_000).reshape(200, 200), timeout=3
    )
    assert (found.rows["A"].verdict, found.verdict) == ("agrees", "inconclusive")
    assert found.reason.endswith("the table is of smaller ones")
