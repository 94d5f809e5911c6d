"""The view of kinks: where no operation has one, and where its slope is not used."""

import pytest


@pytest.mark.parametrize(
    ("words", "said"),
    [
        # 1/0 is inf in IEEE 754, and min(inf, 5) is 5.
        (("min(1/x, 5)", "x=0"), "1/x at x = 0: no finite value; floats go on with inf"),
        (("min(1/x, 5)*relu(x)", "x=0"), "kinks, and parts without a finite value here"),
        # The rule says 1, whatever the body does.
        (
            ("def f(t) = floor(t)*t; rule f(t) = 1; f(x)", "x=1"),
            "floor(x) at x = 1: the value jumps; the slope of f is that of its own rule",
        ),
        # In digits arrays are told by their elements; sorted, equal ones stay in their order.
        (
            ("sum(sort(x)*[1,2])", "x=[1,1]", "--digits", "25"),
            "sort(x) at x[1] = 1: equal elements; the slopes are those of their order",
        ),
        # Which element is read jumps, and where is no matter of a line through the point.
        (("x[round(y)]", "x=[1,2]", "y=1"), "or takes elements by places that it computes"),
    ],
)
def test_what_is_no_kink_of_an_operation_is_told(backprop, words, said):
    assert said in " ".join(backprop(*words, "--kinks", "--no-check", "--view", "table").split())
