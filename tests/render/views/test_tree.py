"""Trees as a reader takes them: the printed lines are read back, and their arithmetic is done."""

from __future__ import annotations

import math
import re
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backpropcli.calculus import bindings
from backpropcli.errors import BackpropError, columns
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import gradient
from backpropcli.modes.jvp import jvp
from backpropcli.modes.vjp import vjp
from backpropcli.render.layout.lines import Options
from backpropcli.render.layout.numbers import is_number
from backpropcli.render.layout.paint import plain
from backpropcli.render.results.summary import summary
from backpropcli.render.views.table import table
from backpropcli.render.views.tree import tree
from tests.drawn import Drawn
from tests.each import for_each
from tests.reference import OF_ARRAYS

SAMPLES = Path(__file__).parents[3] / "samples"
NAMES = sorted({path.stem for path in SAMPLES.glob("*.bp")} - {"arm", *OF_ARRAYS})
ALL = Options(17, 1000, 10_000)


def sample(name):
    path = SAMPLES / f"{name}.bp"
    text = path.read_text(encoding="utf-8")
    return gradient(parse(text, origin=str(path)), bindings.comment_bindings(text))


def lines_of(report, view="all", options=ALL):
    return plain(tree(report, view, options), "utf-8").splitlines()


def rows(report):
    """Return (depth, label, value, local, gradient, sum's terms) a line; None for a blank."""
    shown, numbers = tree(report, "all", ALL), []
    for line in shown[1:]:
        if not line:
            numbers.append(None)
            continue
        texts = [text for role, text in line if role != "guide"]
        lead = sum(len(text) for role, text in line if role == "guide")
        label, value, local, flow, *rest = [text.strip() for text in texts]
        numbers.append((lead // 3, label, value, local, flow, "".join(rest)))
    return numbers


def close(found, expected):
    if math.isnan(expected) or math.isinf(expected):
        return True
    return math.isclose(float(found), expected, rel_tol=1e-13, abs_tol=1e-300)


def adds_up(found, terms):
    """Say whether terms have a sum, but for what rounding loses of the largest of them."""
    total = math.fsum(terms)
    return close(found, total) or abs(float(found) - total) <= 1e-13 * max(map(abs, terms))


def assert_a_reader_can_check(report):
    """Each gradient is the local derivative times the gradient of the line it hangs from."""
    above, sums = {}, {}
    for row in rows(report):
        if row is None:
            continue
        depth, label, _, local, flow, terms = row
        number = is_number(flow)
        name = label.partition(" = ")[0].removesuffix(" (below)")
        if depth == 0 and terms:
            assert adds_up(flow, sums[name])
            assert len(re.split(r" [+-] ", terms[2:])) == len(sums[name])
        elif depth and number:
            assert close(flow, float(local) * float(above[depth - 1]))
            sums.setdefault(name, []).append(float(flow))
        elif depth and not number:
            assert flow in {"constant", "stopped", "flat", "not taken", "unused"}
            shown_elsewhere = label.endswith((" (below)", " (above)"))  # with why it does not move
            if local or not shown_elsewhere:
                assert local == ("0" if flow == "flat" and is_number(above[depth - 1]) else "")
        above[depth] = flow
    for name, slope in report.gradient.items():
        if name in sums and not report.causes:
            assert adds_up(slope, sums[name])


@for_each("name", NAMES)
def test_each_line_follows_from_itself_and_the_line_above(name):
    assert_a_reader_can_check(sample(name))


@pytest.mark.slow
@given(st.integers(0, 10**6))
def test_so_it_does_of_programs_drawn_at_random(seed):
    drawn = Drawn(Random(seed))  # noqa: S311 (a test)
    text = drawn.expression(["x", "y"], 7)
    try:
        report = gradient(parse(text), {"x": 0.75, "y": 1.5, "w": 1.0, "b": 2.0})
    except BackpropError:
        return
    finite = all(math.isfinite(adjoint or 0) for adjoint in report.adjoints)
    if finite and not report.causes:  # of what has no value, some local derivatives are not shown
        assert_a_reader_can_check(report)


def test_the_gradient_by_hand():
    """(w*x + b - y)^2 at w=2 x=3 b=1 y=5: by the chain rule, on paper."""
    report = gradient(parse("(w*x + b - y)^2"), {"w": 2.0, "x": 3.0, "b": 1.0, "y": 5.0})
    assert lines_of(report) == [
        "                 value ↑  local  gradient ↓",
        "(w*x + b - y)^2        4                  1",
        "├─ w*x + b - y         2      4           4",
        "│  ├─ w*x + b          7      1           4",
        "│  │  ├─ w*x           6      1           4",
        "│  │  │  ├─ w          2      3          12",
        "│  │  │  └─ x          3      2           8",
        "│  │  └─ b             1      1           4",
        "│  └─ y                5     -1          -4",
        "└─ 2                   2           constant",
    ]


def test_each_use_has_its_own_contribution_and_the_sum_stands_once():
    """x*x at 3: each factor gives 3. And s = x*y at 2: 2*s from s^2, and 1."""
    report = gradient(parse("x*x"), {"x": 3.0})
    assert [row[4] for row in rows(report)] == ["1", "3", "3"]
    text = plain(summary(report, Options()), "utf-8")
    assert text == "x*x = 9\n    d/dx  6 = 3 + 3\n"
    shown = lines_of(gradient(parse("s = x*y; s^2 + s"), {"x": 1.0, "y": 2.0}))
    assert [line for line in shown if line.startswith("s = x*y")] == [
        "s = x*y                2                  5 = 4 + 1"
    ]
    assert sum("s (below)" in line for line in shown) == 2


@pytest.mark.parametrize(
    ("text", "point", "slope"),
    [
        ("def f(x, y) = x*y; f(a, a)", {"a": 3.0}, 6.0),  # a^2
        ("def f(x, y) = x*y; u = a^2; f(u, u) + u", {"a": 3.0}, 114.0),  # a^4 + a^2
        ("def f(x, y) = x - y; f(a, a)", {"a": 3.0}, 0.0),
        ("normal_logpdf(a, a, a)", {"a": 2.0}, -0.5),  # -log(a) - log(2*pi)/2
    ],
)
def test_a_call_passes_on_once_what_goes_to_one_variable_in_two_places(text, point, slope):
    """The function of a that a call with a twice is has one derivative: by hand."""
    report = gradient(parse(text), point)
    assert_a_reader_can_check(report)
    assert report.gradient["a"] == slope
    [[call, edges]] = [
        (node.id, node.edges) for node in report.view if node.id in report.view.calls
    ]
    assert len(edges) == 1 < len(report.view.inputs[call])
    assert sum(terms := report.view.terms(edges[0].input)) == report.view.adjoints[edges[0].input]
    summed = plain(summary(report, Options()), "utf-8")
    assert "≈" not in summed.partition("d/d")[2]
    assert len(terms) == 1 + ("+ u" in text)


def test_where_nothing_arrives_a_word_says_why():
    """By the conventions: sg stops, where takes one branch, a comparison is flat.

    What is above such an edge has a gradient: that of sg(x)*y by sg(x) is y, which is 2.
    """
    text = "sg(x)*y + where(y > 0, y, exp(x)) + floor(z) + k"
    report = gradient(parse(text), {"x": 1.0, "y": 2.0, "z": 0.5, "k": 1.0}, wrt=["x", "y", "z"])
    words = {label: (local, flow) for _, label, _, local, flow, _ in filter(None, rows(report))}
    assert words["sg(x)"] == ("2", "2")
    assert words["exp(x)"] == ("", "not taken")
    assert words["y > 0"] == ("0", "flat")
    assert words["floor(z)"] == ("1", "1")
    assert words["z"] == ("0", "flat")
    assert words["k"] == ("", "constant")
    below = [row for row in rows(report) if row and row[1] == "x"]
    assert [flow for _, _, _, _, flow, _ in below] == ["stopped", "not taken"]


def test_a_variable_below_a_stopped_edge_does_not_show_what_arrives_elsewhere():
    report = gradient(parse("sg(w*a) - w*x"), {"w": 0.5, "a": 3.0, "x": 2.0})
    assert [row[4] for row in rows(report) if row[1] == "w"] == ["stopped", "-2"]


def test_a_relu_at_its_corner_makes_no_choice():
    report = gradient(parse("relu(x)"), {"x": 0.0})
    assert rows(report)[1][3:5] == ("0", "0")


def test_below_a_plain_0_arrives_0():
    """The slope of relu(-x) by -x is 0 at 0, as PyTorch has it; that of -x by x is -1."""
    report = gradient(parse("relu(-x)"), {"x": 0.0})
    assert [row[3:5] for row in rows(report)] == [("", "1"), ("0", "0"), ("-1", "0")]
    text = plain(summary(report, ALL), "utf-8")
    assert text.startswith("relu(-x) = 0\n    d/dx  0\n")
    assert report.view.status(0) == ""
    assert [edge.flow for node in report.view for edge in node.edges] == ["", ""]


def test_a_step_function_is_flat_in_every_view():
    report = gradient(parse("floor(x)"), {"x": 1.5})
    assert [row[3:5] for row in rows(report)] == [("", "1"), ("0", "flat")]
    assert "d/dx  0  (flat)" in plain(summary(report, ALL), "utf-8")
    assert report.view.status(0) == "flat"
    assert [edge.flow for node in report.view for edge in node.edges] == ["flat"]


def test_the_head_of_a_summary_fits_the_screen():
    report = gradient(
        parse("sin(weight1*x + weight2)*cos(weight2*x^2) + 1"),
        dict.fromkeys(["weight1", "weight2", "x"], 0.3),
    )
    for width in (20, 40, 60):
        head = plain(summary(report, Options(6, width)), "utf-8").splitlines()[0]
        assert columns(head) <= width
        assert head.count("(") == head.count(")")
        assert " ≈ " in head
    piped = plain(summary(report, Options(6, 20, fitted=False)), "utf-8")
    assert piped.startswith(f"{report.program.source} ≈ ")


def test_numbers_that_are_wide_apart_fit_a_narrow_screen():
    report = gradient(
        parse("abcdefghijk*lmnopqrstuv"), {"abcdefghijk": 1234567.0, "lmnopqrstuv": 0.1234567}
    )
    lines = lines_of(report, options=Options(6, 40))
    assert max(map(columns, lines)) <= 40
    assert sum("1234567" in line for line in lines) == 2


def test_a_tree_of_no_nodes_promises_no_table():
    report = gradient(parse("x*y"), {"x": 1.0, "y": 2.0})
    assert lines_of(report, options=Options(6, 80, 0)) == [
        "… 3 nodes not shown; --max-nodes 3 shows all, --json has them"
    ]


def test_tangents_go_up():
    """d(x*y) = y dx + x dy: 2*1 + 3*(-1) = -1, by hand."""
    point = {"x": 3.0, "y": 2.0}
    found = jvp(parse("x*y"), point, {"x": 1.0, "y": -1.0})
    assert [row[2:5] for row in rows(found.point)] == [
        ("6", "", "-1"),
        ("3", "2", "1"),
        ("2", "3", "-1"),
    ]
    assert lines_of(found.point)[0].endswith("tangent ↑")


def test_an_output_without_a_weight_is_unused():
    found = vjp(parse("p = x*y; q = x + y; (p, q)"), {"x": 3.0, "y": 2.0}, {"p": 1.0})
    flows = {row[1]: row[4] for row in filter(None, rows(found.point)) if row[0] == 0}
    assert flows == {"p = x*y": "1", "q = x + y": "unused"}


@for_each(
    "text",
    ["1234567", "0.1", "2.50", "1e10", "1E+3", "1_000", ".5", "2.", "-2.50", "1e-4", "123456.789"],
)
def test_numbers_are_shown_as_typed(text):
    for report in (
        gradient(parse("2*x"), bindings.merged("", "", {}, [f"x={text}"])),
        gradient(parse(f"{text}*x"), {"x": 2.0}),
        gradient(parse(f"c = {text}; c*x"), {"x": 2.0}),
    ):
        assert text in {row[2] for row in rows(report)}


@for_each(
    "typed, shown",
    [
        ("1/4", "0.25"),
        ("x1 + 1", "3"),
        ("-0", "0"),
        ("0.10000000000000000000000001", "0.10000000000000001"),
        ("0000000000000000000000000.5", "0.5"),
        ("½", "0.5"),
        ("(2.50)", "2.5"),
    ],
)
def test_what_is_no_short_number_is_shown_by_its_value(typed, shown):
    report = gradient(parse("x + x1"), bindings.merged("", "", {}, [f"x={typed}", "x1=2"]))
    assert {row[1]: row[2] for row in rows(report)}["x"] == shown


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_over_the_width(name):
    report = sample(name)
    for width, view in product((32, 40, 60, 80, 120), ("all", "forward", "backward", "graph")):
        lines = tree(report, view, Options(6, width, 500))
        widest = max(sum(columns(text) for _, text in line) for line in lines)
        assert widest <= width, view


@for_each("most", range(12))
def test_any_number_of_nodes_gives_a_sound_picture(most):
    report = sample("fan-out")
    shown = plain(tree(report, "all", Options(6, 80, most)), "utf-8").splitlines()
    count = len(report.view)
    left = [line for line in shown if "not shown" in line]
    assert len(set(shown)) == len(shown) or most >= count
    if most >= count:
        assert left == []
        return
    told = int(re.match(r"… (\d+) node", left[0])[1])
    assert sum(bool(re.match(r"\d+ +[a-z]+ .*\d +[a-z]", line)) for line in shown[1:]) == most
    assert told == count - most


def test_in_a_pipe_nothing_is_shortened():
    text = " + ".join(f"weight{n}*input{n}" for n in range(12))
    names = parse(text).variables
    report = gradient(parse(text), dict.fromkeys(names, 1.0))
    free, fitted = Options(fitted=False), Options()
    assert text in plain(tree(report, "all", free), "utf-8")
    assert text in plain(table(report, free), "utf-8")
    assert text in plain(summary(report, free), "utf-8")
    assert "…" not in plain(tree(report, "all", free), "utf-8")
    assert "…" in plain(tree(report, "all", fitted), "utf-8")


@for_each(
    "text, x, why",
    [
        ("diff(floor(x)*x, x)", 2.5, "flat"),
        ("diff(x*abs(x), x, 2)", 0, "flat"),
        ("y + diff(floor(x)*x, x)", 2.5, "flat"),
        ("diff(3*x, x)", 2.5, "unused"),
        ("y + 0*diff(3*x, x)", 2.5, "unused"),
    ],
)
def test_a_derivative_that_is_a_step_is_flat_and_not_unused(text, x, why):
    """By hand: they are floor(x), 2*sign(x), and 3, of which the last does not rest on x."""
    found = gradient(parse(text), {"x": float(x), **({"y": 1.0} if "y" in text else {})})
    assert found.flow.status(found.wrt["x"]) == why
