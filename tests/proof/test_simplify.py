"""Simplified forms: shorter, proved equal, and none where that cannot be had."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

import pytest
import sympy

from backpropcli.api import formula
from backpropcli.arithmetics.symbolic import expressions, graphs, shorter
from backpropcli.calculus.derivative import Along
from backpropcli.calculus.lower import lower
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import TABLE
from backpropcli.language.parse import parse
from backpropcli.language.unparse import unparse
from backpropcli.proof.simplify import difference, simplified, size
from backpropcli.render.results.formula import program_text
from tests.reference import applied

pytestmark = pytest.mark.slow


def shown(graph, root, timeout):
    """Return the text of the simplified form, which has to be a program of the same text."""
    text = unparse(*simplified(graph, root, timeout))
    assert rewritten(text) == text
    return text


def rewritten(text):
    program = parse(text)
    return unparse(program.graph, program.root)


def short(text, timeout=60.0):
    lowered = lower(parse(text), book=True)
    return shown(lowered.graph, lowered.outputs[0], timeout)


def slope(text, name="x", timeout=60.0):
    """Return the simplified derivative, as text."""
    program = parse(text)
    graph = program.graph.copy()
    along = Along(graph, {graph.variables()[name]: graph.node("number", (), 1.0)}, book=True)
    return shown(graph, along.derivative(program.root), timeout)


def call(row):
    """Return a program that uses an operation as a factor, and squared."""
    names = ["x", "y", "z"][: max(len(row.parameters), 1 + row.variadic)]
    if row.name == "polygamma":
        names[0] = "2"
    text = applied(row, *names)
    squared = f"({text})^2" if row.name != "selu" else text  # its constants squared: 31 digits
    return f"2*({text})*w - {squared}/3"


def there_and_back(text, kept=()):
    program = parse(text)
    one = program.graph, program.root
    expression, symbols = expressions.expression(*one, kept)
    return one, graphs.to_graph(expression, symbols)


@pytest.mark.usefixtures("at_some_points")
@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if not row.helper))
def test_a_round_trip_keeps_the_value(name):
    for kept in [(), {name}] if name in expressions.NAMED else [()]:
        assert not difference(*there_and_back(call(TABLE[name]), kept))


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
    assert not difference(one, other)
    assert rewritten(unparse(*other)) == unparse(*other)


@pytest.mark.usefixtures("here")
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
        ("0.1*x + 0.2*x + 0.3*x", "0.6*x"),
        ("0.1*x + x/15 - 0.5*x/3", "0"),
        ("0.1*x/3 + 0*y", "0.1*x/3"),
        ("x*1e-9/3*y/y", "1e-9*x/3"),
        ("0.1*x + 0.1234567*x/7/3", "2.2234567*x/21"),
        ("x^2*3/8 + x^2*3/8", "3*x^2/4"),
        ("x*sqrt(x)", "x^1.5"),
        ("0.3333333333333333*x + 0.3333333333333333*x", "0.6666666666666666*x"),
        ("x*x*x/x^5", "1/x^2"),
        ("sg(x)*y - y*sg(x) + sg(x)", "sg(x)"),
        ("1/(1 + exp(-x))", "sigmoid(x)"),
        ("log(1 + exp(x))", "softplus(x)"),
        ("gelu(x)*y/y", "gelu(x)"),
        ("x + y", "x + y"),
    ],
)
def test_what_a_textbook_would_write(text, wanted):
    assert short(text) == rewritten(wanted)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(w*x + b - y)^2", "2*(w*x + b - y)*w"),
        ("(y - w*x - b)^2", "2*w*(w*x - y + b)"),
        ("sigmoid(x)", "sigmoid(x)*(1 - sigmoid(x))"),
        ("1/(1 + exp(-x))", "(1 - sigmoid(x))*sigmoid(x)"),
        ("tanh(w*x)", "w/cosh(w*x)^2"),
        ("log(1 + exp(x))", "sigmoid(x)"),
        ("sqrt(x^2 + y^2)", "x/sqrt(x^2 + y^2)"),
        ("x/sqrt(1 + x^2)", "1/(x^2 + 1)^1.5"),
        ("x^3/(1 + x^2)", "x^2*(x^2 + 3)/(x^2 + 1)^2"),
        ("exp(-x^2/2)", "-x*exp(-x^2/2)"),
        ("x^3*exp(-x)", "x^2*(3 - x)*exp(-x)"),
        ("x*exp(-0.3*x)", "(1 - 0.3*x)*exp(-0.3*x)"),
        ("(0.1*x + 0.2)^3", "0.003*(x + 2)^2"),
        ("where(x > 0, x, 0)*y", "where(x > 0, y, 0)"),
        ("exp(x)/(exp(x) + exp(y))", "exp(x)*exp(y)/(exp(x) + exp(y))^2"),
        ("exp(y)/(exp(y) + exp(x))", "-exp(y)*exp(x)/(exp(y) + exp(x))^2"),
        ("abs(x)", "sign(x)"),
        ("relu(x)", "where(x <= 0, 0, 1)"),
        ("relu(x)^2", "where(x <= 0, 0, 2*x)"),
        ("sin(x)*cos(x)", "cos(2*x)"),
        ("log(sigmoid(x))", "1 - sigmoid(x)"),
        ("log(cosh(x))", "tanh(x)"),
        ("log(x^2)", "2/x"),
    ],
)
def test_derivatives(text, wanted):
    assert slope(text) == rewritten(wanted)


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
    monkeypatch.setattr(shorter, "METHODS", {"wrong": wrong})
    error = refused("sin(x)*x^2 + x^3")
    assert error.message.startswith("SymPy's form differs from the expression at x = ")


def test_forms_that_differ_by_little_or_at_one_place_are_refused(monkeypatch):
    tiny = sympy.exp(-80)  # 2e-35
    wrong = {"wrong": lambda item: item.free_symbols.pop() * (1 + tiny)}
    monkeypatch.setattr(shorter, "METHODS", wrong)
    assert "differs" in refused("(x + x + x + x + x + x)/6").message
    wrong = {"wrong": lambda item: sympy.sin(item.free_symbols.pop())}
    monkeypatch.setattr(shorter, "METHODS", wrong)
    assert "differs" in refused("where(x == 1, 2, sin(x))").message
    assert "differs" in refused("where(x > 700, 2, sin(x))").message


def test_a_form_without_a_value_where_the_expression_has_one_is_refused(monkeypatch):
    wrong = {"wrong": lambda item: sympy.log(item.free_symbols.pop())}
    monkeypatch.setattr(shorter, "METHODS", wrong)
    assert "differs" in refused("log(x^2)/2").message
    wrong = {"infinite": lambda item: 1 / item.free_symbols.pop()}
    monkeypatch.setattr(shorter, "METHODS", wrong)
    assert "differs" in refused("where(x == 0, 2, 1/x)").message


def test_a_form_that_differs_only_where_variables_are_equal_is_refused(monkeypatch):
    wrong = {"wrong": lambda item: sympy.sin(min(item.free_symbols, key=str))}
    monkeypatch.setattr(shorter, "METHODS", wrong)
    assert "differs" in refused("sin(x) + where(x == y, 1, 0)").message


def test_a_literal_never_becomes_a_long_fraction():
    assert short("x*0.1234567890123457/7/3") == "0.1234567890123457*x/21"
    for text in ("x/0.1234567890123457*y/y", "0.1234567890123456^2*x + x"):
        assert "digits" in refused(text).message


def test_a_right_form_stands_beside_a_wrong_one(monkeypatch):
    wrong = {"wrong": lambda _: sympy.Integer(7)}
    monkeypatch.setattr(shorter, "METHODS", wrong | shorter.METHODS)
    assert short("sin(x)^2 + cos(x)^2") == "1"


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("sin(x) > 0.99999999", "SymPy's form differs from the expression at x = 1.5708"),
        ("x == exp(1)", "SymPy's form cannot be proved: no point that was tried reaches the side"),
        ("sin(x) > 1.5", ""),
    ],
)
def test_a_form_is_held_on_each_side_of_a_choice(condition, told):
    """Those that leave the choice out differ on a side that no sampled point takes."""
    one, other = (parse(text) for text in (f"where({condition}, 3, x)", "x"))
    found = difference((one.graph, one.root), (other.graph, other.root))
    assert found.startswith(told)
    assert bool(found) == bool(told)


def test_a_tiny_value_is_not_zero(monkeypatch):
    monkeypatch.setattr(shorter, "METHODS", {"wrong": lambda _: sympy.Integer(0)})
    assert "differs" in refused("exp(-x^2 - 300)").message
    monkeypatch.setattr(shorter, "METHODS", {"right": lambda _: sympy.Integer(0)})
    assert short("sin(x)^2 + cos(x)^2 - 1") == "0"


def test_the_time_limit_stops_sympy(monkeypatch):
    monkeypatch.setattr(shorter, "METHODS", {"slow": lambda _: time.sleep(60)})
    error = refused("x + x + x", 0.5)
    assert error.message == "SymPy did not finish within 0.5 seconds"
    assert error.hint == "--simplify-timeout 1 gives it more time"


def test_any_time_limit_is_one():
    assert short("x*y/y", float("inf")) == "x"
    assert short("x*y/y", 1e300) == "x"


def slow_at_sin(item):
    if item.has(sympy.sin):
        time.sleep(60)
    return sympy.simplify(item)


def test_one_derivative_over_time_leaves_the_others(monkeypatch):
    monkeypatch.setattr(shorter, "METHODS", {"slow": slow_at_sin})
    found = formula("f = x*y/y + z*x - z*x + cos(w)", simplify=True, timeout=2.0)
    [warning] = found.warnings
    assert warning.startswith("d/dw of f is shown as it is: SymPy did not finish within ")
    assert "2 seconds; --simplify-timeout 4 gives it more time" in warning
    lines = [line.partition("  #")[0] for line in program_text(found)]
    assert {"df_dx = 1", "df_dw = -sin(w)", "df_dy = 0", "df_dz = 0"} < {*lines}


def test_the_warning_speaks_of_the_time_that_was_given(monkeypatch):
    monkeypatch.setattr(shorter, "METHODS", {"slow": lambda _: time.sleep(60)})
    found = formula("sin(x)*sin(y)", simplify=True, timeout=1.0)
    wanted = (
        r"d/dx of sin\(x\)\*sin\(y\) is shown as it is: SymPy did not finish within its "
        r"0\.\d+ of 1 second; --simplify-timeout 2 gives it more time"
    )
    assert re.fullmatch(wanted, found.warnings[0])
    assert found.gradient == {"x": "sin(y)*cos(x)", "y": "sin(x)*cos(y)"}


def test_a_form_that_loses_its_digits_in_floats_is_told():
    """1 - sigmoid(40) is 0 in floats: the slope there is exp(-40), or 4.2e-18."""
    found = formula("1/(1 + exp(-x))", simplify=True, timeout=60.0)
    assert found.gradient == {"x": "(1 - sigmoid(x))*sigmoid(x)"}
    assert found.warnings == [
        "d/dx of 1/(1 + exp(-x)), simplified: at x = 40 floats give 0 instead of 4.24835e-18"
    ]


def test_where_a_form_has_a_value_and_the_derivative_has_none_is_told():
    found = formula("(x^2 - 1)/(x - 1)", simplify=True, timeout=60.0)
    assert program_text(found) == ["1  # where x - 1 != 0"]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("hypot(x, y)", "hypot(x, y) != 0"),
        ("elu(hypot(x, y))", "hypot(x, y) != 0"),
        ("hypot(x, y)*cos(z)^2 + hypot(x, y)*sin(z)^2", "hypot(x, y) != 0"),
        ("exp(atan(1/x))", "x != 0"),
    ],
)
def test_a_condition_stays_where_the_form_needs_it(text, condition):
    """At its corner hypot has slope 0, and the formula is 0/0; exp(atan(1/x)) jumps at 0."""
    for simplify in (False, True):
        found = formula(text, wrt=["x"], simplify=simplify, timeout=60.0)
        assert found.conditions == [[[condition]]]


def test_a_rule_in_one_derivative_leaves_the_others():
    text = "def g(x) = x^3; rule g(x) = 3*x^2; g(x)*y + y - y"
    found = formula(text, simplify=True, timeout=60.0)
    assert found.warnings == [
        "d/dy of g(x)*y + y - y is shown as it is: SymPy has no definition of g here"
    ]
    assert "d_dx = 3*x^2*y" in program_text(found)
    assert "d_dy = g(x)" in "\n".join(program_text(found))


def test_what_was_proved_before_the_end_stands(monkeypatch):
    methods = {"quick": lambda item: item, "broken": lambda _: os._exit(1)}
    monkeypatch.setattr(shorter, "METHODS", methods)
    assert short("x*y/y") == "x"
    assert "broke off" in refused("x").message


def test_huge_whole_numbers_do_not_fill_the_memory():
    error = refused("2^(x*0 + 2^50) + gamma(1e9)", 1.0)
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
            graphs.to_graph(item, {"x": x})
    with pytest.raises(LookupError, match="digits"):
        graphs.to_graph(sympy.Integer(2**53 + 1), {})
    with pytest.raises(LookupError, match="name of a variable"):
        graphs.to_graph(sympy.E + x, {"e": x})
    with pytest.raises(LookupError, match="no word here"):
        graphs.to_graph(sympy.Symbol("stranger"), {"x": x})


def test_a_function_with_a_rule_is_refused():
    assert refused("def f(x) = x^2\nrule f(x) = 2*x\nf(x) + 0").message == (
        "SymPy has no definition of f here"
    )


def test_a_deep_graph_is_refused_not_recursed_into():
    graph = Graph()
    root = graph.node("variable", (), "x")
    for _ in range(5000):
        root = graph.node("sin", (root,))
    with pytest.raises(BackpropError, match="too long for SymPy: 5,001 nodes of at most 500"):
        simplified(graph, root)


def test_writing_does_not_recurse():
    x = item = sympy.Symbol("x", real=True)
    for _ in range(5000):
        item = sympy.Function("sin")(item, evaluate=False)
    graph, root = graphs.to_graph(item, {"x": x})
    assert len(graph) == root + 1 == 5001


def test_nothing_heavy_is_imported_before_it_is_wanted():
    code = "import sys, backpropcli.proof.simplify; print({'sympy', 'mpmath'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
