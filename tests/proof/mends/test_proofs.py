"""SymPy proves the rows of the table of mends, for all reals where the left side has a value.

The difference of both sides becomes 0, over the reals or over each choice of their signs; or its
exponential becomes 1. The few rows that SymPy cannot prove are held by balls at sampled points
alone, in ``test_table``.
"""

from itertools import product

import pytest
import sympy

from backpropcli.arithmetics.matching.left import Left
from backpropcli.arithmetics.symbolic.expressions import expression
from tests.proof.mends.test_table import ROWS

USUAL = (lambda gap: gap, sympy.expand, sympy.simplify)
OWN = {
    lambda gap: sympy.simplify(sympy.expand(gap.rewrite(sympy.exp))): (
        "exp(x) + exp(-x) - 2",
        "exp(x) - exp(-x)",
        "exp(x) - 1/exp(x)",
        "(exp(x) - exp(-x))/(exp(x) + exp(-x))",
        "(exp(x) - 1)/(exp(x) + 1)",
        "2/(1 + exp(x)) - 1",
        "1 - tanh(x)",
        "(x + y)^t - x^t",
        "(1 + x)^t - 1",
        "(1 - cos(x))/sin(x)",
        "sin(x)/(1 + cos(x))",
        "cosh(x) - sinh(x)",
    ),
    lambda gap: sympy.simplify(sympy.expand_log(gap.rewrite(sympy.exp).rewrite(sympy.log))): (
        "log(x + sqrt(x^2 + 1))",
        "log(x + sqrt(x^2 - 1))",
        "cbrt(x + y) - cbrt(x)",
        "tan(x + y) - tan(x)",
        "asin(x) - pi/2",
    ),
    lambda gap: sympy.simplify(gap.rewrite(sympy.erf)): (
        "1 - erf(x)",
        "1 - erfc(x)",
        "1 + erf(x)",
    ),
    lambda gap: sympy.simplify(sympy.expand(sympy.exp(gap).rewrite(sympy.exp))) - 1: (
        "log(exp(x)/(exp(x) + exp(y)))",
        "log(abs(sinh(x)))",
        "log(x + y) - log(x)",
        "log(x/y)",
        "log(x^2)",
        "log(x*y)",
        "log(x^y)",
    ),
}
"""The left sides of the rows that need a way of their own to a proof."""
BY_SIGNS = (
    "log(abs(sinh(x)))",
    "log(x + sqrt(x^2 - 1))",
    "log(x)/log(y) - 1",
    "(x + y)*log(x + y) - x*log(x)",
    "cbrt(x + y) - cbrt(x)",
    "(x + y)^t - x^t",
    "(1 - cos(x))/x^2",
    "sin(x)/x",
    "log(gamma(x))",
    "gamma(x)/gamma(y)",
    "log(beta(x, y))",
)
"""Those of the rows that are proved for each choice of the variables' signs."""
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


def is_zero(gap, left):
    """Say whether SymPy makes 0 of the difference of both sides, by the way that ``left`` needs."""
    own = [way for way, lefts in OWN.items() if left in lefts]
    return any(way(gap) == 0 for way in own or USUAL)


def cases(row):
    """Yield the difference of both sides, or that for each choice of signs that is allowed."""
    left = Left(row)
    graph = left.graph
    gap, symbols = expression(graph, graph.node("sub", (left.top, left.right)))
    if row.left not in BY_SIGNS:
        yield gap
        return
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
    assert all(is_zero(gap, row.left) for gap in cases(row))


def test_the_rows_without_a_proof_are_rows():
    ways = [left for lefts in OWN.values() for left in lefts]
    assert {*BY_SAMPLES, *BY_SIGNS, *ways} <= {row.left for row in ROWS}
    assert len(PROVED) == len(ROWS) - len(BY_SAMPLES)


@pytest.mark.slow
def test_a_wrong_row_has_no_proof():
    """cos(2*x) is not 1 - sin(x)^2."""
    x = sympy.Symbol("x", positive=True)
    assert not is_zero(sympy.cos(2 * x) - (1 - sympy.sin(x) ** 2), "cos(2*x)")
