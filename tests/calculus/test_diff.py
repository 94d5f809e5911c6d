"""diff(u, x): values and gradients against mpmath's differences, SymPy and closed forms; its size.

diff of the orders 1 to 4 of a 2x8x8x1 tanh network by one input, counted in nodes with the network
(299), which is most of it at first:

    order     0    1    2     3     4     5     6
    nodes   299  457  682  1002  1506  2258  3338
"""

from __future__ import annotations

import math
from itertools import pairwise, product
from operator import attrgetter

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from backpropcli.arithmetics import digits, floats
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.graph.operations import ROWS
from backpropcli.language.parse import parse
from backpropcli.language.unparse import unparse
from backpropcli.modes.formula import formulas
from backpropcli.modes.gradient import gradient
from tests.each import for_each
from tests.reference import applied, assert_linear, flat, nameless, slopes, value

INF = math.inf


def exactly(text, **point):
    """Return the value on 60 digits."""
    with mp.workdps(60):
        return mpf(value(text, digits, **{name: mpf(x) for name, x in point.items()}))


# By a variable, of order 1 to 4: the same formula in mpmath, and its own numeric derivatives

FORMULAS = {
    "sin(3*x)*exp(-x/2)": lambda x: mp.sin(3 * x) * mp.exp(-x / 2),
    "tanh(x^2 - 1)": lambda x: mp.tanh(x * x - 1),
    "log(1 + exp(k*x))/k": lambda x, k: mp.log(1 + mp.exp(k * x)) / k,
    "x^k": lambda x, k: x**k,
    "k^x": lambda x, k: k**x,
    "x^x": lambda x: x**x,
    "atan2(x, k)": mp.atan2,
    "hypot(x, k)": lambda x, k: mp.sqrt(x * x + k * k),
    "1/(1 + x^2)": lambda x: 1 / (1 + x * x),
    "sigmoid(2*x)*softplus(x)": lambda x: mp.log(1 + mp.exp(x)) / (1 + mp.exp(-2 * x)),
    "gelu(x)": lambda x: x * mp.ncdf(x),
    "erf(x)*gamma(x + 1)": lambda x: mp.erf(x) * mp.gamma(x + 1),
    "lgamma(x)": mp.loggamma,
    "sqrt(x + cbrt(x))": lambda x: mp.sqrt(x + mp.cbrt(x)),
    "x^5 - 4*x^3 + x": lambda x: x**5 - 4 * x**3 + x,
    "logaddexp(x, k*x^2)": lambda x, k: mp.log(mp.exp(x) + mp.exp(k * x * x)),
    "asinh(x)/acosh(x + 2)": lambda x: mp.asinh(x) / mp.acosh(x + 2),
    "where(x > 0, x^3, -x)": lambda x: x**3 if x > 0 else -x,
    "max(x^2, k)*abs(x - 5)": lambda x, k: max(x * x, k) * abs(x - 5),
}


@pytest.mark.slow
@for_each("text, order", [*product(FORMULAS, (1, 2, 3, 4))])
def test_diff_is_the_derivative(text, order):
    function = FORMULAS[text]
    point = {"x": 0.7} | ({"k": 1.3} if "k" in text else {})
    with mp.workdps(60):
        rest = [mpf(x) for x in [*point.values()][1:]]
        expected = mp.diff(lambda x: function(x, *rest), mpf(0.7), order)
        once = f"diff({text}, x, {order})"
        nested = "diff(" * order + text + ", x)" * order
        found = exactly(once, **point)
        assert abs(found - expected) <= mpf(10) ** -20 * max(1, abs(expected))
        assert exactly(nested, **point) == found
    assert value(once, **point) == pytest.approx(float(expected), rel=1e-9)


@pytest.mark.slow
@for_each("text, order", [*product(FORMULAS, (1, 2, 3))])
def test_the_gradient_of_diff_is_the_next_derivative(text, order):
    """By x it is diff once more; by k it is the mixed partial, from mpmath."""
    point = {"x": 0.7} | ({"k": 1.3} if "k" in text else {})
    found = slopes(f"diff({text}, x, {order})", **point)
    expected = float(exactly(f"diff({text}, x, {order + 1})", **point))
    assert found.get("x", 0.0) == pytest.approx(expected, rel=1e-8, abs=1e-12)
    if "k" in found:
        with mp.workdps(60):
            mixed = mp.diff(FORMULAS[text], (mpf(0.7), mpf(1.3)), (order, 1))
        assert found["k"] == pytest.approx(float(mixed), rel=1e-8, abs=1e-12)


