"""The commands beyond the gradient, as a shell sees them."""

# ruff: noqa: SLF001 (rules are broken on purpose, and caches emptied for that)

from __future__ import annotations

import json
import re

import pytest

from backpropcli.__main__ import dispatch
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.arithmetics.series import Series
from backpropcli.cli.line.options import MODES
from backpropcli.errors import BackpropError
from backpropcli.graph.cells import Rule
from backpropcli.graph.operations import TABLE
from backpropcli.render.documents.schema import SCHEMAS
from tests.each import for_each
from tests.reference import forget_rules, validator

pytestmark = pytest.mark.usefixtures("here")

DOCUMENTS = {
    "report": ["grad", "def f(a) = a^2; f(x)*w + diff(f(x), x)", "x=1", "w=2", "--cost"],
    "jacobian": ["jacobian", "(x*y, x^2, 3)", "x=1", "y=2"],
    "jvp": ["jvp", "(x*y, abs(x))", "x=0", "y=2", "--along", "x=1,y=-2/3"],
    "vjp": ["vjp", "a = x*y; b = abs(x); (a, b)", "x=0", "y=2", "--with", "a=1,b=2"],
    "hvp": ["hvp", "(x*y, x^2)", "x=1", "y=2", "--along", "x=1"],
    "hessian": ["hessian", "(abs(x)*y, x^2)", "x=0", "y=2"],
    "taylor": ["taylor", "exp(x)", "x=0"],
    "formula": ["formula", "exp(x)*w", "--latex", "--nodes", "--cost"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_as_its_schema_says(name, backprop):
    validator(name).check_schema(SCHEMAS[name])
    checks = ["--check"] if name != "formula" else []
    for extra in ([], checks):
        text = backprop(*DOCUMENTS[name], "--json", *extra)
        found = json.loads(text, parse_constant=pytest.fail)
        validator(name).validate(found)
        assert found["schema"] == f"backprop/{name}/1"
        line = backprop(*DOCUMENTS[name], "--jsonl", *extra)
        assert line.count("\n") == 1
        assert json.loads(line) == found


@pytest.mark.parametrize(
    ("text", "point", "blocks"),
    [
        ("sum(x*y)", ("x=[0,1]", "y=2"), {"x": ["2", "2"], "y": "1"}),
        ("x*y", ("x=[0,1]", "y=2"), {"x": [["2", "0"], ["0", "2"]], "y": ["0", "1"]}),
        ("det(x)*y", ("x=[[1,0],[0,3]]", "y=1"), {"x": [["3", "0"], ["0", "1"]], "y": "3"}),
    ],
)
def test_blocks_in_digits_are_as_the_schema_says(text, point, blocks, backprop):
    """A number of more digits than a double has is a text, in a block without axes too."""
    found = json.loads(backprop("jacobian", text, *point, "--digits", "30", "--json"))
    validator("jacobian").validate(found)
    assert found["blocks"] == {text: blocks}


@pytest.mark.parametrize("name", [*MODES, "report"])
def test_the_schema_of_each_command_is_printed(name, backprop):
    printed = json.loads(backprop("schema", name))
    assert printed == SCHEMAS["report" if name == "grad" else name]


def document(backprop, *arguments):
    return json.loads(backprop(*arguments, "--json", "--check"))


def test_arrays_are_in_the_order_of_outputs_and_variables(backprop):
    found = document(backprop, "jacobian", "p = a*b; q = c^2; outputs: q, p", "a=2", "b=3", "c=4")
    assert found["outputs"] == ["q", "p"]
    assert found["variables"] == ["a", "b", "c"]
    assert found["values"] == [16, 6]
    assert found["jacobian"] == [[0, 0, 8], [3, 2, 0]]
    assert found["pattern"] == [[2], [0, 1]]
    assert found["check"]["verdict"] == "agrees"


def test_wrt_gives_the_columns_and_their_order(backprop):
    found = document(backprop, "jacobian", "(a*b, b*c)", "a=2", "b=3", "c=4", "--wrt", "c,a")
    assert found["variables"] == ["c", "a"]
    assert found["jacobian"] == [[0, 3], [3, 0]]


@pytest.mark.slow
def test_both_modes_find_the_same_jacobian(backprop):
    words = ["jacobian", "(x*sin(y), x/y, exp(x - y))", "x=1.5", "y=0.5"]
    found = [document(backprop, *words, "--mode", mode) for mode in ("forward", "reverse", "auto")]
    for one in found[1:]:
        for row, other in zip(one["jacobian"], found[0]["jacobian"], strict=True):
            assert row == pytest.approx(other, rel=1e-15)
    assert [one["mode"] for one in found] == ["forward", "reverse", "forward"]
    assert {one["check"]["verdict"] for one in found} == {"agrees"}


def tridiagonal(count):
    rows = ["2*x0 - x1^2"]
    rows += [f"x{n - 1} - 2*x{n}^3 + sin(x{n + 1})" for n in range(1, count - 1)]
    rows.append(f"x{count - 2} - x{count - 1}")
    return f"({', '.join(rows)})", [f"x{n}={0.1 + n / count}" for n in range(count)]


@pytest.mark.slow
def test_a_tridiagonal_jacobian_takes_three_sweeps(backprop):
    """Curtis, Powell and Reid (1974): the columns of a band of width 3 need three groups."""
    text, point = tridiagonal(100)
    found = json.loads(backprop("jacobian", text, *point, "--json"))
    assert found["sweeps"] == {"forward": 3, "reverse": 3}
    assert sum(map(len, found["pattern"])) == 298
    assert found["jacobian"][5][4] == 1
    printed = backprop("jacobian", text, *point, "--no-check", "--max-nodes", "20")
    assert "3 sweeps" in printed
    assert "278 more" in printed
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.slow
def test_a_sparse_jacobian_is_proved_entry_by_entry(backprop):
    """Of each output by what it rests on: the rest is 0 since the output does not have it."""
    text, point = tridiagonal(20)
    check = document(backprop, "jacobian", text, *point)["check"]
    assert check["verdict"] == "agrees"
    assert check["derivatives_checked_whole"] >= 58
    assert len(check["gradient"]) == 58


@pytest.mark.slow
def test_the_hessian_of_a_chain_takes_three_products(backprop):
    text = " + ".join(f"(x{n}^2 - x{n + 1})^2" for n in range(30))
    point = [f"x{n}={0.5 + n / 50}" for n in range(31)]
    found = json.loads(backprop("hessian", text, *point, "--json"))
    assert found["sweeps"] == 3
    for n, row in enumerate(found["hessian"]):
        assert [m for m, value in enumerate(row) if value] == [
            m for m in (n - 1, n, n + 1) if 0 <= m <= 30
        ]


@for_each(
    "words, lines",
    [
        (["jacobian", "(x*y, x)", "x=2", "y=3"], ["x*y x 3.0", "x*y y 2.0", "x x 1.0", "x y 0.0"]),
        (["jvp", "f = x*y", "x=2", "y=3", "--along", "x=1"], ["f 3.0"]),
        (
            [
                "vjp",
                "(f, g)".replace("(f, g)", "f = x*y; g = x; (f, g)"),
                "x=2",
                "y=3",
                "--with",
                "f=1,g=10",
            ],
            ["x 13.0", "y 2.0"],
        ),
        (["hessian", "x^2*y", "x=2", "y=3"], ["x x 6.0", "x y 4.0", "y x 4.0", "y y 0.0"]),
        (["hvp", "x^2*y", "x=2", "y=3", "--along", "y=2"], ["x 8.0", "y 0.0"]),
        (["taylor", "x^3", "x=1", "--order", "4"], ["0 1.0", "1 3.0", "2 3.0", "3 1.0", "4 0.0"]),
    ],
)
def test_quiet_prints_names_and_numbers(words, lines, backprop):
    printed = backprop(*words, "--quiet").splitlines()
    assert printed == [line.replace(" ", "\t") for line in lines]


def test_digits_round_what_quiet_prints(backprop):
    printed = backprop("jacobian", "x/3", "x=1", "--quiet", "--digits", "3")
    assert printed == "x/3\tx\t0.333\n"


@for_each(
    "words, message, hint",
    [
        (["jvp", "x", "x=1"], "the direction is missing", "--along x=1"),
        (["vjp", "x", "x=1"], "the outputs' cotangent is missing", "--with x=1"),
        (["jvp", "x", "x=1", "--along", "y=1"], "no 'y' to differentiate by", "names: x"),
        (["jvp", "x", "x=1", "--along", "x"], "'x' is not what --along takes", "--along"),
        (["jvp", "x", "x=1", "--along", "x=1,x=2"], "x is given twice", "keep one"),
        (["jvp", "x", "x=1", "--along", ","], "--along holds nothing", "--along"),
        (["vjp", "f = x", "x=1", "--with", "g=1"], "there is no output 'g'", "f"),
        (["jacobian", "x", "x=1", "--mode", "forwad"], "there is no mode 'forwad'", "'forward'"),
        (["taylor", "x*y", "x=1", "y=1"], "the variable of the series is missing", "--in x"),
        (["taylor", "x", "x=1", "--order", "99"], "--order is 99", "0 to 40"),
        (["(x, y)", "x=1", "y=1", "--cost"], "--cost is for one output", "--output x"),
        (["(x, y)", "x=1", "y=1", "-v", "steps"], "--view is for one output", "without --view"),
        (["taylor", "(x, y)", "x=1", "y=1", "--output", "z"], "no output 'z'", "outputs are: x, y"),
        (["formula", "3"], "nothing to differentiate by", "variables"),
        (["formula", "x", "--nodes", "--simplify"], "exclude each other", "keep one"),
        (["formula", "x", "--latex-steps"], "no value for the variable x", "x=..."),
        (["formula", "x", "--simplify", "--simplify-timeout", "0"], "--simplify-timeout", "above"),
        (["hessian", "x*y", "x=1"], "no value for the variable y", "y=..."),
        (["grad", "def f(x) = x^2; f(x)", "x=1", "--open", "g"], "does not call 'g'", "f"),
        (["schema", "jacobain"], "no command 'jacobain'", "'jacobian'"),
    ],
)
def test_mistakes_say_what_to_write(words, message, hint):
    with pytest.raises(BackpropError) as caught:
        dispatch(words)
    assert message in caught.value.message
    text = caught.value.render()
    assert hint in text
    assert max(map(len, text.splitlines())) <= 100


# Several outputs


def test_a_plain_run_of_several_outputs_shows_the_gradient_of_each(backprop):
    words = ["f = x*y; (f, x + y)", "x=2", "y=3"]
    printed = backprop(*words)
    assert printed.startswith(backprop("jacobian", *words))
    assert "--output f shows one in full" in printed.splitlines()[-1]
    for form in ("--json", "--quiet", "--value"):
        assert backprop(*words, form) == backprop("jacobian", *words, form)
    assert "--output" not in backprop("(3, 4)")


def test_an_option_for_people_does_not_stop_json_of_several_outputs(backprop):
    assert backprop("(x, y)", "x=1", "y=1", "--quiet", "--view", "steps") == (
        "x\tx\t1.0\nx\ty\t0.0\ny\tx\t0.0\ny\ty\t1.0\n"
    )


# Trees and views


def test_a_tree_of_tangents_stops_where_nothing_moves(backprop):
    printed = backprop("jvp", "w*x + sin(b)", "w=2", "x=3", "b=1", "--along", "w=1", "--no-check")
    lines = [line.split() for line in printed.splitlines()]
    assert ["└─", "sin(b)", "0.841471", "constant"] in lines
    assert ["w*x", "+", "sin(b)", "6.84147", "3"] in lines


@pytest.mark.parametrize("view", ["all", "graph", "forward", "backward", "steps", "table"])
@pytest.mark.parametrize(
    "words",
    [
        ["jvp", "s = x*y; (s^2, sin(s))", "x=0.5", "y=2", "--along", "x=1"],
        ["vjp", "s = x*y; p = s^2; (p, sin(s))", "x=0.5", "y=2", "--with", "p=2"],
        ["grad", "def f(x) = x^2; def g(x) = 2*f(x); g(x) + diff(g(x), x)", "x=2"],
    ],
)
def test_every_view_of_every_kind_of_tree(words, view, backprop):
    printed = backprop(*words, "--view", view, "--no-check")
    assert max(map(len, printed.splitlines())) <= 80
    if view == "steps" and words[0] == "jvp":
        assert "ds = y · dx = 2 · 1 = 2" in printed
    if view == "steps" and words[0] == "vjp":
        assert "S = 2·p" in printed


def test_calls_are_opened_by_name_and_all_together(backprop):
    words = ["def f(x) = x^2; def g(x) = 2*f(x); g(y)", "y=3", "--no-check"]
    closed = backprop(*words)
    assert "f(x)" not in closed
    assert "^2" not in closed.split("\n\n")[0]
    one = backprop(*words, "--open", "g")
    assert "├─ 2" in one
    assert len(one.splitlines()) > len(closed.splitlines())
    everything = backprop(*words, "--open", "all")
    assert len(everything.splitlines()) > len(one.splitlines())
    assert "d/dy  12" in closed
    assert "d/dy  12" in everything


# Verdicts


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["jacobian", "(x*sin(y), x/y)", "x=1.5", "y=0.5"],
        ["jvp", "(x*sin(y), x/y)", "x=1.5", "y=0.5", "--along", "x=2,y=-1"],
        ["vjp", "a = x*sin(y); b = x/y; (a, b)", "x=1.5", "y=0.5", "--with", "a=2,b=-1"],
        ["hessian", "x*sin(y)/y + tanh(x*y)", "x=1.5", "y=0.5"],
        ["hvp", "x*sin(y)/y + tanh(x*y)", "x=1.5", "y=0.5", "--along", "x=2,y=-1"],
        ["taylor", "x*sin(x)/(1 + x)", "x=0.5", "--order", "5"],
        ["hessian", "2*x", "x=1"],
        ["hessian", "def f(x) = x^3; rule f(x) = 3*x^2; f(x*y)", "x=1.5", "y=0.5"],
        ["hessian", "u = tanh(w*t); diff(u, t)^2", "w=1.5", "t=0.5"],
        ["grad", "diff(x^4, x, 2)*y", "x=2", "y=1"],
        ["grad", "def f(t) = diff(t^4, t, 3); f(x)*y", "x=2", "y=1"],
    ],
)
def test_the_verdict_agrees_and_covers_every_node(words, backprop):
    check = document(backprop, *words)["check"]
    assert check["verdict"] == "agrees", check
    assert check["nodes_checked"] == check["nodes_total"]
    assert (check["nodes_total"] > 0) == (words[0] != "taylor")  # coefficients are of no nodes
    assert all(entry["agree"] is not False for entry in check["gradient"].values())


