"""Derivatives of whole expressions at kinks of their parts, by the definition of the derivative."""

from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp, mpf, sin

import backpropcli as bp

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]

H = mpf(10) ** -30
"""How far beside a point quotients of differences are taken, in 80 digits."""
ROUNDED = mpf(10) ** -20


def relu(x):
    return max(x, mpf(0))


REMOVABLE = [
    ("where(x==0,0,sin(x))", sin, 0, "where(x==0,0,cos(x))", "cos(x)"),
    ("where(x==1,1,x^2)", lambda x: x**2, 1, "where(x==1,0,2*x)", "2*x"),
    ("where(x!=0,x,0)", lambda x: x, 0, "(x != 0)", "1+0*x"),
    (
        "where(x<2,x^2,4*x-4)",
        lambda x: x**2 if x < 2 else 4 * x - 4,
        2,
        "where(x==2,0,where(x<2,2*x,4))",
        "where(x<2,2*x,4)",
    ),
    ("relu(x)-relu(-x)", lambda x: relu(x) - relu(-x), 0, "where(x==0,0,1)", "1+0*x"),
    ("relu(x)-relu(-x)", lambda x: relu(x) - relu(-x), 0, "(x>0)+(x<0)", "(x>=0)+(x<0)"),
    ("max(x,3)+min(x,3)", lambda x: max(x, 3) + min(x, 3), 3, "(x>3)+(x<3)", "1+0*x"),
    ("sqrt(x^2)^2", lambda x: x**2, 0, "where(x==0,5,2*x)", "2*x"),
    (
        "abs(x-1)*sin(x-1)",
        lambda x: abs(x - 1) * sin(x - 1),
        1,
        "where(x==1,1,sign(x-1)*sin(x-1)+abs(x-1)*cos(x-1))",
        "sign(x-1)*sin(x-1)+abs(x-1)*cos(x-1)",
    ),
]


def slopes(function, place):
    """Return the quotients of differences on both sides of a place."""
    with mp.workdps(80):
        there = function(mpf(place))
        return [(function(place + step) - there) / step for step in (-H, H)]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(("program", "function", "place", "wrong", "right"), REMOVABLE)
def test_claims_are_held_to_the_derivative_of_the_whole(program, function, place, wrong, right):
    """Another number at the very point is wrong, whether that is where one looks or not."""
    left, true = slopes(function, place)
    assert abs(left - true) < ROUNDED  # there is a derivative
    for options in ({}, {"x": place}):
        [found] = bp.check_claims(program, f"x = {wrong}", **options).answers
        assert found.status == "wrong"
        assert Fraction(found.seen.point["x"]) == place
        assert abs(mpf(found.seen.true) - true) < ROUNDED
        assert [one.kind for one in found.diagnosis] == ["kink"]
        assert not found.true  # the formula of the rules is what is wrong there
        if options:
            assert abs(mpf(found.at.true) - true) < ROUNDED
        [found] = bp.check_claims(program, f"x = {right}", **options).answers
        assert found.status in {"proved", "holds"}
        assert not found.exceptions


@pytest.mark.parametrize(
    ("program", "wrong", "square", "slope"),
    [
        ("where(x^2==2,2,x^2)", "where(x^2==2,0,2*x)", 2, lambda x: 2 * x),
        (
            "relu(x^2-3)-relu(3-x^2)",
            "where(x^2>3,2*x,0)+where(x^2<3,2*x,0)",
            3,
            lambda x: 2 * x,
        ),
        ("abs(x^2-5)*(x^2-5)+x", "where(x^2==5,0,4*x*abs(x^2-5)+1)", 5, lambda _: mpf(1)),
    ],
)
def test_kinks_at_roots_are_met(program, wrong, square, slope):
    """Of x^2, x^2 - 3, and x + g*abs(g), where g is 0: no decimal has these places."""
    [found] = bp.check_claims(program, f"x = {wrong}").answers
    assert found.status == "wrong"
    place = mpf(found.seen.point["x"])
    assert abs(place**2 - square) < mpf(10) ** -14
    assert abs(mpf(found.seen.true) - slope(place)) < mpf(10) ** -13


