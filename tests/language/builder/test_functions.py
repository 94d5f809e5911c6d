"""Functions and rules that a program defines, files of them, several outputs, and their text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from backpropcli.arithmetics import floats
from backpropcli.calculus import derivative, lower
from backpropcli.calculus.forward import forward
from backpropcli.errors import SourceError
from backpropcli.graph.operations import TABLE
from backpropcli.graph.walks import without_names
from backpropcli.language.parse import parse
from backpropcli.language.surface import CALL
from backpropcli.language.unparse import unparse
from backpropcli.language.unparse.definitions import LONGEST
from backpropcli.modes.gradient import gradient
from backpropcli.modes.jacobian import jacobian
from backpropcli.modes.vjp import vjp
from tests.each import for_each
from tests.reference import canonical, flat, mistake, nameless

DIGITS = 50


def both(text, origin="", **point):
    """Return value and gradient of a program in floats."""
    report = gradient(parse(text, point, origin), point)
    return report.value, report.gradient


def held(text, function, **point):
    """Hold a program against a Python function of mpmath numbers: value, and slopes by mp.diff."""
    value, slopes = both(text, **point)
    with mp.workdps(DIGITS):
        args = [mpf(x) for x in point.values()]
        assert value == pytest.approx(float(function(*args)), rel=1e-13)
        for index, name in enumerate(point):
            order = tuple(int(index == other) for other in range(len(point)))
            expected = mp.diff(function, tuple(args), order)
            assert slopes.get(name, 0.0) == pytest.approx(float(expected), rel=1e-12), name


# Calls: expected values are the same formulas in mpmath, and its numeric derivatives of them

SMOOTH = "def smooth(x, k) = log(1 + exp(k*x))/k\n"


def smooth(x, k):
    return mp.log(1 + mp.exp(k * x)) / k


def test_a_call_means_its_body():
    held(SMOOTH + "smooth(a, b)", smooth, a=0.3, b=2.0)
    call, written_out = parse(SMOOTH + "smooth(a, b)"), parse("log(1 + exp(b*a))/b")
    assert nodes_of(call) == nodes_of(written_out)


def test_arguments_go_by_position_whatever_their_names():
    held(SMOOTH + "smooth(k, x)", smooth, k=0.3, x=2.0)
    held(SMOOTH + "smooth(x*k, k + x)", lambda x, k: smooth(x * k, k + x), x=0.7, k=0.4)


def test_a_function_called_twice_has_other_arguments_each_time():
    held(
        SMOOTH + "smooth(a, 2)*smooth(b, 3) - smooth(a*b, a)",
        lambda a, b: smooth(a, 2) * smooth(b, 3) - smooth(a * b, a),
        a=0.5,
        b=-0.8,
    )


def test_equal_calls_are_one_node():
    once = parse(SMOOTH + "smooth(a, 2)").graph
    twice = parse(SMOOTH + "smooth(a, 2)*smooth(a, 2)").graph
    assert len(twice) == len(once) + 1
    assert both(SMOOTH + "z = smooth(a, 2); z*z", a=0.3) == both(
        SMOOTH + "smooth(a, 2)*smooth(a, 2)", a=0.3
    )


def test_calls_in_calls_and_functions_that_call_functions():
    held(
        SMOOTH + "def gate(x, y) = smooth(x, 2)*tanh(y)\n"
        "def layer(x) = gate(x, gate(x, 1)) + smooth(smooth(x, 1), 3)\n"
        "layer(layer(a) - b)",
        lambda a, b: layer(layer(a) - b),
        a=0.3,
        b=1.1,
    )


def gate(x, y):
    return smooth(x, 2) * mp.tanh(y)


def layer(x):
    return gate(x, gate(x, 1)) + smooth(smooth(x, 1), 3)


def test_parameters_shadow_variables_constants_functions_and_intermediates():
    held("def f(e) = e^2 + 1; f(x) + e", lambda x: x**2 + 1 + mp.e, x=1.5)
    held("def f(pi, π) = pi/π; f(x, 2)*pi", lambda x: x / 2 * mp.pi, x=1.5)
    held("def f(x) = x^3; x*f(y)", lambda x, y: x * y**3, x=2.0, y=0.5)
    held("z = 3*x; def f(z) = z^2; z*f(x)", lambda x: 3 * x * x**2, x=1.2)
    held("def f(sin) = sin*sin(sin); f(x)", lambda x: x * mp.sin(x), x=0.7)
    held("def f(f) = f^2; f(x)", lambda x: x**2, x=0.7)
    held("def f(a, b) = a - 2*b; f(b, a)", lambda a, b: b - 2 * a, a=1.0, b=5.0)


def test_a_constant_in_a_body_is_that_constant_whatever_the_caller_names():
    """A function means what it says where it is defined."""
    held("def f(x) = e*x; e = 2*y; f(e)", lambda y: mp.e * 2 * y, y=1.5)
    value, _ = both("def f(x) = pi*x; f(pi)", pi=2.0)
    assert value == pytest.approx(6.283185307179586)  # 2 times the constant


def test_a_function_may_take_the_name_of_one_of_the_language():
    held("def relu6(x) = x^2; relu6(a) + sin(a)", lambda a: a**2 + mp.sin(a), a=7.0)
    held("def sqrt(x) = x^3; sqrt(a) + √b", lambda a, b: a**3 + mp.sqrt(b), a=2.0, b=9.0)


def test_a_parameter_may_be_unused():
    value, slopes = both("def first(a, b) = 2*a; first(x, 1/y)", x=3.0, y=0.0)
    assert (value, slopes) == (6.0, {"x": 2.0, "y": 0.0})


@pytest.mark.slow
@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12), st.floats(-2, 2))
def test_random_compositions_are_what_they_are_written_out(path, x):
    """Substituted by hand as text, the same graph comes out."""
    bodies = {"a": "sin({0})*2", "b": "{0}^2 - {0}", "c": "tanh({0} + 1)/3", "d": "exp(-{0}*{0})"}
    head = "".join(f"def {name}(x) = {body.format('x')}\n" for name, body in bodies.items())
    call, plain = "x", "x0 = x"
    for index, name in enumerate(path):
        call = f"{name}({call})"
        plain += f"\nx{index + 1} = " + bodies[name].format(f"x{index}")
    assert both(head + call, x=x) == both(plain, x=x)
    one, other = [nameless(graph, [root]) for graph, root in map(flat, (head + call, plain))]
    assert canonical(one[0], *one[1]) == canonical(other[0], *other[1])


def test_a_call_is_one_node_for_people():
    program = parse(SMOOTH + "z = smooth(a, 2); z + smooth(b, 2)")
    graph = program.graph
    calls = {program.text(at): at for at, name in enumerate(graph.operations) if name == CALL}
    assert set(calls) == {"smooth(a, 2)", "smooth(b, 2)"}
    first = calls["smooth(a, 2)"]
    assert graph.args[first].name == "smooth"
    assert [program.text(node) for node in graph.inputs[first]] == ["a", "2"]


@pytest.mark.parametrize("text", ["def f(x) = f(x - 1)", "def relu(x) = relu(x)"])
def test_recursion_is_an_error_that_says_so(text):
    assert "calls itself: recursion" in mistake(text).message


def test_a_rule_cannot_call_its_own_function():
    """It would take in the body, whose derivative is not the rule's."""
    error = mistake("def f(x) = exp(x); rule f(x) = 2*f(x); f(x)")
    assert error.message == "the rule of f calls f"
    assert "'out'" in error.hint


