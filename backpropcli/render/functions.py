"""The table of operations, for people."""

from __future__ import annotations

from backpropcli.render.lines import pad, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backpropcli.graph.row import Row
    from backpropcli.render.lines import Line


WORDS = {
    "diff": [
        "diff(u, x), diff(u, x, n)",
        "the derivative of u by x, or the n-th one, as an expression",
        "x is a variable or a named intermediate; n is a number from 1 to 20",
    ],
    "def": [
        "def f(x, k) = log(1 + exp(k*x))/k",
        "defines a function; it may call functions that are defined before it",
    ],
    "rule": [
        "rule f(x, k) = sigmoid(k*x), 0",
        "gives a function its derivatives, one for each argument; out is its value",
    ],
    "use": ["use 'file.bp'", "reads a file of definitions, relative to the file that says so"],
    "outputs": ["outputs: L, z", "gives a program several outputs; so does (L, z) at the end"],
}
"""Words of the language that are no operations: how each is written, and what it does."""


def word(name: str) -> list[Line]:
    """Return what is to be known of a word of the language."""
    head, *rest = WORDS[name]
    return [[("label", head)], *([("", f"  {line}")] for line in rest)]


def shown(row: Row) -> str:
    """Return how ``row`` is written: "x + y", "sin(x)"."""
    if row.infix is None:
        return row.signature
    if len(row.parameters) == 1:
        blank = " " if row.infix.isalpha() else ""
        return f"{row.infix}{blank}{row.parameters[0]}"
    return f" {row.infix} ".join(row.parameters)


def overview(rows: Sequence[Row], width: int) -> list[Line]:
    """Return one line an operation: how it is written, and what it is."""
    widest = max(len(shown(row)) for row in rows) + 2
    lines: list[Line] = []
    for row in rows:
        words = row.doc.split()
        line = ""
        first = True
        for word in [*words, ""]:
            if not word or (line and len(line) + 1 + len(word) > width - widest):
                lead = pad(shown(row) if first else "", widest)
                lines.append([("label", lead), ("note", line)])
                first, line = False, word
            else:
                line = f"{line} {word}".strip()
    lines += [[], [("note", f"There are also: {', '.join(WORDS)}.")]]
    lines += [[("note", "'backprop functions NAME' tells a derivative, kinks and aliases")]]
    return lines


def one(row: Row, width: int) -> list[Line]:
    """Return all there is to know of one operation."""
    return [piece for line in _one(row) for piece in wrapped(line, width)]


def _one(row: Row) -> list[Line]:
    lines: list[Line] = [[("heading", shown(row))], [("", f"  {row.doc}")]]
    names = row.parameters[:1] if row.variadic else row.parameters
    cells = zip(names, row.rules, row.in_floats, row.taken, strict=False)
    for name, rule, computed, taken in cells:
        lines.append([("note", f"  d/d{name} = "), ("gradient", rule.text)])
        if taken is not None:
            lines[-1] += [("note", " where "), ("", taken.text), ("note", ", else nothing flows")]
        if computed.text != rule.text:
            lines.append([("note", "    in floats, as "), ("", computed.text)])
    if row.exists:
        lines.append([("note", "  exists where "), ("", row.exists)])
    lines += _kinks(row)
    if row.aliases:
        lines.append([("note", "  also called "), ("", ", ".join(row.aliases))])
    if row.note:
        lines.append([("note", f"  {row.note}")])
    return lines


def _kinks(row: Row) -> Iterator[Line]:
    """Yield a line for each kink: by which input, and the slopes on both sides."""
    for kink in row.kinks:
        if kink.jump:
            yield [("warn", "  kink "), ("", f"where {kink.when.text}: the value jumps")]
            continue
        for name, (left, right) in kink.slopes.items():
            if left.text != right.text:
                what = f"d/d{name} is {left.text} from the left, {right.text} from the right"
                yield [("warn", "  kink "), ("", f"where {kink.when.text}: {what}")]
