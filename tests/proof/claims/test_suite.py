"""Claims on well-known formulas, each from its source; peers.py puts them to JAX.

A right one is never refused, a wrong one always found, and rightly diagnosed where that is due.
The tests put some of each kind; ``pytest --times=2`` and ``python -m tests.benchmarks.claims`` all.
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


def kind_of(formula):
    """Return how many axes the largest variable has, -1 without arrays, and if values are given."""
    axes = [len(one.split(",")) for one in formula.get("shapes", "").split(";") if one]
    return max(axes, default=-1), "at" in formula


def chosen():
    """Return claims by the formulas' names: of each the first that is right, and what is new.

    Any diagnosis, or none, and whatever else is told is met once with each kind of formula, short
    programs first.
    """
    met, found = set(), {}
    for formula in sorted(FORMULAS, key=lambda one: len(one["program"])):
        of_it = found[formula["name"]] = []
        for one in formula["claims"]:
            right = "right" in one
            told = kind_of(formula), right, one.get("due"), one.get("told")
            if told not in met or (right and not any("right" in other for other in of_it)):
                of_it.append(one)
                met.add(told)
    return found


CHOSEN = chosen()


def answers(formula, claims):
    """Return the answer on each of some claims on a formula."""
    options = options_of(formula)
    texts = [one.get("right") or one["wrong"] for one in claims]
    program, at = formula["program"], formula.get("at")
    if not any(";" in text for text in texts):
        return bp.check_claims(program, texts, at, timeout=60 * len(texts), **options).answers
    return [bp.check_claims(program, one, at, timeout=60, **options).answers[0] for one in texts]


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
def test_claims(formula, times):
    """No right claim is refused, each wrong one is found and diagnosed."""
    claims = CHOSEN[formula["name"]] if times == 1 else formula["claims"]
    each = zip(answers(formula, claims), claims, strict=True)
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
    put = [one for claims in CHOSEN.values() for one in claims]
    assert {one.get("due") or one.get("told") for one in put} == due