@pytest.mark.slow
def test_the_graph_has_a_largest_size(monkeypatch):
    """40 functions that each call the one before twice would be 2^40 nodes."""
    monkeypatch.setattr(lower, "MOST_NODES", 5000)
    text = "def f0(x) = sin(x)\n"
    text += "".join(f"def f{i + 1}(x) = f{i}(cos(f{i}(x)))\n" for i in range(40))
    error = too_large(text + "f40(x)")
    assert error.message == "this call makes the graph larger than 5,000 nodes"
    monkeypatch.setattr(derivative, "MOST_NODES", 500)
    error = too_large("diff(x^x, x, 12)")
    assert error.message == "this derivative makes the graph larger than 500 nodes"
    assert (error.start, error.end) == (0, 16)


def too_large(text):
    """Return the error of a program whose flat graph grows too large."""
    program = parse(text)
    with pytest.raises(SourceError) as caught:
        lower.lower(program)
    return caught.value


@pytest.mark.slow
def test_a_chain_of_functions_is_linear():
    """Each calls the one before once; what they share is one node."""
    sizes = []
    for count in (200, 400):
        text = "def f0(x) = sin(x)\n"
        text += "".join(f"def f{i + 1}(x) = f{i}(x) + cos(f{i}(x))\n" for i in range(count))
        sizes.append(len(lower.lower(parse(text + f"f{count}(x)")).graph))
    assert sizes == [3 + 2 * 200, 3 + 2 * 400]  # x, sin(x), and the node of the call's value


# Rules

RELU6 = "def relu6(x) = clip(x, 0, 6)\nrule relu6(x) = where(x > 0 and x < 6, 1, 0)\n"
STE = "def ste(x) = round(x)\nrule ste(x) = 1\n"


@for_each("x, value, slope", [(-1, 0, 0), (0, 0, 0), (2, 2, 1), (6, 6, 0), (7, 6, 0)])
def test_the_rule_is_the_slope(x, value, slope):
    """At 0 and 6 clip itself has slope 1."""
    assert both(RELU6 + "relu6(x)", x=float(x)) == (value, {"x": slope})


