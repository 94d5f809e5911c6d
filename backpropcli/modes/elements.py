"""Modes that give a number for each pair of elements: they run on the program in numbers."""

from __future__ import annotations

from backpropcli.calculus.choice import has_arrays
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import LEAVES
from backpropcli.modes.gradient import ready

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeVar

    from backpropcli.calculus.elements import Numbers
    from backpropcli.language.program import Program
    from backpropcli.report.result import Result

    Shapes = dict[str, tuple[int, ...]]
    R = TypeVar("R", bound=Result)


TIED = (
    "sort, topk, argmax or the like meet equal elements: there is no derivative, and they stay in "
    "the order of this point"
)


class WrittenOut:
    """A program of arrays in numbers: ``program``, ``bindings`` and the names ``wrt``.

    ``outputs`` and ``variables`` have the shapes of what the elements belong to.
    """

    def __init__(
        self, numbers: Numbers, wrt: list[str], outputs: Shapes, variables: Shapes
    ) -> None:
        self.numbers = numbers
        self.program, self.bindings = numbers.program, numbers.bindings
        self.wrt = wrt
        self.outputs = outputs
        self.variables = variables

    def told(self, found: R) -> R:
        """Return what was found of the numbers, with the shapes of what they belong to."""
        found.shapes = {"outputs": self.outputs, "variables": self.variables}
        found.ordered, found.tied = self.numbers.ordered, self.numbers.tied
        if found.tied:
            found.point.lowered.warnings.append(TIED)
        return found


def written_out(
    program: Program, bindings: Mapping[str, Any], wrt: Sequence[str] = ()
) -> WrittenOut | None:
    """Return a program of arrays in numbers; None for one that is so already.

    Names in ``wrt`` stand for all their elements; x[0] is one of them.
    """
    if not has_arrays(program.graph, bindings):
        return None
    from backpropcli.calculus.elements import in_numbers  # noqa: PLC0415 (NumPy)

    lowered, _ = ready(program, bindings, [name.partition("[")[0] for name in wrt])
    rows = {lowered.graph.table[name] for name in set(lowered.graph.operations) - set(LEAVES)}
    ruled = sorted(row.shown for row in rows if row.own and row.whole)
    if ruled:
        raise BackpropError(
            f"the rule of {ruled[0]} maps an adjoint, and this mode needs derivatives by elements",
            "leave the rule out here; the gradient of a number uses it",
        )
    found = in_numbers(lowered, bindings)
    known = {**found.program.variables, **found.program.names}
    heads = list(wrt) or list(program.variables)
    asked: list[str] = []
    variables: Shapes = {}
    for head in heads:
        own = [name for name in known if name == head or name.startswith(f"{head}[")]
        if not own:
            raise BackpropError(f"there is no element {head}", "places are counted from 0")
        asked += own
        variables[head] = _shape_of(head, own)
    outputs: Shapes = {}
    titles = iter(found.program.titles())
    for title, node in zip(program.titles(), lowered.outputs, strict=True):
        outputs[title] = _shape_of(title, [next(titles) for _ in found.places[node]])
    return WrittenOut(found, asked, outputs, variables)


def spread(given: Mapping[str, Any], shapes: Shapes) -> dict[str, float]:
    """Return components by name, as of a direction, element by element.

    A number for an array stands for all its elements. Raises BackpropError for another shape.
    """
    from backpropcli.calculus.elements import each_place, element, numbered  # noqa: PLC0415 (NumPy)

    parts: dict[str, float] = {}
    for name, value in given.items():
        shape = shapes.get(name, ())
        own = tuple(getattr(value, "shape", ()))
        if own and own != shape:
            raise BackpropError(
                f"the component of {name} is {'x'.join(map(str, own))}, and {name} is "
                f"{'x'.join(map(str, shape)) or 'a number'}",
                "give it the shape of what it belongs to",
            )
        if own:
            parts |= {element(name, place): number for place, number in numbered(value)}
        else:
            parts |= {element(name, place): float(value) for place in each_place(shape)}
    return parts


def _shape_of(name: str, elements: Sequence[str]) -> tuple[int, ...]:
    """Return the shape of what elements with these names make; one may be named itself: x[0]."""
    last = elements[-1]
    if last == name:
        return ()
    return tuple(int(part) + 1 for part in last.rpartition("[")[2][:-1].split(","))
