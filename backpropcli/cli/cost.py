"""What derivatives cost, where --cost asks for it: of arrays by their shapes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.language.program import Program
    from backpropcli.modes.cost import Cost
    from backpropcli.modes.cost_of_arrays import CostOfArrays
    from backpropcli.render.layout.lines import Line


def counted(
    program: Program, wrt: Sequence[str], shapes: Mapping[str, Shape] | None
) -> Cost | CostOfArrays:
    """Return the operations of a program and its derivatives; ``shapes`` are None for numbers."""
    if shapes is None:
        from backpropcli.modes.cost import cost

        return cost(program, wrt)
    from backpropcli.modes.cost_of_arrays import cost_of_shapes

    return cost_of_shapes(program, wrt, shapes)


def shown(
    program: Program, wrt: Sequence[str], shapes: Mapping[str, Shape] | None, room: int
) -> list[Line]:
    """Return the same as a table, in at most ``room`` columns."""
    from backpropcli.render.results.cost import cost_lines, cost_lines_of_arrays

    found: Any = counted(program, wrt, shapes)
    return (cost_lines if shapes is None else cost_lines_of_arrays)(found, room)
