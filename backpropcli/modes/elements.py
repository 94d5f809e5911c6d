"""Modes on programs of arrays: what is given and found by elements.

Those that give a number for each pair of elements run on the program written out in numbers.
"""

from __future__ import annotations

from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.calculus.bindings import Point
from backpropcli.calculus.choice import has_arrays
from backpropcli.errors import BackpropError, NotByElementsError
from backpropcli.modes.gradient import ready, wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeVar

    from backpropcli.calculus.elements import Numbers
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.program import Program
    from backpropcli.report.result import Result

    Shapes = dict[str, tuple[int, ...]]
    R = TypeVar("R", bound=Result)

LONG = 40
JUMPS = "{} goes by a place or an order that jumps here; it stays the one of this point"


class WrittenOut:
    """A program of arrays in numbers: ``program``, ``bindings`` and the elements' names ``wrt``.

    ``outputs`` and ``variables`` have the shapes of what the elements belong to.
    """

    def __init__(self, lowered: Lowered, numbers: Numbers, wrt: Sequence[str]) -> None:
        self.lowered = lowered
        self.numbers = numbers
        self.program, self.bindings = numbers.program, Point(numbers.bindings, {})
        self.bindings.dtype = getattr(numbers.of, "dtype", "")
        elements = self._elements(wrt)
        self.wrt = [name for own in elements.values() for name in own]
        self.variables = {name: _shape_of(name, own) for name, own in elements.items()}
        titles = iter(self.program.titles())
        self.outputs: Shapes = {}
        for title, node in zip(lowered.program.titles(), lowered.outputs, strict=True):
            own = [next(titles) for _ in numbers.places[node]]
            self.outputs[title] = _shape_of(title, own)

    def _elements(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return the elements of each name; raise BackpropError for an element there is not."""
        known = {**self.program.variables, **self.program.names}
        found = {}
        for head in names:
            own = [name for name in known if name == head or name.startswith(f"{head}[")]
            if not own:
                raise no_element(head)
            found[head] = own
        return found

    def shapes_of(self, names: Sequence[str]) -> Shapes:
        """Return the shapes of names; raise BackpropError for an unknown one."""
        if names:
            wanted(self.lowered, whole(names, self.lowered.program))
        return {name: _shape_of(name, own) for name, own in self._elements(names).items()}

    def run(self, mode: Callable[..., R], /, *given: Any, **options: Any) -> R:  # noqa: ANN401
        """Return what a mode finds of it, by the elements ``wrt``."""
        found = mode(self.program, self.bindings, *given, wrt=self.wrt, **options)
        return self.told(found)

    def told(self, found: R) -> R:
        """Return what was found of the numbers, with the shapes of what they belong to."""
        found.shapes = {"outputs": self.outputs, "variables": self.variables}
        found.ordered, found.numbers = self.numbers.ordered, self.numbers
        notes = [*self.lowered.warnings]
        if self.numbers.placed or self.numbers.fixed:
            from backpropcli.report.truth.orders import jumps

            node = jumps(self.numbers)
            if node is not None:
                notes.append(JUMPS.format(self.lowered.text(node, LONG)))
                found.point.held = True
        found.point.lowered.warnings += notes
        found.point.warnings += notes
        return found


def in_elements(
    program: Program, bindings: Mapping[str, Any], wrt: Sequence[str] = ()
) -> WrittenOut:
    """Return a program of arrays in numbers. Raises BackpropError where that is too much.

    Names in ``wrt`` stand for all their elements; x[0] is one of them.
    """
    from backpropcli.calculus.elements import in_numbers

    lowered, _ = ready(program, bindings, whole(wrt, program))
    ruled = [row.shown for row in lowered.ruled if row.whole]
    if ruled:
        raise NotByElementsError(
            f"the rule of {ruled[0]} maps an adjoint, so it has no derivatives by elements",
            "leave the rule out here; the gradient of a number uses it",
        )
    return WrittenOut(lowered, in_numbers(lowered, bindings), list(wrt) or [*program.variables])


def by_elements(
    program: Program, bindings: Mapping[str, Any], wrt: Sequence[str]
) -> WrittenOut | None:
    """Return the program in numbers where a name in ``wrt`` is that of an element, else None."""
    named = any("[" in name for name in wrt) and has_arrays(program.graph, bindings)
    return in_elements(program, bindings, wrt) if named else None


def in_elements_if_small(
    program: Program, bindings: Mapping[str, Any], wrt: Sequence[str]
) -> WrittenOut | None:
    """Return a program of arrays in numbers; None for one of numbers, or to go by whole arrays.

    That is so where it is too large, or a rule maps an adjoint; names of elements are of numbers.
    """
    if not has_arrays(program.graph, bindings):
        return None
    try:
        return in_elements(program, bindings, wrt)
    except NotByElementsError:
        if any("[" in name for name in wrt):
            raise
        return None


def whole(names: Iterable[str], program: Program) -> list[str]:
    """Return what names are of, some of which may be elements: x of x[0], each once."""
    known = {**program.variables, **program.names}
    return [*dict.fromkeys(name if name in known else name.partition("[")[0] for name in names)]


def no_element(name: str) -> BackpropError:
    """Return the mistake of naming an element that there is not."""
    return BackpropError(f"there is no element {name}", "places are counted from 0")


def bare(name: str) -> str:
    """Return an output's name, or its text, without blanks."""
    return "".join(name.split())


def components_of(
    nodes: Mapping[str, int],
    given: Mapping[str, Any],
    lowered: Lowered,
    missing: Callable[[str], BackpropError] = no_element,
) -> tuple[dict[str, float], list[tuple[str, Any]]]:
    """Return what is given of the names of ``nodes``, by elements, and by names of the nodes.

    Names may be those of elements. Raises BackpropError for another shape than the node has, and
    what ``missing`` says of a name that there is not.
    """
    own = {bare(name): name for name in nodes}
    if lowered.shapes is None:
        for name in given:
            if bare(name) not in own:
                raise missing(name)
        return {**given}, [(own[bare(name)], part) for name, part in given.items()]
    shapes: Any = dict(zip(nodes, lowered.shapes_at(nodes.values()), strict=True))
    parts, arrays = _components(given, shapes, missing)
    return parts, [*arrays.items()]


def _components(
    given: Mapping[str, Any], shapes: Shapes, missing: Callable[[str], BackpropError]
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return what is given of names that have ``shapes``, by elements, and as arrays of the names.

    Some may be elements: x=[1, 0], y[2]=1. Raises BackpropError for another shape, and what
    ``missing`` says of a name that there is not.
    """
    import numpy as np

    from backpropcli.calculus.elements import each_place, element

    own = {bare(name): shape for name, shape in shapes.items()}
    parts = spread(given, {name: own.get(bare(name), ()) for name in given})
    known = {
        bare(element(name, place)): (name, place)
        for name, shape in shapes.items()
        for place in each_place(shape)
    }
    arrays: dict[str, Any] = {}
    for title, part in parts.items():
        if bare(title) not in known:
            raise missing(title)
        name, place = known[bare(title)]
        arrays.setdefault(name, np.zeros(shapes[name]))[place] += float(part)
    return parts, {name: value if value.ndim else float(value) for name, value in arrays.items()}


def spread(given: Mapping[str, Any], shapes: Shapes) -> dict[str, float]:
    """Return components by name, as of a direction, element by element.

    A number for an array stands for all its elements. Raises BackpropError for another shape.
    """
    from backpropcli.calculus.bindings.written import as_given
    from backpropcli.calculus.elements import each_place, element, numbered

    parts: dict[str, float] = {}
    typed, _ = as_given(given, given)
    for name, value in given.items():
        shape = shapes.get(name, ())
        own = tuple(getattr(value, "shape", ()))
        if own and own != shape:
            from backpropcli.arithmetics.shapes import sizes

            raise BackpropError(
                f"the component of {name} is {sizes.text(own)}, and {name} is {sizes.text(shape)}",
                "give it the shape of what it belongs to",
            )
        if own:
            for place, number in numbered(value):
                parts[element(name, place)] = typed.get(titled(name, place), number)
        else:
            part = typed.get(name, value)
            parts |= {element(name, place): part for place in each_place(shape)}
    return parts


def _shape_of(name: str, elements: Sequence[str]) -> tuple[int, ...]:
    """Return the shape of what elements with these names make; one may be named itself: x[0]."""
    last = elements[-1]
    if last == name:
        return ()
    return tuple(int(part) + 1 for part in last.rpartition("[")[2][:-1].split(","))
