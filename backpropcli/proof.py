"""The work behind a verdict: our pass on many digits, held against SymPy's derivatives.

Two ways. *Node by node*: each local partial is held against SymPy's derivative of that one
operation, and the adjoints against sums made from SymPy's partials alone; this is linear and
covers every node. *Whole*: SymPy differentiates the whole expression by a variable or an
intermediate node; this is done while the expression stays small.

Numbers agree when 40 digits do. The working precision is raised until two precisions give the
same 45 digits, so that there is no tolerance to choose.
"""

from __future__ import annotations

from time import monotonic

import sympy
from mpmath import mp, mpf

from backpropcli.arithmetics import digits
from backpropcli.arithmetics.symbols import Builder
from backpropcli.forward import forward
from backpropcli.reverse import reverse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import Any

    from backpropcli.report import Report

AGREE, STEADY, SHOWN = 40, 45, 40
NEAREST = 17.0
"""The digits of a float that is the double nearest to the truth."""
PRECISIONS = (60, 90, 180, 360, 960)
NOTHING = mpf(10) ** -340
"""Less than this is 0: no double can tell, and SymPy's forms may cancel to it."""
EXACT = {"add", "sub", "mul", "neg", "abs", "sign", "min", "max", "where", "clip", "relu", "sg"}
"""Operations that round only where their result needs more digits than there are."""
LARGEST_WHOLE = 300
DEEPEST_WHOLE = 100
LARGEST_TREE = 3000
BUDGET = 0.5
"""Seconds that intermediate nodes may take beyond what was asked for."""
NEWS_EVERY = 2000


def same(first: Any, second: Any, count: int) -> bool:  # noqa: ANN401 (mpmath has no types)
    """Say whether two numbers agree in ``count`` digits."""
    if first == second or (abs(first) < NOTHING and abs(second) < NOTHING):
        return True
    return bool(abs(first - second) <= mpf(10) ** -count * max(abs(first), abs(second)))


def _noise(precision: int) -> Any:  # noqa: ANN401
    """Return what part of its terms a sum is 0 below, at a precision of so many digits."""
    return mpf(10) ** (PRECISIONS[0] - STEADY - precision)


def _unrounded(operation: str, inputs: list[Any]) -> bool:
    """Say whether a sum or a product of ``inputs`` needs no more bits than there are."""
    numbers = [item._mpf_ for item in inputs if isinstance(item, mpf) and item]
    if operation in {"add", "sub"} and numbers:
        lowest = min(exponent for _, _, exponent, _ in numbers)
        highest = max(exponent + bits for _, _, exponent, bits in numbers)
        return bool(highest - lowest < mp.prec)
    return operation != "mul" or bool(sum(bits for *_, bits in numbers) <= mp.prec)


def shown(number: Any) -> str:  # noqa: ANN401
    """Return a number with 40 digits, fewer where the rest are 0."""
    return str(mp.nstr(number, SHOWN, min_fixed=-5, max_fixed=17))


