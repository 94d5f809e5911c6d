"""Matrices on screens of all widths: the numbers are by hand, and nothing leaves the screen."""

from __future__ import annotations

import json
import math

import pytest

CHAIN = "(a*b, b*c, c*d, d*e)"
POINT = [f"{name}={value}" for value, name in enumerate("abcde", 1)]
LONG = "(alpha_of_the_filter*beta_of_the_filter, beta_of_the_filter + gamma_of_the_filter)"
AT = ["alpha_of_the_filter=-2", "beta_of_the_filter=0.25", "gamma_of_the_filter=3"]


@pytest.fixture
def screen(backprop, monkeypatch):
    """Return what runs a command on a screen of so many columns; its lines fit it."""

    def run(columns, *words):
        monkeypatch.setenv("COLUMNS", f"{columns}")
        lines = backprop(*words, "--no-check").splitlines()
        assert max(map(len, lines)) <= columns
        return lines

    return run


def test_a_matrix_has_a_row_an_output_where_it_fits(screen):
    assert screen(30, "jacobian", CHAIN, *POINT)[:6] == [
        "          a  b  c  d  e",
        "a*b = 2   2  1  ·  ·  ·",
        "b*c = 6   ·  3  2  ·  ·",
        "c*d = 12  ·  ·  4  3  ·",
        "d*e = 20  ·  ·  ·  5  4",
        "· is 0 at every point",
    ]


def test_a_wide_matrix_turns_round(screen):
    """By hand: beta and alpha of the first, 1 and 1 of the second."""
    shown = [line.split() for line in screen(80, "jacobian", LONG, *AT)]
    assert shown[1] == ["=", "-0.5", "=", "3.25"]
    assert shown[2:5] == [
        ["alpha_of_the_filter", "0.25", "·"],
        ["beta_of_the_filter", "-2", "1"],
        ["gamma_of_the_filter", "·", "1"],
    ]


def test_points_and_signs_line_up(screen):
    lines = screen(80, "jacobian", "(x*y, x/y, x - y)", "x=-1.5", "y=8")
    # by hand: y x; 1/y -x/y^2; 1 -1
    assert [line.rstrip() for line in lines[:4]] == [
        "                   x           y",
        "x*y = -12      8      -1.5",
        "x/y = -0.1875  0.125   0.0234375",
        "x - y = -9.5   1      -1",
    ]


@pytest.mark.parametrize("columns", [24, 30, 40, 60, 80, 120])
@pytest.mark.parametrize(
    "words",
    [
        ["jacobian", CHAIN, *POINT],
        ["jacobian", LONG, *AT],
        ["hessian", "a*b*c*d*e", *POINT, "--eigenvectors"],
        ["hessian", "x*abs(x) + y^2/3", "x=0", "y=0.1"],
        ["hessian", "(a*b)^2*cos(c)", *POINT[:3]],
    ],
    ids=["chain", "long", "product", "kink", "dense"],
)
def test_nothing_leaves_the_screen(columns, words, screen):
    text = " ".join(screen(columns, *words))
    for word in words:
        name, equals, _ = word.partition("=")
        if equals and len(name) < 8:
            assert name in text


def test_a_list_has_its_headers_and_says_what_is_left_out(screen):
    text = "(alpha_one*beta + gamma, alpha_one*delta_two, exp(gamma))"
    lines = screen(30, "jacobian", text, "alpha_one=3", "beta=0.5", "gamma=0", "delta_two=-7")
    assert lines[:9] == [
        "alpha_one*beta + gamma = 1.5",
        "  alpha_one  0.5",
        "  beta       3",
        "  gamma      1",
        "alpha_one*delta_two = -21",
        "  alpha_one  -7",
        "  delta_two   3",
        "exp(gamma) = 1",
        "  gamma  1",
    ]
    assert "what is not listed is 0" in " ".join(lines)


def test_a_list_has_at_most_max_nodes_entries(screen):
    lines = screen(80, "jacobian", "(x*y, y*z)", "x=1", "y=2", "z=3", "--max-nodes", "3")
    assert lines[:4] == [
        "x*y = 2",
        "  x  2   y  1",
        "y*z = 6",
        "  y  3",
    ]
    assert lines[4].startswith("… 1 more")


def test_the_gradient_of_a_hessian_has_names(screen):
    lines = screen(80, "hessian", "x^2 + 3*y", "x=1", "y=5")
    assert lines[2:4] == ["          x  y", "gradient  2  3"]


def test_reports_of_several_outputs_are_apart(screen):
    lines = screen(80, "hessian", "(x^2, x^3)", "x=1")
    assert lines[lines.index("x^3 = 1") - 1] == ""
    lines = screen(80, "hvp", "(x^2, x^3)", "x=1", "--along", "x=1")
    assert lines[2:4] == ["", "Hessian of x^3 times the direction x=1"]


def test_eigenvectors_are_shown_and_told_on_request(backprop):
    """By hand: [[0, 1], [1, 0]] has -1 and 1, along (1, -1) and (1, 1)."""
    run = ["hessian", "x*y", "x=1", "y=2"]
    plain = json.loads(backprop(*run, "--json"))
    assert "eigenvectors" not in plain
    found = json.loads(backprop(*run, "--json", "--eigenvectors"))
    half = math.sqrt(0.5)
    first, second = found["eigenvectors"]
    assert [abs(part) for part in first] == pytest.approx([half, half])
    assert first[0] == pytest.approx(-first[1])
    assert second == pytest.approx([half, half])
    assert "eigenvalue" in backprop(*run, "--eigenvectors")


def test_a_zero_beside_a_kink_is_not_one_at_every_point(screen):
    """The second derivative of abs(x) is 0 on both sides of 0, and there is none at 0.

    There is none at whole y of floor(y)*x either; all derivatives of x*y exist everywhere.
    """
    for run, told in (
        (("hessian", "abs(x)", "x=0"), "wherever it exists"),
        (("hessian", "abs(x)", "x=1"), "wherever it exists"),
        (("hessian", "floor(y)*x + x^2", "x=1", "y=2.5"), "wherever it exists"),
        (("jacobian", "(floor(x), relu(y), x*y)", "x=1.5", "y=-1"), "wherever it exists"),
        (("hessian", "x*y", "x=1", "y=2"), "at every point"),
    ):
        assert f"· is 0 {told}" in screen(80, *run)
