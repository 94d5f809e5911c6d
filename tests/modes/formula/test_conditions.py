"""Conditions of formulas are whole: each is a program of the language, but for its last words."""

import json

import pytest

import backpropcli as bp
from backpropcli.__main__ import dispatch
from backpropcli.modes.formula.conditions import LONG

WORDS = " has a value"
LARGE = "+".join(f"sin(x)^{at}*cos(x)" for at in range(2, 40))


@pytest.mark.parametrize(
    "text",
    [
        "max(hardswish(x), x/x)",
        "hypot(expm1(x)*(x + x), cos(softplus(x)))",
        "sqrt(where(x*x <= 2*y, leaky_relu(y), y - y))",
        "p = x*y; (x^2*p + cos(p)*sin(x) - tan(y)^3)/(x^2*p + cos(p)*sin(x) - tan(y)^3)",
        f"hypot({LARGE}, 1/({LARGE}))",  # too long for one line of text: it has statements
    ],
)
def test_json_has_conditions_that_can_be_read_back(text, capsys):
    assert dispatch(["formula", text, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["conditions"]
    told = [one for row in found for each in row for one in each]
    assert told
    for one in told:
        assert "…" not in one
        assert bp.parse(one.removesuffix(WORDS)).variables.keys() <= {"x", "y", "p"}


def test_a_condition_that_is_long_has_statements_for_its_parts():
    [[[condition]]] = bp.formula(f"hypot({LARGE}, {LARGE})").conditions
    assert len(condition) > LONG
    assert condition.startswith("z1 = ")
    assert condition.endswith(" != 0")
    value = bp.value(condition.removesuffix(" != 0"), x=0.5)
    assert value == bp.value(f"hypot({LARGE}, {LARGE})", x=0.5)


def test_a_doubling_expression_has_a_condition_that_is_linear_in_it():
    """Written out it has 2^30 terms."""
    steps = "; ".join(f"a{at + 1} = a{at}*sin(a{at})" for at in range(30))
    [[conditions]] = bp.formula(f"a0 = x + 1; {steps}; hypot(a30 + 1, x)").conditions
    assert len("".join(conditions)) < 3000


def test_in_text_a_condition_is_written_by_the_names_of_the_formula(capsys):
    assert dispatch(["formula", "hypot(exp(x)*cos(x) + exp(x)*cos(x)*sin(x), x)"]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last.endswith("  # where hypot(z2, x) != 0")


def test_that_something_is_the_largest_is_no_condition():
    """One of the numbers that are compared with their maximum is equal to it."""
    assert bp.formula("max(hardswish(x), x/x)").conditions == [[["x != 0"]]]
    assert bp.formula("max(x, y, x/x)").conditions == [
        [["x != 0"], []]
    ]  # by y, x/x still stands there
