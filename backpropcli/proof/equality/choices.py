"""The choices of a program, as where, max and relu make them, and which points take each side.

A side is a condition that is true there. It counts only where its choice is felt: in a branch that
is taken itself. Both are scores, numbers that are positive there, so that a search can climb them.
"""

from __future__ import annotations

from itertools import compress, count
from math import isfinite
from typing import NamedTuple

from mpmath import mp

from backpropcli.arithmetics import balls, floats
from backpropcli.arithmetics.balls.ball import ZERO, Ball, order
from backpropcli.arithmetics.rules import parsed
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.language.surface import DIFF
from backpropcli.language.unparse import brief
from backpropcli.proof.equality.surfaces import in_balls
from backpropcli.proof.equality.vanishing import LOGIC, STEPS, THROUGH, Vanishing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.graph.row import Row
    from backpropcli.proof.equality.points import Point

OPPOSITE = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}
LOOSE = {"le", "ge"}
TURNED = {"gt": "lt", "lt": "gt"}
STRICT = {"max": ("gt", "min"), "min": ("lt", "max")}
QUOTIENTS = {"mod": "floor", "fmod": "trunc"}
"""What takes the steps of a quotient."""
SOMEWHERE = 0.7
"""The value of all variables where the step is that others are beside."""
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
        self.arrays = arrays
        self._source, self._written = graph, dict[int, int]()
        self._known: dict[int, int] = {}
        self.sides: list[Side] = []
        keys, places = self._take_in(graph, graph.ancestors([*roots, *conditions]), own)
        vanishing = Vanishing(self.graph, self._score)
        felt: dict[int, int | None] = {places[root]: None for root in roots}
        seen = dict(felt)
        for number in range(len(self.graph) - 1, -1, -1):
            if number in felt:
                if number in keys:
                    self._take(number, keys[number], felt[number])
                    if seen[number] not in {None, felt[number]}:
                        self._take(number, keys[number], seen[number], beside=TOGETHER)
                self._spread(number, felt)
                self._spread(number, seen, vanishing)
        scores = [self._score(places[node]) for node in conditions]
        self.assumed = [node for node in scores if self.graph.operations[node] != "neg"]
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
        for at, condition in enumerate(self._conditions(number), beside):
            score = self._score(condition)
            if self.graph.operations[condition] in LOOSE:
                [score, _] = self.graph.inputs[score]
            self.sides.append(Side((*key, at), condition, score, felt))

    def _conditions(self, number: int) -> Iterator[int]:
        """Yield what is true on each side of a node."""
        graph, operation, inputs = (
            self.graph,
            self.graph.operations[number],
            self.graph.inputs[number],
        )
        if operation in OPPOSITE:
            yield number
            yield graph.node(OPPOSITE[operation], inputs)
        elif operation in LOGIC or operation == "where":
            for one in inputs[:1] if operation == "where" else inputs:
                if graph.operations[self._through(one)] not in OPPOSITE.keys() | LOGIC:
                    yield self._beside("ne", one)
                    yield self._beside("eq", one)
        elif operation in STRICT:
            yield from self._strict(operation, [*dict.fromkeys(inputs)])
        elif operation in {"abs", "sign"}:
            yield self._beside("gt", inputs[0])
            yield self._beside("lt", inputs[0])
        elif operation in STEPS:
            yield from self._steps(operation, inputs[0])
        elif operation in QUOTIENTS:
            yield from self._steps(QUOTIENTS[operation], graph.node("div", inputs))

    def _steps(self, step: str, stepped: int) -> Iterator[int]:
        """Yield that a number is beyond the steps next to 0, and beyond one that is taken."""
        here = self._somewhere(self.graph.node(step, (stepped,)))
        low, high = STEPS[step]
        widest = max(-low, high)
        if low + high:  # floor and ceil step at 0 too
            yield self._beside("gt", stepped)
            yield self._beside("lt", stepped)
        yield self._beside("gt", stepped, max(here + high, widest))
        yield self._beside("lt", stepped, min(here + low, -widest))

    def _somewhere(self, node: int) -> float:
        """Return a number's value where all variables are the same, 0 if that is not known."""
        graph, places = self.graph.part([node])
        if any(graph.row(at).whole for at, inputs in enumerate(graph.inputs) if inputs):
            return 0.0
        found = forward(graph, floats, dict.fromkeys(graph.variables(), SOMEWHERE))[places[node]]
        return found if isfinite(found) else 0.0

    def _beside(self, comparison: str, node: int, number: float = 0.0) -> int:
        """Return the node of a comparison with a number, 0 if none is given."""
        size = self.graph.node("number", (), abs(number))
        other = self.graph.node("neg", (size,)) if number < 0 else size
        return self.graph.node(comparison, (node, other))

    def _strict(self, operation: str, inputs: list[int]) -> Iterator[int]:
        """Yield for each input of max or min that it is beyond all others."""
        beyond = STRICT[operation][0]
        before: list[int | None] = [None]
        after: list[int | None] = [None]
        for one, other in zip(inputs, inputs[::-1], strict=True):
            before.append(self._with(operation, before[-1], one))
            after.append(self._with(operation, after[-1], other))
        for at, one in enumerate(inputs):
            rest = self._with(operation, before[at], after[len(inputs) - 1 - at])
            if rest is not None and self.graph.literal(one):
                yield self.graph.node(TURNED[beyond], (rest, one))
            elif rest is not None:
                yield self.graph.node(beyond, (one, rest))

    def _with(self, operation: str, one: int | None, other: int | None) -> int | None:
        if one is None or other is None:
            return other if one is None else one
        return self.graph.node(operation, (one, other))

    def _spread(
        self, number: int, felt: dict[int, int | None], vanishing: Vanishing | None = None
    ) -> None:
        """Let the inputs of a node be felt where it is, and where their edge is taken.

        With ``vanishing`` that is where other factors are not 0 too.
        """
        graph, inputs, here = self.graph, self.graph.inputs[number], felt[number]
        if inputs and graph.row(number).whole:
            here = None  # some element is felt
        for index, child in enumerate(inputs):
            there = self._with("min", self._taken(number, index), here)
            if vanishing is not None and (other := self._factor(number, index)) is not None:
                there = self._with("min", there, vanishing.apart(other))
            if child in felt and there is not None:
                known = felt[child]
                apart = self.arrays and known != there  # they may not broadcast
                there = None if known is None or apart else graph.node("max", (known, there))
            felt[child] = there

    def _factor(self, number: int, index: int) -> int | None:
        """Return what an input of a node is multiplied with, None for nothing else."""
        inputs = self.graph.inputs[number]
        product = self.graph.operations[number] == "mul" or (
            self.graph.operations[number] == "div" and index == 1
        )
        other = inputs[1 - index] if product else None
        return None if other == inputs[index] else other

    def _taken(self, number: int, index: int) -> int | None:
        """Return the score that an input of a node is taken, None for always."""
        graph, operation, inputs = (
            self.graph,
            self.graph.operations[number],
            self.graph.inputs[number],
        )
        if operation in {"and", "or"}:
            other = self._score(inputs[1 - index])
            return other if operation == "and" else graph.node("neg", (other,))
        if operation == "where":
            decides = self._score(inputs[0])
            return [None, decides, graph.node("neg", (decides,))][index]
        if operation in STRICT:
            apart = (number, inputs[index]) if operation == "min" else (inputs[index], number)
            return self._above(graph.node("sub", apart))
        return None

    def _gap(self, large: int, small: int) -> int:
        """Return the node of a difference; of one with an infinite literal, of its sign."""
        for node, sign in ((large, 1.0), (small, -1.0)):
            below = self.graph.inputs[node]
            literal = below[0] if self.graph.operations[node] == "neg" else node
            if self.graph.args.get(literal) == "inf":
                return self.graph.node("number", (), -sign if below else sign)
        return self.graph.node("sub", (large, small))

    def _above(self, gap: int) -> int:
        """Return the score of a number that may be 0 too."""
        tiny = self.graph.node("number", (), 5e-324)
        return self.graph.node("add", (gap, tiny))

    def _through(self, node: int) -> int:
        while self.graph.operations[node] in THROUGH:
            [node] = self.graph.inputs[node]
        return node

    def _score(self, condition: int) -> int:
        """Return the node of a number that is positive where a condition is true.

        That of an equation is 0 there.
        """
        todo = [condition]
        while todo:
            node = todo[-1]
            inputs = self.graph.inputs[node]
            through = self.graph.operations[node] in LOGIC | THROUGH
            below = [one for one in inputs if one not in self._known] if through else []
            todo += below
            if not below:
                todo.pop()
                self._known[node] = self._scored(node, self.graph.operations[node], inputs)
        return self._known[condition]

    def _scored(self, node: int, operation: str, inputs: tuple[int, ...]) -> int:
        graph, make = self.graph, self.graph.node
        if operation in THROUGH:
            return self._known[inputs[0]]
        if operation == "not":
            return make("neg", (self._known[inputs[0]],))
        if operation in LOGIC:
            word = "min" if operation == "and" else "max"
            return make(word, (self._known[inputs[0]], self._known[inputs[1]]))
        if operation in {"gt", "ge", "lt", "le"}:
            gap = self._gap(*(inputs if operation[0] == "g" else inputs[::-1]))
            return self._above(gap) if operation in LOOSE else gap
        if operation in {"eq", "ne"}:
            size = make("abs", (make("sub", inputs),))
            return make("neg", (size,)) if operation == "eq" else size
        return node if graph.literal(node) else make("abs", (node,))

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


def elements_of(elements: Iterable[Iterable[int]]) -> dict[int, int]:
    """Return the nodes of elements, each with the number of the array that it is an element of."""
    return {node: at for at, each in enumerate(elements) for node in each}
