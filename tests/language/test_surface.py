"""The surface graph: what the user wrote, each place with the text that stands there."""

from __future__ import annotations

import pytest

from backpropcli.calculus.lower import lower
from backpropcli.calculus.opening import opened
from backpropcli.language.parse import parse
from backpropcli.language.surface import CALL, DIFF
from backpropcli.modes.gradient import gradient
from tests.each import for_each


def texts(text):
    """Return the text of each node that is shown of a program, by the user's name or its own."""
    program = parse(text)
    view = gradient(program, dict.fromkeys(program.variables, 0.5)).view
    return [
        (view.names[node], view.text(node), [view.text(child) for child in view.inputs[node]])
        for node in range(len(view))
    ]


def test_calls_are_nodes():
    program = parse("def f(t, k) = sin(k*t); f(x*y, 2) + f(x*y, 2)")
    graph = program.graph
    assert graph.operations == ["variable", "variable", "mul", "number", CALL, "add"]
    call = graph.operations.index(CALL)
    assert graph.args[call].name == "f"
    assert [program.text(child) for child in graph.inputs[call]] == ["x*y", "2"]
    assert program.text(call) == "f(x*y, 2)"


def test_derivatives_are_nodes_with_their_order():
    program = parse("u = x^3; diff(u, x) + diff(u, x, 2)")
    graph = program.graph
    orders = {program.text(at): arg for at, arg in graph.args.items() if _is(graph, at, DIFF)}
    assert orders == {"diff(u, x)": 1, "diff(u, x, 2)": 2}
    [first, *_] = [at for at in range(len(graph)) if _is(graph, at, DIFF)]
    assert graph.inputs[first] == (program.names["u"], program.variables["x"])


def _is(graph, node, operation):
    return graph.operations[node] == operation


def test_names_are_nodes_whatever_they_name():
    """A number, a variable, another name, and the same formula twice."""
    program = parse("c = 2; a = x; b = a; p = x*x; q = x*x; b*c + p + q")
    graph, names = program.graph, program.names
    assert list(names) == ["c", "a", "b", "p", "q"]
    assert len({*names.values()}) == 5
    assert all(_is(graph, node, "name") for node in names.values())
    assert graph.inputs[names["b"]] == (names["a"],)
    assert graph.inputs[names["p"]] == graph.inputs[names["q"]]


def test_the_derivative_by_a_name_is_by_that_name_alone():
    """By hand: d(w^3*x)/dw = 3*w^2*x with w = x = 2; d(a*b)/da = b, though a and b are equal."""
    assert gradient(parse("w = 2; x = 2; w^3*x"), {}, ["w"]).gradient == {"w": 24}
    point = {"x": 2.0, "y": 3.0}
    assert gradient(parse("a = x*y; b = y*x; a*b"), point, ["a"]).gradient == {"a": 6}
    assert gradient(parse("a = x; b = a; a*b"), {"x": 5.0}, ["a", "b"]).gradient == {
        "a": 10,
        "b": 5,
    }


def test_aliases_keep_their_texts():
    assert texts("a = x; b = a; a*b") == [
        ("", "x", []),
        ("a", "x", ["x"]),
        ("b", "a", ["x"]),
        ("", "a*b", ["x", "a"]),
    ]


def test_formulas_that_share_a_node_keep_their_texts():
    assert texts("a = x*y; c = x*y + 1; a*c") == [
        ("", "x", []),
        ("", "y", []),
        ("", "x*y", ["x", "y"]),
        ("a", "x*y", ["x*y"]),
        ("", "1", []),
        ("c", "x*y + 1", ["x*y", "1"]),
        ("", "a*c", ["x*y", "x*y + 1"]),
    ]


def test_a_name_and_what_it_alone_names_are_shown_as_one():
    assert texts("a = x*y; a + 1") == [
        ("", "x", []),
        ("", "y", []),
        ("a", "x*y", ["x", "y"]),
        ("", "1", []),
        ("", "a + 1", ["x*y", "1"]),
    ]


def test_what_only_a_derivative_was_asked_of_is_not_shown():
    """2*x needs no x^2."""
    assert texts("diff(x^2, x)*y") == [
        ("", "x", []),
        ("", "diff(x^2, x)", ["x"]),
        ("", "y", []),
        ("", "diff(x^2, x)*y", ["diff(x^2, x)", "y"]),
    ]


@for_each(
    "text, of, label",
    [
        ("def f(t) = relu(2*t); f(a + b)", "relu", "relu(2*(a + b))"),
        ("def f(t) = relu(2*t); u = a + b; f(u)", "relu", "relu(2*u)"),
        ("def f(t) = relu(t^2); def g(t) = sin(t); f(g(a))", "relu", "relu(g(a)^2)"),
        ("def f(t) = relu(t - t^2); f(a - b)", "relu", "relu(a - b - (a - b)^2)"),
        ("def f(t) = relu(-t); f(diff(a^3, a))", "relu", "relu(-diff(a^3, a))"),
    ],
)  # fmt: skip
def test_what_no_text_stands_for_is_written_out_in_the_users_words(text, of, label):
    lowered = lower(parse(text))
    assert lowered.text(lowered.graph.operations.index(of)) == label


def test_opened_calls_are_written_out_in_the_users_words(backprop):
    text = "def g(t) = t^2; def f(t) = g(t - 1)*3; f(a + b)"
    printed = backprop(text, "a=1", "b=2", "--open", "f", "--no-check")
    assert "├─ g(a + b - 1)" in printed
    assert "└─ 3" in printed


@pytest.mark.parametrize("names", [["f"], ["g"], ["f", "g"], ["all"]])
def test_a_call_that_is_opened_keeps_its_rule(names):
    """By the rules the slope of f(a) is 5, and not 2*a; that of g(a), 3*f(a), is 15."""
    program = parse("def f(x) = x^2; rule f(x) = 5; def g(x) = 3*f(x); g(a) + f(a)")
    assert gradient(opened(program, names), {"a": 7.0}).gradient == {"a": 20}
