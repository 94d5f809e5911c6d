"""Large arrays go by blocks, and what nobody asks for is overwritten: no value moves."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from backpropcli.arithmetics.arrays import arrays, blocks, partials
from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.arrays.partials import Owned, handed
from backpropcli.calculus import sparing
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.lower import lower
from backpropcli.calculus.sparing import Sparing
from backpropcli.calculus.sweeps import pull
from backpropcli.language.parse import parse
from tests.each import for_each

PROGRAMS = (
    "z = w*x + b; mean(max(z, 0) - z*y + log(1 + exp(-abs(z))))",
    "u = x + x; sum(u*u - u + tanh(u)*b)",
    "v = x*3; u = x + y; sum(u^2) + sum(v) + sum(v*x)",
    "u = x*y; v = reshape(u, 5, 4); sum(v*v) + sum(u*tanh(u)) + sum(-u)",
    "u = A*c + x; sum(u/A*A.T.T + relu(u)*min(u, w))",
    "sum(sigmoid(A)*c) + sum(softplus(A*b)*gelu_tanh(A)) + sum(silu(A)*where(A > 0, A, b))",
    "sum(A/r + r*c + A^2*b, axis=-1)@p",
    "v = A - mean(A, axis=-1, keepdims=True); sum((v/sqrt(mean(v^2, axis=1, keepdims=True)))^2*x)",
    "u = tanh(x@A.T); sum(softmax(u)@y*exp(-abs(x[::-1])) + log_softmax(x, axis=0))",
    "u = c - 1; sum(relu(u)*A) + mean(u) + u[0]",
    "sum((A + c)*c) + sum((A + r)/c) + sum(p*(x@A.T + p)) + sum(c*cumsum(A, axis=0)*r)",
    "h = exp(x*A); k = log(1 + h); v = k; sum(max(v, h)*y) + sum(k*tanh(v + b))",
    "z = x*y; u = z; s = abs(u); t = s.T.T; h = s*s; sum(exp(-t)*u - min(z, t)) + mean(s/(1 + h))",
    "sum(concat(exp(x), -sqrt(A*A), axis=1)[1:, 2:]*prod(A)) + max(A + x) + norm(x, axis=1)@p",
)


def point():
    rng = np.random.default_rng(1)
    shapes = {"x": (4, 5), "y": (4, 5), "A": (4, 5), "c": (5,), "r": (4, 1), "p": (4,)}
    found = {name: rng.uniform(0.3, 2, shape) for name, shape in shapes.items()}
    found["x"] = found["x"] - 1
    return {**found, "w": 0.7, "b": 0.2}


def gradients(text, values, *, spent):
    lowered = lower(parse(text, list(values)))
    graph, nodes = lowered.graph, lowered.graph.variables()
    [output] = lowered.outputs
    there = forward(graph, FLOATS, values)
    if spent:
        passes = Sparing(graph, FLOATS, nodes.values())
        passes.forward(values, [output], {})
        np.testing.assert_array_equal(passes.values[output], there[output])
        found = passes.pull({output: 1.0}, nodes.values())
    else:
        edges = linearize(graph, FLOATS, there, nodes.values())
        found = pull(edges, FLOATS, {output: 1.0})
    return {name: FLOATS.fit(found[node], there[node]) for name, node in nodes.items()}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("text", PROGRAMS)
@pytest.mark.parametrize("block", [1, 3, 7, 20])
def test_blocks_and_overwriting_change_nothing(text, block, monkeypatch):
    """The whole arrays, with all adjoints kept, are what blocks must give."""
    values = point()
    whole = gradients(text, values, spent=False)
    before = {name: np.copy(value) for name, value in values.items()}
    few = gradients(text, values, spent=True)
    for name, slope in whole.items():
        np.testing.assert_allclose(few[name], slope, rtol=1e-13, atol=1e-14)
    monkeypatch.setattr(blocks, "BLOCK", block)
    monkeypatch.setattr(blocks, "LARGE", 2)
    monkeypatch.setattr(partials, "LARGE", 2)
    monkeypatch.setattr(sparing, "MANY", 2)
    monkeypatch.setattr(arrays, "MANY", 2)
    for spent in (False, True):
        found = gradients(text, values, spent=spent)
        for name, slope in whole.items():
            np.testing.assert_allclose(found[name], slope, rtol=1e-13, atol=1e-14)
    for name, value in values.items():
        np.testing.assert_array_equal(value, before[name])


@pytest.mark.parametrize("shape", [(12,), (3, 4), (2, 3, 2)])
def test_blocks_cover_every_element_once(shape, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 5)
    given = np.arange(12.0).reshape(shape)
    for values in ([given], [given, given[..., :1]], [given[::-1], given[:1], 2.0]):
        seen = [part[0] for _, part in blocks.blocks(shape, values)]
        np.testing.assert_array_equal(
            np.concatenate([one.ravel() for one in seen]), values[0].ravel()
        )


def test_an_array_that_was_handed_on_is_not_free():
    given = Owned(np.ones(3))
    assert handed(given.array, given, last=False) is given.array
    assert not given.free
    assert handed(given.array, given, last=True) is given.array


def test_the_last_edge_hands_on_an_owned_array_and_its_views():
    given = Owned(np.ones((2, 3)))
    assert handed(given.array, given, last=True) is given
    assert isinstance(handed(given.array.T, given, last=True), Owned)
    assert not isinstance(handed(np.broadcast_to(1.0, (2, 3)), given, last=True), Owned)


def test_a_view_keeps_what_it_shows(monkeypatch):
    """A vector that is not needed itself is not written over while a part of it is."""
    monkeypatch.setattr(sparing, "MANY", 2)
    values = {"x": np.array([1.0, 2.0, 3.0]), "y": np.array([4.0, 5.0, 6.0])}
    text = "u = x + y; v = u[:2]; w = u*2; sum(exp(-v)) + sum(tanh(w/100))"
    whole = gradients(text, values, spent=False)
    for name, slope in gradients(text, values, spent=True).items():
        np.testing.assert_array_equal(slope, whole[name])


@for_each("many, text", product([3, 5, 6, 20], PROGRAMS))
def test_small_values_before_the_first_large_one_are_kept(text, many, monkeypatch):
    """Arrays of 4, 5 and 20 elements: those that are small come first, or between the others."""
    values = point()
    whole = gradients(text, values, spent=False)
    with monkeypatch.context() as changed:
        changed.setattr(sparing, "MANY", many)
        changed.setattr(arrays, "MANY", many)
        found = gradients(text, values, spent=True)
    for name, slope in found.items():
        np.testing.assert_allclose(slope, whole[name], rtol=1e-13, atol=1e-14)


def test_what_only_a_small_array_reads_is_there_in_the_reverse_pass():
    """The slope of relu at -1 is 0, and that of the mean is 1/2."""
    values = {"r": np.array([-1.0, 2.0]), "A": np.ones((2048, 2))}
    found = gradients("sum(relu(r)*A) + mean(r)", values, spent=True)
    np.testing.assert_array_equal(found["r"], [0.5, 2048.5])


def test_what_is_asked_for_is_not_written_over(monkeypatch):
    monkeypatch.setattr(sparing, "MANY", 2)
    values = {"x": np.array([1.0, 2.0, 3.0])}
    lowered = lower(parse("y = exp(2*x); y", ["x"]))
    [output], x = lowered.outputs, lowered.graph.variables()["x"]
    passes = Sparing(lowered.graph, FLOATS, [x])
    passes.forward(values, [output], {})
    value = passes.values[output]
    found = passes.pull({output: 1.0}, [x])
    np.testing.assert_array_equal(value, np.exp([2.0, 4.0, 6.0]))
    np.testing.assert_array_equal(FLOATS.fit(found[x], values["x"]), 2 * value)


def test_a_number_that_is_chosen_by_rows_and_columns_counts_all_of_them():
    # c chooses a at two of three columns, in both rows
    values = {"c": np.array([1.0, 0.0, 1.0]), "a": 2.0, "b": np.array([[1.0], [2.0]])}
    found = gradients("sum(where(c, a, b))", values, spent=True)
    assert found["a"] == 4
    np.testing.assert_array_equal(found["b"], [[1], [1]])


def test_what_two_inputs_are_handed_is_not_added_to():
    # the gradient of x has 3 more than 2*(x + y), which is that of y
    values = {"x": np.array([1.0, 2.0]), "y": np.array([3.0, 4.0])}
    found = gradients("v = x*3; u = x + y; sum(u^2) + sum(v)", values, spent=True)
    np.testing.assert_array_equal(found["x"], [11, 15])
    np.testing.assert_array_equal(found["y"], [8, 12])


def test_a_slope_of_two_that_tie_is_shared():
    found = gradients(
        "sum(max(x, y))", {"x": np.array([1.0, 2.0]), "y": np.array([1.0, 5.0])}, spent=True
    )
    np.testing.assert_array_equal(found["x"], [0.5, 0.0])
    np.testing.assert_array_equal(found["y"], [0.5, 1.0])