def test_high_orders():
    """By hand: of sin; of 1/x, (-1)^n n!/x^(n+1); of x^20, 20!; of log, (-1)^(n-1) (n-1)!/x^n."""
    assert value("diff(sin(2*x), x, 20)", x=0.3) == pytest.approx(2**20 * math.sin(0.6), rel=1e-13)
    assert value("diff(1/x, x, 12)", x=2.0) == pytest.approx(math.factorial(12) / 2**13, rel=1e-12)
    assert value("diff(x^20, x, 20)", x=0.0) == math.factorial(20)
    assert value("diff(log(x), x, 9)", x=1.0) == pytest.approx(math.factorial(8), rel=1e-12)


@pytest.mark.slow
def test_against_sympy():
    """Derivatives of SymPy's own of the same formula, evaluated on 30 digits."""
    x, y = sympy.symbols("x y", positive=True)
    formula = sympy.sin(x * y) ** 2 / (x + sympy.exp(-y)) + x**y
    text = "sin(x*y)^2/(x + exp(-y)) + x^y"
    point = {x: sympy.Rational(3, 4), y: sympy.Rational(5, 4)}
    for path in ("x", "y", "xx", "xy", "yx", "yy", "xxy", "xyx", "yyx", "xyxy"):
        expected = formula
        call = text
        for name in path:
            expected = expected.diff(x if name == "x" else y)
            call = f"diff({call}, {name})"
        number = float(expected.subs(point).evalf(30))
        assert value(call, x=0.75, y=1.25) == pytest.approx(number, rel=1e-11), path


@pytest.mark.parametrize("text", ["x^y*sin(x*y)", "atan2(x, y)*exp(x - y^2)", "tanh(w*x + y)/y"])
def test_mixed_partials_are_equal(text):
    """Schwarz: the order of differentiation does not matter."""
    point = {"x": 0.75, "y": 1.25} | ({"w": 0.5} if "w" in text else {})
    for first, second in (
        (f"diff(diff({text}, x), y)", f"diff(diff({text}, y), x)"),
        (f"diff(diff({text}, x, 2), y)", f"diff(diff(diff({text}, x), y), x)"),
        (f"diff(diff({text}, x, 2), y, 2)", f"diff(diff({text}, y, 2), x, 2)"),
    ):
        one, two = exactly(first, **point), exactly(second, **point)
        assert abs(one - two) < mpf(10) ** -45 * max(1, abs(one))


def test_what_is_0_by_two_exponents_moves_with_them():
    """By hand: (x^y)^z is x^(y*z), and its derivative by x and z is y/x at z = 0."""
    assert value("diff(diff((x^y)^z, x), z)", x=2.0, y=3.0, z=0.0) == 3 / 2


# By intermediates


def test_by_an_intermediate():
    """All else is held: by hand d/dz (z^2 + x z) = 2z + x, although z moves with x."""
    text = "z = w*x; u = z^2 + x*z\n"
    assert value(text + "diff(u, z)", w=2.0, x=3.0) == 2 * 6 + 3
    assert value(text + "diff(u, z, 2)", w=2.0, x=3.0) == 2
    assert value(text + "diff(u, x)", w=2.0, x=3.0) == 2 * 6 * 2 + 6 + 2 * 3
    assert value(text + "diff(u, u)", w=2.0, x=3.0) == 1
    assert value(text + "diff(diff(u, z), x)", w=2.0, x=3.0) == 2 * 2 + 1
    assert slopes(text + "diff(u, z)", w=2.0, x=3.0) == {"w": 6, "x": 5}