class Point:
    """Our own passes on many digits, at the doubles that were bound."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.graph = report.program.graph
        self.bindings = {name: mpf(value) for name, value in report.bindings.items()}
        self.steady = False
        self.scales: list[float] = []
        self.precision = PRECISIONS[0]
        wrt = list(report.wrt.values())
        before: list[Any] | None = None
        for precision in PRECISIONS:
            with mp.workdps(precision):
                values, adjoints = self._passes()
                value, slopes = values[report.program.root], [adjoints[n] or mpf(0) for n in wrt]
                settled = before is not None and all(
                    same(one, other, STEADY)
                    or (self.is_noise(node, one) and self.is_noise(node, other, mp.dps))
                    for node, one, other in zip(wrt, before[1:], slopes, strict=True)
                )
                settled = settled and self._same_value(before, value, values)
                if settled and (precision == PRECISIONS[-1] or not self._doubtful(values, slopes)):
                    self.steady = True
                    break  # the passes before were right already, and are cheaper to go on with
            before = [value, *slopes]
            self.precision = precision
            self.values, self.adjoints = values, adjoints

    def _same_value(self, before: list[Any] | None, value: Any, values: list[Any]) -> bool:  # noqa: ANN401
        """Say whether the output is steady; it is 0 below the noise of the values."""
        first = before[0] if before else value
        if same(first, value, STEADY):
            return True
        largest = max(abs(item) for item in values if mp.isfinite(item))
        noise = _noise(self.precision) * largest, _noise(mp.dps) * largest
        return bool(abs(first) < noise[0] and abs(value) < noise[1])

    def _doubtful(self, values: list[Any], slopes: list[Any]) -> bool:
        """Say whether a sum has fewer than ``STEADY`` digits left, so that its 0 may be false.

        ``slopes`` are the derivatives asked for. A sum of numbers that no step has rounded is
        right, whatever cancels in it.
        """
        room = mp.prec - STEADY / 0.30103  # a bit is log10(2) digits
        exact = bytearray(len(values))
        for number, operation in enumerate(self.graph.operations):
            inputs, out = self.graph.inputs[number], values[number]
            if not inputs:
                exact[number] = operation != "constant"
                continue
            exact[number] = (
                operation in EXACT
                and all(exact[child] for child in inputs)
                and _unrounded(operation, [values[child] for child in inputs])
            )
            if operation in {"add", "sub"} and not exact[number]:
                size = max(mp.mag(values[child]) for child in inputs)
                if mp.isfinite(out) and size > -mp.inf and size - mp.mag(out) > room:
                    return True
        return not all(exact) and any(
            self.is_noise(node, slope, mp.dps)
            for node, slope in zip(self.report.wrt.values(), slopes, strict=True)
        )

    def same(self, node: int, first: Any, second: Any, count: int) -> bool:  # noqa: ANN401
        """Say whether two derivatives by ``node`` agree in ``count`` digits, or both are noise."""
        if same(first, second, count):
            return True
        return self.is_noise(node, first) and self.is_noise(node, second)

    def is_noise(self, node: int, slope: Any, precision: int = 0) -> bool:  # noqa: ANN401
        """Say whether a derivative by ``node`` is 0, but for the rounding of what it is a sum of.

        ``precision`` is that of ``slope`` in digits, if not the one of the passes that are kept.
        """
        return bool(abs(slope) <= _noise(precision or self.precision) * self.scale(node))

    def scale(self, node: int) -> float:
        """Return the size of the terms that a derivative by ``node`` is the sum of."""
        if not self.scales:
            self.scales = [0.0] * len(self.graph)
            self.scales[self.report.program.root] = 1.0
            for number in range(self.report.program.root, -1, -1):
                if self.scales[number]:
                    for edge in self.report.edges(number):
                        size = self.scales[number] * abs(edge.partial or 0.0)
                        self.scales[edge.input] += size if size < float("inf") else 0.0
        return self.scales[node]

    def _passes(self) -> tuple[list[Any], list[Any]]:
        values = [
            mpf(value) if isinstance(value, int) else value
            for value in forward(self.graph, digits, self.bindings)
        ]
        seeds = {self.report.program.root: mpf(1)}
        return values, reverse(self.graph, digits, values, seeds, self.report.active)


class Slopes:
    """SymPy's derivatives of single operations and of whole expressions, as numbers."""

    def __init__(self, point: Point) -> None:
        self.point = point
        self.precision = point.precision
        self.careful = False
        self.cache: dict[tuple[str, Any, int], Any] = {}

    def local(self, number: int, index: int) -> Any:  # noqa: ANN401
        """Return SymPy's derivative of node ``number`` by its input ``index``, at the point."""
        graph, values = self.point.graph, self.point.values
        children = graph.inputs[number]
        builder = Builder()
        given = [values[child] for child in children]
        inputs = [_input(position) for position in range(len(children))]
        if graph.operations[number] == "pow" and graph.operations[children[1]] == "number":
            inputs[1] = builder.number(float(graph.leaves[children[1]]), given[1])
        expression = builder.operation(graph.operations[number], inputs, given, values[number])
        key = (graph.operations[number], expression, index)
        found = self.cache.get(key)
        if found is None:
            found = self.cache[key] = _Derivative(
                expression,
                _input(index),
                [*(item for item in inputs if item.is_Symbol), *builder.point],
            )
        known = dict(zip(inputs, given, strict=True)) | builder.point
        return found.at(known, self.precision) if self.careful else found.once(known)

    def whole(self, by: int) -> Any:  # noqa: ANN401
        """Return SymPy's derivative of the output by node ``by``, at the point."""
        graph, values = self.point.graph, self.point.values
        root = self.point.report.program.root
        builder = Builder()
        symbols = {}
        expressions: list[Any] = []
        for number, operation in enumerate(graph.operations[: root + 1]):
            if number == by or operation in {"variable", "constant"}:
                symbols[number] = builder.symbol(values[number])
                expressions.append(symbols[number])
            elif operation == "number":
                expressions.append(builder.number(float(graph.leaves[number]), values[number]))
            else:
                children = graph.inputs[number]
                expressions.append(
                    builder.operation(
                        operation,
                        [expressions[child] for child in children],
                        [values[child] for child in children],
                        values[number],
                    )
                )
        derivative = _Derivative(expressions[root], symbols[by], list(builder.point))
        return derivative.at(builder.point, self.precision)


