"""The verdict on arrays in words."""

from __future__ import annotations

from backpropcli.proof.findings.entries import Tally
from backpropcli.proof.findings.verdict import Verdict
from backpropcli.render.layout.lines import Options
from backpropcli.render.verdicts.verdict import verdict_lines


def verdict(tier, *tallies, word="agrees", **facts):
    found = Verdict([], 3)
    found.verdict, found.tier, found.facts = word, tier, facts
    found.tallies = [*tallies]
    return found


def tally(name, shape, **facts):
    found = Tally(name, f"d/d{name}", shape)
    found.update({"agree": found.count} | facts)
    return found


def told(found):
    lines = verdict_lines(found, Options(width=200))
    return "\n".join("".join([text for _, text in line]) for line in lines)


def test_each_tier_says_what_it_is():
    x = tally("x", (3, 2))
    same = "SymPy finds the same derivatives to 40 digits"
    assert told(verdict("symbolic", x, elements=6)) == (
        f"\nagrees: {same}, whole and step by step (all 6 elements)"
    )
    assert told(verdict("node by node", x, elements=6000)) == (
        f"\nagrees: {same}, step by step (all 6,000 elements)"
    )
    same = "differences along random directions of each variable give the same to 40 digits"
    assert told(verdict("along directions", x, elements=6)) == f"\nagrees: {same} (all 6 elements)"
    sizes = {"X": ((4, 6), (256, 784)), "b": ((), ())}
    facts = {"elements": 9, "sizes": sizes, "digits": 13.7}
    assert told(verdict("smaller sizes", x, **facts)).replace("\n", " ") == (
        f" agrees: with smaller arrays (X 4x6 of 256x784) {same}; "
        "at full size forward and reverse mode agree to 13 digits"
    )


def test_elements_are_counted_by_variable_and_the_first_wrong_one_is_shown():
    wrong = tally("W", (3, 2), agree=4, disagreement=((2, 1), "1.5", "2.5"))
    found = verdict("node by node", tally("b", ()), wrong, word="disagrees", elements=7)
    found.reason = "it is wrong"
    assert told(found).splitlines()[1:] == [
        "disagrees: it is wrong",
        "  d/db  agrees",
        "  d/dW  4 of 6 elements agree",
        "    d/dW[2,1]",
        "      backprop     1.5",
        "      SymPy        2.5",
    ]


def test_where_nothing_is_settled_there_is_nothing_to_count():
    found = verdict("along directions", tally("x", (3,), agree=None), word="inconclusive")
    found.reason = "there is a kink"
    assert told(found) == "\ninconclusive: there is a kink"
