"""Every function on arrays, against what PyTorch and JAX found: ``peers.py`` wrote it down."""

from __future__ import annotations

import json
import re
from operator import itemgetter

import pytest

import backpropcli
from backpropcli.graph import operations
from backpropcli.graph.arrays import LISTED, REDUCED
from backpropcli.language.builder.files import HOME
from tests.arrays.peers import DATA, cases
from tests.each import for_each

STORED = json.loads(DATA.read_text(encoding="utf-8"))
ROWS = STORED["rows"]
DIGITS = {"rel": 2e-12, "abs": 2e-12}
"""A number of the peers has 13 digits."""
ROUGH = {
    ("digamma(x)", "torch"): 1e-9,  # its trigamma has 9 digits, by mpmath and JAX
    ("trigamma(x)", "torch"): 1e-9,
    ("hardsigmoid(x)", "torch"): 1e-7,  # its 1/6 is in single precision
}


def leaves(value):
    """Return the numbers of an array or of nested lists, in order."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [value]


@pytest.mark.slow
@for_each("row", ROWS, ids=itemgetter("program"))
def test_values_and_gradients_are_those_of_the_peers(row):
    at, program = row["at"], row["program"]
    value = backpropcli.value(program, at)
    found = backpropcli.gradient(
        f"sum(({program})*weights)", {**at, "weights": row["weights"]}, wrt=[*at]
    )
    peers = [peer for peer in STORED["versions"] if peer in row]
    assert peers
    for peer in peers:
        rough = ROUGH.get((program, peer))
        close = {"rel": rough, "abs": rough} if rough else DIGITS
        assert leaves(value) == pytest.approx(leaves(row[peer]["value"]), **close)
        for name, slope in row[peer]["gradient"].items():
            assert leaves(found.gradient[name]) == pytest.approx(leaves(slope), **close), name


def test_the_data_are_those_of_the_table():
    assert [row["program"] for row in ROWS] == [program for program, *_ in cases()]
    assert {*STORED["versions"]} == {"torch", "jax"}


def test_every_function_is_held_against_a_peer():
    words = {word for row in ROWS for word in re.findall(r"\w+", row["program"])}
    named = {row.name for row in operations.WORDS if row.infix is None}
    named |= {row.spelled or row.name for row in LISTED if row.infix is None} | {*REDUCED}
    named |= {*HOME}
    assert named - words == {"maximum", "minimum"}  # other words for max and min
