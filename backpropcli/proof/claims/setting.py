"""What claims are held in: the point, shapes and ranges of variables, and sizes of letters."""

from __future__ import annotations

from backpropcli.arithmetics.shapes.sizes import letter
from backpropcli.calculus.chosen import given_as_sizes, sampled, sizes_held
from backpropcli.calculus.sizing import Shapes, of_size, typed
from backpropcli.errors import SourceError
from backpropcli.language.claims.read import claimed
from backpropcli.proof.equality.domain import Where, point_of
from backpropcli.proof.equality.ranges import ranges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph
    from backpropcli.language.claims.records import Claimed, Text

ASSIGNED = "a name that has a value from outside"
"""The mistake of a program that assigns what a letter of shapes is."""


class Setting:
    """Where claims are held: at a ``point``, by name, and in ``ranges``.

    With arrays ``shapes`` are those of the variables, and ``values`` are for all of them, whether
    the point has them or not; letters of shapes that claims use are variables with their sizes.
    ``count`` is how many points are tried, 0 for as many as there are. ``free`` are the letters
    that no value has a number for: choice number ``turn`` of their sizes. Those that are given are
    ``held``, as text.
    """

    def __init__(
        self, point: Mapping[str, Any], shapes: str | None, count: int, turn: int = 0
    ) -> None:
        self.turn = turn
        self.begun = dict(point), shapes, count
        self.free: Mapping[str, int] = {}
        self.held: list[str] = []
        self.point = dict(point)
        self.values: dict[str, Any] = self.point
        self.shapes: Mapping[str, Shape] | None = None
        self.ranges: Mapping[str, Any] = {}
        self.count = count
        self.text = shapes
        self.lettered = Shapes() if shapes is None else typed([shapes])
        """Shapes as they were written."""
        self.letters = self.lettered.letters
        self.sizes: dict[str, float] = {}

    def posed(  # noqa: PLR0913 (what is read together)
        self,
        text: str,
        origin: str,
        claims: Sequence[Text],
        assumed: Sequence[Text],
        spans: Sequence[str],
        alone: str | None,
    ) -> Claimed:
        """Return a program with claims on it.

        Raises SourceError for what cannot be read, or is another thing in claims than in the
        program, and BackpropError for a claim by a size.
        """
        self.asked = text, origin, claims, assumed, spans, alone

        def read(sizes: Mapping[str, Any]) -> Claimed:
            bound = {**dict.fromkeys(self.lettered), **sizes, **self.point}
            try:
                return claimed(text, bound, origin, claims=claims, assumed=assumed, alone=alone)
            except SourceError as error:
                name = error.source[error.start : error.end]
                if error.kind == ASSIGNED and name in self.letters and name not in self.point:
                    error.message = f"'{name}' is assigned here, and a size in --shape"
                    error.hint = "call one of the two otherwise"
                raise

        found = read({name: letter(name) for name in self.letters})
        _keep_constants(found)
        own = found.program.part(found.outputs)
        some = sampled([own], self.point, self.text, self.turn)
        sizes = {name: float(size) for name, size in some.sizes.items()}
        self.free = some.free
        if self.letters:  # what is made of their sizes is made of numbers
            found = read(sizes)
        variables = found.program.variables
        given = given_as_sizes(found.program, self.point)
        given |= {name: sizes[name] for name in self.letters if name in variables}
        self.held = sizes_held(given, self.free)
        self.sizes = {name: size for name, size in given.items() if name in variables}
        by = [name for claim in found.claims for name in claim.target.names]
        if asked_for := sorted(self.sizes.keys() & by):
            raise of_size(asked_for[0])
        self.point |= self.sizes
        self.values = some.values | self.point
        if some.shapes is not None:
            self.shapes = {name: some.shapes.get(name, ()) for name in variables}
            from backpropcli.proof.floats.drawn import NUMBER

            numbers = {name: NUMBER for name in variables if not self.shapes[name]}
            self.values = numbers | self.values
        self.ranges = ranges(spans, variables)
        return found

    def anew(self, turn: int) -> tuple[Claimed, Setting]:
        """Return the same claims at another choice of sizes. Raises SourceError."""
        point, shapes, count = self.begun
        other = Setting(point, shapes, count, turn)
        return other.posed(*self.asked), other

    def is_bound(self, lowered: Lowered) -> bool:
        """Say whether each variable has a value: there is a point."""
        return all(name in self.point for name in lowered.graph.variables())

    def where(self, lowered: Lowered, names: list[str]) -> Where:
        """Return where variables of numbers, elements of arrays, are compared."""
        held = {*self.sizes}
        if self.shapes is not None:
            from backpropcli.proof.floats.places import holders

            held |= holders(lowered.graph, self.values)
        fixed = [name for name in names if name.partition("[")[0] in held]
        point = point_of(self.point, names)
        where = Where(self.ranges, point, self.count, point_of(self.values, fixed))
        where.typed = self.point
        where.infinite = point is None and all(
            name.partition("[")[0] in self.point for name in names
        )
        return where


def _keep_constants(found: Claimed) -> None:
    """Raise SourceError where claims give a constant that the program has another value."""
    program = found.program
    own, places = program.graph.part(found.outputs)
    constants = {*_constants(own)}
    for name, node in program.names.items():
        if places[node] < 0 and name in constants:
            equals = program.source.rindex("=", 0, program.starts[node])
            start = program.source.rindex(name, 0, equals)
            raise found.error(
                f"{name} is a constant in the program: there is no derivative by it",
                start,
                start + len(name),
                "give what the claims call so another name",
            )


def _constants(graph: Graph) -> Iterator[str]:
    """Yield the constants in a graph of what a user wrote, and in the functions that it calls."""
    todo, seen = [graph], set()
    while todo:
        graph = todo.pop()
        yield from graph.named("constant")
        for node, operation in enumerate(graph.operations):
            called: Any = graph.args.get(node)
            if operation == "call" and called not in seen:
                seen.add(called)
                todo.append(called.body.graph)
