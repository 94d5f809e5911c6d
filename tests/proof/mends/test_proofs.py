"""SymPy proves the rows of the table of mends, for all reals where the left side has a value.

The difference of both sides becomes 0, over the reals or over each choice of their signs; or its
exponential becomes 1. The few rows that SymPy cannot prove are held by balls at sampled points
alone, in ``test_table``.
"""

from itertools import product

import pytest
import sympy

from backpropcli.arithmetics.formulas import expression
from backpropcli.arithmetics.matching.left import Left
from backpropcli.proof.worker import BROKEN
from backpropcli.proof.zero import TimeUp, _limited
from tests.proof.mends.test_table import ROWS

WAYS = (
    lambda gap: gap,
    sympy.expand,
    sympy.simplify,
    lambda gap: sympy.simplify(sympy.expand(gap.rewrite(sympy.exp))),
    lambda gap: sympy.simplify(sympy.expand_log(gap.rewrite(sympy.exp).rewrite(sympy.log))),
    lambda gap: sympy.simplify(gap.rewrite(sympy.erf)),
    lambda gap: sympy.simplify(sympy.expand(sympy.exp(gap).rewrite(sympy.exp))) - 1,
)
PATIENCE = 5.0
BY_SAMPLES = (
    "log((1 + x)/(1 - x))",
    "log(tan(pi/4 + x/2))",
    "sqrt(x^2 - y^2)",
    "acos(sin(x)*sin(y) + cos(x)*cos(y)*cos(z))",
    "acos(1 - x)",
    "atan(x + y) - atan(x)",
    "atan(exp(x)) - pi/4",
    "pi/2 - atan(x)",
    "x^t/y^t",
)
"""The left sides of the rows that SymPy has no proof of."""
PROVED = [row for row in ROWS if row.left not in BY_SAMPLES]


def is_zero(gap):
    """Say whether SymPy makes 0 of a difference."""
    for way in WAYS:
        try:
            with _limited(PATIENCE):
                if way(gap) == 0:
                    return True
        except (*BROKEN, TimeUp):
            continue
    return False


def cases(row):
    """Yield the difference of both sides for each choice of signs that the condition allows."""
    left = Left(row)
    graph = left.graph
    gap, symbols = expression(graph, graph.node("sub", (left.top, left.right)))
    holds = sympy.true if left.condition is None else expression(graph, left.condition)[0]
    for signs in product((1, -1), repeat=len(symbols)):
        given = {
            symbol: sign * sympy.Symbol(name, positive=True)
            for (name, symbol), sign in zip(symbols.items(), signs, strict=True)
        }
        if holds.subs(given) not in (0, sympy.false):
            yield gap.subs(given)


@pytest.mark.slow
@pytest.mark.parametrize("row", PROVED, ids=lambda row: row.text)
def test_sympy_proves_that_both_sides_are_equal(row):
    left = Left(row)
    gap, _ = expression(left.graph, left.graph.node("sub", (left.top, left.right)))
    assert is_zero(gap) or all(map(is_zero, cases(row)))


def test_the_rows_without_a_proof_are_rows():
    assert {*BY_SAMPLES} <= {row.left for row in ROWS}
    assert len(PROVED) == len(ROWS) - len(BY_SAMPLES)


@pytest.mark.slow
def test_a_wrong_row_has_no_proof():
    """cos(2*x) is not 1 - sin(x)^2."""
    x = sympy.Symbol("x", positive=True)
    assert not is_zero(sympy.cos(2 * x) - (1 - sympy.sin(x) ** 2))
