"""Formulas in matrix notation: as books have them, and with the numbers of the reverse pass.

Formulas from books: "MC" is what matrixcalculus.org shows as examples (Laue, Mitterreiter and
Giesen, 2018), "CB" The Matrix Cookbook (Petersen and Pedersen, 2012) with the equation's number,
"ESL" The Elements of Statistical Learning (Hastie, Tibshirani and Friedman, 2009).
"""

from __future__ import annotations

import numpy as np
import pytest

import backpropcli
from backpropcli import formula, jacobian
from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.calculus.sizing import typed
from backpropcli.calculus.unified import fitted, settled
from backpropcli.errors import BackpropError
from backpropcli.language.parse import parse
from backpropcli.modes.formula import formulas
from backpropcli.modes.gradient import gradient
from backpropcli.render.results.formula import chain_text, program_text
from tests.arrays.programs import PROGRAMS, drawn, points
from tests.each import for_each

BOOKS = [
    # text, by, shapes, formula, source
    ("x@A@x", "x", "A=n,n; x=n", "(A + A.T)@x", "MC, CB 81"),
    ("norm(A@x - y)^2", "x", "A=m,n; x=n; y=m", "2*A.T@(A@x - y)", "MC, CB 132"),
    ("log(det(X))", "X", "X=n,n", "inv(X).T", "MC, CB 57"),
    ("trace(A@X@B)", "X", "A=k,n; X=n,m; B=m,k", "A.T@B.T", "MC, CB 101"),
    ("trace(X.T@A@X)", "X", "A=n,n; X=n,m", "(A + A.T)@X", "MC, CB 108"),
    ("exp(x@A@x)", "x", "A=n,n; x=n", "exp(x@A@x)*(A + A.T)@x", "MC"),
    (
        "sum(log(exp(-y*(X@w)) + 1))", "w", "X=n,d; w=d; y=n",
        "z1 = exp(-y*(X@w)); -X.T@(y*z1/(z1 + 1))", "MC (logistic regression)",
    ),
    ("log(sum(exp(x)))", "x", "x=n", "exp(x)/sum(exp(x))", "MC (log-sum-exp)"),
    ("A@x", "x", "A=n,d; x=d", "A", "MC"),
    ("logsumexp(x)", "x", "x=n", "softmax(x)", "ESL 11.6"),
    ("mean((X@w + b - y)^2)", "w", "X=n,d; w=d; y=n", "2/n*X.T@(X@w + b - y)", "ESL 3.4"),
    ("sum((X@w - y)^2) + lam*w@w", "w", "X=n,d; w=d; y=n", "2*(X.T@(X@w - y) + lam*w)", "ESL 3.43"),
    ("logdet(X.T@X)", "X", "X=n,d", "2*X@inv(X.T@X)", "CB 55 (pinv(X).T)"),
    ("trace(inv(X)@B)", "X", "X=n,n; B=n,n", "-inv(X).T@B.T@inv(X).T", "CB 124"),
    ("a@X@b", "X", "a=n; X=n,m; b=m", "outer(a, b)", "CB 70"),
    ("a@X.T@b", "X", "a=m; X=n,m; b=n", "outer(b, a)", "CB 71"),
    ("b@X.T@X@c", "X", "b=m; X=n,m; c=m", "outer(X@c, b) + outer(b@X.T, c)", "CB 77"),
    ("trace(X)", "X", "X=n,n", "eye(n)", "CB 99"),
    ("trace(X@X)", "X", "X=n,n", "2*X.T", "CB 106"),
    ("det(X)", "X", "X=n,n", "det(X)*inv(X).T", "CB 49"),
    ("norm(x - a)", "x", "x=n; a=n", "(x - a)/norm(x - a)", "CB 129"),
    ("a@inv(X)@b", "X", "a=n; X=n,n; b=n", "-inv(X).T@outer(a, b)@inv(X).T", "CB 61"),
    (
        "(x - m)@inv(S)@(x - m)", "x", "x=n; m=n; S=n,n", "(inv(S) + inv(S).T)@(x - m)", "CB 86",
    ),
    (
        "cross_entropy(X@W, t)", "W", "X=n,d; W=d,k; t=n",
        "X.T@(softmax(X@W) - one_hot(t, k))/n", "ESL 4.21",
    ),
    ("bce_logits(X@w, y)", "w", "X=n,d; w=d; y=n", "X.T@(sigmoid(X@w) - y)/n", "ESL 4.21"),
    ("y@(X@w) - sum(exp(X@w))", "w", "X=n,d; w=d; y=n", "X.T@(y - exp(X@w))", "Poisson regression"),
    ("norm(A@X@B - C)^2", "X", "A=k,n; X=n,m; B=m,l; C=k,l", "2*A.T@(A@X@B - C)@B.T", "CB 119"),
    ("0.5*x.T@A@x", "x", "A=n,n; x=n", "(A + A.T)@x/2", "MC, CB 81"),
    ("a.T@X@a", "X", "a=n; X=n,n", "outer(a, a)", "CB 72"),
    (
        "(B@x + b).T@C@(D@x + d)", "x", "B=m,n; x=n; b=m; C=m,k; D=k,n; d=k",
        "B.T@(C@(D@x + d)) + D.T@(C.T@(B@x + b))", "CB 78",
    ),
    (
        "b.T@X.T@D@X@c", "X", "b=m; X=n,m; D=n,n; c=m",
        "outer(D@(X@c), b) + outer(D.T@(X@b), c)", "CB 82",
    ),
    (
        "(X@b + c).T@D@(X@b + c)", "X", "X=n,m; b=m; c=n; D=n,n",
        "outer((D + D.T)@(X@b + c), b)", "CB 83",
    ),
    (
        "(x - A@s).T@W@(x - A@s)", "s", "x=n; A=n,m; s=m; W=n,n",
        "-A.T@((W + W.T)@(x - A@s))", "CB 84",
    ),
    (
        "-(x - m).T@S@(x - m)", "S", "x=n; m=n; S=n,n", "-outer(x - m, x - m)", "CB 72",
    ),
    ("trace(X@A)", "X", "X=n,m; A=m,n", "A.T", "CB 100"),
    ("trace(A@X.T@B)", "X", "A=k,m; X=n,m; B=n,k", "B@A", "CB 102"),
    ("trace(X.T@A)", "X", "A=n,m; X=n,m", "A", "CB 103"),
    ("trace(A@X@B)", "B", "A=k,n; X=n,m; B=m,k", "X.T@A.T", "CB 100"),
    ("trace(X@X@B)", "X", "X=n,n; B=n,n", "X.T@B.T + B.T@X.T", "CB 107"),
    ("trace(B@X@X.T)", "X", "B=n,n; X=n,m", "(B + B.T)@X", "CB 109"),
    ("trace(A@X@B@X)", "X", "A=m,n; X=n,m; B=m,n", "A.T@X.T@B.T + B.T@X.T@A.T", "CB 114"),
    ("trace(X.T@X)", "X", "X=n,m", "2*X", "CB 115"),
    ("trace(B.T@X.T@C@X@B)", "X", "B=m,k; X=n,m; C=n,n", "(C.T@X@B + C@X@B)@B.T", "CB 116"),
    ("trace(X.T@B@X@C)", "X", "X=n,m; B=n,n; C=m,m", "B@X@C + B.T@X@C.T", "CB 117"),
    (
        "trace(A@X@B@X.T@C)", "X", "A=k,n; X=n,m; B=m,m; C=n,k",
        "A.T@C.T@X@B.T + C@A@X@B", "CB 118",
    ),
    (
        "trace((A@X@B + C)@(A@X@B + C).T)", "X", "A=k,n; X=n,m; B=m,p; C=k,p",
        "2*A.T@(A@X@B + C)@B.T", "CB 119",
    ),
    ("trace(X@X@X)", "X", "X=n,n", "3*X.T@X.T", "CB 121"),
    ("trace(A@inv(X)@B)", "X", "A=n,n; X=n,n; B=n,n", "-inv(X).T@A.T@B.T@inv(X).T", "CB 124"),
    ("det(A@X@B)", "X", "A=n,n; X=n,n; B=n,n", "det(A@X@B)*A.T@inv(A@X@B).T@B.T", "CB 51"),
    ("sum(diag(X))", "X", "X=n,n", "eye(n)", "CB 99"),
    (
        "-0.5*logdet(S) - 0.5*(x - m).T@inv(S)@(x - m)", "m", "x=n; m=n; S=n,n",
        "(inv(S) + inv(S).T)@(x - m)/2", "CB 86",
    ),
    (
        "mean((X@w - y)^2) + 0.1*w@w", "w", "X=n,d; w=d; y=n",
        "2/n*X.T@(X@w - y) + w/5", "ESL 3.43",
    ),
    ("(x - mean(x))/3", "x", "x=n", "(eye(n) - outer(ones(n), ones(n))/n)/3", "well known"),
    ("softmax(z)", "z", "z=n", "diag(softmax(z)) - outer(softmax(z), softmax(z))", "well known"),
    (
        *("cross(x, y)", "y", "x=3; y=3"),
        *("[[0, -x[2], x[1]], [x[2], 0, -x[0]], [-x[1], x[0], 0]]", "well known: skew-symmetric"),
    ),
    ("x[-1]^2", "x", "x=n", "2*x[-1]*one_hot(n - 1, n)", "by hand"),
    ("x[::-1]@y", "x", "x=n; y=n", "flip(y)", "by hand"),
    ("trace(kron(X, X))", "X", "X=n,n", "2*trace(X)*eye(n)", "MC, section 10.2"),
    ("trace(kron(A@X, B))", "X", "A=m,n; X=n,m; B=k,k", "trace(B)*A.T", "MC, section 10.2 and 100"),
    ("trace(A@diag(x)@B)", "x", "A=n,m; x=m; B=m,n", "diag(B@A)", "well known"),
    ("trace(solve(A, X))", "X", "A=n,n; X=n,n", "inv(A).T", "MC, 100"),
    ("tanh(W@x)", "x", "W=n,d; x=d", "diag(1 - tanh(W@x)^2)@W", "the chain rule"),
    ("solve(A, x)", "x", "A=n,n; x=n", "inv(A)", "CB"),
    ("c*x", "x", "x=n", "c*eye(n)", "CB"),
]  # fmt: skip


