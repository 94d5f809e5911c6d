"""Intermediates without a finite value at a point at which the output has one."""

from __future__ import annotations

from math import isfinite, nan

from backpropcli.report.branches.nodes import needed_nodes
from backpropcli.report.kinks.kink import KinkMet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.graph.graph import Graph
    from backpropcli.graph.row import Row

POLES = {"pow", "gamma", "beta"}
"""Operations that overflow, and whose value is infinite in many digits at poles alone."""
MOST = 20
"""Nodes that are looked at in many digits."""


def poles(  # noqa: PLR0913 (a program at a point)
    graph: Graph,
    values: Sequence[float],
    roots: Sequence[int],
    moving: bytearray,
    bindings: Mapping[str, float],
    *,
    as_typed: bool = False,
) -> Iterator[KinkMet]:
    """Yield the nodes that ``roots`` need and that have no finite value at finite inputs, if any.

    It is told by each input that moves. What overflows is none: it has a finite value.
    """
    needed = needed_nodes(graph, values, roots)
    found = [
        number
        for number, inputs in enumerate(graph.inputs)
        if inputs
        and needed[number]
        and moving[number]
        and not isfinite(values[number])
        and all(isfinite(values[child]) for child in inputs)
        and _may_be_pole(graph.row(number))
    ][:MOST]
    if not found:
        return
    from backpropcli.report.digits.exact import values_at

    true = values_at(graph, bindings, found, as_typed=as_typed)
    for number, value in zip(found, true, strict=True):
        if value is None or value - value == 0:
            continue
        for child in dict.fromkeys(graph.inputs[number]):
            if moving[child]:
                yield _pole(number, child, values)


def _may_be_pole(row: Row) -> bool:
    """Say whether an operation has poles: of exp no digits need be asked, which takes long."""
    return not row.overflows or row.name in POLES


def _pole(number: int, child: int, values: Sequence[float]) -> KinkMet:
    """Return a node without a finite value as a kink by one of its inputs."""
    kink = KinkMet(
        number,
        child,
        f"out == {values[number]!r}",
        (nan, nan, nan),
        at=values[child] + 0.0,
        jump=True,
        why="there is no finite value",
    )
    kink.pole = values[number]
    return kink