@pytest.mark.parametrize(
    ("words", "function"),
    [
        (["grad", "def f(x) = x^3; rule f(x) = 3*x; f(a)", "a=2"], "f"),
        (["jvp", "def f(x) = x^3; rule f(x) = 3*x; f(a)", "a=2", "--along", "a=1"], "f"),
        (["hessian", "def f(x) = x^3; rule f(x) = 3*x; f(a)", "a=2"], "f"),
        (["taylor", "def f(x) = x^3; rule f(x) = 3*x; f(a)", "a=2"], "f"),
        (
            [
                "grad",
                "def f(x) = x^3; rule f(x) = 3*x; diff(f(a), a)*b",
                "a=2",
                "b=1",
                "--wrt",
                "b",
            ],
            "f",
        ),
        (["grad", "def f(x) = x^3; rule f(x) = 3*x; def g(x) = 2*f(x); g(a)", "a=2"], "f"),
    ],
)
def test_a_rule_that_differs_from_its_body_is_told_of_in_every_mode(words, function, backprop):
    check = document(backprop, *words)["check"]
    assert check["verdict"] == "inconclusive"
    assert {rule["function"] for rule in check["rules"]} == {function}
    assert (check["rules"][0]["rule"], check["rules"][0]["body"]) == ("6.0", "12.0")
    assert (
        f"the rule of {function} gives 6 for d/dx at x = 2, but its body gives 12"
        in check["reason"]
    )


