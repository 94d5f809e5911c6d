"""What does not fit is told in one form: why, where its parts are from, and what would fit.

The sentences are golden: each was read. That mends fit is tried by running them.
"""

import contextlib
import re
from itertools import product

import numpy as np
import pytest

import backpropcli as bp
from backpropcli import BackpropError, SourceError
from backpropcli.calculus.fitting import shapes as sizes
from backpropcli.calculus.fitting.mends import mended
from backpropcli.calculus.fitting.shapes import fitted
from backpropcli.calculus.lower import lower
from backpropcli.calculus.node_shapes import Misfit
from tests.each import for_each

X = [[1, 2], [3, 4], [5, 6]]


def told(text, **values):
    with pytest.raises(SourceError) as caught:
        bp.gradient(text, values)
    return caught.value.render()


def test_the_form_of_a_misfit():
    assert told("mean((X@w + b - y)^2)", X=X, w=[0.1, 0.2, 0.3], b=0.3, y=[1, 2, 3]) == (
        "X@w does not fit: @ takes the last axis of X with the first of w, and 2 is not 3\n"
        "  mean((X@w + b - y)^2)\n"
        "        ^^^\n"
        "  X  3x2  from the call\n"
        "  w  3    from the call\n"
        "w has one number too many"
    )


def test_a_variable_may_be_too_large():
    with pytest.raises(SourceError, match="x is too large: 1"):
        bp.formula("sum(x^2)", shapes="x=1000000000000")


RULED = "def f(W, x) = W@x; rule f(W, x) = {}; sum(f(A, y))"


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("outer(x, adjoint), W.T@adjoint", "outer(x, adjoint) (2x3) to A (3x2)"),
        (
            "outer(adjoint, x), W.T@adjoint*[1, 2, 3]",
            "W.T@adjoint*[1, 2, 3] to y, which does not fit",
        ),
        ("outer(adjoint, x), W@adjoint", "W@adjoint to y, which does not fit"),
    ],
)
def test_a_rule_sends_what_an_argument_has_a_place_for(rule, reason):
    found = told(RULED.format(rule), A=X, y=[1, 2])
    assert f"f(A, y) does not fit: its rule sends {reason}\n" in found
    with pytest.raises(SourceError, match="n x m"):
        bp.formula(RULED.format("outer(x, adjoint), W.T@adjoint"), shapes="A=n,m; y=m", wrt="A")


@pytest.mark.parametrize(("a", "hint"), [(X, "a has one column too few"), ([[1, 2]], "")])
def test_a_size_that_is_told_to_be_too_small_would_do(a, hint):
    """By hand: the three largest of two columns are there if one of rows has three numbers."""
    assert told("sum(topk(a, 3))", a=a).rpartition("from the call")[2].strip() == hint


def test_a_named_intermediate_is_told_with_the_line_that_defines_it():
    text = "z = X@w\nh = tanh(z)\nsum(z*X) + sum(h@v)"
    assert told(text, X=X, w=[1, 2], v=[1, 2, 3]) == (
        "z*X does not fit: elements are paired from the last axis on, and 3 is not 2 (line 3)\n"
        "  sum(z*X) + sum(h@v)\n"
        "      ^^^\n"
        "  z  3    z = X@w (line 1)\n"
        "  X  3x2  from the call\n"
        "z*X.T and z[:, None]*X would fit"
    )


