"""Sides of choices that go by sizes alone: what other sizes would take them is known by hand."""

import pytest

import backpropcli as bp

pytestmark = pytest.mark.usefixtures("here")
REACH = "no sizes that were tried reach the side where "


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("more", "side"),
    [
        ("where(n > 100, 1, 0)", "n > 100: n=101 would"),
        ("(size(x) > 100)", "size(x) > 100: n=101 would"),
        ("max(n - 7, 0)*x", "n - 7 > 0: n=8 would"),
        ("where(n == 7, x, 0)", "n == 7: n=7 would"),
        ("where(n <= 1, 1, 0)", "n <= 1: n=1 would"),
    ],
)
def test_a_side_that_no_sizes_reach_leaves_a_claim_open(more, side):
    """The derivative is 2*x, and each claim is another one from those sizes on."""
    [found] = bp.check_claims("sum(x^2)", f"x = 2*x + {more}", shapes="x=n").answers
    assert (found.status, found.reason) == ("open", REACH + side)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("more", "assume"),
    [
        ("where(n > 0, 0, 1)", []),  # there is no array without elements
        ("where(n > 2, 0, 0*x)", []),  # both sides are taken: n is 3, and 2
        ("where(n < 1, where(n > 100, 1, 0), 0)", []),
        ("where(n > 100, 1, 0)", ["n < 100"]),
        ("where(x > n, 0, 0)", []),
        ("sum(ones(n))/n - 1", []),
    ],
)
def test_what_sizes_cannot_take_or_take_already_is_no_side(more, assume):
    """The derivative is 2*x, to which each adds 0 where the claim is to hold."""
    found = bp.check_claims("sum(x^2)", f"x = 2*x + {more}", shapes="x=n", assume=assume)
    assert found.verdict == "agrees"


@pytest.mark.slow
def test_the_sizes_that_are_told_decide():
    """The derivative of sum((X@w)^2) is 2*X.T@X@w, and 10 is more than 2 + 7."""
    claim = "w = 2*X.T@X@w + where(n > d + 7, 1, 0)"
    [found] = bp.check_claims("sum((X@w)^2)", claim, shapes="X=n,d; w=d").answers
    assert found.reason == f"{REACH}n > d + 7: n=10 d=2 would"
    [found] = bp.check_claims("sum((X@w)^2)", claim, {"n": 10, "d": 2}, shapes="X=n,d; w=d").answers
    assert found.status == "wrong"


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        ("sum(x^2) + where(n > 100, sum(x), 0)", "inconclusive"),
        ("sum(x^2) + relu(size(x) - 50)", "inconclusive"),
        ("sum(x^2)*size(x)/n", "agrees"),
        ("2*sum(x^2) + where(n > 100, sum(x), 0)", "disagrees"),
    ],
)
def test_losses_are_compared_on_sides_that_sizes_take(program, verdict):
    """The first two are sum(x^2) below 101 and 51 elements alone, the third always."""
    found = bp.compare("sum(x^2)", program, shapes="x=n")
    assert found.verdict == verdict
    assert found.general.reason.startswith(REACH) is (verdict == "inconclusive")


def test_a_program_has_sides_as_well():
    """Its derivative is 2*x up to 100 elements, and 2*x + 1 beyond."""
    [found] = bp.check_claims(
        "sum(x^2) + where(n > 100, sum(x), 0)", "x = 2*x", shapes="x=n"
    ).answers
    assert found.status == "open"
