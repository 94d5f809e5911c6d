"""Jacobians and Hessians, and what is said of them."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.layout.lines import wrapped
from backpropcli.render.layout.matrix import UNKNOWN, ZERO, Matrix, headed
from backpropcli.render.layout.numbers import pointed
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.modes.hessian.curvature import Curvature
    from backpropcli.modes.hessian.matrix import Hessian
    from backpropcli.modes.jacobian import Jacobian
    from backpropcli.render.layout.lines import Line, Options, Part
    from backpropcli.report.whole.sides import Told

DEFINITE = {
    "unknown": "",
    "zero": "all second derivatives are 0",
    "undecided": "whether an eigenvalue is 0 is not known",
}
"""What definiteness is called, where that is not the word for it."""
NO_VARIABLES = "there is nothing to differentiate by: the expression has no variables"


def _entries(matrix: list[list[float]], pattern: list[list[int]], digits: int) -> list[list[Part]]:
    """Return numbers, and a dot for what is 0 whatever the point is."""
    return [
        [
            ("gradient", number(value, digits)) if at in here else ZERO
            for at, value in enumerate(row)
        ]
        for row, here in zip(matrix, map(set, pattern), strict=True)
    ]


def jacobian_lines(found: Jacobian, options: Options) -> list[Line]:
    """Return the matrix, and which mode was taken."""
    names = [visible(name) for name in found.variables]
    if not names:
        return wrapped([("note", NO_VARIABLES)], options.width)
    titles = [visible(title) for title in found.outputs]
    values = [number(value, options.digits) for value in found.values]
    entries = _entries(found.matrix, found.pattern, options.digits)
    matrix = Matrix(titles, names, entries, values, ordered=found.ordered, kinked=found.kinked)
    return [*matrix.lines(options), [], *wrapped([("note", _reason(found))], options.width)]


def _reason(found: Jacobian) -> str:
    """Say which mode was taken, and why."""
    other = "forward" if found.mode == "reverse" else "reverse"
    mine, its = found.sweeps[found.mode], found.sweeps[other]
    plural = "" if mine == 1 else "s"
    asked = ", as asked" if found.forced else ""
    text = f"{found.mode} mode{asked}: {mine} sweep{plural}"
    return text + (f"; {other} mode takes {its}" if its != mine else f", as many as {other} mode")


def hessian_lines(
    found: Hessian, options: Options, *, kinked: bool, eigenvectors: bool = False
) -> list[Line]:
    """Return the gradient, the matrix, its eigenvalues, and what kind of point it is."""
    names = [visible(name) for name in found.names]
    report, digits = found.point, options.digits
    value = f" = {number(report.value, digits)}"
    lines = [headed("heading", visible(found.title), value, options.width)]
    if not names:
        return [*lines, *wrapped([("note", NO_VARIABLES)], options.width)]
    slopes: list[Part] = [("gradient", number(slope, digits)) for slope in found.gradient]
    lines += [[], *Matrix(["gradient"], names, [slopes]).lines(options)]
    entries = _entries(found.matrix, found.pattern, digits)
    matrix = Matrix(names, names, entries, corner="Hessian", kinked=kinked)
    lines += [[], *matrix.lines(options)]
    lines += _whole(names, found.whole(), options)
    lines += [[], *_curvature(names, found.curvature, options, eigenvectors=eigenvectors)]
    plural = "" if found.sweeps == 1 else "s"
    effort = f"{found.sweeps} Hessian-vector product{plural}"
    return [*lines, *wrapped([("note", effort)], options.width)]


def _curvature(
    names: list[str], found: Curvature, options: Options, *, eigenvectors: bool
) -> list[Line]:
    """Return the eigenvalues, and the kind of point that they make it."""
    lines: list[Line] = []
    values = [number(value, options.digits) for value in found.eigenvalues]
    if values and eigenvectors:
        vectors = [
            [("gradient", number(part, options.digits)) for part in vector]
            for vector in found.eigenvectors
        ]
        lines += Matrix(pointed(values), names, vectors, corner="eigenvalue").lines(options)
        lines.append([])
    elif values:
        title = f"eigenvalues{' (in doubles)' if options.proved else ''}  "
        line: Line = [("note", title), ("value", ", ".join(values))]
        lines += wrapped(line, options.width)
    definite = DEFINITE.get(found.definite, found.definite)
    said = "; ".join(filter(None, (definite, found.kind)))
    if said:
        lines += wrapped([("", said)], options.width)
    return lines


def _whole(names: list[str], whole: list[list[Told]], options: Options) -> list[Line]:
    """Return the second derivatives that the whole has, where kinks or gaps are met."""
    if not whole:
        return []
    digits = options.digits
    sides: Line = []
    for name, row in zip(names, whole, strict=True):
        for entry in row:
            if isinstance(entry, dict):
                sides += [("", f"{';' if sides else ''} d2/d{name}2 is {told(entry, digits)}")]
    said: Line = [("note", "the whole expression:"), *sides]
    if not any(isinstance(entry, float) for row in whole for entry in row):
        said += [] if sides else [("note", " no second derivative is known")]
        return [[], *wrapped(said, options.width)]
    entries = [
        [("gradient", number(e, digits)) if isinstance(e, float) else UNKNOWN for e in row]
        for row in whole
    ]
    head: Line = [("note", "the whole expression has these second derivatives:")]
    lines = [[], *wrapped(head, options.width), *Matrix(names, names, entries).lines(options)]
    return [*lines, *(wrapped(said, options.width) if sides else [])]


def told(entry: Told, digits: int) -> str:
    """Return a number, or both that there are on either side."""
    if isinstance(entry, dict):
        parts = [_known(number_, digits) + f" on the {side}" for side, number_ in entry.items()]
        return ", ".join(parts)
    return _known(entry, digits)


def _known(entry: float | None, digits: int) -> str:
    return "not known" if entry is None else number(entry, digits)
