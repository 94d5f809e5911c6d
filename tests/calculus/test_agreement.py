"""One derivative, whoever asks: gradient, jvp, diff, hvp, taylor and formula never part.

Programs are drawn with choices at ties and away from them, and with what is infinite or nan on
branches that are not taken. Numbers by hand stand in the cases; where there is no number, what all
are held against is the gradient.
"""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpropcli.arithmetics import floats
from backpropcli.calculus import derivative, linearize, sweeps
from backpropcli.calculus.forward import forward
from backpropcli.graph.cells import Rule
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import TABLE
from backpropcli.language.parse import parse
from backpropcli.modes import cost, hessian, hvp, jacobian, jvp, pattern, vjp
from backpropcli.modes.formula import formulas
from backpropcli.modes.gradient import gradient
from backpropcli.modes.taylor import taylor
from backpropcli.proof.gradient.check import check
from backpropcli.report import run
from tests.reference import assert_linear, forget_rules, slopes, value

INF, NAN = math.inf, math.nan


def by_all_ways(text, name, point):
    """Return the derivative of the last output by a name, by each way that there is.

    A series is one of a value: where that is nan there is none.
    """
    program = parse(text, point)
    lines, _, last = text.rpartition("\n")
    # A name of its own for the output lets diff ask for it, and changes nothing else.
    asked = f"{lines}\noutput = {last}\ndiff(output, {name})"
    [product] = hvp.hvp(program, point, {name: 1.0}).reports
    [series] = taylor(program, point, name, 1).series
    [matrix] = hessian.hessian(program, point, [name]).each
    found = formulas(program, [name])
    here = gradient(program, point, [name])
    slope = here.gradient[name]
    return {
        "gradient": slope,
        "jvp": jvp.jvp(program, point, {name: 1.0}).products[0],
        "vjp": vjp.vjp(program, point, {program.titles()[0]: 1.0}, [name]).products[0],
        "jacobian": jacobian.jacobian(program, point, [name], "forward").matrix[0][0],
        "diff": value(asked, **point),
        "hvp": product.value,
        "hessian": matrix.point.gradient[name],
        "taylor": slope if math.isnan(here.value) else series[1],
        "formula": forward(found.graph, floats, point)[found.slopes[0][0]],
    }


# By names


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "name", "expected", "second"),
    [
        ("w = 2; x = 2; w^3*x", "w", 24, 24),  # 3w²x and 6wx
        ("w = 2; x = 2; w^3*x", "x", 8, 0),
        ("a = 2; a*x + 2*y", "a", 3, 0),
        ("k = pi; k*x + sin(pi*y)", "k", 3, 0),
        ("a = x*y; b = x*y; a*b", "a", 15, 0),
        ("a = x*y; b = y*x; a*b", "a", 15, 0),
        ("a = x*y; b = x*y; a*b", "b", 15, 0),
        ("a = x*y; b = x*y; a*b^2", "b", 450, 30),
        ("a = x*y; a*(x*y)", "a", 15, 0),
        ("a = x; b = a; a*b*x", "a", 18, 6),  # 2ax, 2x: b rests on a, x on nothing
        ("a = x; b = a; a*b*x", "b", 9, 0),
        ("a = x; b = a; a*b*x", "x", 27, 18),  # x³
        ("def f(t) = t^2; a = f(x); b = f(x); a*b", "a", 9, 0),
        ("def f(t) = t^2; a = f(x); a*f(x)", "a", 9, 0),
        ("def f(t) = t^2; a = f(x); a*x^2", "a", 9, 0),
        ("def f(t) = t; a = f(x); a*x", "a", 3, 0),
        ("a = diff(y^3, x); a*x + 0*y", "a", 3, 0),
        ("a = diff(x^3, x); b = diff(x^3, x); a*b", "b", 27, 0),
        ("a = sg(x); a*x", "a", 3, 0),
        ("a = floor(x); a*x", "a", 3, 0),
    ],
)
def test_a_derivative_by_a_name_is_by_that_name_alone(text, name, expected, second):
    """By hand, at x = 3 and y = 5; what is equal to a name otherwise does not move with it."""
    program = parse(text)
    point = {one: {"x": 3.0, "y": 5.0}[one] for one in program.variables}
    lines = text.replace("; ", "\n")
    found = by_all_ways(lines, name, point)
    assert found == dict.fromkeys(found, expected)
    [matrix] = hessian.hessian(program, point, [name]).each
    assert matrix.matrix == [[second]]
    [series] = taylor(program, point, name, 2).series
    assert series[1:] == [expected, second / 2]
    report_ = gradient(program, point, [name])
    assert check(report_).verdict == "agrees"


