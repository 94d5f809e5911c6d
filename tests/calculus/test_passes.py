"""The passes: both ways through random graphs, conventions where books differ, what is pruned."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from backpropcli.arithmetics import digits, floats
from backpropcli.calculus.forward import forward
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import TABLE, WORDS
from backpropcli.language.parse import parse
from backpropcli.language.unparse import unparse
from backpropcli.language.unparse.naming import DEEPEST
from backpropcli.modes.gradient import gradient
from tests.each import for_each
from tests.reference import active, applied, canonical, pulled, slopes

INF = math.inf

# Text and back


@st.composite
def graphs(draw):
    """Draw any graph that the language can say, and names for some of its nodes."""
    graph = Graph()
    literal = set()
    for name in draw(
        st.lists(st.sampled_from(["x", "y", "t1", "w_2", "λ"]), min_size=1, unique=True)
    ):
        graph.node("variable", (), name)
    numbers = st.sampled_from([0.0, 0.5, 2.0, 1e-7, 1e22, 3.25e300])
    for value in draw(st.lists(numbers, unique=True)):
        literal.add(graph.node("number", (), value))
    for name in draw(st.lists(st.sampled_from(["pi", "e", "tau", "inf"]), unique=True)):
        graph.node("constant", (), name)
    names = {}
    for _ in range(draw(st.integers(0, 25))):
        row = draw(st.sampled_from(WORDS))
        count = len(row.parameters) + (draw(st.integers(0, 3)) if row.variadic else 0)
        # The last nodes are drawn more often, or nothing would be deep.
        nodes = st.integers(0, len(graph) - 1) | st.integers(max(0, len(graph) - 3), len(graph) - 1)
        inputs = tuple(draw(nodes) for _ in range(count))
        if row.name == "pow" and literal.issuperset(inputs):
            continue  # the parser refuses a power of numbers that overflows
        node = graph.node(row.name, inputs)
        if node not in names.values() and draw(st.integers(0, 4)) == 0:
            names[draw(st.sampled_from([f"t{node}", f"name{node}", f"变量{node}"]))] = node
    return graph, len(graph) - 1, names


def same_after_text(graph, root, names):
    text = unparse(graph, root, names)
    program = parse(text)
    expected, renamed = canonical(graph, root)
    found, numbers = canonical(program.graph, program.root)
    assert found == expected
    for name, node in names.items():
        if node in renamed:
            assert numbers[program.names[name]] == renamed[node]
    return text


@pytest.mark.slow
@given(graphs())
def test_the_text_of_a_graph_is_that_graph(drawn):
    same_after_text(*drawn)


@for_each(
    "text, expected",
    [
        ("((w*x)+(b-(y)))^(2)", "(w*x + (b - y))^2"),
        ("a-(b-c)-d", "a - (b - c) - d"),
        ("(a/b)/(c/d)", "a/b/(c/d)"),
        ("(-x)^2 + -(x^2)", "(-x)^2 + -x^2"),
        ("x^(y^z) + (x^y)^z", "x^y^z + (x^y)^z"),
        ("x^(-y)", "x^-y"),
        ("(not (a < b)) and (c or (d and e))", "not a < b and (c or d and e)"),
        ("1 - (a < b)", "1 - (a < b)"),
        ("√(x + 1)*x²", "sqrt(x + 1)*x^2"),
        ("max(a, (b), c + (d))", "max(a, b, c + d)"),
        ("leaky_relu(x)", "leaky_relu(x, 0.01)"),
        ("(x + 1)*(x + 1)", "(x + 1)*(x + 1)"),
        ("exp(x + 1)^2*exp(x + 1)^2", "z1 = exp(x + 1)^2; z1*z1"),
        ("z = w*x\nrelu(z) - z", "z = w*x; relu(z) - z"),
        ("t1 = x*y\nt1 + sin(x + y)*cos(x + y)", "t1 = x*y; t1 + sin(x + y)*cos(x + y)"),
        ("a = x + 1; b = a; b*2", "a = x + 1; b = a; b*2"),
        ("rate = 0.5; rate*x", "rate = 0.5; rate*x"),
        ("a = x; a*2", "a = x; a*2"),
        ("loss = x^2", "loss = x^2"),
        ("a = π*x; pi = a + 1; pi*2", "a = π*x; pi = a + 1; pi*2"),
        ("x", "x"),
    ],
)
def test_the_text_has_no_parenthesis_too_many(text, expected):
    program = parse(text)
    assert same_after_text(program.graph, program.root, program.names) == expected


@pytest.mark.slow
def test_deep_and_shared_graphs_have_a_linear_text():
    for text in (
        "sin(" * 3000 + "x" + ")" * 3000,
        "(1 + " * 3000 + "x" + ")" * 3000,
        "-" * 3000 + "x",
        "^".join(["x"] * 3000),
        "a0 = x\n" + "\n".join(f"a{i + 1} = a{i}*a{i} + sin(a{i} - y)" for i in range(500)),
    ):
        program = parse(text)
        written = same_after_text(program.graph, program.root, {})
        assert len(written) < 20 * len(program.graph)
        deepest = max(statement.count("(") for statement in written.split(";"))
        assert deepest <= DEEPEST + 1


# The reverse pass against differences

SMOOTH = {
    "add": mp.fadd,
    "sub": mp.fsub,
    "mul": mp.fmul,
    "neg": mp.fneg,
    "sin": mp.sin,
    "cos": mp.cos,
    "tanh": mp.tanh,
    "atan": mp.atan,
    "asinh": mp.asinh,
    "erf": mp.erf,
    "exp": mp.exp,
    "gaussian": lambda x: mp.exp(-x * x / 2),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "hypot": lambda x, y: mp.sqrt(x * x + y * y),
    "logaddexp": lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "sech": lambda x: 1 / mp.cosh(x),
}
"""Smooth operations with derivatives of moderate size, by mpmath's own functions."""
TWO = {"hypot", "logaddexp", "add", "sub", "mul"}


