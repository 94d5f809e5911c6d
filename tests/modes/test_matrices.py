"""Matrices and series by sweeps over whole arrays, beside those of the program in numbers."""

from __future__ import annotations

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.calculus import elements
from backpropcli.errors import BackpropError
from backpropcli.modes import hessian as mode

pytestmark = pytest.mark.usefixtures("here")

RANDOM = np.random.default_rng(3)
W, X = RANDOM.normal(size=(2, 9)), RANDOM.normal(size=(3, 3))
TEXTS = ["c^2*sum(tanh(W@x)^2)", "logdet(X.T@X + c*eye(3))", "sum(softmax(x)*W[0])/c", "norm(x)*c"]


def point(text):
    known = {"W": W, "X": X, "x": W[1], "c": 0.7}
    return {name: known[name] for name in ("W", "X", "x", "c") if name in text.replace("max", "")}


@pytest.fixture
def all_large(monkeypatch):
    """Let all Hessians of arrays be large ones."""
    monkeypatch.setattr(mode, "MOST_EIGENVALUES", 0)


@pytest.mark.sampled(4)
@pytest.mark.usefixtures("all_large")
@pytest.mark.parametrize("text", TEXTS)
def test_columns_are_those_of_the_program_in_numbers(text):
    wrt = [name for name in point(text) if name != "W"]
    found = bp.hessian(text, point(text), wrt=wrt)
    assert found.sweeping is not None
    numbers = bp.hessian(found.point.program, found.point.bindings, wrt=found.variables)
    assert numbers.sweeping is None
    assert np.array(found.matrix) == pytest.approx(np.array(numbers.matrix), rel=1e-9, abs=1e-11)
    assert found.as_dict()["pattern"] == numbers.as_dict()["pattern"]


@pytest.mark.slow
def test_a_large_hessian_is_checked_along_a_direction():
    """By hand: all entries of the Hessian of sum(x)^4 are 12*sum(x)^2."""
    x = RANDOM.normal(size=80)
    found = bp.hessian("sum(x)^4", x=x)
    assert found.sweeping is not None
    assert np.array(found.matrix) == pytest.approx(np.full((80, 80), 12 * sum(x) ** 2), rel=1e-12)
    assert bp.verdict(found).verdict == "agrees"
    found.matrix[3][3] *= 1.01
    assert bp.verdict(found).reason.startswith("the Hessian times a random direction, and")


@pytest.mark.usefixtures("all_large")
@pytest.mark.parametrize(("text", "at"), [("sum(abs(x)*x)", 0.0), ("sum(log(x))", 0.0)])
def test_a_kink_or_a_pole_is_looked_at_in_numbers(text, at):
    found = bp.hessian(text, x=[at, 1.0, 2.0])
    assert found.sweeping is None
    assert found.point.kinks or found.point.causes


def test_eigenvectors_that_are_not_found_are_told():
    found = bp.hessian("sum(x^4)", x=np.ones(61), eigenvectors=True)
    assert found.point.lowered.warnings == [
        "eigenvalues and eigenvectors are found of 60 rows at most"
    ]


def test_few_colours_take_fewer_sweeps():
    """A chain of any length has three colours (Coleman and More, 1984)."""
    found = bp.hessian("sum(x[1:]*x[:-1])", x=np.ones(70))
    assert (found.sweeping, found.each[0].sweeps) == (None, 3)


@pytest.mark.slow
def test_digits_are_those_of_sweeps_over_numbers():
    """By hand: the sum of 0, 1, ..., 60 is 1830, and 12 times its square 40186800."""
    found = bp.hessian("sum(x)^4", x=np.arange(61.0))
    assert found.sweeping is not None
    assert bp.digits(found, 20, 60).matrix[1][0].text == "40186800"


@pytest.fixture
def none_in_numbers(monkeypatch):
    """Let no program of arrays be written out in numbers."""
    monkeypatch.setattr(elements, "MOST", 2)


LOSS = "mean((tanh(X@w) - y)^2)"
DATA = {"X": RANDOM.normal(size=(6, 3)), "w": RANDOM.normal(size=3), "y": RANDOM.normal(size=6)}
WHERE = ("sum(where(x > 0, sqrt(x), 0))", {"x": np.array([-1.0, 0.0, 4.0])}, "x")


