"""Hessians, by the way that a program needs: in numbers, or over whole arrays.

In numbers it takes as many Hessian-vector products as a star colouring of the pattern has colours.
"""

from __future__ import annotations

from backpropcli.calculus.choice import has_arrays
from backpropcli.calculus.transpose import forwards
from backpropcli.modes.colouring import colour_columns, recover, recover_symmetric, star_colouring
from backpropcli.modes.derived import Linearized, directional
from backpropcli.modes.elements import in_elements, in_elements_if_small
from backpropcli.modes.gradient import ones, ready, report_of, wanted
from backpropcli.modes.hessian.curvature import MOST_EIGENVALUES
from backpropcli.modes.hessian.matrix import Hessian
from backpropcli.modes.hessian.result import Hessians
from backpropcli.modes.hvp import MOST_WHOLE
from backpropcli.modes.pattern import interactions
from backpropcli.report.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.language.program import Program
    from backpropcli.modes.elements import WrittenOut
    from backpropcli.modes.matrices import Columns
    from backpropcli.report.report import Report

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
        found = numbers.run(_by_sweeps, columns=columns)
        found.swept = lambda: numbers.run(_by_sweeps)
    elif has_arrays(program.graph, bindings):
        found = _of_arrays(program, bindings, wrt)
    else:
        found = _by_sweeps(program, bindings, wrt)
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
    found.swept = lambda: in_elements(program, bindings, wrt).run(_by_sweeps)
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


def _by_sweeps(
    program: Program,
    bindings: Mapping[str, float],
    wrt: Sequence[str],
    columns: Columns | None = None,
) -> Hessians:
    """Return the Hessian of each output of a program of numbers.

    ``columns`` gives that of one output by sweeps over whole arrays, where many would be needed.
    """
    lowered, asked = ready(program, bindings, wrt)
    point = report_of(lowered, bindings, asked, ones(lowered))
    each = []
    for title, output in zip(program.titles(), lowered.outputs, strict=True):
        seeds = {output: 1.0}
        here = point if point.seeds == seeds else report_of(lowered, bindings, asked, seeds)
        each.append(_one(here, title, output, columns))
    found = Hessians(point, each)
    found.sweeping = columns if not each[-1].reports else None
    return found


def _one(point: Report, title: str, output: int, columns: Columns | None) -> Hessian:
    from backpropcli.report.felt.book import is_smooth

    lowered, names, nodes = point.lowered, [*point.wrt], [*point.wrt.values()]
    pattern = interactions(lowered.graph, output, nodes)
    ruled = any(row.own and len(row.rules) > 2 for row in lowered.graph.table.values())  # noqa: PLR2004 (a body too)
    found = colour_columns(pattern, len(nodes)) if ruled else star_colouring(pattern)
    # A variable in no entry that can differ from 0 goes along, so that its zeros are proved too.
    colours = [max(colour, 0) for colour in found]
    shared = Linearized(lowered, nodes)
    shared.smooth = is_smooth(point, shared)
    many = max(colours, default=0) >= MOST_EIGENVALUES
    if columns is not None and many and shared.smooth and not ruled:
        rows = columns.entries(pattern)
        if rows is not None:
            return Hessian(title, point, names, pattern, lambda _: rows)
    return _swept(point, title, output, pattern, shared, colours, ruled=ruled)


def _swept(  # noqa: PLR0913 (what sweeps go by)
    point: Report,
    title: str,
    output: int,
    pattern: list[list[int]],
    shared: Linearized,
    colours: list[int],
    *,
    ruled: bool,
) -> Hessian:
    """Return a Hessian by sweeps along the sums of the variables of each colour."""
    bindings, asked = point.bindings, point.wrt
    nodes = list(asked.values())
    while True:
        along: list[list[str]] = [[] for _ in range(max(colours, default=-1) + 1)]
        for name, colour in zip(asked, colours, strict=True):
            along[colour].append(name)
        reports = []
        for names_along in along:  # each in a graph of its own: many together would all be run
            direction = {asked[name]: 1.0 for name in names_along}
            reports.append(directional(shared, output, direction, bindings, asked))
        if len(along) == len(nodes) or not _is_split(point, reports):
            break
        colours = list(range(len(nodes)))

    def spread(compressed: list[list[Any]]) -> list[dict[int, Any]]:
        # The rules of a function of two arguments need not be the derivatives of anything.
        if ruled:
            return recover(pattern, colours, compressed)
        rows = recover_symmetric(pattern, colours, compressed)
        if len(along) == len(nodes):  # each variable has a sweep of its own
            for row, entries in enumerate(rows):
                for column, one in entries.items():
                    ways = compressed[colours[row]][column], compressed[colours[column]][row]
                    wrong = (way for way in ways if way is not None and way - way != 0)
                    entries[column] = next(wrong, one)
        return rows

    return Hessian(title, point, [*asked], pattern, spread, along, reports)


def _is_split(point: Report, reports: list[Report]) -> bool:
    """Say whether each variable needs a sweep of its own.

    What is not finite would hide what it is added to, and at a kink the verdict is on each entry.
    """
    if any(report.causes for report in reports):
        return True
    return len(point.wrt) <= MOST_WHOLE and any(one.kinks for one in (point, *reports))
