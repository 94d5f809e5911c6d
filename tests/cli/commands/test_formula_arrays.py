"""backprop formula with arrays: shapes as an option, what is printed, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.__main__ import dispatch
from backpropcli.errors import BackpropError
from tests.each import for_each

LOSS = "mean((X@w + b - y)^2)"
SHAPES = ["--shape", "X=n,d; w=d; y=n"]


def ran(capsys, *words):
    code = dispatch(["formula", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_formula_has_letters_for_sizes(capsys):
    assert ran(capsys, LOSS, "--wrt", "w", *SHAPES) == (0, "2/n*X.T@(X@w + b - y)\n", "")


def test_shapes_may_be_in_several_options(capsys):
    words = [LOSS, "--wrt", "w", "--shape", "X=n,d", "--shape", "w=d; y=n"]
    assert ran(capsys, *words) == (0, "2/n*X.T@(X@w + b - y)\n", "")


def test_values_have_shapes(capsys):
    values = ["X=[[1,2],[3,4],[5,6]]", "w=[0.1,0.2]", "b=0.3", "y=[1,2,3]"]
    assert ran(capsys, LOSS, *values) == (
        0,
        (
            "z1 = X@w + b - y\n"
            "d_dX = 2/3*outer(z1, w)\n"
            "d_dw = 2/3*X.T@z1\n"
            "d_db = 2*mean(z1)\n"
            "d_dy = -2/3*z1\n"
            "outputs: d_dX, d_dw, d_db, d_dy\n"
        ),
        "",
    )


def test_a_jacobian_is_told_as_one(capsys):
    code, out, _ = ran(capsys, "A@x", "--wrt", "x", "--shape", "A=n,d; x=d")
    assert (code, out) == (0, "A  # the Jacobian, n x d\n")
    code, out, _ = ran(capsys, "x/norm(x)", "--shape", "x=n")
    assert out.endswith("  # the Jacobian, n x n, where norm(x) != 0\n")


def test_json_has_shapes(capsys):
    code, out, _ = ran(capsys, LOSS, "--wrt", "w,b", *SHAPES, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["formula"] == [["2/n*X.T@(X@w + b - y)", "2*mean(X@w + b - y)"]]
    assert found["shapes"] == {
        "variables": {"w": ["d"], "b": []},
        "formula": [{"w": ["d"], "b": []}],
    }


@for_each(
    "words, told",
    [
        ([LOSS, "--shape", "X=n,d; w=n; y=n"], ["d is not n", "from --shape", "^^^"]),
        ([LOSS], ["does not fit", "what has no shape is a number: X, w, b, y"]),
        ([LOSS, "--shape", "X=n,2.5"], ["'2.5' is no size", "  X=n,2.5\n      ^^^"]),
        (["mean(x)", "--shape", "x=0"], ["x is empty (0)", "  x=0\n  ^", "at least one element"]),
        (["max(x)", "--shape", "c=2; x=n,0"], ["x is empty (n x 0)", "  c=2; x=n,0\n       ^"]),
        (["sum(x^2)"], ["sum(x^2) is of a number", "--shape 'x=n'"]),
        (["A@B", "--shape", "A=n,d; B=d,k"], ["the output is a matrix (n x k)", "sum(G*(...))"]),
        ([LOSS, *SHAPES, "--simplify"], ["formulas of numbers"]),
        ([LOSS, *SHAPES, "--cost"], ["d and n are letters"]),
        ([LOSS, *SHAPES, "--wrt", "n"], ["n is a size here"]),
    ],
)
def test_what_is_refused_says_what_to_do(words, told):
    with pytest.raises(BackpropError) as caught:
        dispatch(["formula", *words])
    for text in told:
        assert text in caught.value.render()


def test_a_formula_that_goes_by_ranks_says_that_elements_differ(capsys):
    """At [1, 1] it gives [4, 4]; the derivative of sum(sort(x)^2), which is sum(x^2), is 2*x."""
    where = "  # where x has no equal elements\n"
    code, out, _ = ran(capsys, "sum(sort(x)^2)", "--shape", "x=n")
    assert (code, out.endswith(where)) == (0, True)
    code, out, _ = ran(capsys, "sum(sort(X, axis=0)*c)", "--shape", "X=n,m; c=m", "--wrt", "X")
    assert (code, out.endswith(where.replace("x", "X"))) == (0, True)
    code, out, _ = ran(capsys, "sum(sort(x)*c)", "--shape", "x=n; c=n", "--wrt", "c")
    assert (code, out) == (0, "sort(x)\n")


POINT = {"x": np.ones(3), "X": np.ones((3, 2)), "A": np.ones((4, 3)), "c": 0.5}
SIZES = {"n": 3.0, "d": 2.0, "m": 4.0}


@pytest.mark.parametrize(
    ("text", "by", "shapes", "again"),
    [
        ("mean(x)", "x", "x=n", "1/n*ones(n)"),
        ("trace(A.T@A)/n", "A", "A=m,n", "2/n*A"),
        ("sum((X + zeros(n, d))^2)", "X", "X=n,d", "2*(X + zeros((n, d)))"),
        ("sum(A@x)", "A", "A=m,n; x=n", "outer(ones(m), x)"),
        ("sum(full((n,), c)*x)", "x", "x=n", "broadcast_to(c, n)"),
        ("sum(eye(n)@x)", "x", "x=n", "ones(n)"),
        (
            "prod(X)",
            "X",
            "X=n,d",
            "reshape(prod(where(eye(d*n), 1, reshape(X, -1)), axis=-1), (n, d))",
        ),
    ],
)
def test_letters_of_shapes_are_sizes_that_are_read_back(text, by, shapes, again):
    """A formula is a program: where numbers have the letters' names, it has the right shape."""
    assert bp.formula(text, wrt=by, shapes=shapes).gradient == {by: again}
    names = [*bp.parse(again, SIZES).variables]
    given = {name: POINT[name] for name in names if name in POINT}
    assert np.shape(bp.value(again, given, **SIZES)) == POINT[by].shape


