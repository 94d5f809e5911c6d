"""Derivatives tidied: every law is proved, and drawn programs keep their values.

What a formula should look like was worked out by hand, as in textbooks. What it is held against is
the reverse pass before anything is tidied; ``test_formula`` holds formulas against differences of
the function itself.
"""

from __future__ import annotations

from itertools import product

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.nodes.identities import ON_REALS
from backpropcli.arithmetics.tidy.gaps import BOTH, NO_NUMBER, handed_on
from backpropcli.arithmetics.tidy.signs import IMAGES, NONNEGATIVE, POSITIVE, REAL, Signs
from backpropcli.arithmetics.tidy.tidy import Tidy
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import ROWS, TABLE
from backpropcli.language.parse import parse
from backpropcli.language.unparse import unparse
from backpropcli.modes.formula import formulas
from backpropcli.proof.equality.equal import Equal, equal
from backpropcli.render.results.formula import program_text
from tests.each import for_each
from tests.reference import assert_linear

NUMBERS = [("3", "2"), ("1", "-1"), ("0.5", "0.1"), ("-7", "7")]


def shown(text, *wrt):
    """Return the statements of the derivatives."""
    return program_text(formulas(parse(text), wrt))


def proved_equal(left, right):
    """Say whether two texts are equal wherever the left has a value, at sampled points."""
    one, other = parse(left), parse(right)
    graph = one.graph.copy()
    written = graph.write(other.graph)[other.root]
    found = equal(graph, one.root, written, symbolic=False)
    return isinstance(found, Equal) and not found.conventions


def tidied(text):
    """Return the text of an expression that is tidied as a derivative would be."""
    program = parse(text)
    function = Graph()
    for name in ("x", "y", "z"):
        function.node("variable", (), name)
    raw = function.copy()
    root = raw.write(program.graph)[program.root]
    tidy = Tidy(raw, function, [root], ())
    return unparse(tidy.graph, tidy.places[0])


@pytest.mark.slow
@pytest.mark.parametrize(("left", "right"), ON_REALS)
def test_what_holds_on_the_real_numbers_is_proved(left, right):
    assert proved_equal(left, right)
    assert tidied(left) == tidied(right)


LAWS = (
    ("m*x + n*x", "(m + n)*x"),
    ("x*y + 2*(y*x)", "3*x*y"),
    ("-(x - y)", "y - x"),
    ("x/y/z", "x/(y*z)"),
    ("x*x^2*x^3", "x^6"),
    ("x^2/x^5", "1/x^3"),
    ("(x*y)^2", "x^2*y^2"),
    ("(x^3)^2", "x^6"),
    ("sqrt(x)/x", "1/sqrt(x)"),
    ("sqrt(x)^2*sqrt(x)", "x^(3/2)"),
    ("x/y^2/(1 + (x/y)^2)", "x/(y^2 + x^2)"),
    ("sin(x)*y + sin(x)*z", "sin(x)*(y + z)"),
    ("x*(1 - y) - y*(1 - x)", "x - y"),
    ("1/(1 + x^2) - 2*x^2/(1 + x^2)^2", "(1 - x^2)/(1 + x^2)^2"),
    ("1/x + 1/(1 - x)", "1/(x*(1 - x))"),
    ("2*where(x > y, 3, 0)", "where(x > y, 6, 0)"),
    ("1/where(x > y, 4, 2)", "where(x > y, 1/4, 1/2)"),
    ("where(x > y, x, 0) + where(x > y, z, 2)", "where(x > y, x + z, 2)"),
    ("where(x > y, where(x > y, x, z), 2)", "where(x > y, x, 2)"),
    ("where(x > y, where(y > z, x, 0), 0)", "where(x > y and y > z, x, 0)"),
    ("where(x < y, 0, z)", "where(x >= y, z, 0)"),
    ("where(x < 0 or y >= 1, 0, z)", "where(x >= 0 and y < 1, z, 0)"),
    (
        "where(x >= y, where(x == y, 1/2, 1)*max(x, y)*z, 0)",
        "where(x > y, x*z, where(x == y, x*z/2, 0))",
    ),
    ("where(x >= y, where(x == y, -1/2, 0), 0)", "where(x == y, -1/2, 0)"),
)
"""Examples of all else that is done to formulas for people: ``tidy`` makes of both sides the same.

m and n are numbers. A side may have values where the other has none, at 0 for instance.
"""


