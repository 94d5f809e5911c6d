"""The steps as a reader takes them: what is printed is worked out again, in Python's fractions."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from backpropcli.calculus import bindings
from backpropcli.language.parse import parse
from backpropcli.modes.formula import formulas
from backpropcli.modes.gradient import gradient
from backpropcli.modes.jvp import jvp
from backpropcli.render.layout.lines import Options
from backpropcli.render.layout.paint import plain
from backpropcli.render.results.formula import chain_text
from backpropcli.render.views.steps import steps
from tests.each import for_each
from tests.reference import OF_ARRAYS

SAMPLES = Path(__file__).parents[3] / "samples"
NAMES = sorted({path.stem for path in SAMPLES.glob("*.bp")} - {"arm", *OF_ARRAYS})
WIDE = Options(6, 10_000)
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?")
NOTE = re.compile(r"  \(.*\)$")
SIGNS = re.compile(r" ([=≈]) ")


def sample(name):
    text = (SAMPLES / f"{name}.bp").read_text(encoding="utf-8")
    origin = str(SAMPLES / f"{name}.bp")
    return gradient(parse(text, origin=origin), bindings.comment_bindings(text))


def lines_of(report, options=WIDE):
    return plain(steps(report, options), "utf-8").splitlines()


def worked_out(text):
    """Return what an expression of printed numbers comes to; None if it is none."""
    code = NUMBER.sub(lambda found: f"Fraction('{found[0]}')", text)
    if re.search(r"[a-zA-Z_]", code.replace("Fraction", "").replace("e-", "").replace("'", "")):
        return None
    try:
        found = eval(code.replace("·", "*").replace("^", "**"))  # noqa: S307 (what the tool printed)
    except (ZeroDivisionError, SyntaxError):
        return None
    return found if isinstance(found, Fraction) else None


@pytest.mark.parametrize("name", NAMES)
def test_arithmetic_that_is_printed_holds_or_shows_that_it_does_not(name):
    checked = 0
    for line in lines_of(sample(name)):
        head, *rest = SIGNS.split(NOTE.sub("", line))
        sides = [head, *rest[1::2]]
        made = [worked_out(side) for side in sides]
        for sign, before, after in zip(rest[::2], made, made[1:], strict=False):
            if before is not None and after is not None:
                assert (before == after) == (sign == "="), line
                assert abs(before - after) <= Fraction(2, 10**5) * max(abs(before), abs(after), 1)
                checked += 1
    assert checked > 0


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_twice(name):
    for line in lines_of(sample(name)):
        sides = re.split(r" [=≈] ", line.lstrip(" 0123456789."))
        assert all(one != other for one, other in pairwise(sides)), line
        assert "ties" not in line


def test_a_square_by_hand():
    """(w*x + b - y)^2 at w=2 x=3 b=1 y=5: the chain rule, on paper."""
    report = gradient(parse("(w*x + b - y)^2"), {"w": 2.0, "x": 3.0, "b": 1.0, "y": 5.0})
    assert lines_of(report) == [
        "forward pass",
        "   w = 2",
        "   x = 3",
        "1. z1 = w·x = 2·3 = 6",
        "   b = 1",
        "2. z2 = z1 + b = 6 + 1 = 7",
        "   y = 5",
        "3. z3 = z2 - y = 7 - 5 = 2",
        "4. L = z3^2 = 2^2 = 4",
        "",
        "backward pass",
        "dL/dL = 1",
        "dL/dz3 = dL/dL · 2·z3 = 1 · (2·2) = 4",
        "dL/dy = dL/dz3 · (-1) = 4 · (-1) = -4",
        "dL/dz2 = dL/dz3 · 1 = 4 · 1 = 4",
        "dL/db = dL/dz2 · 1 = 4 · 1 = 4",
        "dL/dz1 = dL/dz2 · 1 = 4 · 1 = 4",
        "dL/dx = dL/dz1 · w = 4 · 2 = 8",
        "dL/dw = dL/dz1 · x = 4 · 3 = 12",
    ]


def test_the_parts_of_a_fan_out_are_together_and_in_order():
    report = gradient(parse("s = x*y; s^2 + s*y"), {"x": 0.5, "y": 3.0})
    assert ("dL/ds = dL/dz1 · 2·s + dL/dz2 · y = 1 · (2·1.5) + 1 · 3 = 3 + 3 = 6") in lines_of(
        report
    )
    narrow = lines_of(report, Options(6, 50))
    at = narrow.index("dL/ds = dL/dz1 · 2·s + dL/dz2 · y")
    assert narrow[at + 1 : at + 4] == ["      = 1 · (2·1.5) + 1 · 3", "      = 3 + 3", "      = 6"]


@for_each(
    "text, point, line",
    [
        ("relu(x)", {"x": 2.0}, "dL/dx = dL/dL · 1 = 1 · 1 = 1  (x > 0, so 1)"),
        ("relu(x)", {"x": -2.0}, "dL/dx = dL/dL · 0 = 1 · 0 = 0  (x <= 0, so 0)"),
        ("leaky_relu(x)", {"x": -2.0}, "dL/dx = dL/dL · 0.01 = 1 · 0.01 = 0.01  (x <= 0, so 0.01)"),
        ("max(x, y)", {"x": 2.0, "y": 1.0}, "dL/dx = dL/dL · 1 = 1 · 1 = 1"),
        ("max(x, y)", {"x": 2.0, "y": 1.0}, "dL/dy = 0  (not taken)"),
        (
            "max(x, y)",
            {"x": 2.0, "y": 2.0},
            "dL/dy = dL/dL · 1/2 = 1 · (1/2) = 0.5  (2 inputs tie, so 1/2)",
        ),
        ("hardtanh(x)", {"x": 0.5}, "dL/dx = dL/dL · 1 = 1 · 1 = 1  (x > -1 and x < 1, so 1)"),
        ("sg(x)*y", {"x": 2.0, "y": 3.0}, "dL/dx = 0  (stopped)"),
        ("floor(x)", {"x": 2.5}, "dL/dx = 0  (flat)"),
        ("sg(x) + floor(x)", {"x": 2.5}, "dL/dx = 0  (stopped and flat)"),
        ("floor(x)*x", {"x": 2.5}, "dL/dz1 = dL/dL · x = 1 · 2.5 = 2.5"),
        (
            "floor(x)*x",
            {"x": 2.5},
            "dL/dx = dL/dL · z1 = 1 · 2 = 2  (nothing from z1: flat)",
        ),
        (
            "floor(x*y)*x + sg(x)",
            {"x": 2.5, "y": 1.0},
            "dL/dx = dL/dz3 · z2 = 1 · 2 = 2  (nothing from z1: flat; nothing from z4: stopped)",
        ),
        ("relu(-x)", {"x": 0.0}, "dL/dx = dL/dz1 · (-1) = 0 · (-1) = 0"),
        (
            "where(x > 0, x, 2)",
            {"x": 2.0},
            "dL/dx = dL/dL · 1 = 1 · 1 = 1  (x > 0, so 1; nothing from z1: flat)",
        ),
        (
            "where(not (x > 3 and y), x, 2)",
            {"x": 2.0, "y": 1.0},
            "dL/dx = dL/dL · 1 = 1 · 1 = 1  (not (x > 3 and y), so 1; nothing from z1: flat)",
        ),
        ("x^-2", {"x": 2.0}, "dL/dx = dL/dL · (-2)·x^(-3) = 1 · ((-2)·2^(-3)) = -0.25"),
        (
            "abs(x)",
            {"x": -2.0},
            "dL/dx = dL/dL · sign(x) = 1 · sign(-2) = -1",
        ),
        ("exp(x)", {"x": 0.0}, "1. L = exp(x) = exp(0) = 1"),
        ("exp(x)", {"x": 1.0}, "1. L = exp(x) = exp(1) ≈ 2.71828"),
        ("-x*y", {"x": 2.0, "y": 3.0}, "1. z1 = -x = -2"),
        ("x > y", {"x": 2.0, "y": 3.0}, "1. L = (x > y) = (2 > 3) = 0"),
    ],
)
def test_what_is_written_says_why(text, point, line):
    assert line in lines_of(gradient(parse(text), point))


def test_tangents_are_written_forwards():
    found = jvp(parse("s = x*y; (s^2, sin(s))"), {"x": 0.5, "y": 2.0}, {"x": 1.0, "y": -1.0})
    lines = lines_of(found.point)
    assert "ds = y · dx + x · dy = 2 · 1 + 0.5 · (-1) = 2 - 0.5 = 1.5" in lines
    assert "dz1 = 2·s · ds = (2·1) · 1.5 = 3" in lines


@pytest.mark.parametrize("name", ["fan-out", "linear-loss", "micrograd", "swiglu", "tanh-network"])
def test_intermediates_are_called_as_in_the_formulas(name):
    """Each name means the same on the board and in the chain rule written out."""
    report = sample(name)
    ours = dict(re.findall(r"^\d+\. (\w+) = (.*?) [=≈]", "\n".join(lines_of(report)), re.MULTILINE))
    chain = "\n".join(chain_text(formulas(report.program)))
    theirs = dict(re.findall(r"^(z\d+) = (.*)$", chain, re.MULTILINE))
    assert theirs.keys() & ours.keys()
    for intermediate in theirs.keys() & ours.keys():
        assert ours[intermediate].replace("·", "*") == theirs[intermediate]


@pytest.mark.parametrize(
    ("text", "point", "line"),
    [
        ("x + 1", {"x": -1e-7}, "1. L = x + 1 = -1e-7 + 1 ≈ 1"),
        ("x + y", {"x": 9.0, "y": -1e-9}, "1. L = x + y = 9 + (-1e-9) ≈ 9"),
        ("max(x, y)", {"x": 0.25, "y": 0.0}, "1. L = max(x, y) = max(0.25, 0) = 0.25"),
    ],
)
def test_a_sum_that_looks_like_one_of_its_terms_is_not_equal_to_it(text, point, line):
    assert line in lines_of(gradient(parse(text, point), point))


def test_a_value_that_is_an_expression_has_both_in_the_forward_pass():
    """By hand: 1/3 begins with 0.333333, and 2.50 + 1 is 3.5."""
    point = bindings.merged("", "", {}, ["x=1/3", "y=2.50", "z=y + 1"])
    shown = lines_of(gradient(parse("x*y*z", point), point))
    assert shown[1:3] == ["   x = 1/3 ≈ 0.333333", "   y = 2.50"]
    assert "   z = y + 1 = 3.5" in shown


def test_a_slope_that_is_chosen_is_not_written_as_a_rule_without_a_value():
    """The rule of hypot is 0/0 there."""
    shown = lines_of(gradient(parse("hypot(x, y)"), {"x": 0.0, "y": 0.0}))
    assert "dL/dx = dL/dL · dhypot/dx = 1 · 0 = 0" in shown