@for_each("text, by, sizes, expected", [row[:-1] for row in BOOKS])
def test_formulas_are_as_in_books(text, by, sizes, expected):
    assert formula(text, wrt=by, shapes=sizes).gradient == {by: expected}


BEAUTY = [
    ("sum((A@x - y)^2)/2", "x", "A=4,3; x=3; y=4", "A.T@(A@x - y)"),
    ("sum((A@x - y)^2)/2", "y", "A=4,3; x=3; y=4", "y - A@x"),
    ("mean((X@w - y)^2)", "w", "X=25,2; w=2; y=25", "2/25*X.T@(X@w - y)"),
    ("mean(y*z)", "y", "y=5; z=5", "z/5"),
    ("-mean(y*z)", "y", "y=5; z=5", "-z/5"),
    ("mean(X@w + b)", "b", "X=n,d; w=d", "1"),
    ("sum(X)", "X", "X=3,2", "ones((3, 2))"),
    ("2*sum(X)", "X", "X=3,2", "2*ones((3, 2))"),
    ("sum(X@w)", "w", "X=3,2; w=2", "sum(X, axis=0)"),
    ("sum(X@w)", "X", "X=3,2; w=2", "outer(ones(3), w)"),
    ("sum(Y*(X@W + b))", "b", "Y=4,2; X=4,3; W=3,2; b=2", "sum(Y, axis=0)"),
    ("-sum(Y*log_softmax(Z))", "Z", "Y=3,2; Z=3,2",
     "softmax(Z)*sum(Y, axis=-1, keepdims=True) - Y"),
    ("mean(softplus(z) - y*z)", "z", "z=5; y=5", "(sigmoid(z) - y)/5"),
    ("prod(x)", "x", "x=3", "prod(where(eye(3), 1, x), axis=-1)"),
    ("var(x)", "x", "x=n", "2/n*(x - sum(x, keepdims=True)/n)"),
    ("x[0]*x[-1]", "x", "x=3", "x[-1]*one_hot(0, 3) + x[0]*one_hot(2, 3)"),
    ("sum(E[t]^2)", "E", "E=4,3; t=2", "2*one_hot(mod(t, 4), 4).T@E[t]"),
    ("sum(roll(x, 1)*y)", "x", "x=3; y=3", "roll(y, -1)"),
    ("sum(pad(x, 1)*y)", "x", "x=3; y=5", "y[1:-1]"),
    ("sum(concat(x, y)*z)", "y", "x=2; y=3; z=5", "z[2:]"),
    ("mean(x[:2])", "x", "x=n", "pad(ones(2), ((0, n - 2),))/2"),
    ("mean(x[:k]^2)", "x", "x=k+m", "2/k*pad(x[:k], ((0, m),))"),
    ("sum(x[-3:]^2)", "x", "x=n", "2*pad(x[-3:], ((n - 3, 0),))"),
    ("sum(x[5:9]*y)", "x", "x=n; y=4", "pad(y, ((5, n - 9),))"),
    ("sum(x[::-1][:k]^2)", "x", "x=k+m", "2*flip(pad(x[::-1][:k], ((0, m),)))"),
    ("sum(X[:, :n]@w[:n] + X[:, n:]@w[n:])", "w", "X=k,n+m; w=n+m",
     "pad(sum(X[:, :n], axis=0), ((0, m),)) + pad(sum(X[:, n:], axis=0), ((n, 0),))"),
    ("sum(concat(a, b)^2*c)", "c", "a=n; b=m; c=n+m", "concat(a, b)^2"),
    ("sum(pad(x, ((n, m),))^3)", "x", "x=n+m", "3*(pad(x, ((n, m),))^2)[n:m + 2*n]"),
    ("sum(relu(X@W)@v)", "W", "X=n,d; W=d,k; v=k", "X.T@where(X@W > 0, v, 0)"),
]  # fmt: skip


