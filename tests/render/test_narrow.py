"""No line of a view is wider than a narrow screen, whatever names and arrays there are."""

from __future__ import annotations

import pytest

from backpropcli.errors import columns

PROGRAMS = {
    "long names": (
        "heat_of_the_reactor_core*capacity_of_water^2 + ambient_temperature_outside",
        *("heat_of_the_reactor_core=300", "capacity_of_water=4186"),
        "ambient_temperature_outside=1",
    ),
    "many kinds": (
        "s = x*y; t = s^2 + detach(s)*x + max(x, y) + where(x > 1, x, y); t/exp(s)",
        *("x=1", "y=1"),
    ),
    "arrays": ("sum((X@w - y)^2)", "X=[[1,2],[3,4]]", "w=[0.5,1]", "y=[2,6]"),
}


@pytest.mark.parametrize("view", ["all", "forward", "backward", "graph", "steps", "table", "flow"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_view_fits_in_forty_columns(program, view, backprop, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    shown = backprop(*PROGRAMS[program], "--view", view, "--no-check")
    assert max(map(columns, shown.splitlines())) <= 40, shown
    assert "\n\n\n" not in shown


@pytest.mark.parametrize("command", ["functions", "samples"])
def test_a_list_fits_in_fifty_columns(command, backprop, monkeypatch):
    """The longest usage, of multi_head_attention, has 44 columns and cannot be broken."""
    monkeypatch.setenv("COLUMNS", "50")
    assert max(map(columns, backprop(command).splitlines())) <= 50


DEEP = (
    "sum(softmax(relu(X@W1 + b1)@W2 + b2, axis=1)*Y)",
    *("X=normal(4,3)", "W1=normal(3,5)", "b1=normal(5)", "W2=normal(5,2)", "b2=normal(2)"),
    "Y=uniform(4,2)",
)


@pytest.mark.parametrize(
    "words",
    [
        [*DEEP, "--no-check"],
        [*DEEP, "--full", "--no-check"],
        [*PROGRAMS["arrays"], "--cost", "--kinks", "--no-check"],
        [*PROGRAMS["many kinds"], "--cost", "--kinks", "--no-check"],
        ["check", "sin(a*b + cos(c*d))", "a=1", "b=2", "c=3", "d=4"],
        ["jvp", *PROGRAMS["long names"], "--along=capacity_of_water=1"],
        ["hvp", *PROGRAMS["many kinds"], "--along=x=1"],
        ["taylor", "abs(x)*exp(x)*sin(x)/x", "x=0"],
    ],
    ids=lambda words: "_".join([words[0][:6], *[word for word in words if word[:2] == "--"]]),
)
def test_what_is_deep_or_wide_fits_in_forty_columns(words, backprop, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    shown = backprop(*words)
    assert max(map(columns, shown.splitlines())) <= 40, shown
