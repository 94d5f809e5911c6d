"""backprop hessian EXPR [NAME=VALUE ...]."""

from __future__ import annotations

from backpropcli import api
from backpropcli.cli.answer import give
from backpropcli.cli.program import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.render.lines import Line, Options


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    loaded = load(words, given)
    found = api.hessian(loaded.program, loaded.bindings, wrt=loaded.wrt)

    def lines(options: Options) -> list[Line]:
        from backpropcli.render.matrix import hessian_lines  # noqa: PLC0415 (not with --json)

        return [line for one in found.each for line in hessian_lines(one, options)]

    return give(found, lines, loaded.warnings, given)
