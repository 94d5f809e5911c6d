"""Monte Carlo arithmetic: the spreads of simple sums and products are known by hand."""

import math

import numpy as np
import pytest

from backpropcli.arithmetics.arrays.perturbed import PERTURBED
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.lower import lower
from backpropcli.calculus.sweeps import pull
from backpropcli.language.parse import parse

pytestmark = pytest.mark.slow


UNIT = 2.0**-24
RUNS = 4000


def spread(text, **point):
    """Return the deviation of a program's value, in units of what it is without rounding."""
    graph = parse(text, point).graph
    given = {name: np.asarray(one) if isinstance(one, list) else one for name, one in point.items()}
    found = []
    for seed in range(RUNS):
        PERTURBED.begin(UNIT, 0.0, seed)
        found.append(forward(graph, PERTURBED, given)[-1])
    return float(np.std(found) / UNIT)


@pytest.mark.parametrize(
    ("text", "deviation"),
    [
        ("x + y", 3),  # one rounding of 3, uniform in [-1, 1]: 3/sqrt(3)
        ("x*y", 2),
        ("x*y + 1", math.hypot(2, 3)),  # 2 is moved, then 3
        ("x - y", 1),
        ("exp(x) - exp(x)*1", math.e),  # exp(x) is one node, and cancels: its product is moved
    ],
)
def test_spreads_of_scalars(text, deviation):
    assert spread(text, x=1.0, y=2.0) == pytest.approx(deviation / math.sqrt(3), rel=0.05)


def test_a_sum_counts_its_terms():
    """Four terms of 1 move by sqrt(4) units each, their sum of 4 by one: sqrt(4*4 + 16)."""
    assert spread("sum(x)", x=[1.0] * 4) == pytest.approx(math.sqrt(32 / 3), rel=0.05)
    assert PERTURBED.terms == 4


@pytest.mark.parametrize("text", ["max(x, 3)", "-x", "abs(x)", "relu(x)", "x > 1", "floor(x)"])
def test_what_is_exact_stays(text):
    assert spread(text, x=1.5) == 0


TINY = 5e-324


@pytest.mark.parametrize(
    ("text", "x", "moves"),
    [
        ("x^2", [1e-200, 0.0], [True, False]),
        ("x*1e-200", [1e-200, 0.0], [True, False]),
        ("exp(x)", [-800.0, -math.inf], [True, False]),
        ("outer(x, x)[0]", [1e-200, 0.0], [True, False]),
        ("x - x", [1.0, 0.0], [False, False]),
        ("relu(x)", [-1.0, 0.0], [False, False]),
        ("stack(prod(x), x@[0, 0])", [1e-200, 1e-200], [True, False]),
        ("stack(x@x, prod(x*[1, 0]))", [1e-200, 1e-200], [True, False]),
    ],
)
def test_a_0_that_underflowed_moves_by_the_least_number(text, x, moves):
    """By hand: a product of numbers that are not 0 is none."""
    graph = parse(text, {"x": x}).graph
    most = np.zeros(2)
    for seed in range(8):
        PERTURBED.begin(UNIT, TINY, seed)
        most = np.maximum(most, np.abs(forward(graph, PERTURBED, {"x": np.asarray(x)})[-1]))
    assert [0 < one <= 2 * TINY for one in most] == moves
    assert [one == 0 for one in most] == [not one for one in moves]


def test_an_adjoint_that_underflowed_moves_by_the_least_number():
    """By hand: d/dx of (x^2)*1e-200 is 2*x*1e-200: 2e-400, 0 and 2e-200."""
    program = lower(parse("sum(x^2*1e-200)", {"x": [1.0]}), {"x": (3,)})
    x = np.array([1e-200, 0.0, 1.0])
    PERTURBED.begin(UNIT, TINY, 0)
    values = forward(program.graph, PERTURBED, {"x": x})
    node = program.graph.variables()["x"]
    edges = linearize(program.graph, PERTURBED, values, [node])
    first, second, third = np.abs(pull(edges, PERTURBED, {program.outputs[0]: 1.0})[node])
    assert 0 < first <= 2 * TINY
    assert second == 0
    assert third == pytest.approx(2e-200)