def in_numbers(function, text, at, **options):
    """Return what there is by the program written out in numbers."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(elements, "MOST", 200_000)
        return function(text, at, **options)


@pytest.mark.slow
@pytest.mark.usefixtures("none_in_numbers")
@pytest.mark.parametrize(
    ("text", "at", "wrt"),
    [(LOSS, DATA, "w"), (LOSS, DATA, ["w", "y"]), ("logdet(X.T@X)", {"X": DATA["X"]}, "X"), WHERE],
)
def test_a_hessian_of_whole_arrays_is_that_of_numbers(text, at, wrt):
    found = bp.hessian(text, at, wrt=wrt)
    numbers = in_numbers(bp.hessian, text, at, wrt=wrt)
    assert found.point.arrays
    assert not numbers.point.arrays
    assert np.array(found.matrix) == pytest.approx(np.array(numbers.matrix), rel=1e-9, abs=1e-12)
    mine, theirs = found.as_dict(), numbers.as_dict()
    assert mine["gradient"] == pytest.approx(theirs["gradient"], rel=1e-12)
    assert (mine["variables"], mine["shapes"]) == (theirs["variables"], theirs["shapes"])


@pytest.mark.usefixtures("none_in_numbers")
@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(
    ("text", "at", "wrt"),
    [
        ("tanh(X@w)", DATA, ["w"]),
        ("a = X@w; outputs: a, sum(a^2), w, softmax(y)", DATA, ["w", "y"]),
        (WHERE[0][4:-1], *WHERE[1:]),
    ],
)
def test_a_jacobian_of_whole_arrays_is_that_of_numbers(mode, text, at, wrt):
    used = {name: value for name, value in at.items() if name in text}
    found = bp.jacobian(text, used, wrt=wrt, mode=mode)
    numbers = in_numbers(bp.jacobian, text, used, wrt=wrt)
    assert found.point.arrays
    assert np.array(found.matrix) == pytest.approx(np.array(numbers.matrix), rel=1e-9, abs=1e-12)
    mine, theirs = found.as_dict(), numbers.as_dict()
    assert (mine["variables"], mine["outputs"]) == (theirs["variables"], theirs["outputs"])
    assert all({*few} <= {*many} for few, many in zip(numbers.pattern, found.pattern, strict=True))


@pytest.mark.usefixtures("none_in_numbers")
def test_a_matrix_of_whole_arrays_is_checked_along_a_direction():
    hessian, jacobian = bp.hessian(LOSS, DATA, wrt="w"), bp.jacobian("X@w*y", DATA, wrt="w")
    for found, kind in ((hessian, "Hessian"), (jacobian, "Jacobian")):
        assert bp.verdict(found).verdict == "agrees"
        found.matrix[1][1] += 0.01
        assert bp.verdict(found).reason.startswith(f"the {kind} times a random direction, and")


@pytest.mark.usefixtures("none_in_numbers")
@pytest.mark.parametrize("text", ["mean(relu(X@w))", "mean(abs(X@w))", "mean(floor(X@w)*w[0]^2)"])
def test_no_hessian_of_whole_arrays_agrees_at_a_kink(text):
    at = {"X": np.array([[1.0, 1, 3], [1, 2, 5]]), "w": np.array([1.0, -1, 0])}
    found = bp.hessian(text, at, wrt="w")
    assert bp.verdict(found).verdict == "inconclusive"
    assert found.curvature.kind == "not classified: a part has a kink here"


RULED = "def f(x, W) = x@W.T; rule f(x, W) = {}adjoint@W, adjoint.T@x; "


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_rule_that_maps_an_adjoint_has_a_jacobian(mode):
    at = {"x": DATA["X"][:2], "W": DATA["X"][2:]}
    plain = bp.jacobian("tanh(x@W.T)", at)
    found = bp.jacobian(RULED.format("") + "tanh(f(x, W))", at, mode=mode)
    assert np.array(found.matrix) == pytest.approx(np.array(plain.matrix), rel=1e-12)
    assert bp.verdict(found).verdict == "agrees"
    wrong = bp.jacobian(RULED.format("2*") + "tanh(f(x, W))", at, mode=mode)
    assert bp.verdict(wrong).verdict == "inconclusive"
    assert bp.verdict(wrong).reason.startswith("the rule of f sends")


@pytest.mark.slow
def test_a_rule_that_maps_an_adjoint_has_a_hessian():
    at = {"x": DATA["X"][:2], "W": DATA["X"][2:]}
    plain = bp.hessian("sum(tanh(x@W.T)^2)", at, wrt="x")
    found = bp.hessian(RULED.format("") + "sum(tanh(f(x, W))^2)", at, wrt="x")
    assert np.array(found.matrix) == pytest.approx(np.array(plain.matrix), rel=1e-9, abs=1e-12)
    assert bp.verdict(found).verdict == "agrees"


@pytest.mark.usefixtures("none_in_numbers")
@pytest.mark.parametrize(
    ("text", "t", "order"),
    [
        ("mean((tanh(X@w*t) - y)^2)", 1.0, 4),
        ("tanh(X@w*t) - y", 0.5, 2),
        ("logdet(X.T@X + t*eye(3)) + sum(w) + sum(y)", 1.0, 5),
        ("sum(where(X > 0, sqrt(X), 0))*t + sum(w) + sum(y)", 1.0, 3),
        ("sum(X) + t + sum(w) + sum(y)", 2.0, 0),
    ],
)
def test_a_series_of_whole_arrays_is_that_of_numbers(text, t, order):
    found = bp.taylor(text, {**DATA, "t": t}, by="t", order=order)
    numbers = in_numbers(bp.taylor, text, {**DATA, "t": t}, by="t", order=order)
    assert found.point.arrays
    assert np.array(found.series) == pytest.approx(np.array(numbers.series), rel=1e-9, abs=1e-12)
    assert (found.outputs, found.goes_on) == (numbers.outputs, numbers.goes_on)
    assert bp.verdict(found).verdict == "agrees"


@pytest.mark.usefixtures("none_in_numbers")
def test_a_series_of_whole_arrays_at_a_kink_is_open():
    at = {"X": np.ones((2, 2)), "t": 0.0}
    assert bp.verdict(bp.taylor("sum(abs(X*t))", at, by="t")).verdict == "inconclusive"
    assert bp.verdict(bp.taylor("sum(relu(X*t)^3)", at, by="t")).verdict == "inconclusive"


@pytest.mark.usefixtures("none_in_numbers")
def test_what_whole_arrays_do_not_have_is_told():
    at = {"x": np.ones(5)}
    for ask in (
        lambda: bp.digits(bp.hessian("sum(x)^4", at), 20),
        lambda: bp.hessian("x^2", at),
        lambda: bp.jacobian("x^2", at, wrt="x[0]"),
    ):
        with pytest.raises(BackpropError, match="written out in numbers"):
            ask()
    with pytest.raises(BackpropError, match="x is an array") as caught:
        bp.taylor("sum(x)", at)
    assert caught.value.hint.startswith("write x + t*v")
    x = np.ones(1001)
    with pytest.raises(BackpropError, match="1,002,001 entries"):
        bp.jacobian("x^2", x=x)


CLIPPED = "def f(x) = x; rule f(x) = {}; f(x)*x"


@pytest.mark.parametrize(
    "rule", ["clip(adjoint, -1, 1)", "abs(adjoint)", "adjoint + 1", "adjoint*(adjoint > 0)"]
)
def test_nothing_goes_forward_through_a_rule_that_is_not_linear(rule):
    """What goes back is clip(x, -1, 1) + f(x), with x as the adjoint of f(x): a row each."""
    text, at = CLIPPED.format(rule), {"x": np.array([0.2, 3.0])}
    with pytest.raises(BackpropError, match="rule of f is not linear in its adjoint"):
        bp.jacobian(text, at, mode="forward")
    with pytest.raises(BackpropError, match="rule of f is not linear in its adjoint"):
        bp.jvp(text, at, along={"x": 1})
    found = bp.jacobian(text, at)
    assert found.mode == "reverse"
    verdict = bp.verdict(found)
    assert verdict.verdict == "inconclusive"
    assert "not linear in its adjoint" in verdict.reason
    if rule.startswith("clip"):
        assert found.matrix == [[0.4, 0.0], [0.0, 4.0]]


def test_a_point_is_not_called_too_large_for_a_rule_that_maps_an_adjoint():
    at = {"x": DATA["X"][:2], "W": DATA["X"][2:]}
    found = bp.hessian(RULED.format("") + "sum(f(x, W)^2)", at, wrt="x")
    assert found.curvature.kind == (
        "not classified: a rule that maps an adjoint has no derivatives in many digits"
    )


def test_a_series_is_missing_a_number():
    with pytest.raises(BackpropError) as caught:
        bp.taylor("sum(x)*t", x=[1, 2], t=1)
    assert caught.value.hint == "give it with --in t"


@pytest.mark.parametrize("mode", ["hessian", "hvp", "taylor"])
def test_nothing_is_derived_forward_through_a_rule_that_is_not_linear(mode):
    """Written as nodes it would be the rule at an adjoint of 0, where all derivatives are 0."""
    text = "def f(v) = sum(v^2); rule f(v) = clip(adjoint, -1, 1)*2*v; 5*f(x*t)"
    given = {"hessian": {}, "hvp": {"along": {"x": 1}}, "taylor": {"by": "t"}}[mode]
    with pytest.raises(BackpropError, match="rule of f is not linear in its adjoint"):
        getattr(bp, mode)(text, x=[1, 2], t=1, **given)
