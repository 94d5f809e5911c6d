"""Each mend is equal in exact arithmetic, and better in floats at its sample."""

import mpmath
import pytest

import backpropcli as bp
from backpropcli.arithmetics.matching import Left, Mend
from backpropcli.arithmetics.mends import MENDS
from backpropcli.proof.equality import Equal, equal
from backpropcli.proof.mends.search import mended

ROWS = [Mend(text) for text in MENDS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text)
def test_both_sides_are_equal_wherever_the_left_has_a_value(row):
    """The comparison is by balls at sampled points (SymPy's proof is asked for apart, below)."""
    left = Left(row)
    graph, one = left.graph, left.top
    if left.condition is not None:
        nan = graph.node("constant", (), "nan")
        one = graph.node("where", (left.condition, one, nan))
    found = equal(graph, one, left.right, symbolic=False)
    assert isinstance(found, Equal), getattr(found, "__dict__", found)


def at_sample(row):
    """Return the left side as a program, and its values: those that use names are statements."""
    given = dict(one.split("=", 1) for one in row.sample.split(", "))
    own = {name for name, text in given.items() if any(other in text for other in "xyzc" if other != name) and "(" in text}
    statements = [f"{name} = {given[name]}" for name in own]
    values = {name: text for name, text in given.items() if name not in own}
    return "; ".join([*statements, row.left]), values


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text)
def test_the_right_side_is_better_at_the_sample(row):
    text, values = at_sample(row)
    found = mended(bp.gradient(text, values), 20.0)
    assert row.text in [step.pattern for step in found.steps], found.steps
