"""Derivatives as text of the language, and as JSON."""

from __future__ import annotations

from backpropcli import __version__
from backpropcli.formula import chain_rule
from backpropcli.render import json
from backpropcli.unparse import statements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.formula import Formulas


def program_text(found: Formulas) -> list[str]:
    """Return the statements of a program whose outputs are the derivatives."""
    outputs = found.outputs()
    if len(outputs) == 1:
        outputs = {"": found.slopes[0][0]}
    return statements(found.graph, outputs, found.names)


def chain_text(found: Formulas, row: int) -> list[str]:
    """Return the chain rule for output number ``row``: a program, a line a derivative."""
    chain = chain_rule(found, row)
    links = {link.title: link for link in chain.links}
    output = found.program.outputs[row]
    shown = {name: node for name, node in chain.names.items() if node == output}
    outputs = shown | {title: link.node for title, link in links.items()}
    lines = statements(found.graph, outputs, chain.names)
    told: list[str] = []
    lines = sorted(lines[:-1], key=lambda line: line.partition(" = ")[0] in links)
    for line in lines:
        link = links.get(line.partition(" = ")[0])
        ways = (
            []
            if link is None
            else [f"{over}*d{use}_d{link.by}" for use, over in link.through.items()]
        )
        told.append(f"{line}  # {' + '.join(ways)}" if ways else line)
    titles = {link.by: link.title for link in chain.links}
    asked = [titles[name] for name in found.wrt if name in titles]
    return [*told, f"outputs: {', '.join(asked)}"]


def entries(found: Formulas) -> list[list[str]]:
    """Return each derivative as a program of its own, on one line."""
    return [
        ["; ".join(statements(found.graph, {"": node}, found.names)) for node in row]
        for row in found.slopes
    ]


def document(found: Formulas, extra: dict[str, object], *, one_line: bool = False) -> str:
    """Return the JSON document: the derivatives, and the keys ``extra``."""
    program = found.program
    head: dict[str, object] = {
        "schema": json.SCHEMA.format("formula"),
        "version": __version__,
        "expression": program.source,
        "outputs": [program.title(output) for output in program.outputs],
        "variables": list(found.wrt),
        "formula": entries(found),
        "program": "; ".join(program_text(found)),
        **extra,
    }
    gap, end = (" ", "}\n") if one_line else ("\n  ", "\n}\n")
    body = f",{gap}".join(f"{json.string(k)}: {json.plain(v)}" for k, v in head.items())
    return "{" + gap.removeprefix(" ") + body + end