@for_each("text, by, sizes, expected", BEAUTY)
def test_formulas_are_short_and_their_numbers_exact(text, by, sizes, expected):
    assert formula(text, wrt=by, shapes=sizes).gradient == {by: expected}


SLICES = [
    ("mean(x[:2]^3)", "x=n"),
    ("sum(concat(x, y)[-m:]^2*y)", "x=n; y=m"),
    ("sum(x[:m]^2) + sum(y^2)", "x=n; y=m"),
    ("mean(x[:k]^2*x[-1])", "x=k+m"),
    ("sum(x[-3:-1]^2)*x[0]", "x=n"),
    ("sum((x[1:] - x[:-1])^2)", "x=n+1"),
    ("sum(x[::-1][:k]^3)", "x=k+m"),
    ("sum(X[:, :n]@w[:n]^2 + X[:, n:]@w[n:])", "X=k,n+m; w=n+m"),
    ("sum(A[1, :n]*A[:n, 0])", "A=n+m,n+1"),
    ("sum(pad(x, ((n, m),))[1:]^3)", "x=n+m"),
    ("sum(concat(x, y)[n:]^2)", "x=n+1; y=m"),
]
"""Slices whose places have letters."""


@for_each("text, sizes", SLICES)
def test_slices_by_letters_have_the_numbers_of_the_reverse_pass(text, sizes):
    """The formula and its own one are read back at numbers for the letters."""
    numbers = {"n": 4.0, "m": 3.0, "k": 2.0}
    shapes = typed([sizes])
    rng = np.random.default_rng(3)
    point = {
        name: rng.normal(size=[int(settled(size, numbers)) for size in own])
        for name, own in fitted(shapes, shapes, {}).items()
    }
    program = parse(text, {**point, **numbers})
    expected = gradient(program, point).gradient
    for name, one in formula(text, shapes=sizes).gradient.items():
        np.testing.assert_allclose(value(one, point, numbers), expected[name], rtol=1e-13)
        loss = f"sum(({one})^2)"
        read = parse(loss, {**point, **numbers})
        if not shapes.keys() <= read.variables.keys():
            continue
        slopes = gradient(read, {**point, **numbers}).gradient
        for other, second in formula(loss, shapes=sizes).gradient.items():
            got = value(second, point, numbers)
            np.testing.assert_allclose(got, slopes[other], rtol=1e-13, err_msg=second)


