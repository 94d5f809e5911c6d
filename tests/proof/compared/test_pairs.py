"""Losses of the literature are related as it says: ``pairs`` has both sides and the sources."""

import pytest

import backpropcli as bp
from backpropcli.proof.compared import work
from tests.proof.compared.pairs import (
    CONSTANT,
    DIFFERENT,
    GRADIENTS,
    IDENTICAL,
    OPPOSITE,
    PROPORTIONAL,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]


SLOPE = 1e-6


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    """Give SymPy's proof little time: it changes no answer here, and takes all where it fails."""
    monkeypatch.setattr(work, "PATIENCE", 0.2)


def every(pairs):
    """Return parameters, one in three of them for everyday runs."""
    return [
        pytest.param(*pair, id=name, marks=[pytest.mark.slow] * (at % 3 > 0))
        for at, (name, pair) in enumerate(pairs.items())
    ]


def compared(one, other, options):
    options = dict(options)
    at = options.pop("at", {})
    return bp.compare(one, other, at, timeout=30, **options)


@pytest.mark.parametrize(("one", "other", "options"), every(IDENTICAL))
def test_identical_losses_agree(one, other, options):
    found = compared(one, other, options)
    assert (found.verdict, found.kind, found.reason) == ("agrees", "identical", "")
    assert {*found.general.by.values()} == {"same"}


@pytest.mark.parametrize(("one", "other", "term", "options"), every(CONSTANT))
def test_a_constant_between_values_is_named(one, other, term, options):
    found = compared(one, other, options)
    assert (found.verdict, found.kind) == ("agrees", "constant")
    point = dict.fromkeys(bp.parse(f"({one})*({other})").variables, 0.4)
    written = found.general.term.partition(" ≈ ")[0]
    names = bp.parse(written).variables
    assert not {*names} & {*found.wrt}
    assert bp.value(written, {n: point[n] for n in names}) == pytest.approx(
        bp.value(term, {n: point[n] for n in bp.parse(term).variables}), rel=1e-12
    )


@pytest.mark.parametrize(("one", "other", "options"), every(GRADIENTS))
def test_gradients_may_be_the_same_where_values_are_not(one, other, options):
    found = compared(one, other, options)
    assert (found.verdict, found.kind, found.reason) == ("agrees", "gradients", "")
    assert [seen.of for seen in found.general.seen] == ["value"]


@pytest.mark.parametrize(("one", "other", "term", "options"), every(PROPORTIONAL))
def test_a_factor_between_gradients_is_named(one, other, term, options):
    found = compared(one, other, options)
    assert (found.verdict, found.kind) == ("disagrees", "proportional")
    assert found.general.term == term


@pytest.mark.parametrize(("one", "other", "options"), every(OPPOSITE))
def test_a_loss_and_an_objective_are_opposite(one, other, options):
    found = compared(one, other, options)
    assert (found.verdict, found.kind) == ("disagrees", "opposite")
    assert "one is minimised where the other is maximised" in found.follows[0]


@pytest.mark.parametrize(("one", "other", "options"), every(DIFFERENT))
def test_different_losses_have_a_counterexample(one, other, options):
    found = compared(one, other, options)
    assert (found.verdict, found.kind) == ("disagrees", "different")
    slopes = [seen for seen in found.general.seen if seen.of.startswith("d/d")]
    assert slopes
    assert slopes[0].first != slopes[0].second
    assert found.follows == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(w*x - y)^2", "(w*x - y)^2 + 0.01*w^2"),
        ("q^3*(1 - q)", "3*log(q) + log(1 - q)"),
        ("-(1 - q)^2*log(q)", "-log(q)"),
    ],
)
def test_a_counterexample_is_one_by_differences_of_values(one, other):
    """The slopes told are those of central differences, of Python's own arithmetic."""
    found = bp.compare(one, other)
    seen = next(seen for seen in found.general.seen if seen.of.startswith("d/d"))
    name = seen.of.removeprefix("d/d")
    point = {key: float(value) for key, value in seen.point.items()}
    for text, told in ((one, seen.first), (other, seen.second)):
        low, high = (
            eval(  # noqa: S307 (our own text)
                text.replace("^", "**"),
                {"log": __import__("math").log},
                point | {name: point[name] + step},
            )
            for step in (-SLOPE, SLOPE)
        )
        assert (high - low) / (2 * SLOPE) == pytest.approx(float(told), rel=1e-6, abs=1e-8)