@st.composite
def smooth_programs(draw):
    """Draw a smooth program as text, many of its intermediates used more than once."""
    names = ["x", "y", "z"]
    lines = []
    for index in range(draw(st.integers(1, 12))):
        name = draw(st.sampled_from(sorted(SMOOTH)))
        row = TABLE[name]
        recent = st.sampled_from(names) | st.sampled_from(names[-2:])
        inputs = [draw(recent) for _ in row.parameters]
        if name == "exp":
            inputs = [f"sin({inputs[0]})"]  # towers of exp leave every range
        if name == "hypot" and inputs[0] == inputs[1]:
            inputs[1] = f"({inputs[1]} + 1)"
        lines.append(f"v{index} = {applied(row, *inputs)}")
        names.append(f"v{index}")
    lines.append(f"tanh({names[-1]}) + 0.25*{draw(st.sampled_from(names))}")
    return "\n".join(lines)


def by_mpmath(graph, root, point):
    """Return the value by mpmath's functions, node by node."""
    values = []
    for node, operation in enumerate(graph.operations):
        if operation == "variable":
            values.append(point[graph.args[node]])
        elif operation == "number":
            values.append(mpf(graph.args[node]))
        elif operation == "name":
            values.append(values[graph.inputs[node][0]])
        else:
            values.append(SMOOTH[operation](*[values[child] for child in graph.inputs[node]]))
    return values[root]


small = st.integers(-64, 64).map(lambda whole: whole / 32)


@pytest.mark.slow
@given(smooth_programs(), small, small, small)
def test_reverse_is_the_limit_of_differences(text, x, y, z):
    program = parse(text)
    graph, root = program.graph, program.root
    variables = graph.variables()
    point = {name: value for name, value in zip("xyz", (x, y, z), strict=True) if name in variables}
    report = gradient(program, point)
    with mp.workdps(150):
        exact = {name: mpf(value) for name, value in point.items()}
        values = forward(graph, digits, exact)
        adjoints = pulled(graph, digits, values, {root: mpf(1)}, variables.values())
        assert abs(values[root] - by_mpmath(graph, root, exact)) < mpf(10) ** -130
        step = mpf(10) ** -40
        for name, node in variables.items():
            up = by_mpmath(graph, root, {**exact, name: exact[name] + step})
            down = by_mpmath(graph, root, {**exact, name: exact[name] - step})
            slope = (up - down) / (2 * step)
            if not mp.isfinite(slope) or abs(slope) > 1e6:
                continue
            assert abs((adjoints[node] or 0) - slope) < mpf(10) ** -45 * (1 + abs(slope))
        # Floats may lose digits where terms cancel, but no more than the terms are large.
        size = 1 + max(abs(one) for one in [*report.values, *filter(None, report.adjoints)])
        for name, node in variables.items():
            assert abs(report.gradient[name] - (adjoints[node] or 0)) <= 1e-9 * size**3


