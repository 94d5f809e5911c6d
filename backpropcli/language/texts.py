"""The text of a program's nodes: as the user wrote it, shortened, or in the source's words."""

from __future__ import annotations

from backpropcli.language.scanner import uncommented
from backpropcli.language.shortened import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    from backpropcli.graph.graph import Graph

    class Written(Protocol):
        """A graph, the text that it was read from, and where its nodes stand in that."""

        graph: Graph
        source: str
        starts: Sequence[int]
        ends: Sequence[int]

        @property
        def names(self) -> Mapping[str, int]: ...
        def name(self, number: int) -> str: ...
        def has_text(self, number: int) -> bool: ...


ROOM = 60
"""How many characters a text has where nothing else is said."""
LONG = 4
"""A text so many times as long as there is room for is told by its operation alone."""


def text(program: Written, number: int, limit: int) -> str:
    """Return a node as the user wrote it, on one line, with "…" for what is over ``limit``."""
    if not program.has_text(number):
        return _written_out(program, number, limit)
    start, end = program.starts[number], program.ends[number]
    if program.graph.operations[number] == "number" and not program.source[start:end].isascii():
        return f"{program.graph.args[number]:.17g}"  # a raised digit, as in x²
    if end - start > LONG * limit:
        return _outline(program, number, limit)
    return shortened(" ".join(uncommented(program.source[start:end]).split()), limit)


def called(program: Written, number: int) -> str:
    """Return what a node is called in a longer text: its name, or a call as the user wrote it.

    "" if neither stands in the source, so that the node has to be written out.
    """
    if not program.has_text(number) or program.graph.operations[number] == "number":
        return program.name(number)
    found = program.name(number) or text(program, number, ROOM)
    return found if found.isidentifier() or _is_call(found) else ""


def _written_out(program: Written, number: int, limit: int) -> str:
    """Return a node's text in the words that stand in the source."""
    if program.graph.operations[number] == "variable":
        return shortened(str(program.graph.args[number]), limit)
    from backpropcli.language.unparse import brief

    def known(node: int) -> str:
        return called(program, node)

    found = brief(program.graph, number, LONG * limit, known, program.names)
    whole = not found.endswith("…")
    return shortened(found, limit) if whole else _outline(program, number, limit)


def _outline(program: Written, number: int, limit: int) -> str:
    """Return the operation of a node with a long text, and what of its inputs is short."""
    graph = program.graph
    while graph.operations[number] == "name":
        [number] = graph.inputs[number]
    operation, inputs = graph.operations[number], graph.inputs[number]
    row = graph.table.get(operation)
    sign = row.infix if row is not None and row.infix else ""
    shown = [_short(program, child, limit // 2, bare=not sign) for child in inputs[:3]]
    shown += ["…"] * (len(inputs) > len(shown))
    if sign and len(inputs) > 1:
        return (sign if sign in "*/^@" else f" {sign} ").join(shown)
    if sign:
        return f"{sign} {shown[0]}" if sign.isalpha() else sign + shown[0]
    if operation == "array":
        return shortened(f"[{', '.join(shown)}]", limit)
    if end := _postfix(operation, graph.args.get(number)):
        return _short(program, inputs[0], limit // 2, bare=False) + end
    function = graph.args.get(number)
    name = row.shown if row is not None else getattr(function, "name", operation)
    return shortened(f"{name}({', '.join(shown)})", limit)


def _short(program: Written, number: int, limit: int, *, bare: bool) -> str:
    """Return a node's text if it is short, else an ellipsis; in parentheses if not ``bare``."""
    if program.name(number):
        return program.name(number)
    graph = program.graph
    if not program.has_text(number) or program.ends[number] - program.starts[number] > limit:
        row = graph.table.get(graph.operations[number])
        return "…" if row is None or row.infix else f"{row.shown}(…)"
    found = text(program, number, limit)
    leaf = bare or not graph.inputs[number] or _is_call(found)
    return found if leaf else f"({found})"


def _postfix(operation: str, arg: object) -> str:
    """Return what stands behind the input of an operation; "" if nothing does."""
    if operation == "transpose":
        return ".T" if arg == (None,) else ""
    return {"index": "[…]", "mT": ".mT"}.get(operation, "")


def _is_call(text: str) -> bool:
    """Say whether ``text`` is one call, or one array: nothing stands outside but a name before."""
    start = next((place for place, char in enumerate(text) if char in "(["), len(text))
    name, depth = text[:start], 0
    for place, char in enumerate(text[start:], start + 1):
        depth += (char in "([") - (char in ")]")
        if not depth:
            return place == len(text) and (name.isidentifier() or text[:1] == "[")
    return False
