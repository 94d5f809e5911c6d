"""Formulas that rest on rules of the program's own: the derivative of x^2 is 2*x, of x@x too."""

import json

import pytest

import backpropcli as bp
from backpropcli.__main__ import dispatch

WRONG = "def f(x) = x^2; rule f(x) = 3*x; f(a)"
RIGHT = "def f(x) = x^2; rule f(x) = 2*x; f(a)"
TOLD = "the rule of f gives 3 for d/dx at x = 1, but its body gives 2"


def test_a_rule_that_is_not_the_bodys_derivative_is_told():
    found = bp.formula(WRONG)
    assert (found.gradient, found.warnings) == ({"a": "3*a"}, [TOLD])
    found = bp.formula(RIGHT)
    assert (found.gradient, found.warnings) == ({"a": "2*a"}, [])


def test_a_function_that_is_defined_and_not_called_is_none_to_tell_of():
    assert bp.formula("def f(x) = x^2; rule f(x) = 3*x; a^2").warnings == []


@pytest.mark.parametrize(
    "options", [[], ["--simplify"], ["--nodes"], ["--latex"], ["--latex-steps", "a=2"]]
)
def test_it_is_told_however_the_formula_is_written(options, capsys):
    assert dispatch(["formula", WRONG, *options]) == 0
    assert capsys.readouterr().err == f"warning: {TOLD}\n"


def test_json_has_it(capsys):
    assert dispatch(["formula", WRONG, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == [TOLD]


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("def f(x) = x^2; rule f(x) = {}*x; sum(f(a))", "a=n"),
        ("def f(x) = x@x; rule f(x) = adjoint*{}*x; f(a)", "a=n"),
        ("def f(x) = x@x; rule f(x) = adjoint*{}*x; f(a*ones(n))/2", "a=n"),
        ("def f(x) = x@x; rule f(x) = adjoint*{}*x; f(a) + a[20]", "a=n"),  # no small size fits
    ],
)
def test_so_it_is_of_arrays(text, shapes):
    for number, count in ((3, 1), (2, 0)):
        told = bp.formula(text.format(number), shapes=shapes).warnings
        assert sum("but its body gives" in one for one in told) == count
        assert not any("no sizes" in one for one in told)