def test_the_straight_through_estimator():
    """By hand: d/dx (round(x)*w - y)^2 = 2 (round(x)*w - y)*w with a rule of 1."""
    value, slopes = both(STE + "(ste(x)*w - y)^2", x=1.7, w=3.0, y=1.0)
    assert value == 25
    assert slopes == {"x": 30.0, "w": 20.0, "y": -10.0}


def test_out_is_the_value():
    """Wrong rules on purpose, so that nothing but the rule can give these slopes."""
    value, slopes = both("def f(x) = exp(x); rule f(x) = 10*out + x; f(x)", x=0.5)
    assert slopes["x"] == 10 * value + 0.5


def test_a_rule_of_several_parameters_in_names_of_its_own():
    text = "def f(x, k, c) = x^k + c\nrule f(a, b, c) = 100*a + b, out, 0\nf(u, v, w)*u"
    value, slopes = both(text, u=2.0, v=3.0, w=5.0)
    assert value == 26
    assert slopes == {"u": 13 + 2 * 203, "v": 2 * 13, "w": 0}


def test_a_rule_is_taken_at_each_call_with_its_arguments():
    """By hand: f' = 5x, so d/dx f(x^2)*f(3) = 5x^2 * 2x * f(3); f(3) = 9."""
    _, slopes = both("def f(x) = x^2; rule f(x) = 5*x; f(x^2)*f(3)", x=2.0)
    assert slopes == {"x": 5 * 4 * 4 * 9}


def test_rules_call_functions_and_their_rules_are_not_asked():
    """A rule is used for its value: the rule of g says 1000 and has no part in f's first slope."""
    head = "def g(x) = x^2; rule g(x) = 1000; def h(x) = g(x) + 1\n"
    text = head + "def f(x) = x; rule f(x) = g(x) + h(2*x); f(x)"
    assert both(text, x=3.0) == (3, {"x": 9 + 36 + 1})


def test_a_rule_holds_in_another_functions_body():
    text = STE + "def loss(x, y) = (ste(2*x) - y)^2\nloss(a, b) + loss(b, 1)"
    value, slopes = both(text, a=0.7, b=2.4)
    first, second = 1 - 2.4, 5 - 1  # round(1.4) - b, round(4.8) - 1
    assert value == pytest.approx(first**2 + second**2)
    assert slopes == pytest.approx({"a": 4 * first, "b": -2 * first + 4 * second})


def test_a_rule_holds_in_a_body_with_a_rule_only_for_its_value():
    text = "def f(x) = x^2; rule f(x) = 7; def g(x) = f(x) + x; rule g(x) = out*2; g(x)"
    assert both(text, x=3.0) == (12, {"x": 24})


def test_rules_of_what_does_not_move_are_not_computed():
    """A rule that is 0 lets nothing pass, not even what is infinite."""
    text = "def f(x, y) = x*y; rule f(x, y) = 0, 1/x; f(log(a), b)"
    assert both(text, a=0.0, b=2.0) == (-float("inf"), {"a": 0.0, "b": -0.0})


@for_each("name", ["g", "rest", "args", "which", "x0", "out_"])
def test_parameters_of_rules_that_map_adjoints_may_have_any_name(name):
    """By hand: d/dx 3*sum(x^2) is 6*x. What the table's rules use by these names is not meant."""
    text = f"def f({name}) = sum({name}^2); rule f({name}) = adjoint*2*{name}; 3*f(y)"
    assert gradient(parse(text, ["y"]), {"y": np.array([1.0, 2.0])}).gradient["y"].tolist() == [
        6,
        12,
    ]


def test_no_parameter_of_a_rule_is_called_like_what_arrives():
    error = mistake("def f(x) = x^2; rule f(adjoint) = 2*adjoint; f(x)")
    assert error.message == "'adjoint' is what arrives at the function's value"
    assert both("def f(adjoint) = adjoint^2; rule f(x) = 2*x; f(x)", x=3.0) == (9, {"x": 6})


def test_a_rule_that_maps_adjoints_calls_functions_with_rules():
    """By hand: what goes back is 2*adjoint*x, and adjoint is 3."""
    head = "def g(x) = 2*x; rule g(x) = 7*adjoint; def f(x) = x^2; rule f(x) = g(adjoint)*x; "
    report = gradient(parse(head + "sum(3*f(x))", ["x"]), {"x": np.array([1.0, 2.0])})
    assert report.gradient["x"].tolist() == [6, 12]


def test_constants_and_numbers_in_rules_are_exact():
    for rule, slope in (("1", 1), ("0", 0), ("-1", -1), ("0.1", 0.1), ("pi", 3.141592653589793)):
        assert both(f"def f(x) = x; rule f(x) = {rule}; f(x)", x=2.0) == (2, {"x": slope})


