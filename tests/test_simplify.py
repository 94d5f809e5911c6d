"""Simplified forms: shorter, proved equal, and none where that cannot be had."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
import sympy

from backpropcli import simplify
from backpropcli.arithmetics import formulas
from backpropcli.derivative import Derivative
from backpropcli.errors import BackpropError
from backpropcli.graph import Graph
from backpropcli.operations import TABLE
from backpropcli.parse import parse
from backpropcli.simplify import difference, simplified, size
from backpropcli.unparse import unparse


def short(text, timeout=60.0):
    program = parse(text)
    return unparse(*simplified(program.graph, program.root, timeout))


def slope(text, name="x", timeout=60.0):
    """Return the simplified derivative, as text."""
    program = parse(text)
    graph = program.graph.copy()
    derivative = Derivative(graph, {graph.variables()[name]: graph.leaf("number", 1.0)}, book=True)
    return unparse(*simplified(graph, derivative.of(program.root), timeout))


def call(row):
    """Return programs that use an operation by itself and within another expression."""
    names = ["x", "y", "z"][: max(len(row.parameters), 1 + row.variadic)]
    if row.name == "polygamma":
        names[0] = "2"
    text = f"{row.name}({', '.join(names)})"
    if row.infix is not None:
        text = f"{row.infix} x" if len(names) == 1 else f"x {row.infix} y"
    squared = f"({text})^2" if row.name != "selu" else text  # its constants squared: 31 digits
    return [f"({text})", f"2*({text})*w - {squared}/3"]


def there_and_back(text, kept=()):
    program = parse(text)
    one = program.graph, program.root
    expression, symbols = formulas.expression(*one, kept)
    return one, formulas.to_graph(expression, symbols)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_round_trip_keeps_the_value(name):
    for text in call(TABLE[name]):
        for kept in ((), formulas.NAMED):
            one, other = there_and_back(text, kept)
            assert difference(one, other) is None, text


@pytest.mark.parametrize(
    "text",
    [
        "x/3 + 2*x/3 + 0.1*y - 1e300",
        "x^0.3 + x^-2 + 1/sqrt(x) + 2^-x",
        "pi + e + tau*x",
        "where(x > 1 and not y < 2 or x == y, x, where(x != 0, y, 3))",
        "where(x, y, 2)",
        "min(x, y, 3, 4*x)",
        "-x - y",
        "-2*(x - 1)*y",
        "where(x < inf, x, 0)",
    ],
)
def test_expressions_come_back(text):
    one, other = there_and_back(text)
    assert difference(one, other) is None
    written = unparse(*other)
    again = parse(written)
    assert unparse(again.graph, again.root) == written


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sin(x)^2 + cos(x)^2", "1"),
        ("(x^2 - 1)/(x - 1)", "x + 1"),
        ("log(exp(x))", "x"),
        ("sqrt(x^2)", "abs(x)"),
        ("tan(x)*cos(x)", "sin(x)"),
        ("abs(x)*sign(x)", "x"),
        ("where(x > 1 and x < 2, x, x)", "x"),
        ("x - 2*x", "-x"),
        ("1 + x - 2*x", "1 - x"),
        ("1.5*x + x + 1 - 1", "2.5*x"),
        ("0.1*x + 0.2*x + 0.3*x", "3*x/5"),
        ("x*x*x/x^5", "1/x^2"),
        ("sg(x)*y - y*sg(x) + sg(x)", "sg(x)"),
        ("1/(1 + exp(-x))", "sigmoid(x)"),
        ("log(1 + exp(x))", "softplus(x)"),
        ("gelu(x)*y/y", "gelu(x)"),
        ("x + y", "x + y"),
    ],
)
def test_what_a_textbook_would_write(text, wanted):
    assert short(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x^3*exp(-x)", "x^2*(3 - x)*exp(-x)"),
        ("log(1 + exp(x))", "sigmoid(x)"),
        ("x/sqrt(1 + x^2)", "1/(x^2 + 1)^1.5"),
        ("log(x^2)", "2/x"),
        ("sigmoid(x)", "t1 = sigmoid(x); t1*(1 - t1)"),
        ("1/(1 + exp(-x))", "t1 = sigmoid(x); (1 - t1)*t1"),
        ("relu(x)^2", "where(x > 0, 2*x, 0)"),
        ("relu(x)", "where(x > 0, 1, 0)"),
    ],
)
def test_derivatives(text, wanted):
    assert slope(text) == wanted


def test_the_form_is_shorter_or_the_expression_itself():
    program = parse("x*y + sin(z)")
    found, root = simplified(program.graph, program.root)
    assert found is program.graph
    assert root == program.root
    program = parse("x*y/y + 0*z")
    assert size(*simplified(program.graph, program.root)) < size(program.graph, program.root)


def refused(text, timeout=60.0):
    with pytest.raises(BackpropError) as caught:
        short(text, timeout)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    "wrong",
    [
        lambda _: sympy.Integer(0),
        lambda item: item.atoms(sympy.Symbol).pop(),
        lambda _: sympy.Rational(1, 10**30),
    ],
)
def test_a_wrong_form_is_refused(monkeypatch, wrong):
    monkeypatch.setattr(formulas, "METHODS", {"wrong": wrong})
    error = refused("sin(x)*x^2 + x^3")
    assert error.message.startswith("SymPy's form differs from the expression at x = ")


def test_forms_that_differ_by_little_or_at_one_place_are_refused(monkeypatch):
    x = sympy.Symbol("x", real=True)
    tiny = sympy.exp(-80)  # 2e-35
    monkeypatch.setattr(formulas, "METHODS", {"wrong": lambda _: x * (1 + tiny)})
    assert "differs" in refused("(x + x + x + x + x + x)/6").message
    monkeypatch.setattr(formulas, "METHODS", {"wrong": lambda _: sympy.sin(x)})
    assert "differs" in refused("where(x == 1, 2, sin(x))").message
    assert "differs" in refused("where(x > 700, 2, sin(x))").message


def test_a_form_without_a_value_where_the_expression_has_one_is_refused(monkeypatch):
    x = sympy.Symbol("x", real=True)
    monkeypatch.setattr(formulas, "METHODS", {"wrong": lambda _: sympy.log(x)})
    assert "differs" in refused("log(x^2)/2").message


def test_a_right_form_stands_beside_a_wrong_one(monkeypatch):
    wrong = {"wrong": lambda _: sympy.Integer(7)}
    monkeypatch.setattr(formulas, "METHODS", wrong | formulas.METHODS)
    assert short("sin(x)^2 + cos(x)^2") == "1"


def test_a_tiny_value_is_not_zero(monkeypatch):
    monkeypatch.setattr(formulas, "METHODS", {"wrong": lambda _: sympy.Integer(0)})
    assert "differs" in refused("exp(-x^2 - 300)").message
    monkeypatch.setattr(formulas, "METHODS", {"right": lambda _: sympy.Integer(0)})
    assert short("sin(x)^2 + cos(x)^2 - 1") == "0"


def test_the_time_limit_stops_sympy(monkeypatch):
    monkeypatch.setattr(formulas, "METHODS", {"slow": lambda _: time.sleep(60)})
    begin = time.monotonic()
    error = refused("x + x + x", 0.5)
    assert time.monotonic() - begin < 5
    assert error.message == "SymPy did not finish within 0.5 seconds"
    assert error.hint == "--simplify-timeout 1 gives it more time"


def test_at_the_time_limit_what_is_proved_stands(monkeypatch):
    methods = {"quick": lambda item: item, "slow": lambda _: time.sleep(60)}
    monkeypatch.setattr(formulas, "METHODS", methods)
    assert short("x*y/y", 5.0) == "x"


def test_huge_whole_numbers_do_not_fill_the_memory():
    error = refused("2^(x*0 + 2^50) + gamma(1e9)", 2.0)
    assert "finish" in error.message or "broke off" in error.message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1/0*x", "ComplexInfinity"),
        ("(-1)^0.5 + x", "imaginary unit"),
        ("nan*x", "too few points"),
        ("log(-1 - x^2)*2/2", "too few points"),
        ("2^200*2^200*x + 2^60 + 3^60", "digits"),
    ],
)
def test_what_cannot_be_had_is_said(text, part):
    assert part in refused(text).message


def test_what_the_language_cannot_say():
    x = sympy.Symbol("x", real=True)
    for item in (sympy.Heaviside(x), sympy.DiracDelta(x), sympy.LambertW(x), sympy.I * x):
        with pytest.raises(LookupError, match="no word here"):
            formulas.to_graph(item, {"x": x})
    with pytest.raises(LookupError, match="digits"):
        formulas.to_graph(sympy.Integer(2**53 + 1), {})
    with pytest.raises(LookupError, match="name of a variable"):
        formulas.to_graph(sympy.E + x, {"e": x})
    with pytest.raises(LookupError, match="no word here"):
        formulas.to_graph(sympy.Symbol("stranger"), {"x": x})


def test_an_operation_of_the_users_own_is_unknown():
    graph = Graph()
    root = graph.node("mystery", (graph.leaf("variable", "x"),))
    with pytest.raises(BackpropError, match="no definition of mystery here"):
        simplified(graph, root)
    with pytest.raises(LookupError, match="no definition of mystery here"):
        formulas.expression(graph, root)


def test_a_deep_graph_is_refused_not_recursed_into():
    graph = Graph()
    root = graph.leaf("variable", "x")
    for _ in range(5000):
        root = graph.node("sin", (root,))
    with pytest.raises(BackpropError, match="too long for SymPy: 5,001 nodes of at most 500"):
        simplified(graph, root)


def test_the_deepest_graph_that_is_taken():
    graph = Graph()
    root = graph.leaf("variable", "x")
    for _ in range(simplify.LARGEST - 1):
        root = graph.node("sin", (root,))
    try:
        assert simplified(graph, root, 5.0) == (graph, root)
    except BackpropError as error:
        assert "did not finish" in error.message


def test_writing_does_not_recurse():
    item = sympy.Symbol("x", real=True)
    symbols = {"x": item}
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(10_000)  # SymPy recurses as it builds
        for _ in range(800):
            item = sympy.sin(item)
        sys.setrecursionlimit(400)
        graph, root = formulas.to_graph(item, symbols)
    finally:
        sys.setrecursionlimit(limit)
    assert size(graph, root) == (800, 801)


def test_the_points_are_the_same_at_each_run():
    graph = parse("x*y + 700").graph
    assert simplify._points(["x", "y"], graph) == simplify._points(["x", "y"], graph)  # noqa: SLF001


def test_nothing_heavy_is_imported_before_it_is_wanted():
    code = "import sys, backpropcli.simplify; print({'sympy', 'mpmath'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
