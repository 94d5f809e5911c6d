"""Modes on programs with arrays: what goes by the order of elements has no derivative at a tie."""

from __future__ import annotations

import pytest

import backpropcli as bp
from backpropcli.report.wholes import each_whole

pytestmark = pytest.mark.usefixtures("here")


@pytest.mark.parametrize(
    ("mode", "text", "point", "given"),
    [
        ("jacobian", "sort(x)", {"x": [2, 1, 1]}, {}),
        ("hessian", "sum(sort(x)^2*[1, 2])", {"x": [2, 2]}, {}),
        ("taylor", "sort([t, 2*t])[0]", {"t": 0}, {"by": "t"}),
        ("jacobian", "argmin(x)*x", {"x": [2, 2]}, {}),
    ],
)
def test_a_tie_is_told_and_leaves_the_verdict_open(mode, text, point, given):
    """By hand: sort([t, 2*t])[0] is min(t, 2*t), of slope 2 on the left and 1 on the right."""
    found = getattr(bp, mode)(text, point, **given)
    assert [kink.jump for kink in found.point.kinks] == [True, True]
    assert bp.verdict(found).verdict == "inconclusive"


def test_a_tangent_at_a_tie_is_told_with_what_each_element_has():
    """By hand: the least of x is x[0] on the left of the tie, and x[1] on the right."""
    found = bp.jvp("sort(x)", x=[2, 2], along={"x": [1, -1]})
    assert [(kink.left, kink.right) for kink in found.point.kinks] == [(1, 0), (0, 1)]
    told = {(title, name): one for title, name, one in each_whole(found.point)}
    first = told["(sort(x))[0]", "x[0]"]
    assert (first.left.slope, first.right.slope) == (1, 0)
    assert bp.verdict(found).verdict == "inconclusive"


@pytest.mark.parametrize(
    ("text", "point"), [("x[argmax(x)]*x", {"x": [2, 2]}), ("x[floor(y)]*y", {"x": [2, 5], "y": 1})]
)
def test_a_place_that_jumps_is_told_and_leaves_the_verdict_open(text, point):
    """By hand: where y is less than 1, x[floor(y)] is x[0]."""
    found = bp.jacobian(text, point)
    [told] = found.point.lowered.warnings
    assert told.startswith(f"{text[:-2]} goes by a place or an order that jumps here")
    assert bp.verdict(found).verdict == "inconclusive"


def test_of_a_place_that_jumps_no_mode_tells_what_the_whole_has():
    """By hand: where y is less than 1 it is x[0]*y, and x[1]*y + abs(y - 1) is no such function."""
    text, at = "x[floor(y)]*y + abs(y - 1)", {"x": [2, 5], "y": 1}
    found = bp.hessian(text, at).as_dict()
    assert found["point"] == "not classified: a part has a kink here"
    assert not found["whole_hessian"]
    assert bp.taylor(text, at, by="y").wholes() == []
    assert bp.hvp(text, at, along={"y": 1}).wholes() == []
    assert [*each_whole(bp.jacobian(text, at).point)] == []


def test_without_a_tie_the_order_of_the_point_is_that_near_it():
    found = bp.jacobian("sort(x)", x=[3, 1, 2])
    assert found.matrix == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert bp.verdict(found).verdict == "agrees"


@pytest.mark.parametrize("along", [{"w": [[1, 0]]}, {"w[0,0]": 1}])
def test_a_direction_is_an_array_or_goes_along_one_element(along):
    """By hand: the derivative of w[0,0]^2*w[0,1] by w[0,0] is 2*3*5."""
    assert bp.jvp("w[0,0]^2*w[0,1]", {"w": [[3, 5]]}, along=along).products == [30]


@pytest.mark.parametrize(
    ("along", "error"),
    [
        ({"q": 1}, "the expression has no 'q' to differentiate by"),
        ({"x[2]": 1}, "there is no element x[2]"),
        ({"x": [1, 2, 3]}, "the component of x is 3, and x is 2"),
    ],
)
def test_a_direction_of_a_hessian_is_by_what_there_is(along, error):
    with pytest.raises(bp.BackpropError) as caught:
        bp.hvp("sum(x^3)", x=[1, 2], along=along)
    assert caught.value.message == error


def test_a_direction_of_a_hessian_may_be_of_other_names_than_the_derivatives():
    """By hand: d/dx of sum(x*y) is y, which moves as the direction says."""
    assert bp.hvp("sum(x*y)", x=[1, 2], y=[3, 4], along={"y": [5, 6]}, wrt="x").products == [[5, 6]]


@pytest.mark.parametrize(
    ("mode", "given"), [("jacobian", {}), ("hessian", {}), ("taylor", {"by": "A[0,0]"})]
)
def test_what_is_told_of_arrays_is_told_by_elements_too(mode, given):
    found = getattr(bp, mode)("sum(cholesky(A))", A=[[4, 1], [2, 3]], **given)
    assert found.warnings == [
        "A is not symmetric: cholesky(A) is of its mean with its transpose, as in JAX"
    ]