def test_parameters_of_any_script_are_kept_apart():
    """λ and _3bb_, its number, would be one name if they were written carelessly."""
    head = "def f(λ, _3bb_, e, body, def_) = λ + _3bb_*e*body*def_\n"
    rule = "rule f(λ, _3bb_, e, body, def_) = λ, _3bb_, e, body, def_\n"
    point = {"a": 2.0, "b": 3.0, "c": 5.0, "d": 7.0, "g": 11.0}
    value, slopes = both(head + rule + "f(a, b, c, d, g)", **point)
    assert value == 2 + 3 * 5 * 7 * 11
    assert slopes == point


# Rules under diff: the derivative of the function is the rule, and that of the rule its own

CUBE = "def cube(x) = x^3; rule cube(x) = sin(x)*out\n"


def test_a_rule_in_diff():
    """By hand: u = cube(2t), du/dt = 2 sin(2t) (2t)^3."""
    value, _ = both(CUBE + "diff(cube(2*t), t)", t=0.4)
    assert value == pytest.approx(float(2 * mp.sin(0.8) * 0.8**3), rel=1e-14)


def test_the_second_derivative_through_a_rule_is_that_of_the_rule():
    """By hand: c' = sin c, so c'' = cos(x) c + sin(x) c' = cos(x) c + sin(x)^2 c."""

    def second(x):
        return (mp.cos(x) + mp.sin(x) ** 2) * x**3

    value, _ = both(CUBE + "diff(cube(x), x, 2)", x=0.4)
    assert value == pytest.approx(float(second(0.4)), rel=1e-14)
    nested, _ = both(CUBE + "diff(diff(cube(x), x), x)", x=0.4)
    assert nested == value
    # The gradient of the first derivative is the second.
    _, slopes = both(CUBE + "diff(cube(x), x)", x=0.4)
    assert slopes["x"] == pytest.approx(value, rel=1e-14)
    # and of the second, by hand once more, with c' = sin(x) c:
    third = (
        mp.diff(lambda x: mp.cos(x) + mp.sin(x) ** 2, 0.4)
        + (mp.cos(0.4) + mp.sin(0.4) ** 2) * mp.sin(0.4)
    ) * mpf(0.4) ** 3
    _, slopes = both(CUBE + "diff(cube(x), x, 2)", x=0.4)
    assert slopes["x"] == pytest.approx(float(third), rel=1e-13)


def test_second_derivatives_of_rules_that_are_numbers():
    assert both(STE + "diff(ste(x)^2, x)", x=1.7) == (4, {"x": 2})
    assert both(STE + "diff(ste(x)^2, x, 2)", x=1.7)[0] == 2
    assert both(STE + "diff(ste(x), x, 2)", x=1.7)[0] == 0


def test_the_mixed_partials_of_rules_that_are_no_gradient_differ():
    """f_x = x*y and f_y = x: d/dy of the first is x, d/dx of the second 1."""
    head = "def f(x, y) = x + y; rule f(x, y) = x*y, x\n"
    assert both(head + "diff(diff(f(x, y), x), y)", x=3.0, y=5.0)[0] == 3
    assert both(head + "diff(diff(f(x, y), y), x)", x=3.0, y=5.0)[0] == 1


def test_diff_of_a_rule_that_calls_a_function_with_a_rule():
    """By hand: f' = g(x), f'' = 1000 whatever g is, since that is the rule of g."""
    head = "def g(x) = x^2; rule g(x) = 1000; def f(x) = x; rule f(x) = g(x)\n"
    assert both(head + "diff(f(x), x)", x=3.0) == (9, {"x": 1000})
    assert both(head + "diff(f(x), x, 2)", x=3.0)[0] == 1000


def test_diff_in_a_rule():
    text = "def f(x) = x; rule f(x) = diff(x^3, x); f(2*y)"
    assert both(text, y=1.0) == (2, {"y": 2 * 3 * 4})


# Several outputs


def test_outputs_are_named_or_a_list():
    named = parse("z = x*y; L = z^2; outputs: L, z")
    assert [named.title(output) for output in named.outputs] == ["L", "z"]
    listed = parse("(x*y, x + y, sin(x))")
    assert [listed.title(output) for output in listed.outputs] == ["x*y", "x + y", "sin(x)"]
    assert [parse("outputs: x*y, x + y").outputs, parse("(x)").outputs] == [[2, 3], [0]]


def test_the_jacobian_of_several_outputs_with_functions_and_rules():
    text = STE + "def f(x, y) = ste(x)*y\n(f(a, b), f(b, a), a)"
    found = jacobian(parse(text), {"a": 1.7, "b": 2.6})
    assert found.values == [2 * 2.6, 3 * 1.7, 1.7]
    assert found.matrix == [[2.6, 2], [3, 1.7], [1, 0]]
    pull = vjp(parse(text), {"a": 1.7, "b": 2.6}, {"f(a, b)": 10.0, "a": 1.0})
    assert pull.point.gradient == {"a": 27, "b": 20}


def test_outputs_may_repeat_and_may_be_variables_or_derivatives():
    lowered = lower.lower(parse("u = x^3\noutputs: u, x, u, diff(u, x), diff(u, x, 2)"))
    values = forward(lowered.graph, floats, {"x": 2.0})
    assert [values[node] for node in lowered.outputs] == [8, 2, 8, 12, 12]


