"""What is suggested is right: the digits, the programs, and that nothing is where nothing helps."""

import json
import subprocess
import sys

import jsonschema
import pytest

import backpropcli as bp
from backpropcli.render.schema import SCHEMAS


@pytest.mark.parametrize(
    ("text", "point", "program"),
    [
        ("log(exp(w*x) + 1)", {"w": 100, "x": 10}, "softplus(w*x)"),
        ("u = exp(x)\nu - 1", {"x": 1e-20}, "expm1(x)"),
        ("def f(t) = log(1 + exp(t)); f(x)", {"x": 1000}, "softplus(x)"),
        ("(-b + sqrt(b*b - 4*a*c))/(2*a)", {"a": 1, "b": 1e8, "c": 1},
         "-(2*c/(b + sqrt(b*b - 4*a*c)))"),
        ("(-b - sqrt(b^2 - 4*a*c))/(2*a)", {"a": 1, "b": -1e8, "c": 1},
         "2*c/(sqrt(b^2 - 4*a*c) - b)"),
        ("2 - 2*cos(x) + y", {"x": 1e-9, "y": 0}, "y + 4*sin(x/2)^2"),
    ],
)  # fmt: skip
def test_patterns_are_found_in_any_order_and_through_names(text, point, program):
    assert bp.rewrite(text, point).program == program


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("log(1 + exp(x))", {"x": 1}),  # both have all digits
        ("x - sin(x)", {"x": 1e-8}),  # no pattern
        ("log(x)", {"x": -1}),  # no value in exact arithmetic either
        ("1/x", {"x": 0}),
        ("exp(x) - 1.0000001", {"x": 1e-7}),
        ("log(gamma(x))", {"x": -150.5}),  # the pattern needs x > 0
    ],
)
def test_nothing_is_suggested_where_nothing_helps(text, point):
    found = bp.rewrite(text, point)
    assert found.steps == []
    assert found.program == text


def test_the_digits_are_those_that_a_person_counts():
    """sqrt(1e12 + 1) - sqrt(1e12) is 4.999999999998750e-7, and floats say 5.00003807246685e-7."""
    found = bp.rewrite("sqrt(x + 1) - sqrt(x)", x=1e12)
    assert 5 < found.before[""] < 6
    assert found.after[""] > 15


def test_json_has_it_and_the_schema_describes_it():
    command = ("-m", "backpropcli", "log(1 + exp(x))", "x=1000", "--json")
    text = subprocess.run([sys.executable, *command], check=True, capture_output=True).stdout
    document = json.loads(text)
    jsonschema.validate(document, SCHEMAS["report"])
    assert document["rewrite"]["program"] == "softplus(x)"
    assert document["rewrite"]["digits_before"] == {"value": 0.0, "gradient": {"x": 0.0}}
    assert document["causes"][0]["poisoned"] == {"values": 2, "adjoints": 1}


def test_the_mended_program_runs():
    command = [sys.executable, "-m", "backpropcli"]
    words = ["def f(t) = log(1 + exp(t)); u = f(x)\nu*u", "x=1000"]
    text = subprocess.run([*command, *words, "--rewrite"], check=True, capture_output=True).stdout
    again = [*command, text.decode(), "x=1000", "--quiet"]
    assert subprocess.run(again, check=True, capture_output=True).stdout == b"x\t2000.0\n"
