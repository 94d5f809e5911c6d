"""The choices of a program, as where, max and relu make them, and which points take each side.

A side is a condition that is true there. It counts only where its choice is felt: in a branch that
is taken itself. Both are scores, numbers that are positive there, so that a search can climb them.
"""

from __future__ import annotations

from itertools import compress, count
from typing import NamedTuple

from mpmath import mp

from backpropcli.arithmetics import balls, floats
from backpropcli.arithmetics.balls.ball import ZERO, Ball
from backpropcli.arithmetics.balls.choices import order
from backpropcli.arithmetics.rules import parsed
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.language.surface import DIFF
from backpropcli.language.unparse import brief
from backpropcli.proof.equality.scores import LOOSE, Scores
from backpropcli.proof.equality.sides import Felt, conditions_of
from backpropcli.proof.equality.solved import in_balls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.row import Row
    from backpropcli.proof.equality.points import Point

TOGETHER = 100_000
"""Numbers of sides that count only where they are felt together with those of other factors."""
DIGITS = 40
LONG = 48
LOOK = ": --range says where to look"


class Side(NamedTuple):
    """A condition, and the scores that it has, and that its choice is felt; None for always.

    Elements of one array that make the same choice have the same ``key``.
    """

    key: tuple[int, int, int]
    condition: int
    score: int
    felt: int | None

    @property
    def scores(self) -> list[int]:
        """The nodes of all its scores."""
        return [self.score] if self.felt is None else [self.score, self.felt]


