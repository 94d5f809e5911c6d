"""Every operation in many digits, and SymPy's definition of it, against the 60-digit truth."""

from __future__ import annotations

import random
from typing import Any

import pytest
import sympy
from mpmath import mp, mpf

from backpropcli.arithmetics import digits, floats
from backpropcli.arithmetics.rules import weights, word
from backpropcli.arithmetics.symbolic import expressions
from backpropcli.arithmetics.symbolic.symbols import Builder
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import ROWS, TABLE
from tests.arithmetics.samples import CANCELLING, SINGULAR, met, outside, samples
from tests.arithmetics.truth import truth_of_partial, truth_of_value
from tests.each import for_each

CLOSE = mpf(10) ** -25
"""What the truth's own differences are good for."""
NOTHING = mpf(10) ** -340
LOOSE = {
    "selu": "the truth has the exact constants, the table those that frameworks round them to",
    "logsumexp_rounding": "it is 1 in many digits, whatever its inputs",
}
NAMES = [row.name for row in ROWS if row.name not in LOOSE]

AWAY_FROM_0 = {"DiracDelta": lambda *_: 0}
"""Of what SymPy has at the 0 of an absolute value: no sample is there."""


def points(name: str, count: int, most: float = 1e300) -> list[tuple[float, ...]]:
    """Return some of the samples of a row, without kinks, poles and what is outside."""
    row = TABLE[name]
    drawn = samples(row)
    random.Random(name).shuffle(drawn)  # noqa: S311 (a fixed seed, no secret)
    found = []
    for inputs in drawn:
        sizes = [abs(x) for x in inputs if x]
        if outside(row, inputs) or (name in SINGULAR and SINGULAR[name](*inputs)):
            continue
        if met(row, inputs, word(row, floats)(*inputs)):
            continue
        if all(1 / most < size < most for size in sizes):
            found.append(inputs)
    return found[:count]


def close(one: Any, other: Any) -> bool:
    """Say whether two numbers agree, or are both beyond any double, or both nan."""
    one, other = mpf(one), mpf(other)
    if mp.isnan(one) or mp.isnan(other):
        return bool(mp.isnan(one) and mp.isnan(other))
    size = max(abs(one), abs(other))
    if size < NOTHING or min(abs(one), abs(other)) > 1 / NOTHING:
        return bool(size < NOTHING or one * other > 0)
    return bool(abs(one - other) <= CLOSE * size)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_digits(name: str) -> None:
    """Value and partials in digits are those of mpmath's own functions."""
    row = TABLE[name]
    for inputs in points(name, 4):
        with mp.workdps(200):
            values = [mpf(x) for x in inputs]
            out = word(row, digits)(*values)
            slopes = weights(row, range(len(inputs)), digits)(out, *values)
        assert close(out, truth_of_value(row, inputs)), inputs
        for index, slope in enumerate(slopes):
            if row.live(index) and (name, index) not in CANCELLING:
                assert close(slope or 0, truth_of_partial(row, index, inputs)), (inputs, index)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_symbols(name: str) -> None:
    """SymPy's derivative of its definition of an operation is the partial."""
    row = TABLE[name]
    for inputs in points(name, 3, most=40):
        with mp.workdps(200):
            values = [mpf(x) for x in inputs]
            builder = Builder()
            symbols = [sympy.Symbol(f"x{at}", real=True) for at in range(len(inputs))]
            given = [*symbols]
            if row.rules[0].number == 0 and len(inputs) > 1:  # an order, which is a number
                given[0] = sympy.Integer(int(inputs[0]))
            expression = builder.operation(name, given, values, word(row, digits)(*values))
            for index in range(len(inputs)):
                if not row.live(index) or (name == "pow" and index and inputs[0] < 0):
                    continue
                slope = sympy.diff(expression, symbols[index])
                function = sympy.lambdify(
                    [*symbols, *builder.point], slope, [AWAY_FROM_0, "mpmath"]
                )
                found = function(*values, *builder.point.values())
                if (name, index) in CANCELLING:
                    out = word(row, digits)(*values)
                    truth = weights(row, [index], digits)(out, *values)[0]
                else:
                    truth = truth_of_partial(row, index, inputs)
                assert close(mpf(getattr(found, "real", found)), truth), (inputs, index, slope)


@for_each("name", [row.name for row in ROWS if not row.helper])
def test_formulas(name: str) -> None:
    """Every word of the language is an expression of SymPy."""
    row = TABLE[name]
    graph = Graph()
    inputs = [graph.node("variable", (), f"x{at}") for at in range(len(row.parameters))]
    if row.rules[0].number == 0 and name == "polygamma":
        inputs[0] = graph.node("number", (), 2.0)
    expression, symbols = expressions.expression(graph, graph.node(name, tuple(inputs)))
    assert expression.free_symbols <= {*symbols.values()}
