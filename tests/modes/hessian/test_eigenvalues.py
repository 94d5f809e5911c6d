"""Eigenvalues and eigenvectors, of published functions and matrices."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from backpropcli.modes.hessian.definiteness import definiteness
from backpropcli.modes.hessian.eigenvalues import eigenvectors, exact_rows, spectrum

INF = math.inf


def eigenvalues(matrix):
    """Return the eigenvalues of a symmetric matrix, the least first; [] if not all is finite."""
    rows = exact_rows(matrix)
    return [] if rows is None else [float(value) for value, _ in spectrum(rows)]


def diagonal(*entries):
    n = len(entries)
    return [[entries[i] if i == j else 0.0 for j in range(n)] for i in range(n)]


def hilbert(n):
    return [[1 / (i + j + 1) for j in range(n)] for i in range(n)]


def clement(n):
    """Return the matrix of Clement, SIAM Review 1 (1959), made symmetric: (i·(n-i))^(1/2)."""
    matrix = diagonal(*[0.0] * n)
    for i in range(1, n):
        matrix[i - 1][i] = matrix[i][i - 1] = math.sqrt(i * (n - i))
    return matrix


def second_difference(n):
    return [[{0: 2.0, 1: -1.0}.get(abs(i - j), 0.0) for j in range(n)] for i in range(n)]


def reflected(entries):
    """Return Q·D·Q for a Householder reflection Q, rounded to floats but exactly symmetric."""
    n = len(entries)
    with mp.workdps(60):
        v = [mp.mpf(i + 1) for i in range(n)]
        square = sum(x * x for x in v)
        q = [[(i == j) - 2 * v[i] * v[j] / square for j in range(n)] for i in range(n)]
        full = [
            [float(sum(q[i][k] * entries[k] * q[k][j] for k in range(n))) for j in range(n)]
            for i in range(n)
        ]
    return [[full[max(i, j)][min(i, j)] for j in range(n)] for i in range(n)]


def at_sixty_digits(matrix):
    """Return the eigenvalues by another method: Jacobi's rotations, swept until nothing moves."""
    n = len(matrix)
    with mp.workdps(60):
        a = [[mp.mpf(entry) for entry in row] for row in matrix]
        least = mp.mpf(10) ** -60
        while any(
            abs(a[p][q]) > least * min(abs(a[p][p]), abs(a[q][q]))
            for p in range(n)
            for q in range(p)
        ):
            for p in range(n):
                for q in range(p + 1, n):
                    if a[p][q]:
                        turn(a, p, q)
        return sorted(float(a[i][i]) for i in range(n))


def turn(a, p, q):
    """Make a[p][q] 0: Golub and Van Loan, section 8.5.2."""
    tau = (a[q][q] - a[p][p]) / (2 * a[p][q])
    t = (1 if tau >= 0 else -1) / (abs(tau) + mp.sqrt(1 + tau * tau))
    c = 1 / mp.sqrt(1 + t * t)
    s = t * c
    for row in a:
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    a[p], a[q] = (
        [c * x - s * y for x, y in zip(a[p], a[q], strict=True)],
        [s * x + c * y for x, y in zip(a[p], a[q], strict=True)],
    )
    a[p][q] = a[q][p] = mp.mpf(0)


symmetric = st.integers(1, 5).flatmap(
    lambda n: st.lists(
        st.integers(-9, 9).map(float), min_size=n * (n + 1) // 2, max_size=n * (n + 1) // 2
    ).map(
        lambda entries: [
            [entries[max(i, j) * (max(i, j) + 1) // 2 + min(i, j)] for j in range(n)]
            for i in range(n)
        ]
    )
)


def test_rosenbrock():
    # Rosenbrock 1960, (1-x)^2 + 100(y-x^2)^2 at (1, 1); trace 1002, determinant 400
    matrix = [[802.0, -400.0], [-400.0, 200.0]]
    word, found = definiteness(matrix)
    root = math.sqrt(250601)
    assert word == "positive definite"
    assert found == pytest.approx([400 / (501 + root), 501 + root], rel=1e-15)


def test_himmelblau():
    # Himmelblau 1972, (x^2+y-11)^2 + (x+y^2-7)^2 at (3, 2): trace 108, determinant 2116
    word, found = definiteness([[74.0, 20.0], [20.0, 34.0]])
    assert word == "positive definite"
    assert found == pytest.approx([54 - math.sqrt(800), 54 + math.sqrt(800)], rel=1e-15)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 12])
def test_second_differences(n):
    # Golub and Van Loan, 4th ed., section 4.8.3: 2 - 2cos(k·pi/(n+1))
    expected = [4 * math.sin(k * math.pi / (2 * n + 2)) ** 2 for k in range(1, n + 1)]
    assert eigenvalues(second_difference(n)) == pytest.approx(expected, rel=1e-14)


