"""JVP, VJP and HVP of whole arrays.

The program written out in numbers is another way to the same: there each element has an operation
of its own, and derivatives come from the rules of numbers alone.
"""

from __future__ import annotations

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.language.parse import parse
from backpropcli.modes.hvp import hvp
from backpropcli.modes.products import jvp, vjp
from backpropcli.render.lines import Options
from backpropcli.render.products import hvp_lines, jvp_lines, vjp_lines
from backpropcli.report.elements.local import formula
from backpropcli.report.partials import local

RANDOM = np.random.default_rng(1)
S = RANDOM.normal(size=(3, 3))
POINT = {
    "x": RANDOM.normal(size=3),
    "y": RANDOM.normal(size=3),
    "A": RANDOM.normal(size=(3, 3)),
    "X": RANDOM.normal(size=(4, 3)),
    "W": RANDOM.normal(size=(3, 2)),
    "S": S @ S.T + 3 * np.eye(3),
    "c": 0.7,
}
WHOLE = """
X@x X@W A@A x@y sum(X,axis=0) sum(X) X.T X[0] X[1:3,::-1] softmax(x) softmax(X,axis=0)
log_softmax(x) logsumexp(X,axis=1) norm(x) norm(X,axis=1) inv(S) solve(S,x) det(A) logdet(S)
cholesky(S) max(X,axis=0) prod(x) prod(X,axis=0) cumsum(X,axis=0) cumprod(x) sort(x) topk(x,2)
outer(x,y) cross(x,y) kron(A,W) dot(x,y) concat(x,y) concat(X,A,axis=0) stack(x,y) [c,2*c,x[0]]
reshape(X,6,2) einsum("ij,jk->ik",X,W) einsum("ii->i",A) trace(A) diag(x) diag(A) tril(A)
flip(X,axis=1) roll(x,1) tile(x,2) repeat(x,2) pad(x,1) X[:,None] split(x,3)[1] swapaxes(X,0,1)
gather(X,[[0],[1],[2],[0]],axis=1) logcumsumexp(x) solve_triangular(cholesky(S),x)
""".split()
OTHERS = """
tanh(X@W) mean(X,axis=1) var(x) std(X,axis=0) where(x>0,x^2,y) relu(X) max(x,y) abs(x)*y x*c+y x/c
X*x X+x exp(-x^2) mse(x,y) cross_entropy(X,[0,2,1,1]) attention(X,X,X) one_hot(1,3)*x normalize(x)
swiglu(x,A,A) sg(x)*y (X@W,x*c)
""".split()
NARROW = Options(6, 80, 100, fitted=True)


def at(program):
    return {name: POINT[name] for name in program.variables}


def drawn(shape):
    return np.asarray(RANDOM.normal(size=shape)) if shape else 0.3


@pytest.mark.parametrize("text", [*WHOLE, *OTHERS])
def test_products_are_those_of_the_program_in_numbers(text):
    program = parse(text)
    point = at(program)
    direction = {name: drawn(np.shape(value)) for name, value in point.items()}
    forward = jvp(program, point, direction)
    numbers = forward.written_out()
    assert forward.outputs == numbers.outputs
    assert forward.products == pytest.approx(numbers.products, rel=1e-9, abs=1e-11)
    weights = {name: drawn(shape) for name, shape in forward.shapes["outputs"].items()}
    back = vjp(program, point, weights)
    numbers = back.written_out()
    assert back.variables == numbers.variables
    assert back.products == pytest.approx(numbers.products, rel=1e-9, abs=1e-11)
    for view in ("all", "table", "steps"):
        assert jvp_lines(forward, view, NARROW)
        assert vjp_lines(back, view, NARROW)


@pytest.mark.parametrize("text", [*WHOLE, *OTHERS[:-1]])
def test_a_product_with_the_hessian_is_that_of_the_program_in_numbers(text):
    program = parse(f"sum(({text})^2*(1 + c^2))")
    point = at(program)
    direction = {name: drawn(np.shape(value)) for name, value in point.items()}
    found = hvp(program, point, direction)
    [ours], [numbers] = found.products, found.written_out().products
    assert ours == pytest.approx(numbers, rel=1e-8, abs=1e-9)
    assert hvp_lines(found, NARROW)


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_shown_of_an_edge_is_what_goes_along_it(text):
    """The rule that the tree shows is read back, and run with g, the tangent of the input."""
    program = parse(text)
    point = at(program)
    direction = {name: drawn(np.shape(value)) for name, value in point.items()}
    view = jvp(program, point, direction).point.view
    edges = [edge for edge in view.edges(view.root) if edge.contribution is not None]
    assert edges
    for edge in edges:
        found = local(view, view.root, edge)
        if found is None or not found.rule:
            continue
        rule = formula(found, lambda node: f"n{node}")
        known = {f"n{node}": value for node, value in enumerate(view.values)}
        known["g"] = view.adjoints[edge.input]
        read = parse(rule.removesuffix(" for each element"))
        given = {name: known[name] for name in read.variables}
        shown = jvp(read, given, dict.fromkeys(given, 0.0)).values
        there = np.broadcast_to(edge.contribution, np.shape(view.values[view.root]))
        here = np.broadcast_to(np.reshape(shown, np.shape(shown) and -1), there.size)
        assert here == pytest.approx(there.ravel(), rel=1e-9, abs=1e-12), rule


def test_tangents_pass_a_branch_that_is_not_taken():
    """By hand: the derivative of the square root at 4 is 1/4."""
    found = bp.jvp("where(x > 0, sqrt(x), 0)", x=[-1, 0, 4], along={"x": 1})
    assert found.products == [0, 0, 0.25]


def test_a_rule_that_maps_an_adjoint_goes_forward_too():
    """By hand: the tangent of X@W is dX@W + X@dW."""
    text = "def f(x, w) = x@w; rule f(x, w) = adjoint@w.T, x.T@adjoint; f(X, W)"
    found = bp.jvp(text, X=[[1, 2]], W=[[3], [4]], along={"X": [[5, 6]], "W": [[7], [8]]})
    assert found.products == [5 * 3 + 6 * 4 + 7 * 1 + 8 * 2]
    verdict = bp.verdict(found)
    assert verdict.verdict == "inconclusive"
    assert "so it has no derivatives by elements" in verdict.reason


def test_what_is_not_finite_has_its_element_named():
    """By hand: the square root has an infinite slope at 0."""
    found = bp.jvp("sqrt(x)*y", x=[1, 0], y=2, along={"x": 1})
    assert found.products == [1, float("inf")]
    [cause] = found.point.causes
    assert (cause.index, cause.reason) == (
        (1,),
        "the derivative of sqrt(x)[1] along the direction is infinite here",
    )


def test_a_program_too_large_for_numbers_has_products_and_no_verdict():
    """By hand: the tangent of the mean of all elements, if each moves by 1, is 1."""
    found = bp.jvp("mean(X*X)/2", X=np.ones((600, 400)), along={"X": 1})
    assert found.products == pytest.approx([1])
    verdict = bp.verdict(found)
    assert verdict.verdict == "inconclusive"
    assert verdict.reason.startswith("it cannot be checked number by number: ")


def test_wrong_products_of_arrays_disagree():
    found = bp.jvp("tanh(X@w)", X=[[1, 2]], w=[0.5, 0.25], along={"w": [1, 0]})
    assert bp.verdict(found).verdict == "agrees"
    found = bp.jvp("tanh(X@w)", X=[[1, 2]], w=[0.5, 0.25], along={"w": [1, 0]})
    found.products = [found.products[0] * (1 + 1e-6)]
    assert bp.verdict(found).entries[0].digits < 7