_inputs: list[Any] = []


def _input(position: int) -> Any:  # noqa: ANN401
    """Return the symbol that stands for an operation's input number ``position``."""
    while len(_inputs) <= position:
        _inputs.append(sympy.Dummy(f"x{len(_inputs)}", real=True))
    return _inputs[position]


class _Derivative:
    """A derivative by SymPy, evaluated by mpmath with as many digits as it takes."""

    def __init__(self, expression: Any, by: Any, symbols: list[Any]) -> None:  # noqa: ANN401
        slope = sympy.diff(expression, by)
        self.number = digits.constant(str(slope)) if slope.is_Integer else None
        if self.number is None:
            self.symbols = [item for item in dict.fromkeys(symbols) if item in slope.free_symbols]
            self.function = sympy.lambdify(self.symbols, slope, modules="mpmath", cse=True)

    def once(self, known: dict[Any, Any]) -> Any:  # noqa: ANN401
        """Return the derivative's value at the working precision; None where there is none."""
        if self.number is not None:
            return self.number
        try:
            found = mp.mpmathify(self.function(*[known[symbol] for symbol in self.symbols]))
        except (ZeroDivisionError, ValueError, OverflowError):
            return None
        if isinstance(found, mp.mpc):
            return found.real if abs(found.imag) <= NOTHING else None
        return found

    def at(self, known: dict[Any, Any], begin: int) -> Any:  # noqa: ANN401
        """Return the derivative's value; None where there is none, or it is never steady."""
        if self.number is not None:
            return self.number
        before = None
        for precision in PRECISIONS:
            if precision < begin:
                continue
            with mp.workdps(precision):
                found = self.once(known)
                if found is None or (before is not None and same(before, found, STEADY)):
                    return found
                before = found
        return None


def prove(report: Report, timeout: float) -> Iterator[dict[str, object]]:
    """Yield what is found, as it is found; see ``check`` for what the keys mean."""
    begin = monotonic()
    point = Point(report)
    with mp.workdps(point.precision):
        value = point.values[report.program.root]
        yield {"value_digits": accuracy(report.value, value), "value_truth": shown(value)}
        for index, (name, node) in enumerate(report.wrt.items()):
            truth = point.adjoints[node] or mpf(0)
            facts = {
                "truth": shown(truth),
                "digits": accuracy(report.gradient[name], truth),
            }
            yield {"entry": (index, facts)}
        if not point.steady:
            yield {"reason": f"{PRECISIONS[-1]} digits are not enough to be sure of 40"}
            return
        slopes = Slopes(point)
        small = is_small(report)
        try:
            if small:
                yield from _whole(report, point, slopes)
        except LookupError as error:
            yield {"reason": str(error)}
            return
        facts = yield from _node_by_node(report, point, slopes, whole=small)
        if "reason" in facts:  # one precision may be too little where SymPy's form cancels
            slopes.careful = True
            facts = yield from _node_by_node(report, point, slopes, whole=small)
        yield facts
        if small:
            spent = monotonic() - begin
            yield from _intermediates(report, point, slopes, min(BUDGET, timeout / 2 - spent))


def accuracy(result: float, truth: Any) -> float:  # noqa: ANN401
    """Return how many decimal digits of ``result`` are right; 17 for the double nearest."""
    if float(truth) == result:
        return NEAREST
    if truth == 0 or mp.isinf(result) or mp.isnan(result):
        return 0.0
    error = abs((mpf(result) - truth) / truth)
    return float(max(0.0, min(NEAREST, -mp.log10(error))))


