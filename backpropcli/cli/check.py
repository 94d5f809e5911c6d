"""backprop check EXPR [NAME=VALUE ...]: derivatives put to the proof."""

from __future__ import annotations

import sys

from backpropcli import api, files
from backpropcli.cli import screen
from backpropcli.cli.answer import DISAGREES, INCONCLUSIVE, awaited, shown_as
from backpropcli.cli.lists import names
from backpropcli.cli.program import ignored, load, read
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.language.claims import Text
    from backpropcli.proof.claims.check import Checked

OF_CLAIMS = ("range", "assume", "points", "shape")
"""Options that say where claims are to hold."""
CODES = {"agrees": 0, "disagrees": DISAGREES, "inconclusive": INCONCLUSIVE}


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    if given["points"] < 0:
        raise BackpropError(f"--points is {given['points']}", "it must be at least 0")
    if not given["claim"] and not given["claims"]:
        return against(words, given) if given["against"] else methods(words, given)
    if given["against"]:
        raise BackpropError("--claim and --against exclude each other", "check one after the other")
    source = read(words, given)
    claims = _claims(given)
    wrt = names(given["wrt"], "wrt")
    alone = wrt[0] if len(wrt) == 1 else None
    warnings = ignored(given)
    for warning in warnings:
        screen.say(f"warning: {warning}")
    found = awaited(
        lambda: api.check_claims(
            source.text,
            claims,
            source.bindings,
            origin=source.origin,
            ranges=given["range"] or (),
            assume=given["assume"] or (),
            shapes="; ".join(given["shape"]) if given["shape"] else None,
            points=given["points"],
            alone=alone,
            timeout=given["check_timeout"],
        )
    )
    _tell(found, warnings, given)
    return CODES[found.verdict]


def against(words: Sequence[str], given: dict[str, Any]) -> int:
    """Compare with numbers that another program computed; return the exit code."""
    _not_for_claims(given)
    if given["rtol"] is not None and not 0 <= given["rtol"] < 1:
        raise BackpropError(f"--rtol is {given['rtol']}", "it must be from 0 to 1")
    loaded = load(words, given)
    if loaded.wrt:
        raise BackpropError("--wrt is not for --against", "the names in the file say by what")
    for warning in loaded.warnings:
        screen.say(f"warning: {warning}")
    found = awaited(
        lambda: api.check_against(
            loaded.program, given["against"], loaded.bindings, rtol=given["rtol"]
        )
    )
    further = [one for one in found.warnings if one not in loaded.warnings]
    warnings = [*loaded.warnings, *further]
    for warning in further:
        screen.say(f"note: {warning}")
    if given["json"] or given["jsonl"]:
        from backpropcli.render.against import document  # noqa: PLC0415 (with --json)

        sys.stdout.write(document(found, warnings, one_line=given["jsonl"]))
    elif given["quiet"]:
        screen.write("".join([f"{one.name}\t{one.verdict}\n" for one in found.answers]))
    else:
        from backpropcli.render.against import against_lines  # noqa: PLC0415 (not with --json)

        screen.show(against_lines(found, shown_as(given | {"max_nodes": 500})))
    return CODES[found.verdict]


def _not_for_claims(given: dict[str, Any]) -> None:
    """Raise BackpropError for an option that says where claims are to hold."""
    for option in OF_CLAIMS:
        if given[option]:
            raise BackpropError(
                f"--{option} is for claims", "write one, as in --claim 'x = 2*x'; or leave it out"
            )


def methods(words: Sequence[str], given: dict[str, Any]) -> int:
    """Compare all methods at the point; return the exit code."""
    _not_for_claims(given)
    if given["rtol"] is not None:
        raise BackpropError("--rtol is for --against", "leave it out")
    loaded = load(words, given)
    report = api.gradient(loaded.program, loaded.bindings, wrt=loaded.wrt)
    warnings = [*loaded.warnings, *report.lowered.warnings]
    for warning in warnings:
        screen.say(f"warning: {warning}")
    found = awaited(lambda: api.check_methods(report, timeout=given["check_timeout"]))
    if given["json"] or given["jsonl"]:
        from backpropcli.render.methods import document  # noqa: PLC0415 (with --json)

        sys.stdout.write(document(found, warnings, one_line=given["jsonl"]))
    elif given["quiet"]:
        screen.write("".join([f"{row.name}\t{row.verdict}\n" for row in found.rows.values()]))
    else:
        from backpropcli.render.methods import methods_lines  # noqa: PLC0415 (not with --json)

        screen.show(methods_lines(found, shown_as(given | {"max_nodes": 500})))
    return CODES[found.verdict]


def _claims(given: dict[str, Any]) -> list[Text]:
    """Return the claims, of options and of files."""
    from backpropcli.language.claims import Text  # noqa: PLC0415 (the parser's tables)

    found = []
    for text in given["claim"] or ():
        if text.partition("=")[2].lstrip().startswith("@"):
            path = text.partition("@")[2]
            raise BackpropError("a claim is an expression, not a file", f"write --against {path}")
        found.append(Text(text, "--claim"))
    for path in given["claims"] or ():
        name = "stdin" if path == "-" else path
        found.append(Text(files.read_text(path), name, pasted=True))
    return found


def _tell(found: Checked, warnings: list[str], given: dict[str, Any]) -> None:
    if given["json"] or given["jsonl"]:
        from backpropcli.render.claims import document  # noqa: PLC0415 (with --json)

        sys.stdout.write(document(found, warnings, one_line=given["jsonl"]))
    elif given["quiet"]:
        rows = [f"{one.title}\t{one.verdict}\n" for one in found.answers]
        screen.write("".join(rows))
    else:
        from backpropcli.render.claims import claims_lines  # noqa: PLC0415 (not with --json)

        screen.show(claims_lines(found, shown_as(given | {"max_nodes": 500})))
