"""What is simplified while derivatives are built holds: in floats, with their edges, and exactly.

The floats are Python's own, which are IEEE 754's; the exact numbers are Python's fractions. Both
sides of an identity are looked at as they are written: parsing simplifies nothing.
"""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from mpmath import mp, mpf

from backpropcli.arithmetics import digits, floats
from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.arithmetics.nodes.identities import IDENTITIES, OF_ARRAYS, SCALED
from backpropcli.arithmetics.nodes.literals import EXACT
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.arithmetics.nodes.patterns import LEAF, NUMBERS
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import COMPARED
from backpropcli.language.parse import parse
from tests.each import for_each

INF, NAN = math.inf, math.nan
SAMPLES = (0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 0.1, -1.7, 1e9, -1e-9, INF, -INF, NAN)
NAMES = ("x", "y", "c", "m", "n", LEAF)


def points(text, samples):
    """Yield all assignments of samples to the names of an identity; literals are finite."""
    names = [name for name in NAMES if name in parse(text).variables]
    of_each = [
        [one for one in samples if math.isfinite(one) or name not in NUMBERS] for name in names
    ]
    for values in product(*of_each):
        yield dict(zip(names, values, strict=True))


def in_floats(text, point):
    program = parse(text)
    return forward(program.graph, floats, point)[program.root]


def alike(one, other):
    """Say whether two floats are one number but for rounding and the sign of a zero."""
    if one == other or (math.isnan(one) and math.isnan(other)):
        return True
    return math.isfinite(one - other) and abs(one - other) <= 4 * math.ulp(
        max(abs(one), abs(other))
    )


@pytest.mark.slow
@pytest.mark.parametrize(("left", "right"), IDENTITIES)
def test_both_sides_are_one_float(left, right):
    """The names of the left side are all that the right side may use."""
    assert parse(right).variables.keys() <= parse(left).variables.keys()
    for point in points(left, SAMPLES):
        assert alike(in_floats(left, point), in_floats(right, point)), point


WORDS = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "pow": lambda x, y: x ** int(y),
    "where": lambda c, x, y: x if c else y,
    "not": lambda x: Fraction(not x),
}


def exactly(text, point):
    """Return the value in fractions, None where there is none."""
    graph = parse(text).graph
    values = []
    for node, operation in enumerate(graph.operations):
        inputs = [values[child] for child in graph.inputs[node]]
        if operation in {"variable", "number"}:
            arg = graph.args[node]
            values.append(point[arg] if operation == "variable" else Fraction(arg))
        elif operation == "div" and not inputs[1]:
            return None
        else:
            values.append(WORDS[operation](*inputs))
    return values[-1]


@pytest.mark.parametrize(("left", "right"), IDENTITIES)
def test_both_sides_are_one_fraction(left, right):
    samples = [Fraction(*pair) for pair in ((0, 1), (1, 1), (-1, 1), (2, 3), (-7, 5), (11, 1))]
    compared = 0
    for point in points(left, samples):
        expected = exactly(left, point)
        if expected is not None:
            assert exactly(right, point) == expected, point
            compared += 1
    assert compared >= 5


@for_each("left, right", IDENTITIES)
def test_each_is_applied(left, right):
    """What is built of the left side is what is built of the right side."""
    graph = Graph()
    nodes = Nodes(graph)
    given = {name: graph.node("variable", (), name) for name in ("x", "y", "c", LEAF)}
    given |= {name: nodes.number(value) for name, value in zip("mn", (3.0, 0.1), strict=True)}
    built = []
    for text in (left, right):
        program = parse(text)
        built.append(graph.write(program.graph, given, node=nodes.build)[program.root])
    assert built[0] == built[1]
    program = parse(left)
    plain = graph.write(program.graph, given)[program.root]
    assert plain != built[0] or left == right  # the last is a form that stays as it is


LITERALS = (0.0, 1.0, -1.0, 2.0, -3.0, 0.5, 0.1, 1e-300, 1e300, 2.0**53, -(2.0**53), 2.0**-60)


def worked_out(operation, values):
    """Return the float that an operation on literals is worked out to, None if it is left."""
    graph = Graph()
    nodes = Nodes(graph)
    return nodes.literal(nodes.build(operation, tuple(nodes.number(value) for value in values)))


@pytest.mark.parametrize("operation", [*EXACT, *COMPARED, "and", "or", "not"])
def test_what_is_worked_out_of_literals_is_exact(operation):
    """At 400 digits there is no rounding for these literals, as typed and as doubles alike."""
    count = 1 if operation in {"abs", "floor", "not"} else 2
    done = 0
    names = ["x", "y"][:count]
    with mp.workdps(400):
        for values in product(LITERALS, repeat=count):
            found = worked_out(operation, values)
            if found is None:
                continue
            graph = Graph()
            graph.node(operation, tuple(graph.node("variable", (), name) for name in names))
            for read in (mpf, lambda value: mpf(repr(value))):
                exact = forward(graph, digits, dict(zip(names, map(read, values), strict=True)))
                if operation not in COMPARED:
                    assert exact[-1] == read(found), values
                else:
                    assert exact[-1] == found, values
            done += 1
    assert done >= 3


ARRAY_SHAPES = {
    **dict.fromkeys("ckmn", ()),
    **dict.fromkeys("uvw", (3,)),
    **dict.fromkeys("ABCP", (3, 3)),
    **dict.fromkeys("XYZ", (3, 3)),
}


@for_each("one, other", OF_ARRAYS + SCALED)
def test_identities_of_arrays_hold_at_random_arrays(one, other):
    rng = np.random.default_rng(0)
    names = parse(one).variables
    point = {name: rng.normal(size=ARRAY_SHAPES.get(name, (3, 3))) for name in names}
    point = {name: value if np.shape(value) else float(value) for name, value in point.items()}
    values = []
    for text in (one, other):
        program = parse(text)
        values.append(forward(program.graph, FLOATS, point)[program.root])
    np.testing.assert_allclose(values[0], values[1], rtol=1e-13, atol=1e-14)
