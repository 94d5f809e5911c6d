"""backprop jacobian EXPR [NAME=VALUE ...]."""

from __future__ import annotations

from backpropcli.cli.answer import Answer, by_claims, give
from backpropcli.cli.program import load
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.modes.jacobian import MODES, jacobian
from backpropcli.proof.check import Claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from backpropcli.render.lines import Line, Options


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    mode = given["mode"]
    if mode not in MODES:
        hint = did_you_mean(mode, MODES, f"the modes are {', '.join(MODES)}")
        raise BackpropError(f"there is no mode '{mode}'", hint)
    loaded = load(words, given)
    found = jacobian(loaded.program, loaded.bindings, loaded.wrt, mode)
    names = list(found.wrt)

    def lines(options: Options) -> list[Line]:
        from backpropcli.render.matrix import jacobian_lines  # noqa: PLC0415 (not with --json)

        return jacobian_lines(found, options)

    def claims() -> Iterator[Claim]:
        yield from (
            Claim(
                report,
                [f"d{title}/d{name}" for name in report.wrt],
                [slope for name, slope in zip(names, row, strict=True) if name in report.wrt],
            )
            for report, title, row in zip(found.reports(), found.outputs, found.matrix, strict=True)
        )

    return give(
        Answer(
            "jacobian",
            loaded,
            found.point,
            {
                "outputs": found.outputs,
                "values": found.values,
                "variables": names,
                "jacobian": found.matrix,
                "mode": found.mode,
                "sweeps": found.sweeps,
                "pattern": found.pattern,
            },
            (
                ([title, name], value)
                for title, row in zip(found.outputs, found.matrix, strict=True)
                for name, value in zip(names, row, strict=True)
            ),
            lines,
            by_claims(claims),
        ),
        given,
    )
