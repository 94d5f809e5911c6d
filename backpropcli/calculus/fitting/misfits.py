"""What does not fit, in words: why, where its parts are from, and what would fit."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.sizes import text
from backpropcli.calculus.fitting.mends import mended, resized
from backpropcli.calculus.fitting.shapes import called
from backpropcli.errors import SourceError
from backpropcli.language.builder.literals import SPELLED
from backpropcli.language.scanner import CLOSING, OPENING, solid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.calculus.node_shapes import Given, Misfit

MOST_MENDS = 3
WRITTEN = {"array", "index", "mT"}
"""Helpers of the table that the language has a notation for."""


class ShapeError(SourceError):
    """Shapes that do not fit: ``told`` says which, and ``mends`` are texts that would fit."""

    told = ""
    mends: Sequence[str] = ()


def explained(
    lowered: Lowered,
    misfit: Misfit,
    given: Given,
    origins: Mapping[str, str],
    values: Mapping[str, Any] | None = None,
) -> ShapeError:
    """Return the error: what does not fit and why, where its parts are from, what would fit.

    ``values`` are those of variables that are known.
    """
    program, graph, node, derived = lowered.program, lowered.graph, misfit.node, misfit.derived
    surface = lowered.owners[node]
    if derived:
        said = derived.program.text(derived.number, 40)
    elif graph.inputs[node] and graph.row(node).helper and graph.operations[node] not in WRITTEN:
        said = program.text(surface, 40)
    else:
        said = lowered.text(node, 40)
    inputs = derived.inputs if derived else graph.inputs[node]
    reason = misfit.reason
    for at, child in enumerate(inputs):
        reason = reason.replace(f"{{{at}}}", called(lowered, child))
    rows = [
        (called(lowered, child, 30), text(misfit.known[child]), _origin(lowered, child, origins))
        for child in dict.fromkeys(inputs)
        if not graph.literal(child)
    ]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(2)]
    told = [
        f"  {one.ljust(widths[0])}  {shape.ljust(widths[1])}  {origin}".rstrip()
        for one, shape, origin in rows
    ]
    hint, mends = misfit.hint, list[str]()
    if misfit.shapes:
        mends = list(dict.fromkeys(mended(lowered, misfit, given, values)))[:MOST_MENDS]
        hint = _hint(mends, list(resized(lowered, misfit, given)))
    place = program.starts[surface], program.ends[surface]
    if misfit.about != "" and (not derived or derived.program is program):
        place = _place(program.source, *place, misfit.about)
    message = f"{said} {reason}"
    hint = "\n".join([*told, *filter(None, [hint])])
    error = ShapeError(message, program.source, *place, hint, program.origin)
    error.told = ", ".join(f"{one} is {shape}" for one, shape, _ in rows)
    error.mends = mends
    return error


def _hint(mends: list[str], sizes: list[str]) -> str:
    """Return what would fit, in a sentence."""
    head = f"{', '.join(mends[:-1])} and {mends[-1]}" if len(mends) > 1 else "".join(mends)
    return "; or ".join([*[f"{head} would fit"] * bool(head), *[" or ".join(sizes)] * bool(sizes)])


def _origin(lowered: Lowered, node: int, origins: Mapping[str, str]) -> str:
    """Return where a value is from: a file, the command line, or the line that defines it."""
    graph, program = lowered.graph, lowered.program
    name = str(graph.args.get(node, ""))
    if graph.operations[node] == "variable":
        return f"from {origins[name]}" if name in origins else ""
    if graph.operations[node] != "name" or name not in program.names:
        return ""
    [body] = program.graph.inputs[program.names[name]]
    start = program.starts[body]
    line = program.source.count("\n", 0, max(start, 0)) + 1
    where = f" (line {line})" if "\n" in program.source.strip() else ""
    return f"{name} = {program.text(body, 40)}{where}"


def _place(source: str, start: int, end: int, about: str | int) -> tuple[int, int]:
    """Return where the keyword, or the item of an index, stands in a call; else all of it."""
    inside = source[start:end]
    words = solid(inside)
    depth = 0
    items: list[list[tuple[str, int, int]]] = []
    for word in words:
        depth -= word[0] in CLOSING
        if depth == 1 and word[0] == "COMMA" and items:
            items.append([])
        elif depth >= 1 and items:
            items[-1].append(word)
        if word[0] in OPENING:
            depth += 1
            if depth == 1:
                items = [[]]
    for number, item in enumerate(items):
        names = [inside[item[0][1] : item[0][2]]] if item else []
        is_keyword = names and SPELLED.get(names[0], names[0]) == about
        if item and (is_keyword or number == about) and "..." not in inside:
            return start + item[0][1], start + item[-1][2]
    return start, end