@pytest.mark.slow
@pytest.mark.parametrize(("left", "right"), LAWS)
def test_laws_are_proved_and_applied(left, right):
    for m, n in NUMBERS if "m*" in left else [("", "")]:
        one, other = (text.replace("m", m).replace("n*", f"{n}*").replace(" n", f" {n}")
                      if m else text for text in (left, right))  # fmt: skip
        assert proved_equal(one, other)
        assert tidied(one) == tidied(other)


def test_a_wrong_law_is_not_proved():
    assert not proved_equal("(x^2)^0.5", "x")
    assert not proved_equal("sqrt(x^2)", "x")
    assert not proved_equal("where(x < y, 0, z)", "where(x > y, z, 0)")


@for_each(
    "text, wrt, expected",
    [
        ("sqrt(1-x^2)", "x", "-x/sqrt(1 - x^2)"),
        ("x^0.5", "x", "0.5*x^-0.5"),
        ("x^(1/3)", "x", "1/(3*x^(2/3))"),
        ("m*c^2/sqrt(1 - v^2/c^2)", "v", "m*v/(1 - v^2/c^2)^(3/2)"),
        ("sin(x)^2+cos(x)^2", "x", "0"),
        ("e^-x", "x", "-e^-x"),
        ("max(x,0)", "x", "where(x > 0, 1, where(x == 0, 0.5, 0))"),
        ("min(x,y)", "y", "where(y < x, 1, where(y == x, 0.5, 0))"),
        ("max(x,y)^2", "x", "where(x > y, 2*x, where(x == y, x, 0))"),
        ("where(x>0, x^2, -x)", "x", "where(x > 0, 2*x, -1)"),
        ("relu(x)", "x", "where(x > 0, 1, 0)"),
        ("clip(x, 0, 1)", "x", "where(x > 0 and x < 1, 1, 0)"),
        ("-1/3*x^3+6*x^2-11*x-50", "x", "-x^2 + 12*x - 11"),
        ("G*m1*m2/r^2", "r", "-2*G*m1*m2/r^3"),
        ("atan(y/x)", "x", "-y/(x^2 + y^2)  # where x != 0"),
        ("elu(x)", "x", "where(x > 0, 1, exp(x))"),
        ("mish(x)", "x", "tanh(softplus(x)) + x*sech(softplus(x))^2*sigmoid(x)"),
        ("exp(-x^2/2)*sin(w*x)", "x", "exp(-x^2/2)*(w*cos(w*x) - x*sin(w*x))"),
        ("x*(1-x)", "x", "1 - 2*x"),
        ("x*log(x)", "x", "log(x) + 1"),
        ("tan(x)", "x", "1 + tan(x)^2"),
        ("x^2*exp(x)", "x", "x*exp(x)*(x + 2)"),
        ("abs(x)^2", "x", "2*x"),
        ("(a+b)/(a-b)", "a", "-2*b/(a - b)^2"),
        ("x/(1+x^2)", "x", "(1 - x^2)/(1 + x^2)^2"),
        ("0*sqrt(x)", "x", "0/sqrt(x)"),
        ("0*sin(x)", "x", "0"),
        ("silu(x)", "x", "sigmoid(x)*(1 + x*(1 - sigmoid(x)))"),
        ("0.1*x + 0.2*x^2", "x", "0.4*x + 0.1"),
        ("x^2*1.00000000000000000001", "x", "2*1.00000000000000000001*x"),
        ("selu(x)", "x", "where(x > 0, 1.0507009873554805, 1.7580993408473768*exp(x))"),
        ("x^2/2048", "x", "x/1024"),
        ("x^7/5040", "x", "x^6/720"),
        ("x^n", "x", "n*x^(n - 1)  # where x != 0 or n != 0"),
        ("a*x^(n + 1)", "x", "a*x^n*(n + 1)  # where x != 0 or n + 1 != 0"),
        ("exp(x)^n", "n", "x*exp(x)^n"),
        ("x^x", "x", "x^x*(log(x) + 1)"),
        ("log(x^n)", "x", "n*x^(n - 1)/x^n  # where x != 0 or n != 0"),
        ("K^n/(K^n + x^n)", "K", "n*x^n*K^(n - 1)/(K^n + x^n)^2  # where K != 0 or n != 0"),
        (
            "where(y > 0, log(y), 0)*x^n",
            "x",
            "where(n != 0, n*where(y > 0, log(y), 0)*x^(n - 1), 0)",
        ),
        ("hypot(x, y)", "x", "x/hypot(x, y)  # where hypot(x, y) != 0"),
        ("1/hypot(x, y)", "x", "-x/hypot(x, y)^3"),
        ("a*exp(-b*t)*cos(c*t)", "t", "-a*exp(-b*t)*(b*cos(c*t) + c*sin(c*t))"),
    ],
)
def test_formulas_as_a_person_writes_them(text, wrt, expected):
    assert "; ".join(shown(text, wrt)) == rewritten(expected)


