"""Balls hold the truth, which is mpmath's with 300 digits, and exact numbers are exact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from mpmath import isfinite, isnan, mp, mpf

from backpropcli.arithmetics import balls, digits
from backpropcli.arithmetics.balls.ball import INF, NAN, UNKNOWN, Ball, ball
from backpropcli.arithmetics.balls.choices import order
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import TABLE
from backpropcli.language.parse import parse
from tests.each import for_each

POINTS = ["0.75", "-2.5", "3", "0", "1", "-1", "40.5", "1234.5"]


def worked_out(text, precision=60, **point):
    program = parse(text)
    with mp.workdps(precision):
        bindings = {name: Fraction(value) for name, value in point.items()}
        return forward(program.graph, balls, bindings)[program.root]


@pytest.mark.slow
@for_each("name", sorted(TABLE))
def test_balls_hold_the_truth(name):
    """Of each operation, on exact inputs and on inputs that are rounded."""
    row = TABLE[name]
    graph = Graph()
    names = ["x", "y", "z", "w"][: len(row.parameters) + row.variadic]
    plain = [graph.node("variable", (), each) for each in names]
    third = graph.node("div", (graph.node("number", (), 1.0), graph.node("number", (), 3.0)))
    roots = [graph.node("add", (node, graph.node("exp", (third,)))) for node in plain]
    answers = [graph.node(name, tuple(plain)), graph.node(name, tuple(roots))]
    for index in range(len(POINTS)):
        point = {each: POINTS[(index + at) % len(POINTS)] for at, each in enumerate(names)}
        with mp.workdps(60):
            found = forward(graph, balls, {each: Fraction(value) for each, value in point.items()})
        with mp.workdps(300):
            truth = forward(graph, digits, {each: mpf(value) for each, value in point.items()})
            for node in answers:
                one = ball(found[node])
                if isfinite(truth[node]):
                    noise = abs(truth[node]) * mpf(10) ** -280
                    assert abs(one.middle - truth[node]) <= one.radius + noise
                elif one.known:
                    assert isnan(one.middle) == isnan(truth[node])
                    assert isnan(one.middle) or one.middle == truth[node]


@for_each(
    "text, x, wanted",
    [
        ("(x/3 - x/3) * pi", "2", "0"),
        ("x^-3", "2", "1/8"),
        ("x^1.5", "2.25", "27/8"),
        ("0.1*x", "3", "3/10"),
        ("sqrt(x)", "4/9", "2/3"),
        ("mod(x, 0.1)", "0.3", "0"),
        ("floor(x) + ceil(x) + round(x)", "-2.5", "-7"),
        ("floor(x*pi)", "100000", "314159"),
        ("max(x, sin(x)) + min(x, 0) + relu(x) + sign(x)", "2", "5"),
        ("where(x > 0.3, 1, 2)", "0.3", "2"),
        ("exp(x) + sigmoid(x) + cos(x) + log(1 + x)", "0", "5/2"),
        ("gamma(x)", "5", "24"),
        ("sin(x) == sin(x)", "2", "1"),
        ("sin(x) - sin(x)", "2", "0"),
        ("hypot(x, 4)", "3", "5"),
        ("0^x + x^0 + 1^x", "0.3", "2"),
        ("abs(x) < inf and not x > inf", "1e300", "1"),
        ("atan2(0, x)", "2", "0"),
        # multiples of pi: Abramowitz and Stegun, 4.3.46
        ("sin(pi*x)", "7", "0"),
        ("sin(x*tau) + cos(-pi*x/3) + tan(pi*x/4)", "1", "3/2"),
        ("cos(pi/2 - x*pi/6)", "11", "-1/2"),
        ("cos(x*pi)*sin(pi/3)^0 - cos(1000*pi)", "3", "-2"),
        ("x*pi/tau", "3", "3/2"),
        ("(x*pi - tau)*exp(x)", "2", "0"),
        ("4*atan(x) - pi + acos(-x) - 2*asin(x)", "1", "0"),
        ("sin(acos(0*x)) + cos(asin(-x/2)*2)", "1", "3/2"),
        ("(pi*x > pi) + (pi*x >= pi) + (pi/2 == acos(1 - x))", "1", "2"),
        ("tan(x*pi/3)^2 > 2", "1", "1"),
    ],
)
def test_rational_values_are_exact(text, x, wanted):
    assert worked_out(text, x=x) == Fraction(wanted)


@for_each(
    "text",
    [
        "1 / (sin(x)^2 + cos(x)^2 - 1)",
        "sin(x)^2 + cos(x)^2 == 1",
        "where(sin(x)^2 + cos(x)^2 >= 1, 1, 2)",
        "floor(sin(x)^2 + cos(x)^2)",
        "sqrt(sin(x)^2 + cos(x)^2 - 1)",
        "sign(sqrt(x)^2 - x)",
        "log(1 - tanh(100*x)^2)",
        "(-2)^(sin(x)^2 + cos(x)^2)",
        "inf * (sqrt(x)^2 - x)",
        "exp(x*1e30) < exp(x*1e31)",
        "exp(x*1e30) == exp(x*1e30)",
    ],
)
def test_what_rounding_hides_is_unknown(text):
    assert worked_out(text, x="2") is UNKNOWN


@pytest.mark.parametrize("text", ["sin(pi*x + 2^-100)", "sin(pi*x*sqrt(2)^2)", "cos(pi*x/5)"])
def test_what_is_no_multiple_of_pi_stays_a_ball(text):
    """mpmath has their values, with 300 digits."""
    found = worked_out(text, x="3")
    with mp.workdps(300):
        truth = forward(parse(text).graph, digits, {"x": mpf(3)})[parse(text).root]
        assert abs(found.middle - truth) <= found.radius + mpf(10) ** -280


def test_a_cancellation_is_known_with_more_digits():
    """1 - tanh(150)^2 is 1/cosh(150)^2: 2.06e-130."""
    few, many = worked_out("1 - tanh(x)^2", x="150"), worked_out("1 - tanh(x)^2", 300, x="150")
    with mp.workdps(300):
        assert few.radius > abs(few.middle)
        assert abs(many.middle - 1 / mp.cosh(150) ** 2) <= many.radius < mpf(10) ** -290


def test_poles_and_domains_are_known():
    assert worked_out("log(x)", x="0").middle == -INF.middle
    assert worked_out("1/x", x="0").middle == INF.middle
    assert isnan(worked_out("x/x", x="0").middle)
    assert isnan(worked_out("log(x)", x="-1").middle)
    assert isnan(worked_out("inf - inf + 0*x", x="1").middle)
    assert worked_out("x < nan", x="1") == 0
    assert worked_out("x != nan", x="1") == 1


def test_long_rationals_are_rounded():
    found = worked_out("(x^1000)^1000", x="3")
    assert isinstance(found, Ball)
    with mp.workdps(80):
        assert abs(found.middle - mpf(3) ** 1000000) <= found.radius


def test_pi_has_all_its_digits_at_each_precision():
    assert worked_out("x*(pi - 3.14159265358979323846)", 60, x="1").radius < mpf(10) ** -58
    assert worked_out("x*(pi - 3.14159265358979323846)", 500, x="1").radius < mpf(10) ** -498


def test_a_wave_inside_of_a_ball_is_not_seen_at_its_edges():
    """The sines of 11, 11 - 2*pi and 11 + 2*pi are the same; between them are 1 and -1."""
    with mp.workdps(60):
        wide = Ball(mpf(11), 2 * mp.pi)
        assert balls.WORDS["sin"](wide) is UNKNOWN
        assert balls.WORDS["gamma"](Ball(mpf(-2.5), mpf(1))) is UNKNOWN


@pytest.mark.parametrize("name", ["gamma", "lgamma", "digamma", "trigamma"])
def test_a_pole_inside_of_a_ball_is_not_seen_at_its_edges(name):
    """These have poles at -1, and tan at pi/2."""
    with mp.workdps(60):
        assert balls.WORDS[name](Ball(mpf(-1), mpf(10) ** -50)) is UNKNOWN
        assert balls.WORDS[name](Ball(mpf("-0.9999"), mpf("0.001"))) is UNKNOWN
        assert balls.WORDS["tan"](Ball(mp.pi / 2, mpf(10) ** -50)) is UNKNOWN
        near_zero = balls.WORDS["tan"](Ball(mp.pi, mpf(10) ** -50))
        assert near_zero.known


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", ["sin", "cos", "atan", "tanh", "asinh"])
def test_a_long_chain_loses_no_more_digits_than_its_slopes(name):
    """No slope of these is over 1: a thousand of them lose a few digits, not a digit each."""
    found = worked_out(f"{name}(" * 1000 + "x" + ")" * 1000, x="0.5")
    assert found.radius < mpf(10) ** -55


def test_order_knows_only_what_is_apart():
    near, far = Ball(mpf(1), mpf("1e-9")), Ball(mpf(2), mpf("1e-9"))
    assert (order(near, far), order(far, near), order(near, near)) == (-1, 1, 0)
    assert order(near, Fraction(1)) is None
    assert order(near, INF) == -1
    assert NAN.known


def test_a_power_knows_what_its_exponential_magnifies():
    """Of large exponents; against mpmath with 300 digits."""
    for x, y in (("3/2", "1000001/4"), ("3/2", "10000001/8"), ("3/4", "-1000001/4")):
        one = worked_out(f"x^({y})", x=x)
        with mp.workdps(300):
            base, exponent = (
                mpf(part.numerator) / part.denominator for part in map(Fraction, (x, y))
            )
            assert abs(one.middle - mp.power(base, exponent)) <= one.radius


def test_what_is_too_large_to_be_written_is_neither_inf_nor_forgotten():
    """exp(1e30) and exp(-1e30): sums, products and quotients as their sizes have them."""
    with mp.workdps(60):
        large = balls.WORDS["exp"](Fraction(10**30))
        small = balls.WORDS["exp"](Fraction(-(10**30)))
        add, sub, mul, div = (balls.WORDS[name] for name in ("add", "sub", "mul", "div"))
        assert not large.known
        for nothing in (small, div(Fraction(1), large), div(Fraction(1), mul(large, Fraction(-3)))):
            assert nothing.middle == 0
            assert 0 < nothing.radius < mpf(10) ** -1000
        assert balls.WORDS["mul"](Fraction(0), large) == 0
        for unknown in (sub(large, large), div(large, large), mul(large, small)):
            assert unknown is UNKNOWN
        assert add(large, Fraction(7)).middle == mul(large, large).middle == INF.middle
        assert balls.WORDS["neg"](large).middle == -INF.middle


def test_an_overflow_is_no_pole():
    """1/(1 + exp(x)) is next to nothing, and exp(x)*exp(-x) is 1, which balls do not know."""
    assert worked_out("1/(1 + exp(x))", x="1e30").radius < mpf(10) ** -1000
    assert worked_out("exp(x)*exp(-x)", x="1e30") is UNKNOWN
    assert worked_out("1/cosh(x)^2", x="-1e30").middle == 0


def test_a_chain_of_distances_keeps_its_digits():
    """The norm of 400 numbers sqrt(2) is sqrt(800), and no step may lose a place."""
    with mp.workdps(50):
        root = total = balls.WORDS["sqrt"](Fraction(2))
        for _ in range(399):
            total = balls.WORDS["hypot"](total, root)
        assert abs(total.middle - mp.sqrt(800)) <= total.radius < mpf(10) ** -40


@pytest.mark.parametrize("name", ["exp", "log"])
@pytest.mark.parametrize("at", ["3e-9", "0.75", "1.25", "40.5", "12345678.25"])
@pytest.mark.parametrize("part", ["0.0156", "1e-3", "1e-30"])
def test_a_narrow_ball_holds_what_its_edges_have(name, at, part):
    """The edges are worked out by mpmath with 300 digits; hardly more is held than is needed."""
    function = getattr(mp, name)
    with mp.workdps(60):
        middle = mpf(at)
        radius = mpf(part) * (middle if name == "log" else 1)
        found = balls.WORDS[name](Ball(middle, radius))
    with mp.workdps(300):
        gaps = [abs(function(middle + side * radius) - found.middle) for side in (-1, 1)]
        assert max(gaps) <= found.radius <= mpf("1.05") * max(gaps)