@pytest.mark.slow
@given(smooth_programs(), small, small, small)
def test_every_adjoint_is_the_sum_of_what_arrives(text, x, y, z):
    program = parse(text)
    point = dict(zip("xyz", (x, y, z), strict=True))
    report = gradient(program, {name: point[name] for name in program.graph.variables()})
    sums = [0.0] * len(report.view)
    sums[report.view.root] = 1.0
    view = report.view
    for row in view:
        for edge in row.edges:
            if edge.contribution is not None:
                sums[edge.input] += edge.contribution
    for row in view:
        if row.adjoint is not None:
            assert sums[row.id] == pytest.approx(row.adjoint, rel=1e-9, abs=1e-12)
        else:
            assert row.status


# Conventions


def slope(text, x=0.0, **point):
    return slopes(text, x=x, **point)["x"]


@for_each(
    "text, x, expected",
    [
        ("relu(x)", 0.0, 0),
        ("relu(x)", -0.0, 0),
        ("relu6(x)", 6.0, 0),
        ("abs(x)", 0.0, 0),
        ("leaky_relu(x)", 0.0, 0.01),
        ("elu(x, 2)", 0.0, 2),
        ("hardtanh(x)", 1.0, 0),
        ("max(x, 1)", 1.0, 0.5),
        ("min(x, 1)", 1.0, 0.5),
        ("max(x, 1, 1, 0)", 1.0, 1 / 3),
        ("max(x, x)", 1.0, 1),
        ("max(x, x, 1)", 1.0, 2 / 3),
        ("max(x, -x)", 0.0, 0),
        ("clip(x, 0, 1)", 0.0, 0),
        ("clip(x, 0, 1)", 1.0, 0),
        ("clip(x, 0, 1)", 2.0, 0),
        ("sqrt(x)", 0.0, INF),
        ("cbrt(x)", 0.0, INF),
        ("hypot(x, 0)", 0.0, 0),
        ("hypot(x, x)", 0.0, 0),
        ("x^0", 0.0, 0),
        ("x^1", 0.0, 1),
        ("x^2", 0.0, 0),
        ("0^x", 0.0, -INF),  # a jump from 1 to 0
        ("sign(x)", 0.0, 0),
        ("floor(x)", 1.0, 0),
        ("ceil(x)", 1.5, 0),
        ("round(x)", 0.5, 0),
        ("x < 1", 1.0, 0),
        ("x == x", 1.0, 0),
        ("not x", 0.0, 0),
        ("mod(x, 2)", 4.0, 1),
        ("huber(x)", 1.0, 1),
        ("log(x)", 0.0, INF),
        ("x*x", 3.0, 6),
        ("x + x", 3.0, 2),
        ("x - x", 3.0, 0),
        ("x/x", 3.0, 0),
        ("x^x", 1.0, 1),
        ("sg(x)*x", 3.0, 3),
        ("sg(x)", 3.0, 0),
        ("where(x > 0, x^2, x)", 0.0, 1),
        ("where(x, 1, 2)", 1.0, 0),
    ],
)
def test_slopes_where_books_differ(text, x, expected):
    assert slope(text, x) == pytest.approx(expected)


def test_the_values_of_powers_of_nothing():
    def value(text):
        return gradient(parse(text), {}).value

    assert value("0^0") == 1
    assert value("0^-1") == INF
    assert value("0^0.5") == 0


def test_a_fan_out_adds_up():
    report = gradient(parse("a = x*y; b = a + a; sin(a)*b + a^3"), {"x": 0.5, "y": 3.0})
    a = 1.5
    total = math.cos(a) * 2 * a + 2 * math.sin(a) + 3 * a * a
    assert report.adjoints[report.lowered.names["a"]] == pytest.approx(total)
    assert report.gradient == pytest.approx({"x": 3 * total, "y": 0.5 * total})
    assert len(report.view.arrivals[report.view.names.index("a")]) == 4  # b has two of them


def test_the_branch_not_taken_cannot_spoil_the_gradient():
    """A nan or an infinite slope there would, if it were multiplied by 0."""
    assert slope("where(x > 0, sqrt(x), 2*x)", -1.0) == 2
    assert slope("where(x > 0, log(x), 2*x)", 0.0) == 2
    assert slope("where(x == 0, 1, sin(x)/x)", 0.0) == 0
    assert slope("max(sqrt(x), 1)", 0.0) == 0
    assert slope("relu(log(x))", 0.5) == 0
    assert slope("relu(sqrt(x) - 1)", 0.0) == 0
    assert slope("min(exp(x), 5)", 1000.0) == 0


