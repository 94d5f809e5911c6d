"""The chain rule written out, node by node: reverse mode by hand."""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.language.unparse import named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.language.names import Names
    from backpropcli.modes.formula.formulas import Formulas


class Link:
    """One derivative of the chain rule: that of an output by one node.

    ``title`` is a name for it, ``by`` the node's name and ``of`` the output's; ``through`` has the
    names of the nodes that use the node, and for each of them the name of its own derivative.
    """

    __slots__ = ("by", "node", "of", "through", "title")

    def __init__(self, title: str, of: str, by: str, node: int) -> None:
        self.title = title
        self.of = of
        self.by = by
        self.node = node
        self.through: dict[str, str] = {}

    @property
    def itself(self) -> bool:
        """Whether its one way is the output's own use of the node: the chain rule says nothing."""
        return [*self.through] == [self.of]


class Chain:
    """The chain rule written out, for the outputs ``heads``, as nodes of ``graph``.

    ``values`` are the nodes on the way by name, and ``links`` the derivatives by them, by title;
    ``asked`` are those that were asked for, output by output: links, but for what is 0.
    """

    def __init__(
        self,
        found: Formulas,
        heads: list[str],
        values: dict[str, int],
        links: dict[str, Link],
        asked: list[Link],
    ) -> None:
        every = [*links.values(), *asked]
        titles: dict[int, str] = {}
        for link in every:
            titles.setdefault(link.node, link.title)
        roots, named = [link.node for link in every], {*values.values()}
        tidy = found.tidied(roots, named, titles)
        self.graph = tidy.graph
        self.shape = found.shape_on(tidy.graph)
        for link, place in zip(every, tidy.places, strict=True):
            link.node = place
        self.heads = heads
        self.values = values
        self.links = links
        self.asked = asked

    def results(self) -> dict[str, int]:
        """Return the nodes of the outputs and of all derivatives, by name."""
        links = {link.title: link.node for link in (*self.links.values(), *self.asked)}
        return {head: self.values[head] for head in self.heads} | links

    def named(self) -> dict[str, int]:
        """Return all nodes that have a name in the text, z1, z2, ... included.

        The values come first, and then the links from the outputs down; but each comes after what
        its text needs.
        """
        graph, results = self.graph, self.results()
        nodes = named(graph, results, self.values)
        first: dict[int, str] = {}
        for name, node in nodes.items():
            first.setdefault(node, name)
        told: dict[str, int] = {}
        seen = bytearray(len(graph))
        for name in dict.fromkeys([*filter(self.values.__contains__, nodes), *results]):
            stack = [nodes[name]]
            while stack:
                node = stack.pop()
                if seen[node] == 0:
                    seen[node] = 1
                    stack += [node, *reversed(graph.inputs[node])]
                elif seen[node] == 1:
                    seen[node] = 2
                    if node in first and graph.inputs[node]:
                        told[first[node]] = node
            told[name] = nodes[name]
        return told


def chain_rule(found: Formulas, rows: Sequence[int] = ()) -> Chain:
    """Return the chain rule for the outputs number ``rows``, all if there are none.

    Raises BackpropError where one is a vector.
    """
    if any(found.raw.seeds):
        raise BackpropError(
            "the chain rule node by node is that of a number",
            "write the sum of the output, or leave --nodes out",
        )
    graph, outputs, names = found.function, found.outputs, found.unused()
    heads = {row: head or names.fresh("L") for row, head in enumerate(found.heads())}
    heads = {row: heads[row] for row in rows or heads}
    values = found.names | {head: outputs[row] for row, head in heads.items()}
    names.taken |= values.keys()
    given = {node: name for name, node in found.wrt.items()}
    own = {node: name for name, node in values.items()}
    called: dict[int, str] = {}
    for node, below in enumerate(graph.ancestors([outputs[row] for row in heads])):
        if below and (node in given or (graph.inputs[node] and not graph.literal(node))):
            called[node] = given.get(node) or own.get(node) or names.intermediate()
            if called[node] not in found.wrt:
                values[called[node]] = node
    links: dict[str, Link] = {}
    asked: list[Link] = []
    for row, head in heads.items():
        ours = _links(found, row, head, called, names)
        links |= {link.title: link for link in ours.values()}
        for name, node in found.wrt.items():
            link = ours.get(node)
            if link is None or link.by != name:
                slope = found.adjoint(row, node)
                link = Link(names.fresh(f"d{head}_d{name}"), head, name, slope)
            asked.append(link)
    return Chain(found, list(heads.values()), values, links, asked)


def _links(
    found: Formulas, row: int, head: str, called: dict[int, str], names: Names
) -> dict[int, Link]:
    """Return the chain rule of one output: a link for each node that it moves with."""
    graph, adjoints = found.function, found.raw.adjoints[row]
    links = {
        node: Link(names.fresh(f"d{head}_d{name}"), head, name, adjoints[node])
        for node in sorted(adjoints, reverse=True)
        if (name := called[node])
    }
    for user in sorted(node for node in adjoints if graph.inputs[node]):
        for index, child in enumerate(graph.inputs[user]):
            if child in links and graph.row(user).live(index):
                links[child].through[called[user]] = links[user].title
    return links
