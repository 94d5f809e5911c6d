"""backprop taylor EXPR --in x [NAME=VALUE ...]."""

from __future__ import annotations

from backpropcli import api
from backpropcli.cli.answer import give
from backpropcli.cli.line.program import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.modes.taylor.series import Taylor
    from backpropcli.render.layout.lines import Line, Options


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    loaded = load(words, given)
    how = {"by": given["in"] or "", "order": given["order"], "at_kinks": given["at_kinks"]}
    found = api.taylor(loaded.program, loaded.bindings, **how)

    def lines(found: Taylor, options: Options) -> list[Line]:
        from backpropcli.render.results.series import series_lines

        return series_lines(found, options)

    return give(found, lines, loaded.warnings, given)