def test_diff_by_a_name_for_a_number():
    """By hand: d(c*x^2)/dc = x^2; and by c alone, whatever else is 2."""
    assert both("c = 2; diff(c*x^2, c)", x=3.0)[0] == 9
    assert both("c = 2; y = 2; diff(c*x^2 + y + 2, c)", x=3.0)[0] == 9
    assert both("c = e; diff(c*x^2 + e, c)", x=3.0)[0] == 9


def test_outputs_is_a_name_too():
    assert both("outputs = x^2; outputs*2", x=3.0) == (18, {"x": 12})
    assert both("outputs: x^2", x=3.0) == (9, {"x": 6})


# Text and back


def book(program):
    """Return the flat graph as books write it, without places, and its root and names there."""
    lowered = lower.lower(program, book=True)
    graph, places = without_names(lowered.graph, lowered.outputs)
    names = {name: places[node] for name, node in lowered.names.items()}
    return graph, places[lowered.outputs[0]], names


def nodes_of(program):
    """Return the flat graph of a program in the order of its text."""
    graph, root, _ = book(program)
    return canonical(graph, root)[0]


def rules_of(graph):
    """Return the rules of the program's own functions, as canonical graphs."""
    return {
        name: [canonical(*rule.parsed)[0] for rule in row.rules if rule.own]
        for name, row in graph.table.items()
        if row.own
    }


def after_text(text, bound=()):
    """Return a program's text; that has to give the same graph and the same rules."""
    program = parse(text, bound)
    graph, root, names = book(program)
    written = unparse(graph, root, names)
    again = parse(written, bound)
    assert nodes_of(again) == nodes_of(program)
    rules = rules_of(book(again)[0])
    assert rules.items() <= rules_of(graph).items()
    used = {operation for operation, *_ in nodes_of(program)}
    assert rules.keys() >= {operation for operation in used if operation.endswith("()")}
    assert unparse(*book(again)).count(";") == written.count(";")
    return written


@for_each(
    "text, expected",
    [
        (SMOOTH + "smooth(a, 2)", "log(1 + exp(2*a))/2"),
        (STE + "ste(x)*2", "def ste(x) = round(x); rule ste(x) = 1; ste(x)*2"),
        (STE + "def twice(x) = 2*ste(x)\ntwice(x + 1)",
         "def ste(x) = round(x); rule ste(x) = 1; 2*ste(x + 1)"),
        (STE + "z = ste(x)\nz*z", "def ste(x) = round(x); rule ste(x) = 1; z = ste(x); z*z"),
        ("def f(x, k) = x^k; rule f(a, b) = b*out/a, out*log(a); f(u, v)",
         "def f(x, k) = x^k; rule f(a, b) = b*out/a, out*log(a); f(u, v)"),
        # A function comes after those that it calls, in its body or in its rule.
        ("def z(x) = x; rule z(x) = 2; def a(x) = x; rule a(x) = z(x); a(x)",
         "def z(x) = x; rule z(x) = 2; def a(x) = x; rule a(x) = z(x); a(x)"),
        ("def z(x) = x; rule z(x) = 2; def a(x) = z(x); rule a(x) = 3; z(a(x))",
         "def z(x) = x; rule z(x) = 2; def a(x) = z(x); rule a(x) = 3; z(a(x))"),
        ("diff(x^3, x)", "3*x^2"),
        ("u = x^3\ndiff(u, x) + u", "u = x^3; 3*x^2 + u"),
        # A constant whose names are all taken is a call of a function.
        ("def g(x) = e*x; e = 2*y; g(e)", "def e_(x) = e; e = 2*y; e_(0)*e"),
        ("def g(x) = e*x; def f(e) = g(e) + e; rule f(e) = g(e); f(e_)",
         "def e_(x) = e; def f(e) = e_(0)*e + e; rule f(e) = e_(0)*e; f(e_)"),
        ("def g(x) = pi*x; def f(pi) = g(pi); rule f(pi) = 1; f(x)",
         "def f(pi) = π*pi; rule f(pi) = 1; f(x)"),
    ],
)  # fmt: skip
def test_the_text_of_programs_with_functions(text, expected):
    assert after_text(text) == expected


def test_the_text_of_rules_keeps_everything():
    for text in (
        RELU6.replace("relu6", "bounded") + "bounded(a)*bounded(b - a)",
        CUBE + "u = cube(2*t)\ndiff(u, t, 2) + diff(u, u)",
        CUBE + "def g(x, y) = cube(x)*y; rule g(x, y) = diff(cube(x), x), cube(y)\ng(g(a, b), c)",
        CUBE + "def g(x) = x; rule g(x) = cube(x) + x\ndiff(g(x)^2, x, 3)",
        SMOOTH + "diff(smooth(x, k), x, 2) + diff(smooth(x, k), k)",
        "u = tanh(w*t + b); r = diff(u, t) + k*u; L = r^2",
    ):
        after_text(text)