# Second derivatives at kinks


@pytest.mark.parametrize(
    ("words", "kinks"),
    [
        (["hessian", "abs(x)", "x=0"], {"abs(x)", "the derivative of abs(x)"}),
        (["hessian", "relu(x)^2", "x=0"], {"relu(x)", "a part of the derivative of relu(x)^2"}),
        (["hessian", "huber(x, 1)", "x=1"], {"a part of the derivative of huber(x, 1)"}),
        (["taylor", "x*abs(x)", "x=0"], {"abs(x)"}),
        (
            ["hvp", "x*abs(x)", "x=0", "--along", "x=1"],
            {"abs(x)", "a part of the derivative of x*abs(x)"},
        ),
        (["grad", "diff(abs(x), x, 2)*y", "x=0", "y=1"], {"abs(x)", "diff(abs(x), x, 2)"}),
        (["grad", "y*diff(relu(x), x)", "x=0", "y=1", "--wrt", "y"], {"relu(x)"}),
    ],
)
def test_a_second_derivative_at_a_kink_is_explained(words, kinks, backprop):
    found = document(backprop, *words)
    assert kinks <= {kink["label"] for kink in found["kinks"]}
    assert found["check"]["verdict"] == "inconclusive"
    assert "kink" in found["check"]["reason"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["hessian", "huber(x, 1)", "x=0"],
        ["hessian", "hypot(x, y)", "x=0", "y=2"],
        ["hessian", "softplus(x)*logaddexp(x, y)", "x=0", "y=0"],
        ["hessian", "x^3 + x^2*y", "x=0", "y=0"],
        ["taylor", "log(2 + x) + gelu(x)", "x=0"],
    ],
)
def test_the_cases_of_rules_are_no_kinks(words, backprop):
    """These are smooth there, however the rules for floats are written."""
    found = document(backprop, *words)
    assert found["kinks"] == []
    assert found["check"]["verdict"] == "agrees"


