"""Programs with arrays, at least one for each operation, against what uses no rule for arrays.

A program written out in numbers says what the operations are; its differences in 60 digits along
random directions need no derivative at all. Programs that hypothesis draws are held against the
derivatives of numbers.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from backpropcli.arithmetics import digits, floats, shapes
from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.elements import each_place, in_numbers
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.lower import lower
from backpropcli.calculus.sweeps import pull, push
from backpropcli.graph.arrays import LISTED
from backpropcli.language.parse import parse
from tests.arrays.programs import PROGRAMS, points
from tests.each import for_each

BESIDE = (
    ("argmax(x, axis=1)*y", {"x": "3x4", "y": "3"}),
    ("argmin(x)*x", {"x": "2x3"}),
    ("size(x, axis=0)*x", {"x": "2x3"}),
    ("windows(x, 3, stride=2)", {"x": "2x7"}),
    ("windows_of(x, y, of=0)", {"x": "2x5", "y": "3"}),
    ("unwindows(x, y)", {"x": "3x3", "y": "5"}),
    ("conv1d(x, w, stride=2, padding=1)", {"x": "2x2x5", "w": "3x2x3"}),
    ("conv2d(x, w, padding=1)", {"x": "1x2x4x3", "w": "2x2x3x2"}),
    ("max_pool1d(x, 2)", {"x": "1x2x6"}),
    ("avg_pool1d(x, 3, stride=1)", {"x": "1x2x5"}),
    ("max_pool2d(x, 2, stride=1)", {"x": "1x2x3x4"}),
    ("avg_pool2d(x, 2)", {"x": "1x2x4x4"}),
)
POINTS = points(PROGRAMS + BESIDE)
PLACES = {"t", "i"}
"""Variables that hold places: whole numbers, by which nothing moves."""


class Passes:
    """Both passes over a program of arrays, at values and with a cotangent that are drawn."""

    def __init__(self, text, at, seed=0):
        rng = np.random.default_rng(seed)
        self.at = at
        self.lowered = lower(parse(text, at))
        graph, [self.output] = self.lowered.graph, self.lowered.outputs
        self.wrt = {name: node for name, node in graph.variables().items() if name not in PLACES}
        self.values = forward(graph, FLOATS, at)
        self.value = self.values[self.output]
        self.cotangent = rng.normal(size=np.shape(self.value))
        self.directions = {name: rng.integers(-9, 10, size=np.shape(at[name])) for name in self.wrt}
        edges = linearize(graph, FLOATS, self.values, self.wrt.values())
        adjoints = pull(edges, FLOATS, {self.output: self.cotangent})
        self.gradient = {
            name: FLOATS.fit(adjoints[node], self.values[node]) for name, node in self.wrt.items()
        }

    def reverse(self, name):
        """Return the derivative along a variable's direction, by reverse mode."""
        return float(np.sum(self.gradient[name] * self.directions[name]))

    def forward(self, name):
        """Return the same by forward mode."""
        node = self.wrt[name]
        edges = linearize(self.lowered.graph, FLOATS, self.values, [node])
        direction = self.directions[name].astype(float)
        moved = push(edges, FLOATS, {node: direction if direction.shape else float(direction)})
        return float(np.sum(self.cotangent * FLOATS.fit(moved[self.output], self.value)))

    def size(self, name):
        """Return how large the terms are that add up to the derivative: what rounding goes by."""
        return 1 + float(np.sum(abs(self.gradient[name] * self.directions[name])))


def differences(passes, numbers, name):
    """Return the derivative along a variable's direction, by differences in 60 digits."""
    program = numbers.program
    with mp.workdps(60):
        step = mpf(10) ** -25
        point = {key: mpf(value) for key, value in numbers.bindings.items()}
        elements = [str(program.graph.args[node]) for node in numbers.places[passes.wrt[name]]]
        along = dict(zip(elements, map(int, passes.directions[name].ravel()), strict=True))

        def total(sign):
            moved = {key: value + sign * step * along.get(key, 0) for key, value in point.items()}
            values = forward(program.graph, digits, moved)
            pairs = zip(program.outputs, passes.cotangent.ravel(), strict=True)
            return mp.fsum(values[output] * mpf(float(weight)) for output, weight in pairs)

        return float((total(1) - total(-1)) / (2 * step))


@pytest.mark.slow
@for_each("text, at", POINTS)
def test_both_modes_are_the_limit_of_differences(text, at):
    passes = Passes(text, at)
    graph = passes.lowered.graph
    sizes = forward(graph, shapes, {name: np.shape(value) for name, value in at.items()})
    assert [np.shape(value) for value in passes.values] == [tuple(size) for size in sizes]
    numbers = in_numbers(passes.lowered, at)
    assert len(numbers.program.outputs) == np.size(passes.value)
    for name in passes.wrt:
        expected = pytest.approx(differences(passes, numbers, name), abs=1e-11 * passes.size(name))
        assert passes.reverse(name) == expected, name
        assert passes.forward(name) == expected, name