def test_a_function_with_the_name_of_an_operation_that_is_needed_too():
    """The derivative of softplus is the language's own sigmoid, and √ its own sqrt."""
    text = "def sigmoid(x) = x; rule sigmoid(x) = 7; sigmoid(x) + diff(softplus(x), x)"
    written = unparse(*book(parse(text)))
    assert written == ("def sigmoid_(x) = x; rule sigmoid_(x) = 7; sigmoid_(x) + sigmoid(x)")
    assert both(written, x=0.5) == both(text, x=0.5)
    text = "def sqrt(x) = x^0.5; rule sqrt(x) = 1/(2*out) + √x; sqrt(x)"
    assert both(unparse(*book(parse(text))), x=4.0) == both(text, x=4.0) == (2, {"x": 2.25})
    # where it is not needed the name stays
    assert after_text(RELU6 + "relu6(x)").startswith("def relu6(x) = clip")


@pytest.mark.slow
def test_the_text_of_a_body_is_linear_in_its_graph():
    """Nothing in a body can have a name, so what it shares is functions of its own."""
    lengths = []
    for count in (30, 60):
        text = "def h0(x, y) = x*sin(y)\n"
        text += "".join(
            f"def h{i + 1}(x, y) = h{i}(x, y)*h{i}(x, y) + cos(x)\n" for i in range(count)
        )
        text += f"def f(x, y) = h{count}(x, y)*h{count}(y, x)\n"
        text += f"rule f(a, b) = h{count}(a, b)*out, out + h{count}(b, out)*out\nf(u, v) + f(v, u)"
        lengths.append(len(after_text(text)))
    assert lengths[1] < 2.2 * lengths[0]
    short = "def f(x) = sin(x)*sin(x); rule f(x) = sin(x)*sin(x); f(x)"
    assert after_text(short) == short
    assert LONGEST > 4


@st.composite
def own_programs(draw):
    """Draw a program of functions, some with rules, each of which may call those before it."""
    lines, functions = [], []
    words = ["sin", "exp", "tanh", "sqrt", "abs"]

    def expression(names, depth=3):
        kind = draw(st.integers(0, 5)) if depth else 0
        if kind <= 1:
            return draw(st.sampled_from([*names, *names, "2", "0.5", "pi"]))
        if kind == 2:
            sign = draw(st.sampled_from("+-*/"))
            return f"({expression(names, depth - 1)} {sign} {expression(names, depth - 1)})"
        if kind == 3:
            return f"{draw(st.sampled_from(words))}({expression(names, depth - 1)})"
        if kind == 4 and functions:
            name, count = draw(st.sampled_from(functions))
            inner = ", ".join(expression(names, depth - 1) for _ in range(count))
            return f"{name}({inner})"
        return f"diff({expression(names, depth - 1)}, {draw(st.sampled_from(names))})"

    for index in range(draw(st.integers(1, 4))):
        count = draw(st.integers(1, 3))
        parameters = draw(st.permutations(["x", "y", "k", "e"]))[:count]
        name = draw(st.sampled_from(["f", "relu", "σ", "λ₂"])) + str(index)
        head = f"{name}({', '.join(parameters)})"
        lines.append(f"def {head} = {expression(parameters)}")
        if draw(st.booleans()):
            knows = [item for item in parameters if item != "out"]
            rules = [expression([*knows, "out"] if draw(st.booleans()) else knows) for _ in knows]
            if not any("diff" in rule and ", out)" in rule for rule in rules):
                lines.append(f"rule {head} = {', '.join(rules)}")
        functions.append((name, count))
    lines.append(f"z = {expression(['x', 'y'])}")
    lines.append(expression(["x", "y"]))
    return "\n".join(lines)


@pytest.mark.slow
@given(own_programs())
def test_the_text_of_any_program_with_functions_gives_its_graph(text):
    after_text(text)


@pytest.mark.slow
@given(own_programs())
def test_diff_is_the_gradient_in_any_program(text):
    """The same slope by forward mode in the graph and by the reverse pass, rules included."""
    text = text.rpartition("\n")[0] + "\n"
    program = parse(text)
    point = dict.fromkeys(program.graph.variables(), 0.75)
    if "x" not in point:
        return
    slopes = gradient(program, point).gradient
    lowered = lower.lower(parse(text + "diff(z, x)"))
    value = forward(lowered.graph, floats, point)[lowered.outputs[0]]
    if abs(slopes["x"]) < 1e100:
        assert value == pytest.approx(slopes["x"], rel=1e-6, abs=1e-9)


