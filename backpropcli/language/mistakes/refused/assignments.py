"""Names that cannot be given a value, or not there."""

from __future__ import annotations

from backpropcli.language.mistakes.slip import Slip
from backpropcli.language.mistakes.source.nearby import NEAR
from backpropcli.language.mistakes.source.place import Place
from backpropcli.language.mistakes.source.text import SHORT, quoted, short, uncommented
from backpropcli.language.scanner import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.errors import SourceError
    from backpropcli.language.builder import Builder

TWICE = Slip(
    "a name assigned twice", "x = 1; x = 2",
    "{called} is assigned twice", "the first is {first}; choose another name here",
    instead="x = 1; x2 = 2",
)  # fmt: skip
GIVEN = Slip(
    "a name that has a value from outside", "x = 3; x*2",
    "{called} is assigned here, and {shown}=... gives it a value too",
    "leave out {shown}=..., or choose another name here",
    instead="x2 = 3; x2*2", given="x",
)  # fmt: skip
CIRCLE = Slip(
    "names that need each other", "a = b; b = a",
    "{called} depends on itself, by way of {between}",
    "give one of the two a value that does not need the other",
    instead="a = 3; b = a",
)  # fmt: skip
BY_ITSELF = Slip(
    "a name defined by itself", "x = x + 1",
    "{called} is defined by itself",
    "choose another name for the new value, as in {shown}2 = {value}",
    instead="x2 = x + 1",
)  # fmt: skip
ARROW = Slip(
    "an assignment with an arrow", "y <- x^2; y + 1",
    "'<-' may be an assignment, or compare with what has a minus",
    "write {shown} = ... to name a value, {shown} < -... to compare",
    instead="y = x^2; y + 1",
)  # fmt: skip
TOO_LATE = Slip(
    "a name used before it is assigned", "y = z*2; z = 3; y",
    "{called} is used before it is assigned", "move {statement} before it",
    instead="z = 3; y = z*2; y",
)  # fmt: skip


def bad_assignment(builder: Builder, name: str, number: int, start: int, end: int) -> SourceError:
    """Return the error for a name that cannot be assigned, or not there."""
    stop = start + len(name)
    names: dict[str, object] = {"called": quoted(name), "shown": short(name)}
    if name in builder.names:
        begin = builder.source.rfind(name, 0, builder.starts[builder.names[name]])
        first = _statement(builder, begin)
        return TWICE.error(builder, start, stop, **names, first=first)
    if name in builder.bound:
        return GIVEN.error(builder, start, stop, **names)
    used = builder.used[name]
    graph = builder.graph
    variable = graph.variables().get(name)
    if variable is None or not graph.ancestors([number])[variable]:
        statement = _statement(builder, start)
        return TOO_LATE.error(builder, used, used + len(name), **names, statement=statement)
    own = used if used > start else _own_use(builder, name, stop, end)
    between = "" if own > start else _between(builder, variable, number)
    if between:
        return CIRCLE.error(builder, start, stop, **names, between=quoted(between))
    value = Place(builder, start, stop).text(builder.source.find("=", stop) + 1, end) or "..."
    at = max(own, start)
    return BY_ITSELF.error(builder, at, at + len(name), **names, value=value)


def assigned_by_arrow(builder: Builder, start: int, arrow: int) -> SourceError:
    """Return the error for y <- x^2, which R reads as an assignment."""
    shown = short(builder.source[start:arrow].strip())
    fixes = ([(arrow, arrow + 2, "=")], [(arrow, arrow + 2, "< -")])
    return ARROW.error(builder, arrow, arrow + 2, fixes, shown=shown)


def _own_use(builder: Builder, name: str, start: int, end: int) -> int:
    """Return where a statement's text itself uses ``name``, or -1."""
    text = uncommented(builder.source[start : min(end, start + NEAR)])
    for kind, first, last in tokens(text):
        if kind == "NAME" and text[first:last] == name:
            return start + first
    return -1


def _statement(builder: Builder, start: int) -> str:
    """Return the text of the statement at ``start``, shortened."""
    text = builder.source[start : start + NEAR].partition("\n")[0]
    text = " ".join(uncommented(text).partition(";")[0].split())
    return text if len(text) <= SHORT else text[: SHORT - 4].rstrip() + " ..."


def _between(builder: Builder, variable: int, number: int) -> str:
    """Return a name that depends on node ``variable``, and node ``number`` on it, if any."""
    graph = builder.graph
    above = bytearray(len(graph))
    above[variable] = 1
    for node, inputs in enumerate(graph.inputs):
        if any(above[child] for child in inputs):
            above[node] = 1
    below = graph.ancestors([number])
    found = [name for name, node in builder.names.items() if above[node] and below[node]]
    return found[-1] if found else ""
