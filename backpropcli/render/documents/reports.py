"""A report as a JSON document: what a command found, kinks and causes, then a line a node."""

from __future__ import annotations

from backpropcli import __version__
from backpropcli.errors import visible
from backpropcli.render.json import SCHEMA, plain, real, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backpropcli.report.decimals import Digits
    from backpropcli.report.flow.flow import Edge, Node
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.truth.bits import Bits
    from backpropcli.report.whole.sides import Side, Whole

ADJOINT = {"gradient": "adjoint", "cotangent": "adjoint", "tangent": "tangent"}
"""What a node's derivative is called."""


def document(
    report: Report,
    check: dict[str, object] | None = None,
    extra: dict[str, object] | None = None,
    *,
    one_line: bool = False,
) -> Iterator[str]:
    """Yield the report's JSON document in pieces: one key, or one node, a line."""
    results: dict[str, object] = {
        **report.as_dict(),
        **(shapes(report) if report.arrays else {}),
        **({"dtype": report.dtype} if report.format else {}),
        **(extra or {}),
    }
    return answer("report", report, results, check, one_line=one_line)


def shapes(report: Report) -> dict[str, object]:
    """Return the shapes of the gradient by each name, which are those of the values."""
    from backpropcli.report.elements import shape_of

    sizes = {name: list(shape_of(slope)) for name, slope in report.gradient.items()}
    return {"shapes": sizes, "dtype": report.dtype}


def _causes(report: Report) -> list[dict[str, object]]:
    """Return the first causes of what is not finite; [] for none."""
    if not report.causes:
        return []
    from backpropcli.report.poisoned import poisoned

    return [
        {"pass": cause.phase, **_placed(report, cause.node, cause.input), "reason": cause.reason}
        | ({} if cause.index is None else {"index": list(cause.index)})
        | {"poisoned": poisoned(report, cause)._asdict()}
        for cause in report.causes
    ]


def _kinks(report: Report, further: list[KinkMet]) -> list[dict[str, object]]:
    """Return the kinks of a report, and ``further`` ones; [] for none."""
    if not (report.kinks or further):
        return []
    from backpropcli.render.documents.kinks import kinks

    return kinks(report, further, _placed)


def _wholes(report: Report) -> dict[str, object]:
    """Return what the whole has as a function of each name, where a kink or a gap was met."""
    if not (report.kinks or report.causes or report.numbers):
        return {}
    from backpropcli.report.wholes import each_whole

    return {
        f"{title}: {name}" if title else name: whole_facts(found)
        for title, name, found in each_whole(report)
    }


def answer(  # noqa: PLR0913 (what a document has)
    name: str,
    report: Report,
    results: dict[str, object],
    check: dict[str, object] | None = None,
    further: Iterable[KinkMet] = (),
    broken: Report | None = None,
    *,
    one_line: bool = False,
) -> Iterator[str]:
    """Yield a document in pieces: what all have, a command's own ``results``, and the nodes.

    ``name`` is the schema's. The kinks ``further`` are those of derivatives, and ``broken`` is the
    report of one that is not finite: they have no nodes here.
    """
    end = "" if one_line else "\n"
    gap = " " if one_line else "\n  "
    program, view = report.program, report.view
    head: dict[str, object] = {
        "schema": SCHEMA.format(name),
        "version": __version__,
        "expression": program.source,
        "bindings": report.bindings,
        **results,
        **({"precision": _precision(report, report.bits)} if report.bits else {}),
        **({"loss_scale": report.scaling.as_dict()} if report.scaling else {}),
        **({"digits": _digits(report.digits)} if report.digits else {}),
        "kinks": _kinks(report, [*further]),
        "causes": _causes(report)
        or [
            {"pass": c.phase, "node": None, "input": None, "reason": c.reason}
            for c in (broken.causes if broken else ())
        ],
        "whole": _wholes(report),
        "warnings": report.warnings,
    }
    if view.calls:
        head["calls"] = [
            {"node": node, "function": name, "inputs": list(view.inputs[node])}
            for node, name in view.calls.items()
        ]
    if check is not None:
        head["check"] = check
    yield "{" + ("" if one_line else "\n  ")
    for key, value in head.items():
        yield f"{string(key)}: {plain(value)},{gap}"
    yield '"nodes": ['
    between = "" if one_line else gap + "  "
    for row in view:
        yield ("," if row.id else "") + between
        yield node(report, row)
    yield f"{end}{'' if one_line else '  '}]{end}" + "}\n"


