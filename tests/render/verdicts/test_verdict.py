"""The verdict in words; digits are counted by hand."""

from __future__ import annotations

import pytest

from backpropcli.proof.findings.entries import Entry
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.render.layout.lines import Options, enumerated
from backpropcli.render.verdicts.verdict import accuracy, as_typed, verdict_lines
from tests.each import for_each


def entry(name, result, truth, **facts):
    found = Entry(name, result)
    found.truth = truth
    for key, fact in facts.items():
        setattr(found, key, fact)
    return found


def verdict(*entries, word="agrees", **facts):
    found = Verdict([*entries], 3)
    found.verdict, found.ways = word, ["symbolic", "node by node"]
    found.nodes_checked = found.whole = 3
    for key, fact in facts.items():
        setattr(found, key, fact)
    return found


def told(found, **options):
    lines = verdict_lines(found, Options(**options))
    return "\n".join("".join([text for _, text in line]) for line in lines)


def test_what_was_compared_and_how_far():
    two = entry("x", 1.0, "1.0"), entry("y", 1.0, "1.0")
    basis = "to 40 digits, whole and step by step"
    assert told(verdict(*two)) == f"\nagrees: SymPy finds the same derivatives {basis}"
    assert told(verdict(two[0])) == f"\nagrees: SymPy finds the same derivative {basis}"


def test_no_verdict_has_a_reason_and_says_what_agrees():
    found = verdict(word="inconclusive", reason="the check ran out of time after 10 seconds")
    head = "\ninconclusive: the check ran out of time after 10 seconds\n"
    assert told(found) == f"{head}all else agrees with SymPy"
    found.nodes_checked, found.nodes_total = 2_000, 9_000
    assert told(found) == f"{head}2,000 of 9,000 steps were compared with SymPy, and agree"
    found.nodes_checked = found.whole = 0
    assert told(found) == head.removesuffix("\n")


def test_a_disagreement_shows_both_numbers_where_there_are_two():
    one = entry("x", 0.0, "0.0", sympy="1.0", agree=False)
    other = entry("y", 0.0, "0.0", agree=False)
    assert told(verdict(one, other, word="disagrees", reason="why")) == (
        "\ndisagrees: why\n  d/dx\n    backprop  0.0\n    SymPy     1.0"
    )


@for_each(
    "result, truth, digits, right",
    [
        (1.23456, "1.234561", 6, None),  # the same in six digits
        (1.23457, "1.2345649", 6, None),  # one unit of the last digit: as rounding does
        (1.23459, "1.23456", 6, "5"),
        (1.2346, "1.23456", 6, "5"),  # 1.23460 is 4 units of the sixth digit off
        (1.2456, "1.23456", 6, "2"),
        (-0.1, "0.1", 6, "none"),
        (0.0, "1e-30", 6, "none"),
        (1e-17, "0", 6, "none"),
        (0.0, "1e-400", 6, "none"),  # which a double rounds to 0
        (0.0, "1.51693e-4342945", 6, "none"),  # exp(-1e7): beyond what decimals have at first
        (2e8, "200000001", 6, "8"),  # a whole number is printed with all of its digits
        (2e8, "200000000.02", 6, None),
        (9999970000.5, "10000000000", 6, "5"),  # 3 units of the digits that are printed
        (9999999000.5, "10000000000", 6, None),
        (1e-17, "0 (below 1e-400)", 6, "none"),
        (0.1, "0.1000000000000000055511151231257827021182", 17, None),
        (1 / 3, "0.3333333333333333148296162562473909929395", 17, None),
        (1 / 3, "0.3333333333333433148296162562473909929395", 17, "13"),
    ],
)
def test_digits_that_rounding_spoilt_are_told(result, truth, digits, right):
    text = accuracy(verdict(entry("x", result, truth)), digits)
    if right is None:
        assert text == ""
    else:
        assert text.startswith(f"rounding costs digits: d/dx is {truth[:4]}")
        assert text.endswith(f" ({right} right)")


def test_one_line_tells_the_worst_first_and_how_many_there_are():
    rows = [entry(f"x{at}", 1 + 10.0**-at, "1.0") for at in (2, 1, 3, 9)]
    text = accuracy(verdict(*rows), 6)
    assert text == (
        "rounding costs digits: d/dx1 is 1 (1 right), d/dx2 is 1 (2 right) and d/dx3 is 1 (3 right)"
    )
    rows = [entry(f"x{at}", 1.01, "1.0") for at in range(9)]
    assert accuracy(verdict(*rows), 6).endswith("and 4 more are in --json --check")


def test_the_truth_is_written_as_a_float_is():
    """Whole ones whole, and small and large ones with an exponent as people type it."""
    rows = [entry("x", 1.1, truth) for truth in ("-500.0", "1.40359e+217", "20000000000.0")]
    told = ("-500", "1.40359e217", "20000000000")
    parts = enumerated([f"d/dx is {one} (none right)" for one in told])
    assert accuracy(verdict(*rows), 6) == f"rounding costs digits: {parts}"


def test_what_is_right_as_typed_is_right():
    row = entry("x", 0.5, "0.25", typed="0.5")
    assert accuracy(verdict(row), 6) == ""
    row = entry("x", 0.0, "1.00000001e-400", typed="1e-400")
    assert accuracy(verdict(row), 6) == "rounding costs digits: d/dx is 1e-400 (none right)"


def test_the_truth_as_typed_is_told_where_that_at_the_doubles_is_not_known():
    found = verdict(entry("x", -1 / 3, "", typed="0.0"))
    assert as_typed(found, 6) == "d/dx is 0 (floats round what was typed)"


def test_the_truth_at_the_numbers_as_typed():
    found = verdict(value=6.123e-17, value_truth="6.123e-17", value_typed="0")
    assert as_typed(found, 6) == "the value is 0 (floats round what was typed)"
    found = verdict(value=0.25, value_truth="0.25", value_typed="0.2500000001")
    assert as_typed(found, 6) == ""
    assert as_typed(found, 12) == "the value is 0.2500000001 (floats round what was typed)"
    found = verdict(value=0.3, value_truth="0.3", value_typed="1")
    found.typed_kink = "x == 0.3"
    text = "the value is 1 and x == 0.3 is at its kink (floats round what was typed)"
    assert as_typed(found, 6) == text


@pytest.mark.parametrize("width", [30, 40, 60])
def test_it_fits_the_screen(width):
    rows = [entry("x", 1.1, "1.0"), entry("y", 1.1, "1.0")]
    text = told(verdict(*rows, word="inconclusive", reason="words " * 20), width=width)
    assert max(map(len, text.splitlines())) <= width


def test_names_whose_gradient_is_rounding_alone_are_told():
    found = verdict(entry("x", 0.5, "0.5"), lost=["d1", "d2"])
    line = "accuracy: rounding leaves no digit of the gradient of d1 and d2 right"
    assert line in told(found)
    assert accuracy(found, 6) == ""
