"""backprop hessian EXPR [NAME=VALUE ...]."""

from __future__ import annotations

from backpropcli.cli.answer import Answer, by_claims, give
from backpropcli.cli.program import load
from backpropcli.modes.hessian import Curvature, hessian
from backpropcli.proof.check import Claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from backpropcli.render.lines import Line, Options


def _sum(names: list[str]) -> str:
    """Return "d/dx + d/dz", which one Hessian-vector product has the derivatives of."""
    shown = [f"d/d{name}" for name in names[:3]]
    return " + ".join([*shown, "..."] if len(names) > len(shown) else shown)


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run the command on its positional arguments and options; return the exit code."""
    loaded = load(words, given)
    point, found = hessian(loaded.program, loaded.bindings, loaded.wrt)
    curvatures = [Curvature(one) for one in found]
    names = list(found[0].wrt)
    several = len(found) > 1

    def lines(options: Options) -> list[Line]:
        from backpropcli.render.matrix import hessian_lines  # noqa: PLC0415 (not with --json)

        return [
            line
            for one, curvature in zip(found, curvatures, strict=True)
            for line in hessian_lines(one, curvature, options)
        ]

    def claims() -> Iterator[Claim]:
        yield from (
            Claim(report, [f"d/d{name} of {_sum(along)}" for name in names])
            for one in found
            for along, report in zip(one.along, one.reports, strict=True)
        )

    def spread(values: list[Any]) -> Any:  # noqa: ANN401 (a list for each output, or one alone)
        return values if several else values[0]

    return give(
        Answer(
            "hessian",
            loaded,
            point,
            {
                "outputs": [one.title for one in found],
                "values": [one.point.value for one in found],
                "variables": names,
                "gradient": spread([list(one.point.gradient.values()) for one in found]),
                "hessian": spread([one.matrix for one in found]),
                "sweeps": spread([one.sweeps for one in found]),
                "pattern": spread([one.pattern for one in found]),
                "eigenvalues": spread([one.eigenvalues for one in curvatures]),
                "definiteness": spread([one.definite for one in curvatures]),
                "point": spread([one.kind for one in curvatures]),
            },
            (
                ([one.title, names[i], names[j]] if several else [names[i], names[j]], value)
                for one in found
                for i, row in enumerate(one.matrix)
                for j, value in enumerate(row)
            ),
            lines,
            by_claims(claims),
            [report for one in found for report in one.reports],
        ),
        given,
    )