def value(text, point, numbers=None):
    """Return the value of a text at a point, by the forward pass; ``numbers`` are for sizes."""
    point = {**point, **(numbers or {})}
    sizes = {name: np.shape(one) for name, one in point.items()}
    lowered = lower(parse(text, point), sizes)
    return forward(lowered.graph, FLOATS, point)[lowered.outputs[0]]


def weighed(text, name):
    """Return the text of a program's output times ``name``, summed."""
    head, semicolon, last = text.rpartition("; ")
    return f"{head}{semicolon}sum({name}*({last}))"


def scalar(text, point, name, rng):
    """Return a program and a point, with weights for an output that is an array."""
    found = value(text, point)
    if not np.shape(found):
        return text, point
    return weighed(text, name), {**point, name: rng.normal(size=np.shape(found))}


def found(text, point):
    sizes = {name: np.shape(one) for name, one in point.items()}
    return formulas(parse(text, list(point)), (), sizes)


@pytest.mark.slow
@for_each("text, point", points())
def test_formulas_read_back_have_the_numbers_of_the_reverse_pass(text, point):
    text, point = scalar(text, point, "G_", np.random.default_rng(1))
    expected = gradient(parse(text, list(point)), point).gradient
    for name, one in found(text, point).gradient.items():
        got = value(one, point)
        assert np.shape(got) == np.shape(point[name])
        np.testing.assert_allclose(got, expected[name], rtol=1e-12, atol=1e-13, err_msg=one)


OFTEN = "*".join(["(x*adjoint + out)"] * 2 + ["(x + 1)"] * 200)
RULED = (
    ("def f(x) = sum(x^2); rule f(x) = adjoint*2*x; f(x)^2", {"x": "3"}),
    (
        "def f(x, W) = x@W; rule f(x, W) = adjoint@W.T, x.T@adjoint; sum(f(x, W)^2)",
        {"x": "3x2", "W": "2x4"},
    ),
    ("def f(x, y) = x*y; rule f(x, y) = adjoint*y, 0; sum(f(x, y)^2)", {"x": "3", "y": "3"}),
    ("def f(x) = mean(x, axis=1); rule f(x) = adjoint[:, None]/2; sum(f(x)^2)", {"x": "3x2"}),
    ("def f(z) = cross_entropy(z, 1); rule f(z) = adjoint*z; f(z)^2", {"z": "3"}),
    ("def f(x) = x^2; rule f(x) = adjoint*x; def h(x) = f(x); rule h(x) = f(adjoint); sum(h(x)*x)",
     {"x": "3"}),
    (f"def f(x) = x; rule f(x) = {OFTEN}; sum(f(x)*x)", {"x": "3"}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "point"), points(RULED))
def test_formulas_with_rules_that_map_adjoints_are_read_back(text, point):
    """The text begins with the functions and their rules, where it calls them."""
    expected = gradient(parse(text, list(point)), point).gradient
    for name, one in found(text, point).gradient.items():
        np.testing.assert_allclose(value(one, point), expected[name], rtol=1e-12, err_msg=one)
        if "f(" in one:
            *definitions, _ = one.split("; ")
            again = "; ".join([*definitions, text.rpartition("; ")[2]])
            slopes = gradient(parse(again, list(point)), point).gradient
            np.testing.assert_allclose(slopes[name], expected[name], rtol=1e-12, err_msg=again)


