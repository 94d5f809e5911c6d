"""Large Hessians of arrays: columns by sweeps over whole arrays, beside the program in numbers."""

from __future__ import annotations

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.modes import hessian as mode

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


@pytest.mark.usefixtures("all_large")
@pytest.mark.parametrize("text", TEXTS)
def test_columns_are_those_of_the_program_in_numbers(text):
    wrt = [name for name in point(text) if name != "W"]
    found = bp.hessian(text, point(text), wrt=wrt)
    assert found.columns is not None
    numbers = bp.hessian(found.point.program, found.point.bindings, wrt=found.variables)
    assert numbers.columns is None
    assert np.array(found.matrix) == pytest.approx(np.array(numbers.matrix), rel=1e-9, abs=1e-11)
    assert found.as_dict()["pattern"] == numbers.as_dict()["pattern"]


def test_a_large_hessian_is_checked_along_a_direction():
    """By hand: all entries of the Hessian of sum(x)^4 are 12*sum(x)^2."""
    x = RANDOM.normal(size=80)
    found = bp.hessian("sum(x)^4", x=x)
    assert found.columns is not None
    assert np.array(found.matrix) == pytest.approx(np.full((80, 80), 12 * sum(x) ** 2), rel=1e-12)
    assert bp.verdict(found).verdict == "agrees"
    found.matrix[3][3] *= 1.01
    assert bp.verdict(found).reason.startswith("the Hessian times a random direction, and")


@pytest.mark.usefixtures("all_large")
@pytest.mark.parametrize(("text", "at"), [("sum(abs(x)*x)", 0.0), ("sum(log(x))", 0.0)])
def test_a_kink_or_a_pole_is_looked_at_in_numbers(text, at):
    found = bp.hessian(text, x=[at, 1.0, 2.0])
    assert found.columns is None
    assert found.point.kinks or found.point.causes


def test_eigenvectors_that_are_not_found_are_told():
    found = bp.hessian("sum(x^4)", x=np.ones(61), eigenvectors=True)
    assert found.point.lowered.warnings == [
        "eigenvalues and eigenvectors are found of 60 rows at most"
    ]


def test_few_colours_take_fewer_sweeps():
    """A chain of any length has three colours (Coleman and More, 1984)."""
    found = bp.hessian("sum(x[1:]*x[:-1])", x=np.ones(70))
    assert (found.columns, found.each[0].sweeps) == (None, 3)


def test_digits_are_those_of_sweeps_over_numbers():
    """By hand: the sum of 0, 1, ..., 60 is 1830, and 12 times its square 40186800."""
    found = bp.hessian("sum(x)^4", x=np.arange(61.0))
    assert found.columns is not None
    assert bp.digits(found, 20, 60).matrix[1][0].text == "40186800"
