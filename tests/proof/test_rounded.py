"""The verdict on short formats: which side of a kink is which is worked out by hand."""

import json

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.arithmetics.rounded import FORMATS
from backpropcli.graph.cells import Rule
from backpropcli.graph.operations import TABLE
from tests.reference import forget_rules, validator

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]


SHORTEST = [name for name in FORMATS if name != "float32"]


def verdict(text, dtype, **values):
    return bp.verdict(bp.gradient(text, dtype=dtype, **values))


@pytest.mark.parametrize(
    ("text", "values", "step"),
    [
        ("relu(x - y)", {"x": 1, "y": 0.9999}, "relu(x - y)"),  # both are 1 in short
        ("max(x, y)", {"x": 1, "y": 1.0001}, "max(x, y)"),
        ("where(x > 1, x^2, x)", {"x": 1.0001}, "x > 1"),
        ("x*floor(x)", {"x": 0.9999}, "floor(x)"),
        ("relu(x)*y", {"x": 1e-60, "y": 2}, "relu(x)"),  # underflows to 0
        ("relu(x) - relu(-x)", {"x": 1e-60}, "relu(x)"),
    ],
)
@pytest.mark.parametrize("dtype", SHORTEST)
def test_a_branch_that_rounding_decides_leaves_the_verdict_open(text, values, step, dtype):
    said = f"rounding decides {step}: {dtype} takes another way there than exact arithmetic"
    found = verdict(text, dtype, **values)
    assert (found.verdict, found.reason) == ("inconclusive", said)
    assert {entry.agree for entry in found.entries} == {None}


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("sum(relu(x - 1))", [2, 1.0001]),
        ("sum(where(x > 1, x^2, x))", [2, 1.0001]),
        ("sum(clip(x, 0, 1))", [0.5, 1.0001]),
        ("max(x)", [1, 1.0001, 0]),
        ("sum(sort(x)*[1, 2, 3])", [1, 1.0001, 0]),
        ("std(x)", [1, 1.0001]),
        ("sum(x*round(x))", [1, 2.50001]),
    ],
)
@pytest.mark.parametrize("dtype", SHORTEST)
def test_one_element_is_enough(text, x, dtype):
    found = verdict(text, dtype, x=x)
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("rounding decides ")
    assert {tally.agree for tally in found.tallies} == {None}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x/3 + sin(x)", {"x": 1.3}),
        ("x*floor(y) + elu(z)", {"x": 2, "y": 3.5, "z": 1e-60}),  # elu has no kink at 0
        ("relu(x)*abs(y)", {"x": 0.3, "y": -0.7}),
        ("where(x > 1e-60, x, 2*x)", {"x": 1.1}),
        ("sum(relu(x)^2) + max(x) + norm(x)", {"x": [0.3, -0.7, 1.4]}),
        ("sum(sort(x)*[1, 2, 3])", {"x": [0.3, -0.7, 1.4]}),
    ],
)
@pytest.mark.parametrize("dtype", FORMATS)
def test_rounding_alone_agrees(text, values, dtype):
    assert verdict(text, dtype, **values).verdict == "agrees"


def test_a_side_that_nothing_is_felt_of_is_no_matter():
    """What sg stops, and the branch that is not taken, move nothing."""
    values = {"x": 1.0001, "y": 1}
    assert verdict("y*sg(relu(x - 1))", "float16", **values).verdict == "agrees"
    assert verdict("where(y > 0, y*2, relu(x - 1))", "float16", **values).verdict == "agrees"


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize(("text", "x"), [("tanh(x)", 0.5), ("sum(tanh(x))", [0.5, 0.25])])
def test_a_wrong_rule_disagrees(monkeypatch, text, x, dtype):
    monkeypatch.setattr(TABLE["tanh"], "rules", (Rule("1 + out^2"),))
    monkeypatch.setattr(TABLE["tanh"], "in_floats", (Rule("1 + out^2"),))
    forget_rules(monkeypatch)
    assert verdict(text, dtype, x=x).verdict == "disagrees"


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        # torch.func.jacrev of x*y and x/y, both leaves in float16, PyTorch 2.14
        ("jacobian (x*y,x/y) x=0.1 y=3", [3.0, 0.0999755859375, 0.333251953125, -0.0111083984375]),
        # backward with a cotangent of 0.1 in float16, there
        ("vjp (x*y,x/y) x=0.1 y=3 --with x*y=0.1", [0.2998046875, 0.0099945068359375]),
    ],
)
def test_jacobians_and_products_are_torchs(backprop, words, rows):
    printed = backprop(*words.split(), "--dtype=float16", "--json", "--check")
    found = json.loads(printed)
    validator(words.split()[0]).validate(found)
    assert found["dtype"] == "float16"
    assert found["check"]["verdict"] == "agrees"
    numbers = found.get("vjp") or [one for row in found["jacobian"] for one in row]
    assert numbers == rows


def test_rounding_that_decides_a_branch_of_a_jacobian_leaves_its_verdict_open(backprop):
    told = backprop("jacobian", "(x, relu(x - y))", "x=1", "y=0.9999", "--dtype=float16", "--check")
    assert "inconclusive: rounding decides relu(x - y)" in told
    told = backprop("jacobian", "relu(x - y)", "x=[1, 2]", "y=0.9999", "--dtype=float16", "--check")
    assert "inconclusive: rounding decides relu(x[0]-y)" in told.replace(" - ", "-")


@pytest.mark.parametrize("size", [2, 20])
def test_digits_of_arrays_are_those_of_the_format(size):
    """(x + 1000)^2 - 2000*x - 1e6 is x^2, whose slope 2*x float32 has lost to sums of 1e6.

    Two elements are proved one by one, and 400 along directions.
    """
    x = np.linspace(0.5, 1.0, size * size).reshape(size, size)
    report = bp.gradient("sum((x@eye + 1000)^2 - 2000*x - 1e6)", x=x, eye=np.eye(size), wrt="x",
                         dtype="float32")  # fmt: skip
    found = bp.verdict(report)
    [tally] = found.tallies
    off = np.abs(report.gradient["x"] - 2 * x) / (2 * x)
    worst = np.unravel_index(np.argmax(off), off.shape)
    assert found.verdict == "agrees"
    assert found.rounds == "float32"
    assert tally.digits == pytest.approx(-np.log10(off[worst]), abs=0.05)
    assert found.tier == ("symbolic" if size == 2 else "along directions")


def test_a_kink_at_one_element_more_is_another():
    """relu(x)^2 has slope 0 at 0; 1e-60 is no 0, but in float16."""
    assert verdict("sum(relu(x)^2)", "float16", x=[0, 2]).verdict == "agrees"
    found = verdict("sum(relu(x)^2)", "float16", x=[*[0] * 30, 1e-60])
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("rounding decides relu(x):")
