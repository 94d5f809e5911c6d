"""Hessians: published functions, sweeps, and what is known of second derivatives."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import pytest

from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from backpropcli.modes.hessian import hessian
from backpropcli.modes.hessian.definiteness import definiteness, kind_of_point, near_stationary
from backpropcli.modes.hvp import hvp
from backpropcli.report.digits import exact


def second(text, **point):
    [found] = hessian(parse(text), point, list(point)).each
    return found


def judged(text, **point):
    """Return the Hessian, the eigenvalues and what they say about the point."""
    found = second(text, **point)
    words, eigenvalues = definiteness(found.matrix)
    slopes = list(gradient(parse(text), point, list(point)).gradient.values())
    near = near_stationary(slopes, found.matrix, list(point.values()))
    return found.matrix, eigenvalues, kind_of_point(words, not any(slopes), near=near)


ROSENBROCK = "100*(y - x^2)^2 + (1 - x)^2"
HIMMELBLAU = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2"


def test_the_minimum_of_rosenbrocks_function():
    """Rosenbrock, The Computer Journal 3 (1960); More, Garbow and Hillstrom, TOMS 7 (1981), (1)."""
    matrix, eigenvalues, kind = judged(ROSENBROCK, x=1.0, y=1.0)
    assert matrix == [[802.0, -400.0], [-400.0, 200.0]]
    # Trace 1002 and determinant 400: the eigenvalues are 501 ± √250601.
    assert eigenvalues == pytest.approx([400 / (501 + 250601**0.5), 501 + 250601**0.5], rel=1e-14)
    assert kind == "a strict local minimum"
    # Anywhere: 1200 x² - 400 y + 2, -400 x, 200.
    assert second(ROSENBROCK, x=-1.5, y=0.25).matrix == [[2602.0, 600.0], [600.0, 200.0]]


def test_himmelblaus_function():
    """Himmelblau, Applied Nonlinear Programming, 1972: four minima, of which (3, 2) is exact.

    The second derivatives are 12 x² + 4 y - 42, 4 x + 4 y, 12 y² + 4 x - 26.
    """
    matrix, eigenvalues, kind = judged(HIMMELBLAU, x=3.0, y=2.0)
    assert matrix == [[74.0, 20.0], [20.0, 34.0]]
    assert eigenvalues == pytest.approx([54 - 800**0.5, 54 + 800**0.5], rel=1e-14)
    assert kind == "a strict local minimum"
    near = "not a stationary point: the gradient is not 0, but by second derivatives {} is near"
    for x, y, expected in (
        (-2.805118086952745, 3.131312518250573, near.format("a strict local minimum")),
        (-3.779310253377747, -3.283185991286170, near.format("a strict local minimum")),
        (3.584428340330492, -1.848126526964404, near.format("a strict local minimum")),
        (-0.2708445906694480, -0.9230385564663013, near.format("a strict local maximum")),
        (0.08667750456455, 2.88425470112355, near.format("a saddle point")),
        (3.38515418360, 0.07385187983, near.format("a saddle point")),
        (3.0, 2.5, "not a stationary point: the gradient is not 0"),
    ):
        matrix, _, kind = judged(HIMMELBLAU, x=x, y=y)
        assert kind == expected
        curves = [12 * x * x + 4 * y - 42, 4 * x + 4 * y, 12 * y * y + 4 * x - 26]
        assert [*matrix[0], matrix[1][1]] == pytest.approx(curves, rel=1e-14, abs=1e-13)


def test_the_logistic_loss():
    """The Hessian is XᵀDX with D = p(1 - p).

    Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 2nd ed., equations
    (4.23) and (4.25); there it is minus that, since the likelihood is maximized.
    """
    rows = [(1.0, 0.5, -1.25), (1.0, -2.0, 0.75), (1.0, 1.5, 2.0), (1.0, 0.25, -0.5)]
    labels = [1, -1, -1, 1]
    at = {"a": 0.5, "b": -0.75, "c": 1.25}
    margins = [f"({x}*a + {y}*b + {z}*c)" for x, y, z in rows]
    pairs = list(zip(labels, margins, strict=True))
    expected = [[0.0] * 3 for _ in range(3)]
    for row in rows:
        margin = sum(one * two for one, two in zip(row, at.values(), strict=True))
        chance = 1 / (1 + math.exp(-margin))
        for i in range(3):
            for j in range(3):
                expected[i][j] += chance * (1 - chance) * row[i] * row[j]
    for term in ("log(1 + exp({}))", "softplus({})", "log1p(exp({}))", "-logsigmoid(-({}))"):
        text = " + ".join(term.format(f"{-label}*{margin}") for label, margin in pairs)
        matrix = second(text, **at).matrix
        for row, numbers in zip(matrix, expected, strict=True):
            assert row == pytest.approx(numbers, rel=1e-13)
        words, eigenvalues = definiteness(matrix)
        assert words == "positive definite"
        assert sum(eigenvalues) == pytest.approx(sum(matrix[i][i] for i in range(3)), rel=1e-13)


@pytest.mark.parametrize(
    ("text", "eigenvalues", "kind"),
    [
        ("x^2 - y^2", [-2, 2], "a saddle point"),
        ("x*y", [-1, 1], "a saddle point"),
        ("x^2 + y^2", [2, 2], "a strict local minimum"),
        ("cos(x) + cos(y)", [-1, -1], "a strict local maximum"),
        (
            "x^3 - 3*x*y^2",
            [0, 0],
            "a stationary point, but second derivatives do not tell its kind",
        ),
        ("x^2 + y^4", [0, 2], "a stationary point, but second derivatives do not tell its kind"),
        ("x + x*y", [-1, 1], "not a stationary point: the gradient is not 0"),
    ],
)
def test_points_of_all_kinds_at_the_origin(text, eigenvalues, kind):
    _, found, said = judged(text, x=0.0, y=0.0)
    assert found == pytest.approx(eigenvalues)
    assert said == kind


def test_all_products_of_a_hessian_share_the_local_derivatives(monkeypatch):
    """Each is made once, and not for each direction: the rules grow as the program does.

    Every variable moves every sine of a chain, so all second derivatives are the same.
    """
    made = Counter()
    rule = Nodes.rule

    def counted(*args):
        made[size] += 1
        return rule(*args)

    monkeypatch.setattr(Nodes, "rule", counted)
    for size in (10, 20):
        names = [f"x{at}" for at in range(size)]
        program = parse(f"{'sin(' * size}{' + '.join(names)}{')' * size}")
        found = hessian(program, dict.fromkeys(names, 0.1))
        assert found.each[0].sweeps == size
        assert len({one for row in found.matrix for one in row}) == 1
    assert made[20] < 3 * made[10]


@pytest.mark.slow
def test_a_chains_hessian_takes_three_products_however_long_it_is():
    nodes = {}
    for n in (10, 40, 160):
        names = [f"x{i}" for i in range(n)]
        text = " + ".join(f"({b} - {a}^2)^2" for a, b in pairwise(names))
        point = {name: math.cos(i) for i, name in enumerate(names)}
        program = parse(text)
        [found] = hessian(program, point, names).each
        assert found.sweeps == 3
        nodes[n] = max(len(report.program.graph) for report in found.reports)
        for i, row in enumerate(found.matrix):
            expected = [0.0] * n
            if i + 1 < n:  # of (x₂ - x₁²)²: 12 x₁² - 4 x₂ and -4 x₁; then 2 by x₂
                expected[i] += 12 * point[names[i]] ** 2 - 4 * point[names[i + 1]]
                expected[i + 1] = -4 * point[names[i]]
            if i:
                expected[i] += 2
                expected[i - 1] = -4 * point[names[i - 1]]
            assert row == pytest.approx(expected, rel=1e-13, abs=1e-13)
    assert (nodes[160] - nodes[40]) / (nodes[40] - nodes[10]) == pytest.approx(4, rel=0.05)
    assert nodes[160] < 160 * 40


def test_products_of_three_literals_come_to_an_end():
    """x + x is 2*x, and here x is a product of two numbers that is no double: 0.3*1.68."""
    assert hvp(parse("b*1.68 + b*1.68"), {"b": 1.5}, {"b": 0.3}).product == {"b": 0}


def test_what_has_no_first_derivative_has_no_second_one():
    """log(-2) has no value; the terms beside it have 2*y and 2*x, by hand."""
    matrix = second("log(x) + x*y^2", x=-2.0, y=3.0).matrix
    assert repr(matrix) == "[[nan, nan], [nan, -4.0]]"


def test_no_point_is_classified_from_what_is_not_known(monkeypatch):
    """Each step of the logistic map doubles what is not known: 100 steps take 30 digits of 60."""
    steps = "; ".join(f"z{n + 1} = 4*z{n}*(1 - z{n})" for n in range(100))
    program, point = parse(f"z0 = x; {steps}; z100*y^2"), {"x": 0.3, "y": 0.0}
    assert hessian(program, point, ["y"]).curvature.kind == "a strict local minimum"
    monkeypatch.setattr(exact, "PRECISIONS", (60,))
    assert hessian(program, point, ["y"]).curvature.kind.startswith("not classified")


def test_a_mixed_derivative_that_cancels_to_noise_is_not_known():
    """By hand: where b and c are 0 it is 1/a + 1/d, which has no mixed derivative but 0."""
    point = {"a": 1e-200, "b": 0.0, "c": 0.0, "d": 1e-200}
    whole = hessian(parse("(d - b - c + a)/(a*d - b*c)", point), point).each[0].whole()
    assert whole[0][3] in {None, 0.0}
    assert whole[0][0] == math.inf  # 2e600, as a double
