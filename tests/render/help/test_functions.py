"""What a function's page says of its kinks is for readers: no condition in the table's helpers."""

from __future__ import annotations

from backpropcli.graph.arrays import LISTED
from tests.each import for_each


@for_each(
    "name, said",
    [
        ("sort", "kink where elements are equal: d/dx is not the same on both sides"),
        ("max", "kink where elements tie: d/dx is 0 on the left, 1 on the right"),
        ("argmin", "kink where elements tie: the value jumps"),
        ("norm", "kink where all elements are 0: d/dx is -1 on the left, 1 on the right"),
        ("std", "kink where all elements are equal"),
    ],
)
def test_kinks_of_arrays_are_told_in_words(name, said, backprop):
    assert said in " ".join(backprop("functions", name).split())


def test_no_page_has_an_axis_that_nobody_gave(backprop):
    for row in LISTED:
        if row.kinks:
            told = backprop("functions", row.shown).partition("kink where")[2]
            assert "axis=axis" not in told, row.shown
