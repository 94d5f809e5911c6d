"""Kinks at the numbers as typed, which their doubles miss: by the known values of sin and tan."""

import pytest

import backpropcli as bp
from backpropcli.proof.branches import typed_kink
from backpropcli.report.truth import as_typed


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("relu(tan(x) - 1)", "pi/4", "relu(tan(x) - 1)"),
        ("max(sin(x), 0.5)", "pi/6", "max(sin(x), 0.5)"),
        ("max(sin(x), cos(x), 0.1)", "pi/4", "max(sin(x), cos(x), 0.1)"),
        ("clip(cos(x), 0, 1)", "pi/2", "clip(cos(x), 0, 1)"),
        ("where(sin(x) > 0, x, 2)", "pi", "sin(x) > 0"),
        ("leaky_relu(sin(x) - 0.5, 1)", "pi/6", ""),  # the leak is 1: no kink
        ("floor(10*sin(x))", "pi/6", "floor(10*sin(x))"),
        ("round(sin(x))", "pi/6", "round(sin(x))"),
        ("round(10*sin(x))", "pi/6", ""),
        ("abs(x - 0.3)", "0.1+0.2", "abs(x - 0.3)"),
        ("abs(tan(x) - 1 - 1e-30)", "pi/4", ""),
        # It is 10^-2605, which no digits tell from 0.
        pytest.param("abs(1 - tanh(x))", "3000.1", "", marks=pytest.mark.slow),
    ],
)
def test_a_kink_that_doubles_miss_is_told_where_it_is_proved(text, x, expected):
    report = bp.gradient(text, x=x)
    report.kinks = []
    there = as_typed(report)
    assert there is not None
    assert typed_kink(report, {}, there) == expected


def test_what_is_typed_and_is_its_double_is_not_rounded():
    """1/2 is 0.5, exactly: so a zero that is proved is one at the double too."""
    assert as_typed(bp.gradient("cos(pi*x)", x="1/2")) is None
    assert as_typed(bp.gradient("cos(pi*x)", x="1/3")) is not None