# What gradient, diff, hvp and jvp told apart in version 0.2.0


@pytest.mark.parametrize(
    ("text", "point", "name", "expected"),
    [
        ("where(x > 0, x, 0)*sqrt(x)", {"x": -1.0}, "x", NAN),  # the value is nan
        ("y*where(x > 0, 1, 0)*(1/x)", {"x": 0.0, "y": 1.0}, "y", NAN),  # 0 times inf
        ("where(x > 0, sqrt(x), 2*x)", {"x": -1.0}, "x", 2),
        ("where(x == 0, 1, sin(x)/x)", {"x": 0.0}, "x", 0),
        ("max(sqrt(x), 1)", {"x": 0.0}, "x", 0),
        ("relu(log(x))*y", {"x": 0.0, "y": 2.0}, "x", 0),
        ("relu(log(x))*y", {"x": 0.0, "y": INF}, "x", 0),
        ("relu(abs(y) - 5)", {"y": 0.0}, "y", 0),
        ("clip(abs(y), 1, 2)", {"y": 0.0}, "y", 0),
        ("clip(sqrt(y), 1, 2)", {"y": 0.0}, "y", 0),
        ("min(exp(x), 5)", {"x": 1000.0}, "x", 0),
        ("x^0", {"x": 0.0}, "x", 0),
        ("0^x", {"x": 2.0}, "x", 0),
        ("0*sqrt(x)", {"x": 0.0}, "x", NAN),
        ("sqrt(x)", {"x": 0.0}, "x", INF),
        ("where(x, x, 0)", {"x": 0.0}, "x", 0),
        ("where(not x, 0, x)*1", {"x": 2.0}, "x", 1),
    ],
)
def test_conditions_are_no_factors(text, point, name, expected):
    found = by_all_ways(f"\n{text}", name, point)
    assert found == pytest.approx(dict.fromkeys(found, expected), nan_ok=True)


# Drawn programs

FORMS = (
    "{a}*{b}", "{a} + {b}", "{a} - 2*{b}", "-{a}", "sin({a})", "tanh({a} + {b})", "{a}^2",
    "where({a} > {b}, {a}*{b}, sqrt({b}))", "where({a} > 0, log({a}), {b})",
    "where({a} == {b}, {a}, 1/({a} - {b}))", "where({a} < {b}, {a}, {b}^0.5)",
    "where({a} != 0, sin({a})/{a}, 1)", "where({a}, {b}, {a})",
    "max({a}, {b})", "max({a}, {b}, {a}, 1)", "min({a}, {b}, 0.5)", "min({a}, sqrt({b}))",
    "relu({a})", "relu({a}*{b} - 1)", "relu(log({a}))*{b}", "clip({a}, -1, {b})",
    "clip({a}, 0, 1)*{b}", "abs({a})", "abs({a} - {b})", "leaky_relu({a} + {b})",
    "elu({a})*{b}", "hardtanh({a})", "huber({a}, 1)", "hypot({a}, {b})", "logsumexp({a}, {b}, {a})",
    "sg({a})*{b}", "floor({a})*{b}", "({a} > {b})*{a}", "mod({a}, 2)", "gelu({a})",
    "exp(min({a}, 3))", "(({a} > 0) and ({b} > 0))*{b}", "half({a})*{b}", "diff({a}^2*{b}, x)",
)  # fmt: skip
COORDINATES = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 0.75, 3.0)
HEAD = "def half(t) = where(t > 0, sqrt(t), relu(t)/2)\n"