@pytest.mark.parametrize(
    ("program", "claim"),
    [
        ("relu(x^2-2)", "where(x^2>2,2*x,0)"),
        ("abs(sin(x)-0.3)", "cos(x)*sign(sin(x)-0.3)"),
        ("max(x*y, 0.7)", "where(x*y>0.7,y,where(x*y==0.7,y/2,0))"),
    ],
)
def test_a_kink_of_the_whole_leaves_a_claim_proved(program, claim):
    """Slopes on both sides differ where these turn: by a table of derivatives."""
    assert bp.check_claims(program, f"x = {claim}").verdict == "agrees"


@pytest.mark.parametrize(
    ("program", "claims"),
    [
        ("relu(x)", ["where(x > 0, 1, 0)", "(x > 0)", "(x >= 0)"]),
        ("abs(x)", ["sign(x)", "2*(x>0)-1", "where(x>=0,1,-1)"]),
        ("max(x,1)", ["(x>1)", "(x>=1)"]),
        ("relu(x-0.1)", ["(x>0.1)", "(x>=0.1)"]),
        ("relu(0.3-x)", ["-(x<0.3)", "-(x<=0.3)"]),
    ],
)
def test_where_slopes_of_the_whole_differ_each_is_a_convention(program, claims):
    """Slopes on the left and on the right, and what is between: subgradients. 0.1 is a tenth."""
    for claim in claims:
        assert bp.check_claims(program, f"x = {claim}").verdict == "agrees"
    between = bp.check_claims("relu(x)", "x = where(x==0,0.5,(x>0))")
    assert between.verdict == "inconclusive"


def test_elements_of_arrays_are_held_to_the_derivative_of_the_whole():
    """Of sin and of x^2: 1 at 0, and 2 at 1."""
    options = {"x": np.array([0.0, 1.0, 2.0])}
    program = "sum(where(x==0,0,sin(x)))"
    found = bp.check_claims(program, "x = where(x==0,0,cos(x))", **options)
    assert found.verdict == "disagrees"
    assert found.answers[0].at.element == "x[0]"
    assert float(found.answers[0].at.true) == 1
    assert bp.check_claims(program, "x = cos(x)", **options).verdict == "agrees"
    each = bp.check_claims("where(x==1,1,x^2)", "x = diag(where(x==1,0,2*x))", **options)
    assert each.verdict == "disagrees"
    assert float(each.answers[0].seen.true) == 2


@pytest.mark.parametrize(
    ("claim", "verdict"), [("where(x==1,0,2)", "disagrees"), ("2+0*x", "agrees")]
)
def test_second_derivatives_are_held_to_those_of_the_whole(claim, verdict):
    """Of x^2."""
    found = bp.check_claims("where(x==1,1,x^2)", f"d2_dx_dx = {claim}")
    assert found.verdict == verdict


def test_by_a_name_the_whole_is_a_function_of_that():
    """Of z^2, at z = x*y = 1, where x = 1 and y = 1."""
    program = "z = x*y; where(z==1,1,z^2)"
    wrong, right = bp.check_claims(program, "z = where(z==1,0,2*z); z = 2*z").answers
    assert wrong.status == "wrong"
    assert float(wrong.seen.true) == 2
    assert right.status in {"proved", "holds"}


@pytest.mark.parametrize(
    ("program", "claim", "verdict"),
    [
        ("sum(where(x==0,0,sin(x)))", "where(x==0,0,cos(x))", "inconclusive"),
        ("sum(relu(x))", "(x>0)", "agrees"),
        ("sum(sin(x))", "cos(x)", "agrees"),
    ],
)
def test_large_arrays_are_no_proof_of_a_convention(program, claim, verdict):
    """Of sin, whose slope at 0 is 1, floats tell that both sides have another slope than 0."""
    x = np.linspace(-1, 1, 7001)
    assert x[3500] == 0
    assert bp.check_claims(program, f"x = {claim}", x=x).verdict == verdict