def test_a_name_may_be_another_names_other_name():
    assert value("a = x; diff(a^3, a)", x=2.0) == 12
    assert value("a = x; diff(x^3, a)", x=2.0) == 0  # x moves a, and a does not move x
    assert value("a = x^2; b = a; diff(b^3, b)", x=2.0) == 48
    assert value("a = x^2; b = a; diff(b^3, a)", x=2.0) == 48
    assert value("a = x^2; b = a; diff(a^3, b)", x=2.0) == 0


def test_by_an_output_of_a_function():
    text = "def f(x) = x^2; z = f(y); diff(sin(z)*y, z)"
    assert value(text, y=1.5) == pytest.approx(math.cos(2.25) * 1.5)


def test_the_euler_lagrange_equation_of_a_pendulum():
    """By hand: L = m l^2 w^2/2 + m g l cos(q), dL/dw = m l^2 w, dL/dq = -m g l sin(q)."""
    text = "L = m*l^2*w^2/2 + m*g*l*cos(q)\n"
    point = {"m": 1.2, "l": 0.7, "w": 0.3, "g": 9.81, "q": 0.4}
    assert value(text + "diff(L, w)", **point) == pytest.approx(1.2 * 0.49 * 0.3)
    assert value(text + "diff(L, q)", **point) == pytest.approx(-1.2 * 9.81 * 0.7 * math.sin(0.4))
    assert slopes(text + "diff(L, w)", **point)["w"] == pytest.approx(1.2 * 0.49)


# In functions


def test_in_a_body_by_a_parameter():
    """The derivative is taken where it is written; the argument is put in afterwards."""
    head = "def slope(x, k) = diff(x^3*k, x)\n"
    assert value(head + "slope(y, 2)", y=4.0) == 96
    assert value(head + "slope(2*y, 1)", y=4.0) == 3 * 64  # not 2*3*64
    assert value(head + "slope(y, y)", y=4.0) == 3 * 64  # k is held
    assert slopes(head + "slope(2*y, y)", y=4.0) == {"y": 3 * 64 + 6 * 8 * 2 * 4}
    assert value(head + "slope(5, 1)") == 75
    assert value("def d2(x) = diff(x^4, x, 2); d2(d2(x))", x=1.0) == 12 * 144


def test_diff_of_a_body_with_diff():
    """By hand: f = 3x^2, so d/dy f(2y) = 6 (2y) 2 and its derivative 24."""
    head = "def f(x) = diff(x^3, x)\n"
    assert value(head + "diff(f(2*y), y)", y=5.0) == 120
    assert value(head + "diff(f(2*y), y, 2)", y=5.0) == 24


def test_newtons_method_in_functions():
    """One step from 1.5 for x^2 = 2, by hand 1.5 - 0.25/3."""
    head = "def f(x) = x^2 - 2; def step(x) = x - f(x)/diff(f(x), x)\n"
    assert value(head + "step(x)", x=1.5) == pytest.approx(1.5 - 0.25 / 3, rel=1e-15)
    assert value(head + "step(step(step(step(x))))", x=1.5) == pytest.approx(
        math.sqrt(2), rel=1e-15
    )
    # the derivative of a Newton step is f f''/f'^2
    assert slopes(head + "step(x)", x=1.5)["x"] == pytest.approx(0.25 * 2 / 9)


def test_where_the_derivatives_of_bodies_stand():
    """An inner derivative that the program does not need has no place in it."""
    lowered = lower(parse("def f(x) = diff(x^3, x, 2); def g(x) = f(f(x)); y + g(y)"))
    assert len(lowered.diffs) == 4  # a first and a second derivative for each of two calls
    inner, outer = lowered.diffs[1::2]
    # both come from the one call that is written, and say what their parameter stands for: 1, 6
    assert {lowered.program.text(diff.surface) for diff in lowered.diffs} == {"g(y)"}
    values = forward(lowered.graph, floats, {"y": 1.0})
    assert [values[diff.given["x"]] for diff in (inner, outer)] == [1, 6]
    # each is the derivative 6x, written out in the function's own graph
    for diff in (inner, outer):
        assert forward(diff.graph, floats, {"x": 5.0})[diff.node] == 30


# What is held, what does not move, and what has no derivative


