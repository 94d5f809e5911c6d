"""JVP, VJP and HVP: the tree of tangents or cotangents, and the product below it."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.layout.lines import enumerated, left_out, tabulated, wrapped
from backpropcli.render.results.matrix import told
from backpropcli.render.results.summary import listed
from backpropcli.render.views import nodes
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from backpropcli.modes.hvp import Hvp
    from backpropcli.modes.jvp import Jvp
    from backpropcli.modes.vjp import Vjp
    from backpropcli.render.layout.lines import Line, Options


def _direction(given: Iterable[tuple[str, Any]], options: Options) -> str:
    """Return "x = 1, w = [0.5, 2]"; of a large array its shape."""
    return ", ".join(f"{visible(name)}={_component(part, options)}" for name, part in given)


def _component(part: Any, options: Options) -> str:  # noqa: ANN401 (a number, or an array)
    if isinstance(part, float):
        return number(part, options.digits)
    from backpropcli.render.layout.arrays import SHORT, inline, sized

    if part.size > SHORT and not options.full:
        return f"({sized(part.shape)})"
    return inline(part, options.elements)


def _arrays(head: str, values: Iterable[tuple[str, Any, str]], options: Options) -> list[Line]:
    """Return a heading, and arrays below it."""
    from backpropcli.render.results.arrays import listed as rows

    every = [*values]
    shown = rows(every[: options.max_nodes], options, len(every))
    return [*wrapped([("heading", head)], options.width), *shown]


def _block(
    head: str, names: Sequence[str], products: Sequence[float | str], options: Options
) -> list[Line]:
    """Return a heading, and rows of a name and a number below it."""
    cells = [
        [("label", f"    {visible(name)}"), ("gradient", _spelled(value, options))]
        for name, value in zip(names[: options.max_nodes], products, strict=False)
    ]
    lines = wrapped([("heading", head)], options.width)
    lines += tabulated(cells, ["", ""], 1, options.width) if cells else []
    return lines + left_out(len(names) - options.max_nodes)


def _spelled(value: float | str, options: Options) -> str:
    return value if isinstance(value, str) else number(value, options.digits)


def jvp_lines(found: Jvp, view: str, options: Options) -> list[Line]:
    """Return the tangents of all nodes, and those of the outputs."""
    head = f"tangents along {_direction(found.given, options)}"
    point = found.point
    if point.arrays:
        titles = zip(point.program.titles(), point.products, strict=True)
        block = _arrays(head, [(title, value, "") for title, value in titles], options)
    else:
        block = _block(head, found.outputs, found.products, options)
    block += _held(found.held, options)
    shown = nodes(point, view, options)
    return [*shown, [], *block] if shown else block


def _held(names: Sequence[str], options: Options) -> list[Line]:
    """Return that names move as they are told to, where what they are made of moves too."""
    if not names:
        return []
    shown = enumerated([visible(name) for name in names])
    said = "move as given: what they are made of does not move them"
    if len(names) == 1:
        said = "moves as given: what it is made of does not move it"
    return wrapped([("label", shown), ("note", f" {said}")], options.width)


def vjp_lines(found: Vjp, view: str, options: Options) -> list[Line]:
    """Return the cotangents of all nodes, and those of the variables."""
    report = found.point
    names = list(report.gradient)
    head = f"cotangents with {_direction(found.given, options)}"
    shown = nodes(report, view, options)
    if report.arrays:
        values = [
            (name, slope, report.flow.status(report.wrt[name]))
            for name, slope in report.gradient.items()
        ]
        return [*([*shown, []] if shown else []), *_arrays(head, values, options)]
    return [
        *([*shown, []] if shown else []),
        *wrapped([("heading", head)], options.width),
        *listed(names, names, report, options),
    ]


def hvp_lines(found: Hvp, options: Options) -> list[Line]:
    """Return the Hessian-vector product of each output."""
    lines: list[Line] = []
    wholes = found.wholes()
    direction = _direction(found.given, options)
    for at, (title, row) in enumerate(zip(found.outputs, found.products, strict=True)):
        lines += [[]] if lines else []
        head = f"Hessian of {visible(title)} times the direction {direction}"
        if found.point.arrays:
            slopes = found.reports[at].gradient.items()
            lines += _arrays(head, [(name, slope, "") for name, slope in slopes], options)
        else:
            lines += _block(head, found.variables, row, options)
        if wholes:
            texts = [told(entry, options.digits) for entry in wholes[at]]
            lines += [
                [],
                *_block("the whole expression has", found.variables, texts, options),
            ]
    return [*lines, *_held(found.held, options)]
