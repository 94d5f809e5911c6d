"""backprop check EXPR [NAME=VALUE ...] --claim CLAIM: derivatives by hand put to the proof."""

from __future__ import annotations

import sys

from backpropcli import api, files
from backpropcli.cli import screen
from backpropcli.cli.answer import DISAGREES, INCONCLUSIVE, awaited, shown_as
from backpropcli.cli.program import ignored, read
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.language.claims import Text
    from backpropcli.proof.claims.check import Checked

CODES = {"agrees": 0, "disagrees": DISAGREES, "inconclusive": INCONCLUSIVE}


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    if given["points"] < 0:
        raise BackpropError(f"--points is {given['points']}", "it must be at least 1")
    source = read(words, given)
    claims = _claims(given)
    if not claims:
        raise BackpropError("there is no claim", "write one, as in --claim 'x = 2*x'")
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
            timeout=given["check_timeout"],
        )
    )
    _tell(found, warnings, given)
    return CODES[found.verdict]


def _claims(given: dict[str, Any]) -> list[Text]:
    """Return the claims, of options and of files."""
    from backpropcli.language.claims import Text  # noqa: PLC0415 (the parser's tables)

    found = [Text(text, "--claim") for text in given["claim"] or ()]
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