REASONS = {
    "sum(reshape(x, (2, 2)))": "x has 3 elements, and 2x2 takes 4",
    "sum(reshape(x, (2, -1)))": "x has 3 elements, which are no multiple of 2",
    "sum(reshape(x, (-1, -1)))": "-1 means the size that is left, and it is here twice",
    'sum(einsum("ij,jk->ik", A, B))': "j is 2 in A (ij), and 3 in B (jk)",
    'sum(einsum("ij,jk->ik", A, x))': "'jk' is for 2 axes, and x is a vector of 3",
    'sum(einsum("ij->ik", A))': "no array has the value's letter k",
    'sum(einsum("...ijk", A))': "'...ijk' is for 3 axes or more, and A is 2x2",
    'sum(einsum("...j,...->j", A, x))': "an axis of its dots is 2 in A (...j), and 3 in x (...)",
    'sum(einsum("..i->i", A))': "dots are three, once in each part, as in ...i,i->..., "
    "and here is '..i'",
    'sum(einsum("ii", A[:1]))': "i is 1 in A[:1] (ii), and 2 in A[:1] (ii)",
    "sum(concat(A, x))": "its parts need one shape but for axis 0, and A is 2x2 "
    "and x is a vector of 3",
    "sum(stack(x, A))": "its parts need one shape, and x is a vector of 3 and A is 2x2",
    "A[0, 2]": "there is no element 2, and axis 1 of A has 2",
    "sum(A, axis=2)": "there is no axis 2, and the axes are 0 and 1",
    "sum(solve(A, x))": "A is 2x2, and x has 3 numbers",
    "sum(solve(C, n))": "solve takes a vector or a matrix on the right, and n is a number",
    "solve_triangular(C, n)": "solve takes a vector or a matrix on the right, and n is a number",
    "cross_entropy(C, B[:, :1])": "for C of 1x1, B[:, :1] is 1 class numbers or 1x1 probabilities",
    "det(B)": "det takes a square matrix, and B is 3x2",
    "sum(topk(x, 5))": "k is 5, and x has 3",
    "sum(split(x, 2))": "axis 0 of x has 3, which does not go into 2 equal parts",
    "sum(x[i])": "i has 3 at [1], and x has 3: 0 to 2",
    "sum(x[f])": "f has 0.5 at [0], and places are whole numbers",
    "sum(x[n])": "n is nan, and places are whole numbers",
    "sum(gather(x, i))": "i has 3 at [1], and x has 3: 0 to 2",
    "sum(one_hot(i, 3)*x)": "i has 3 at [1], and one_hot has 3: 0 to 2",
    "cross_entropy(B, i)": "for B of 3x2, i is 3 class numbers or 3x2 probabilities",
    "sum(zeros(-2) + x)": "shape has -2, which is no size",
    "sum(pad(x, -1))": "width has -1, which is no size",
    "sum(repeat(x, 0))": "repeats has 0, which is no size",
    "std(x, ddof=3)": "ddof is 3, and it goes over 3 elements",
    "norm(x, ord=0)": "ord is 0, and a norm's is above 0",
    "sum(max_pool1d(x, 4))": "a window has 4, and x has 3",
    "sum(conv1d(x, A))": "x has the axes batch, channels, length, and it is a vector of 3",
}
POINT = {
    "A": [[1, 2], [3, 5]],
    "B": X,
    "C": [[2]],
    "x": [1, 2, 3],
    "i": [0, 3],
    "f": [0.5],
    "n": float("nan"),
}


@for_each("text", REASONS)
def test_the_reason_names_what_does_not_fit(text):
    values = {name: POINT[name] for name in bp.parse(text).variables}
    first = told(text, **values).partition("\n")[0]
    assert first.partition(" does not fit: ")[2] == REASONS[text]


@for_each(
    "text, place",
    [
        ("sum(A, axis=2)", "axis=2"),
        ("sum(softmax(A, dim=-3))", "dim=-3"),
        ("A[0, 2]", "2"),
        ("sum(exp(A)[..., 5])", "exp(A)[..., 5]"),
        ("sum(roll(B, 1, axis=7))", "axis=7"),
        ("mean(A, keepdims=True, axis=3)[0]", "axis=3"),
    ],
)
def test_carets_stand_under_the_keyword_or_the_item(text, place):
    values = {name: POINT[name] for name in bp.parse(text).variables}
    with pytest.raises(SourceError) as caught:
        bp.gradient(text, values)
    assert text[caught.value.start : caught.value.end] == place


@for_each(
    "text, reason",
    [
        ("sum(zeros(1e6, 1e6))", "zeros(1e6, 1e6) is too large: 1000000x1000000 takes 8 TB"),
        ("sum(arange(0, 1e15))", "arange(0, 1e15) is too large: 1000000000000000 takes 8 PB"),
        ("sum(x[3:])", "x[3:] is empty (0)"),
        ("sum(arange(0))", "arange(0) is empty (0)"),
        (f"sum(zeros({', '.join('1' * 65)}))", "zeros() has 65 axes, and an array has at most 64"),
    ],
)
def test_what_is_too_large_or_empty_is_told_before_memory_is_asked_for(text, reason):
    values = {"x": [1, 2, 3]} if "x[" in text else {}
    assert told(text, **values).startswith(reason)


MENDED = {
    "X@W": "X@W",
    "sum(X + W)": "X + W",
    "X - mean(X, axis=1)": "X - mean(X, axis=1)",
    "mse(x, y)": "mse(x, y)",
    "solve(X.T@X, y)": "solve(X.T@X, y)",
    "outer(X, y)": "outer(X, y)",
    'einsum("ij,jk", X, Y)': 'einsum("ij,jk", X, Y)',
    "cross_entropy(X, t)": "cross_entropy(X, t)",
    "sum(x, axis=1)": "sum(x, axis=1)",
}
"""What may not fit in a program."""


