"""backprop jacobian EXPR [NAME=VALUE ...]."""

from __future__ import annotations

from backpropcli import api
from backpropcli.cli.answer import give
from backpropcli.cli.line.program import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.cli.line.program import Loaded
    from backpropcli.modes.jacobian import Jacobian
    from backpropcli.render.layout.lines import Line, Options


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    return told(load(words, given), given["mode"], given)


def told(loaded: Loaded, mode: str, given: dict[str, Any], note: str = "") -> int:
    """Print the Jacobian as the options say, for people with a note; return the exit code."""
    asked = {"mode": mode, "at_kinks": given["at_kinks"]}
    found = api.jacobian(loaded.program, loaded.bindings, wrt=loaded.wrt, **asked)

    def lines(found: Jacobian, options: Options) -> list[Line]:
        from backpropcli.render.layout.lines import wrapped
        from backpropcli.render.results.matrix import jacobian_lines

        below = [[], *wrapped([("note", note)], options.width)] if note and found.variables else []
        return [*jacobian_lines(found, options), *below]

    return give(found, lines, loaded.warnings, given)
