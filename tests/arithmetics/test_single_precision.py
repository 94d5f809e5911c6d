"""Arrays in single precision: nothing is promoted; doubles say what the numbers should be."""

from __future__ import annotations

import numpy as np
import pytest

import backpropcli
from backpropcli.calculus.choice import numbers_of
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.modes.gradient import ready

HALVES = np.array([[0.5, -1.5], [2, 0.25]])
PROGRAMS = [
    "mean((x@x + b - x)^2)",
    "sum(softmax(x)*[1, 2] + log_softmax(x, axis=0))",
    "sum(relu(x)*zeros(2) + sigmoid(x)*gelu(x) + erf(x) + where(x > 0, x, 1))",
    "det(x) + norm(x) + max(x) + logsumexp(x) + prod(x) + var(x)",
    "sum(inv(x) + cumsum(x) + x^3 + x[0] + mean(x, axis=0))",
    "sum(eye(2)@x + one_hot([0, 1], 2)@x + arange(2) + x/3 + (x > 1)*x)",
    "sum(full(2, (2, 2))*x + linspace(0, 1, 2) + pi*x + ones(2, 2))",
]


def passes(program, **point):
    """Return the values of all nodes, and their adjoints where there are any."""
    lowered, _ = ready(program, point)
    graph = lowered.graph
    numbers = numbers_of(graph, point)
    values = forward(graph, numbers, point)
    edges = linearize(graph, numbers, values, graph.variables().values())
    adjoints = pull(edges, numbers, {lowered.outputs[0]: 1.0})
    return values, numbers.in_shape(adjoints, values)


@pytest.mark.parametrize("text", PROGRAMS)
def test_nothing_is_promoted(text):
    program = backpropcli.parse(text, ["x", "b"])
    single = passes(program, x=HALVES.astype(np.float32), b=0.25)
    double = passes(program, x=HALVES, b=0.25)
    for found, wanted in zip(single, double, strict=True):
        for one, other in zip(found, wanted, strict=True):
            if isinstance(other, np.ndarray):
                assert one.dtype == np.float32
            if other is not None:
                np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("power", [1, 2])
def test_sums_of_products_are_as_exact_as_sums(power):
    """By hand: 0 + 1 + ... + (n - 1) is n(n - 1)/2, and their squares are n(n - 1)(2n - 1)/6.

    NumPy adds up pairwise; products by BLAS were 15 units in the last place off.
    """
    n = 1_000_000
    exact = n * (n - 1) // 2 if power == 1 else n * (n - 1) * (2 * n - 1) // 6
    found = backpropcli.gradient(f"sum(w*arange({n})^{power})", w=2, dtype="float32")
    [edge] = [
        edge
        for node in range(len(found.graph))
        for edge in found.flow.edges(node)
        if edge.input == found.wrt["w"]
    ]
    for slope in (found.gradient["w"], edge.contribution):
        assert abs(float(slope) - exact) <= np.spacing(np.float32(exact))
