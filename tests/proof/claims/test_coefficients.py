"""Coefficients as doubles have them: what is rounded, and what is wrong by as little.

The doubles are Python's own (2/3, math.pi/180, 1/math.log(2), ...), and the derivatives are in any
table.
"""

import math

import pytest

import backpropcli as bp

pytestmark = pytest.mark.usefixtures("here")


def answer(program, claim, at=None, **options):
    [found] = bp.check_claims(program, claim, at, **options).answers
    return found


@pytest.mark.parametrize(
    ("program", "claim", "number", "exact"),
    [
        ("x^2/3", "{}*x", 2 / 3, "2/3"),
        ("x^2/3", "x*{} + 0*x", "0.666666666666667", "2/3"),
        ("sin(pi*x/180)", "{}*cos(pi*x/180)", math.pi / 180, "pi/180"),
        ("log2(x)", "{}/x", 1 / math.log(2), "1/log(2)"),
        ("10*log10(x)", "{}/x", 10 / math.log(10), "10/log(10)"),
        ("erf(x)", "{}*exp(-x^2)", 2 / math.sqrt(math.pi), "2/sqrt(pi)"),
        ("erf(x)", "{}*exp(-x^2)", "1.12837916709551257390", "2/sqrt(pi)"),
        ("ndtr(x)", "{}*exp(-x^2/2)", 0.3989422804014327, "1/sqrt(2*pi)"),
    ],
)
def test_a_rounded_coefficient_holds_and_is_told(program, claim, number, exact):
    found = answer(program, f"x = {claim.format(number)}")
    assert found.status == "holds"
    [told] = [one for one in found.diagnosis if one.kind == "rounded"]
    count = len(str(number).replace(".", "").lstrip("0"))
    start = f"{number} is {exact} rounded to {count} digits: with the exact number it"
    assert told.text.startswith(start)


@pytest.mark.parametrize(
    ("program", "claim"),
    [
        ("sin(x)", "1.0000000000000002*cos(x)"),  # 1 has a double of its own
        ("sin(x)", "0.9999999999999999*cos(x)"),
        ("x^2/4", "0.5000000000000001*x"),
        ("x^2/3", "0.6666666666666665*x"),  # one off in the last digit
        ("x^2/3", "0.66666666666666660000*x"),  # no double has these digits
        ("x^2/3", "0.66667*x"),
        ("x^2/3", "0.3333333333333333*x"),  # 1/3, and wrong with it
        ("x^2/3 + where(x > 1e6, x, 0)", "0.6666666666666666*x"),  # and wrong beyond 1e6
    ],
)
def test_a_coefficient_that_is_no_rounded_one_is_wrong(program, claim):
    assert answer(program, f"x = {claim}").status == "wrong"


def test_helpers_points_and_shapes():
    """A rounded number may stand in a helper; with a point, and with letters for sizes."""
    found = answer("sum(x^2)/3", "k = 0.6666666666666666; x = k*x", shapes="x=n")
    assert (found.status, found.diagnosis[0].kind) == ("holds", "rounded")
    found = answer("x^2/3", "x = 0.6666666666666666*x", {"x": 7.0})
    assert (found.status, found.at, found.seen) == ("holds", None, None)