def test_sg_inside():
    """By hand: what stands in sg is a number for every derivative, and moves for none."""
    assert value("diff(sg(x)*x, x)", x=3.0) == 3
    assert value("diff(sg(x)*x^2, x, 2)", x=3.0) == 6
    assert value("diff(sg(x^2), x)", x=3.0) == 0
    assert slopes("diff(sg(x)*x, x)", x=3.0) == {"x": 0}
    assert slopes("diff(sg(x)*x^2, x)", x=3.0) == {"x": 6}  # sg(x)*2x by x
    assert slopes("sg(diff(x^3, x))*x", x=3.0) == {"x": 27}
    assert value("diff(sg(diff(x^3, x))*x, x)", x=3.0) == 27
    assert value("u = sg(x)*x; diff(u, x)*diff(x^2, x)", x=3.0) == 18


def test_what_does_not_depend_is_0():
    for text in ("diff(y, x)", "diff(2, x)", "diff(sin(y)*e, x)", "diff(floor(x), x)",
                 "diff(x < 1, x)", "diff(x, x, 2)", "diff(x^3, x, 5)", "diff(round(3*x) + y, x)",
                 "diff(sign(x), x)", "diff(diff(x*y, x), x)", "z = w*y; diff(x, z)"):  # fmt: skip
        program = parse(text + " + 0*(w + x + y)")
        report = gradient(program, {"w": 1.0, "x": 2.0, "y": 3.0})
        assert report.value == 0, text
        assert set(report.gradient.values()) == {0.0}, text


def test_a_diff_that_is_0_for_certain_is_warned_of():
    def warnings(text):
        return lower(parse(text)).warnings

    assert warnings("diff(y, x)") == [
        "diff(y, x) is 0: nothing in it moves with its second argument"
    ]
    assert warnings("diff(floor(x), x)")
    assert not warnings("diff(x^2, x)")
    assert not warnings("diff(x, x)")


def test_equal_numbers_do_not_move_with_a_name():
    """By hand: x^2, and sin(pi x); the 2 and the pi that have no name stay where they are."""
    assert value("c = 2; diff(c*x^2, c)", x=3.0) == 9
    assert value("c = pi; diff(sin(pi*x)*c, c)", x=0.25) == pytest.approx(math.sqrt(0.5))
    assert value("diff(c*x^2, c)", c=2.0, x=3.0) == 9


@for_each(
    "text, x, expected",
    [
        ("relu(x)", 0.0, 0), ("relu(x)", 2.0, 1), ("abs(x)", 0.0, 0), ("abs(x)", -2.0, -1),
        ("max(x, 0)", 0.0, 0.5), ("max(x, x)", 1.0, 1), ("min(x, 2*x, 3)", 0.0, 1.5),
        ("clip(x, 0, 1)", 1.0, 0), ("clip(x, 0, 1)", 2.0, 0), ("leaky_relu(x)", 0.0, 0.01),
        ("sqrt(x)", 0.0, INF), ("hypot(x, x)", 0.0, 0), ("x^0", 0.0, 0), ("x^1", 0.0, 1),
        ("x^2", 0.0, 0), ("x^3", -2.0, 12), ("0^x", 0.0, -INF), ("mod(x, 2)", 4.0, 1),
        ("huber(x)", 1.0, 1), ("log(x)", 0.0, INF), ("sign(x)", 0.0, 0), ("x*abs(x)", 0.0, 0),
        ("where(x > 0, x^2, x)", 0.0, 1), ("where(x > 0, sqrt(x), 2*x)", -1.0, 2),
        ("where(x == 0, 1, sin(x)/x)", 0.0, 0), ("max(sqrt(x), 1)", 0.0, 0),
        ("relu(log(x))", 0.5, 0), ("relu(sqrt(x) - 1)", 0.0, 0), ("min(exp(x), 5)", 1000.0, 0),
        ("where(x > 0, log(x), 2*x)", 0.0, 2),
    ],
)  # fmt: skip
def test_kinks_are_as_in_the_gradient(text, x, expected):
    """The conventions are those of the design's table, which test_passes has for gradients."""
    assert value(f"diff({text}, x)", x=x) == pytest.approx(expected)
    assert slopes(text, x=x)["x"] == pytest.approx(expected)
    assert value(f"diff(3*({text}) - x, x)", x=x) == pytest.approx(3 * expected - 1)