# Files


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Write files, given as path -> text, into a folder that is the working directory."""
    monkeypatch.chdir(tmp_path)

    def write(**texts):
        for name, text in texts.items():
            path = tmp_path / (name.replace("__", "/") + ".bp")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_file_of_definitions(files):
    files(lib=STE + "# comment\n\ndef square(x) = x^2;\n")
    assert both("use 'lib.bp'\nsquare(ste(x))", x=1.7) == (4, {"x": 4})
    assert both('use "lib.bp"; square(x)', x=3.0) == (9, {"x": 6})
    assert both("z = x + 1\nuse 'lib.bp'\nsquare(z)", x=3.0) == (16, {"x": 8})


def test_a_path_is_relative_to_the_file_that_says_so(files):
    folder = files(
        sub__lib="use 'inner/deep.bp'\ndef f(x) = g(x) + 1",
        sub__inner__deep="use '../../top.bp'\ndef g(x) = 10*h(x)",
        top="def h(x) = x^2",
    )
    expected = (41, {"x": 40})
    assert both("use 'sub/lib.bp'; f(x)", x=2.0) == expected
    assert both("use 'sub/lib.bp'; f(x)", "stdin", x=2.0) == expected
    assert both("use 'lib.bp'; f(x)", "sub/main.bp", x=2.0) == expected
    assert both("use '../lib.bp'; f(x)", str(folder / "sub/inner/main.bp"), x=2.0) == expected
    assert both(f"use '{folder}/sub/lib.bp'; f(x)", "elsewhere/main.bp", x=2.0) == expected
    error = mistake("use 'lib.bp'; f(x)")
    assert error.message == "there is no file 'lib.bp'"


def test_the_same_file_by_two_ways_is_fine(files):
    folder = files(
        c=STE,
        a="use 'c.bp'\ndef fa(x) = ste(x)",
        b="use 'sub/../c.bp'\ndef fb(x) = 2*ste(x)",
        sub__d="use '../c.bp'\ndef fd(x) = 3*ste(x)",
    )
    (folder / "link.bp").symlink_to(folder / "c.bp")
    text = (
        f"use 'a.bp'; use 'b.bp'; use 'sub/d.bp'; use '{folder}/c.bp'; use 'link.bp'; use 'a.bp'\n"
    )
    assert both(text + "fa(x) + fb(x) + fd(x) + ste(x)", x=1.7) == (14, {"x": 7})


def test_a_rule_may_stand_in_another_file(files):
    files(lib="def f(x) = x^2", more="use 'lib.bp'\nrule f(x) = 7")
    assert both("use 'lib.bp'\nrule f(x) = 9\nf(x)", x=2.0) == (4, {"x": 9})
    assert both("use 'more.bp'\nf(x)", x=2.0) == (4, {"x": 7})


def test_two_rules_for_one_function_are_a_clash(files):
    """One way there is a rule and the other way none: neither may win in silence."""
    files(lib="def f(x) = x^2", a="use 'lib.bp'\nrule f(x) = 7", b="use 'lib.bp'\nrule f(x) = 8")
    for order in ("ab", "ba"):
        text = f"use '{order[0]}.bp'; use '{order[1]}.bp'; f(x)"
        assert "has another rule for f, or none" in mistake(text).message
    assert "another rule for f" in mistake("use 'a.bp'; use 'lib.bp'; f(x)").message
    assert both("use 'a.bp'; use 'a.bp'; f(x)", x=2.0) == (4, {"x": 7})


def test_a_rule_is_too_late_where_another_file_has_used_the_function(files):
    files(lib="def f(x) = x^2", user="use 'lib.bp'\ndef g(x) = f(x)")
    assert mistake("use 'user.bp'; rule f(x) = 7; g(x)").message == "f is used above its rule"
    text = "use 'lib.bp'; use 'user.bp'; rule f(x) = 7; g(x)"
    assert mistake(text).message == "f is used above its rule"


def test_cycles_are_errors(files):
    folder = files(
        me="use 'me.bp'\ndef f(x) = x", a="use 'b.bp'", b="use 'sub/c.bp'", sub__c="use '../a.bp'"
    )
    for text, origin in (("use 'a.bp'; x", ""), ("use 'a.bp'; x", "b.bp"), ("use 'b.bp'; x", "")):
        error = mistake(text, origin=origin)
        assert "uses itself, directly or through other files" in error.message
        assert error.origin
    # the program's own file is the first of the circle, so the one that uses it is told
    assert mistake("use 'a.bp'; x", origin="b.bp").origin == "a.bp"
    for text, origin in (("use 'me.bp'; x", ""), ("use 'me.bp'; x", "me.bp")):
        assert mistake(text, origin=origin).message == "this file uses itself"
    (folder / "link.bp").symlink_to(folder / "loop.bp")
    (folder / "loop.bp").write_text("use 'link.bp'")
    assert mistake("use 'loop.bp'; x").message == "this file uses itself"


@pytest.mark.slow
def test_long_chains_of_files(files):
    chain = {f"f{i}": f"use 'f{i + 1}.bp'\ndef g{i}(x) = g{i + 1}(x) + 1" for i in range(98)}
    files(**chain, f98="def g98(x) = x^2")
    assert both("use 'f0.bp'; g0(x)", x=2.0) == (102, {"x": 4})
    endless = {f"e{i}": f"use 'e{i + 1}.bp'" for i in range(150)}
    files(**endless, e150="def g(x) = x")
    assert mistake("use 'e0.bp'; x").message == "files use one another more than 100 deep"


def test_files_that_cannot_be_read(files):
    folder = files(latin="")
    (folder / "latin.bp").write_bytes(b"# caf\xe9\n")
    (folder / "folder").mkdir()
    for path, message in (
        ("none.bp", "there is no file 'none.bp'"),
        ("folder", "'folder' is a directory"),
        ("latin.bp", "'latin.bp' is not UTF-8 text: byte 0xe9 on line 1"),
        ("-", "stdin cannot be used for definitions"),
        ("", "there is no file's name"),
        ("a\0b", "'a\0b' cannot be read: embedded null byte"),
        ("x" * 5000, f"'…{'x' * 40}' cannot be read: File name too long"),
    ):
        error = mistake(f"use '{path}'; x")
        assert error.message == message
        assert error.source[error.start : error.end] == f"'{path}'"
        assert error.hint
    assert "cannot be read" in mistake("use '\ud800'; x").message


def test_what_stands_in_a_file(files):
    """Only definitions; a mistake in it is shown there."""
    files(value="def f(x) = x\ny = 3\n", output="x^2", several="(x, y)", wrong="def f(x) = x +\n")
    for name in ("value", "output", "several"):
        error = mistake(f"use '{name}.bp'; x")
        assert error.message == "a file that is used may only hold definitions"
        assert error.origin == f"{name}.bp"
    error = mistake("use 'wrong.bp'; x")
    assert (error.message, error.origin) == ("there is nothing after '+'", "wrong.bp")
    assert "(wrong.bp:1)" in error.render()
    files(empty="", comment="# nothing\n\n")
    assert both("use 'empty.bp'; use 'comment.bp'; x", x=1.0) == (1, {"x": 1})


def test_names_that_clash(files):
    files(a="def f(x) = x", b="def f(x) = x", inner="use 'a.bp'")
    for text in ("use 'a.bp'; use 'b.bp'; f(x)", "def f(x) = x; use 'inner.bp'; f(x)"):
        assert "defines f, which is defined already" in mistake(text).message
    assert mistake("use 'a.bp'; def f(x) = 2; f(x)").message == "the function f is defined already"
    files(sine="def sin(x) = x^2")
    error = mistake("z = sin(x); use 'sine.bp'; sin(z)")
    assert error.message == "'sine.bp' defines sin, which is used above it"
    assert both("use 'sine.bp'; sin(x)", x=3.0) == (9, {"x": 6})


def test_a_file_knows_only_what_it_says(files):
    """Neither the program's functions nor its values reach into a file."""
    files(lib="def f(x) = sin(x)", asks="def f(x) = mine(x)", reads="def f(x) = x*y")
    assert both("def sin(x) = 2*x; use 'lib.bp'; f(x) - sin(x)", x=0.0) == (0, {"x": -1})
    assert mistake("def mine(x) = x; use 'asks.bp'; f(x)").message == "there is no function 'mine'"
    assert mistake("y = 2; use 'reads.bp'; f(x)").message == "'y' is not a parameter of f"


