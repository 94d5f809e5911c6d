"""Local derivatives of operations on arrays as text: formulas, rules, and what they pass on."""

from __future__ import annotations

from backpropcli.language.unparse.writer import Writer
from backpropcli.report.elements import closed
from backpropcli.report.local.elements import GIVEN
from backpropcli.report.local.partials import local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.report.flow.flow import Edge
    from backpropcli.report.local.local import Local
    from backpropcli.report.view import View

LONGEST_NAME = 16
"""Columns of what a node without a name is called in a rule."""


def formula(found: Local, called: Callable[[int], str], given: str = GIVEN) -> str:
    """Return a local derivative, or what a rule passes on, as text.

    ``called`` says what a node is called, and ``given`` is the adjoint of the operation's value.
    """
    graph = found.graph
    writer = Writer(graph, [], {})
    for node, inputs in enumerate(graph.inputs):
        if graph.operations[node] == "variable":
            name = str(graph.args[node])
            text = given if found.rule and name == GIVEN else called(found.leaves[name])
            writer.short[node] = text if closed(text) or text == given else f"({text})"
        elif not inputs and not graph.table.get(graph.operations[node]):
            writer.short[node] = writer.leaf(node)
    text = writer.spaced(found.root)
    text = text.replace(".T.T", "")
    return f"{text} for each element" if found.rule and found.spreads else text


def passes(
    found: Local, called: Callable[[int], str], given: str = GIVEN, *, back: bool = True
) -> str:
    """Return what goes along an edge, as text: a rule, or ``given`` times the local derivative.

    What goes ``back`` to an input that was spread is summed.
    """
    text = formula(found, called, given)
    if found.rule:
        return text
    graph, root = found.graph, found.root
    if text == "1":
        text = given
    elif graph.operations[root] == "neg" or text.startswith("-"):
        text = f"-{given}" if text == "-1" else f"{given} * ({text})"
    else:
        loose = graph.operations[root] in {"add", "sub", "lt", "le", "gt", "ge", "eq", "ne"}
        text = f"{given} * ({text})" if loose else f"{given} * {text}"
    if found.over is None or not back:
        return text
    return f"sum({text}{axes_of(found)})"


def axes_of(found: Local) -> str:
    """Return the axes over which what goes along an edge is summed: ", axis=0"; "" for all."""
    if not found.over:
        return ""
    axes = found.over[0] if len(found.over) == 1 else found.over
    return f", axis={axes}{', keepdims=True' if found.keeps else ''}"


def rule(shown: View, user: int | None, edge: Edge) -> tuple[str, str] | None:
    """Return the rule of an operation on whole arrays along an edge, and its shapes."""
    if user is None or user in shown.calls or user in shown.closed or edge.flow:
        return None
    if not shown.row(user).whole:
        return None
    found = local(shown, user, edge)
    if found is None:
        return None

    def called(node: int) -> str:
        name = shown.names[node] or shown.text(node, LONGEST_NAME)
        return name if closed(name) else f"({name})"

    return formula(found, called), found.shapes
