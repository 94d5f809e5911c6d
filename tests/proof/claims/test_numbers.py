"""Plain numbers are claimed of the point that is given, and judged there alone.

Derivatives are in any table; PyTorch has nan for the first three without a value.
"""

import math

import numpy as np
import pytest

import backpropcli as bp
from tests.each import for_each

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]
RANDOM = np.random.default_rng(0)


def answer(program, claim, at):
    """Return what is found of one claim."""
    [found] = bp.check_claims(program, claim, at).answers
    return found


@for_each(
    "program, claim, at",
    [
        ("log(x)", "x = -1", {"x": -1}),
        ("log(x)", "x = nan", {"x": -1}),
        ("acosh(x)", "x = 1/sqrt(3)", {"x": -2}),
        ("atanh(x)", "x = -1/3", {"x": 2}),
        ("acoth(x)", "x = 4/3", {"x": 0.5}),
        ("sum(log(x))", "x = [-1, 0.5]", {"x": [-1, 2]}),
        ("3*x + 0*log(y)", "x = 3", {"x": 1, "y": -1}),
        ("sqrt(x)", "x = inf", {"x": 0}),
        ("1/x", "x = -inf", {"x": 0}),
        ("sqrt(x)*y", "y = 3", {"x": -1, "y": 2}),
        ("sum(sqrt(x))", "x = [9, 0.25]", {"x": [0, 4]}),
        ("sum(sqrt(x))", "x = 3", {"x": np.zeros(9000)}),
        ("sqrt(x[argmax(x)])", "x = [4, 0]", {"x": [0, -1]}),
    ],
)
def test_where_there_is_no_value_no_number_is_right_or_wrong(program, claim, at):
    """Outside of a domain, or at a pole, there is no derivative, whatever a formula gives."""
    found = answer(program, claim, at)
    assert (found.status, "no value to compare" in found.reason) == ("open", True)


def test_a_number_is_not_claimed_of_other_points():
    """A norm has a kink at 0, and the slope of x^2 at infinity is none; elsewhere is not asked."""
    assert "kink" in answer("norm(x)", "x = [0, 0]", {"x": [0, 0]}).reason
    assert answer("x^2", "x = inf", {"x": math.inf}).status == "open"
    assert answer("x^2", "x = 2*x", {"x": math.inf}).status == "proved"


@pytest.mark.parametrize(
    ("program", "claim", "at", "element"),
    [
        ("sum(x^3/9)", "x = [0.3333, 1.334, 3]", {"x": [1, 2, 3]}, "x[1]"),
        ("sum(sqrt(x))", "x = [9, 9]", {"x": [0, 4]}, "x[1]"),
        ("sum(relu(x)^2 + relu(x))", "x = [1, 99]", {"x": [0, 4]}, "x[1]"),
        ("x[argmax(x)]/3", "x = [0.3333, 0, 1]", {"x": [3, 1, 2]}, "x[2]"),
    ],
)
def test_the_element_that_is_wrong_is_told(program, claim, at, element):
    """The others are rounded, or have no value, or are at a kink."""
    found = answer(program, claim, at)
    assert (found.status, found.at.element) == ("wrong", element)


def test_numbers_of_a_program_that_takes_places_may_be_rounded():
    """The slope of x[argmax(x)]/3 is 1/3 at the largest."""
    at = {"x": [3, 1, 2]}
    assert answer("x[argmax(x)]/3", "x = [0.3333, 0, 0]", at).status == "holds"
    assert answer("x[argmax(x)]/3", "x = [0.33, 0, 0]", at).status == "wrong"
    assert "3 elements" in answer("x[argmax(x)]", "x = [1, 0]", at).reason


@pytest.mark.parametrize(("digits", "status"), [(".4f", "holds"), ("", "holds"), (".2f", "wrong")])
def test_numbers_of_a_large_program_are_those_of_the_point(digits, status):
    """The gradient of mean squares is 2/n X^T r, as NumPy works it out and prints it."""
    at = {"X": RANDOM.normal(size=(500, 20)), "w": np.ones(20), "y": RANDOM.normal(size=500)}
    slopes = 2 / 500 * at["X"].T @ (at["X"] @ at["w"] - at["y"])
    claim = f"w = [{', '.join(format(float(one), digits) for one in slopes)}]"
    assert answer("mean((X@w - y)^2)", claim, at).status == status


@pytest.mark.parametrize(
    ("program", "claim", "x", "status"),
    [
        ("sum(x^2)", "x = 3", np.full(9000, 1.5), "holds"),
        ("sum(x^2)", "x = 3.1", np.full(9000, 1.5), "wrong"),
        ("sum(relu(x))", "x = 0", np.zeros(9000), "holds"),
        ("sum(relu(x))", "x = 1", np.zeros(9000), "open"),
        ("sum(relu(x))", "x = 1", np.append(np.zeros(8999), -1.0), "wrong"),
    ],
)
def test_one_number_stands_for_all_elements_at_the_point(program, claim, x, status):
    """At 0 relu has every slope from 0 to 1, and below it 0."""
    assert answer(program, claim, {"x": x}).status == status


@pytest.mark.parametrize("digits", ["", ".3f"])
def test_second_derivatives_of_a_large_program_are_those_of_the_point(digits):
    """The Hessian of sum((X w)^2) is 2 X^T X, as NumPy works it out and prints it."""
    at = {"X": RANDOM.normal(size=(900, 6)), "w": np.ones(6)}
    hessian = 2 * at["X"].T @ at["X"]

    def claim():
        rows = [", ".join(format(float(one), digits) for one in row) for row in hessian]
        return f"d2_dw_dw = [{', '.join(f'[{row}]' for row in rows)}]"

    assert answer("sum((X@w)^2)", claim(), at).status == "holds"
    hessian[2, 3] += 1
    found = answer("sum((X@w)^2)", claim(), at)
    assert (found.status, found.at.element) == ("wrong", "d2_dw_dw[2,3]")


@pytest.mark.parametrize(
    ("program", "claim", "at", "status"),
    [
        ("relu(x) - relu(-x)", "x = 1", {"x": 0}, "holds"),
        ("relu(x) - relu(-x)", "x = 0", {"x": 0}, "wrong"),
        ("sum(relu(x) - relu(-x))", "x = [1, 1]", {"x": [0, 1]}, "holds"),
        ("sum(relu(x) - relu(-x))", "x = [0, 1]", {"x": [0, 1]}, "wrong"),
        ("relu(x)/3 - relu(-x)/3", "x = 0.3333", {"x": 0}, "holds"),
        ("x*abs(x)", "x = 0", {"x": 0}, "holds"),
        ("abs(x)", "x = 0", {"x": 0}, "holds"),
        ("abs(x)", "x = 1", {"x": 0}, "open"),
    ],
)
def test_where_the_whole_has_a_derivative_at_a_kink_it_decides(program, claim, at, status):
    """By hand: relu(x) - relu(-x) is x, and at 0 abs has every slope from -1 to 1."""
    found = answer(program, claim, at)
    assert found.status == status
    assert found.of_whole == (status != "open" and not program.startswith("abs"))
    assert not (found.true and found.of_whole)