def test_warnings_reach_the_program_once(files):
    files(lib="def f(x) = x + diff(2, x)")
    text = "use 'lib.bp'; use 'lib.bp'; f(x) + f(2*x) + diff(3, x) + diff(3, x)"
    assert lower.lower(parse(text)).warnings == [
        "diff(2, x) is 0: nothing in it moves with its second argument",
        "diff(3, x) is 0: nothing in it moves with its second argument",
    ]


def test_the_table_is_not_touched():
    """Functions belong to their program."""
    before = set(TABLE)
    parse(RELU6 + STE + "relu6(x)*ste(x)")
    assert set(TABLE) == before
    assert "ste()" not in parse("x^2").graph.table


def test_own_names_need_not_be_pythons_nor_new_to_a_rule():
    """By hand: f1' = 2x; a rule that calls f1 at 3 gives 9; ours sigmoid is x, the other is not."""
    for name in ("f₁", "ﬁ", "变", "class_", "sigmoid"):
        head = f"def {name}(x) = x^2; rule {name}(x) = 2*x\ndef g(x) = x; rule g(x) = {name}(x)\n"
        assert both(head + f"g({name}(x)) + g(x)", x=3.0) == (12, {"x": 81 * 6 + 9})
    head = "def sigmoid(x) = x; rule sigmoid(x) = 7\n"
    text = head + "def g(x) = x; rule g(x) = sigmoid(x) + 4*diff(softplus(x), x)\ng(x)"
    assert both(text, x=0.0) == (0, {"x": 2})
