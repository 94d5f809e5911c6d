"""backprop formula EXPR: derivatives as expressions of the language, in LaTeX, and their cost."""

from __future__ import annotations

import sys

from backpropcli import api
from backpropcli.cli import screen
from backpropcli.cli.answer import shown_as
from backpropcli.cli.line.program import load
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.cli.line.program import Loaded
    from backpropcli.modes.formula.formulas import Formulas

APART = (
    ("simplify", "nodes"),
    *((name, "latex_steps") for name in ("simplify", "nodes", "latex", "cost", "json", "jsonl")),
)
"""Options that exclude each other."""


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    for one, other in APART:
        if given[one] and given[other]:
            first, second = (option.replace("_", "-") for option in (one, other))
            raise BackpropError(f"--{first} and --{second} exclude each other", "keep one")
    loaded = load(words, given)
    screen.warn(loaded.warnings)
    if given["latex_steps"]:
        return _write(_steps(loaded, given["digits"] or 6))
    found = api.formula(
        loaded.program,
        loaded.bindings,
        wrt=loaded.wrt,
        shapes="; ".join(given["shape"]) if given["shape"] else None,
        simplify=given["simplify"],
        timeout=given["simplify_timeout"],
    )
    if not found.wrt:
        raise BackpropError("there is nothing to differentiate by: the expression has no variables")
    screen.warn(found.warnings)
    loaded.warnings += found.warnings
    if given["json"] or given["jsonl"]:
        return _json(found, loaded, given)
    # A line is a statement wherever it is pasted: none is broken to fit a terminal.
    return _write("\n".join([*_text(found, given), *_cost(found, loaded, given)]))


def _write(text: str) -> int:
    screen.write(text + "\n")
    return 0


def _text(found: Formulas, given: dict[str, Any]) -> list[str]:
    if given["latex"]:
        from backpropcli.render.latex import chain, derivatives

        return [chain(found) if given["nodes"] else derivatives(found)]
    from backpropcli.render.results.formula import chain_text, program_text

    return chain_text(found) if given["nodes"] else program_text(found)


def _steps(loaded: Loaded, digits: int) -> str:
    """Return the derivation at the point, which has to be given."""
    from backpropcli.modes.gradient import ones, ready, report_of
    from backpropcli.render.latex import latex_steps

    program, point = loaded.program, loaded.bindings
    lowered, asked = ready(program, point, loaded.wrt)
    if lowered.shapes is not None:
        raise BackpropError(
            "the derivation in LaTeX is of numbers, and this program has arrays",
            "--latex has its derivatives, and --view steps of the gradient writes it out",
        )
    if lowered.ruled:
        from backpropcli.proof.ruled import at_values

        screen.warn(at_values(lowered.graph, None))
    return latex_steps(report_of(lowered, point, asked, ones(lowered)), digits)


def _cost(found: Formulas, loaded: Loaded, given: dict[str, Any]) -> list[str]:
    if not given["cost"]:
        return []
    from backpropcli.modes.cost import counted
    from backpropcli.render.results.cost import cost_lines

    costs = counted(loaded.program, loaded.wrt, found.shapes)
    lines = cost_lines(costs, shown_as(given).room())
    return ["", *("".join(text for _, text in line).rstrip() for line in lines)]


def _json(found: Formulas, loaded: Loaded, given: dict[str, Any]) -> int:
    from backpropcli.render.results.formula import document

    extra: dict[str, object] = {"simplified": given["simplify"], "warnings": loaded.warnings}
    if given["latex"]:
        from backpropcli.render.latex import derivatives

        extra["latex"] = derivatives(found)
    if given["nodes"]:
        from backpropcli.render.results.formula import chain_text

        rows = range(len(found.program.outputs))
        extra["chain"] = ["\n".join(chain_text(found, [row])) for row in rows]
    if given["cost"]:
        from backpropcli.modes.cost import counted

        extra["cost"] = counted(loaded.program, loaded.wrt, found.shapes).as_dict()
    sys.stdout.write(document(found, extra, one_line=given["jsonl"]))
    return 0
