"""Claims on well-known formulas, each from its source; peers.py puts them to JAX.

A right one is never refused, a wrong one always found, and rightly diagnosed where that is due.
The tests put some of each kind; ``pytest --times=2`` and ``python -m tests.benchmarks.claims`` all.
"""

import tomllib
from pathlib import Path

import pytest

import backpropcli as bp

pytestmark = pytest.mark.usefixtures("here", "soon")

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
    """Return claims by the formulas' names: what is new, and one that is right of new formulas.

    Any diagnosis, or none, and whatever else is told is met once with each kind of formula, and so
    is each operation, short programs first.
    """
    met, found = set(), {}
    for formula in sorted(FORMULAS, key=lambda one: len(one["program"])):
        of_it, kind = [], kind_of(formula)
        operations = {(kind, one) for one in bp.parse(formula["program"]).graph.operations}
        for one in formula["claims"]:
            told = kind, "right" in one, one.get("due"), one.get("told")
            if told not in met or ("right" in one and not operations <= met):
                of_it.append(one)
                met.add(told)
                met |= operations if "right" in one else set()
        if of_it:
            found[formula["name"]] = of_it
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


def pytest_generate_tests(metafunc):
    """Put the claims that are chosen, or all."""
    if "formula" in metafunc.fixturenames:
        few = metafunc.config.getoption("--times") == 1
        every = {one["name"]: one["claims"] for one in FORMULAS}
        put = CHOSEN if few else every
        rows = [(one, put[one["name"]]) for one in FORMULAS if one["name"] in put]
        metafunc.parametrize(("formula", "claims"), rows, ids=[one["name"] for one, _ in rows])


@pytest.mark.slow
def test_claims(formula, claims):
    """No right claim is refused, each wrong one is found and diagnosed."""
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