def test_a_kink_of_a_branch_that_is_not_taken_is_none(backprop):
    found = document(backprop, "hessian", "where(x < 1, x^2, abs(x))", "x=0")
    assert found["kinks"] == []


@pytest.mark.parametrize(
    ("text", "point", "kind"),
    [
        ("x^2 + y^2", {"x": 0, "y": 0}, ("positive definite", "a strict local minimum")),
        ("-x^2 - 2*y^2", {"x": 0, "y": 0}, ("negative definite", "a strict local maximum")),
        ("x*y", {"x": 0, "y": 0}, ("indefinite", "a saddle point")),
        (
            "x^4",
            {"x": 0},
            ("zero", "a stationary point, but second derivatives do not tell its kind"),
        ),
    ],
)
def test_the_kind_of_point(text, point, kind, backprop):
    found = document(backprop, "hessian", text, *(f"{k}={v}" for k, v in point.items()))
    assert (found["definiteness"], found["point"]) == kind


@pytest.mark.parametrize("order", ["x,y", "y,x"])
def test_rules_that_are_no_gradient_have_a_hessian_that_is_not_symmetric(order, backprop):
    """By hand: the rules say (y, 0), whose Jacobian has one entry, d(y)/dy = 1."""
    words = ["def f(x, y) = x*y; rule f(x, y) = y, 0; f(x, y)", "x=2", "y=3", "--wrt", order]
    found = document(backprop, "hessian", *words)
    at = {name: index for index, name in enumerate(found["variables"])}
    assert found["hessian"][at["y"]][at["x"]] == 1
    assert found["hessian"][at["x"]][at["y"]] == 0
    assert (found["definiteness"], found["eigenvalues"]) == ("not symmetric", [])
    assert found["check"]["verdict"] == "inconclusive"
    product = document(backprop, "hvp", *words, "--along", "x=1")["hvp"]
    assert product == [row[at["x"]] for row in found["hessian"]]


