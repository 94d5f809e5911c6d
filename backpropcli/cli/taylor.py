"""backprop taylor EXPR --in x [NAME=VALUE ...]."""

from __future__ import annotations

from backpropcli.cli.answer import Answer, give
from backpropcli.cli.program import load
from backpropcli.errors import BackpropError
from backpropcli.modes.taylor import taylor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.proof.check import Verdict
    from backpropcli.render.lines import Line, Options


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    loaded = load(words, given)
    variables = list(loaded.program.variables)
    name = given["in"] or (variables[0] if len(variables) == 1 else "")
    if not name:
        raise BackpropError(
            "the series' variable is missing", f"give it with --in {(variables or ['x'])[0]}"
        )
    point, found = taylor(loaded.program, loaded.bindings, name, given["order"])

    def lines(options: Options) -> list[Line]:
        from backpropcli.render.series import series_lines  # noqa: PLC0415 (not with --json)

        return series_lines(found, name, loaded.bindings.get(name), options, smooth=not point.kinks)

    def verdict(timeout: float) -> Verdict:
        from backpropcli.proof.series import check_series  # noqa: PLC0415 (only with a check)

        return check_series(point, {one.title: one.coefficients for one in found}, timeout)

    several = len(found) > 1
    return give(
        Answer(
            "taylor",
            loaded,
            point,
            {
                "outputs": [one.title for one in found],
                "values": [one.coefficients[0] for one in found],
                "variables": variables,
                "in": name,
                "order": given["order"],
                "taylor": [one.coefficients for one in found],
            },
            (
                ([one.title, f"{power}"] if several else [f"{power}"], value)
                for one in found
                for power, value in enumerate(one.coefficients)
            ),
            lines,
            verdict,
        ),
        given,
    )
