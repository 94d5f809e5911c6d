"""What derivatives of arrays cost: by hand, and as PyTorch counts products of matrices.

PyTorch 2.14.1, torch.utils.flop_counter.FlopCounterMode, which counts products alone: a layer of
784 x 128, relu, one of 128 x 10 and cross_entropy, of 32 rows, take 6,504,448 forward, and
13,090,816 with the derivatives by the two weights.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.__main__ import dispatch
from backpropcli.errors import BackpropError
from backpropcli.language.parse import parse
from backpropcli.modes.cost_of_arrays import cost_of_arrays, cost_of_shapes

NORMAL = np.random.default_rng(0).normal
NET = {
    "X": NORMAL(size=(32, 784)),
    "A": NORMAL(size=(784, 128)),
    "B": NORMAL(size=(128, 10)),
    "t": np.zeros(32),
}


def counted(text, wrt=(), **values):
    report = bp.gradient(text, values, wrt=wrt)
    return cost_of_arrays(report.lowered, [*report.wrt.values()], *report.seeds)


def test_products_are_counted_as_pytorch_counts_them():
    found = counted("cross_entropy(relu(X@A)@B, t)", ["A", "B"], **NET)
    nodes = [node for node in found.nodes if node.text in {"X@A", "relu(X@A)@B"}]
    assert sum(node.value for node in nodes) == 6_504_448
    assert sum(node.back for node in nodes) == 13_090_816 - 6_504_448


@pytest.mark.parametrize(
    ("text", "shapes", "function", "back"),
    [
        ("sum(x)", {"x": (5,)}, 5, 0),
        ("sum(x*y)", {"x": (5,), "y": (5,)}, 10, 0),  # y and x themselves
        ("sum((x*y)^2)", {"x": (5,), "y": (5,)}, 15, 15),  # g = 2*(x*y), g*y and g*x
        ("sum(A@x)", {"A": (3, 4), "x": (4,)}, 24 + 3, 12 + 24),  # outer(g, x) and A.T@g
        ("sum(A@B)", {"A": (3, 4), "B": (4, 2)}, 48 + 6, 48 + 48),
        ('sum(einsum("ij,jk->ik", A, B))', {"A": (3, 4), "B": (4, 2)}, 48 + 6, 48 + 48),
        ('sum(einsum("...j,jk->...k", A, B))', {"A": (3, 4), "B": (4, 2)}, 48 + 6, 48 + 48),
        ("sum(x.T)", {"x": (3, 2)}, 6, 0),
        ("sum(inv(A))", {"A": (3, 3)}, 2 * 27 + 9, 2 * 2 * 27 + 9),
    ],
)
def test_by_hand(text, shapes, function, back):
    values = {name: NORMAL(size=shape) for name, shape in shapes.items()}
    found = counted(text, **values)
    assert found.function == function
    assert found.reverse == function + back
    assert sum(node.value for node in found.nodes) == function
    assert sum(node.back for node in found.nodes) == back


def test_forward_mode_takes_a_sweep_for_each_element():
    """By hand: the tangent of x^2 is 2*x*t, and its sum is one more for each: 15 each, 5 times."""
    found = counted("sum(x^2)", x=NORMAL(size=5))
    assert found.sweeps == 5
    assert found.forward == found.function + 5 * 15
    assert found.reverse < found.forward


def test_it_is_told(backprop):
    told = backprop("sum(A@x)", "A=[[1,2],[3,4]]", "x=[1,2]", "--cost", "--no-check")
    assert "and its gradient, by forward mode (6 sweeps)" in told
    assert "A@x" in told
    document = json.loads(backprop("sum(A@x)", "A=[[1,2],[3,4]]", "x=[1,2]", "--cost", "--json"))
    assert document["cost"]["function"] == 8 + 2


def test_shapes_are_enough_to_count():
    text = "cross_entropy(relu(X@A)@B, t)"
    shapes = {name: np.shape(value) for name, value in NET.items()}
    by_shapes = cost_of_shapes(parse(text), ["A", "B"], shapes)
    assert by_shapes.as_dict() == counted(text, ["A", "B"], **NET).as_dict()


@pytest.mark.parametrize(
    ("text", "shape", "told"),
    [
        ("sum(A@x)", "A=m,n; x=n", "m and n are letters"),
        ("sum(x^2)", "x=n", "n is a letter"),
        ("A@x", "A=3,2; x=2", "one output that is a number"),
    ],
)
def test_what_cannot_be_counted_is_told(text, shape, told):
    with pytest.raises(BackpropError, match=told):
        dispatch(["formula", text, "--cost", "--wrt", "x", "--shape", shape])


def test_the_command_counts_by_shapes(backprop):
    """By hand: 2*3*2 for A@x and 3 for the sum; sum(A, axis=0) adds up 6 ones times numbers."""
    told = backprop("formula", "sum(A@x)", "--cost", "--wrt", "x", "--shape", "A=3,2; x=2")
    assert told.startswith("sum(A, axis=0)\n\ncost")
    [line] = [line for line in told.splitlines() if line.startswith("function ")]
    assert line.split() == ["function", "15", "1"]
    document = json.loads(
        backprop("formula", "sum(A@x)", "--json", "--cost", "--wrt", "x", "--shape", "A=3,2; x=2")
    )
    assert document["cost"]["function"] == 15