@pytest.mark.slow
def test_a_rule_at_a_kink_of_its_body_may_choose(backprop):
    head = "def hinge(x) = max(x, 0); "
    fine = head + "rule hinge(x) = where(x > 0, 1, where(x < 0, 0, 0.5)); hinge(y)"
    found = document(backprop, "grad", fine, "y=0")
    assert found["gradient"] == {"y": 0.5}
    assert found["check"]["verdict"] == "inconclusive"
    assert found["check"]["rules"] == []
    found = document(
        backprop, "grad", head + "rule hinge(x) = where(x > 0, 1, 0.5); hinge(y)", "y=0"
    )
    assert found["check"]["verdict"] == "inconclusive"
    [rule] = found["check"]["rules"]  # left of the kink, by hand: the slope is 0
    assert (rule["rule"], rule["body"]) == ("0.5", "0.0")
    assert rule["at"]["x"].startswith("-")


def test_a_kink_that_nothing_moves_with_is_not_told(backprop):
    found = document(backprop, "grad", "floor(abs(x) + 0.5) + sg(abs(x)) + x", "x=0")
    assert found["kinks"] == []


@for_each("name", ["diff", "def", "rule", "use", "outputs"])
def test_words_that_are_no_operations_are_explained_too(name, backprop):
    assert name in backprop("functions", name)
    assert name in backprop("functions")