def test_clement():
    # Clement 1959: n-1, n-3, ..., -(n-1); the entries are roots, hence the tolerance
    assert eigenvalues(clement(8)) == pytest.approx([-7, -5, -3, -1, 1, 3, 5, 7], rel=1e-15)
    assert definiteness(clement(8))[0] == "indefinite"


@pytest.mark.slow
@pytest.mark.parametrize(
    "matrix",
    [
        hilbert(8),
        hilbert(12),
        reflected([1e-10, 1.0, 1e10]),
        reflected([-1e-5, 1e15, 1.0, -3.0]),
        [[1e20, 1e10, 1.0], [1e10, 2.0, 1e-5], [1.0, 1e-5, 1e-20]],
        [[1e-300, 1e-301], [1e-301, 3e-300]],
    ],
)
def test_every_digit_is_right(matrix):
    assert eigenvalues(matrix) == pytest.approx(at_sixty_digits(matrix), rel=2**-51, abs=0)


def test_hilbert():
    # Fettis and Caslin 1967 tabulate the least eigenvalue of order 8 as 1.11153896632e-10
    # (of the exact matrix; the floats' is 3e-8 of it away)
    word, found = definiteness(hilbert(8))
    assert word == "positive definite"
    assert found[0] == pytest.approx(1.11153896632e-10, rel=1e-6)


@pytest.mark.slow
@given(symmetric, st.randoms(), st.integers(-900, 900))
def test_order_and_scale_of_the_variables_change_nothing(matrix, random, power):
    n = len(matrix)
    order = random.sample(range(n), n)
    factor = 2.0**power
    word, found = definiteness(matrix)
    moved = [[matrix[i][j] * factor for j in order] for i in order]
    limit = 2**-50 * max(map(abs, found)) * factor
    assert definiteness(moved)[0] == word
    expected = [value * factor for value in found]
    assert definiteness(moved)[1] == pytest.approx(expected, rel=0, abs=limit)
    assert math.fsum(found) == pytest.approx(sum(matrix[i][i] for i in range(n)), abs=1e-12)


def test_the_limits_of_floats():
    assert eigenvalues([[1.5e308, 1.5e308], [1.5e308, 1.5e308]]) == [0.0, INF]
    assert definiteness([[1.5e308, 1.5e308], [1.5e308, 1.5e308]])[0] == "positive semidefinite"
    assert eigenvalues(diagonal(5e-324, -5e-324)) == [-5e-324, 5e-324]
    for bad in (math.nan, INF, -INF):
        assert eigenvalues([[1.0, bad], [bad, 1.0]]) == []
        assert definiteness(diagonal(1.0, bad)) == ("unknown", [])


@pytest.mark.slow
def test_separate_variables_are_separate():
    assert eigenvalues(diagonal(1e-300, -1e300, 1.0)) == [-1e300, 1e-300, 1.0]
    matrix = diagonal(*[float(i) for i in range(400)])
    assert eigenvalues(matrix) == [float(i) for i in range(400)]
    matrix[3][390] = matrix[390][3] = 7.0
    assert eigenvalues(matrix)[0] == 0.0


@pytest.mark.slow
def test_the_precision_of_others_is_left_alone():
    before = mp.prec
    with mp.workdps(5):
        assert eigenvalues(hilbert(8)) == pytest.approx(at_sixty_digits(hilbert(8)), rel=1e-15)
    assert mp.prec == before


def test_the_eigenvectors_of_the_second_difference_are_sines():
    """Strang, "The Discrete Cosine Transform", SIAM Review 41 (1999): sin(pi*i*k/(n + 1))."""
    n = 6
    found = eigenvectors(second_difference(n))
    for k, vector in enumerate(found, 1):
        sines = [
            math.sqrt(2 / (n + 1)) * math.sin(math.pi * i * k / (n + 1)) for i in range(1, n + 1)
        ]
        sign = math.copysign(1, sum(a * b for a, b in zip(vector, sines, strict=True)))
        assert vector == pytest.approx([sign * part for part in sines], abs=1e-15)


@pytest.mark.parametrize("matrix", [diagonal(3.0, 1.0, 2.0), hilbert(4), clement(5)])
def test_eigenvectors_are_in_the_order_of_the_eigenvalues(matrix):
    """By what they are: A*v is the eigenvalue times v, and v has length 1."""
    for value, vector in zip(eigenvalues(matrix), eigenvectors(matrix), strict=True):
        moved = [sum(a * x for a, x in zip(row, vector, strict=True)) for row in matrix]
        assert moved == pytest.approx([value * part for part in vector], abs=1e-14)
        assert sum(part * part for part in vector) == pytest.approx(1)
        assert max(vector, key=abs) > 0