@pytest.mark.slow
@for_each("text, point", points())
def test_formulas_of_formulas_are_second_derivatives(text, point):
    """They are held against central differences of the reverse pass, along a direction."""
    rng, h = np.random.default_rng(1), 1e-5
    text, point = scalar(text, point, "G_", rng)
    whole = {name for name in point if name in "ti" and ("[t]" in text or "(" in text)}
    for name, one in found(text, point).gradient.items():
        if name == "G_" or (name in whole and np.all(point[name] % 1 == 0)):
            continue
        second, at = scalar(one, point, "H_", rng)
        for other, slope in found(second, at).gradient.items():
            if other in {"G_", "H_"} or np.all(np.asarray(at[other]) % 1 == 0):
                continue
            direction = rng.normal(size=np.shape(at[other]))

            def moved(step, name=name, other=other, direction=direction):
                there = {**point, other: point[other] + step * direction}
                return gradient(parse(text, list(point)), there).gradient[name]

            expected = np.sum(at.get("H_", 1.0) * (moved(h) - moved(-h))) / (2 * h)
            got = np.sum(value(slope, at) * direction)
            assert got == pytest.approx(expected, rel=1e-6, abs=1e-6), (one, slope)


VECTORS = [
    ("A@x", "x", {"A": "3x2", "x": "2"}),
    ("softmax(x)", "x", {"x": "4"}),
    ("log_softmax(x)", "x", {"x": "4"}),
    ("tanh(A@x + b)", "x", {"A": "3x2", "x": "2", "b": "3"}),
    ("x/norm(x)", "x", {"x": "3"}),
    ("x*sum(x*y)", "x", {"x": "3", "y": "3"}),
    ("c*x^2 + x", "c", {"c": 2.0, "x": "3"}),
    ("c*x^2 + x", "x", {"c": 2.0, "x": "3"}),
    ("B@solve(A, x)", "x", {"A": "3x3 definite", "x": "3", "B": "2x3"}),
    ("relu(A@x)*y", "x", {"A": "3x2", "x": "2", "y": "3"}),
    ("A@tanh(B@x)", "x", {"A": "2x3", "B": "3x4", "x": "4"}),
    ("x[1:] - x[:-1]", "x", {"x": "4"}),
    ("cumsum(x)*y", "x", {"x": "4", "y": "4"}),
    ("[a, b*a]", "a", {"a": 2.0, "b": 3.0}),
    ("y/x", "x", {"x": "3", "y": "3"}),
    ("x@A", "x", {"x": "3", "A": "3x2"}),
    ("(x - sum(x)/3)/3", "x", {"x": "3"}),
    ("where(x > 0, x, 2*x)", "x", {"x": "4"}),
    ("A@where(x > 0, -x, 2*x)", "x", {"A": "2x4", "x": "4"}),
    ("where(y > 0, A@x, B@x)", "x", {"y": "3", "A": "3x2", "B": "3x2", "x": "2"}),
    ("where(c > 0, A@x, sum(x)^2)", "x", {"c": 2.0, "A": "3x2", "x": "2"}),
    ("where(y > 0, sum(x)^2, x)", "x", {"y": "3", "x": "3"}),
    ("sum(x*y)*where(x > 0, x, 2*x)", "x", {"x": "3", "y": "3"}),
    ("max(x, y)*min(x, z)", "x", {"x": "3", "y": "3", "z": 0.2}),
    ("max(0, A@x)", "x", {"A": "3x2", "x": "2"}),
    ("max(c, x)", "c", {"c": 0.3, "x": "4"}),
    ("normalize(x)", "x", {"x": "3"}),
    ("(x[:1] + sum(x*y))*(relu(x) + y)", "x", {"x": "3", "y": "3"}),
    ("where(y[:1] > 0, A@x, sum(x)*x)", "x", {"x": "3", "y": "3", "A": "3x3"}),
    ("where(y[:1] > 0, y, x[0])", "x", {"x": "3", "y": "3"}),
    ("x*y*z", "x", {"x": "1", "y": "3", "z": "1"}),
    ("sort(x)*y", "x", {"x": "4", "y": "4"}),
    ("sort(c*A@x)", "x", {"c": 0.3, "A": "3x3", "x": "3"}),
    ("sort(outer(x, y)*c, axis=0)[1]", "x", {"c": 0.3, "y": "3", "x": "3"}),
    ("topk(x, 2)", "x", {"x": "4"}),
    ("roll(outer(x, y), 4)@y", "x", {"x": "3", "y": "2"}),
    ("cumprod(x)", "x", {"x": "3"}),
    ("logcumsumexp(x)", "x", {"x": "3"}),
    ("tile(x, 2) + repeat(y, 2)", "x", {"x": "2", "y": "2"}),
    ("repeat(x*y, 2)", "x", {"x": "2", "y": "2"}),
    ("cross(x, y) + cross(y, A@x)", "x", {"x": "3", "y": "3", "A": "3x3"}),
    ("x[[-1, 0, -1]]*y", "x", {"x": "4", "y": "3"}),
    ("gather(x^2, [2, 0])", "x", {"x": "3"}),
    ("solve_triangular(A, x)", "x", {"A": "3x3 definite", "x": "3"}),
    ("outer(x, y)[1]", "x", {"x": "3", "y": "2"}),
    ("outer(y, x)[:, 1]", "x", {"x": "3", "y": "2"}),
    ('einsum("ij,j->i", A, x)', "x", {"A": "3x2", "x": "2"}),
    ('einsum("...j,j->...", A, x)', "x", {"A": "3x2", "x": "2"}),
    ("reshape(reshape(x, (2, 2)).T, (4,))", "x", {"x": "4"}),
    ("prod(outer(x, y), axis=1)", "x", {"x": "3", "y": "2"}),
    ("max(2*outer(y, x)@A, axis=0)", "x", {"x": "2", "y": "3", "A": "2x2"}),
    ("norm(A*x, axis=1)", "x", {"A": "3x2", "x": "2"}),
    ("sum(tril(outer(x, y)), axis=0)", "x", {"x": "3", "y": "3"}),
    ("diag(A*x) + trace(A*x)*y", "x", {"A": "2x2", "x": "2", "y": "2"}),
    ("diag(A@diag(x)@B)", "x", {"A": "2x3", "x": "3", "B": "3x2"}),
    ("inv(diag(x))[0]", "x", {"x": "2"}),
    ("split(stack(x, y).T, 2)[1][0] + concat(x, y)[1:3]", "x", {"x": "2", "y": "2"}),
    ("max_pool1d(x, 2)", "x", {"x": "4"}),
    ("avg_pool1d(x, 2)", "x", {"x": "4"}),
    ("conv1d(x[None, None, :], w)[0, 0]", "x", {"x": "4", "w": "1x1x2"}),
    ("kron(x[:, None], A)[:, 0]", "x", {"x": "2", "A": "2x1"}),
    ("cholesky(A + diag(x))[:, 0]", "x", {"x": "2", "A": "2x2 definite"}),
    ("layer_norm(x, y, y)", "x", {"x": "3", "y": "3"}),
    ("y*det(A*x)", "x", {"x": "2", "A": "2x2", "y": "3"}),
    *[
        (f"def f(x) = x[:2] + x[2:]; rule f(x) = {rule}; y*f(x)", "x", {"x": "4", "y": "2"})
        for rule in (  # ways to write (adjoint, adjoint): by each operation on what is sent back
            "tile(adjoint, 2)",
            "concat(adjoint, adjoint)",
            "reshape(stack(adjoint, adjoint), (4,))",
            "[adjoint[0], adjoint[1], adjoint[0], adjoint[1]]",
            "gather(adjoint, [0, 1, 0, 1])",
            "repeat(adjoint, 2)[[0, 2, 1, 3]]",
            "reshape(split(tile(adjoint, 2), 2), (4,))",
            "tile(where([1, 0] > 0, adjoint[0], adjoint[1]), 2)",
            "tile(transpose(outer(adjoint, ones(2))[None], (2, 1, 0))[0, :, 0], 2)",
        )
    ],
    (
        "def f(c, y) = c*y; rule f(c, y) = trace(outer(adjoint, y)), c*adjoint; f(sum(x), x)",
        "x",
        {"x": "2"},
    ),
    ("diff(sum(diag(x)^3*A), x)", "x", {"x": "2", "A": "2x2"}),
    ("diff(sum(cross(outer(x, y), A)^3), x)", "x", {"x": "2", "y": "3", "A": "2x3"}),
    ("diff(sum(solve(A, outer(x, y))^3), x)", "x", {"x": "2", "y": "3", "A": "2x2 definite"}),
]