def test_second_derivatives_at_kinks_are_those_of_the_branch():
    assert value("diff(relu(x)^2, x, 2)", x=2.0) == 2
    assert value("diff(relu(x)^2, x, 2)", x=-2.0) == 0
    assert value("diff(where(x > 0, x^3, x^2), x, 2)", x=0.0) == 2
    assert value("diff(max(x^2, 3*x), x, 2)", x=1.0) == 0
    assert value("diff(max(x^2, 3*x), x, 2)", x=4.0) == 2
    assert value("diff(abs(x)^3, x, 2)", x=-2.0) == pytest.approx(12)


EDGES = [0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.5, 3.0, 30.0, -30.0]
NO_FUNCTIONS = {"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not", "sg", "name", "result"}


@pytest.mark.slow
@for_each("row", [row for row in ROWS if row.name not in NO_FUNCTIONS], ids=attrgetter("name"))
def test_diff_of_each_operation_is_its_gradient(row):
    """Forward over the graph and the reverse pass are two ways to the same number."""
    count = len(row.parameters) + row.variadic
    names = [f"v{index}" for index in range(count)]
    call = applied(row, *names)

    def value(text, **point):
        lowered = lower(parse(text, point, helpers=True))
        return forward(lowered.graph, floats, point)[lowered.outputs[0]]

    def slopes(text, **point):
        return gradient(parse(text, point, helpers=True), point).gradient

    for shift in range(len(EDGES)):
        point = {name: EDGES[(shift + 3 * at) % len(EDGES)] for at, name in enumerate(names)}
        expected = slopes(call, **point)
        for name in names:
            found = value(f"diff({call}, {name})", **point)
            assert found == pytest.approx(expected[name], rel=1e-11, nan_ok=True), (name, point)


# Physics


def test_the_residual_of_a_physics_informed_network():
    """By hand: u = tanh(s), s = w t + b; r = w (1 - u^2) + k u; dL = 2 r dr.

    du/dw = t (1 - u^2), dr/dw = (1 - u^2) - 2 w u du/dw + k du/dw, and by b with t -> 1 and
    without the first term.
    """
    text = "u = tanh(w*t + b); r = diff(u, t) + k*u; L = r^2"
    w, t, b, k = 0.8, 0.5, -0.3, 1.7
    u = math.tanh(w * t + b)
    rest = 1 - u * u
    r = w * rest + k * u
    by_w = rest - 2 * w * u * t * rest + k * t * rest
    by_b = -2 * w * u * rest + k * rest
    assert value(text, w=w, t=t, b=b, k=k) == pytest.approx(r * r, rel=1e-14)
    found = slopes(text, w=w, t=t, b=b, k=k)
    assert found["w"] == pytest.approx(2 * r * by_w, rel=1e-13)
    assert found["b"] == pytest.approx(2 * r * by_b, rel=1e-13)
    assert found["k"] == pytest.approx(2 * r * u, rel=1e-13)
    assert found["t"] == pytest.approx(2 * r * w * by_b, rel=1e-13)


def test_the_heat_and_the_wave_equation():
    """Solutions known in closed form leave no residual."""
    heat = "u = exp(-a*k^2*t)*sin(k*x); diff(u, t) - a*diff(u, x, 2)"
    wave = "u = sin(x - c*t) + (x + c*t)^3; diff(u, t, 2) - c^2*diff(u, x, 2)"
    burgers = "u = x/(1 + t); diff(u, t) + u*diff(u, x)"
    for text in (heat, wave, burgers):
        point = dict.fromkeys(parse(text).graph.variables(), 0.7)
        assert abs(exactly(text, **point)) < mpf(10) ** -55


# Size


def size(text):
    """Return how many nodes the output of a program takes, names left out."""
    graph, root = flat(text)
    return len(nameless(graph, [root])[0])


