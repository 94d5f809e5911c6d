"""Derivatives in LaTeX: each as a formula, or the chain rule node by node."""

from __future__ import annotations

from backpropcli.formula import chain_rule
from backpropcli.render.latex.formulas import Writer, latex
from backpropcli.render.latex.symbols import symbols

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.formula import Formulas


def slope(of: str, by: str) -> str:
    """Return the derivative of one symbol by another."""
    return rf"\frac{{\partial{of and ' ' + of}}}{{\partial {by}}}"


def derivatives(found: Formulas) -> str:
    """Return every derivative as a formula, after the user's intermediates that are in them.

    Raises BackpropError for a formula that is too long to read.
    """
    graph, program, names = found.graph, found.program, found.names
    given = symbols([*graph.variables(), *found.wrt, *program.names])
    reached = graph.ancestors([node for row in found.slopes for node in row])
    lines = [
        f"{given[name]} &= {latex(graph, node, names)}"
        for name, node in sorted(names.items(), key=lambda item: item[1])
        if reached[node] and graph.inputs[node]
    ]
    for output, row in zip(program.outputs, found.slopes, strict=True):
        spelled = program.spelled.get(output)
        for name, node in zip(found.wrt, row, strict=True):
            if spelled:
                head = slope(given[spelled[-1]], given[name])
            else:
                inner = latex(program.graph, output, program.names)
                head = rf"{slope('', given[name])}\left[{inner}\right]"
            shown = next((given[n] for n, at in names.items() if at == node), "")
            lines.append(f"{head} &= {shown or latex(graph, node, names)}")
    if len(lines) == 1:
        return lines[0].replace(" &= ", " = ", 1)
    return aligned(lines)


def chain(found: Formulas, row: int) -> str:
    """Return the chain rule for output number ``row``: values, then derivatives, a line each."""
    links = chain_rule(found, row)
    graph, names = found.graph, links.names
    given = symbols([*graph.variables(), *found.wrt, *names])
    writer = Writer(graph, given.values())
    for number in graph.leaves:
        writer.leaf(number, given)
    lines = []
    for name, node in sorted(names.items(), key=lambda item: item[1]):
        if graph.inputs[node]:
            lines.append(f"{given[name]} &= {writer.short.get(node) or writer.write(node)}")
            writer.short[node] = given[name]
    for link in links.links:
        head = slope(given[link.of], given[link.by])
        sides = [
            " + ".join(
                rf"{slope(given[link.of], given[user])}\,{slope(given[user], given[link.by])}"
                for user in link.through
            ),
            writer.short.get(link.node) or writer.write(link.node),
        ]
        lines.append(f"{head} &= {' = '.join(side for side in sides if side)}")
        if graph.inputs[link.node]:
            writer.short.setdefault(link.node, head)
    return aligned(lines)


def aligned(lines: list[str]) -> str:
    """Return ``lines`` as one aligned display."""
    return "\n".join([r"\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}"])
