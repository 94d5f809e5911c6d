"""Jacobians: all ways to a matrix give the same."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from backpropcli.modes.hessian import hessian
from backpropcli.modes.hvp import hvp
from backpropcli.modes.jacobian import MODES, jacobian


def examples(count):
    return settings(max_examples=count, deadline=None, derandomize=True, database=None)


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
    @examples(20 * times)
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
    assert min(seen.values()) > 3
    assert len(seen) == 3


@pytest.mark.slow
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


@pytest.mark.parametrize("mode", MODES)
def test_a_column_of_a_name_leaves_what_it_rests_on_its_own(mode):
    """Of (x*y)^2 the slope is 2*x*y^2 by x, and 2*z by z = x*y."""
    program, point = parse("z = x*y; z^2"), {"x": 2.0, "y": 3.0}
    assert jacobian(program, point, ["x", "z"], mode).matrix == [[36, 12]]
