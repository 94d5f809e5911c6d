"""How far the nearest kinks are: places that a person finds by hand."""

import json
import math

import pytest

import backpropcli as bp
from backpropcli.report.lines.search import Line, Search

GRADIENTS = ("-gradient", "+gradient")


def found(text, **at):
    return {one.along: one for one in bp.gradient(text, at).nearest_kinks()}


@pytest.mark.parametrize(
    ("text", "at", "name", "place", "label"),
    [
        ("relu(w*x + b)", {"w": 2, "x": 3, "b": 1}, "x", -0.5, "relu(w*x + b)"),
        ("abs(x - 3) + floor(x)", {"x": 3}, "x", 4, "floor(x)"),
        ("max(x, y, z)", {"x": 1, "y": 2, "z": 2.5}, "z", 2, "max(x, y, z)"),
        ("where(x > 0.1, x^2, x)", {"x": 1}, "x", 0.1, "x > 0.1"),
        ("hypot(x, y)", {"x": 1, "y": 0}, "x", 0, "hypot(x, y)"),
        ("mod(x, y)", {"x": 7, "y": 3}, "y", 3.5, "mod(x, y)"),
        ("sqrt(x)", {"x": 2}, "x", 0, "sqrt(x)"),
        ("clip(x, 0, 1)", {"x": 0.75}, "x", 1, "clip(x, 0, 1)"),
        ("round(x)*y", {"x": 2.2, "y": 1}, "x", 2.5, "round(x)"),
        ("diff(abs(x)*x, x)", {"x": 1}, "x", 0, "abs(x)"),
        ("relu(x + 1000)", {"x": 1}, "x", -1000, "relu(x + 1000)"),
        ("abs(x - 1.0000001)", {"x": 1}, "x", 1.0000001, "abs(x - 1.0000001)"),
    ],
)
def test_the_nearest_kink_along_a_variable(text, at, name, place, label):
    one = found(text, **at)[name]
    assert one.label == label
    assert one.at == pytest.approx(place, abs=1e-12)
    assert one.step == pytest.approx(place - at[name], abs=1e-12)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("sin(x)", {"x": 1}),
        ("hypot(x, y)", {"x": 1, "y": 1}),
        ("relu(x*0.1 - x/10)", {"x": 1}),  # rounding alone changes its sign
        ("where(x > 0, x, abs(x - 5))", {"x": 9, "y": 1}),
        ("relu(x)", {"x": 0}),  # it is met here
        ("huber(x)", {"x": 0.5}),  # smooth at 1
        ("sg(abs(x))*x", {"x": 1}),
    ],
)
def test_none_is_told_where_there_is_none(text, at):
    names = [name for name in at if name in text]
    one = found(text, **{name: at[name] for name in names})["x"]
    assert one.label in {"", "x > 0"}
    assert one.label or math.isnan(one.step)


def test_the_step_of_gradient_descent_that_flips_a_branch():
    """(2 - 3*t)*(3 - 2*t) - 4 - t is 0 at t = (7 - sqrt(37))/6."""
    ways = found("relu(w*x + b)", w=2, x=3, b=-4)
    assert ways["-gradient"].step == pytest.approx((7 - math.sqrt(37)) / 6, rel=1e-12)
    assert ways["+gradient"].label == ""


def test_of_arrays_each_element_has_its_own():
    ways = found("sum(relu(x)) + max(x)", x=[1, -2, 0.5])
    assert [name for name in ways if name not in GRADIENTS] == ["x[0]", "x[1]", "x[2]"]
    assert ways["x[1]"].at == 0
    assert ways["x[0]"].at == 0.5
    assert ways["-gradient"].step == 0.5  # x[0] is 1 with slope 2


def test_the_view_and_json_have_them(backprop):
    shown = backprop("abs(x) + relu(y)", "x=0", "y=2", "--kinks", "--no-check")
    assert "abs(x) at x = 0: subgradients from -1 to 1; 0 is used" in shown
    assert "PyTorch, TensorFlow and SymPy 0; JAX 1" in shown
    assert "y  relu(y) at y = 0, 2 away" in shown
    [x, *_] = json.loads(backprop("relu(x)", "x=2", "--kinks", "--json"))["nearest_kinks"]
    assert (x["along"], x["label"], x["at"], x["step"]) == ("x", "relu(x)", 0, -2)
    assert "nearest_kinks" not in json.loads(backprop("relu(x)", "x=2", "--json"))


def test_a_kink_is_not_looked_for_where_a_difference_stays():
    """A root of squares is smooth while one of them stays: y along x, and 3 along both."""
    report = bp.gradient("hypot(hypot(x, y), 3)", x=1, y=2)
    search = Search(report.lowered, report.bindings, [*report.seeds])
    assert not Line(search, {"x": 1.0}).turns
    [turn] = Line(search, {"x": 1.0, "y": -1.0}).turns
    assert report.lowered.text(turn.node, 30) == "hypot(x, y)"


@pytest.mark.slow
def test_variables_that_are_not_looked_at_are_told(backprop):
    """There are 60, and 50 are looked at; the step down the gradient moves all of them."""
    values = [f"x{at}=1" for at in range(60)]
    words = [" + ".join(f"relu(x{at})" for at in range(60)), *values, "--kinks", "--no-check"]
    assert "10 more variables are not looked at" in backprop(*words, "--view", "graph")
    every = json.loads(backprop(*words, "--json"))["nearest_kinks"]
    assert [one["within"] for one in every[50:60]] == [0] * 10
    down = next(one for one in every if one["along"] == "-gradient")
    assert down["step"] == pytest.approx(1)


def test_the_end_of_a_domain_is_no_tie():
    """By hand: beside x = 1 there is no asin(x), and so nothing that is the larger one."""
    for start, end in ((1, -1), (0.5, 1)):
        one = bp.gradient("max(asin(x), 2)", x=start).nearest_kinks()[0]
        assert (one.label, one.at) == ("asin(x)", pytest.approx(end))


def test_kinks_next_to_0_and_far_from_doubles():
    """By hand: x - t*y is 0 at t = x/y, and 1e-40 is that far from 0."""
    for y in (1e20, 1e40, 1e308):
        [down] = [
            one
            for one in bp.gradient("relu(x)*y", x=2, y=y).nearest_kinks()
            if one.step == one.step and one.along == "-gradient"
        ]
        assert down.step == pytest.approx(2 / y)
    [one, *_] = bp.gradient("relu(x) + abs(x)", x=1e-40).nearest_kinks()
    assert one.step == pytest.approx(-1e-40)
    far = bp.gradient("relu(x)*y + abs(x)", x=1e-310, y=1e308).nearest_kinks()
    assert far[0].step == pytest.approx(-1e-310)
    assert far[1].within < float("inf")
