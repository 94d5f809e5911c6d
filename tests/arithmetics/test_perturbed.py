"""Monte Carlo arithmetic: the spreads of simple sums and products are known by hand."""

import math

import numpy as np
import pytest

from backpropcli.arithmetics.arrays.perturbed import PERTURBED
from backpropcli.calculus.forward import forward
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
