"""Derivatives as text of the language, and as JSON."""

from __future__ import annotations

from backpropcli.language.unparse import named, statements
from backpropcli.modes.formula.chain import chain_rule
from backpropcli.render import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.modes.formula.formulas import Formulas


def program_text(found: Formulas) -> list[str]:
    """Return the statements of a program whose outputs are the derivatives.

    A comment says where one holds, if that is not wherever it has a value.
    """
    outputs = found.titled()
    if len(outputs) == 1:
        outputs = {"": found.slopes[0][0]}
    names = found.names
    if any(map(any, found.gaps)):  # what has a statement is written by its name
        names = named(found.graph, outputs, names) | names
    told = [texts for row in found.told(names) for texts in row]
    notes = dict(zip(outputs, map(where, told), strict=True))
    for title, about in zip(outputs, found.jacobians(), strict=True):
        notes[title] = about + notes[title].replace("  # ", ", " if about else "  # ")
    lines = statements(found.graph, outputs, found.names)
    if "" in notes:
        return [*lines[:-1], lines[-1] + notes[""]]
    return [line + notes.get(line.partition(" = ")[0], "") for line in lines]


def where(conditions: Sequence[str]) -> str:
    """Return the comment that tells conditions; "" where there are none."""
    return f"  # where {' and '.join(conditions)}" if conditions else ""


def chain_text(found: Formulas, rows: Sequence[int] = ()) -> list[str]:
    """Return the chain rule for the outputs number ``rows``: a program, a line a derivative.

    The chain rule of all outputs if there are no numbers.
    """
    chain = chain_rule(found, rows)
    named = chain.named()
    texts = statements(chain.graph, chain.results(), chain.values)[:-1]
    lines = {text.partition(" = ")[0]: text for text in texts}
    told = [text for head, text in lines.items() if head not in named]  # definitions
    for name in named:
        link = chain.links.get(name)
        if link is None or link.itself:
            told.append(lines[name])
            continue
        if chain.shape is not None:  # a product of arrays is no chain rule
            through = f"  # through {', '.join(link.through)}" if link.through else ""
            told.append(lines[name] + through)
            continue
        ways = [
            "directly" if user == link.of else f"{over}*d{user}_d{link.by}"
            for user, over in link.through.items()
        ]
        told.append(f"{lines[name]}  # {' + '.join(ways)}" if ways else lines[name])
    return [*told, f"outputs: {', '.join(link.title for link in chain.asked)}"]


def document(found: Formulas, extra: dict[str, object], *, one_line: bool = False) -> str:
    """Return the JSON document: the derivatives, and the keys ``extra``."""
    program = found.program
    facts: dict[str, object] = {
        "expression": program.source,
        "outputs": program.titles(),
        "variables": list(found.wrt),
        "formula": found.jacobian,
        "program": "; ".join(line.partition("  #")[0] for line in program_text(found)),
        "conditions": found.conditions,
        **({} if found.shapes is None else {"shapes": found.sizes()}),
        **extra,
    }
    return json.of("formula", facts, one_line=one_line)
