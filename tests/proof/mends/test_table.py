"""Each mend is equal in exact arithmetic, and better in floats at its sample."""

from random import Random

import pytest

import backpropcli as bp
from backpropcli.arithmetics.matching.left import Left, Mend
from backpropcli.arithmetics.matching.mends import MENDS, OF_ARRAYS
from backpropcli.calculus.bindings import numbers
from backpropcli.graph.graph import Graph
from backpropcli.proof.equality.equal import Equal, Pairs, equal, sampled
from backpropcli.proof.equality.points import points
from backpropcli.proof.mends.measure import Measured
from backpropcli.proof.mends.runs import run_of
from backpropcli.proof.mends.search import mended

pytestmark = pytest.mark.slow


PATIENCE = 600.0
"""Seconds that none of them waits for."""
ROWS = [Mend(text) for text in MENDS]
OF_ARRAYS_ROWS = [Mend(text) for text in OF_ARRAYS]
FEWEST = 6
"""Points at which both sides have to have a value."""
CANCELLED = "(x + 1)*x - x^2 -> x"
"""What stands for whatever cancels once it is multiplied out: at some samples it does as well."""


@pytest.mark.usefixtures("at_some_points")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text)
def test_both_sides_are_equal_wherever_the_left_has_a_value(row):
    """They are held against each other in balls at sampled points, which knows no pattern.

    One in three points is enough: SymPy proves most rows, in ``test_proofs``.
    """
    left = Left(row)
    graph, one = left.graph, left.top
    if left.condition is not None:
        nan = graph.node("constant", (), "nan")
        one = graph.node("where", (left.condition, one, nan))
    found = equal(graph, one, left.right, symbolic=False)
    assert isinstance(found, Equal), found


@pytest.mark.parametrize("row", OF_ARRAYS_ROWS, ids=lambda row: row.text)
def test_both_sides_are_equal_written_out_in_numbers(row):
    """At some of the points that ``equal`` looks at: many rows differ in their axes alone."""
    draw = Random(row.text)  # noqa: S311 (numbers to try)
    x = [[draw.uniform(0.1, 2) for _ in range(2)] for _ in range(2)]
    point = numbers({"x": x if row.sample.startswith("x=[[") else x[0]})
    where = f"where(prod({row.condition}), sum(({row.left})^2), nan)" if row.condition else ""
    graph, nodes = Graph(), []
    for text in (where or f"sum(({row.left})^2)", f"sum(({row.right})^2)"):
        run = run_of(bp.parse(text), point, ["x"])
        one = Measured(run, ["x"]).numbers
        nodes.append(graph.write(one.graph)[one.top])
    pairs = Pairs(graph, [(*nodes, nodes[0])])
    tally = sampled(pairs, points(pairs.graph, pairs.names, {})[::4])
    assert (tally.value, tally.domains) == (None, [])
    assert tally.agree >= FEWEST


def at_sample(row):
    """Return the left side as a program, and its values: those with a call are statements."""
    parts = [row.sample] if "[" in row.sample else row.sample.split(", ")
    given = dict(one.split("=", 1) for one in parts)
    own = {name for name, text in given.items() if "log(" in text}
    statements = [f"{name} = {given[name]}" for name in own]
    values = {name: text for name, text in given.items() if name not in own}
    return "; ".join([*statements, row.left]), values


@pytest.mark.usefixtures("at_few_points")  # both sides are equal, as above
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text)
def test_the_right_side_is_better_at_the_sample(row):
    text, values = at_sample(row)
    found = mended(bp.gradient(text, values), PATIENCE)
    assert {row.text, CANCELLED} & {step.pattern for step in found.steps}


@pytest.mark.usefixtures("at_few_points")
@pytest.mark.parametrize("row", OF_ARRAYS_ROWS, ids=lambda row: row.text)
def test_of_arrays_too(row):
    text, values = at_sample(row)
    x = bp.value(values["x"])
    corner = x[:2, :2] if x.ndim > 1 else x
    found = mended(bp.gradient(f"sum({text})", {"x": corner}), PATIENCE)
    assert found.steps
