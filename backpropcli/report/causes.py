"""The first cause of a value or a gradient that is not finite."""

from __future__ import annotations

from math import inf, isfinite

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input, word
from backpropcli.report.taken import taken_nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.arithmetics.rounded import Format
    from backpropcli.graph.row import Row
    from backpropcli.report.flow import Flow
    from backpropcli.report.run import Run

SHOWN = 40
"""Characters of a node's text in a sentence."""


class Cause:
    """The first cause of what is not finite: the pass it is in, the node, and why.

    ``index`` has the node's element, where its value is an array.
    """

    __slots__ = ("index", "input", "node", "phase", "reason")

    def __init__(
        self,
        phase: str,
        node: int,
        child: int | None,
        reason: str,
        index: tuple[int, ...] | None = None,
    ) -> None:
        self.phase = phase
        self.node = node
        self.input = child
        self.reason = reason
        self.index = index

    def __repr__(self) -> str:
        return f"<Cause: {self.phase} pass: {self.reason}>"


class Spot:
    """An operation at numbers: its row, value and text, and its inputs' values and texts.

    ``said`` are the inputs whose values a sentence gives: literals say their own.
    """

    __slots__ = ("given", "row", "said", "text", "texts", "value")

    def __init__(  # noqa: PLR0913 (a record)
        self,
        row: Row,
        value: float,
        given: Sequence[float],
        text: str,
        texts: Sequence[str],
        said: Sequence[bool],
    ) -> None:
        self.row = row
        self.value = value
        self.given = given
        self.text = text
        self.texts = texts
        self.said = said


def forward_cause(run: Run) -> Cause | None:
    """Return the first node in use whose value is not finite though its inputs are, if any.

    An infinite input can give a finite value; what matters is the part that the output uses. Where
    a choice is nan itself, as max(2, nan), that is all it rests on.
    """
    outputs = list(run.seeds)
    taken = taken_nodes(run.graph, run.values, outputs)
    found = _first(run, taken)
    if found is None and not all(isfinite(run.values[output]) for output in outputs):
        found = _first(run, run.graph.ancestors(outputs))
    return found


def _first(run: Run, taken: bytearray) -> Cause | None:
    """Return the first of the nodes ``taken`` whose value is not finite though its inputs are."""
    graph = run.graph
    bounds = set()
    for number, value in enumerate(run.values):
        inputs = graph.inputs[number]
        if isfinite(value) or not taken[number]:
            continue
        given = [run.values[child] for child in inputs]
        if not inputs and number not in run.lowered.surface:
            bounds.add(number)  # in a rule
            continue
        if not inputs and (reason := _too_large(run, number)):
            return Cause("forward", number, None, reason)
        if not inputs:
            what = "variable" if graph.operations[number] == "variable" else "constant"
            return Cause("forward", number, None, f"this {what} is {value!r}")
        if value != value and not bounds.isdisjoint(inputs):  # noqa: PLR0124 (nan)
            return Cause("forward", number, None, "this derivative has no value here")
        if all(map(isfinite, given)):
            return Cause("forward", number, None, _why(run, number))
        if value != value and not any(item != item for item in given):  # noqa: PLR0124 (nan)
            return Cause("forward", number, None, indeterminate(graph.row(number), given))
    return None


def _too_large(run: Run, number: int) -> str:
    """Say that a value that was typed is beyond the format; "" where that is not the reason."""
    arg = run.graph.args.get(number)
    value = run.bindings.get(str(arg)) if run.graph.operations[number] == "variable" else arg
    if run.format is None or not isinstance(value, float) or not isfinite(value):
        return ""
    return beyond(run.text(number, SHOWN), value, run.format)


def beyond(text: str, value: float, given: Format) -> str:
    """Say that a number is too large for a format."""
    literal = text.lstrip("-")[:1].isdigit()
    what = " is too large:" if literal else f" is {value:.6g}, and"
    return f"overflow: {text}{what} {given.name} ends at {given.largest:.6g}"


def _why(run: Run, number: int) -> str:
    """Say why a node has a value that is not finite at finite inputs: by what is true there."""
    if run.format is not None:
        row = run.graph.row(number)
        here = word(row, floats)(*[run.values[child] for child in run.graph.inputs[number]])
        if isfinite(here):
            return beyond(run.text(number, SHOWN), here, run.format)
    from backpropcli.report.truth import values_at  # noqa: PLC0415 (mpmath: heavy)

    graph, values = run.graph, run.values
    inputs = graph.inputs[number]
    true = values_at(graph, run.bindings, [number, *inputs])
    given = [values[child] for child in inputs]
    texts = [run.text(child, SHOWN) for child in inputs]
    said = [graph.operations[child] != "number" for child in inputs]
    text = run.text(number, SHOWN)
    return why(Spot(graph.row(number), values[number], given, text, texts, said), true)


def why(spot: Spot, true: Sequence[Any]) -> str:  # noqa: PLR0911 (a return for each kind)
    """Say why an operation is not finite at finite inputs.

    ``true`` are what its value and its inputs truly are, None where that is not known.
    """
    row, text, value = spot.row, spot.text, spot.value
    if true[0] is not None and -inf < true[0] < inf:
        return _rounded(spot, true)
    inside = row.domain if not row.variadic else None
    if inside is not None and not by_input(row, [inside], floats)(value, *spot.given)[0]:
        return _outside(spot)
    if row.name == "div":
        return "0/0 has no value" if value != value else "division by zero"  # noqa: PLR0124
    if value != value:  # noqa: PLR0124 (nan)
        return f"{text} has no value here"
    if row.overflows and not (true[0] is not None and row.name in {"pow", "gamma"}):
        return f"overflow: {text} is larger than 1.8e308, where doubles end"
    return f"{text} has a pole here: it grows without bound"