class Choices:
    """The sides of the choices that ``roots`` rest on, in a ``graph`` that has their scores.

    ``own`` has the nodes that may make a choice, each with what it is an element of. The scores of
    ``conditions``, but for equations, are ``assumed`` not to be negative. With ``arrays`` variables
    are no numbers alone.
    """

    def __init__(
        self,
        graph: Graph,
        roots: Sequence[int],
        own: Mapping[int, int],
        conditions: Sequence[int] = (),
        *,
        arrays: bool = False,
    ) -> None:
        self.graph = Graph(graph.table)
        self._source, self._written = graph, dict[int, int]()
        scores = self._scores = Scores(self.graph)
        spread = Felt(self.graph, scores, arrays=arrays).spread
        self.sides: list[Side] = []
        keys, places = self._take_in(graph, graph.ancestors([*roots, *conditions]), own)
        felt: dict[int, int | None] = {places[root]: None for root in roots}
        seen = dict(felt)
        for number in range(len(self.graph) - 1, -1, -1):
            if number in felt:
                if number in keys:
                    self._take(number, keys[number], felt[number])
                    if seen[number] not in {None, felt[number]}:
                        self._take(number, keys[number], seen[number], beside=TOGETHER)
                spread(number, felt)
                spread(number, seen, together=True)
        assumed = [scores.of(places[node]) for node in conditions]
        self.assumed = [node for node in assumed if self.graph.operations[node] != "neg"]
        self._keep_scores()

    def _take_in(
        self, graph: Graph, keep: bytearray, own: Mapping[int, int]
    ) -> tuple[dict[int, tuple[int, int]], list[int]]:
        """Write a graph here with choices in place of what they make, such as relu.

        Return what own nodes are elements of, and each node's place.
        """
        keys: dict[int, tuple[int, int]] = {}
        places = [-1] * len(graph)
        for number in compress(count(), keep):
            before = len(self.graph)
            inputs = tuple([places[child] for child in graph.inputs[number]])
            place = self._made(graph.operations[number], inputs, graph.args.get(number))
            places[number] = place
            if self.graph.operations[place] != graph.operations[number]:
                self._written[place] = number
            if number in own:
                made = (*range(before, len(self.graph)), place)
                for node in made:
                    keys.setdefault(node, (own[number], node - before))
        return keys, places

    def _made(self, operation: str, inputs: tuple[int, ...], arg: object) -> int:
        row = self.graph.table.get(operation)
        if row is None or row.expand is None or row.static or not _chooses(row):
            return self.graph.node(operation, inputs, arg)
        body, top = parsed(row, row.expand)
        given = dict(zip(row.parameters, inputs, strict=True))
        return self.graph.write(body, given, node=self._made)[top]

    def _keep_scores(self) -> None:
        """Leave out of the graph what no score rests on."""
        nodes = [node for side in self.sides for node in (side.condition, *side.scores)]
        self.graph, places = self.graph.part([*nodes, *self.assumed])
        self.assumed = [places[node] for node in self.assumed]
        self.sides = [
            Side(key, places[node], places[score], None if felt is None else places[felt])
            for key, node, score, felt in self.sides
        ]
        self._written = {places[here]: there for here, there in self._written.items()}

    def _take(self, number: int, key: tuple[int, int], felt: int | None, beside: int = 0) -> None:
        """Take in the sides of a node; those that count ``beside`` others have other keys."""
        for at, condition in enumerate(conditions_of(self.graph, number), beside):
            score = self._scores.of(condition)
            if self.graph.operations[condition] in LOOSE:
                [score, _] = self.graph.inputs[score]
            self.sides.append(Side((*key, at), condition, score, felt))

    def text(self, side: Side) -> str:
        """Return the condition of a side as people write it."""
        return brief(self.graph, side.condition, LONG, self._called)

    def told(self, left: Sequence[Side], *, look: bool = False) -> str:
        """Return that no point takes the sides that are left, as a sentence; "" for none.

        A side that is felt on another side alone may be reached, and make no difference there.
        Where to ``look`` is no help for an equation: no range has a point on it that was not tried.
        """
        if not left:
            return ""
        first = min(left, key=lambda side: side.felt is not None)
        felt = "" if first.felt is None else " makes a difference"
        others = f", nor {len(left) - 1} other sides" if len(left) > 2 else ""  # noqa: PLR2004
        hint = LOOK if look and self.graph.operations[first.condition] != "eq" else ""
        where = f"{self.text(first)}{felt}{others}{hint}"
        return f"no point that was tried reaches the side where {where}"

    def _called(self, node: int) -> str:
        """Return what a node is called: by its name, or as it was written."""
        if self.graph.operations[node] == "name":
            return str(self.graph.args[node])
        if node in self._written:
            return brief(self._source, self._written[node], LONG, lambda _: "")
        return ""

    def left(
        self,
        points: Iterable[Point],
        sides: Sequence[Side],
        *,
        least: int = 1,
        loosely: bool = False,
    ) -> list[Side]:
        """Return those of the sides that too few of the points take, one for each key.

        A side that may be an equation is taken there only ``loosely``: it may be that alone. An
        equation need not be met more than once.
        """
        todo = {side.key: side for side in sides[::-1]}
        counts = dict.fromkeys(todo, 0)
        for point in points if todo else ():
            near = [side for side in self._in_floats(point, sides) if side.key in todo]
            values = self._in_balls(point) if near else []
            taken = {side.key for side in near if self._is_taken(side, values, loosely=loosely)}
            for key in taken:
                counts[key] += 1
                equation = self.graph.operations[todo[key].condition] == "eq"
                if counts[key] >= (1 if equation else least):
                    del todo[key]
            if not todo:
                break
        return [side for side in sides if todo.get(side.key) is side]

    def _in_floats(self, point: Point, sides: Sequence[Side]) -> list[Side]:
        """Return the sides that floats take at a point, or may."""
        given = {name: float(point[name]) for name in self.graph.variables()}
        values = forward(self.graph, floats, given)
        return [side for side in sides if all(values[node] >= 0 for node in side.scores)]

    def _in_balls(self, point: Point) -> list[Number]:
        names = self.graph.variables()
        with mp.workdps(DIGITS):
            here = in_balls({name: point[name] for name in names})
            found: list[Number] = forward(self.graph, balls, here)
        return found

    def _is_taken(self, side: Side, values: Sequence[Number], *, loosely: bool) -> bool:
        """Say whether a side is surely taken, by the values of all nodes."""
        if side.felt is not None and _sign(values[side.felt]) != 1:
            return False
        operation, found = self.graph.operations[side.condition], _sign(values[side.score])
        least = 0 if operation == "eq" or (loosely and operation in LOOSE) else 1
        return found is not None and found >= least


def _chooses(row: Row) -> bool:
    """Say whether an operation stands for choices: its slope turns, where no step is."""
    return any(not kink.jump for kink in row.kinks) or row.name == "hardshrink"


def _sign(number: Number) -> int | None:
    """Return the sign of a number, None where it is not known."""
    if isinstance(number, Ball) and number.middle != number.middle:
        return None
    return order(number, ZERO)


def own_nodes(lowered: Lowered) -> dict[int, int]:
    """Return the nodes of a program of numbers that are no part of a derivative, by themselves."""
    surface = lowered.program.graph
    return {
        node: node
        for node, owner in enumerate(lowered.owners)
        if not lowered.diffs or surface.operations[owner] != DIFF or node in lowered.surface
    }
