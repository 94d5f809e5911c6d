"""backprop compare EXPR1 EXPR2 [NAME=VALUE ...]: whether two losses train the same."""

from __future__ import annotations

import sys

from backpropcli import api
from backpropcli.calculus import bindings
from backpropcli.calculus.bindings.joined import joined
from backpropcli.cli import screen
from backpropcli.cli.answer import awaited, shown_as
from backpropcli.cli.check import CODES
from backpropcli.cli.lists import names
from backpropcli.cli.program import (
    OF_DOUBLES,
    ignored,
    is_long,
    parsed,
    sources,
    unused,
    validate,
)
from backpropcli.cli.words import two
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.proof.compared.answer import Compared


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    if given["points"] < 0:
        raise BackpropError(f"--points is {given['points']}", "it must be at least 1")
    validate(given)
    if is_long(given):
        raise BackpropError(f"--digits is {given['digits']}", f"here it is {OF_DOUBLES} at most")
    programs, values = two(words, "compare")
    if [*programs, *(given["bind"] or ())].count("-") > 1:
        raise BackpropError("stdin can hold only one of these", "put the others in files")
    texts = sources(programs, values, given)
    point = joined(*[one.bindings for one in texts])
    each = [parsed(one.text, point, one.origin) for one in texts]
    known = [{*program.variables} for program in each]
    warnings = ignored(given) + unused(given, point)
    for one, other in ((0, 1), (1, 0)):
        used = point.given - (known[other] - known[one])
        warnings += bindings.warnings(each[one], used)
    found = awaited(
        lambda: api.compare(
            each[0],
            each[1],
            point,
            wrt=names(given["wrt"], "wrt"),
            ranges=given["range"] or (),
            assume=given["assume"] or (),
            shapes="; ".join(given["shape"]) if given["shape"] else None,
            points=given["points"],
            timeout=given["check_timeout"],
        )
    )
    found.warnings = [*dict.fromkeys([*warnings, *found.warnings])]
    for warning in found.warnings:
        screen.say(f"warning: {warning}")
    _tell(found, given)
    return CODES[found.verdict]


def _tell(found: Compared, given: dict[str, Any]) -> None:
    if given["json"] or given["jsonl"]:
        from backpropcli.render.compare import document  # noqa: PLC0415 (with --json)

        sys.stdout.write(document(found, one_line=given["jsonl"]))
    elif given["quiet"]:
        screen.write(f"{found.verdict}\t{found.kind}\n")
    else:
        from backpropcli.render.compare import compare_lines  # noqa: PLC0415 (not with --json)

        screen.show(compare_lines(found, shown_as(given | {"max_nodes": 500})))