def rewritten(text):
    body, sign, comment = text.partition("  #")
    program = parse(body)
    return unparse(program.graph, program.root) + sign + comment


def test_the_famous_slope_of_logistic_loss():
    lines = shown("z = w*x + b; p = sigmoid(z); -(y*log(p) + (1 - y)*log(1 - p))", "w", "b")
    assert lines[-3:-1] == ["d_dw = x*(p - y)", "d_db = p - y"]


def test_derivatives_come_in_the_order_of_the_variables():
    assert shown("a*x^2+b*x+c") == [
        "d_da = x^2", "d_dx = 2*a*x + b", "d_db = x", "d_dc = 1", "outputs: d_da, d_dx, d_db, d_dc"
    ]  # fmt: skip


@for_each(
    "text, conditions",
    [
        ("x/x", ["x != 0"]),
        ("sqrt(x)*sqrt(x)", ["x > 0"]),
        ("(x - x)*sqrt(floor(x))", ["floor(x) >= 0"]),  # the square root of a negative number
        ("log(x^2) - 2*log(x)", ["x != 0"]),
        ("log(x)*x", []),
        ("exp(x)/exp(x)", []),
        ("(1 + x^2)/(1 + x^2)", []),
        ("x^2/x^5", []),
        ("0*sin(x)", []),
        ("0*log(x)", []),
        ("sigmoid(x)*log(1 - sigmoid(x))", []),
    ],
)
def test_what_is_cancelled_is_told(text, conditions):
    """x/x has no value at 0, and neither has its derivative; the formula 0 has one."""
    found = formulas(parse(text), ["x"])
    assert found.conditions == [[conditions]]


@for_each(
    "text, conditions",
    [
        ("exp(atan(1/x))", ["x != 0"]),
        ("atan(1/x)^2", ["x != 0"]),
        ("exp(atan(y/x))", ["x != 0"]),
        ("tanh(atan(1/x))", ["x != 0"]),
        ("max(atan(1/x), 0)", ["x != 0"]),
        ("log(atan(1/x))", ["x != 0"]),
        ("exp(1/(1 + 1/x))", ["x != 0"]),
        ("sin(atan(1/x))*x", ["x != 0"]),
        ("exp(atan(1/sin(x)))", ["sin(x) != 0"]),
        ("exp(atan(x^-2))", ["x != 0"]),
        ("where(sqrt(x) > 1, 1, 2)*sqrt(x)^2", ["x > 0"]),
        ("def f(t) = sin(t); rule f(t) = cos(t^2/t); f(x)", ["x != 0"]),
        ("def f(t) = t; rule f(t) = where(t/t > 0, t, 1); f(x)", ["x != 0"]),
        ("hypot((x^-1)^-1, 1)*x", ["x != 0", "hypot((x^-1)^-1, 1) != 0"]),
        ("sinh(1/x)*x/x", []),  # the formula has sinh(inf)
        ("exp(atan(log(x)))", []),  # it is divided by x
        ("exp(sqrt(x))*sqrt(x)*sqrt(x)", ["x != 0"]),  # below 0 exp(sqrt(x)) is no number
    ],
)
def test_what_is_finite_at_a_pole_does_not_hide_it(text, conditions):
    """atan(1/x) is pi/2 in floats at x = 0, where it jumps: there is no derivative."""
    assert formulas(parse(text), ["x"]).conditions == [[conditions]]


def test_each_operation_hands_on_what_is_infinite_as_it_does_in_floats():
    """By hand: the limits of these functions at infinity."""
    for name in ("atan", "tanh", "sigmoid", "erf", "exp", "relu", "sign", "softplus", "sech"):
        assert handed_on(TABLE[name], 0, 1) == NO_NUMBER, name
    for name in ("sin", "cosh", "log", "sqrt", "abs", "neg", "gamma", "sinh", "tan"):
        assert handed_on(TABLE[name], 0, 1) == BOTH, name
    assert [handed_on(TABLE["div"], at, 2) for at in (0, 1)] == [BOTH, NO_NUMBER]
    assert [handed_on(TABLE["lt"], at, 2) for at in (0, 1)] == [0, 0]
    assert [handed_on(TABLE["where"], at, 3) for at in (0, 1, 2)] == [0, 0, 0]
    assert [handed_on(TABLE["max"], at, 3) for at in (0, 1, 2)] == [NO_NUMBER] * 3


