r"""LaTeX of arrays: the notation of books on matrix calculus, and nothing that reads two ways.

The expected texts were compiled with KaTeX 0.16 and looked at; in all of them, and in those of the
table of programs, it found no error.
"""

from __future__ import annotations

import numpy as np
import pytest

from backpropcli import formula
from backpropcli.language.parse import parse
from backpropcli.modes.formula import formulas
from backpropcli.render.latex import chain, derivatives
from tests.arrays.programs import points
from tests.each import for_each
from tests.modes.formula.test_arrays import scalar
from tests.render.latex.test_latex import assert_balanced

CASES = [
    ("sum((X@w)^2)", "w", "X=n,d; w=d", r"2\,X^\top\,\left(X\,w\right)"),
    ("mean((X@w - y)^2)", "w", "X=n,d; w=d; y=n", r"\frac{2}{n}\,X^\top\,\left(X\,w - y\right)"),
    ("sum(Y*tanh(X@W))", "W", "X=n,d; W=d,k; Y=n,k",
     r"X^\top\,\left(Y \odot \left(1 - \tanh\left(X\,W\right)^{\odot 2}\right)\right)"),
    ("logdet(X)", "X", "X=n,n", r"X^{-\top}"),
    ("trace(inv(X)@B)", "X", "X=n,n; B=n,n", r"-X^{-\top}\,B^\top\,X^{-\top}"),
    ("norm(x - a)", "x", "x=n; a=n",
     (r"\frac{x - a}{\left\lVert x - a\right\rVert_{2}} \quad \text{where } "
     r"\left\lVert x - a\right\rVert_{2} \ne 0")),
    ("norm(X)", "X", "X=n,m",
     (r"\frac{X}{\left\lVert X\right\rVert_{F}} \quad \text{where } "
     r"\left\lVert X\right\rVert_{F} \ne 0")),
    ("det(X)", "X", "X=n,n",
     r"\det\left(X\right)\,X^{-\top} \quad \text{where } \det\left(X\right) \ne 0"),
    ("sum(X)", "X", "X=3,2", r"\mathbf{1}_{3 \times 2}"),
    ("trace(X)", "X", "X=n,n", r"I_{n}"),
    ("x@A@y", "A", "x=n; A=n,m; y=m", r"x\,y^\top"),
    ("sum(Y*(X@W + b))", "b", "Y=4,2; X=4,3; W=3,2; b=2", r"\sum_{i} Y_{i,:}"),
    ("c*sum(X)", "c", "X=4,2", r"\sum_{i,j} X_{i,j}"),
    ("c*(x@y)", "c", "x=n; y=n", r"x^\top y"),
    ("c*sum(x/y)", "x", "x=n; y=n", r"c \oslash y"),
    ("diag(x)@y@y", "x", "x=n; y=n", r"y^{\odot 2}"),
    ("y@solve(K, y)", "y", "K=n,n; y=n", r"K^{-\top}\,y + K^{-1}\,y"),
    ("c*(x@solve(K.T, y))", "c", "x=n; y=n; K=n,n", r"x^\top \left(K^{-\top}\,y\right)"),
    ("c*(x@solve(transpose(K, (0, 1)), y))", "c", "x=n; y=n; K=n,n",
     (r"x^\top \left(\operatorname{transpose}\left(K,\,\mathrm{axes}=(0,1)\right)^{-1}"
      r"\,y\right)")),
    ("c*x[0]*x[1]", "c", "x=3", r"x_{0}\,x_{1}"),
    ("c*([[1, 2], [3, a]]@x)@x", "c", "x=2",
     r"x^\top \left(\begin{pmatrix} 1 & 2 \\ 3 & a \end{pmatrix}\,x\right)"),
    ("sum(roll(x, 1)*y)", "x", "x=3; y=3",
     r"\operatorname{roll}\left(y,\,\mathrm{shift}=-1\right)"),
    ("sum(x*arange(1, n + 1))", "x", "x=n", r"\operatorname{arange}\left(1,\,n+1\right)"),
    ("sum(concat(x, y)^2)", "x", "x=n; y=m",
     r"2\,\operatorname{concat}\left(x,\,y\right)_{:n}"),
    ("softmax(z)", "z", "z=n",
     (r"\operatorname{diag}\left(\operatorname{softmax}\left(z\right)\right) - "
     r"\operatorname{softmax}\left(z\right)\,\operatorname{softmax}\left(z\right)^\top")),
]  # fmt: skip


@for_each("text, by, sizes, expected", CASES)
def test_formulas_are_written_as_in_books(text, by, sizes, expected):
    found = derivatives(formula(text, wrt=by, shapes=sizes))
    assert found.split("= ")[-1].removesuffix("\n\\end{aligned}") == expected


def test_what_has_an_index_already_gets_parentheses():
    sizes = "Y_1=4,2; X=4,3; W=3,2; b=2"
    found = derivatives(formula("sum(Y_1*(X@W + b))", wrt="b", shapes=sizes))
    assert r"\sum_{i} \left(Y_1\right)_{i,:}" in found
    assert r"\left(I_{5}\right)_{:,1:-1}" in derivatives(formula("pad(x, 1)", shapes="x=3"))


def test_the_chain_rule_has_what_each_adjoint_is():
    found = chain(formula("h = tanh(X@W + b); sum(h^2)", shapes="X=n,d; W=d,k; b=k"))
    lines = found.split("\n")
    assert r"\frac{\partial L}{\partial W} &= X^\top\,\frac{\partial L}{\partial z_2} \\" in lines
    assert r"\partial z_1}{\partial W}" not in found


@pytest.mark.slow
@for_each("text, point", points())
def test_every_operation_is_written_and_balanced(text, point):
    text, point = scalar(text, point, "G", np.random.default_rng(0))
    sizes = {name: np.shape(one) for name, one in point.items()}
    found = formulas(parse(text, list(point)), (), sizes)
    for written in (derivatives(found), chain(found)):
        assert_balanced(written)
