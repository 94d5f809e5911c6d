"""What the tests of proofs share."""

import pytest

from backpropcli.proof.claims import given
from backpropcli.proof.equality import equal
from backpropcli.proof.equality.points import points

SOME, FEW = 3, 8


@pytest.fixture
def at_some_points(monkeypatch):
    """Let ``equal`` look at one in three of its points, where it need not find what is rare.

    Choices are looked at on each side all the same, or told to be open.
    """
    monkeypatch.setattr(equal, "points", lambda *given: points(*given)[::SOME])


@pytest.fixture
def at_few_points(monkeypatch):
    """Let ``equal`` look at one in eight of its points: that both are equal is tested elsewhere."""
    monkeypatch.setattr(equal, "points", lambda *given: points(*given)[::FEW])


@pytest.fixture
def soon(monkeypatch):
    """Give SymPy's proof of a claim little time, where a claim holds or not without one as well."""
    monkeypatch.setattr(given, "PATIENCE", 0.1)
