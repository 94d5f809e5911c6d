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


def options_of(formula):
    """Return where the claims on a formula are held."""
    return {name: formula[name] for name in OPTIONS if name in formula}


def answers(formula):
    """Return the answer on each claim of a formula."""
    options = options_of(formula)
    texts = [one.get("right") or one["wrong"] for one in formula["claims"]]
    program, at = formula["program"], formula.get("at")
    if not any(";" in text for text in texts):
        return bp.check_claims(program, texts, at, timeout=10 * len(texts), **options).answers
    return [bp.check_claims(program, text, at, **options).answers[0] for text in texts]


def amiss(found, one):
    """Return what is wrong with the answer on a claim; "" if nothing is."""
    told = [mark.kind for mark in (*found.exceptions, *found.diagnosis)]
    if ("right" in one) != (found.verdict == "agrees") or found.status == "open":
        return f"{found.status} {found.reason}"
    if "told" in one and one["told"] not in told:
        return f"{one['told']} is not told, but {told}"
    kinds = [mark.kind for mark in found.diagnosis]
    if one.get("due") and one["due"] not in kinds:
        return f"diagnosed as {kinds}, not {one['due']} ({one['mistake']})"
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("formula", FORMULAS, ids=[one["name"] for one in FORMULAS])
def test_claims(formula):
    """No right claim is refused, each wrong one is found and diagnosed."""
    each = zip(answers(formula), formula["claims"], strict=True)
    found = {answer.claim: amiss(answer, one) for answer, one in each}
    assert not {claim: told for claim, told in found.items() if told}


def test_half_are_wrong():
    """The suite is as large as it says, and no diagnosis is never due."""
    claims = [one for formula in FORMULAS for one in formula["claims"]]
    assert all(("right" in one) != ("wrong" in one) for one in claims)
    assert len([one for one in claims if "right" in one]) > 100
    due = {one.get("due") or one.get("told") for one in claims}
    kinds = {"sign", "factor", "path", "upstream", "inner", "variable", "transposed", "axis"}
    assert kinds | {"broadcast", "kink", "edge", "digits"} <= due