# Verdicts and kinks of what is not taken, and of max and min


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "words",
    [
        ["jvp", "where(x > 0, log(x), x)", "x=-1", "--along", "x=1"],
        ["jvp", "where(x > 0, sqrt(x), x)", "x=-1", "--along", "x=1"],
        ["hessian", "where(x > 0, x*log(x), 0)", "x=-1"],
        ["hvp", "where(x > 0, log(x), x^2)", "x=-1", "--along", "x=1"],
        ["taylor", "where(x > 0, log(x), x^2)", "x=-1"],
        ["hessian", "where(x > 0.1, abs(x - x), y*x^2)", "x=-1.1", "y=1"],
        ["hessian", "max(x, y)^2", "x=3", "y=1"],
        ["hessian", "min(x, y, x*y)*x", "x=3", "y=1"],
        ["hessian", "max(x, x)*x", "x=1"],
        ["grad", "diff(max(x, y)^2, x)", "x=3", "y=1"],
        ["hessian", "x*hypot(x, 0)", "x=0.894"],
        ["hessian", "cbrt(z^2)", "z=1.064"],
        ["jvp", "x^2", "x=3", "--along", "x=0"],
        ["hvp", "x^2", "x=3", "--along", "x=0"],
        ["hessian", "selu(x)", "x=1"],
        ["taylor", "gelu_tanh(x)", "x=1", "--order", "2"],
        ["jvp", "max(x, acosh(x))", "x=1.5", "--along", "x=1"],
        ["hvp", "max(x, log(x - 1))", "x=1.5", "--along", "x=1"],
        ["jacobian", "d = diff(acosh(x), x); x^2", "x=0.5"],
        ["grad", "where(x <= x, x, 2)", "x=1"],
        ["jacobian", "clip(1, x, 1)", "x=-0.5"],
        ["vjp", "(abs(x), y)", "x=0", "y=1", "--with", "y=1"],
    ],
)
def test_no_false_alarm(words, backprop):
    found = document(backprop, *words)
    assert found["kinks"] == []
    assert found["check"]["verdict"] == "agrees", found["check"]


def test_a_tie_of_max_is_a_kink_of_the_second_derivative_too(backprop):
    found = document(backprop, "hessian", "max(x, y)*x", "x=1", "y=1")
    assert found["check"]["verdict"] == "inconclusive"
    assert {kink["label"] for kink in found["kinks"]} >= {"max(x, y)"}


@pytest.mark.parametrize("text", ["x^2 - abs(x)", "where(x > 0, x^2, -x^2)", "x*relu(x)"])
def test_nothing_is_said_of_the_kind_of_point_at_a_kink(text, backprop):
    found = document(backprop, "hessian", text, "x=0")
    assert found["point"] == "not classified: a part has a kink here"
    series = backprop("taylor", text, "x=0", "--no-check")
    assert [line.split(":")[0] for line in series.splitlines() if "O(h" in line] == [
        "  the whole expression on the left",
        "  the whole expression on the right",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["jvp", "asin(x)", "x=1", "--along", "x=1"],
        ["jvp", "2 - x + 1/0", "x=-0.5", "--along", "x=0.5"],
        ["jvp", "(1/x, y)", "x=0", "y=1", "--along", "x=1"],
        ["jvp", "d = diff(log(x), x); x - round(d)", "x=-0.5", "--along", "x=1"],
        ["taylor", "log(x)", "x=-2", "--order", "2"],
        ["hessian", "log(x)", "x=-2"],
        ["hessian", "x^1.5", "x=0"],
    ],
)
def test_what_is_not_finite_has_a_cause_and_no_verdict(words, backprop):
    found = document(backprop, *words)
    assert found["causes"]
    assert found["check"]["verdict"] == "inconclusive"
    assert all(entry["agree"] is not False for entry in found["check"]["gradient"].values())


