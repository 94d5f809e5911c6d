"""Jacobians and Hessians: as a matrix if it fits the screen, if need be turned, else as a list."""

from __future__ import annotations

from backpropcli.errors import columns, visible
from backpropcli.language.shortened import shortened
from backpropcli.render.layout.lines import SHORTEST, aligned, pad, width, wrapped
from backpropcli.render.layout.numbers import pointed
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.modes.hessian.curvature import Curvature
    from backpropcli.modes.hessian.matrix import Hessian
    from backpropcli.modes.jacobian import Jacobian
    from backpropcli.render.layout.lines import Line, Options, Part
    from backpropcli.report.whole.sides import Told

ZERO: Part = ("note", "·")
UNKNOWN: Part = ("note", "?")
LABELS = (1_000, 24)
"""How long the labels of outputs may be: the first of these with which a matrix fits is taken."""
GAP = 3
"""Blanks between the entries in a list."""
DEFINITE = {
    "unknown": "",
    "zero": "all second derivatives are 0",
    "undecided": "whether an eigenvalue is 0 is not known",
}
"""What definiteness is called, where that is not the word for it."""
NO_VARIABLES = "there is nothing to differentiate by: the expression has no variables"


class Matrix:
    """What is shown: a label for each row and column, and the entries row by row.

    With ``ordered`` zeros hold for one order of elements, with ``kinked`` where there is no kink
    or step.
    ``values`` are those of the rows, if they are outputs: beside their labels, or below them where
    the matrix is turned. ``corner`` is what the matrix is called.
    """

    def __init__(  # noqa: PLR0913 (a picture has this many parts)
        self,
        rows: list[str],
        names: list[str],
        entries: list[list[Part]],
        values: list[str] | None = None,
        corner: str = "",
        *,
        ordered: bool = False,
        kinked: bool = False,
    ) -> None:
        self.rows = rows
        self.names = names
        self.entries = entries
        self.values = values
        self.corner = corner
        self.zero = "0 at every point"
        if ordered or kinked:
            self.zero = f"0 {'with this order of elements' if ordered else 'wherever it exists'}"

    def lines(self, options: Options) -> list[Line]:
        """Return the matrix in the first shape that fits, and what its signs mean."""
        if len(self.rows) * len(self.names) <= options.max_nodes:
            for limit in LABELS if self.values else LABELS[:1]:
                heads = [shortened(head, limit) for head in self.rows]
                if len({*heads}) < len({*self.rows}):
                    break
                for lines in (self._straight(heads), self._turned(heads)):
                    if all(width(line) <= options.width for line in lines):
                        return [*lines, *self._legend(options.width)]
        return self._list(options)

    def _straight(self, heads: list[str]) -> list[Line]:
        """Return a row for each of the rows."""
        if self.values:
            heads = [f"{head} = {value}" for head, value in zip(heads, self.values, strict=True)]
        rows = [[("label", head), *row] for head, row in zip(heads, self.entries, strict=True)]
        return aligned(rows, [self.corner, *self.names], 1)

    def _turned(self, heads: list[str]) -> list[Line]:
        """Return a row for each of the columns."""
        across = zip(*self.entries, strict=True)
        rows = [[("label", name), *row] for name, row in zip(self.names, across, strict=True)]
        lines = aligned(rows, [self.corner, *heads], 1)
        if not self.values:
            return lines
        values: list[Part] = [("label", ""), *[("value", f"= {value}") for value in self.values]]
        return aligned([values, *rows], ["", *heads], 1)

    def _list(self, options: Options) -> list[Line]:
        """Return the entries that can differ from 0, below the label of their row."""
        lines: list[Line] = [[("heading", self.corner)]] if self.corner else []
        room = options.max_nodes
        values = [f" = {value}" for value in self.values or []] or [""] * len(self.rows)
        for head, value, row in zip(self.rows, values, self.entries, strict=True):
            pairs = [
                (name, entry)
                for name, entry in zip(self.names, row, strict=True)
                if entry is not ZERO
            ]
            shown = pairs[: max(room, 0)]
            room -= len(pairs)
            if shown:
                lines.append(_head("label", head, value, options.width))
                lines += _grid(shown, options.width)
        if room < 0:
            more = f"… {-room:,} more; --max-nodes shows more, --json has all"
            return [*lines, *wrapped([("note", more)], options.width)]
        if any(entry is ZERO for row in self.entries for entry in row):
            lines += wrapped([("note", f"what is not listed is {self.zero}")], options.width)
        return lines

    def _legend(self, width: int) -> list[Line]:
        """Return what the signs in the matrix mean, if there are any."""
        signs = {entry for row in self.entries for entry in row if entry in (ZERO, UNKNOWN)}
        meaning = {ZERO: f"· is {self.zero}", UNKNOWN: "? is not known"}
        said = [text for sign, text in meaning.items() if sign in signs]
        return wrapped([("note", "; ".join(said))], width) if said else []


def _head(role: str, text: str, value: str, width: int) -> Line:
    """Return an expression and its value on one line."""
    return [(role, shortened(text, max(width - len(value), SHORTEST))), ("value", value)]


def _grid(pairs: list[tuple[str, Part]], width: int) -> list[Line]:
    """Return names with their numbers, as many beside each other as there is room for."""
    numbers = pointed([text for _, (_, text) in pairs])
    longest = max(map(columns, numbers))
    most = max(width - longest - 4, SHORTEST)
    names = [shortened(name, most) for name, _ in pairs]
    widest = max(map(columns, names))
    across = max(1, (width - 2 + GAP) // (widest + 2 + longest + GAP))
    lines: list[Line] = []
    for at, (name, text) in enumerate(zip(names, numbers, strict=True)):
        if at % across == 0:
            lines.append([])
        lead = " " * (GAP if at % across else 2)
        cell = f"  {' ' * (longest - columns(text))}{text}"
        lines[-1] += [("label", lead + pad(name, widest)), (pairs[at][1][0], cell)]
    return lines


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
    lines = [_head("heading", visible(found.title), value, options.width)]
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