@pytest.mark.sampled(4)
@pytest.mark.parametrize("text", MENDED)
def test_every_mend_makes_the_whole_program_fit(text):
    """What a mend says is put in place, and runs, for shapes of all kinds."""
    shapes = [[1, 2], [1, 2, 3], X, [[1], [2], [3]], [[1, 2, 3], [4, 5, 6]]]
    program = bp.parse(text)
    tried = 0
    for values in product(shapes, repeat=len(program.variables)):
        point = dict(zip(program.variables, values, strict=True))
        given = {name: np.shape(value) for name, value in point.items()}
        lowered = lower(program, given)
        with contextlib.suppress(Misfit):
            fitted(lowered, given)
            continue
        with pytest.raises(Misfit) as caught:
            fitted(lowered, given)
        arrays = {name: np.array(value, dtype=float) for name, value in point.items()}
        for mend in mended(lowered, caught.value, given, arrays):
            part = "mean(X, axis=1)" if mend.startswith("mean") else MENDED[text]
            bp.value(text.replace(part, mend), point)
            tried += 1
    assert tried


@pytest.mark.parametrize(
    ("text", "values", "note"),
    [
        (
            "mse(p, y)",
            {"p": [[1], [2], [3], [4]], "y": [1, 2, 3, 4]},
            "p (4x1) - y (4) is 4x4: each with each; for pairs write p[:, 0] - y",
        ),
        (
            "z = X@w; mean((z - y)^2)",
            {"X": X, "w": [[1], [2]], "y": [1, 2, 3]},
            "z (3x1) - y (3) is 3x3: each with each; for pairs write z[:, 0] - y",
        ),
        (
            "sum(y*A@x)",
            {"A": POINT["A"], "x": [1, 2], "y": [1, 2]},
            "y*A@x is (y*A)@x: * and @ go from left to right",
        ),
    ],
)
def test_what_fits_and_may_not_be_meant_is_noted(text, values, note):
    assert bp.gradient(text, values).warnings == [note]


def test_what_is_asked_for_by_none_is_not_noted():
    assert not bp.gradient("sum(x[:, None]*y[None, :])", x=[1, 2], y=[1, 2, 3]).warnings


def test_no_message_speaks_of_ranks():
    for text in REASONS:
        values = {name: POINT[name] for name in bp.parse(text).variables}
        with pytest.raises(BackpropError) as caught:
            bp.gradient(text, values)
        assert not re.search(r"\brank|ufunc|contract|[{}]", caught.value.render())


@for_each(
    "text",
    [
        "zeros(1000000000)*x[0]",
        "ones(1000000000)*x[0]",
        "eye(100000, 10000)*x[0]",
        "arange(1000000000)*x[0]",
        "linspace(0, x[0], 1000000000)",
        "tile(x, 500000000)",
        "repeat(x, 500000000)",
        "broadcast_to(x, (500000000, 2))^2",
        "outer(arange(100000), arange(10000))*x[0]",
        "kron(ones(10000, 1), ones(100000, 1))*x[0]",
    ],
)
def test_a_billion_elements_are_told_before_memory_is_asked_for(monkeypatch, text):
    """A billion doubles take 8 GB."""
    monkeypatch.setattr(sizes, "_free", lambda: 1e9)
    with pytest.raises(BackpropError, match=r"8 GB.* this machine has 1 GB free"):
        bp.gradient(f"sum({text})", x=[1, 2])


@pytest.mark.slow
@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("text", "shapes", "held"),
    [
        ("x[t[0]]^2", "x=3; t=2", "t = [0,1]"),
        ("x[t[1]]^2", "x=n; t=m", "t = [0,1]"),
        ("x[t - 1]^2", "x=n", "t = 0"),
        ("one_hot(t - 1, 3)@x", "x=3", "t = 1"),  # the first class is 0
        ("sum(x[t + 2]^2)", "x=3; t=2", "t = [0,0]"),
    ],
)
def test_places_that_are_computed_are_there_where_shapes_alone_are_given(text, shapes, held):
    """By hand: which whole numbers leave the places inside of the array."""
    found = bp.compare(text, text, shapes=shapes)
    assert any(one == held for one in found.assumptions)