@pytest.mark.slow
@for_each("text, by, values", VECTORS)
def test_the_formula_of_a_vector_is_its_jacobian(text, by, values):
    """It is held against the Jacobian that is found element by element."""
    rng = np.random.default_rng(2)
    point = {name: drawn(one, rng) for name, one in values.items()}
    sizes = {name: np.shape(one) for name, one in point.items()}
    one = formulas(parse(text, list(point)), [by], sizes).gradient[by]
    expected = np.array(jacobian(text, point, wrt=[by]).matrix)
    got = np.asarray(value(one, point))
    np.testing.assert_allclose(got.reshape(expected.shape), expected, rtol=1e-12, atol=1e-14)
    assert got.shape == np.shape(value(text, point)) + np.shape(point[by])


def test_a_jacobian_says_that_it_is_one():
    assert program_text(formula("A@x", wrt="x", shapes="A=n,d; x=d")) == [
        "A  # the Jacobian, n x d"
    ]


@for_each(
    "text, by, sizes, message",
    [
        ("A@x", "A", "A=n,d; x=d", "has 3 axes"),
        ("A@B", (), "A=n,d; B=d,k", "a matrix"),
        ("sum(x^2)", (), None, "is of a number"),
        ("X@w", (), None, "does not fit"),
        ("X@w", (), "X=n,d; w=n", "d is not n"),
        ("sum(x[[0, -1]]*y)", "x", "x=n; y=2", "depend on n"),
        ("sum(pad(x, -n))", "x", "x=n", "width has -n, which is no size"),
        ("sum(x[:-2*n])", "x", "x=n", "cannot have -n"),
    ],
)
def test_what_has_no_formula_says_what_to_do(text, by, sizes, message):
    with pytest.raises(BackpropError, match=message) as caught:
        formula(text, wrt=by, shapes=sizes)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("sum(sum(W[:, None]*V, axis=0)^2)", {"W": "2x2", "V": "2x2"}),  # the middle axis is summed
        ("var(sum(X^2, axis=1))", {"X": "3x2"}),  # a mean of sums along another axis
        ("sum(exp(S - logsumexp(S, axis=1))*B)", {"S": "3x3", "B": "3x3"}),  # no row's own
        ("sum(exp(S - logsumexp(S, axis=0))*B)", {"S": "3x3", "B": "3x3"}),
        ("sum(transpose(S, (0, 1))@ones(3))", {"S": "3x3"}),
        ("trace(A@transpose(A, (0, 1)))", {"A": "3x3"}),
        ("norm(2*x)^2 + norm(x)^3", {"x": "3"}),
        ("sum(arange(-2, 3)*sqrt((x*arange(-2, 3))^2))", {"x": "5"}),
    ],
)
def test_what_looks_alike_is_not_taken_for_the_same(text, values):
    rng = np.random.default_rng(4)
    point = {name: drawn(one, rng) for name, one in values.items()}
    expected = gradient(parse(text, list(point)), point).gradient
    for name, one in found(text, point).gradient.items():
        np.testing.assert_allclose(value(one, point), expected[name], rtol=1e-12, atol=1e-13)


