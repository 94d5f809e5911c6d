"""Derivatives in LaTeX: each as a formula, or the chain rule node by node.

What a formula would write out over and over has a line and a symbol of its own, as in the text.
"""

from __future__ import annotations

from itertools import compress

from backpropcli.arithmetics.tidy.gaps import (
    DISTINCT,
    NONZERO,
    NOT_NEGATIVE,
    RANGE,
    TRUE,
    VALUE,
    ZERO,
)
from backpropcli.language.names import Names
from backpropcli.language.unparse import named
from backpropcli.modes.formula.chain import chain_rule
from backpropcli.render.latex.formulas import Writer
from backpropcli.render.latex.symbols import ANY, COMPARED, looks, slope, symbols

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from backpropcli.arithmetics.tidy.gaps import Loss
    from backpropcli.graph.graph import Graph
    from backpropcli.modes.formula.chain import Link
    from backpropcli.modes.formula.formulas import Formulas

DEMANDS = {NONZERO: r" \ne 0", NOT_NEGATIVE: r" \ge 0", VALUE: r"\text{ has a value}", TRUE: ""}
DEMANDS |= {ZERO: DEMANDS[NONZERO], RANGE: r"\text{ is in range}"}
DEMANDS[DISTINCT] = r"\text{ has no equal elements}"
LONG = 6
"""Operations of a formula that is too long to stand in another, or in brackets behind each d/dx."""


def derivatives(found: Formulas) -> str:
    """Return every derivative as a formula, after the intermediates that are in them."""
    graph, heads = found.graph, found.heads()
    bare = heads[0] == ""
    if bare and _lengths(graph, found.names)[found.outputs[0]] > LONG:
        heads, bare = [found.unused().fresh("L")], False
    outputs = {} if bare else dict(zip(heads, found.outputs, strict=True))
    outputs = {head: node for head, node in outputs.items() if head not in found.program.names}
    names = _named(found, outputs)
    if bare:
        reached = graph.ancestors(found.outputs)
        names |= {name: node for name, node in found.names.items() if reached[node]}
    given = symbols([*graph.variables(), *found.wrt, *filter(None, heads), *names])
    writer = Writer(graph, looks(given), found.shape)
    writer.leaves(given)
    inner = Writer(graph, writer.looks, found.shape)
    named = {node: given[name] for name, node in found.names.items() if bare and name in given}
    inner.short = writer.short | named
    single = len({*graph.variables(), *found.wrt}) == 1
    lines = []
    for name, node in sorted(names.items(), key=lambda item: item[1]):
        if graph.operations[node] != "variable" or name in outputs:
            lines.append(f"{given[name]} &= {writer.known(node)}")
            if graph.inputs[node] or name not in outputs:
                writer.short[node] = given[name]
    tail = rf"\left[{inner.write(found.outputs[0])}\right]" if bare else ""
    for head, row, gaps in zip(heads, found.slopes, found.gaps, strict=True):
        for name, node, lost in zip(found.wrt, row, gaps, strict=True):
            left = slope(given[head] if head else "", given[name], single=single)
            lines.append(f"{left}{tail} &= {writer.known(node)}{_where(writer, lost)}")
    if len(lines) == 1:
        return lines[0].replace(" &= ", " = ", 1)
    return aligned(lines)


def _where(writer: Writer, lost: Sequence[Loss]) -> str:
    """Return where a formula holds, as what stands behind it; "" for everywhere."""
    told = [
        writer.write(node, COMPARED if DEMANDS[kind] else ANY) + DEMANDS[kind]
        for kind, node in lost
    ]
    return r" \quad \text{where } " + r",\ ".join(told) if told else ""


def _named(found: Formulas, outputs: dict[str, int]) -> dict[str, int]:
    """Return the nodes that get a line of their own: ``outputs``, and those that the text names.

    In the text a derivative that is a part of others has a name too; here it has one if it is long.
    """
    graph, titled = found.graph, found.titled()
    names = named(graph, titled | outputs, found.names)
    names = {name: node for name, node in names.items() if name not in titled}
    slopes = [node for row in found.slopes for node in row]
    uses = dict.fromkeys(slopes, -1)
    for inputs in [slopes, *compress(graph.inputs, graph.ancestors(slopes))]:
        for child in inputs:
            if child in uses:
                uses[child] += 1
    joint = {node for node, times in uses.items() if times > 0} - {*names.values()}
    lengths = _lengths(graph, names, joint)
    taken = {*graph.variables(), *found.wrt, *found.heads(), *names}
    fresh = Names(taken)
    return names | {fresh.intermediate(): node for node in sorted(joint) if lengths[node] > LONG}


def _lengths(graph: Graph, names: dict[str, int], joint: Collection[int] = ()) -> list[int]:
    """Return how many operations each node's formula has, up to one more than ``LONG``.

    Those in ``names`` are written by a name in others, and so are those in ``joint`` if they are
    longer than ``LONG``.
    """
    short = set(names.values())
    found: list[int] = []
    for node, inputs in enumerate(graph.inputs):
        parts = [0 if child in short else found[child] for child in inputs]
        found.append(min(sum(parts, 1 if inputs else 0), LONG + 1))
        if node in joint and found[node] > LONG:
            short.add(node)
    return found


def chain(found: Formulas) -> str:
    """Return the chain rule: values, then derivatives, a line each."""
    rule = chain_rule(found)
    graph, nodes = rule.graph, rule.named()
    results = rule.results()
    values = {name for name in nodes if name not in results or name in rule.values}
    given = symbols([*graph.variables(), *found.wrt, *rule.heads, *values])
    links = {link.title: link for link in (*rule.links.values(), *rule.asked)}
    writer = Writer(graph, looks(given), rule.shape)
    writer.leaves(given)
    lines = []
    for name, node in nodes.items():
        sides = [writer.known(node)]
        head = given.get(name, "") if name in values else ""
        if not head:
            link = links[name]
            of, by = given[link.of], given[link.by]
            head = slope(of, by)
            own = link.itself or rule.shape is not None  # a product of arrays is no chain rule
            ways = [] if own else [_way(link, given, user) for user in link.through]
            sides = [" + ".join(ways), *sides] if ways else sides
        lines.append(f"{head} &= {' = '.join(sides)}")
        if graph.inputs[node]:
            writer.short.setdefault(node, head)
    return aligned(lines)


def _way(link: Link, given: dict[str, str], user: str) -> str:
    """Return what one way gives: the derivative by its user, times the user's own."""
    of, by = given[link.of], given[link.by]
    if user == link.of:
        return rf"\left.{slope(of, by)}\right|_{{\text{{directly}}}}"
    return rf"{slope(of, given[user])}\,{slope(given[user], by)}"


def aligned(lines: list[str]) -> str:
    """Return ``lines`` as one aligned display."""
    return "\n".join([r"\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}"])
