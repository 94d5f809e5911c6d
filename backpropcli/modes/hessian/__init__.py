"""Hessians, by the way that a program needs: in numbers, or over whole arrays."""

from __future__ import annotations

from backpropcli.calculus.choice import has_arrays
from backpropcli.calculus.transpose import forwards
from backpropcli.modes.elements import in_elements, in_elements_if_small
from backpropcli.modes.gradient import ones, ready, report_of, wanted
from backpropcli.modes.hessian.curvature import MOST_EIGENVALUES
from backpropcli.modes.hessian.matrix import Hessian
from backpropcli.modes.hessian.result import Hessians
from backpropcli.modes.hessian.sweeps import each_by_sweeps
from backpropcli.report.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.language.program import Program
    from backpropcli.modes.elements import WrittenOut
    from backpropcli.modes.matrices import Columns

FEW_ROWS = "eigenvalues and eigenvectors are found of {} rows at most"


def hessian(
    program: Program,
    bindings: Mapping[str, float],
    wrt: Sequence[str] = (),
    *,
    eigenvectors: bool = False,
) -> Hessians:
    """Return the Hessian of each output at the point ``bindings``.

    ``wrt`` are the names by which to differentiate, all variables if empty; with ``eigenvectors``
    the plain data has them too. Raises BackpropError as ``gradient`` does.
    """
    numbers = in_elements_if_small(program, bindings, wrt)
    if numbers is not None:
        columns = _columns(numbers, wrt) if len(numbers.wrt) > MOST_EIGENVALUES else None
        found = numbers.run(each_by_sweeps, columns=columns)
        found.swept = lambda: numbers.run(each_by_sweeps)
    elif has_arrays(program.graph, bindings):
        found = _of_arrays(program, bindings, wrt)
    else:
        found = each_by_sweeps(program, bindings, wrt)
    for one in found.each:
        one.with_vectors = eigenvectors
    if eigenvectors and len(found.variables) > MOST_EIGENVALUES:
        found.point.lowered.warnings.append(FEW_ROWS.format(MOST_EIGENVALUES))
    return found


def _of_arrays(program: Program, bindings: Mapping[str, Any], wrt: Sequence[str]) -> Hessians:
    """Return the Hessian of a number by sweeps over whole arrays."""
    from backpropcli.modes.matrices import Columns, fitting, sizes_at

    lowered, asked = ready(program, bindings, wrt)
    count = sum(sizes_at(lowered, asked.values()))
    fitting(count * count, "the Hessian", "take fewer names with --wrt, or a product: hvp")
    if len(lowered.outputs) > 1 or any(lowered.shapes_at(lowered.outputs)):
        in_elements(program, bindings, wrt)  # which says that this is too large
    forwards(lowered, bindings, asked.values())
    point = report_of(lowered, bindings, asked, ones(lowered))
    columns = Columns(lowered, bindings, asked)
    [title], names = program.titles(), Result(point, asked).variables
    rows, every = columns.rows(), [[*range(count)]] * count
    found = Hessians(point, [Hessian(title, point, names, every, lambda _: rows)])
    found.sweeping = columns
    found.swept = lambda: in_elements(program, bindings, wrt).run(each_by_sweeps)
    return found


def _columns(numbers: WrittenOut, wrt: Sequence[str]) -> Columns | None:
    """Return the columns of the Hessian of a number; None where they are not those of arrays."""
    lowered, bindings = numbers.lowered, numbers.numbers.of
    elements = any("[" in name for name in wrt)
    if elements or len(lowered.outputs) > 1 or any(lowered.shapes_at(lowered.outputs)):
        return None
    from backpropcli.modes.matrices import Columns

    found = Columns(lowered, bindings, wanted(lowered, wrt))
    return None if hasattr(found.arrays, "format") else found