def network():
    """Return the lines of a 2x8x8x1 tanh network in scalars, u of x and t."""
    lines = [f"h{j} = tanh(w{j}0*x + w{j}1*t + b{j})" for j in range(8)]
    for j in range(8):
        terms = " + ".join(f"v{j}{i}*h{i}" for i in range(8))
        lines.append(f"g{j} = tanh({terms} + c{j})")
    lines.append("u = " + " + ".join(f"o{j}*g{j}" for j in range(8)) + " + d")
    return "\n".join(lines) + "\n"


@pytest.mark.slow
def test_derivatives_of_a_network_share_their_nodes():
    counts = [size(network())]
    counts += [size(network() + f"diff(u, x, {order})") for order in range(1, 7)]
    assert counts[0] == 299
    assert counts[1] < 600
    growths = [after / before for before, after in pairwise(counts)]
    assert max(growths) < 2
    mixed = size(network() + "diff(diff(u, x, 2), t, 2)")
    assert mixed < 4 * counts[0] * 2**2


def test_a_network_in_layers_of_functions_is_the_same_graph():
    head = "def unit(a, b, w, v, c) = tanh(w*a + v*b + c)\n"
    text = "h = unit(x, t, w0, v0, b0); g = unit(x, t, w1, v1, b1); u = h*o0 + g*o1\n"
    plain = "h = tanh(w0*x + v0*t + b0); g = tanh(w1*x + v1*t + b1); u = h*o0 + g*o1\n"
    for last in ("u", "diff(u, x)", "diff(u, x, 2) + diff(u, t)"):
        assert size(head + text + last) == size(plain + last)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["tanh(x)", "tanh(tanh(x))", "sin(x)*exp(x)", "sqrt(1 + x^2)",
                                  "sigmoid(sin(x))", "log(1 + exp(x))/x", "gelu(x)"])  # fmt: skip
def test_high_orders_grow_as_a_polynomial(text):
    """From order 5 to 10, the count grows by less than 2^4: an exponential 2^n would take 2^5."""
    counts = [size(f"diff({text}, x, {order})") for order in (5, 10)]
    assert counts[1] < 2**4 * counts[0]


def test_a_product_of_many_factors_is_linear():
    """Written out, the derivative has as many terms as factors, each as long."""
    counts = []
    for count in (200, 400):
        text = "*".join(f"sin({index}*x)" for index in range(1, count + 1))
        counts.append(size(f"diff({text}, x)"))
    assert counts[1] < 2.1 * counts[0]


@pytest.mark.slow
def test_a_deep_chain():
    """2,000 deep: no recursion, and three nodes a link: sin, its cosine, their product."""
    deep = "sin(" * 2000 + "x" + ")" * 2000
    graph, root = flat(f"diff({deep}, x)")
    assert len(nameless(graph, [root])[0]) <= 3 * 2000 + 1
    assert size(f"diff({deep}, x, 2)") < 8 * 2000
    expected, x = 1.0, 0.5
    for _ in range(2000):  # the chain rule by hand
        expected *= math.cos(x)
        x = math.sin(x)
    assert forward(graph, floats, {"x": 0.5})[root] == pytest.approx(expected)
    assert len(unparse(graph, root)) < 60 * 2000
    lower(parse(f"z = {deep}\ndiff(z, x) + diff(z, z)"))


def test_the_work_on_a_deep_chain_is_linear():
    def chain(depth):
        return f"z = {'sin(' * depth}x{')' * depth}\ndiff(z, x) + diff(z, z)"

    assert_linear(flat, chain)


def test_asking_again_makes_nothing_new():
    one = size("u = tanh(w*x); diff(u, x)")
    assert size("u = tanh(w*x); diff(u, x)*diff(u, x)") == one + 1
    assert size("u = tanh(w*x); a = diff(u, x); b = diff(u, x); a*b") == one + 1
    many = "\n".join(f"a{index} = diff(u, x)*{index}" for index in range(2, 300))
    total = " + ".join(f"a{index}" for index in range(2, 300))
    assert size(f"u = tanh(w*x)\n{many}\n{total}") < one + 3 * 300


# Any program


