"""Kinks are by what a derivative is by: at an edge of data the program says what is right."""

import numpy as np
import pytest

import backpropcli as bp

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]


@pytest.mark.parametrize(
    ("program", "claim", "at", "true"),
    [
        ("(t > 0)*w^2", "w = 6", {"t": 0, "w": 3}, 0),
        ("(t > 0)*w^2", "w = 2*w*(t >= 0)", None, 0),
        ("where(t > 0, w, 0)", "w = t >= 0", None, 0),
        ("sign(x)^2*y", "y = 1", None, 0),
        ("ceil(abs(sin(x)))*y", "y = 1", None, 0),
        ("0^abs(x)*y", "y = 0", None, 1),
        ("(x != 0)*y", "y = 1", None, 0),
        ("where(x == 0, 0, 1)*y", "y = 1", None, 0),
        ("copysign(x, y)", "x = -1", {"x": 1.5, "y": 0}, 1),
        ("z = w^2; z*(t > 0)", "z = t >= 0", None, 0),
        ("sum((t > 0)*w^2)", "w = 2*w*(t >= 0)", {"t": [0, 1], "w": [3, 1]}, 0),
    ],
)
def test_a_step_of_data_alone_is_no_kink(program, claim, at, true):
    """PyTorch has these derivatives there: the program is smooth in what the claim is by."""
    [found] = bp.check_claims(program, claim, at).answers
    assert found.status == "wrong"
    assert float((found.at or found.seen).true) == true


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("program", "claim"),
    [
        ("relu(w)*t", "w = t*(w >= 0)"),
        ("abs(w - t)", "w = where(w >= t, 1, -1)"),
        ("max(w, t)", "w = w >= t"),
        ("relu(x)*y", "d2_dx_dy = x >= 0"),
        ("z = w*t; relu(z)", "z = z >= 0"),
        ("diff(relu(t)*w^2, t)", "w = 2*w*(t >= 0)"),  # the value itself rests on a convention
    ],
)
def test_a_kink_by_what_a_claim_is_by_is_one(program, claim):
    """Each claim has the slope of the other side there."""
    [found] = bp.check_claims(program, claim).answers
    assert (found.status, {one.kind for one in found.exceptions}) == ("holds", {"kink"})


@pytest.mark.parametrize("claim", ["x = 1", "x = -1", "x = copysign(1, y)*sign(x)"])
def test_the_sign_of_a_zero_leaves_a_claim_open(claim):
    """C's copysign(1.5, -0.0) is -1.5; exact numbers have no -0."""
    [found] = bp.check_claims("copysign(x, y)", claim, x=1.5, y=-0.0).answers
    assert (found.status, "sign of a zero" in found.reason) == ("open", True)
    [found] = bp.check_claims("copysign(x, -(y - y))", "x = -1", x=1.5, y=2).answers
    assert found.status == "open"


def test_data_at_an_edge_sets_two_losses_apart():
    """At t = 0 one trains w, and the other does not; by t and w such a point is next to nothing."""
    losses = "(t > 0)*w^2", "(t >= 0)*w^2"
    found = bp.compare(*losses, wrt="w")
    assert (found.verdict, found.kind) == ("disagrees", "different")
    assert bp.compare(*losses, {"t": 0, "w": 3}, wrt="w").general.at == "differs"
    assert bp.compare(*losses).verdict == "agrees"


def test_large_data_at_an_edge_are_no_kinks():
    """The gradient of sum((t > 0)*w^2) at t = 0 is 0; relu at 0 has a kink by w."""
    at = {"w": np.linspace(1, 2, 9000), "t": np.zeros(9000)}
    losses = "sum((t > 0)*w^2)", "sum((t >= 0)*w^2)"
    assert bp.check_claims(losses[0], "w = 2*w", at).answers[0].status == "wrong"
    assert bp.compare(*losses, at, wrt="w").verdict == "disagrees"
    [found] = bp.check_claims("sum(relu(w))", "w = w >= 0", w=np.zeros(9000)).answers
    assert (found.status, "kink" in found.reason) == ("open", True)
