"""What SymPy is given to prove zero, and what it is not."""

import pytest

from backpropcli.language.parse import parse
from backpropcli.proof import zero


@pytest.mark.parametrize(("power", "given"), [("2^70", False), ("2^(-2^50)", False), ("2^9", True)])
def test_powers_beyond_memory_are_not_given_to_sympy(monkeypatch, power, given):
    """2^(2^50) has 10^15 bits, and so has its inverse; SymPy works both out."""
    asked = []
    monkeypatch.setattr(zero, "_is_zero", lambda *_, **__: bool(asked.append(1)))
    graph = parse(f"sin(x)*{power} + cos(x)").graph
    one, other = len(graph) - 1, graph.variables()["x"]
    assert not zero.proved(graph, one, other, 1.0)
    assert bool(asked) == given