@pytest.mark.parametrize(
    ("text", "matrix"),
    [
        ("x[1:] - x[:-1]", [[-1, 1, 0], [0, -1, 1]]),
        ("pad(x, 1)", np.eye(5)[:, 1:-1]),
        ("tile(x, 2)", np.tile(np.eye(3), (2, 1))),
    ],
)
def test_sizes_may_be_sums_and_products_of_letters(text, matrix):
    """The Jacobians by hand: of differences, of zeros around, and of two copies."""
    formula = bp.formula(text, shapes="x=n").gradient["x"]
    assert bp.value(formula, n=3).tolist() == np.array(matrix).tolist()


def test_a_letter_that_is_also_a_name_is_told():
    found = bp.formula("2/n*x@x", shapes="x=n")
    assert found.gradient == {"x": "4/n*x"}
    assert found.warnings == ["n is a size here, as the shapes say"]


def test_a_size_of_a_number_that_was_given_moves_nothing(backprop):
    told = backprop("sum(ones(n)*x)/n", "n=3", "x=[1,2,3]", "--quiet")
    assert told == "x\t[0.3333333333333333, 0.3333333333333333, 0.3333333333333333]\n"
    with pytest.raises(BackpropError, match="n is a size here"):
        bp.gradient("sum(ones(n)*x)/n", n=3, x=[1, 2, 3], wrt="n")


def test_a_slice_by_a_letter_that_no_size_has_says_how_to_give_it_one():
    """The hint, when followed, runs: x=k+m has a formula in tests/modes/formula."""
    with pytest.raises(bp.SourceError) as found:
        bp.formula("mean(x[:k])", shapes={"x": "n"})
    assert "or write a size with k in a shape, as in k+m" in found.value.hint
