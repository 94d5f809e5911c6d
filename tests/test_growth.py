"""Large programs: no recursion, no blow-up. Growth is measured in operations, not in seconds."""

from __future__ import annotations

import json
import math

import pytest

from backpropcli.errors import SourceError
from backpropcli.language.parse import parse
from backpropcli.language.unparse import unparse
from backpropcli.modes.gradient import gradient
from backpropcli.render.documents.reports import document
from backpropcli.render.layout.lines import Options
from backpropcli.render.layout.paint import plain
from backpropcli.render.results.summary import summary
from backpropcli.render.views.steps import steps
from backpropcli.render.views.table import table
from backpropcli.render.views.tree import tree
from tests.reference import assert_linear

MANY = 20_000
MORE = 2_000
"""Beyond the recursion limit; that work is linear is measured below."""
LONG = 2_000
"""From so many nodes on nobody reads the steps."""


def nested(count):
    return "(" * count + "x" + ")" * count


def terms(count):
    return " + ".join(f"x*{number}" for number in range(1, count + 1))


def calls(count):
    return "sin(" * count + "x" + ")" * count


def squarings(count):
    return "t1 = x*x\n" + "\n".join(f"t{i + 1} = t{i}*t{i}" for i in range(1, count))


def signs(count):
    return "-" * count + "x"


def powers(count):
    return "^".join(["x", *["1"] * count])


def arguments(count):
    return f"max({', '.join(['x*x', *map(str, range(1, count))])})"


def layers(count):
    """Each step uses the one before twice: 2^count paths."""
    return "h0 = x\n" + "\n".join(
        f"h{i + 1} = tanh(w*h{i}) + sigmoid(h{i} - b)" for i in range(count)
    )


SHAPES = (nested, terms, calls, signs, powers, arguments, squarings, layers)


def everything(text, **options):
    """Run ``text`` through all that the tool does but the proof; return the report."""
    program = parse(text)
    point = {"x": 0.5, "w": 0.25, "b": 0.125}
    report = gradient(program, {name: point[name] for name in program.graph.variables()})
    for _ in document(report):
        pass
    shown = Options(**options)
    plain(table(report, shown) + tree(report, "all", shown) + summary(report, shown), "utf-8")
    if len(report.values) < LONG:
        plain(steps(report, Options(width=LONG)), "utf-8")  # no line is broken
    unparse(program.graph, program.root, program.names)
    return report


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "nodes", "value", "slope"),
    [
        (nested(MANY), 1, 0.5, 1),
        (terms(MORE), 3 * MORE, 0.5 * MORE * (MORE + 1) / 2, MORE * (MORE + 1) / 2),
        (signs(MORE), MORE + 1, 0.5, 1),
        (squarings(1000), 1001, 0.0, 0.0),
        (powers(MORE), MORE + 2, 0.5, 1),
        ("(" * MORE + "x" + "+1)" * MORE, MORE + 2, MORE + 0.5, 1),
        ("(1+" * MORE + "x" + ")" * MORE, MORE + 2, MORE + 0.5, 1),
        (arguments(MORE), MORE + 2, MORE - 1, 0),
    ],
    ids=[
        "20,000 parentheses",
        "2,000 terms",
        "2,000 signs",
        "1,000 squarings",
        "2,000 powers",
        "2,000 additions to the left",
        "2,000 additions to the right",
        "2,000 arguments",
    ],
)
def test_a_large_program_is_done_whole(text, nodes, value, slope):
    report = everything(text)
    operations = report.program.graph.operations
    assert len(operations) - operations.count("name") == nodes
    assert report.value == value
    assert report.gradient["x"] == slope


def test_many_arguments_that_all_move():
    names = [f"x{i}" for i in range(200)]
    program = parse(f"max({', '.join(names)})")
    report = gradient(program, {name: float(i % 7) for i, name in enumerate(names)})
    ties = [i for i in range(200) if i % 7 == 6]
    assert [i for i, slope in enumerate(report.gradient.values()) if slope] == ties
    assert sum(report.gradient.values()) == pytest.approx(1)


@pytest.mark.slow
def test_20_000_calls_in_each_other():
    report = everything(calls(20_000))
    assert len(report.program.graph) == 20_001
    assert 0 < report.value < 0.02
    truth = math.prod(map(math.cos, report.values[:-1]))
    assert report.gradient["x"] == pytest.approx(truth, rel=1e-9)


def test_a_shared_node_is_printed_once():
    report = everything(squarings(8), max_nodes=10_000)
    lines = plain(tree(report, "all", Options(width=200)), "utf-8").splitlines()
    assert len(lines) == 1 + 8 + 2 * 8 + 7  # heads, uses, and a blank line between trees
    assert sum(line.count("(below)") for line in lines) == 2 * 7
    rows = plain(table(report, Options()), "utf-8").splitlines()
    assert len(rows) == 1 + 9
    assert len(json.loads("".join(document(report)))["nodes"]) == 9


@pytest.mark.slow
def test_300_squarings_are_301_nodes_and_600_edges():
    report = everything(squarings(300), max_nodes=10_000)
    found = json.loads("".join(document(report)))["nodes"]
    assert [len(node["edges"]) for node in found] == [0] + [2] * 300


def test_2_to_the_60_paths_are_counted_right():
    """The sum over paths: each level doubles the slope."""
    text = "t0 = x\n" + "\n".join(f"t{i + 1} = t{i} + t{i}" for i in range(60))
    assert everything(text).gradient["x"] == 2.0**60


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "(" * MANY,
        nested(MANY)[:-1],
        "sin(" * MANY,
        nested(MANY) + ")",
        "x + " * MANY,
        "x " * MANY,
        "\n" * MANY,
        "x;" * MANY,
    ],
)
def test_a_mistake_in_a_large_program_is_short(text):
    with pytest.raises(SourceError) as caught:
        parse(text)
    assert len(caught.value.render()) < 500


@pytest.mark.slow
def test_over_max_nodes_only_a_part_is_printed():
    report = everything(terms(500))
    for view in ("all", "graph", "forward", "backward"):
        assert len(tree(report, view, Options())) < 60
    assert len(table(report, Options())) < 60
    assert len(table(report, Options(max_nodes=1500))) == 1501


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_the_work_grows_as_the_program(shape):
    # labels are shortened at each size
    size = {arguments: 100, signs: 60, calls: 30, layers: 15}.get(shape, 30)
    assert_linear(lambda text: everything(text, max_nodes=10**6), shape, size=size)