def test_the_names_of_the_user_stay():
    assert shown("p = x*y; p^2*w", "x") == ["p = x*y", "2*y*p*w"]


# Signs


@for_each("row", [row for row in ROWS if row.image], ids=lambda row: row.name)
def test_the_image_of_an_operation_is_what_its_row_says(row):
    values = [mpf(text) for text in ("0", "1", "-1", "2.5", "-2.5", "0.125", "-10", "10")]
    graph = Graph()
    count = max(len(row.parameters), 1 + row.variadic)
    inputs = tuple(graph.node("variable", (), f"x{at}") for at in range(count))
    root = graph.node(row.name, inputs)
    sign = IMAGES[row.image]
    with mp.workdps(60):
        for turn in range(len(values) ** min(count, 2)):
            point = {
                f"x{at}": values[turn // len(values) ** at % len(values)] for at in range(count)
            }
            found = forward(graph, digits, point)[root]
            assert mpmath.isfinite(found), point
            assert found > 0 or sign < POSITIVE, point
            assert found >= 0 or sign < NONNEGATIVE, point
            assert found < 1 or row.image != "unit", point


@for_each(
    "text, sign",
    [
        ("1 + x^2", POSITIVE),
        ("x^2 + y^2", NONNEGATIVE),
        ("x*x", NONNEGATIVE),
        ("exp(x)/(1 + exp(x))", POSITIVE),
        ("1 - sigmoid(x)", POSITIVE),
        ("sech(x)", POSITIVE),
        ("relu(x)", REAL),
        ("x - y", REAL),
        ("x/y", 0),
        ("tan(x)", 0),
        ("log(x)", 0),
        ("sqrt(x)", 0),
        ("x^y", 0),
        ("exp(1/x)", 0),
        ("inf*x", 0),
    ],
)
def test_signs(text, sign):
    program = parse(text)
    assert Signs(program.graph).of(program.root) == sign


# Drawn programs

LEAVES = st.sampled_from(["x", "y", "x", "y", "q", "2", "3", "0.5", "1", "0", "pi", "e"])
FUNCTIONS = (
    *("sin", "exp", "log", "sinh", "tanh", "abs", "relu", "sigmoid", "cos", "elu", "softplus"),
    *("sign", "log1p", "cbrt", "floor"),
)
POWERS = ("2", "3", "-1", "-2", "0.5", "(1/2)", "1.5", "(1/3)", "0", "1")


def larger(inner):
    joined = [
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})")
    ]
    return st.one_of(
        *joined * 5,
        st.tuples(inner, st.sampled_from(POWERS)).map(lambda p: f"({p[0]})^{p[1]}"),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda p: f"{p[0]}({p[1]})"),
        inner.map(lambda text: f"(-{text})"),
        st.tuples(st.sampled_from(["max", "min"]), inner, inner).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]})"
        ),
        st.tuples(st.sampled_from(["<", "<=", "==", ">"]), *[inner] * 4).map(
            lambda p: f"where({p[1]} {p[0]} {p[2]}, {p[3]}, {p[4]})"
        ),
    )


EXPRESSIONS = st.recursive(LEAVES, larger, max_leaves=12)
POINTS = [(0, 0), (1, 1), (1, 2), (-1, 0.5), (2.375, -1.25), (0.25, 3), (-2, -2), (0, 1.5)]


def has_value(graph, values, root):
    """Say whether all that ``root`` is worked out of is finite, branches that are taken alone."""
    todo, seen = [root], set()
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        if not mpmath.isfinite(values[node]):
            return False
        inputs = graph.inputs[node]
        if graph.operations[node] == "where":
            inputs = (inputs[0], inputs[1] if values[inputs[0]] else inputs[2])
        todo += inputs
    return True


CHOICES = {"max", "min", "lt", "le", "gt", "ge", "eq", "ne"}
STEPS = {"abs", "relu", "sign", "floor"}