def test_what_has_no_first_derivative_has_no_second_one(backprop):
    assert document(backprop, "taylor", "atanh(x)", "x=2", "--order", "2")["taylor"] == [
        ["NaN", "NaN", "NaN"]
    ]
    assert document(backprop, "hessian", "log(x)", "x=-2")["hessian"] == [["NaN"]]


def test_a_zero_in_a_direction_is_as_nothing(backprop):
    found = document(backprop, "jvp", "sqrt(x) + y", "x=0", "y=1", "--along", "x=0,y=1")
    assert found["jvp"] == [1]
    assert found["check"]["verdict"] == "agrees"


def test_a_formula_of_a_choice_that_cancels_has_no_trace_of_it(backprop):
    assert backprop("formula", "o = where(x > 0, sqrt(x), sin(x)); (x - o) + (o - x)") == "0\n"


def test_an_output_that_stands_twice_counts_twice(backprop):
    printed = backprop("formula", "(x*y, x*y, x)", "--latex-steps", "x=1", "y=2")
    assert r"S &= 2\,z_1 + x" in printed
    slope = r"\frac{\partial S}{\partial x} &= 1 + \frac{\partial S}{\partial z_1} \cdot y"
    assert slope in printed


def test_a_value_that_is_nan_is_no_agreement(backprop):
    for words in (["jvp", "x + nan", "x=1", "--along", "x=1"], ["hessian", "x + nan", "x=1"]):
        assert document(backprop, *words)["check"]["verdict"] == "inconclusive"


@pytest.mark.parametrize("text", ["3", "pi", "(1, 2)"])
def test_a_program_without_variables_is_told_so(text, backprop):
    printed = backprop("hessian", text, "x=1")
    assert "nothing to differentiate by" in printed
    assert "agrees" not in printed


@pytest.mark.slow
def test_a_variable_that_is_used_very_often(backprop):
    """Each use adds a constant to its derivative: none of the sums is worked out by recursion."""
    text = " + ".join(["x"] * 3000)
    assert document(backprop, "hessian", text, "x=1")["gradient"] == [3000]
    assert backprop("formula", text) == "3000\n"


def test_two_names_of_one_node_are_two_outputs(backprop):
    found = document(backprop, "jacobian", "a = x^2; b = x^2; outputs: b, a, x^2, a + 1", "x=2")
    assert found["outputs"] == ["b", "a", "x^2", "a + 1"]
    found = document(backprop, "vjp", "a = x^2; (a, x*x, max(x, 1))", "x=2", "--with", "x * x=2")
    assert found["outputs"] == ["a", "x*x", "max(x, 1)"]
    assert found["vjp"] == [8]
    assert backprop("b = x^2; a = x^2; b", "x=1", "--no-check").splitlines()[-2] == "b = 1"


def test_a_call_met_inside_of_another_is_shown_where_it_is_written(backprop):
    printed = backprop("def f(x) = x^2; def g(x) = f(x) + 1; g(y)*f(y)", "y=2", "--no-check")
    assert "├─ g(y)" in printed
    assert "└─ f(y)" in printed


@for_each(
    "words, message, hint",
    [
        (["vjp", "y = x^2", "x=3", "--with", "y=nan"], "this component is nan", "finite"),
        (["jvp", "x^2", "x=3", "--along", "x=inf"], "this component is inf", "finite"),
        (["jvp", "x^2", "x=3", "--along", "x=(1, 2)"], "an array has square", "x=[1, 2]"),
        (["grad", "x", "x=(1, 2)"], "an array has square", "write x=[1, 2]"),
        (["grad", "x", "x=(1, pi)"], "this is more than one value", "one number, or an array"),
        (["jvp", "3", "--along", "x=1"], "no 'x' to differentiate by", "it has no variables"),
        (["jacobian", "x^2"], "no value for the variable x", "fill in x=..."),
        (["vjp", "(x*y, x)", "x=1", "y=2"], "cotangent is missing", "--with x*y=1"),
    ],
)
def test_more_mistakes_say_what_to_write(words, message, hint, capsys):
    with pytest.raises(BackpropError) as caught:
        dispatch(words)
    assert message in caught.value.message
    assert hint in caught.value.render()
    assert capsys.readouterr().out == ""


