"""backprop jvp, vjp and hvp EXPR [NAME=VALUE ...]: products with derivatives, without a matrix."""

from __future__ import annotations

from backpropcli.cli.answer import Answer, by_claims, give
from backpropcli.cli.gradient import checked_view, shown
from backpropcli.cli.program import load, weights
from backpropcli.modes import products
from backpropcli.proof.check import Claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from backpropcli.render.lines import Line, Options


def jvp(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run backprop jvp; return the exit code."""
    view = checked_view(given["view"])
    along = weights(given["along"], "along", "the direction")
    loaded = load(words, given)
    found = products.jvp(shown(loaded.program, given["open"]), loaded.bindings, along)
    titles = loaded.program.titles()

    def lines(options: Options) -> list[Line]:
        from backpropcli.render.products import jvp_lines  # noqa: PLC0415 (not with --json)

        return jvp_lines(found, view, along, options)

    def claims() -> Iterator[Claim]:
        yield from (
            Claim(report, [f"tangent of {title}"], [value], of_value=True)
            for report, title, value in zip(found.reports(), titles, found.products, strict=True)
        )

    values = [found.values[output] for output in found.lowered.outputs]
    return give(
        Answer(
            "jvp",
            loaded,
            found,
            {
                "outputs": titles,
                "values": values,
                "variables": list(loaded.program.variables),
                "along": along,
                "jvp": found.products,
            },
            (([title], value) for title, value in zip(titles, found.products, strict=True)),
            lines,
            by_claims(claims),
        ),
        given,
    )


def vjp(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run backprop vjp; return the exit code."""
    view = checked_view(given["view"])
    loaded = load(words, given)
    example = "".join(loaded.program.titles()[0].split())
    asked = weights(given["with"], "with", "the outputs' cotangent", f"{example}=1")
    program = shown(loaded.program, given["open"])
    found = products.vjp(program, loaded.bindings, asked, loaded.wrt)
    report = found.report
    titles = program.titles()

    def lines(options: Options) -> list[Line]:
        from backpropcli.render.products import vjp_lines  # noqa: PLC0415 (not with --json)

        return vjp_lines(report, view, asked, options)

    def claims() -> Iterator[Claim]:
        names = [f"cotangent of {name}" for name in report.wrt]
        yield from (Claim(one, names, found.products) for one in found.reports())

    return give(
        Answer(
            "vjp",
            loaded,
            report,
            {
                "outputs": titles,
                "values": [report.values[output] for output in report.lowered.outputs],
                "variables": list(report.wrt),
                "with": asked,
                "vjp": found.products,
            },
            (([name], value) for name, value in zip(report.wrt, found.products, strict=True)),
            lines,
            by_claims(claims),
        ),
        given,
    )


def hvp(words: Sequence[str], given: dict[str, Any]) -> int:
    """Run backprop hvp; return the exit code."""
    along = weights(given["along"], "along", "the direction")
    loaded = load(words, given)
    point, reports = products.hvp(loaded.program, loaded.bindings, along, loaded.wrt)
    program, names = loaded.program, list(point.wrt)
    titles = program.titles()
    rows = [list(report.gradient.values()) for report in reports]

    def lines(options: Options) -> list[Line]:
        from backpropcli.render.products import hvp_lines  # noqa: PLC0415 (not with --json)

        return hvp_lines(titles, names, rows, along, options)

    def claims() -> Iterator[Claim]:
        yield from (
            Claim(report, [f"(H v)_{name}" for name in names], row)
            for report, row in zip(reports, rows, strict=True)
        )

    several = len(rows) > 1
    return give(
        Answer(
            "hvp",
            loaded,
            point,
            {
                "outputs": titles,
                "values": [point.values[output] for output in point.lowered.outputs],
                "variables": names,
                "along": along,
                "hvp": rows if several else rows[0],
            },
            (
                ([title, name] if several else [name], value)
                for title, row in zip(titles, rows, strict=True)
                for name, value in zip(names, row, strict=True)
            ),
            lines,
            by_claims(claims),
            reports,
        ),
        given,
    )
