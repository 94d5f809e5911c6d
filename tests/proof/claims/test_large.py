"""Claims on arrays that are not written out in numbers; all derivatives are in any table."""

import numpy as np
import pytest

import backpropcli as bp

RANDOM = np.random.default_rng(5)
BATCH = {
    "X": RANDOM.normal(size=(300, 20)),
    "w": RANDOM.normal(size=20),
    "y": RANDOM.normal(size=300),
}
LOSS = "mean((X@w - y)^2)"
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]


def answer(program, claim, at=BATCH, **options):
    return bp.check_claims(program, claim, at, **options).answers[0]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("w = 2*X.T@(X@w - y)", "the claim is 300 times the derivative: X has 300 rows"),
        ("w = X.T@(y - X@w)/150", "the sign is flipped"),
        ("w = sum(X.T, axis=1)", ""),
    ],
)
def test_wrong_ones_are_diagnosed_at_full_size(claim, said):
    found = answer(LOSS, claim)
    told = "; ".join([one.text for one in found.diagnosis])
    assert found.status == "wrong"
    assert told.startswith(said)
    assert bool(told) == bool(said)


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ("d2_dw_dw = 2*X.T@X/300", "holds"),
        ("d2_dw_dy = -2*X.T/300", "holds"),
        ("d2_dy_dw = -2*X/300", "holds"),
        ("d2_dw_dw = 2*X.T@X/301", "wrong"),
        ("d2_dw_dy = -2*X/300", "wrong"),
    ],
)
def test_second_derivatives_are_compared_along_directions(claim, status):
    assert answer(LOSS, claim).status == status


def test_the_element_is_told_where_a_second_derivative_is_wrong():
    """2*x[0]*x[1] has the second derivative 2 there, and sum(x^2) has 2 on the diagonal."""
    program, claim = "sum(x^2) + x[0]*x[1]", "d2_dx_dx = 2*eye(120)"
    seen = answer(program, claim, None, shapes="x=120").seen
    assert (seen.element, float(seen.claimed), float(seen.true)) == ("d2_dx_dx[1,0]", 0, 1)


def test_a_use_that_is_missing_is_found_with_smaller_arrays():
    """The penalty adds 0.2 on the diagonal."""
    [told] = answer(f"{LOSS} + 0.1*sum(w^2)", "d2_dw_dw = 2*X.T@X/size(y)").diagnosis
    assert told.text.startswith("the path through w^2 is missing: w is used there too")
    assert "found with smaller arrays" in told.text


def test_a_kink_is_no_counterexample():
    """relu has the slope 0 at 0 by convention; x >= 0 is 1 there."""
    assert answer("sum(relu(x - 1))", "x = x >= 1", None, shapes="x=9000").status == "holds"
    found = answer("sum(relu(x))", "x = x >= 0", {"x": np.linspace(-5, 5, 8001)})
    assert (found.status, found.at.element) == ("open", "x[4000]")
    assert found.reason == "the point is a kink, where a slope is a convention"


def test_single_precision_is_no_counterexample():
    short = {name: value.astype("float32") for name, value in BATCH.items()}
    assert answer(LOSS, "w = 2*(X.T@X@w - X.T@y)/300", short).status == "holds"