def rounding_decides(graph, values):
    """Say whether a choice is made between numbers that rounding alone parts, as e and exp(1)."""
    for operation, inputs in zip(graph.operations, graph.inputs, strict=True):
        reached = [values[number] for number in inputs]
        if operation in STEPS and mpmath.isfinite(reached[0]):
            reached.append(mpmath.nint(reached[0]))
        if operation in CHOICES | STEPS and len({*reached}) > 1:
            one, other = reached
            finite = all(map(mpmath.isfinite, reached))
            if finite and mpmath.almosteq(one, other, mpf(10) ** -50):
                return True
    return False


def test_what_rounding_decides_is_told():
    at = {"x": mpf(1)}
    with mp.workdps(60):
        for text, told in [("max(e, exp(x))", True), ("floor(log(e*x))", False), ("x < 2", False)]:
            graph = parse(text).graph
            assert rounding_decides(graph, forward(graph, digits, at)) is told
        graph = parse("max(x, x/x)").graph
        assert not rounding_decides(graph, forward(graph, digits, {"x": mpf(0)}))


def assert_the_values_stay(text):
    found = formulas(parse(text))
    if not found.wrt:
        return
    written = lower(parse("\n".join(program_text(found))))
    raw = found.raw.graph
    [adjoints], [conditions] = found.raw.adjoints, found.conditions
    triples = [*zip(found.wrt.values(), written.outputs, conditions, strict=True)]
    for x, y in POINTS:
        point = {"x": mpf(x), "y": mpf(y)}
        with mp.workdps(60):
            before = forward(raw, digits, point)
            after = forward(written.graph, digits, point)
            if rounding_decides(raw, before) or rounding_decides(written.graph, after):
                continue
            for node, output, told in triples:
                slope = before[adjoints[node]] if node in adjoints else mpf(0)
                if mpmath.isfinite(slope):
                    assert abs(slope - after[output]) <= mpf(10) ** -40 * (1 + abs(slope)), point
                elif not told:
                    assert not has_value(written.graph, after, output), point


@pytest.mark.slow
@given(EXPRESSIONS, EXPRESSIONS)
def test_drawn_programs_keep_their_values(shared, last):
    """Where the derivative has a value it stays; where it has none, none is made up in silence."""
    assert_the_values_stay(f"q = {shared.replace('q', 'x')}; {last}")


@pytest.mark.slow
def test_the_work_is_linear():
    def chain(count):
        links = [f"z{n + 1} = sin(z{n})*w{n % 7} + z{n}/2" for n in range(count)]
        return parse("\n".join(["z0 = x", *links]))

    def wide(count):
        return parse(" + ".join(f"sin(x{n}*x{n // 2})/x{n}" for n in range(count)))

    assert_linear(formulas, chain)
    assert_linear(formulas, wide)


def test_bounds_in_the_wrong_order_leave_no_slope():
    """clip(x, 4, 0) is 0 everywhere, as NumPy and PyTorch have it."""
    assert shown("clip(x, 4, 0)") == ["0"]


def test_a_condition_that_holds_always_is_left_out():
    """A power whose exponent is a number asks nothing of it."""
    assert all(" and 1" not in line for line in shown("x^x^x"))


@pytest.mark.parametrize(
    "text",
    ["x^y", "x^x", "x^(y + 1)/(1 + x^(y + 1))", "log(x^y)", "y*x^y*x", "hypot(x, y)*x", "x^x^y"],
)
def test_powers_keep_their_values_where_a_comment_does_not_say_otherwise(text):
    """The derivative before it is tidied, in 60 digits, is the other side."""
    found = formulas(parse(text))
    written = lower(parse("\n".join(program_text(found))))
    [adjoints], [conditions] = found.raw.adjoints, found.conditions
    held = 0
    for x, y in product([-2.0, -1.0, 0.0, 0.5, 3.0], repeat=2):
        point = {"x": mpf(x), "y": mpf(y)}
        with mp.workdps(60):
            before = forward(found.raw.graph, digits, point)
            after = forward(written.graph, digits, point)
            for node, output, told in zip(
                found.wrt.values(), written.outputs, conditions, strict=True
            ):
                plain = [one for one in told if "has a value" not in one]
                tests = [lower(parse(f"{one} + 0*x*y")) for one in plain]
                holds = [forward(one.graph, digits, point)[one.outputs[0]] for one in tests]
                slope = before[adjoints[node]]
                if mpmath.isfinite(slope) and all(holds):
                    assert abs(slope - after[output]) <= mpf(10) ** -40 * (1 + abs(slope)), point
                    held += 1
    assert held
