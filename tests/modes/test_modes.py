"""Jacobians, Hessians and series: published ones, sparse ones, and what they cost."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from backpropcli.modes.hessian import hessian
from backpropcli.modes.hessian.definiteness import definiteness, kind_of_point, stationary
from backpropcli.modes.hvp import hvp
from backpropcli.modes.jacobian import MODES, jacobian
from backpropcli.modes.jvp import jvp
from backpropcli.modes.taylor import taylor
from backpropcli.modes.vjp import vjp
from backpropcli.render.layout.lines import Options
from backpropcli.render.results.products import hvp_lines, jvp_lines
from backpropcli.report import truth


def examples(count):
    return settings(max_examples=count, deadline=None, derandomize=True, database=None)


def second(text, **point):
    [found] = hessian(parse(text), point, list(point)).each
    return found


def judged(text, **point):
    """Return the Hessian, the eigenvalues and what they say about the point."""
    found = second(text, **point)
    words, eigenvalues = definiteness(found.matrix)
    slopes = list(gradient(parse(text), point, list(point)).gradient.values())
    still = stationary(slopes, found.matrix, list(point.values()))
    return found.matrix, eigenvalues, kind_of_point(words, still)


# Published second derivatives

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
    for x, y, expected in (
        (-2.805118086952745, 3.131312518250573, "a strict local minimum"),
        (-3.779310253377747, -3.283185991286170, "a strict local minimum"),
        (3.584428340330492, -1.848126526964404, "a strict local minimum"),
        (-0.2708445906694480, -0.9230385564663013, "a strict local maximum"),
        (0.08667750456455, 2.88425470112355, "a saddle point"),
        (3.38515418360, 0.07385187983, "a saddle point"),
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


# Sparse programs

SPARSE = (
    "{}^2", "sin({})", "exp(-{})", "{}*{}", "{}/(2 + {}^2)", "tanh({} - 2*{})", "{}*{}*sin({})",
    "hypot({}, 1 + {}^2)", "{} + {}", "where({} > 0, {}^3, {}*{})", "0.5",
)  # fmt: skip
NAMES = [f"x{index}" for index in range(9)]


@st.composite
def sparse_programs(draw):
    """Draw outputs that each depend on a few of nine variables."""
    lines = []
    for index in range(draw(st.integers(2, 9))):
        terms = []
        for _ in range(draw(st.integers(1, 2))):
            term = draw(st.sampled_from(SPARSE))
            near = draw(st.integers(0, 6))
            names = NAMES[near : near + 3] if draw(st.booleans()) else NAMES
            chosen = [draw(st.sampled_from(names)) for _ in range(term.count("{}"))]
            terms.append(term.format(*chosen))
        lines.append(f"y{index} = {' + '.join(terms)}")
    return lines


coordinate = st.integers(-64, 64).map(lambda whole: (whole or 1) / 32)
points = st.fixed_dictionaries(dict.fromkeys(NAMES, coordinate))


@pytest.mark.slow
def test_a_sparse_jacobian_is_the_same_by_all_ways(times):
    seen = Counter()

    @given(sparse_programs(), points)
    @examples(40 * times)
    def check(lines, point):
        names = [line.partition(" ")[0] for line in lines]
        program = parse("\n".join([*lines, f"outputs: {', '.join(names)}"]))
        wrt = list(program.graph.variables())
        slopes = [gradient(parse(line), point).gradient for line in lines]
        rows = [[row.get(name, 0.0) for name in wrt] for row in slopes]
        for mode in MODES:
            found = jacobian(program, point, wrt, mode)
            for row, expected in zip(found.matrix, rows, strict=True):
                assert row == pytest.approx(expected, rel=1e-13, abs=1e-13)
            assert found.sweeps["forward"] <= len(wrt)
            assert found.sweeps["reverse"] <= len(lines)
            assert found.sweeps[found.mode] == min(found.sweeps.values()) or mode == found.mode
            for row, columns in zip(rows, found.pattern, strict=True):
                assert all(column in columns for column, entry in enumerate(row) if entry)
        seen["columns share a sweep"] += found.sweeps["forward"] < len(wrt)
        seen["rows share a sweep"] += found.sweeps["reverse"] < len(lines)
        # A sum of squares of the outputs has for its Hessian a matrix with sparse rows, too.
        total = parse("\n".join([*lines, " + ".join(f"{name}^2" for name in names)]))
        wrt = list(total.graph.variables())
        if not wrt:
            return
        [whole] = hessian(total, point, wrt).each
        for column, name in enumerate(wrt):
            [unit] = hvp(total, point, {name: 1.0}, wrt).reports
            expected = list(unit.gradient.values())
            size = 1e-12 * max(map(abs, [1.0, *expected]))
            assert [row[column] for row in whole.matrix] == pytest.approx(expected, 1e-12, size)
        seen["products share a sweep"] += whole.sweeps < len(wrt) - 2

    check()
    assert min(seen.values()) > 8
    assert len(seen) == 3


def test_a_tridiagonal_jacobian_takes_three_sweeps():
    n = 100
    rows = [
        " + ".join([f"{i}*x{i}^2", *[f"x{i}*sin(x{j})" for j in (i - 1, i + 1) if 1 <= j <= n]])
        for i in range(1, n + 1)
    ]
    program = parse(f"outputs: {', '.join(rows)}")
    names = [f"x{i}" for i in range(1, n + 1)]
    point = {name: 1 / (i + 3) for i, name in enumerate(names)}
    for mode in MODES:
        found = jacobian(program, point, names, mode)
        assert found.sweeps == {"forward": 3, "reverse": 3}
        for i, row in enumerate(found.matrix):
            here = point[names[i]]
            expected = [0.0] * n
            expected[i] = 2 * (i + 1) * here
            for j in (i - 1, i + 1):
                if 0 <= j < n:
                    expected[i] += math.sin(point[names[j]])
                    expected[j] = here * math.cos(point[names[j]])
            assert row == pytest.approx(expected, rel=1e-14)
            assert found.pattern[i] == [j for j in (i - 1, i, i + 1) if 0 <= j < n]


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


# Series


def bernoulli_of_tan(k):
    """Return the coefficient of x^k: (-1)^(n-1) 2^(2n) (2^(2n) - 1) B(2n)/(2n)! for k = 2n - 1."""
    if k % 2 == 0:
        return 0
    top = 2 ** (k + 1)
    numerator, denominator = mpmath.bernfrac(k + 1)
    sign = (-1) ** ((k - 1) // 2)
    return sign * top * (top - 1) * Fraction(numerator, denominator) / math.factorial(k + 1)


SERIES = {
    "exp(x)": lambda k: Fraction(1, math.factorial(k)),  # DLMF 4.2.19
    "sin(x)": lambda k: Fraction((0, 1, 0, -1)[k % 4], math.factorial(k)),  # 4.19.1
    "log(1 + x)": lambda k: Fraction((-1) ** (k - 1), k) if k else 0,  # 4.6.1
    "log1p(x)": lambda k: Fraction((-1) ** (k - 1), k) if k else 0,
    "1/(1 - x)": lambda _k: 1,  # 4.6.7 with a = -1
    "(1 - x)^-1": lambda _k: 1,
    "tan(x)": bernoulli_of_tan,  # 4.19.3
    "atan(x)": lambda k: Fraction((0, 1, 0, -1)[k % 4], k or 1),  # 4.24.3
}


@pytest.mark.slow
@pytest.mark.parametrize("text", SERIES)
def test_published_series(text):
    """The numbers are those of equations of the NIST Digital Library of Mathematical Functions."""
    order = 9
    series = taylor(parse(text), {"x": 0.0}, "x", order)
    expected = [float(SERIES[text](k)) for k in range(order + 1)]
    assert series.coefficients == pytest.approx(expected, rel=1e-13, abs=1e-15)


ELSEWHERE = {
    "exp(x)": mp.exp,
    "sin(x)": mp.sin,
    "log(1 + x)": lambda x: mp.log(1 + x),
    "1/(1 - x)": lambda x: 1 / (1 - x),
    "tan(x)": mp.tan,
    "atan(x)": mp.atan,
    "sqrt(2 + x)*erf(x)": lambda x: mp.sqrt(2 + x) * mp.erf(x),
    "x^3 - 2*x": lambda x: x**3 - 2 * x,
    "(2 + x)^x": lambda x: (2 + x) ** x,
    "softplus(2*x)": lambda x: mp.log(1 + mp.exp(2 * x)),
    "asinh(x)/(1 + x^2)": lambda x: mp.asinh(x) / (1 + x**2),
}


@pytest.mark.slow
@pytest.mark.parametrize("text", ELSEWHERE)
@pytest.mark.parametrize("at", [-0.75, 0.5, 1.25])
def test_series_elsewhere(text, at):
    order = 6
    series = taylor(parse(text), {"x": at}, "x", order)
    with mp.workdps(60):
        expected = [float(one) for one in mp.taylor(ELSEWHERE[text], mpf(at), order)]
    assert series.coefficients == pytest.approx(expected, rel=1e-11, abs=1e-13)


def test_a_series_of_each_output_holds_the_other_variables_still():
    found = taylor(parse("u = x*y; outputs: u, sin(u)"), {"x": 0.0, "y": 2.0}, "x", 5)
    assert found.series == [
        [0, 2, 0, 0, 0, 0],
        pytest.approx([0, 2, 0, -8 / 6, 0, 32 / 120]),
    ]


def test_products_of_three_literals_come_to_an_end():
    """x + x is 2*x, and here x is a product of two numbers that is no double: 0.3*1.68."""
    assert hvp(parse("b*1.68 + b*1.68"), {"b": 1.5}, {"b": 0.3}).product == {"b": 0}


def test_a_name_that_is_moved_moves_by_that_alone():
    """Along x and z the step of z = x*y is 1, and not y more: by hand dL is 2*z + 1, for L below.

    That is 2*x*y + 1, of which the slopes are 2*y by x and 2*x by y.
    """
    program, point = parse("z = x*y; z^2 + x"), {"x": 2.0, "y": 3.0}
    along = {"x": 1.0, "z": 1.0}
    found = jvp(program, point, along)
    assert found.products == [13]
    assert hvp(program, point, along).product == {"x": 6, "y": 4}
    said = "z moves as given: what it is made of does not move it"
    options = Options()
    shown = [jvp_lines(found, "graph", options), hvp_lines(hvp(program, point, along), options)]
    assert ["".join(text for _, text in lines[-1]) for lines in shown] == [said, said]
    assert jvp(program, point, {"z": 1.0}).held == []
    assert jvp(program, point, {"x": 1.0, "y": 1.0}).held == []


def test_what_has_no_first_derivative_has_no_second_one():
    """log(-2) has no value; the terms beside it have 2*y and 2*x, by hand."""
    matrix = second("log(x) + x*y^2", x=-2.0, y=3.0).matrix
    assert repr(matrix) == "[[nan, nan], [nan, -4.0]]"


def test_no_coefficient_follows_one_that_is_none():
    """The value is nan, and the other term alone would be 0, 0, 1."""
    found = taylor(parse("max(x, nan) + x^2"), {"x": 0.0}, order=2)
    assert all(map(math.isnan, found.coefficients))


def test_no_point_is_classified_from_what_is_not_known(monkeypatch):
    """Each step of the logistic map doubles what is not known: 100 steps take 30 digits of 60."""
    steps = "; ".join(f"z{n + 1} = 4*z{n}*(1 - z{n})" for n in range(100))
    program, point = parse(f"z0 = x; {steps}; z100*y^2"), {"x": 0.3, "y": 0.0}
    assert hessian(program, point, ["y"]).curvature.kind == "a strict local minimum"
    monkeypatch.setattr(truth, "PRECISIONS", (60,))
    assert hessian(program, point, ["y"]).curvature.kind.startswith("not classified")


@pytest.mark.parametrize("mode", MODES)
def test_a_column_of_a_name_leaves_what_it_rests_on_its_own(mode):
    """Of (x*y)^2 the slope is 2*x*y^2 by x, and 2*z by z = x*y."""
    program, point = parse("z = x*y; z^2"), {"x": 2.0, "y": 3.0}
    assert jacobian(program, point, ["x", "z"], mode).matrix == [[36, 12]]


@pytest.mark.parametrize("text", ["(x + y, x + y)", "(x, x)"])
def test_a_cotangent_that_several_outputs_could_have_is_told(text):
    """With both weighed the cotangent of x would be 4."""
    name = text[1:].partition(",")[0]
    values = {"x": 1.0, "y": 2.0} if "y" in text else {"x": 1.0}
    found = vjp(parse(text), values, {name: 2.0})
    assert found.products[0] == 2
    start = f"2 outputs are {name}: the cotangent is of one"
    assert [one.startswith(start) for one in found.warnings] == [True]
    assert vjp(parse("p = x; q = x; (p, q)"), {"x": 1.0}, {"p": 2.0}).warnings == []


@pytest.mark.parametrize(
    ("text", "point", "along", "said"),
    [
        (
            "x + y",
            {"x": 1.0, "y": 1.0},
            {"x": 1e308, "y": 1e308},
            "the sum of the tangents overflows here",
        ),
        ("1e200*x", {"x": 1.0}, {"x": 1e300}, "the product 1e200 * 1e300 overflows"),
    ],
)
def test_a_tangent_that_overflows_is_told(text, point, along, said):
    [cause] = jvp(parse(text), point, along).point.causes
    assert (cause.reason, cause.rounds) == (said, True)


def test_a_mixed_derivative_that_cancels_to_noise_is_not_known():
    """By hand: where b and c are 0 it is 1/a + 1/d, which has no mixed derivative but 0."""
    point = {"a": 1e-200, "b": 0.0, "c": 0.0, "d": 1e-200}
    whole = hessian(parse("(d - b - c + a)/(a*d - b*c)", point), point).each[0].whole()
    assert whole[0][3] in {None, 0.0}
    assert whole[0][0] == math.inf  # 2e600, as a double
