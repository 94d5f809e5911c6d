"""The main job: a program and a point in, a report out."""

from __future__ import annotations

from backpropcli.calculus.choice import numbers_of, shapes_of
from backpropcli.calculus.lower import lower
from backpropcli.errors import BackpropError
from backpropcli.graph.statics import sizes_in
from backpropcli.report.report import Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.program import Program


def gradient(
    program: Program,
    bindings: Mapping[str, float],
    wrt: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> Report:
    """Return the report of ``program`` at the point ``bindings``.

    ``wrt`` are the names, of variables or of named intermediates, by which to differentiate; none
    means all variables. Raises BackpropError for a variable without a value or an unknown name,
    and for a program with several outputs.
    """
    lowered, asked = ready(program, bindings, wrt)
    if len(program.outputs) > 1:
        count = len(program.outputs)
        raise BackpropError(
            f"the program has {count} outputs, and a gradient is of one",
            "for all of them: backprop jacobian; for their sum with weights: backprop vjp --with",
        )
    found = report_of(lowered, bindings, asked, {lowered.outputs[0]: 1.0}, warnings)
    if found.arrays and (shape := getattr(found.value, "shape", ())):
        from backpropcli.arithmetics.shapes import sizes

        many = "1 element" if {*shape} == {1} else f"{sizes.text(shape)} elements"
        raise BackpropError(
            f"the output has {many}, and a gradient is of one number",
            "write its sum, its mean or one element; for all elements: backprop jacobian",
        )
    return found


def report_of(
    lowered: Lowered,
    bindings: Mapping[str, float],
    wrt: dict[str, int],
    seeds: dict[int, float],
    warnings: Sequence[str] = (),
) -> Report:
    """Return the report of the sum of nodes that ``seeds`` gives: node -> cotangent."""
    numbers = numbers_of(lowered.graph, bindings)
    told = [*warnings, *lowered.warnings]
    if hasattr(numbers, "format"):
        seeds = numbers.given(seeds)
    if not hasattr(numbers, "silence"):
        return Report(lowered, bindings, wrt, None, seeds, warnings=told)
    with numbers.silence():
        return Report(lowered, bindings, wrt, None, seeds, warnings=told)


def twin(found: Report) -> Report:
    """Return the same in doubles, of a report that is rounded to a shorter format."""
    bindings = {name: _double(value) for name, value in found.bindings.items()}
    seeds = {node: _double(seed) for node, seed in found.seeds.items()}
    return report_of(found.lowered, bindings, found.wrt, seeds)


def _double(value: Any) -> Any:  # noqa: ANN401 (a number, or an array)
    return value if isinstance(value, float) else value.astype(float)


def ones(lowered: Lowered) -> dict[int, float]:
    """Return the cotangents of the sum of all outputs: 1 for each, and 2 for a node that is two."""
    found: dict[int, float] = {}
    for node in lowered.outputs:
        found[node] = found.get(node, 0.0) + 1.0
    return found


def ready(
    program: Program,
    bindings: Mapping[str, Any],
    wrt: Sequence[str] = (),
) -> tuple[Lowered, dict[str, int]]:
    """Return the flat graph, and the nodes there that the names ``wrt`` stand for.

    They are all variables if there are no names. A point knows where its values are from. Raises
    BackpropError for a variable without a value, an unknown name, and shapes that do not fit.
    """
    lowered = lower(program, shapes_of(program.graph, bindings))
    missing = [name for name in lowered.graph.variables() if name not in bindings]
    if missing:
        from backpropcli.calculus.bindings.mistakes.missing import unbound

        raise unbound(program, missing, bindings)
    if lowered.shapes is not None:
        from backpropcli.calculus.fitting import fitting

        origins = getattr(bindings, "origins", {})
        lowered.warnings += fitting(lowered, lowered.shapes, origins, bindings)
        if "cholesky" in lowered.graph.operations:
            from backpropcli.report.unsymmetric import notes

            lowered.warnings += notes(lowered, bindings)
    return lowered, wanted(lowered, wrt)


def wanted(lowered: Lowered, wrt: Sequence[str] = ()) -> dict[str, int]:
    """Return the nodes that the names ``wrt`` stand for: all variables if there are none.

    Raises BackpropError for an unknown name.
    """
    places = lowered.places
    variables = lowered.program.variables
    sizes = sizes_in(lowered.program.graph.table, lowered.program.graph.args.values())
    known = {name: places[node] for name, node in variables.items() if name not in sizes}
    if not wrt:
        return known
    known |= lowered.names
    asked = {}
    for name in wrt:
        if name in sizes:
            from backpropcli.calculus.sizing import of_size

            raise of_size(name)
        if name not in known:
            from backpropcli.language.names import hint_for

            raise BackpropError(
                f"the expression has no '{name}' to differentiate by",
                hint_for(name, known, f"names: {', '.join(known)}"),
            )
        asked[name] = known[name]
    return asked
