"""Kinks are met only by what moves: relu(w*t) is 0 for every w, where t is 0.

By hand: what does not change as a variable moves, whatever the step, has no kink by it; what does
change, and is where an operation turns, has one. The gradient of a network is from NumPy.
"""

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.calculus.convention import KinkError

pytestmark = pytest.mark.usefixtures("here")

X = [[0.0, 0.0], [1.0, 2.0]]
STAYS = [
    ("relu(w*t)", {"w": 2.0, "t": 0.0}),
    ("abs(w*t)", {"w": 2.0, "t": 0.0}),
    ("abs(w*t)", {"w": 0.0, "t": 0.0}),
    ("max(w*t, 0)", {"w": 2.0, "t": 0.0}),
    ("clip(w*t, 0, 1)", {"w": 2.0, "t": 0.0}),
    ("relu(-w^2*t/3)", {"w": 2.0, "t": 0.0}),
    ("sign(w*t)*w", {"w": 2.0, "t": 0.0}),
    ("floor(w*t)", {"w": 2.0, "t": 0.0}),
    ("hypot(w*t, 0)", {"w": 2.0, "t": 0.0}),
    ("relu(relu(w*t)*w)", {"w": 2.0, "t": 0.0}),
    ("abs(t/w)", {"w": 2.0, "t": 0.0}),
    ("relu(w^2*t/w)", {"w": 2.0, "t": 0.0}),
    ("max(t/(w - 5), 0)", {"w": 2.0, "t": 0.0}),
    ("sum(abs(t/w))", {"w": [2.0, 3.0], "t": [0.0, 1.0]}),
    ("sum(relu(X[0]/w) + relu(X/w))", {"w": 2.0, "X": X}),
    ("sum(relu(X@w))", {"w": [1.0, 2.0], "X": X}),
    ("sum(relu(X@w) + abs(w[0]*X[0]))", {"w": [1.0, 2.0], "X": X}),
    ("sum(max(X@w, 0))", {"w": [1.0, 2.0], "X": X}),
    ("sum(clip(X@w, 0, 9))", {"w": [1.0, 2.0], "X": X}),
    ("sum(relu(relu(X@w)@w.T))", {"w": [[1.0, 2.0], [3.0, 1.0]], "X": X}),
    ('sum(relu(einsum("ij,j->i", X, w)))', {"w": [1.0, 2.0], "X": X}),
    ("max(X[0]*w)", {"w": [1.0, 2.0], "X": X}),
    ("norm(X[0]*w)", {"w": [1.0, 2.0], "X": X}),
    ("sum(sort(X[0]*w)*[1, 2])", {"w": [1.0, 2.0], "X": X}),
]
MOVES = [
    ("relu(w*t)", {"t": 2.0, "w": 0.0}),
    ("abs(w^3)", {"w": 0.0}),
    ("abs(w/t)", {"w": 0.0, "t": 2.0}),
    ("relu((w - 2)*t/w)", {"w": 2.0, "t": 1.0}),
    ("relu(1/w - t)", {"w": 2.0, "t": 0.5}),
    ("sum(abs(w/t))", {"w": [0.0, 3.0], "t": [2.0, 1.0]}),
    ("relu(w*t + w - 2)", {"w": 2.0, "t": 0.0}),
    ("max(w*t, w - 2)", {"w": 2.0, "t": 0.0}),
    ("abs(relu(w))", {"w": 0.0}),
    ("relu(w)*relu(w)", {"w": 0.0}),
    ("floor(w*w)", {"w": 1.0}),
    ("sum(relu(X@w))", {"w": [2.0, -1.0], "X": X}),
    ("sum(relu(X@w + w[0] - 1))", {"w": [1.0, 2.0], "X": X}),
    ("sum(abs(relu(X@w)))", {"w": [2.0, -1.0], "X": X}),
    ("max(X[1]*w)", {"w": [2.0, 1.0], "X": X}),
    ("norm(X[1]*w)", {"w": [0.0, 0.0], "X": X}),
    ("sum(sort(X[1]*w)*[1, 2])", {"w": [2.0, 1.0], "X": X}),
]


@pytest.mark.parametrize(("text", "point"), STAYS)
def test_what_stays_meets_no_kink(text, point):
    report = bp.gradient(text, point, wrt="w", at_kinks="error")
    assert report.kinks == []
    assert bp.check(text, point, wrt="w").verdict == "agrees"


@pytest.mark.parametrize(("text", "point"), MOVES)
def test_what_moves_meets_one(text, point):
    assert bp.gradient(text, point, wrt="w").kinks
    with pytest.raises(KinkError):
        bp.gradient(text, point, wrt="w", at_kinks="error")


def test_the_other_variable_meets_it():
    [kink] = bp.gradient("relu(w*t)", w=2.0, t=0.0).kinks
    assert kink.by == "w*t"
    assert bp.gradient("sum(relu(X@w))", w=[1.0, 2.0], X=X).kinks[0].count == 1


@pytest.mark.parametrize("seed", range(5))
def test_rows_of_zeros_are_no_kinks_of_a_network(seed):
    """A network without biases is 0 on a row of zeros, whatever its weights are."""
    random = np.random.default_rng(seed)
    data = random.standard_normal((6, 3)) * (random.integers(2, size=(6, 1)))
    one, two = random.standard_normal((3, 4)), random.standard_normal((4, 2))
    point = {"X": data, "A": one, "B": two}
    text = "sum(relu(relu(X@A)@B))"
    assert bp.gradient(text, point, wrt="A,B").kinks == []
    hidden = np.maximum(data @ one, 0)
    after = (hidden @ two > 0).astype(float)
    expected = data.T @ ((after @ two.T) * (hidden > 0))
    found = bp.gradient(text, point, wrt="A,B").gradient
    np.testing.assert_allclose(found["A"], expected, rtol=1e-12)
