"""Results in as many digits as are asked for, each digit proved; or as the nearest doubles."""

from __future__ import annotations

from itertools import islice
from math import prod

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.errors import BackpropError
from backpropcli.proof.parts import Part, proved_parts
from backpropcli.report.decimals import Proved, finite
from backpropcli.report.digits.proved import Asked
from backpropcli.report.result import flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from backpropcli.report.decimals import Digits
    from backpropcli.report.report import Report
    from backpropcli.report.result import Result

    Shapes = dict[str, tuple[int, ...]]


def of_report(floats: Report, count: int, timeout: float) -> Report:
    """Return a gradient with the value and the derivatives that are proved, and what else is true.

    A ``count`` of 0 asks for the nearest doubles. Raises BackpropError for arrays that are too
    large to be written out in numbers.
    """
    typed, notes = _given(floats.point, floats.bindings)
    report = floats.at_typed(typed)
    shapes: Shapes | None = None
    if report.arrays:
        part, shapes = _of_arrays(report, typed)
    else:
        part = _of_numbers(report, typed)
    report.digits = told = proved_parts([part], count, timeout)
    told.notes[:0] = notes
    numbers = part.numbers(count)
    if part.report is not None:
        _put(part.report, numbers, told)
    if shapes is not None:
        _put_arrays(report, numbers, shapes, proved=count > 0)
        if part.report is not None:
            report.tell(part.report)
    if _finite([report.value, *report.gradient.values()]):
        report.causes = []  # it is floats that overflow
    return report


def _finite(numbers: Iterable[Any]) -> bool:
    """Say whether all numbers are finite, those beyond doubles too."""
    return all(map(finite, flat(numbers)))


def _put(report: Report, numbers: list[float], told: Digits) -> None:
    """Put numbers in place, and leave out kinks that are none at the numbers as typed."""
    report.value, *slopes = numbers
    report.gradient = dict(zip(report.wrt, slopes, strict=True))
    report.kinks = [kink for kink in report.kinks if kink.node not in told.passed]


def _put_arrays(report: Report, numbers: list[float], shapes: Shapes, *, proved: bool) -> None:
    """Put numbers in place, those of arrays in their shapes."""
    import numpy as np

    report.value, *slopes = numbers
    left, kind = iter(slopes), np.dtype(object if proved else float)
    report.gradient = {}
    for name, shape in shapes.items():
        own = np.empty(prod(shape), dtype=kind)
        own[:] = [*islice(left, own.size)]
        report.gradient[name] = own.reshape(shape) if shape else own[0]


def of_result(found: Result, count: int, timeout: float) -> Digits:
    """Put the numbers of a result in place, in the digits that are proved."""
    point = found.point
    graph, outputs = point.graph, point.lowered.outputs
    of, names = point.point, {*point.bindings}
    if found.numbers is not None:
        of, names = found.numbers.of, {*found.numbers.lowered.graph.variables()}
    typed, notes = _given(of, names)
    found.settle(typed)
    bindings = {**point.bindings, **typed}
    parts = [Part(Asked(graph, bindings, outputs), found.outputs, found.values)]
    if found.order is not None:
        [node] = point.wrt.values()
        asked = Asked(graph, bindings, outputs, None, [node], found.order)
        rows = [*found.rows()]
        labels = [f"h^{title[-1]}" for title, _ in rows]
        parts.append(Part(asked, labels, [value for _, value in rows]))
    found.in_digits = [piece.at_typed(typed) for piece in found.pieces()]
    for piece in found.in_digits:
        report, wrt = piece.report, [] if piece.of_value else [*piece.report.wrt.values()]
        values = [report.top] if piece.of_value else []
        asked = Asked(report.graph, bindings, values, report.top, wrt)
        own = None if piece.of_value else report
        parts.append(Part(asked, piece.labels, piece.results, own))
    told = proved_parts(parts, count, timeout)
    told.notes[:0] = notes
    numbers, *rest = [part.numbers(count) for part in parts]
    found.zero = Proved.of("0") if count else 0.0
    found.take(numbers, rest)
    for piece, results in zip(found.in_digits, rest, strict=found.order is None):
        piece.put(results)
        if _finite(results):
            piece.report.causes = []
    if _finite([one for part in (numbers, *rest) for one in part]):  # it is floats that overflow
        for own in (found.point, *found.derived):
            own.causes = []
    return told


def _of_numbers(report: Report, typed: Mapping[str, float]) -> Part:
    nodes = [*report.wrt.values()]
    labels = ["the value", *[report.label(name) for name in report.wrt]]
    asked = Asked(report.graph, {**report.bindings, **typed}, [report.top], report.top, nodes)
    return Part(asked, labels, [report.value, *report.gradient.values()], report)


def _of_arrays(report: Report, typed: Mapping[str, float]) -> tuple[Part, Shapes]:
    """Return a gradient of arrays by elements, and the shapes that they are of."""
    import numpy as np

    from backpropcli.calculus.elements import in_numbers
    from backpropcli.report.report import Report as Elements
    from backpropcli.report.written import start

    try:
        numbers = in_numbers(report.lowered, report.bindings)
    except BackpropError as error:
        raise BackpropError(
            f"digits of arrays are proved element by element: {error.message}", error.hint
        ) from None
    [top] = numbers.places[report.top]
    shapes = {name: np.shape(slope) for name, slope in report.gradient.items()}
    wrt: dict[str, int] = {}
    floats = [float(report.value)]
    for name, node in report.wrt.items():
        each = (titled(name, place) for place in np.ndindex(*shapes[name]))
        wrt.update(zip(each, numbers.places[node], strict=True))
        floats += np.asarray(report.gradient[name]).ravel().tolist()
    bindings, nodes = {**numbers.bindings, **typed}, [*wrt.values()]
    asked = Asked(numbers.program.graph, bindings, [top], top, nodes)
    labels = ["the value", *[f"d/d{name}" for name in wrt]]
    if report.lowered.diffs:  # nothing is told of those element by element
        return Part(asked, labels, floats), shapes
    told = Elements(*start(numbers, report.top, wrt)).at_typed(typed)
    return Part(asked, labels, floats, told), shapes


def _given(point: Mapping[str, Any], names: Collection[str]) -> tuple[dict[str, float], list[str]]:
    """Return numbers that rest on arrays as they were typed, and notes about those that are not."""
    arrays = any(not isinstance(point[name], float) for name in names)
    if not arrays and not getattr(point, "written", None):
        return {}, []
    from backpropcli.calculus.bindings.written import as_given

    return as_given(point, names)
