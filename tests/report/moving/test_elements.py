"""The elements that move are found by looking at each node once, and by itself."""

from __future__ import annotations

import backpropcli as bp
from backpropcli.report.moving import elements


def test_the_work_grows_as_the_program(monkeypatch):
    """By hand: twice the operations are twice the nodes, each looked at beside its two inputs."""
    real, seen = elements.linearize, []

    def counted(graph, *given):
        seen.append(len(graph))
        return real(graph, *given)

    monkeypatch.setattr(elements, "linearize", counted)
    work = []
    for count in (100, 200):
        seen.clear()
        steps = [f"z{at + 1} = relu(z{at} + x)" for at in range(count)]
        text = "; ".join(["z0 = relu(x*w)", *steps, f"sum(z{count})"])
        assert len(bp.gradient(text, x=[0.0, 1.0], w=0.5).kinks) == 1  # relu(x*w) by w stays at 0
        work.append(sum(seen))
    assert work[1] < 2.2 * work[0]