@st.composite
def choosing(draw):
    """Draw a program of choices, a point at which many tie, and the names of its intermediates."""
    names, lines = ["x", "y"], []
    for index in range(draw(st.integers(1, 6))):
        pick = st.sampled_from(names) | st.sampled_from(names[-2:])
        form = draw(st.sampled_from(FORMS))
        lines.append(f"z{index} = {form.format(a=draw(pick), b=draw(pick))}")
        names.append(f"z{index}")
    lines.append(f"{names[-1]} + 0.25*{draw(st.sampled_from(names))} + 0*x + 0*y")
    point = {name: draw(st.sampled_from(COORDINATES)) for name in ("x", "y")}
    return HEAD + "\n".join(lines), point, draw(st.sampled_from(names))


def kind(number):
    """Return what a number is, where it is no finite one."""
    return number if math.isinf(number) else "nan" if math.isnan(number) else "finite"


@pytest.mark.slow
def test_all_ways_to_a_derivative_agree(times):
    seen = Counter()

    @given(choosing())
    @settings(max_examples=120 * times, deadline=None, derandomize=True, database=None)
    def check_one(drawn):
        text, point, name = drawn
        program = parse(text, point)
        if name not in {*program.names, *program.variables}:
            return  # the output does not use it
        found = by_all_ways(text, name, point)
        expected = found["gradient"]
        seen[kind(expected)] += 1
        seen["not 0"] += expected != 0
        flat = gradient(program, point)
        seen["not finite, not taken"] += (
            math.isfinite(flat.value)
            and math.isfinite(expected)
            and not all(map(math.isfinite, flat.values))
        )
        seen["kinks"] += bool(flat.kinks)
        if not math.isfinite(expected):
            del found["formula"]  # sums in another order, and powers as books write them
        for way, number in found.items():
            assert kind(number) == kind(expected), (way, found)
            if math.isfinite(expected):
                assert number == pytest.approx(expected, rel=1e-9, abs=1e-9), (way, found)

    check_one()
    assert min(seen["not finite, not taken"], seen["kinks"]) > 5, seen
    assert min(seen["not 0"] - 45, seen["nan"]) > 0, seen


# Operations with many inputs


def many(count, operation="max", name="x"):
    return parse(f"{operation}({', '.join([name] * count)})")


def test_an_input_taken_many_times_is_that_input():
    """max(x, x) is x, and so is its slope; for logsumexp(x, x) = x + log(2) too."""
    for operation in ("max", "min", "logsumexp"):
        for count in (2, 3, 49, 1000):
            found = gradient(many(count, operation), {"x": 2.0})
            assert found.gradient["x"] == pytest.approx(1, rel=1e-14)
            assert not found.kinks
    for text in ("max(x, x)", "max(x, x, 1)", "where(x > 5, x, x)", "x*x + logsumexp(x, x, 3)"):
        found = check(gradient(parse(text), {"x": 2.0}))
        assert (found.verdict, found.reason) == ("agrees", ""), text


def test_a_wrong_share_of_an_input_taken_many_times_is_found(monkeypatch):
    forget_rules(monkeypatch)
    for cell in ("in_floats", "rules"):
        monkeypatch.setattr(TABLE["max"], cell, (Rule("1/(ties(out, args) + 1)"),))
    found = check(gradient(parse("max(x, x)"), {"x": 2.0}))
    assert found.verdict == "disagrees"


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["max", "min", "logsumexp"])
@pytest.mark.parametrize("alike", [True, False])
def test_the_work_on_many_inputs_is_linear(operation, alike):
    def make(count):
        names = ["x"] * count if alike else [f"x{at}" for at in range(count)]
        return parse(f"{operation}({', '.join(names)})")

    def run(program):
        point = {name: 1.0 + at % 3 for at, name in enumerate(program.variables)}
        found = gradient(program, point)
        assert sum(found.gradient.values()) == pytest.approx(1)
        jvp.jvp(program, point, dict.fromkeys(program.variables, 1.0))
        formulas(program)

    assert_linear(run, make, size=100)


# The two loops


