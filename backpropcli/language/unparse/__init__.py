"""Graph to text: the inverse of parse.

Nothing here recurses, and the text is linear in the graph: a node that is used twice, or that
stands very deep, gets a statement and a name of its own.
"""

from __future__ import annotations

from backpropcli.language.unparse.definitions import program_text
from backpropcli.language.unparse.library import Library
from backpropcli.language.unparse.writer import WordlessError, Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from backpropcli.graph.graph import Graph


def unparse(graph: Graph, root: int, names: Mapping[str, int] | None = None) -> str:
    """Return the text of the program whose output is node ``root``.

    ``names`` are the user's names for intermediates. Parsing the text gives the same graph, in
    the order of the text; names that shadow a constant have to be given to ``parse`` again.
    """
    return "; ".join(statements(graph, {"": root}, names))


def statements(
    graph: Graph, outputs: Mapping[str, int], names: Mapping[str, int] | None = None
) -> list[str]:
    """Return the statements of the program whose outputs have these names.

    ``names`` are the user's names for intermediates. An output alone can have the name "": it is
    written without one.
    """
    given = names or {}
    roots = list(outputs.values())
    if "" in outputs:
        return program_text(graph, roots, given, {})
    text = program_text(graph, roots, given, outputs)
    return [*text, f"outputs: {', '.join(outputs)}"]


def named(
    graph: Graph, outputs: Mapping[str, int], names: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Return the nodes that have a statement in ``statements``, by name, in their order there.

    That are the outputs, those of the user's names that the text needs, and z1, z2, ...
    """
    roots = list(dict.fromkeys(outputs.values()))
    given = {**(names or {}), **outputs}
    writer = Writer(graph, roots, given, library=Library(graph, roots))
    return {name: node for node in writer.order() for name in writer.spelled.get(node, ())}


def brief(
    graph: Graph, node: int, limit: int, known: Callable[[int], str], taken: Iterable[str] = ()
) -> str:
    """Return the beginning of a node's text for people; "" if the language has no words for it.

    ``known`` says what a node below is called, "" for nothing; ``taken`` are names that stand for
    no constant.
    """
    text = _begun(graph, node, limit, known, taken)
    return text if len(text) <= limit else text[: limit - 2].rstrip() + " …"


def whole(graph: Graph, node: int, limit: int, known: Callable[[int], str]) -> str:
    """Return the same text if it has at most ``limit`` characters; "" if it is longer."""
    text = _begun(graph, node, limit, known, ())
    return text if len(text) <= limit else ""


def _begun(
    graph: Graph, node: int, limit: int, known: Callable[[int], str], taken: Iterable[str]
) -> str:
    """Return a node's text up to the first piece beyond ``limit`` characters."""
    writer = Writer(graph, [], {}, taken=taken)
    writer.short = _Short(writer, known, node)
    writer.worded = True
    text = ""
    try:
        for piece in writer.pieces(node):
            text += piece
            if len(text) > limit:
                return text
    except WordlessError:
        return ""
    return text


class _Short(dict[int, str]):
    """The texts of nodes that are called something, and of leaves, worked out when asked for."""

    def __init__(self, writer: Writer, known: Callable[[int], str], top: int) -> None:
        self.writer = writer
        self.known = known
        self.top = top

    def get(self, number: int, default: str | None = None) -> str | None:  # type: ignore[override]
        if number not in self:
            text = self.known(number) if number != self.top else ""
            if not text and not self.writer.graph.inputs[number]:
                text = self.writer.leaf(number)
            self[number] = text
        return self[number] or default