def _precision(report: Report, found: Bits) -> dict[str, object]:
    kind = report.format
    ends = {"largest": kind.largest, "smallest": kind.least} if kind else {}
    losses = [
        {"node": one.node, "of": one.what, "what": one.kind, "bits": one.bits}
        for one in found.losses
    ]
    return {"dtype": report.dtype, "bits": found.of, **ends} | {"losses": losses}


def _digits(found: Digits) -> dict[str, object]:
    if found.count:
        return {"count": found.count, "notes": found.notes}
    return {"exact": True, "notes": found.notes, "floats": dict(found.floats)}


def node(report: Report, row: Node) -> str:
    """Return one node as JSON."""
    view = report.view
    edges = ", ".join(
        [
            f'{{"input": {edge.input}, "partial": {real(edge.partial)}, '
            f'"contribution": {real(edge.contribution)}'
            + (f', "flow": "{edge.flow}"' if edge.flow else "")
            + (_rule(report, row, edge) if report.arrays else "")
            + "}"
            for edge in row.edges
        ]
    )
    names = f', "names": {plain(row.names)}' if row.names else ""
    status = f', "status": "{row.status}"' if row.status else ""
    label = string(visible(view.text(row.id)))
    derivative = f'"{ADJOINT[report.quantity]}": {real(row.adjoint)}'
    span = "null" if row.span[0] < 0 else f"[{row.span[0]}, {row.span[1]}]"
    size = ""
    if report.arrays:
        from backpropcli.report.elements import shape_of

        size = f'"shape": {list(shape_of(row.value))}, "dtype": "{report.dtype}", '
    return (
        f'{{"id": {row.id}, "operation": {string(row.operation)}, "label": {label}{names}, '
        f'"span": {span}, "inputs": {list(view.inputs[row.id])}, '
        f'{size}"value": {real(row.value)}, {derivative}{status}{_bits(report, row)}, '
        f'"edges": [{edges}]}}'
    )


def _bits(report: Report, row: Node) -> str:
    """Return how many bits are right of a node's value and adjoint."""
    if report.bits is None:
        return ""
    pair = report.bits.values[row.id], report.bits.adjoints[row.id]
    return f', "bits": [{real(pair[0])}, {real(pair[1])}]'


def _rule(report: Report, row: Node, edge: Edge) -> str:
    """Return what an operation on whole arrays passes on, of g, its adjoint."""
    from backpropcli.report.local.texts import rule

    found = rule(report.view, row.id, edge)
    return f', "rule": {string(found[0])}' if found else ""


def whole_facts(found: Whole) -> dict[str, object]:
    """Return what the whole expression has, as plain data."""
    from backpropcli.report.whole.sides import nearest

    known = found.sure and found.kind != "unknown"
    return {
        "kind": found.kind if known else "unknown",
        "value": nearest(found.value) if known else None,
        "slope": nearest(found.slope) if known else None,
        "left": _side(found.left, known=known),
        "right": _side(found.right, known=known),
        "reason": found.reason,
    }


def _side(side: Side, *, known: bool) -> dict[str, object]:
    from backpropcli.report.whole.sides import nearest

    limit, slope = (side.limit, side.slope) if known else (None, None)
    return {"kind": side.kind, "limit": nearest(limit), "slope": nearest(slope)}


def _placed(report: Report, node: int, child: int | None) -> dict[str, object]:
    """Return the shown nodes of a node of the flat graph, and of its input."""
    owners, ids = report.lowered.owners, report.view.ids
    return {
        "node": ids[owners[node]],
        "input": None if child is None else ids[owners[child]],
    }
