"""Jacobians and Hessians as matrices; what is 0 whatever the point is shown as a dot."""

from __future__ import annotations

from backpropcli.errors import columns, visible
from backpropcli.render.lines import aligned, number, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.modes.hessian import Hessian
    from backpropcli.modes.jacobian import Jacobian
    from backpropcli.render.lines import Line, Options

NONE, SOME = "·", "×"


def jacobian_lines(found: Jacobian, options: Options) -> list[Line]:
    """Return the matrix, its pattern where the matrix is too wide, and which mode was taken."""
    names = [visible(name) for name in found.wrt]
    heads = [
        f"{visible(title)} = {number(value, options.digits)}"
        for title, value in zip(found.outputs, found.values, strict=True)
    ]
    lines = _matrix(heads, names, found.matrix, found.pattern, options)
    return [*lines, [], *wrapped([("note", _reason(found))], options.width)]


def _reason(found: Jacobian) -> str:
    """Say which mode was taken, and why."""
    other = "forward" if found.mode == "reverse" else "reverse"
    mine, its = found.sweeps[found.mode], found.sweeps[other]
    plural = "" if mine == 1 else "s"
    asked = ", as asked" if found.forced else ""
    text = f"{found.mode} mode{asked}: {mine} sweep{plural}"
    text += f", where {other} mode takes {its}" if its != mine else f", as many as {other} mode"
    rows, width = len(found.outputs), len(found.wrt)
    filled = sum(map(len, found.pattern))
    if filled < rows * width:
        text += f"; {filled} of {rows * width} entries can differ from 0"
    return text


def hessian_lines(found: Hessian, options: Options) -> list[Line]:
    """Return the matrix, its eigenvalues, and what kind of point it is."""
    names = [visible(name) for name in found.wrt]
    report, curvature = found.point, found.curvature
    title = f"{visible(found.title)} = {number(report.value, options.digits)}"
    gradient = [number(slope, options.digits) for slope in report.gradient.values()]
    lines: list[Line] = [[("heading", title)]]
    lines += _matrix(names, names, found.matrix, found.pattern, options)
    if not names:
        return lines
    lines.append([])
    lines += wrapped([("note", "gradient     "), ("gradient", " ".join(gradient))], options.width)
    if curvature.eigenvalues:
        values = " ".join(number(value, options.digits) for value in curvature.eigenvalues)
        lines += wrapped([("note", "eigenvalues  "), ("value", values)], options.width)
    if curvature.definite and curvature.definite != "unknown":
        lines += wrapped([("", f"{curvature.definite}; {curvature.kind}")], options.width)
    elif curvature.kind:
        lines += wrapped([("", curvature.kind)], options.width)
    lines += _whole(names, found.whole(), options)
    plural = "" if found.sweeps == 1 else "s"
    size = len(names) ** 2
    filled = sum(map(len, found.pattern))
    text = f"{found.sweeps} Hessian-vector product{plural}"
    if filled < size:
        text += f"; {filled} of {size} entries can differ from 0"
    lines += wrapped([("note", text)], options.width)
    return lines


def _whole(names: list[str], whole: list[list[float | None]], options: Options) -> list[Line]:
    """Return the second derivatives that the whole has, where kinks or gaps are met."""
    if not whole:
        return []
    pattern = [[at for at, entry in enumerate(row) if entry is not None] for row in whole]
    if not any(pattern):
        return [[("note", "whole: no second derivative is shown")]]
    filled = [[entry if entry is not None else 0.0 for entry in row] for row in whole]
    head: Line = [("note", "whole: the second derivatives of the whole expression")]
    return [head, *_matrix(names, names, filled, pattern, options)]


def _matrix(
    heads: list[str],
    names: list[str],
    matrix: list[list[float]],
    pattern: list[list[int]],
    options: Options,
) -> list[Line]:
    """Return a matrix with names for its rows and columns, in the shape that fits the screen."""
    if not names:
        return [[("note", "nothing to differentiate by: it has no variables")]]
    full = [set(row) for row in pattern]
    if len(heads) * len(names) <= options.max_nodes:
        rows = [
            [
                ("label", head),
                *(
                    ("gradient", number(value, options.digits))
                    if column in full[row]
                    else ("note", NONE)
                    for column, value in enumerate(matrix[row])
                ),
            ]
            for row, head in enumerate(heads)
        ]
        lines = aligned(rows, ["", *names], 1)
        if max(sum(columns(text) for _, text in line) for line in lines) <= options.width:
            return lines
    signs = _pattern(heads, names, full, options)
    return [*signs, [], *_entries(heads, names, matrix, pattern, options)]


def _pattern(
    heads: list[str], names: list[str], full: list[set[int]], options: Options
) -> list[Line]:
    """Return one sign an entry: whether it can differ from 0."""
    if len(names) > options.width or len(heads) > options.max_nodes:
        note = f"the pattern of {len(heads)} by {len(names)} is too wide to show; --json has it"
        return [[("note", note)]]
    signs = {True: ("gradient", SOME), False: ("note", NONE)}
    return [[signs[column in row] for column in range(len(names))] for row in full]


def _entries(
    heads: list[str],
    names: list[str],
    matrix: list[list[float]],
    pattern: list[list[int]],
    options: Options,
) -> list[Line]:
    """Return the entries that can differ from 0, below the name of their row."""
    lines: list[Line] = []
    room = options.max_nodes
    for head, row, columns_of in zip(heads, matrix, pattern, strict=True):
        shown = columns_of[: max(room, 0)]
        room -= len(columns_of)
        if shown:
            lines += wrapped([("label", head)], options.width)
            cells: Line = [("", " ")]
            for column in shown:
                cells.append(("label", f" {names[column]}="))
                cells.append(("gradient", number(row[column], options.digits)))
            lines += wrapped(cells, options.width)
    if room < 0:
        lines.append([("note", f"… {-room:,} more; --max-nodes shows more, --json has all")])
    return lines
