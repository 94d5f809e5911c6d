"""Colouring and recovery, against the definitions by brute force."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf

from backpropcli.modes.colouring import (
    colour_columns,
    recover,
    recover_symmetric,
    star_colouring,
    transposed,
)
from tests.each import for_each
from tests.reference import assert_linear


def banded(n, width):
    return [list(range(max(0, i - width), min(n, i + width + 1))) for i in range(n)]


def dense(n):
    return [list(range(n)) for _ in range(n)]


def arrow(n, hub=0):
    return [list(range(n)) if i == hub else sorted((i, hub)) for i in range(n)]


def two_hubs(n):
    return [[i, n - 2, n - 1] for i in range(n - 2)] + dense(n)[:2]


def blocks(count, size):
    return [list(range(i - i % size, i - i % size + size)) for i in range(count * size)]


def sweeps(colours):
    return len(set(colours) - {-1})


def without_diagonal(pattern):
    return [[j for j in row if j != i] for i, row in enumerate(pattern)]


@st.composite
def patterns(draw):
    columns = draw(st.integers(1, 9))
    row = st.lists(st.integers(0, columns - 1), unique=True).map(sorted)
    return draw(st.lists(row, max_size=9)), columns


@st.composite
def symmetric_patterns(draw):
    n = draw(st.integers(0, 9))
    pairs = [(i, j) for i in range(n) for j in range(i + 1)]
    drawn = draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    both = drawn | {(j, i) for i, j in drawn}
    return [sorted(j for k, j in both if k == i) for i in range(n)]


def products(matrix, colours):
    """Return the matrix times the direction of each colour, as the definition has it."""
    return [
        [sum(entry for entry, its in zip(row, colours, strict=True) if its == c) for row in matrix]
        for c in range(max(colours, default=-1) + 1)
    ]


def no_row_has_two_of_a_colour(pattern, columns, colours):
    used = {column for row in pattern for column in row}
    assert len(colours) == columns
    assert {column for column in range(columns) if colours[column] >= 0} == used
    assert {colours[column] for column in used} == set(range(sweeps(colours)))
    for row in pattern:
        for one, other in combinations(row, 2):
            assert colours[one] != colours[other]


def is_star_colouring(pattern, colours):
    n = len(pattern)
    edges = {(i, j) for i, row in enumerate(pattern) for j in row if i != j}
    assert [colour >= 0 for colour in colours] == [bool(row) for row in pattern]
    assert set(colours) - {-1} == set(range(sweeps(colours)))
    assert all(colours[i] != colours[j] for i, j in edges)
    for path in permutations(range(n), 4):
        if all(edge in edges for edge in pairwise(path)):
            assert len({colours[vertex] for vertex in path}) > 2, path


# The definitions


@pytest.mark.slow
@given(patterns())
def test_columns_of_a_colour_share_no_row(drawn):
    pattern, columns = drawn
    colours = colour_columns(pattern, columns)
    no_row_has_two_of_a_colour(pattern, columns, colours)
    assert sweeps(colours) >= max(map(len, pattern), default=0)


@pytest.mark.slow
@given(symmetric_patterns())
def test_a_star_colouring_is_one(pattern):
    is_star_colouring(pattern, star_colouring(pattern))


@pytest.mark.slow
@given(symmetric_patterns())
def test_a_diagonal_changes_no_star_colouring(pattern):
    full = [sorted({*row, i}) for i, row in enumerate(pattern)]
    bare = without_diagonal(full)
    found = star_colouring(full)
    for i, row in enumerate(bare):
        assert star_colouring(bare)[i] == (found[i] if row else -1)


@given(patterns())
def test_transposed_is_the_transpose(drawn):
    pattern, columns = drawn
    found = transposed(pattern, columns)
    expected = [[i for i, row in enumerate(pattern) if j in row] for j in range(columns)]
    assert found == expected
    assert transposed(found, len(pattern)) == pattern


# There and back


@pytest.mark.slow
@given(patterns(), st.data())
def test_a_jacobian_comes_back(drawn, data):
    pattern, columns = drawn
    whole = st.integers(-(10**20), 10**20)
    matrix = [[data.draw(whole) if j in row else 0 for j in range(columns)] for row in pattern]
    colours = colour_columns(pattern, columns)
    found = recover(pattern, colours, products(matrix, colours))
    assert found == [{j: matrix[i][j] for j in row} for i, row in enumerate(pattern)]


@pytest.mark.slow
@given(symmetric_patterns(), st.data())
def test_a_hessian_comes_back(pattern, data):
    n = len(pattern)
    matrix = [[0] * n for _ in range(n)]
    for i, row in enumerate(pattern):
        for j in row:
            if j <= i:
                matrix[i][j] = matrix[j][i] = data.draw(st.integers(-(10**20), 10**20))
    colours = star_colouring(pattern)
    found = recover_symmetric(pattern, colours, products(matrix, colours))
    expected = [{j: matrix[i][j] for j in row} for i, row in enumerate(pattern)]
    assert found == expected
    assert [list(row) for row in found] == [list(row) for row in expected]


@pytest.mark.slow
@given(symmetric_patterns())
def test_a_recovered_hessian_is_exactly_symmetric(pattern):
    """Whatever the sweeps give: each pair of entries is one number, read once, and unchanged."""
    n = len(pattern)
    colours = star_colouring(pattern)
    compressed = [[mpf(c * n + i) / 7 for i in range(n)] for c in range(sweeps(colours))]
    found = recover_symmetric(pattern, colours, compressed)
    given_ones = {id(number) for product in compressed for number in product}
    for i, row in enumerate(pattern):
        for j in row:
            assert found[i][j] is found[j][i]
            assert id(found[i][j]) in given_ones


def test_a_diagonal_outside_the_pattern_disturbs_nothing():
    pattern = without_diagonal(banded(6, 1))
    matrix = [[10 * i + j if i < j else 10 * j + i for j in range(6)] for i in range(6)]
    matrix = [[v if abs(i - j) < 2 else 0 for j, v in enumerate(r)] for i, r in enumerate(matrix)]
    colours = star_colouring(pattern)
    found = recover_symmetric(pattern, colours, products(matrix, colours))
    assert found == [{j: matrix[i][j] for j in row} for i, row in enumerate(pattern)]


# How many sweeps


@for_each(
    "pattern, columns, expected",
    [
        (banded(50, 0), 50, 1),
        (banded(50, 1), 50, 3),
        (banded(50, 2), 50, 5),
        (banded(51, 4), 51, 9),
        (dense(12), 12, 12),
        ([[0, 1, 2, 3, 4]], 5, 5),
        (arrow(20), 20, 20),
        (blocks(7, 4), 28, 4),
        ([[1], [1], [3]], 5, 1),
        ([[], []], 3, 0),
        ([], 0, 0),
    ],
)
def test_colours_of_columns(pattern, columns, expected):
    colours = colour_columns(pattern, columns)
    no_row_has_two_of_a_colour(pattern, columns, colours)
    assert sweeps(colours) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (banded(12, 0), 1),
        (banded(2, 1), 2),
        (banded(3, 1), 2),
        (banded(4, 1), 3),
        (banded(12, 1), 3),
        (banded(12, 2), 5),
        (dense(9), 9),
        (arrow(12), 2),
        (arrow(12, hub=11), 2),
        (arrow(12, hub=5), 2),
        (two_hubs(9), 3),  # 9 in natural order
        ([[2, 3], [2], [0, 1], [0, 4, 5], [3, 5], [3, 4]], 3),  # 4 with the largest first
        (blocks(3, 4), 4),
        ([[], [2], [1]], 2),
        ([[], []], 0),
        ([], 0),
    ],
)
def test_colours_of_a_symmetric_pattern(pattern, expected):
    colours = star_colouring(pattern)
    is_star_colouring(pattern, colours)
    assert sweeps(colours) == expected


def test_an_empty_column_has_no_colour():
    assert colour_columns([[1, 3]], 5) == [-1, 0, -1, 1, -1]
    assert star_colouring([[1], [0], []]) == [0, 1, -1]


def test_the_better_order_is_kept():
    """Greedy colouring of a crown graph whose sides alternate takes n/2 colours (Johnson 1974).

    The rows are its edges. The rows in ``extra`` put the columns of one side first, and 2 will do.
    """
    edges = [[2 * i, 2 * j + 1] for i in range(5) for j in range(5) if i != j]
    pattern = [sorted(edge) for edge in edges]
    extra = [[2 * i] for i in range(5)] + [[2 * i, 10] for i in range(5)]
    natural = colour_columns(pattern, 10)
    assert sweeps(natural) == 5
    assert sweeps(colour_columns(pattern + extra, 11)) == 2


# What it costs


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "most"),
    [
        (banded(10_000, 1), 3),
        (banded(10_000, 3), 7),
        (arrow(2_000), 2),
        (arrow(20_000, hub=19_999), 2),
        (dense(300), 300),
    ],
)
def test_large_patterns_take_few_sweeps(pattern, most):
    colours = star_colouring(pattern)
    compressed = [range(len(pattern))] * sweeps(colours)
    found = recover_symmetric(pattern, colours, compressed)
    columns = colour_columns(pattern, len(pattern))
    assert sweeps(colours) <= most
    assert sweeps(columns) == max(map(len, pattern))
    assert len(found) == len(pattern)


@pytest.mark.parametrize("shape", [lambda n: banded(n, 1), lambda n: banded(n, 3), arrow])
def test_the_work_on_sparse_patterns_is_linear(shape):
    assert_linear(star_colouring, shape)
    assert_linear(lambda pattern: colour_columns(pattern, len(pattern)), lambda n: banded(n, 2))
