"""Claims on well-known formulas, each from its source; peers.py puts them to JAX.

A right one is never refused, a wrong one always found, and rightly diagnosed where that is due.
"""

import tomllib
from pathlib import Path

import pytest

import backpropcli as bp

FORMULAS = tomllib.loads(
    (Path(__file__).parents[2] / "data" / "claims.toml").read_text(encoding="utf-8")
)["formula"]
OPTIONS = ("shapes", "assume", "ranges")


def amiss(formula, one):
    """Return what is wrong with the answer on a claim; "" if nothing is."""
    text = one.get("right") or one["wrong"]
    options = {name: formula[name] for name in OPTIONS if name in formula}
    [found] = bp.check_claims(formula["program"], text, formula.get("at"), **options).answers
    told = [mark.kind for mark in (*found.exceptions, *found.diagnosis)]
    if ("right" in one) != (found.verdict == "agrees") or found.status == "open":
        return f"{found.status} {found.reason}"
    if "told" in one and one["told"] not in told:
        return f"{one['told']} is not told, but {told}"
    kinds = [mark.kind for mark in found.diagnosis]
    if one.get("missed"):
        return f"diagnosed as {kinds}: it is missed no more" if kinds else ""
    if one.get("due") and not set(one["due"]) & set(kinds):
        return f"diagnosed as {kinds}, not {one['due']} ({one['mistake']})"
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("formula", FORMULAS, ids=[one["name"] for one in FORMULAS])
def test_claims(formula):
    """No right claim is refused, each wrong one is found and diagnosed."""
    found = {one.get("right") or one["wrong"]: amiss(formula, one) for one in formula["claims"]}
    assert not {claim: told for claim, told in found.items() if told}


def test_half_are_wrong():
    """The suite is as large as it says, and no diagnosis is never due."""
    claims = [one for formula in FORMULAS for one in formula["claims"]]
    assert all(("right" in one) != ("wrong" in one) for one in claims)
    assert len([one for one in claims if "right" in one]) > 100
    due = {kind for one in claims for kind in (*one.get("due", ()), one.get("told"))}
    kinds = {"sign", "factor", "path", "upstream", "inner", "variable", "transposed", "axis"}
    assert kinds | {"broadcast", "kink", "edge", "digits"} <= due
