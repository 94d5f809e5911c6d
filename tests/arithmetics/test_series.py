"""Series against mpmath's Taylor coefficients, which it finds by numerical differentiation."""

from itertools import product
from math import isfinite

import mpmath
import pytest
from mpmath import mp, mpf

from backpropcli.arithmetics import digits, floats
from backpropcli.arithmetics.rules import word
from backpropcli.calculus.coefficients import taylor_coefficients
from backpropcli.calculus.lower import lower
from backpropcli.graph.operations import TABLE
from backpropcli.language.parse import parse
from tests.each import for_each

BASES = [floats, digits]


@pytest.fixture(autouse=True)
def _forty_digits():
    with mp.workdps(40):
        yield


def coefficients(text, values, name, order, base):
    lowered = lower(parse(text))
    bindings = {key: base.double(value) for key, value in values.items()}
    node = lowered.graph.variables().get(name, lowered.names.get(name))
    return taylor_coefficients(lowered.graph, lowered.outputs, bindings, node, order, base)[-1]


def agree(found, right, tolerance):
    scale = max(abs(number) for number in right)
    for one, other in zip(found, right, strict=True):
        assert abs(one - other) <= tolerance * max(abs(other), scale * mpf(10) ** -12)


def taylor(function, at, order):
    with mp.workdps(50):
        return mpmath.taylor(function, mpf(at), order)


UNARY = [
    name
    for name, row in TABLE.items()
    if len(row.parameters) == 1 and not (row.variadic or row.stops or row.helper or name == "not")
]
ELSEWHERE = dict.fromkeys(("acosh", "asec", "acsc", "acoth"), 1.75) | {"log1mexp": -0.625}
"""Where functions that do not exist at 0.625 are looked at."""


@for_each("name, base", product(UNARY, BASES))
def test_series_of_each_function(name, base):
    at = ELSEWHERE.get(name, 0.625)
    function = word(TABLE[name], digits)
    text = "-x" if name == "neg" else f"{name}(x)"
    right = taylor(function, at, 3)
    agree(coefficients(text, {"x": at}, "x", 3, base), right, 1e-11 if base is floats else 1e-25)


AT_ZERO = [
    name
    for name in UNARY
    if not TABLE[name].kinks and name != "softsign" and isfinite(word(TABLE[name], floats)(0.0))
]
"""Functions that are analytic at 0: the second derivative of softsign jumps there."""


@for_each("name", AT_ZERO)
def test_series_at_zero(name):
    """Forms that keep the digits of floats have choices and absolute values there."""
    right = taylor(word(TABLE[name], digits), 0, 4)
    found = coefficients("-x" if name == "neg" else f"{name}(x)", {"x": 0.0}, "x", 4, floats)
    agree(found, right, 1e-11)


BINARY = ["x^y", "y^x", "x/y", "atan2(x, y)", "hypot(y, x)", "logaddexp(x, y)", "mod(y, x)", "x^x"]


@for_each("text, base", product(BINARY, BASES))
def test_series_in_one_of_two(text, base):
    functions = {
        "x^y": lambda x, y: x**y,
        "y^x": lambda x, y: y**x,
        "x/y": lambda x, y: x / y,
        "atan2(x, y)": mpmath.atan2,
        "hypot(y, x)": mpmath.hypot,
        "logaddexp(x, y)": lambda x, y: mpmath.log(mpmath.exp(x) + mpmath.exp(y)),
        "mod(y, x)": lambda x, y: y - x * mpmath.floor(y / x),
        "x^x": lambda x, _: x**x,
    }
    right = taylor(lambda x: functions[text](x, mpf(2.25)), 0.625, 6)
    found = coefficients(text, {"x": 0.625, "y": 2.25}, "x", 6, base)
    agree(found, right, 1e-11 if base is floats else 1e-30)


def test_a_composition_in_many_digits():
    found = coefficients("(1-((u+1/u)/2)^(-4))^(1/8)", {"u": 0.1}, "u", 10, digits)
    right = taylor(lambda u: (1 - ((u + 1 / u) / 2) ** -4) ** (mpf(1) / 8), 0.1, 10)
    agree(found, right, 1e-12)


