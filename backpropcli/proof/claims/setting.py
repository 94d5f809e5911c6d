"""Claims, and what they are held in: a point, shapes and ranges of variables, sizes of letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from backpropcli.arithmetics.shapes.sizes import letter
from backpropcli.calculus.chosen import given_as_sizes, sampled, sizes_held
from backpropcli.calculus.sizing import Shapes, of_size, typed
from backpropcli.errors import SourceError
from backpropcli.language.claims.read import claimed
from backpropcli.language.claims.records import Text
from backpropcli.proof.equality.domain import Where, point_of
from backpropcli.proof.equality.ranges import ranges

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.graph import Graph
    from backpropcli.language.claims.records import Claimed

ASSIGNED = "a name that has a value from outside"
"""The mistake of a program that assigns what a letter of shapes is."""


class Asked(NamedTuple):
    """What is asked: a program's ``text``, and where claims on it are to hold.

    That is at a ``point``, by name, in ranges, ``spans``, and where what is ``assumed`` holds, at
    so many ``points``, 0 for as many as there are. With arrays ``shapes`` are those of the
    variables. A claim that has no name is by the name ``alone``.
    """

    text: str
    origin: str
    assumed: Sequence[Text]
    spans: Sequence[str]
    alone: str | None
    point: Mapping[str, Any]
    shapes: str | None
    points: int


class Setting:
    """Claims as they were ``claimed``, and where they are held: at a ``point``, in ``ranges``.

    With arrays ``shapes`` are those of the variables, and ``values`` are for all of them, whether
    the point has them or not; letters of shapes that claims use are variables with their sizes.
    ``free`` are the letters that no value has a number for: choice number ``turn`` of their sizes.
    Those that are given are ``held``, as text.

    Raises SourceError for what cannot be read, or is another thing in claims than in the program,
    and BackpropError for a claim by a size.
    """

    def __init__(self, asked: Asked, texts: Sequence[Text], turn: int = 0) -> None:
        self.asked, self.texts, self.turn = asked, texts, turn
        self.count = asked.points
        self.point = dict(asked.point)
        self.lettered = Shapes() if asked.shapes is None else typed([asked.shapes])
        """Shapes as they were written."""
        letters = self.lettered.letters
        found = self._read({name: letter(name) for name in letters})
        _keep_constants(found)
        own = found.program.part(found.outputs)
        some = sampled([own], self.point, asked.shapes, turn)
        sizes = {name: float(size) for name, size in some.sizes.items()}
        self.free = some.free
        if letters:  # what is made of their sizes is made of numbers
            found = self._read(sizes)
        self.claimed = found
        variables = found.program.variables
        given = given_as_sizes(found.program, self.point)
        given |= {name: sizes[name] for name in letters if name in variables}
        self.held = sizes_held(given, self.free)
        self.sizes = {name: size for name, size in given.items() if name in variables}
        by = [name for claim in found.claims for name in claim.target.names]
        if asked_for := sorted(self.sizes.keys() & by):
            raise of_size(asked_for[0])
        self.point |= self.sizes
        self.values = some.values | self.point
        self.shapes: Mapping[str, Shape] | None = None
        if some.shapes is not None:
            self.shapes = {name: some.shapes.get(name, ()) for name in variables}
            from backpropcli.proof.floats.drawn import NUMBER

            numbers = {name: NUMBER for name in variables if not self.shapes[name]}
            self.values = numbers | self.values
        self.ranges = ranges(asked.spans, variables)

    def _read(self, sizes: Mapping[str, Any]) -> Claimed:
        """Return the program with the claims, where letters of shapes have ``sizes``."""
        asked = self.asked
        bound = {**dict.fromkeys(self.lettered), **sizes, **self.point}
        try:
            return claimed(
                asked.text,
                bound,
                asked.origin,
                claims=self.texts,
                assumed=asked.assumed,
                alone=asked.alone,
            )
        except SourceError as error:
            name = error.source[error.start : error.end]
            if error.kind == ASSIGNED and name in self.lettered.letters and name not in self.point:
                error.message = f"'{name}' is assigned here, and a size in --shape"
                error.hint = "call one of the two otherwise"
            raise

    def at(self, turn: int) -> Setting:
        """Return the same claims at another choice of sizes. Raises SourceError."""
        return Setting(self.asked, self.texts, turn)

    def anew(self, texts: Sequence[Text]) -> Setting:
        """Return other claims at the same sizes. Raises SourceError."""
        return Setting(self.asked, texts, self.turn)

    def with_claim(self, at: int, text: str) -> list[Text]:
        """Return the texts of claims with another right side of one."""
        claim, parts = self.claimed.claims[at], self.claimed.parts[1 : 1 + len(self.texts)]
        found = []
        for one, (offset, own, _) in zip(self.texts, parts, strict=True):
            start, end = claim.start - offset, claim.end - offset
            inside = start >= 0 and end <= len(own)
            new = Text(own[:start] + text + own[end:], one.origin, pasted=one.pasted)
            found.append(new if inside else one)
        return found

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
        where = Where(self.ranges, point, self.count, point_of(self.values, fixed) or {})
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