def is_small(report: Report) -> bool:
    """Say whether SymPy can take the whole expression: it recurses, and writes sharing out."""
    graph = report.program.graph
    if len(graph) > LARGEST_WHOLE:
        return False
    depths: list[int] = []
    sizes: list[int] = []
    for inputs in graph.inputs:
        depths.append(1 + max((depths[child] for child in inputs), default=0))
        sizes.append(1 + sum(sizes[child] for child in inputs))
    root = report.program.root
    return depths[root] <= DEEPEST_WHOLE and sizes[root] <= LARGEST_TREE


def _whole(report: Report, point: Point, slopes: Slopes) -> Iterator[dict[str, object]]:
    """Hold the derivative of the whole expression by each name asked for against ours."""
    done = 0
    for index, node in enumerate(report.wrt.values()):
        facts = _compared(point, node, slopes.whole(node))
        done += facts["agree"] is not None
        yield {"entry": (index, facts), "whole": done, "method": "symbolic"}


def _compared(point: Point, node: int, found: Any) -> dict[str, object]:  # noqa: ANN401
    """Return what to say of SymPy's derivative by ``node`` beside ours."""
    if found is None:
        return {"agree": None}
    agree = point.same(node, found, point.adjoints[node] or mpf(0), AGREE)
    return {"agree": agree, "sympy": shown(found)}


def _intermediates(
    report: Report, point: Point, slopes: Slopes, budget: float
) -> Iterator[dict[str, object]]:
    """Hold the derivative by each other node against ours, while the time lasts."""
    stop = monotonic() + budget
    asked = set(report.wrt.values())
    done = len(asked)
    for number, ours in enumerate(point.adjoints):
        if ours is None or number in asked or number == report.program.root:
            continue
        if monotonic() > stop:
            break
        if not kinked(report) and _compared(point, number, slopes.whole(number))["agree"] is False:
            text = report.program.text(number, 40)
            yield {"reason": f"node {number}, {text}: SymPy finds another derivative"}
            return
        done += 1
        yield {"whole": done}


def kinked(report: Report) -> set[int]:
    """Return the nodes with a kink at the point: there a slope is a convention."""
    return {kink.node for kink in report.kinks}


def _node_by_node(  # noqa: C901 (each way to fail has its own words)
    report: Report, point: Point, slopes: Slopes, *, whole: bool
) -> Generator[dict[str, object], None, dict[str, object]]:
    """Hold every adjoint against the sum of contributions with SymPy's partials.

    Yields how far it is, and returns the last word: a "reason" where something is amiss.
    """
    graph, active, ours = point.graph, report.active, point.adjoints
    sums: list[Any] = [None] * len(graph)
    sums[report.program.root] = mpf(1)
    conventions = kinked(report)
    done = 0
    method = "symbolic and node by node" if whole else "node by node"
    for number in range(report.program.root, -1, -1):
        if sums[number] is None:
            continue
        mine = mpf(0) if ours[number] is None else ours[number]
        if not point.same(number, sums[number], mine, AGREE):
            text = report.program.text(number, 40)
            return {
                "reason": f"node {number}, {text}: its adjoint is {mp.nstr(mine, 20)}, "
                f"and by SymPy {mp.nstr(sums[number], 20)}",
            }
        if ours[number] is None:
            continue
        done += 1
        if done % NEWS_EVERY == 0:
            yield {"nodes_checked": done, "method": method}
        for index, child in enumerate(graph.inputs[number]):
            if not active[child] or not active[number]:
                continue
            try:
                partial = (
                    _convention(report, number, index)
                    if number in conventions
                    else slopes.local(number, index)
                )
            except LookupError as error:
                return {"reason": str(error)}
            if partial is None:
                text = report.program.text(number, 40)
                return {"reason": f"SymPy has no value for the derivative of {text} here"}
            given = ours[number] * partial
            sums[child] = given if sums[child] is None else sums[child] + given
    if not whole:
        for index, node in enumerate(report.wrt.values()):
            yield {"entry": (index, _compared(point, node, sums[node] or mpf(0)))}
    return {"nodes_checked": done, "method": method}


def _convention(report: Report, number: int, index: int) -> Any:  # noqa: ANN401
    """Return the slope that is taken at a kink."""
    partial = report.edges(number)[index].partial
    return mpf(0) if partial is None else mpf(partial)