def test_every_operation_is_in_a_program():
    met = set()
    for text, at in POINTS:
        met |= {*parse(text, at).graph.operations}
    missing = {row.name for row in LISTED if row.name not in met}
    assert missing == set()


# Programs that are drawn

SHAPES = {"s": (), "x": (3,), "y": (3,), "A": (2, 3), "B": (3, 3), "C": (3, 1)}
KEEP = (
    "tanh({0})",
    "sin({0})",
    "-{0}",
    "exp(-{0}^2)",
    "{0}^2",
    "relu({0})",
    "{0}/2",
    "sigmoid({0})",
)
OF_ARRAYS = (
    "sum({0}, axis=-1)",
    "sum({0}, axis=0, keepdims=True)",
    "mean({0})",
    "prod({0}, axis=-1)",
    "max({0}, axis=0)",
    "min({0})",
    "logsumexp({0}, axis=-1, keepdims=True)",
    "softmax({0})",
    "log_softmax({0}, axis=0)",
    "cumsum({0})",
    "cumprod({0})",
    "sort({0})",
    "var({0}, axis=0)",
    "{0}.T",
    "{0}[0]",
    "{0}[..., ::-1]",
    "{0}[:, None]",
    "{0}[[-1, 0, -1]]",
    "flip({0})",
    "roll({0}, 1)",
    "reshape({0}, -1)",
    "{0}[None]",
    "{0}[..., None]",
    "pad([{0}], 1)",
    "tile({0}, 2)",
    "repeat({0}, 2, axis=0)",
    "trace({0}@{0}.T)",
    "det({0})",
    "tril({0})",
    "diag({0})",
)
OF_TWO = (
    *("{0} + {1}", "{0}*{1}", "{0} - {1}", "{0}@{1}", "{0}@{1}.T", "max({0}, {1})"),
    *("where({0} > {1}, {0}, {1}^2)", "outer({0}, {1})", "concat({0}, {1})", "stack({0}, {1})"),
    *("atan2({0}, 2 + {1}^2)", "kron({0}, {1})", "solve(10*eye(3) + {0}, {1})", "[{0}, {1}, {0}]"),
)
MOST = 40
"""Elements that a drawn array may have."""


def shape_of(text):
    """Return the shape of a program's value; None where it does not fit."""
    from backpropcli.arithmetics.shapes.misfits import MisfitError

    lowered = lower(parse(text, SHAPES))
    try:
        return forward(lowered.graph, shapes, SHAPES)[lowered.outputs[0]]
    except MisfitError:
        return None


@st.composite
def programs(draw):
    """Draw a program of some statements: each an operation on names before it that fit."""
    names, lines = [*SHAPES], []
    for number in range(draw(st.integers(2, 7))):
        form = draw(st.sampled_from(KEEP + OF_ARRAYS + OF_TWO))
        one, other = (draw(st.sampled_from(names)) for _ in range(2))
        line = f"v{number} = {form.format(one, other)}"
        shape = shape_of("; ".join([*lines, line, f"v{number}"]))
        if shape is not None and np.prod(shape) <= MOST:
            lines.append(line)
            names += [f"v{number}"] * 2  # what was built last is used more often
    return "; ".join([*lines, f"sum({names[-1]}) + sum({draw(st.sampled_from(names))})"])


@pytest.mark.slow
@given(programs(), st.integers(0, 99))
def test_a_program_of_arrays_is_the_program_of_numbers(text, seed):
    """Hold a program of arrays at a drawn point against the same in numbers."""
    rng = np.random.default_rng(seed)
    at = {
        name: rng.choice(np.arange(-150, 150), size=shape, replace=False) / 100 + 0.003
        for name, shape in SHAPES.items()
        if shape
    }
    at["s"] = 0.7
    passes = Passes(text, {name: at[name] for name in parse(text, at).variables}, seed)
    numbers = in_numbers(passes.lowered, passes.at)
    graph, [output] = numbers.program.graph, numbers.program.outputs
    values = forward(graph, floats, numbers.bindings)
    assert float(passes.value) == pytest.approx(values[output], rel=1e-9, nan_ok=True)
    wrt = [node for name in passes.wrt for node in numbers.places[passes.wrt[name]]]
    adjoints = pull(
        linearize(graph, floats, values, wrt), floats, {output: float(passes.cotangent)}
    )
    for name, node in passes.wrt.items():
        expected = [adjoints[one] or 0.0 for one in numbers.places[node]]
        found = np.ravel(passes.gradient[name])
        scale = 1 + np.max(np.abs(expected))
        assert found == pytest.approx(expected, rel=1e-8, abs=1e-10 * scale, nan_ok=True), name
        assert len(found) == len(list(each_place(np.shape(passes.at[name]))))
