"""Programs with smaller arrays: what fits stays what it was; costs are counted by hand."""

from __future__ import annotations

import numpy as np

import backpropcli as bp
from backpropcli.proof.arrays.costs import operations
from backpropcli.proof.arrays.problem import Problem
from backpropcli.proof.arrays.smaller import shrunk, varied
from tests.each import for_each


def problem(text, **shapes):
    values = {
        name: np.arange(1.0, np.prod(shape) + 1).reshape(shape) for name, shape in shapes.items()
    }
    return Problem.of(bp.gradient(text, values))


def sizes(text, **shapes):
    found = shrunk(problem(text, **shapes))
    return None if found is None else {name: np.shape(one) for name, one in found.bindings.items()}


def test_equal_sizes_stay_equal_and_different_ones_different():
    found = sizes("sum(tanh(X@W) + b)", X=(50, 20), W=(20, 30), b=(30,))
    (n, d), (again, k), (last,) = found.values()
    assert (d, k) == (again, last)
    assert len({n, d, k}) == 3
    assert max(n, d, k) < 10


def test_small_sizes_are_kept():
    assert sizes("sum(x)", x=(2, 100)) == {"x": (2, 3)}
    assert sizes("sum(x)", x=(2, 4)) is None


def test_sizes_in_the_program_follow():
    found = sizes("sum(reshape(x, 30, 100)@y)", x=(3000,), y=(100,))
    assert found["x"][0] % found["y"][0] == 0
    assert found["x"][0] < 40
    found = sizes("sum(reshape(x, 64, -1)@W)", x=(64, 28, 28), W=(784, 300))
    assert found["x"][1] ** 2 == found["W"][0]


def test_what_an_index_names_is_there():
    assert sizes("sum(x[50]*y)", x=(100, 20), y=(20,))["x"][0] == 100


def test_places_of_elements_are_within_the_smaller_array():
    values = {"E": np.ones((50, 20)), "t": np.array([49.0, 7, 0])}
    found = shrunk(Problem.of(bp.gradient("sum(E[t]^2)", values)))
    assert np.all(found.bindings["t"] < len(found.bindings["E"]))
    again = varied(found, 0)
    assert np.array_equal(again.bindings["t"], found.bindings["t"])
    assert not np.array_equal(again.bindings["E"], found.bindings["E"])


def test_values_are_the_corners():
    found = shrunk(problem("sum(x^2)", x=(10, 12)))
    n, d = found.bindings["x"].shape
    whole = np.arange(1.0, 121).reshape(10, 12)
    assert np.array_equal(found.bindings["x"], whole[:n, :d])


@for_each(
    "text, shapes, count",
    [
        ("sum(x)", [(7, 5), ()], 35),
        ("det(x)", [(4, 4), ()], 256),
        ('einsum("ij,jk->ik", x, y)', [(2, 3), (3, 5), (2, 5)], 60),
        ('einsum("...j,jk->...k", x, y)', [(2, 3), (3, 5), (2, 5)], 60),
        ("x + y", [(7, 1), (5,), (7, 5)], 35),
    ],
)
def test_operations_are_counted(text, shapes, count):
    from backpropcli.language.parse import parse

    graph = parse(text).graph
    assert operations(graph, shapes)[-1] == count
