"""Products without a matrix: the second derivatives of x^3*y are 6*x*y, 3*x^2 and 0."""

from __future__ import annotations


def test_the_numbers_of_a_product_have_their_points_below_each_other(backprop):
    shown = backprop("hvp", "x^3*y/8", "x=1", "y=2", "--along", "x=100", "--no-check")
    assert shown.splitlines()[1:] == ["    x  150", "    y   37.5"]


def test_most_of_a_product_may_be_left_out(backprop):
    shown = backprop("hvp", "x^3*y", "x=1", "y=2", "--along", "x=1", "--no-check", "--max-nodes=1")
    assert shown.splitlines()[1:] == ["    x  12", "… 1 more; --quiet and --json have all"]
