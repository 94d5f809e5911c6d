"""A new function is one row: it runs, is differentiated, shown, listed and proved."""

from __future__ import annotations

import pytest

from backpropcli.graph import operations
from backpropcli.graph.cells import Kink
from backpropcli.graph.row import Row
from backpropcli.language.parse import parse
from backpropcli.modes.formula import formulas
from backpropcli.modes.gradient import gradient
from backpropcli.modes.hessian import hessian
from backpropcli.modes.taylor import taylor
from backpropcli.proof.gradient.check import check
from backpropcli.render.help.functions import one, overview
from backpropcli.render.latex import latex
from backpropcli.render.results.formula import program_text

SMOOTH = Row(
    "smoothabs(x, d=1)",
    "x/out",
    "d/out",
    expand="sqrt(x^2 + d^2)",
    aliases=("pseudoabs",),
    doc="a smooth absolute value",
)
KINKED = Row(
    "ramp(x)",
    "1",
    taken=("not x <= 1",),
    expand="where(x <= 1, 1, x)",
    kinks=(Kink("x == 1", x=("0", "1")),),
    doc="x, and at least 1",
)


@pytest.fixture(autouse=True)
def rows(monkeypatch):
    for row in (SMOOTH, KINKED):
        monkeypatch.setitem(operations.TABLE, row.name, row)
        for name in (row.name, *row.aliases):
            monkeypatch.setitem(operations.NAMES, name, row)
    monkeypatch.setattr(operations, "WORDS", (*operations.WORDS, SMOOTH, KINKED))


def test_it_runs_and_is_differentiated():
    """The values are those of the square root: sqrt(9 + 16) is 5, and its slopes 3/5 and 4/5."""
    report = gradient(parse("smoothabs(x, d)*2"), {"x": 3.0, "d": 4.0})
    assert report.value == 10.0
    assert report.gradient == pytest.approx({"x": 1.2, "d": 1.6}, rel=1e-15)
    assert gradient(parse("pseudoabs(x)"), {"x": 0.0}).value == 1.0


def test_its_second_derivative_and_its_series_follow():
    """The derivative x/sqrt(x^2 + 1) has the slope 1/(x^2 + 1)^(3/2)."""
    [found] = hessian(parse("smoothabs(x)"), {"x": 1.0}).each
    assert found.matrix == [[pytest.approx(2.0**-1.5, rel=1e-14)]]
    [coefficients] = taylor(parse("smoothabs(x)"), {"x": 0.0}, "x", 4).series
    assert coefficients == pytest.approx([1, 0, 1 / 2, 0, -1 / 8], abs=1e-15)  # of sqrt(1 + x^2)


def test_it_is_proved():
    verdict = check(gradient(parse("smoothabs(x)*y"), {"x": 1.5, "y": 2.0}), 60)
    assert (verdict.verdict, verdict.reason) == ("agrees", "")
    assert "symbolic" in verdict.method


def test_a_wrong_rule_of_it_is_found(monkeypatch):
    wrong = Row("smoothabs(x, d=1)", "x/out^2", "d/out", expand="sqrt(x^2 + d^2)", doc="")
    monkeypatch.setitem(operations.TABLE, "smoothabs", wrong)
    monkeypatch.setitem(operations.NAMES, "smoothabs", wrong)
    verdict = check(gradient(parse("smoothabs(x)*y"), {"x": 1.5, "y": 2.0}), 60)
    assert verdict.verdict == "disagrees"


def test_its_kink_is_met_and_nothing_flows_where_it_is_not_taken():
    report = gradient(parse("ramp(x)"), {"x": 1.0})
    assert [(kink.left, kink.right, kink.chosen) for kink in report.kinks] == [(0, 1, 0)]
    assert gradient(parse("ramp(sqrt(x))"), {"x": 0.0}).gradient == {"x": 0.0}
    assert gradient(parse("ramp(x)"), {"x": 3.0}).gradient == {"x": 1.0}


def test_it_is_shown():
    found = formulas(parse("smoothabs(x)"))
    assert program_text(found) == ["x/smoothabs(x, 1)"]
    graph = parse("smoothabs(x)").graph
    assert latex(graph, len(graph) - 1) == r"\operatorname{smoothabs}\left(x, 1\right)"
    text = "".join(part for line in overview(operations.WORDS, 80) for _, part in line)
    assert "smoothabs(x, d=1)" in text
    text = "".join(part for line in one(KINKED, 80) for _, part in line)
    assert "where x == 1: d/dx is 0 on the left, 1 on the right" in text
