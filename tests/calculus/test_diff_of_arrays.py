"""diff by an array is a gradient, in a program and in functions; against differences."""

import numpy as np
import pytest

import backpropcli as bp
from backpropcli import BackpropError

A = [[1.0, 2.0], [3.0, 5.0]]
PROGRAMS = [
    "sum(diff(sum(x^3), x)^2)",
    "def slope(z) = diff(sum(tanh(z)^2), z); sum(slope(x@A)*x)",
    "def g(X, w, y) = diff(mean((X@w - y)^2), w); v = x - 0.1*g(A, x, [1, 2]); mean((A@v)^2)",
    "def inner(z) = diff(logsumexp(z), z); def outer_(z) = inner(2*z); sum(outer_(x)^2)",
    "u = diff(sum(exp(x)*x), x); sum(u*x)",
    "x = p*2; sum(diff(sum(x*p^3), p)*p)",
    "sum(diff(det(A + outer(x, x)), A)*A)",
]


@pytest.mark.parametrize("text", PROGRAMS)
def test_gradients_of_gradients_are_those_of_differences(text):
    program = bp.parse(text)
    point = {"x": np.array([0.4, -0.7]), "A": np.array(A), "p": np.array([0.3, 1.2])}
    point = {name: point[name] for name in program.variables}
    found = bp.gradient(program, point).gradient
    step = 1e-5
    for name, value in point.items():
        for at in np.ndindex(value.shape):
            ends = []
            for sign in (1, -1):
                moved = value.copy()
                moved[at] += sign * step
                ends.append(bp.value(program, {**point, name: moved}))
            slope = (ends[0] - ends[1]) / (2 * step)
            assert found[name][at] == pytest.approx(slope, rel=1e-7, abs=1e-8)


def test_the_gradient_has_the_shape_of_what_it_is_by():
    assert bp.value("diff(sum(x^3), x)", x=[1, 2]).tolist() == [3, 12]
    assert bp.value("def f(z) = diff(sum(z@z), z); f(A)", A=A).shape == (2, 2)


def test_by_a_number_an_array_has_a_derivative_in_its_shape():
    assert bp.value("diff(t*x, t)", x=[1, 2], t=3).tolist() == [1, 2]


def test_what_the_value_does_not_move_with_has_zeros():
    assert bp.value("diff(2*t, x)", x=[1, 2], t=3).tolist() == [0, 0]


@pytest.mark.parametrize("text", ["diff(x@A, x)", "diff(cumsum(x), x)", "diff(sum(x^3), x, 2)"])
def test_a_matrix_of_derivatives_is_refused(text):
    values = {name: {"x": [1, 2], "A": A}[name] for name in bp.parse(text).variables}
    with pytest.raises(BackpropError, match="the gradient of a number") as caught:
        bp.value(text, values)
    assert "backprop" in caught.value.hint


def test_shapes_that_do_not_fit_are_told_first():
    with pytest.raises(BackpropError, match="x@A does not fit"):
        bp.value("def f(x, A) = diff(sum(x@A), x); f(x, A)", x=[1, 2, 3], A=A)
