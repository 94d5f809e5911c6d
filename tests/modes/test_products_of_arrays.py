"""JVP, VJP and HVP of whole arrays.

The program written out in numbers is another way to the same: there each element has an operation
of its own, and derivatives come from the rules of numbers alone.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.calculus import transpose
from backpropcli.calculus.bindings import Point
from backpropcli.language.parse import parse
from backpropcli.modes.hvp import hvp
from backpropcli.modes.jvp import jvp
from backpropcli.modes.vjp import vjp
from backpropcli.render.layout.lines import Options
from backpropcli.render.results.products import hvp_lines, jvp_lines, vjp_lines
from backpropcli.report.local.partials import local
from backpropcli.report.local.texts import formula

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
WHOLE = [
    "X@x",
    "X@W",
    "A@A",
    "x@y",
    "sum(X,axis=0)",
    "sum(X)",
    "X.T",
    "X[0]",
    "X[1:3,::-1]",
    "softmax(x)",
    "softmax(X,axis=0)",
    "log_softmax(x)",
    "logsumexp(X,axis=1)",
    "norm(x)",
    "norm(X,axis=1)",
    "inv(S)",
    "solve(S,x)",
    "det(A)",
    "logdet(S)",
    "cholesky(S)",
    "max(X,axis=0)",
    "prod(x)",
    "prod(X,axis=0)",
    "cumsum(X,axis=0)",
    "cumprod(x)",
    "sort(x)",
    "topk(x,2)",
    "outer(x,y)",
    "cross(x,y)",
    "kron(A,W)",
    "dot(x,y)",
    "concat(x,y)",
    "concat(X,A,axis=0)",
    "stack(x,y)",
    "[c,2*c,x[0]]",
    "reshape(X,6,2)",
    'einsum("ij,jk->ik",X,W)',
    'einsum("ii->i",A)',
    'einsum("...i,i->...",X,x)',
    "trace(A)",
    "diag(x)",
    "diag(A)",
    "tril(A)",
    "flip(X,axis=1)",
    "roll(x,1)",
    "tile(x,2)",
    "repeat(x,2)",
    "pad(x,1)",
    "X[:,None]",
    "split(x,3)[1]",
    "swapaxes(X,0,1)",
    "gather(X,[[0],[1],[2],[0]],axis=1)",
    "logcumsumexp(x)",
    "solve_triangular(cholesky(S),x)",
]
OTHERS = [
    "tanh(X@W)",
    "mean(X,axis=1)",
    "var(x)",
    "std(X,axis=0)",
    "where(x>0,x^2,y)",
    "relu(X)",
    "max(x,y)",
    "abs(x)*y",
    "x*c+y",
    "x/c",
    "X*x",
    "X+x",
    "exp(-x^2)",
    "mse(x,y)",
    "cross_entropy(X,[0,2,1,1])",
    "attention(X,X,X)",
    "one_hot(1,3)*x",
    "normalize(x)",
    "swiglu(x,A,A)",
    "sg(x)*y",
    "(X@W,x*c)",
]
NARROW = Options(6, 80, 100, fitted=True)


def at(program):
    return {name: POINT[name] for name in program.variables}


def drawn(shape):
    return np.asarray(RANDOM.normal(size=shape)) if shape else 0.3


@pytest.mark.sampled(3)
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


@pytest.mark.sampled(3)
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
        read = parse(rule.removesuffix(" for each element"), helpers=True)
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
    assert (verdict.verdict, verdict.tier) == ("agrees", "along the direction")
    wrong = bp.jvp(text.replace("= adjoint@", "= 2*adjoint@"), X=[[1]], W=[[3]], along={"X": 1})
    assert bp.verdict(wrong).reason.startswith("the rule of f sends ")


def test_what_is_not_finite_has_its_element_named():
    """By hand: the square root has an infinite slope at 0."""
    found = bp.jvp("sqrt(x)*y", x=[1, 0], y=2, along={"x": 1})
    assert found.products == [1, float("inf")]
    [cause] = found.point.causes
    assert (cause.index, cause.reason) == (
        (1,),
        "the derivative of sqrt(x)[1] along the direction is infinite here",
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "given", "tier"),
    [
        ("jvp", {"along": {"w": 1}}, "along the direction"),
        ("vjp", {"weights": {"tanh(X@w)": 1}}, "along directions"),
    ],
)
def test_what_is_too_large_for_numbers_is_held_against_differences(mode, given, tier):
    point = {"X": drawn((300, 20)), "w": drawn((20,))}
    verdict = bp.verdict(getattr(bp, mode)("tanh(X@w)", point, **given))
    assert (verdict.verdict, verdict.tier) == ("agrees", tier)


def test_a_tangent_that_is_wrong_is_found(monkeypatch):
    """What goes forward through an operation on whole arrays is doubled; the values are not."""

    def doubled(arrays, pull):
        forth = transpose.transposed.__wrapped__(arrays, pull)
        return lambda given, partial: forth(arrays.mul(given, 2.0), partial)

    doubled.__wrapped__ = transpose.transposed
    monkeypatch.setattr(transpose, "transposed", doubled)
    point = {"X": drawn((300, 20)), "w": drawn((20,))}
    verdict = bp.verdict(bp.jvp("X@w", point, along={"w": 1}))
    assert verdict.verdict == "disagrees"
    assert verdict.reason.startswith("the tangent of (X@w)[0] is ")


def test_a_float_that_is_wrong_is_told():
    found = bp.jvp("tanh(X@w)", {"X": drawn((300, 20)), "w": drawn((20,))}, along={"w": 1})
    wrong = found.tangents["tanh(X@w)"].copy()
    wrong[7] *= 2
    found.tangents["tanh(X@w)"] = wrong
    verdict = bp.verdict(found)
    assert verdict.verdict == "inconclusive"
    assert verdict.tallies[0].worst == (7,)


@pytest.mark.slow
def test_a_kink_in_arrays_too_large_for_numbers_leaves_it_open():
    """By hand: abs has no derivative at 0."""
    x = drawn((6_000,))
    x[17] = 0.0
    verdict = bp.verdict(bp.jvp("abs(x)", x=x, along={"x": 1}))
    assert (verdict.verdict, verdict.reason[:12]) == ("inconclusive", "abs(x) has a")


@pytest.mark.parametrize(
    ("text", "point", "along"),
    [
        ("hypot(x, y)^2", {"x": 0, "y": 0}, {"x": 1, "y": 1}),
        ("norm(x)^2", {"x": [0, 0]}, {"x": [1, 1]}),
        ("norm(x)*x[0]", {"x": [0, 0]}, {"x": [1, 2]}),
        ("norm(x, ord=3)^2", {"x": [0, 0]}, {"x": [1, 2]}),
        ("norm(x, ord=inf)^2", {"x": [0, 0]}, {"x": [1, 2]}),
        ("std(x)^2", {"x": [1, 1]}, {"x": [1, 2]}),
    ],
)
def test_a_distance_of_nothing_passes_0_on(text, point, along):
    """By hand: along a line each is a multiple of t^2, or of t*abs(t), of slope 0 at t = 0."""
    found = bp.jvp(text, point, along=along)
    assert found.products == [0]
    assert bp.verdict(found).verdict == "agrees"


def test_each_output_is_held_against_differences():
    """By hand: along a = 1 and b = 1 the products are 2*(1 + 2) and 2*3."""
    found = bp.jvp("(a@a, b^2)", a=[1, 2], b=3, along={"a": 1, "b": 1})
    assert found.products == [6, 6]
    assert bp.verdict(found).verdict == "agrees"


@pytest.mark.slow
def test_digits_that_rounding_costs_are_told_and_no_fault_of_the_passes():
    """By hand: (1 - cos(x))/x^2 is 1/2 - x^2/24 + ..., of slope -x/12."""
    text, x = "(1 - cos(x))/x^2", [1e-9, *POINT["x"]]
    for found in (bp.jvp(text, x=x, along={"x": 1}), bp.vjp(text, x=x, weights={text: 1})):
        verdict = bp.verdict(found)
        assert verdict.verdict == "agrees"
        worst = verdict.entries[0]
        assert worst.label in {f"tangent of ({text})[0]", "cotangent of x[0]"}
        assert float(worst.truth) == pytest.approx(-1e-9 / 12, rel=1e-9)


def test_a_small_tangent_is_held_against_differences_of_its_size():
    """By hand: (e + 1)*1e-200."""
    found = bp.jvp("sum(exp(a)*1e-200)", a=[1, 0], along={"a": 1})
    assert found.products == pytest.approx([(math.e + 1) * 1e-200])
    assert bp.verdict(found).verdict == "agrees"


def test_a_tangent_that_overflows_is_told_as_that():
    found = bp.jvp("x + y", x=[1, 2], y=[1, 2], along={"x": 1e308, "y": [1e308, 0]})
    assert [cause.reason for cause in found.point.causes] == [
        "the tangent of (x + y)[0] overflows here"
    ]


def test_a_cotangent_that_no_number_of_the_format_holds_is_refused():
    """float16 ends at 65504."""
    point = Point({"x": np.array([1.0, 2.0])}, {})
    point.dtype = "float16"
    with pytest.raises(bp.BackpropError, match=r"the cotangent of x\^2 is too large for float16"):
        vjp(parse("x^2"), point, {"x^2": np.array([1e5, 1])})


@pytest.mark.parametrize("choice", ["left", "right", "zero", "even"])
def test_steps_of_a_tie_have_a_line_for_each_choice(choice):
    found = bp.jvp("max(x, y)", x=[0, 1], y=[0, 2], along={"x": 1}, at_kinks=choice)
    assert jvp_lines(found, "steps", NARROW)


@pytest.mark.slow
def test_outputs_of_one_text_are_each_told():
    """By hand: 2*x moves by 2, and the Hessian of sum(x^2) is 2 on the diagonal."""
    found = bp.jvp("(x*2, x*2)", x=[1, 2], along={"x": 1})
    assert [value for _, value in found.rows()] == [2, 2, 2, 2]
    assert bp.verdict(found).verdict == "agrees"
    product = bp.hvp("(sum(x^2), sum(x^2))", x=[1, 2], along={"x": 1})
    assert [value for _, value in product.rows()] == [2, 2, 2, 2]
    assert bp.verdict(product).verdict == "agrees"
