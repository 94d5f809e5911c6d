"""backprop hessian EXPR [NAME=VALUE ...]."""

from __future__ import annotations

from backpropcli import api
from backpropcli.cli.answer import give
from backpropcli.cli.line.program import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.modes.hessian.result import Hessians
    from backpropcli.render.layout.lines import Line, Options


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    loaded = load(words, given)
    vectors = given["eigenvectors"]
    how = {"wrt": loaded.wrt, "eigenvectors": vectors, "at_kinks": given["at_kinks"]}
    found = api.hessian(loaded.program, loaded.bindings, **how)

    def lines(found: Hessians, options: Options) -> list[Line]:
        from backpropcli.render.results.matrix import hessian_lines

        blocks = [
            hessian_lines(one, options, kinked=found.kinked, eigenvectors=vectors)
            for one in found.each
        ]
        return [line for block in blocks for line in ([], *block)][1:]

    return give(found, lines, loaded.warnings, given)
