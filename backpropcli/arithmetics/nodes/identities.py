"""What is simplified while a graph is built: identities as text, left side first.

They hold for all numbers, the infinite ones included, but for the sign of a zero and rounding: a
test tries each. ``m`` and ``n`` stand for literal numbers, ``l`` for a variable, a number or a
constant, all other names for anything. The first that fits is applied.
"""

from __future__ import annotations

IDENTITIES = (
    ("x + 0", "x"),
    ("0 + x", "x"),
    ("x + x", "2*x"),
    ("x + -y", "x - y"),
    ("-x + y", "y - x"),
    ("x - 0", "x"),
    ("0 - x", "-x"),
    ("x - -y", "x + y"),
    ("--x", "x"),
    ("1*x", "x"),
    ("x*1", "x"),
    ("-x*y", "-(x*y)"),
    ("x*(-y)", "-(x*y)"),
    ("m*(n*x)", "m*n*x"),
    ("m*x", "m*x"),
    ("m*n*l", "m*n*l"),
    ("x*m", "m*x"),
    ("l*(1/y)", "l/y"),
    ("(1/y)*l", "l/y"),
    ("x/1", "x"),
    ("-x/y", "-(x/y)"),
    ("x^1", "x"),
    ("x^0", "1"),
    ("where(1, x, y)", "x"),
    ("where(0, x, y)", "y"),
    ("where(c, x, x)", "x"),
    ("where(not c, x, y)", "where(c, y, x)"),
)
SHORT = tuple((one, other) for one, other in IDENTITIES if other.isalnum() or "not" in one)
"""Those that make nothing new."""

OF_ARRAYS = (
    ("v.T", "v"),
    ("A.T.T", "A"),
    ("x.mT.mT", "x"),
    ("(A@B).T", "B.T@A.T"),
    ("(X@Y.mT).mT", "Y@X.mT"),
    ("outer(u, v).T", "outer(v, u)"),
    ("v@A", "A.T@v"),
    ("A@(B@C)", "A@B@C"),
    ("inv(A.T)", "inv(A).T"),
    ("diag(A.T@B.T)", "diag(B@A)"),
    ("diag(A.T)", "diag(A)"),
)
"""What is simplified in formulas with arrays: by their names c, k, m, n stand for numbers, u, v, w
for vectors, A, B, C for matrices, X, Y, Z for arrays, and x, y, z for anything. The value keeps its
shape, or the identity is not applied."""

SCALED = (
    ("(c*X).T", "c*X.T"),
    ("(-X).T", "-X.T"),
    ("(c*X)@Y", "c*(X@Y)"),
    ("X@(c*Y)", "c*(X@Y)"),
    ("(-X)@Y", "-(X@Y)"),
    ("X@(-Y)", "-(X@Y)"),
    ("outer(c*u, v)", "c*outer(u, v)"),
    ("outer(u, c*v)", "c*outer(u, v)"),
    ("outer(-u, v)", "-outer(u, v)"),
    ("outer(u, -v)", "-outer(u, v)"),
    ("outer(u, v/c)", "outer(u, v)/c"),
    ("outer(u/c, v)", "outer(u, v)/c"),
    ("X*c", "c*X"),
    ("X*(c*Y)", "c*(X*Y)"),
    ("(c*X)*Y", "c*(X*Y)"),
    ("c*(k*X)", "c*k*X"),
    ("c*X/k", "c/k*X"),
    ("X/m/n", "X/(m*n)"),
    ("c/X*Y", "c*(Y/X)"),
    ("c*X + k*X", "(c + k)*X"),
    ("X + k*X", "(1 + k)*X"),
    ("c*X + X", "(c + 1)*X"),
)
"""What is simplified besides where nothing tidies the formula later: numbers are moved out."""

ON_REALS = (
    ("log(e)", "1"),
    ("log(1)", "0"),
    ("log(exp(x))", "x"),
    ("log(e^x)", "x"),
    ("abs(x)*sign(x)", "x"),
    ("x != 0 or x <= 0", "1"),
    ("x < max(x, y)", "x < y"),
    ("y < max(x, y)", "y < x"),
    ("x > min(x, y)", "x > y"),
    ("y > min(x, y)", "y > x"),
    ("(x == max(x, y)) + (y == max(x, y))", "where(x == y, 2, 1)"),
    ("(x == min(x, y)) + (y == min(x, y))", "where(x == y, 2, 1)"),
)
"""What is simplified in formulas for people too: it holds where all names are real numbers."""