def test_an_honest_nan_stays():
    assert math.isnan(slope("0*sqrt(x)"))
    assert math.isnan(slope("sqrt(x)^2"))
    assert math.isnan(slope("sqrt(x*x)"))
    assert math.isnan(slope("sqrt(x)", -1.0))


def statuses(text, wrt=(), **point):
    report = gradient(parse(text), point, wrt)
    return report, {report.view.text(row.id): row for row in report.view}


def test_wrt_leaves_out_what_is_data():
    report, rows = statuses("(w*x + b - y)^2", ["w", "b"], w=2.0, x=3.0, b=1.0, y=5.0)
    assert report.gradient == {"w": 12.0, "b": 4.0}
    assert [rows[name].adjoint for name in "xy"] == [None, None]
    assert [rows[name].status for name in "xy"] == ["constant", "constant"]
    assert rows["2"].status == "constant"
    assert {edge.flow for edge in rows["w*x"].edges} == {"", "constant"}


def test_wrt_an_intermediate():
    report, rows = statuses("z = w*x\nz^2 + w", ["z"], w=2.0, x=3.0)
    assert report.gradient == {"z": 12.0}
    assert rows["w"].adjoint is None
    both, _ = statuses("z = w*x\nz^2 + w", ["w", "z"], w=2.0, x=3.0)
    assert both.gradient == {"w": 37.0, "z": 12.0}


def test_wrt_the_output_and_wrt_what_it_does_not_need():
    report, _ = statuses("z = x^2", ["z"], x=3.0)
    assert report.gradient == {"z": 1.0}
    with pytest.raises(BackpropError):
        statuses("x^2", ["y"], x=3.0)
    with pytest.raises(BackpropError):
        statuses("a = x; b = 2*x; a", ["b"], x=3.0)


def test_why_nothing_arrives():
    report, rows = statuses(
        "sg(a)*b + floor(c) + where(b > 0, b, d) + 0*pi", a=1.0, b=2.0, c=0.5, d=3.0
    )
    assert report.gradient == {"a": 0.0, "b": 2.0, "c": 0.0, "d": 0.0}
    assert {name: rows[name].status for name in "abcd"} == {
        "a": "stopped",
        "b": "",
        "c": "flat",
        "d": "not taken",
    }
    assert rows["pi"].status == "constant"


@pytest.mark.slow
@given(smooth_programs(), st.sets(st.sampled_from("xyz"), min_size=1))
def test_pruning_changes_no_number(text, names):
    program = parse(text)
    point = dict.fromkeys(program.graph.variables(), 0.75)
    asked = sorted(names & point.keys())
    whole = gradient(program, point)
    if asked:
        part = gradient(program, point, asked)
        assert part.gradient == {name: whole.gradient[name] for name in asked}


def test_activity_is_what_moves():
    graph = parse("a*b + floor(a) + sg(b)").graph
    variables = graph.variables()
    moved = active(graph, [variables["b"]])
    found = {operation for operation, flag in zip(graph.operations, moved, strict=True) if flag}
    assert found == {"variable", "mul", "add"}


def test_seeds_of_several_outputs_add_up():
    graph = parse("u = x*y; v = x + y; u*v").graph
    values = forward(graph, floats, {"x": 2.0, "y": 5.0})
    u, v = graph.operations.index("mul"), graph.operations.index("add")
    nodes = graph.variables()
    adjoints = pulled(graph, floats, values, {u: 1.0, v: 10.0}, nodes.values())
    assert [adjoints[node] for node in nodes.values()] == [15.0, 12.0]


def test_what_arrives_at_a_call_is_of_this_one_alone():
    """By hand; both bodies are x^2, of which 4 arrive."""
    report = gradient(parse("def f(x) = x^2\ndef g(x) = x^2\nf(x) + 3*g(x)"), {"x": 2.0})
    found = {report.text(node): slope for node, slope in enumerate(report.adjoints)}
    assert (found["f(x)"], found["g(x)"], found["x^2"], found["x"]) == (1, 3, 4, 16)


def test_a_sum_of_contributions_that_overflows_is_told():
    """The true slope, 2.1e308, is larger than any double."""
    report = gradient(parse("1e308*x + 1.1e308*x"), {"x": 0.1})
    [cause] = report.causes
    said = "the sum of the contributions overflows here"
    assert (cause.reason, cause.rounds, report.gradient) == (said, True, {"x": INF})