@pytest.fixture
def broken_sine(monkeypatch):
    """Return what gives sin another derivative, for the length of a test."""
    row = TABLE["sin"]

    def give(rule):
        for cell in ("in_floats", "rules"):
            monkeypatch.setattr(row, cell, (Rule(rule),))
        forget_rules(monkeypatch)

    return give


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["-cos(x)", "cos(x)*1.0000000001", "cos(x) + 1e-30"])
@pytest.mark.parametrize(
    "words",
    [
        ["grad", "diff(sin(x)*y, x)", "x=1", "y=2"],
        ["jacobian", "(sin(x)*y, x*y)", "x=1", "y=2"],
        ["jvp", "sin(x)*y", "x=1", "y=2", "--along", "x=1"],
        ["vjp", "f = sin(x)*y", "x=1", "y=2", "--with", "f=2"],
        ["hessian", "sin(x)*y", "x=1", "y=2"],
        ["hvp", "sin(x)*y", "x=1", "y=2", "--along", "x=1"],
        ["taylor", "sin(x)", "x=1"],
    ],
)
def test_a_broken_rule_is_found_in_every_mode(words, rule, broken_sine, backprop):
    broken_sine(rule)
    printed = backprop(*words, "--json", "--check", code=1)
    assert json.loads(printed)["check"]["verdict"] == "disagrees"


@pytest.mark.parametrize(
    "words",
    [
        ["grad", "diff(sin(x)*y, x)", "x=1", "y=2"],
        ["jvp", "sin(x)*y", "x=1", "y=2", "--along", "x=1"],
        ["hessian", "sin(x)*y", "x=1", "y=2"],
        ["hvp", "sin(x)*y", "x=1", "y=2", "--along", "x=1"],
    ],
)
def test_a_broken_derivative_of_derivatives_is_found(words, monkeypatch, backprop):
    """A product's partials are doubled on the way, though every rule is right."""
    rightly = Nodes._weight

    def doubled(self, row, at, given):
        found = rightly(self, row, at, given)
        if found is None or row.name != "mul":
            return found
        return found[0], self.build("mul", (self.number(2.0), found[1]))

    monkeypatch.setattr(Nodes, "_weight", doubled)
    printed = backprop(*words, "--json", "--check", code=1)
    assert json.loads(printed)["check"]["verdict"] == "disagrees"


def test_a_broken_series_is_found(monkeypatch, backprop):
    """The coefficients of what moves are off in the last, though every rule is right."""
    rightly = Series.coefficients

    def wrong(self, series, count):
        *found, last = rightly(self, series, count)
        return [*found, self.base.mul(last, self.base.double(1 + 2**-30))]

    monkeypatch.setattr(Series, "coefficients", wrong)
    printed = backprop("taylor", "x*sin(x)", "x=1", "--json", "--check", code=1)
    assert json.loads(printed)["check"]["verdict"] == "disagrees"


def test_help_lists_every_option_of_every_command(backprop):
    for name, options in MODES.items():
        printed = backprop(name, "--help")
        for option in options:
            assert re.search(rf"--{option.name}\b", printed), (name, option.name)


@pytest.mark.parametrize("command", ["grad", "jacobian", "hessian"])
def test_json_tells_the_kinks_that_rounding_alone_decides(backprop, command):
    """By hand: 1e16 + 0.5 rounds to 1e16, and exact arithmetic has 0.5 left."""
    args = ("relu(1e16 + x - 1e16)", "x=0.5", "--json", "--no-check")
    found = json.loads(backprop(command, *args))
    assert found["kinks"][0]["exact"] == "0.5"
    assert "exact" not in json.loads(backprop(command, "relu(x)", *args[2:], "x=0"))["kinks"][0]


def test_json_tells_which_kinks_are_inside_derivatives(backprop):
    found = json.loads(backprop("diff(x^x, x, 3)", "x=0", "--json", "--no-check"))
    validator("report").validate(found)
    assert all(kink["inside_derivative"] for kink in found["kinks"])


def test_json_has_both_infinities(backprop):
    """The limits of log(x) and 1/x at 0 from above."""
    found = json.loads(backprop("log(x)", "x=0", "--json"))
    assert (found["value"], found["gradient"]["x"]) == ("-Infinity", "Infinity")
