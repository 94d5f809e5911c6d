"""What a cause poisoned, counted by hand from the values and adjoints that IEEE 754 gives."""

import pytest

import backpropcli as bp
from backpropcli.report.poisoned import poisoned, told_causes
from tests.each import for_each


def counts(report):
    return [
        (one.values, one.adjoints) for one in (poisoned(report, c) for c in told_causes(report))
    ]


@for_each(
    "text, point, expected",
    [
        # exp(w*x) is inf: so are 1 + exp(w*x) and its logarithm; w*x, w and x get 0*inf.
        ("log(1 + exp(w*x))", {"w": 100, "x": 10}, [(2, 3)]),
        # The value is 0; sqrt'(0) is inf, and 0*inf goes to x alone.
        ("sqrt(x)*y", {"x": 0, "y": 0}, [(0, 1)]),
        # log(0) makes the product and the sum -inf, and the slopes by x and z; that by y is 1/y's.
        ("log(x)*z + 1/y", {"x": 0, "y": 0, "z": 3}, [(2, 2), (0, 1)]),
        # log(0) is -inf: x gets inf. The sum is nan by log(-2) alone, as is what y gets.
        ("log(x) + log(y)", {"x": 0, "y": -2}, [(0, 1), (1, 1)]),
        # exp(1000) makes 1/exp(x) a plain 0, but x gets -1/inf^2*inf, which is nan.
        ("1/exp(x)", {"x": 1000}, [(0, 1)]),
    ],
)
def test_of_numbers(text, point, expected):
    assert counts(bp.gradient(text, point)) == expected


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        # Element 0 of log(x) is -inf: so is that of the product, the sum; x and y get inf.
        ("sum(log(x)*y)", {"x": [0, 1], "y": [2, 3]}, [(2, 2)]),
        # Two elements overflow: u, u*w, the mean and the sum; w gets u/3, and x gets u*w/3.
        ("u = exp(x); mean(u*w) + v", {"x": [1000, 1, 1000], "w": [1, 2, 3], "v": 1}, [(3, 2)]),
        # log(-1) and exp(1000) have nothing to do with each other but the sum.
        ("sum(log(x)) + sum(exp(z))", {"x": [-1, 1], "z": [1000, 2]}, [(2, 1), (1, 1)]),
        # Only element 0 of x has a slope that is 0*inf.
        ("sum(sqrt(x)*y)", {"x": [0, 4], "y": [0, 1]}, [(0, 1)]),
    ],
)
def test_of_arrays_nodes_are_counted_and_not_elements(text, point, expected):
    assert counts(bp.gradient(text, point)) == expected


def test_a_number_in_an_array_is_counted_with_the_array():
    """float16 ends at 65504: [1, 1e6] has the cause; the product and the sum are others, and x."""
    found = bp.gradient("sum([1, 1e6]*x)", x=[1, 2], dtype="float16")
    assert "65504" in found.causes[0].reason
    assert counts(found) == [(2, 1)]


@pytest.mark.parametrize(
    ("text", "along", "expected"),
    [
        ("sqrt(x)*y + y", {"x": 1}, [(0, 2)]),  # sqrt'(0) is inf: the product's tangent, the sum's
        ("log(x)*y + y", {"x": 1}, [(2, 2)]),
        ("sqrt(x) + log(x*y)", {"y": 1}, [(1, 1)]),  # x does not move
    ],
)
def test_of_tangents(text, along, expected):
    assert counts(bp.jvp(text, x=0, y=1, along=along).point) == expected
