"""Rules that map adjoints, held against differences of their bodies on each side of their choices.

They are held at a call, at random arguments, and at such as take a side that none before them took.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.floats import FLOATS
from backpropcli.calculus.forward import forward
from backpropcli.graph.graph import Graph
from backpropcli.language.surface import ADJOINT, OUT
from backpropcli.proof.arrays.directions import AGREES, DIFFERS, Directions
from backpropcli.proof.arrays.functions import FEW, differs, doubles_of, near, problem_of
from backpropcli.proof.copies import write
from backpropcli.proof.equality.choices import Choices
from backpropcli.proof.findings.finding import Finding
from backpropcli.proof.floats.drawn import drawn
from backpropcli.proof.floats.places import holders
from backpropcli.proof.floats.reached import Reached
from backpropcli.report.decimals import told_apart
from backpropcli.report.digits.numbers import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.calculus.records import Own
    from backpropcli.proof.floats.reached import Key

    Value = Any
    Values = Mapping[str, Value]
    Facts = dict[str, Any]

RANDOM, MOST = 8, 4_000
"""Random arguments at which a rule is held, and their elements in all, at most."""
DRAWN, WORK = 240, 4_000_000
"""Arguments that are looked at for a side, and the operations by elements that this may take."""
EMPTY = 4
"""Points on a side where nothing can be compared that make it one of which nothing is to be."""


class Map:
    """A function whose rules map adjoints, with the arguments of a call."""

    def __init__(self, own: Own, arguments: list[Value]) -> None:
        self.own = own
        self.random = np.random.default_rng(0)
        self.names = own.function.parameters
        self.told: set[str] = set()
        self.agreed: set[str] = set()
        self.here = self._with_adjoint(
            {name: doubles_of(one) for name, one in zip(self.names, arguments, strict=True)}
        )
        self.graph, choices = self._choices()
        self.held = holders(self.graph, self.here)
        self.reached = {name: Reached(one, {}, self.held) for name, one in choices.items()}
        self.empty: Counter[tuple[str, Key]] = Counter()

    def _choices(self) -> tuple[Graph, dict[str, Choices]]:
        """Return the graph of the body and the rules, and the choices that each rule rests on."""
        function, (source, root) = self.own.function, self.own.body
        graph = Graph(source.table)
        variables = {name: graph.node("variable", (), name) for name in self.names}
        body = write(source, root, graph, variables)
        places = dict(zip(function.rule_names, variables.values(), strict=True))
        places |= {OUT: body, ADJOINT: graph.node("variable", (), ADJOINT)}
        tops = []
        for rule in self.own.given:
            text, top = rule.parsed
            graph.define(text.table)
            tops.append(write(text, top, graph, places))
        every = {at: at for at in range(len(graph))}
        pairs = zip(self.names, tops, strict=True)
        return graph, {name: Choices(graph, [body, top], every, arrays=True) for name, top in pairs}

    def found(self, deadline: float) -> Iterator[tuple[Finding, Facts]]:
        """Yield what is amiss with the rules, as far as is seen until the time ``deadline``."""
        for at, values in enumerate(self._points(deadline)):
            yield from self._hold(values, elsewhere=at > 0)
            if len(self.told) == len(self.names):
                return
        for name in self.names:
            missed = self.reached[name].missed
            if name not in self.agreed:
                missed = "its body has no derivative to hold it against here"
            if missed and name not in self.told:
                yield self._unknown(name, missed)

    def _points(self, deadline: float) -> Iterator[Values]:
        """Yield arguments of the function, and adjoints of its value."""
        yield self.here
        yield self._with_adjoint({name: _shortened(self._other(name, 0)) for name in self.names})
        size = sum(np.size(one) for one in self.here.values())
        several = min(RANDOM, MOST // size)
        count = max(several, min(DRAWN, WORK // (size * len(self.graph))))
        others = [*islice(self._others(), count)]
        for at, values in enumerate(others):
            if monotonic() > deadline:
                return
            if at < several or self._is_new(values):
                yield values
        for reached in self.reached.values():
            yield from reached.more([self.here, *others], deadline)

    def _is_new(self, values: Values) -> bool:
        """Say whether a point takes a side that is left."""
        return any(reached.left and reached.taken(values) for reached in self.reached.values())

    def _hold(self, values: Values, *, elsewhere: bool) -> Iterator[tuple[Finding, Facts]]:
        """Hold the rules at a point; yield what is amiss."""
        directions = Directions(problem_of(self.own, values, values[ADJOINT]))
        for name, node in directions.problem.wrt.items():
            if name in self.told:
                continue
            found = directions.compare(node, direction := directions.direction(node))
            if found.kind == DIFFERS:
                self.told.add(name)
                wrong = directions.first_wrong(node, direction)
                numbers = told_apart(shown(wrong.found.ours), shown(wrong.found.theirs))
                yield differs(self.own, name, wrong.place, numbers, values if elsewhere else {})
            self._take(name, values, agrees=found.kind == AGREES)

    def _take(self, name: str, values: Values, *, agrees: bool) -> None:
        """Take in that a rule agrees at a point, or that nothing could be compared there."""
        reached = self.reached[name]
        keys = reached.taken(values) if reached.left else set()
        if agrees:
            self.agreed.add(name)
            reached.drop(keys)
            return
        self.empty.update((name, key) for key in keys)
        reached.drop({key for key in keys if self.empty[name, key] >= EMPTY})

    def _unknown(self, name: str, reason: str) -> tuple[Finding, Facts]:
        function = self.own.function.name
        facts = {"verdict": "unknown", "reason": reason, "at": {}, "rule": "", "body": ""}
        text = f"the rule of {function} for d/d{name} is not proved: {reason}"
        return Finding("rule", text=text), {"function": function, "by": name, **facts}

    def _with_adjoint(self, values: dict[str, Value], size: float = 1.0) -> Values:
        """Return values with a random adjoint of what the function's value is there."""
        graph, root = self.own.body
        shape = np.shape(forward(graph, FLOATS, values)[root])
        return {**values, ADJOINT: size * self.random.normal(size=shape)[()]}

    def _others(self) -> Iterator[Values]:
        """Yield points with other arguments; some have equal elements. Places of elements stay."""
        given = {name: self.here[name] for name in self.names}
        around = drawn(self.graph, given, {}, self.held, DRAWN)
        next(around)  # the call
        for turn, plain in enumerate(around):
            size = 2.0 ** self.random.integers(-4, 12) if turn % 2 else 1.0
            for values in (plain, {name: self._other(name, turn) for name in self.names}):
                short = {name: _shortened(value) for name, value in values.items()}
                yield self._with_adjoint(short, size)

    def _other(self, name: str, turn: int) -> Value:
        """Return other numbers for an argument: near its own, in another order, of other sizes."""
        value, random = np.asarray(self.here[name]), self.random
        if name in self.held:
            return value[()]
        match turn % 4:
            case 0:
                found = near(value, random)
            case 1:
                found = random.permutation(value.ravel()).reshape(value.shape)
                found *= random.choice([-1, 1], value.shape)
                found *= 2.0 ** random.integers(-8, 12, value.shape)
            case 2:
                found = random.integers(-2, 3, value.shape)
            case _:
                found = np.full(value.shape, random.integers(-2, 3))
        return doubles_of(found)


def as_map(own: Own, each: list[list[Value]], deadline: float) -> Iterator[tuple[Finding, Facts]]:
    """Yield what is amiss with rules that map adjoints: at a call, and at other arguments.

    What all calls send is part of the gradient, which is held against differences of the body.
    """
    with np.errstate(all="ignore"):
        yield from Map(own, each[0]).found(monotonic() + (deadline - monotonic()) / 2)


def _shortened(value: Value) -> Value:
    """Return an array with few elements in fewer digits: it may be told."""
    value = np.asarray(value)
    if value.size > FEW:
        return value
    return np.array([float(f"{one:.6g}") for one in value.ravel()]).reshape(value.shape)[()]