@pytest.mark.parametrize("base", BASES)
def test_high_orders_of_sine(base):
    found = coefficients("sin(x)", {"x": 0.5}, "x", 40, base)
    sine, cosine = mpmath.sin(0.5), mpmath.cos(0.5)
    cycle = [sine, cosine, -sine, -cosine]
    for power, number in enumerate(found):
        assert number == pytest.approx(cycle[power % 4] / mpmath.factorial(power), rel=1e-13)


def test_high_orders_of_lgamma():
    """DLMF 5.15.1: the derivatives of lgamma are polygamma functions."""
    found = coefficients("lgamma(x)", {"x": 2.5}, "x", 40, digits)
    for power in range(1, 41):
        right = mpmath.polygamma(power - 1, mpf(2.5)) / mpmath.factorial(power)
        assert mpmath.almosteq(found[power], right, rel_eps=mpf(10) ** -30)


def test_high_orders_of_tanh():
    """DLMF 4.33.3: tanh has Bernoulli numbers in its coefficients at 0."""
    found = coefficients("tanh(x)", {"x": 0.0}, "x", 40, digits)
    for k in range(1, 20):
        right = 4**k * (4**k - 1) * mpmath.bernoulli(2 * k) / mpmath.factorial(2 * k)
        assert mpmath.almosteq(found[2 * k - 1], right, rel_eps=mpf(10) ** -30)
        assert found[2 * k] == 0


def test_high_orders_of_gelu():
    """x*(1 + erf(x/sqrt(2)))/2, with erf as in DLMF 7.6.1."""
    found = coefficients("gelu(x)", {"x": 0.0}, "x", 40, digits)
    assert found[1] == 0.5
    for n in range(19):
        right = (-1) ** n / (mpf(2) ** n * mpmath.factorial(n) * (2 * n + 1))
        right /= mpmath.sqrt(2 * mp.pi)
        assert mpmath.almosteq(found[2 * n + 2], right, rel_eps=mpf(10) ** -30)


@for_each(
    "text, right",
    [
        ("relu(x)", [0, 0, 0]),
        ("abs(x)", [0, 0, 0]),
        ("max(x, x)", [0, 1, 0]),
        ("max(x, 3*x)", [0, 2, 0]),
        ("min(x, x^2, 5*x)", [0, 2, 1 / 3]),
        ("where(x > 0, x, 1/x)*0 + x^2", [float("nan")] * 3),
        ("where(x >= 0, x^2, sqrt(x - 5))", [0, 0, 1]),
        ("sg(x)*x", [0, 0, 0]),
        ("(x + 1)*sg(x + 1)", [1, 1, 0]),
        ("floor(x) + (x < 3)", [1, 0, 0]),
        ("x^2.5", [0, 0, 0]),
        ("sqrt(x)", [0, float("inf")]),
    ],
)
def test_choices_are_the_gradients(text, right):
    """Right by the table of conventions: an even share at ties, 0 at the kinks of abs and relu."""
    found = coefficients(text, {"x": 0.0}, "x", len(right) - 1, floats)
    assert found == pytest.approx(right, nan_ok=True)


def test_a_named_intermediate_moves_alone():
    """The series of w^2*x + y in w, around w = x*y = 6: 72 + 24 h + 2 h^2, plus y = 3."""
    found = coefficients("w = x*y; w^2*x + y", {"x": 2.0, "y": 3.0}, "w", 3, floats)
    assert found == [75, 24, 2, 0]


def test_a_rule_of_the_users_is_followed():
    """With the rule f' = 3*x the derivatives at 1 are 3, 3, 0: coefficients 3, 3/2, 0."""
    text = "def f(x) = x^3; rule f(x) = 3*x; f(a)"
    assert coefficients(text, {"a": 1.0}, "a", 3, floats) == [1, 3, 1.5, 0]


@pytest.mark.slow
def test_depth_is_no_recursion():
    text = "sin(" * 2000 + "x" + ")" * 2000
    found = coefficients(text, {"x": 0.0}, "x", 2, floats)
    assert found[:2] == [0, 1]


def test_what_does_not_move_is_constant():
    program = parse("y*2 + 0*x")
    node = program.graph.variables()["x"]
    bindings = {"x": 1.0, "y": 3.0}
    assert taylor_coefficients(program.graph, program.outputs, bindings, node, 2, floats) == [
        [6, 0, 0]
    ]
