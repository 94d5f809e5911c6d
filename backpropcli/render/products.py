"""JVP, VJP and HVP: the tree of tangents or cotangents, and the product below it."""

from __future__ import annotations

from backpropcli.errors import visible
from backpropcli.render.lines import enumerated, tabulated, wrapped
from backpropcli.render.matrix import told
from backpropcli.render.steps import steps
from backpropcli.render.summary import listed
from backpropcli.render.table import table
from backpropcli.render.tree import tree
from backpropcli.report.decimals import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.modes.products import Hvp, Jvp, Vjp
    from backpropcli.render.lines import Line, Options
    from backpropcli.report.report import Report


def _view(report: Report, view: str, options: Options) -> list[Line]:
    if report.digits and report.digits.count:
        return []  # the nodes are in doubles
    if view == "table":
        return table(report, options)
    if view == "steps":
        return steps(report, options)
    return tree(report, view, options)


def _direction(given: dict[str, float], options: Options) -> str:
    """Return "x=1, w=0.5"."""
    pairs = [f"{visible(name)}={number(part, options.digits)}" for name, part in given.items()]
    return ", ".join(pairs)


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
    left = len(names) - options.max_nodes
    if left > 0:
        lines.append([("note", f"… {left:,} more; --quiet and --json have all")])
    return lines


def _spelled(value: float | str, options: Options) -> str:
    return value if isinstance(value, str) else number(value, options.digits)


def jvp_lines(found: Jvp, view: str, options: Options) -> list[Line]:
    """Return the tangents of all nodes, and those of the outputs."""
    head = f"tangents along {_direction(found.along, options)}"
    block = _block(head, found.outputs, found.products, options)
    block += _held(found.held, options)
    shown = _view(found.point, view, options)
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
    head = f"cotangents with {_direction(found.weights, options)}"
    shown = _view(report, view, options)
    return [
        *([*shown, []] if shown else []),
        *wrapped([("heading", head)], options.width),
        *listed(names, names, report, options),
    ]


def hvp_lines(found: Hvp, options: Options) -> list[Line]:
    """Return the Hessian-vector product of each output."""
    lines: list[Line] = []
    wholes = found.wholes()
    for at, (title, row) in enumerate(zip(found.outputs, found.products, strict=True)):
        lines += [[]] if lines else []
        head = f"Hessian of {visible(title)} times the direction {_direction(found.along, options)}"
        lines += _block(head, found.variables, row, options)
        if wholes:
            texts = [told(entry, options.digits) for entry in wholes[at]]
            lines += [
                [],
                *_block("the whole expression has", found.variables, texts, options),
            ]
    return [*lines, *_held(found.held, options)]