def test_letters_stand_for_the_numbers_that_sizes_have():
    text = "mean((X@w + b - y)^2)"
    point = {name: drawn(one, np.random.default_rng(3)) for name, one in PROGRAMS[0][1].items()}
    for name, one in formula(text, shapes="X=n,d; w=d; y=n").gradient.items():
        expected = gradient(parse(text), point).gradient[name]
        np.testing.assert_allclose(value(one, {**point, "n": 3.0, "d": 2.0}), expected, rtol=1e-12)


def test_values_have_shapes():
    found = formula("mean((X@w - y)^2)", wrt="w", X=[[1, 2], [3, 4]], w=[1, 2], y=[1, 1])
    assert found.gradient == {"w": "X.T@(X@w - y)"}
    found = formula("mean((X@w - y)^2)", {"w": [1, 2]}, wrt="w", shapes="X=n,d; y=n; w=d")
    assert found.gradient == {"w": "2/n*X.T@(X@w - y)"}


def test_where_a_rule_says_more_than_the_formula_is_told():
    found = formula("norm(A@x - y)", wrt="x", shapes="A=n,d; x=d; y=n")
    assert program_text(found) == [
        "A.T@(A@x - y)/norm(A@x - y)  # where norm(A@x - y) != 0"
    ]  # fmt: skip
    assert formula("det(X)", shapes="X=n,n").conditions == [[["det(X) != 0"]]]
    assert formula("norm(x)^2", shapes="x=n").conditions == [[[]]]
    assert formula("log(det(X))", shapes="X=n,n").conditions == [[[]]]


def test_the_chain_rule_of_matrices_goes_node_by_node():
    """Backpropagation through two layers, as it stands in textbooks (ESL 11.4)."""
    text = "h = tanh(X@W1 + b1); sum((h@W2 + b2 - Y)^2)/2"
    found = formula(text, shapes="X=n,3; W1=3,4; b1=4; W2=4,2; b2=2; Y=n,2")
    lines = chain_text(found)
    for line in (
        "dL_dW2 = h.T@dL_dz5  # through z3",
        "dL_db2 = sum(dL_dz5, axis=0)  # through z4",
        "dL_dh = dL_dz5@W2.T  # through z3",
        "dL_dz2 = dL_dh*(1 - h^2)  # through h",
        "dL_dW1 = X.T@dL_dz2  # through z1",
        "dL_db1 = sum(dL_dz2, axis=0)  # through z2",
    ):
        assert line in lines


def test_the_chain_rule_node_by_node_is_that_of_a_number():
    with pytest.raises(BackpropError, match="of a number"):
        chain_text(formula("A@x", wrt="x", shapes="A=n,d; x=d"))


