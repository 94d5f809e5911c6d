"""Which nodes are shown: the views, and calls that are opened."""

from __future__ import annotations

from backpropcli.cli.line.options import FLOW, VIEWS
from backpropcli.errors import BackpropError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.language.program import Program
    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.report import Report

NO_SUMMARY = ("graph", "forward")


def checked_view(view: str, views: Sequence[str] = VIEWS) -> str:
    """Return ``view``; raise BackpropError where there is none of that name."""
    if view not in views:
        hint = did_you_mean(view, views, f"the views are {', '.join(views)}")
        raise BackpropError(f"there is no view '{view}'", hint)
    return view


def shown(
    program: Program, asked: Sequence[str] | None, shapes: Mapping[str, Shape] | None
) -> Program:
    """Return the program with calls opened; a name that nothing is called by is an error.

    ``shapes`` are those of the variables, None for numbers alone.
    """
    wanted = set()
    if asked:
        from backpropcli.cli.line.lists import names

        wanted = {*names(asked, "open")}
    if not wanted:
        return program
    from backpropcli.calculus.opening import ALL, called, opened

    known = called(program)
    for name in sorted(wanted - known - {ALL}):
        hint = did_you_mean(name, known, f"the calls are of: {' '.join(sorted(known))}")
        raise BackpropError(
            f"the program does not call '{name}'", hint if known else "there is nothing to open"
        )
    return opened(program, wanted, shapes)


def lines_of(report: Report, view: str, options: Options) -> list[Line]:
    """Return the view, and below it what every view tells; that alone, of proved digits."""
    if view == FLOW:
        from backpropcli.render.views.flow import flow
        from backpropcli.report.reach.reach import Reach

        return flow(Reach(report), options)
    from backpropcli.render.views import nodes

    lines = nodes(report, view, options)
    if view in NO_SUMMARY and lines:
        return lines
    from backpropcli.render.results.summary import summary

    return [*lines, *([[]] if lines else []), *summary(report, options)]