@st.composite
def smooth_texts(draw):
    """Draw statements of smooth operations; the last defines u."""
    names, lines = ["x", "y"], []
    for index in range(draw(st.integers(1, 8))):
        pick = st.sampled_from(names) | st.sampled_from(names[-2:])
        a, b = draw(pick), draw(pick)
        form = draw(
            st.sampled_from(
                ["{a}*{b}", "{a} + {b}", "{a} - 2*{b}", "sin({a})", "tanh({a} + {b})", "{a}^2",
                 "exp(-{a}*{a})", "{a}/(1 + {b}^2)", "softplus({a})", "gelu({a})", "atan({a}*{b})",
                 "sg({a})*{b}", "where({a} > {b}, {a}*{b}, {b}^2)", "-{a}", "hypot({a}, 1)"]
            )
        )  # fmt: skip
        lines.append(f"z{index} = {form.format(a=a, b=b)}")
        names.append(f"z{index}")
    lines.append(f"u = {names[-1]} + 0*(x + y)")
    return "\n".join(lines) + "\n", draw(st.sampled_from(names))


@pytest.mark.slow
@given(smooth_texts(), st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
def test_diff_by_anything_is_the_gradient_by_it(drawn, x, y):
    text, name = drawn
    program = parse(text)
    if name not in {**program.names, "x": 0, "y": 0}:  # nothing needs it
        return
    expected = gradient(program, {"x": x, "y": y}, [name]).gradient[name]
    assert value(text + f"diff(u, {name})", x=x, y=y) == pytest.approx(
        expected, rel=1e-9, abs=1e-12
    )
    # and one order up, diff of diff is the gradient of diff
    once = gradient(parse(text + f"d = diff(u, {name}) + 0*(x + y)"), {"x": x, "y": y})
    twice = value(text + f"diff(diff(u, {name}), x)", x=x, y=y)
    assert twice == pytest.approx(once.gradient["x"], rel=1e-9, abs=1e-12)


def test_an_exponent_is_not_rounded():
    """The slope of x^y is y*x^(y - 1), by mpmath at the double 0.1: 0.1 - 1 is no double."""
    with mp.workdps(50):
        exponent, x = mpf(0.1), mpf(1e300)
        truth = float(exponent * x ** (exponent - 1))
    assert value("diff(x^0.1, x)", x=1e300) == pytest.approx(truth, rel=1e-15, abs=0)


def test_nothing_that_arrives_twice_is_nothing():
    """An infinite slope times 0 has no value, whether that arrives by one way or by two."""
    for text in ("sqrt(0*x)", "sqrt(0*x + x*0)"):
        assert math.isnan(value(f"diff({text}, x)", x=0.0))
        assert math.isnan(slopes(text, x=0.0)["x"])


@pytest.mark.parametrize(
    ("a", "b", "slope"), [(1.0, 1.0, 4), (1.0, -1.0, 12), (-1.0, 1.0, 1), (-1.0, -1.0, 1)]
)
def test_a_choice_within_a_choice_asks_both(a, b, slope):
    """The slopes of x^2, x^3 and x at 2, by hand."""
    text = "where(a > 0, where(b > 0, x^2, x^3), x)"
    assert value(f"diff({text}, x)", x=2.0, a=a, b=b) == slope
    assert slopes(text, x=2.0, a=a, b=b)["x"] == slope
    assert value(formulas(parse(text), ["x"]).gradient["x"], x=2.0, a=a, b=b) == slope


@pytest.mark.parametrize(
    ("text", "x"),
    [
        *(("log(x)", -1.5), ("log1p(x)", -1.5), ("log2(x)", -1.5), ("log10(x)", -1.5)),
        *(("log1mexp(x)", 1.5), ("logit(x)", -1.5), ("logit(x)", 1.5), ("atanh(x)", 1.5)),
        *(("acoth(x)", 0.5), ("asech(x)", -1.5), ("xlogy(2, x)", -1.5), ("xlog1py(2, x)", -1.5)),
    ],
)
def test_what_has_no_value_has_no_derivative_of_any_order(text, x):
    """There is no function near the point, so nothing to differentiate."""
    for order in (1, 2, 3):
        assert math.isnan(value(f"diff({text}, x, {order})", x=x))
    assert math.isnan(slopes(f"diff({text}, x)", x=x)["x"])
