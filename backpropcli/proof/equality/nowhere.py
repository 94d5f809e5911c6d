"""The proof that no point takes a side: by intervals, which are split where they tell nothing."""

from __future__ import annotations

from itertools import pairwise
from math import inf

from backpropcli.arithmetics import intervals
from backpropcli.arithmetics.intervals.interval import Interval
from backpropcli.arithmetics.tidy.tidy import tidied
from backpropcli.calculus.forward import forward
from backpropcli.proof.equality.climb import ANYWHERE
from backpropcli.proof.equality.points import span
from backpropcli.proof.equality.scores import LOOSE, parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.proof.equality.choices import Choices, Side
    from backpropcli.proof.equality.points import Ranges

    Box = dict[str, tuple[float, float]]

MOST_NODES, MOST_SUMMED = 200, 8
"""Operations, and scores, up to which sums of scores are looked at."""
BOXES = 120
"""Boxes that are looked at for a proof."""


def sign_of_highest(choices: Choices, ranges: Ranges, side: Side) -> int:
    """Return 1, or what is proved to be the sign of the highest score that a side has: 0, -1.

    An equation's is 0.
    """
    graph = choices.graph
    part, places = graph.part([*side.scores, *choices.assumed])
    nodes = [places[node] for node in side.scores]
    assumed = [places[node] for node in choices.assumed]
    strict = graph.operations[side.condition] not in {"eq", *LOOSE}
    sums, together = _sums(part, nodes, assumed if strict else [], alone=strict)
    first: Box = {}
    for name in part.variables():
        low, high = span(ranges, name) or ANYWHERE
        first[name] = float(low), float(high)
    todo, found = [first], -1
    for _ in range(BOXES):
        box = todo.pop()
        values = forward(part, intervals, _interval(box))
        score, *felt = [values[node].high for node in nodes]
        added = forward(sums, intervals, _interval(box)) if together else []
        never = any(one <= 0 for one in felt) or any(values[one].high < 0 for one in assumed)
        never = never or any(added[one].high <= 0 for one in together)
        if score == 0 and not never:
            found = 0
        elif score > 0 and not never:
            todo += (halves := _split(box))
            if not halves:
                return 1
        if not todo:
            return 1 if found == 0 and graph.operations[side.condition] == "eq" else found
    return 1


def _sums(
    part: Graph, scores: Sequence[int], assumed: Sequence[int], *, alone: bool
) -> tuple[Graph, Sequence[int]]:
    """Return the sums of each two scores, and the first ``alone``, with like terms joined.

    All are positive where the side is taken; what is ``assumed`` may be 0.
    """
    plain = not any(part.row(at).whole for at, inputs in enumerate(part.inputs) if inputs)
    if not plain or len(part) > MOST_NODES:
        return part, []
    graph = part.copy()
    first, *others = [scores[0], *parts(part, "min", scores[1:])][:MOST_SUMMED]
    pairs = [(first, other) for other in (*others, *assumed)]
    pairs += [(one, other) for at, one in enumerate(others) for other in (*others[:at], *assumed)]
    sums = [graph.node("add", pair) for pair in pairs]
    return tidied(graph, [*([first] if alone else []), *sums])


def _interval(box: Box) -> dict[str, Interval]:
    return {name: Interval(*ends) for name, ends in box.items()}


def _split(box: Box) -> list[Box]:
    """Return the halves of a box along its widest side, pieces of one that has no end."""
    if not box:
        return []
    name = max(box, key=lambda one: box[one][1] - box[one][0])
    low, high = box[name]
    if low == -inf and high == inf:
        cuts = [-1.0, 0.0, 1.0]
    elif low == -inf or high == inf:
        end = high if low == -inf else low
        cuts = [(-1 if low == -inf else 1) * max(1.0, 4 * abs(end))]
        cuts = [cut for cut in cuts if low < cut < high]
    else:
        cuts = [low + (high - low) / 2]
    pieces = pairwise([low, *cuts, high])
    return [{**box, name: piece} for piece in pieces if piece[0] < piece[1]] if cuts else []