def test_sympy_simplifies_no_arrays():
    with pytest.raises(BackpropError, match="formulas of numbers"):
        formula("sum(x^2)", shapes="x=n", simplify=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where(x > 0, x, 2*x)", "diag(where(x > 0, 1, 2))"),
        ("max(0, x)", "diag(where(x > 0, 1, where(x == 0, 1/2, 0)))"),
        ("A@where(x > 0, x, 2*x)", "where(x > 0, A, 2*A)"),
    ],
)
def test_the_jacobian_of_a_choice_has_a_row_of_the_branch_taken(text, expected):
    """By hand: an element that is chosen has the slope of its branch, and half of it at a tie."""
    found = formulas(parse(text), ["x"], {"x": (3,), "A": (2, 3)} if "A" in text else {"x": (3,)})
    assert found.gradient == {"x": expected}


# Programs whose formulas have places that depend on letters, or arrays as long as letters say.
BY_LETTERS = [
    ("sum(concat(x, y)^2)", "x=n; y=m", {"x": "2*concat(x, y)[:n]", "y": "2*concat(x, y)[n:]"}),
    ("sum(logsumexp(concat(x, y)))", "x=n; y=m", {"x": "softmax(concat(x, y))[:n]"}),
    ("sum(concat(x, y, x)^3)", "x=n; y=m", {"y": "3*(concat(x, y, x)^2)[n:m + n]"}),
    ("sum((concat(A, B, axis=1)@concat(x, y))^2)", "A=d,n; B=d,m; x=n; y=m", {}),
    ("sum(concat(A, B, axis=0)@v)", "A=n,d; B=m,d; v=d", {}),
    ("h = concat(x, y); sum(sin(h)*cumsum(h))", "x=n; y=m", {}),
    ("sum(x*arange(n))", "x=n", {"x": "arange(n)"}),
    ("sum(x^2*arange(1, n + 1))", "x=n", {}),
    ("sum(cumsum(x)/(arange(n) + 1))", "x=n", {}),
    ("sum(x^2*linspace(0.5, 1, n))", "x=n", {}),
    ("sum(x[t]*c)", "x=n; t=m; c=m", {"x": "one_hot(mod(t, n), n).T@c"}),
    ("sum(gather(x, t)*c)", "x=n; t=m; c=m", {}),
]


@for_each("text, shapes, wanted", BY_LETTERS)
def test_formulas_with_letters_hold_for_all_sizes(text, shapes, wanted):
    """By the reverse pass, where each letter is a number: of 2 and more for linspace."""
    names = [name for name, *_ in (part.split("=") for part in shapes.split("; ")) if name != "t"]
    formulas_found = formula(text, wrt=names, shapes=shapes).gradient
    assert {name: formulas_found[name] for name in wanted} == wanted
    rng = np.random.default_rng(2)
    for sizes in ({"n": 2, "m": 3, "d": 2}, {"n": 4, "m": 1, "d": 1}, {"n": 3, "m": 4, "d": 5}):
        point = {}
        for part in shapes.split("; "):
            name, _, letters = part.partition("=")
            shape = [sizes[letter] for letter in letters.split(",") if letter]
            point[name] = rng.normal(size=shape) if shape else 0.3
        if "t" in point:
            point["t"] = rng.integers(-sizes["n"], sizes["n"], size=sizes["m"]).astype(float)
        everything = {**point, **{name: float(size) for name, size in sizes.items()}}
        expected = backpropcli.gradient(text, everything, wrt=names).gradient
        for name in names:
            got = backpropcli.value(formulas_found[name], everything)
            assert np.shape(got) == np.shape(point[name])
            np.testing.assert_allclose(got, expected[name], rtol=1e-12, atol=1e-13)


def test_a_slice_with_letters_goes_one_by_one():
    with pytest.raises(BackpropError, match="the step of a slice is 1"):
        formula("sum(concat(x, y)[m::2]^2)", shapes="x=n; y=m")


@for_each(
    "text, shapes, formula_of",
    [
        ("trace(K.T.mT@W)", "K=n,n; W=n,n", {"K": "W.T", "W": "K.T"}),
        ("x@K.mT.T@x", "K=n,n; x=n", {"x": "(K + K.T)@x", "K": "outer(x, x)"}),
        ("sum(K.mT.mT*W)", "K=b,n,m; W=b,n,m", {"K": "W", "W": "K"}),
        ("sum(K.T.T*W)", "K=b,n,m; W=b,n,m", {"K": "W", "W": "K"}),
        ("sum(swapaxes(K.mT, 1, 2)*W)", "K=b,n,m; W=b,n,m", {"K": "W", "W": "K"}),
        ("sum(moveaxis(moveaxis(K, 0, 2), 2, 0)*W)", "K=b,n,m; W=b,n,m", {"K": "W", "W": "K"}),
    ],
)
def test_transposes_that_undo_each_other_are_not_written(text, shapes, formula_of):
    """By hand."""
    found = formula(text, shapes=typed([shapes])).gradient
    assert {name: found[name] for name in formula_of} == formula_of
