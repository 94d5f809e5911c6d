"""The kinks of derivatives in a program, each as the function that it is."""

from __future__ import annotations

from backpropcli.calculus.linearize import linearize
from backpropcli.calculus.sweeps import pull
from backpropcli.report.kinks.kink import KinkMet, near

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.report.run import Run

MOST_NAMES = 8
"""Names by which a derivative is looked at: each takes two lines of germs."""


def of_derivative(run: Run, owner: int, names: Sequence[str]) -> list[KinkMet] | None:
    """Return the kinks of a derivative by ``names``; None where that is not known.

    It is node ``owner`` of the surface graph. Kinks of its parts may cancel, or make kinks of
    jumps. By several names it may have one where they move together, though none by one alone.
    """
    lowered = run.lowered
    outputs = [lowered.places[output] for output in run.program.outputs]
    if run.signed_zero or run.format or len(names) > MOST_NAMES or lowered.outputs != outputs:
        return None
    from backpropcli.report.whole.along import whole
    from backpropcli.report.whole.sides import nearest

    place, nodes = lowered.places[owner], [run.wrt[name] for name in names]
    edges = linearize(run.graph, run.arithmetic, run.values, nodes)
    slopes = pull(edges, run.arithmetic, {place: 1.0})
    choice = run.graph.convention
    why = "the chain rule has it"
    why += f"; --at-kinks {choice} is for slopes of operations" if choice else ""
    kinks: list[KinkMet] = []
    for name, node in zip(names, nodes, strict=True):
        found = whole(run.graph, place, run.bindings, node, typed=run.as_typed)
        jump, used = found.kind == "jump", (slopes[node] or 0.0) + 0.0
        left, right = (nearest(side.slope) for side in (found.left, found.right))
        if found.kind not in {"derivative", "kink", "jump"} or not found.sure:
            return None
        if left is None or right is None:
            return None
        if found.kind == "derivative" and near(left, used):
            continue
        kink = KinkMet(
            run.top,
            node,
            "",
            (left, right, used),
            at=run.values[node] + 0.0,
            jump=jump,
            why=why,
        )
        kink.asked = bool(choice)
        kink.label, kink.by = run.program.text(owner, 30), name
        kinks.append(kink)
    return kinks if kinks or len(names) == 1 else None
