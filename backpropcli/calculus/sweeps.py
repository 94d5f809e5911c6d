"""The two sweeps over edges: ``pull`` is reverse mode, ``push`` is forward mode.

All that follows derivatives is one of these two loops, in some arithmetic: see Griewank and
Walther, "Evaluating Derivatives", 2nd ed., sections 3.1 and 3.2.
"""

from __future__ import annotations

from backpropcli.arithmetics import one_of, silently

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.protocol import Sums
    from backpropcli.calculus.linearize import Edges


@silently
def pull(edges: Edges, arithmetic: Sums, seeds: Mapping[int, Any]) -> list[Any]:
    """Return the adjoint of every node; None where nothing arrives.

    ``seeds`` maps output nodes to their cotangents.
    """
    found: list[Any] = [None] * len(edges.moving)
    for number, seed in seeds.items():
        found[number] = seed
    add, mul, one = arithmetic.add, arithmetic.mul, one_of(arithmetic)
    total = _total(arithmetic)
    for head, tails, partials in zip(
        reversed(edges.heads), reversed(edges.tails), reversed(edges.partials), strict=True
    ):
        given = found[head]
        if given is None or not partials:
            continue
        size = len(partials)
        if size == 2:  # noqa: PLR2004
            tail, last = tails
            partial, other = partials
            if other is not None:
                part = given if other is one else mul(given, other)
                before = found[last]
                found[last] = part if before is None else add(before, part)
        elif size == 1:
            [tail] = tails
            [partial] = partials
        else:
            for last, factors in _by_tail(tails, partials).items():
                before = [] if found[last] is None else [found[last]]
                parts = [given if other is one else mul(given, other) for other in factors]
                found[last] = total([*before, total(parts)])
            continue
        if partial is not None:
            part = given if partial is one else mul(given, partial)
            before = found[tail]
            found[tail] = part if before is None else add(before, part)
    return found


@silently
def push(
    edges: Edges, arithmetic: Sums, seeds: Mapping[int, Any], *, held: bool = True
) -> list[Any]:
    """Return the tangent of every node; None where nothing moves.

    ``seeds`` maps nodes to their own tangents. They are held, whatever they rest on; or else what
    arrives there is added.
    """
    found: list[Any] = [None] * len(edges.moving)
    for number, seed in seeds.items():
        found[number] = seed
    ends = seeds if held else ()
    add, mul, one = arithmetic.add, _forth(arithmetic), one_of(arithmetic)
    total = _total(arithmetic)
    for head, tails, partials in zip(edges.heads, edges.tails, edges.partials, strict=True):
        if not partials or head in ends:
            continue
        if len(partials) > 2:  # noqa: PLR2004 (the others are the hot loop)
            parts = [
                found[tail] if partial is one else mul(found[tail], partial)
                for tail, partial in zip(tails, partials, strict=True)
                if partial is not None and found[tail] is not None
            ]
            before = [] if found[head] is None else [found[head]]
            if parts:
                found[head] = total([*before, total(parts)])
            continue
        for tail, partial in zip(tails, partials, strict=True):
            given = found[tail]
            if given is not None and partial is not None:
                part = given if partial is one else mul(given, partial)
                before = found[head]
                found[head] = part if before is None else add(before, part)
    return found


def _by_tail(tails: Sequence[int], partials: Sequence[Any]) -> dict[int, list[Any]]:
    """Return the partials of the edges that a node has, from the last, by where they lead."""
    found: dict[int, list[Any]] = {}
    for tail, partial in zip(reversed(tails), reversed(partials), strict=True):
        if partial is not None:
            found.setdefault(tail, []).append(partial)
    return found


def _total(arithmetic: Any) -> Callable[[list[Any]], Any]:  # noqa: ANN401 (any arithmetic)
    """Return the sum of one number or more: of many, the arithmetic may have one of its own."""
    add, own = arithmetic.add, getattr(arithmetic, "total", None)

    def total(parts: list[Any]) -> Any:  # noqa: ANN401
        if own is not None and len(parts) > 2:  # noqa: PLR2004 (two are rounded once anyway)
            return own(parts)
        found = parts[0]
        for part in parts[1:]:
            found = add(found, part)
        return found

    return total


def _forth(arithmetic: Any) -> Callable[[Any, Any], Any]:  # noqa: ANN401 (any arithmetic)
    """Return what multiplies a tangent by a partial.

    A partial that is a linear map, as of a matrix product, is known by what it sends back: its
    forward mode is the transpose of that, which is one more ``pull``, over the graph of its rule.
    """
    if not hasattr(arithmetic, "transposed"):
        return arithmetic.mul  # type: ignore[no-any-return]
    from backpropcli.calculus.transpose import transposed

    return transposed(arithmetic, pull)