def _rounded(spot: Spot, true: Sequence[Any]) -> str:
    """Say what rounding makes of an operation that truly is finite."""
    pairs = [
        pair for pair in zip(spot.texts, spot.given, true[1:], strict=True) if pair[2] is not None
    ]
    for what, here, there in pairs:
        if float(there) != here:
            return f"rounding: {what} is {_brief(there)}, but {_number(here)} in floats"
        if there and not here:
            return f"underflow: {what} is {_brief(there)}, but 0 in floats"
    for what, here, there in pairs if isfinite(float(true[0])) else ():
        if there != here:
            sign, gap, shown = (
                "-" if there < here else "+",
                _brief(abs(there - here)),
                _number(here),
            )
            return f"rounding: {what} is {shown} {sign} {gap}, but {shown} in floats"
    return f"overflow: {spot.text} is {_brief(true[0])}, and doubles end at 1.8e308"


def _outside(spot: Spot) -> str:
    """Say what a node needs to have a value, and what its inputs are, in the user's words."""
    from backpropcli.language.scanner import tokens  # noqa: PLC0415 (rare)

    row = spot.row
    known = dict(zip(row.parameters, spot.texts, strict=True))
    said, at = "", 0
    for terminal, start, end in tokens(row.exists):
        word = row.exists[start:end]
        said += row.exists[at:start] + (known.get(word, word) if terminal == "NAME" else word)
        at = end
    here = " and ".join(
        f"{what} is {_number(value)}"
        for what, (value, said) in dict(
            zip(spot.texts, zip(spot.given, spot.said, strict=True), strict=True)
        ).items()
        if said
    )
    return f"{spot.text} needs {said}" + (f", but {here}" if here else "")


def _number(value: float) -> str:
    """Return a float with six digits, or all it has where six are not what it is."""
    short = f"{value:.6g}"
    return short if float(short) == value else repr(value)


def _brief(number: Any) -> str:  # noqa: ANN401 (a number of many digits)
    from mpmath import nstr

    return str(nstr(number, 6))


def indeterminate(row: Row, given: Sequence[float]) -> str:
    """Say why ``row`` makes nan from infinite inputs."""
    shown = [repr(item) for item in given]
    if row.infix and len(shown) == 2:  # noqa: PLR2004
        return f"{shown[0]} {row.infix} {shown[1]} has no value"
    return f"{row.name}({', '.join(shown)}) has no value"


def backward_cause(run: Run, flow: Flow) -> Cause | None:
    """Return the first edge, from the output down, whose contribution is not finite.

    Where all contributions are finite it is the first sum that is not.
    """
    for number in range(run.top, -1, -1):
        adjoint = run.adjoints[number]
        if adjoint is None:
            continue
        if not isfinite(adjoint):
            return Cause("backward", number, None, "the sum of the contributions overflows here")
        for edge in flow.edges(number):
            on = run.active[edge.input] and edge.contribution is not None
            if on and not isfinite(edge.contribution or 0.0):
                text, values = run.lowered.whose(number, SHOWN), run.values
                given = [values[child] for child in run.graph.inputs[number]]
                reason = along(text, adjoint, edge.partial, values[number], given, run.format)
                return Cause("backward", number, edge.input, reason)
    return None


def tangent_cause(run: Run, flow: Flow) -> list[Cause]:
    """Return the first node whose tangent is not finite though its inputs' are, if any."""
    for number, tangent in enumerate(run.adjoints):
        if tangent is None or isfinite(tangent):
            continue
        for edge in flow.edges(number):
            if edge.contribution is not None and not isfinite(edge.contribution):
                given = run.adjoints[edge.input]
                if given is not None and isfinite(given):
                    return [Cause("forward", number, None, _slope(run, number, edge.partial))]
    return []


def _slope(run: Run, number: int, partial: float | None) -> str:
    """Say why a tangent through node ``number`` is not finite."""
    text = run.lowered.whose(number, SHOWN)
    if partial is None or isfinite(partial):
        return "the sum of the tangents overflows here"
    if partial != partial:  # noqa: PLR0124 (nan)
        return f"the local derivative of {text} does not exist here"
    return f"the local derivative of {text} is infinite here"


def along(  # noqa: PLR0913 (what an edge has)
    text: str,
    adjoint: float,
    partial: float | None,
    value: float,
    given: Sequence[float],
    kind: Format | None = None,
) -> str:
    """Say why a contribution along an edge of an operation with this ``text`` is not finite."""
    if partial is not None and isfinite(partial):
        end = "" if kind is None else f": {kind.name} ends at {kind.largest:.6g}"
        return f"the product {adjoint!r} * {partial!r} overflows{end}"
    if partial is not None and partial != partial:  # noqa: PLR0124 (nan)
        if any(item != item for item in given):  # noqa: PLR0124 (nan)
            return f"the local derivative of {text} uses a value that is nan"
        if value != value:  # noqa: PLR0124 (nan)
            return f"{text} has no value here, so it has no derivative"
        return f"the local derivative of {text} does not exist here"
    if adjoint == 0:
        return f"0 * inf: the gradient by {text} is 0, its local derivative infinite"
    return f"the local derivative of {text} is infinite here"
