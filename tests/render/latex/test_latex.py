"""LaTeX: the parentheses that the meaning needs, symbols that differ, and balance everywhere."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpropcli.arithmetics.rules import parsed
from backpropcli.calculus.bindings import comment_bindings, merged
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Graph
from backpropcli.graph.operations import ROWS
from backpropcli.graph.walks import without_names
from backpropcli.language.parse import parse
from backpropcli.language.unparse.naming import PLAIN
from backpropcli.modes.formula import formulas
from backpropcli.modes.gradient import gradient, ready, report_of
from backpropcli.render.latex import chain, derivatives, latex, latex_steps, symbol, symbols
from backpropcli.render.layout.lines import Options
from backpropcli.render.views.steps import steps as plain_steps
from tests.each import for_each
from tests.reference import OF_ARRAYS, applied, assert_linear

SAMPLES = sorted((Path(__file__).parents[3] / "samples").glob("*.bp"))


OPERATIONS = [row for row in ROWS if row.name not in PLAIN]


def formula(text, bound=()):
    program = parse(text, bound)
    return latex(program.graph, program.root, program.names)


def pairs(text, opening, closing):
    """Return how often each of two commands stands in ``text``."""
    return text.count(opening), text.count(closing)


def assert_balanced(text):
    depth = 0
    bare = text.replace(r"\{", "").replace(r"\}", "")
    for char in bare:
        depth += (char == "{") - (char == "}")
        assert depth >= 0, text
    assert depth == 0, text
    opened, closed = pairs(text.replace(r"\leftarrow", ""), r"\left", r"\right")
    assert opened == closed, text
    for name in ("cases", "aligned"):
        opened, closed = pairs(text, rf"\begin{{{name}}}", rf"\end{{{name}}}")
        assert opened == closed, text


# Formulas


@for_each(
    "text, expected",
    [
        ("(w*x + b - y)^2", r"\left(w\,x + b - y\right)^{2}"),
        ("a - (b - c) - d", r"a - \left(b - c\right) - d"),
        ("a + (b + c)", r"a + \left(b + c\right)"),
        ("a*(b*c)", r"a\,\left(b\,c\right)"),
        ("-x*y", r"-x\,y"),
        ("a*(-b)", r"a\,\left(-b\right)"),
        ("a*(-x*y)", r"a\,\left(-x\,y\right)"),
        ("a + -b", r"a + \left(-b\right)"),
        ("a + -x*y", r"a + \left(-x\,y\right)"),
        ("a - -x", r"a - \left(-x\right)"),
        ("a - (-x)*y*z", r"a - \left(-x\,y\,z\right)"),
        ("-x + y", "-x + y"),
        ("-(x + y)", r"-\left(x + y\right)"),
        ("-(-x*y)", r"-\left(-x\,y\right)"),
        ("--x", r"-\left(-x\right)"),
        ("(x - 1)*(-y + 1)", r"\left(x - 1\right)\,\left(-y + 1\right)"),
        ("2*x", r"2\,x"),
        ("x*2", r"x \cdot 2"),
        ("2*3", r"2 \cdot 3"),
        ("2*(-3)", r"2 \cdot \left(-3\right)"),
        ("x*2^y", r"x \cdot 2^{y}"),
        ("x*(2*y)^3", r"x\,\left(2\,y\right)^{3}"),
        ("2*(1/2)", r"2 \cdot \frac{1}{2}"),
        ("(a/b)/(c/d)", r"\frac{a/b}{c/d}"),
        ("(a + b)/(c - d)", r"\frac{a + b}{c - d}"),
        ("-x/y^2", r"-\frac{x}{y^{2}}"),
        ("a/b/c + (x/2)^(y/2)", r"\frac{a/b}{c} + \left(\frac{x}{2}\right)^{y/2}"),
        ("exp(x/y*z - x/y + x*(y/z))", r"e^{\left(x/y\right)\,z - x/y + x\,\left(y/z\right)}"),
        ("exp(-(x/y)/(2*z))", r"e^{-x/y/\left(2\,z\right)}"),
        ("x*(-y/z)", r"x\,\left(-\frac{y}{z}\right)"),
        ("(a/b)^2", r"\left(\frac{a}{b}\right)^{2}"),
        ("(-x)^2 + -(x^2)", r"\left(-x\right)^{2} + \left(-x^{2}\right)"),
        ("x^(y^z) + (x^y)^z", r"x^{y^{z}} + \left(x^{y}\right)^{z}"),
        ("(x*y)^2", r"\left(x\,y\right)^{2}"),
        ("x^-2", "x^{-2}"),
        ("exp(x)^2", r"\left(e^{x}\right)^{2}"),
        ("exp(-(x - m)^2)", r"e^{-\left(x - m\right)^{2}}"),
        ("sin(x)^2 + sin(x^2)", r"\sin^{2}\left(x\right) + \sin\left(x^{2}\right)"),
        ("tanh(x)^10", r"\tanh^{10}\left(x\right)"),
        ("sin(x)^-1", r"\left(\sin\left(x\right)\right)^{-1}"),
        ("sin(x)^1", r"\left(\sin\left(x\right)\right)^{1}"),
        ("sin(x)^0.5", r"\left(\sin\left(x\right)\right)^{0.5}"),
        ("log(x)^2", r"\left(\ln\left(x\right)\right)^{2}"),
        ("sqrt(x)^2", r"\sqrt{x}^{2}"),
        ("cbrt(x + 1)", r"\sqrt[3]{x + 1}"),
        ("hypot(x + 1, -y)", r"\sqrt{\left(x + 1\right)^{2} + \left(-y\right)^{2}}"),
        ("gaussian(-x)", r"e^{-\left(-x\right)^{2}/2}"),
        ("1 - expm1(x)", r"1 - \left(e^{x} - 1\right)"),
        ("log1p(-x)", r"\ln\left(1 + \left(-x\right)\right)"),
        ("log2(x)*log10(y)", r"\log_2\left(x\right)\,\log_{10}\left(y\right)"),
        ("abs(floor(x) - ceil(y))", (r"\left|\left\lfloor x\right\rfloor - "
         r"\left\lceil y\right\rceil\right|")),
        ("gamma(x)*lgamma(x)", r"\Gamma\left(x\right)\,\ln\left|\Gamma\left(x\right)\right|"),
        ("digamma(x) + trigamma(x)", r"\psi\left(x\right) + \psi^{(1)}\left(x\right)"),
        ("polygamma(3, x)", r"\psi^{(3)}\left(x\right)"),
        ("sigmoid(x)*(1 - sigmoid(x))", (r"\sigma\left(x\right)\,"
         r"\left(1 - \sigma\left(x\right)\right)")),
        ("sigma*sigmoid(x)", r"\sigma\,\operatorname{sigmoid}\left(x\right)"),
        ("σ*sigmoid(x)", r"\sigma\,\operatorname{sigmoid}\left(x\right)"),
        ("leaky_relu(x)", r"\operatorname{leaky\_relu}\left(x, 0.01\right)"),
        ("max(a, b + 1, -c)", r"\max\left(a, b + 1, -c\right)"),
        ("relu(x) + erf(y) + sg(z)", (r"\operatorname{relu}\left(x\right) + "
         r"\operatorname{erf}\left(y\right) + \operatorname{sg}\left(z\right)")),
        ("e*exp(x) + pi*tau", r"e\,e^{x} + \pi\,\tau"),
        ("inf + nan", r"\infty + \text{nan}"),
        ("1 - (a < b)", r"1 - \left(a < b\right)"),
        ("(a == b) != (c >= d)", r"\left(a = b\right) \ne \left(c \ge d\right)"),
        ("(a < b or c) and d", r"\left(a < b \lor c\right) \land d"),
        ("a < b or c and d", r"a < b \lor c \land d"),
        ("not (a < b) and c", r"\lnot \left(a < b\right) \land c"),
        (
            "2*where(x < 0, -x, y)",
            (r"2\,\left(\begin{cases} -x & \text{if } x < 0 \\ y & \text{otherwise} "
            r"\end{cases}\right)"),
        ),
        ("1e-5", r"1\cdot10^{-5}"),
        ("1e-5^2", r"\left(1\cdot10^{-5}\right)^{2}"),
        ("x*1.5e22", r"x \cdot \left(1.5\cdot10^{22}\right)"),
        ("1e22*x/3.0", r"\frac{1\cdot10^{22}\,x}{3}"),
    ],
)  # fmt: skip
def test_a_formula(text, expected):
    assert formula(text) == expected


@for_each(
    "text, expected",
    [
        ("z = w*x; relu(z) - z", r"\operatorname{relu}\left(z\right) - z"),
        ("s = sin(x); s^2", "s^{2}"),
        ("m = -x; m*m + m^2", r"m\,m + m^{2}"),
        ("rate = 0.5; rate*x", r"\mathit{rate}\,x"),
        ("a = x; a*2", r"a \cdot 2"),
        ("loss = x^2", "x^{2}"),
        ("half = 0.5", "0.5"),
        ("w1*w_1", r"w_1\,\mathit{w\_1}"),
    ],
)
def test_a_name_stands_for_its_formula(text, expected):
    assert formula(text) == expected


def test_a_variable_that_looks_like_a_constant_is_told_from_it():
    assert formula("π*exp(pi)", ["pi"]) == r"\pi\,e^{\mathit{pi}}"
    assert formula("exp(x) + e", ["e"]) == r"\operatorname{exp}\left(x\right) + e"


def test_an_operation_that_no_table_knows_is_written_by_its_name():
    graph = Graph()
    x = graph.node("variable", (), "x")
    two = graph.node("number", (), -2.0)
    node = graph.node("my_rule", (x, two))
    power = graph.node("pow", (two, node))
    assert latex(graph, power) == (r"\left(-2\right)^{\operatorname{my\_rule}\left(x, -2\right)}")


@for_each("row", OPERATIONS, ids=lambda row: row.name)
def test_every_operation_and_its_derivatives_are_balanced(row):
    graph = Graph()
    inputs = tuple(graph.node("variable", (), name) for name in row.parameters)
    total = graph.node("add", inputs * 2) if len(inputs) == 1 else graph.node("sub", inputs[:2])
    for operands in (inputs, (total,) * len(inputs)):
        node = graph.node(row.name, operands)
        for user in ("mul", "pow", "div", "sub"):
            assert_balanced(latex(graph, graph.node(user, (node, node))))
    for rule in row.rules:
        assert_balanced(latex(*parsed(row, rule)))


# Size


@pytest.mark.slow
def test_a_formula_may_be_deep():
    graph = Graph()
    node = graph.node("variable", (), "x")
    for _ in range(20_000):
        node = graph.node("sin", (node,))
    assert latex(graph, node).count(r"\sin") == 20_000
    for _ in range(80_000):
        node = graph.node("sin", (node,))
    with pytest.raises(BackpropError, match="too long"):
        latex(graph, node)


def test_a_node_used_over_and_over_is_too_long_unless_it_has_a_name():
    graph = Graph()
    node = graph.node("variable", (), "x")
    names = {}
    for index in range(100):
        node = graph.node("mul", (node, node))
        names[f"t{index}"] = node
    with pytest.raises(BackpropError, match="too long"):
        latex(graph, node)
    assert latex(graph, node, names) == r"t_{98}\,t_{98}"


@pytest.mark.sampled(5)
@pytest.mark.parametrize("operation", ["mul", "div", "pow", "sub", "neg"])
def test_a_chain_is_written_in_linear_time(operation):
    graph = Graph()
    x = graph.node("variable", (), "x")
    chain = [x]
    for _ in range(15_000):
        inputs = chain[-1:] if operation == "neg" else (chain[-1], x)
        chain.append(graph.node(operation, tuple(inputs)))
    assert_balanced(latex(graph, chain[-1]))
    assert_linear(lambda node: latex(graph, node), chain.__getitem__)


@pytest.mark.slow
def test_the_steps_of_many_inputs_take_linear_time():
    def maximum(count):
        values = {f"x{index}": float(index) for index in range(count)}
        return gradient(parse(f"max({', '.join(values)})"), values)

    assert len(latex_steps(maximum(300))) < 300 * 300
    assert_linear(latex_steps, maximum, size=25)


# Symbols


@for_each(
    "name, expected",
    [
        ("x", "x"),
        ("alpha", r"\alpha"),
        ("λ", r"\lambda"),
        ("w1", "w_1"),
        ("x_12", "x_{12}"),
        ("w₁₂", "w_{12}"),
        ("theta0", r"\theta_0"),
        ("w_hidden", r"w_{\text{hidden}}"),
        ("w_h1", r"w_{\text{h1}}"),
        ("x_i", "x_i"),
        ("x_alpha", r"x_\alpha"),
        ("loss", r"\mathit{loss}"),
        ("logp_old", r"\mathit{logp}_{\text{old}}"),
        ("Δx", r"\mathit{\Delta x}"),
        ("变量", r"\text{变量}"),
        ("a_b_c", r"\mathit{a\_b\_c}"),
        ("_x", r"\mathit{\_x}"),
        ("x_", r"\mathit{x\_}"),
    ],
)
def test_a_symbol(name, expected):
    assert symbol(name) == expected


def test_names_that_would_look_alike_are_spelled_out():
    assert symbols(["w_1", "w1"]) == {"w_1": "w_1", "w1": r"\mathit{w1}"}
    assert symbols(["alpha", "α"]) == {"α": r"\alpha", "alpha": r"\mathit{alpha}"}


ALPHABET = "xwαΔ变éοε₁₂12_" + "".join(sorted(set("alphetix")))
NAMES = st.from_regex(rf"\A[{string.ascii_letters}_αΔ变][{ALPHABET}]{{0,6}}\Z") | st.sampled_from(
    ["w1", "w_1", "w₁", "alpha", "α", "alpha1", "alpha_1", "α1", "alpha₁", "α₁", "x_alpha", "x_α"]
)


@pytest.mark.slow
@given(st.lists(NAMES, unique=True, min_size=2))
def test_different_names_have_different_symbols(names):
    found = symbols(names).values()
    assert len(set(found)) == len(names)
    for text in [*found, *map(symbol, names)]:
        assert_balanced(text)
    looks = {text.replace("{", "").replace("}", "") for text in symbols(names).values()}
    assert len(looks) == len(names)


# The two passes


def steps(text, **values):
    return latex_steps(gradient(parse(text, values), values)).split("\n")


def test_the_derivation_of_a_square():
    assert steps("(w*x - y)^2", w=2.0, x=3.0, y=8.0) == [
        r"\begin{aligned}",
        r"w &= 2 \\",
        r"x &= 3 \\",
        r"z_1 &= w\,x = 2 \cdot 3 = 6 \\",
        r"y &= 8 \\",
        r"z_2 &= z_1 - y = 6 - 8 = -2 \\",
        r"L &= z_2^{2} = \left(-2\right)^{2} = 4 \\[1ex]",
        r"\frac{\partial L}{\partial L} &= 1 \\",
        (
            r"\frac{\partial L}{\partial z_2} &= \frac{\partial L}{\partial L} \cdot 2\,z_2"
            r" = 1 \cdot \left(2 \cdot \left(-2\right)\right) = -4 \\"
        ),
        (
            r"\frac{\partial L}{\partial y} &= \frac{\partial L}{\partial z_2}"
            r" \cdot \left(-1\right) = -4 \cdot \left(-1\right) = 4 \\"
        ),
        (
            r"\frac{\partial L}{\partial z_1} &= \frac{\partial L}{\partial z_2} \cdot 1"
            r" = -4 \cdot 1 = -4 \\"
        ),
        (
            r"\frac{\partial L}{\partial x} &= \frac{\partial L}{\partial z_1} \cdot w"
            r" = -4 \cdot 2 = -8 \\"
        ),
        (
            r"\frac{\partial L}{\partial w} &= \frac{\partial L}{\partial z_1} \cdot x"
            r" = -4 \cdot 3 = -12"
        ),
        r"\end{aligned}",
    ]


def test_a_fan_out_is_a_sum_and_what_is_stopped_says_why():
    found = steps("f = tan(x)*x + sg(x) + max(x, 5)", x=0.0)
    at = found.index(
        r"\frac{\partial f}{\partial x} &= "
        r"\frac{\partial f}{\partial z_1} \cdot \left(1 + \tan^{2}\left(x\right)\right) + "
        r"\frac{\partial f}{\partial z_2} \cdot z_1 \\"
    )
    assert found[at + 1] == (r"&= 0 \cdot \left(1 + \tan^{2}\left(0\right)\right) + 1 \cdot 0 \\")
    assert found[at + 2] == (
        r"&= 0 + 0 = 0 \quad \text{(nothing from $z_3$: stopped)}"
        r" \quad \text{(nothing from $z_5$: not taken)}"
    )
    assert r"\frac{\partial f}{\partial x} &= 0 \quad \text{(stopped)}" in "".join(
        steps("f = sg(x)", x=1.0)
    )


def test_a_choice_is_made_and_says_why():
    found = "\n".join(steps("L = where(x < y, leaky_relu(x, 0.5), 1)*x^3", x=2.0, y=3.0))
    assert r"z_1 &= \left(x < y\right) = \left(2 < 3\right) = 1" in found
    assert r"z_3 &= \begin{cases} z_2 & \text{if } z_1" in found
    assert found.count(r"\begin{cases}") == 1
    assert r"\cdot 3\,x^{2}" in found
    assert r"8 \cdot 1 + 2 \cdot \left(3 \cdot 2^{2}\right)" in found
    assert r"&= 8 + 24 = 32 \quad \text{since } x > 0" in found
    assert r"\frac{\partial L}{\partial z_1} &= 0 \quad \text{(flat)}" in found


def test_a_maximum_passes_on_the_whole_or_a_share():
    found = "\n".join(steps("max(a, b, c)", a=1.0, b=2.0, c=2.0))
    assert r"\frac{\partial L}{\partial a} &= 0 \quad \text{(not taken)}" in found
    assert r"\cdot \frac{1}{2} = 1 \cdot \frac{1}{2} = 0.5" in found
    assert "ties" not in found


def test_the_factor_of_a_call_is_the_derivative_of_its_function():
    found = "\n".join(steps("def f(x, k) = log(1 + exp(k*x))/k; f(w*x, 4)", w=2.0, x=0.5))
    assert (
        r"&= \frac{\partial L}{\partial L} \cdot \frac{\partial \operatorname{f}}{\partial z_1} ="
    ) in found
    found = "\n".join(steps("diff(x^2, x)", x=3.0))
    assert r"L &= \texttt{diff(x\textasciicircum{}2, x)} = 6 \\" in found
    assert (
        r"\frac{\partial}{\partial x}\left[\texttt{diff(x\textasciicircum{}2, x)}\right] =" in found
    )


def test_the_steps_in_text_say_the_same_of_calls():
    def lines(text, **values):
        report = gradient(parse(text), values)
        return ["".join(part for _, part in line) for line in plain_steps(report, Options())]

    found = lines("def f(x, k) = log(1 + exp(k*x))/k; f(w*x, 4)", w=2.0, x=0.5)
    assert any(line.startswith("dL/dz1 = dL/dL · df/dz1 = 1 · ") for line in found)
    found = lines("diff(x^2, x)", x=3.0)
    assert "1. L = diff(x^2, x) = 6" in found
    assert "dL/dx = dL/dL · d[diff(x^2, x)]/dx = 1 · 2 = 2" in found


def test_what_derivatives_share_has_a_line_of_its_own():
    text = "x"
    for _ in range(40):
        text = f"sin({text})*x"
    found = derivatives(formulas(parse(text)))
    assert len(found) < 10_000
    assert "z_1 &= " in found
    assert found.count(r"\left[") == 0
    assert r"L &= " in found


def test_named_intermediates_and_outputs_are_defined():
    found = derivatives(formulas(parse("c = 7; p = x*y; (c*p, p^2, c)")))
    for line in (r"c &= 7 \\", r"p &= x\,y \\", r"f_1 &= c\,p \\", r"f_2 &= p^{2} \\"):
        assert line in found
    assert r"\frac{\partial}{\partial x}\left[p^{2}\right] = 2\,p\,y" not in found
    assert derivatives(formulas(parse("x^2"))) == (r"\frac{d}{dx}\left[x^{2}\right] = 2\,x")


def test_by_one_variable_it_is_d_and_by_several_it_is_partial():
    assert derivatives(formulas(parse("x^2"))).startswith(r"\frac{d}{dx}\left[")
    assert derivatives(formulas(parse("theta^2"))).startswith(r"\frac{d}{d \theta}\left[")
    assert r"\frac{\partial}{\partial x}" in derivatives(formulas(parse("x*y"), ["x"]))


def test_a_choice_in_the_last_branch_of_another_is_one_list_of_cases():
    assert derivatives(formulas(parse("max(x, 0)"))).endswith(
        r"\begin{cases} 1 & \text{if } x > 0 \\ 0.5 & \text{if } x = 0 \\ 0 & \text{otherwise} "
        r"\end{cases}"
    )


def test_a_formula_that_has_values_where_the_derivative_has_none_says_so():
    found = derivatives(formulas(parse("atan(y/x)"), ["x"]))
    assert found.endswith(r"= -\frac{y}{x^{2} + y^{2}} \quad \text{where } x \ne 0")


@pytest.mark.parametrize(
    "text", ["u = x^3*y; diff(u, x)", "u = x^3*y; v = diff(u, x); v^2", "u = x*y; diff(u, x)*x"]
)
def test_a_name_that_only_a_diff_uses_can_be_left_out(text):
    assert_balanced(derivatives(formulas(parse(text))))
    assert_balanced(chain(formulas(parse(text))))


def test_no_total_is_a_term_of_itself_in_the_chain_rule():
    found = chain(formulas(parse("sin(x)*x")))
    assert r"\left.\frac{\partial L}{\partial x}\right|_{\text{directly}}" in found
    assert r"\frac{\partial L}{\partial L}\," not in found


def test_a_variable_called_pi_is_not_the_constant():
    assert symbol("pi") == r"\mathit{pi}"
    assert derivatives(formulas(parse("pi*x", ["pi"]), ["x"])).endswith(r"= \mathit{pi}")


@pytest.mark.slow
def test_the_steps_of_a_long_chain_take_linear_time():
    def chain(count):
        text = "\n".join(["z0 = x", *(f"z{n + 1} = sin(z{n})" for n in range(count))])
        return gradient(parse(text), {"x": 0.5})

    latex_steps(chain(2000))
    assert_linear(latex_steps, chain)


def test_the_digits_are_as_many_as_asked():
    report = gradient(parse("x/3"), {"x": 1e-5})
    assert r"L &= \frac{x}{3} = \frac{1\cdot10^{-5}}{3} \approx 3.33\cdot10^{-6}" in latex_steps(
        report, 3
    )


def test_a_program_of_one_leaf_has_a_derivation():
    assert steps("x", x=2.0) == [
        r"\begin{aligned}",
        r"x &= 2 \\[1ex]",
        r"\frac{\partial x}{\partial x} &= 1",
        r"\end{aligned}",
    ]
    assert steps("7") == [
        r"\begin{aligned}", r"\frac{\partial 7}{\partial 7} &= 1", r"\end{aligned}"
    ]  # fmt: skip


@for_each("path", SAMPLES)
def test_every_sample_can_be_written(path):
    text = path.read_text(encoding="utf-8")
    values = comment_bindings(text)
    program = parse(text, values, str(path))
    lowered, wrt = ready(program, values)
    graph, places = without_names(lowered.graph, lowered.outputs)
    names = {name: places[node] for name, node in lowered.names.items()}
    for output in lowered.outputs:
        assert_balanced(latex(graph, places[output], names))
        assert_balanced(latex(graph, places[output]))
    if path.stem in OF_ARRAYS:
        return
    seeds = dict.fromkeys(lowered.outputs, 1.0)
    assert_balanced(latex_steps(report_of(lowered, values, wrt, seeds)))


@for_each("row", OPERATIONS, ids=lambda row: row.name)
def test_the_derivation_of_every_operation_is_balanced(row):
    values = dict.fromkeys(row.parameters, 2.0)
    program = parse(applied(row, *values), values, helpers=True)
    assert_balanced(latex_steps(gradient(program, values)))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("1_000", "1000"), (".5", "0.5"), ("2.", "2"), ("1E+3", r"1\cdot10^{3}"), ("-2.50", "-2.50")],
)
def test_a_number_as_typed_is_one_that_latex_shows(typed, shown):
    point = merged("", "", {}, [f"x={typed}"])
    assert rf"x &= {shown} \\" in latex_steps(gradient(parse("2*x"), point)).split("\n")
