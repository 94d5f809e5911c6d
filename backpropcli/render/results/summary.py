"""What is below a view: the value and the gradient, and what a reader must know of them."""

from __future__ import annotations

from backpropcli.errors import columns, visible
from backpropcli.render.layout.lines import MOST_TERMS, SHORTEST, left_out, pad, value, wrapped
from backpropcli.render.layout.numbers import EQUAL, pointed, printed, total
from backpropcli.render.notices import notices
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.render.layout.lines import Line, Options
    from backpropcli.report.report import Report

BELOW = 8
"""The blanks before a number below its name, where the two have no room on one line."""


def summary(report: Report, options: Options) -> list[Line]:
    """Return the gradient as a small table, and the notices below it."""
    return [*gradient(report, options), *notices(report, options)]


def gradient(report: Report, options: Options) -> list[Line]:
    """Return the value, and the gradient by each name asked for, with the terms of each sum."""
    view = report.view
    if report.arrays:
        from backpropcli.render.results.arrays import gradient_of_arrays

        return gradient_of_arrays(report, options)
    shown = value(view, view.root, options.digits)
    if report.digits:
        shown = number(report.value, options.digits)
    room = max(SHORTEST, options.width - columns(shown) - 3)
    limit = room if options.fitted else options.longest(1)
    title = report.program.title(report.program.root, limit)
    sign = EQUAL if report.digits else printed(report.value, shown)
    head: Line = [("heading", visible(title)), ("", f" {sign} "), ("value", shown)]
    names = list(report.gradient)
    return [head, *listed([f"d/d{name}" for name in names], names, report, options)]


def listed(labels: list[str], names: list[str], report: Report, options: Options) -> list[Line]:
    """Return the gradient by each of ``names``, a line each."""
    shown = names[: options.max_nodes]
    texts = pointed([number(report.gradient[name], options.digits) for name in shown])
    width = max(map(len, texts), default=0)
    longest = max([columns(visible(text)) for text in labels[: len(shown)]], default=0)
    below = options.fitted and 6 + longest + width > options.width
    lines: list[Line] = []
    for name, text, slope in zip(shown, labels, texts, strict=False):
        line: Line = [("", "    "), ("label", pad(visible(text), longest + 2))]
        if below:
            lines += wrapped([*line[:1], ("label", visible(text))], options.width)
            line = [("", " " * BELOW)]
        line.append(("gradient", slope.rjust(width)))
        note = _terms(report, name, options)
        indent = BELOW + 2 if below else 6 + longest
        lines += wrapped([*line, ("note", note)] if note else line, options.width, indent)
    return lines + left_out(len(names) - len(shown))


def _terms(report: Report, name: str, options: Options) -> str:
    """Return what the gradient by a name is the sum of, or why nothing arrives there."""
    place = report.wrt[name]
    why = report.flow.status(place)
    if why:
        return f"  ({why})"
    if report.digits or report.scaling:
        return ""
    node = report.view.at(place)
    terms = [] if node is None else report.view.terms(node)
    most = MOST_TERMS if options.fitted else len(terms)
    return total(report.gradient[name], terms, options.digits, most)