def asked(mode):
    """Ask a mode for the derivatives of x^2*y, of two outputs where it can have them."""
    point = {"x": 3.0, "y": 2.0}
    one, two = parse("x^2*y"), parse("outputs: x^2*y, x")
    return {
        "gradient": lambda: gradient(one, point),
        "jacobian forward": lambda: jacobian.jacobian(two, point, ["x"], "forward"),
        "jacobian reverse": lambda: jacobian.jacobian(two, point, ["x"], "reverse"),
        "hessian": lambda: hessian.hessian(one, point),
        "jvp": lambda: jvp.jvp(one, point, {"x": 1.0}),
        "vjp": lambda: vjp.vjp(two, point, {"x": 1.0}),
        "hvp": lambda: hvp.hvp(one, point, {"x": 1.0}),
        "formula": lambda: formulas(one),
        "diff": lambda: value("diff(x^2*y, x)", **point),
        "cost": lambda: cost.cost(one),
        "dependence": lambda: pattern.dependence(one.graph, [one.root], [0]),
        "taylor": lambda: taylor(one, point, "x", 2),
    }[mode]


PULL, PUSH, LINEARIZE = "pull", "push", "linearize"
USERS = {
    "gradient": {LINEARIZE, PULL},
    "jacobian forward": {LINEARIZE, PULL, PUSH},  # the report of the point is a gradient
    "jacobian reverse": {LINEARIZE, PULL, PUSH},  # what depends on what is a push
    "hessian": {LINEARIZE, PULL, PUSH},
    "jvp": {LINEARIZE, PUSH},
    "vjp": {LINEARIZE, PULL},
    "hvp": {LINEARIZE, PULL, PUSH},
    "formula": {LINEARIZE, PULL},
    "diff": {LINEARIZE, PUSH},
    "cost": {LINEARIZE, PULL},
    "dependence": {LINEARIZE, PUSH},
    "taylor": {LINEARIZE, PULL},  # the report of the point; the series is a forward pass
}


class Asked(Exception):
    """The loop was asked for."""


@pytest.mark.parametrize("mode", USERS)
@pytest.mark.parametrize("loop", [LINEARIZE, PULL, PUSH])
def test_all_modes_go_through_the_two_loops(monkeypatch, mode, loop):
    """Without the loop a mode fails, if it is one that needs it; and else it does not."""

    def gone(*_arguments, **_options):
        raise Asked

    work = asked(mode)
    work()
    where = (linearize if loop == LINEARIZE else sweeps).__dict__[loop]
    for module in (derivative, jacobian, jvp, pattern, run):
        if vars(module).get(loop) is where:
            monkeypatch.setattr(module, loop, gone)
    if loop in USERS[mode]:
        with pytest.raises(Asked):
            work()
    else:
        work()


def test_a_sweep_takes_what_the_edges_say_and_nothing_else(monkeypatch):
    """Edges made up by hand: all that modes know of the operations comes from ``linearize``."""
    real = linearize.linearize

    def doubled(*arguments, **options):
        edges = real(*arguments, **options)
        if all(isinstance(partial, float) for _, _, partial in edges):
            edges.change(lambda _head, _tail, partial: 2 * partial)
        return edges

    monkeypatch.setattr(run, "linearize", doubled)
    monkeypatch.setattr(jvp, "linearize", doubled)
    assert slopes("sin(x*y)*3", x=0.0, y=2.0) == {"x": 2 * 2 * 2 * 6.0, "y": 0.0}
    assert jvp.jvp(parse("x*y"), {"x": 3.0, "y": 5.0}, {"x": 1.0}).products == [10.0]


def test_the_sweeps_on_a_graph_made_by_hand():
    """u = x*y, v = x + u: dv/dx = 1 + y, dv/dy = x, and the tangent along (1, 10) is 6 + 30."""
    graph = Graph()
    x, y = graph.node("variable", (), "x"), graph.node("variable", (), "y")
    top = graph.node("add", (x, graph.node("mul", (x, y))))
    values = forward(graph, floats, {"x": 3.0, "y": 5.0})
    edges = linearize.linearize(graph, floats, values, [x, y])
    adjoints = sweeps.pull(edges, floats, {top: 1.0})
    assert (adjoints[x], adjoints[y]) == (6.0, 3.0)
    assert sweeps.push(edges, floats, {x: 1.0, y: 10.0})[top] == 36.0
