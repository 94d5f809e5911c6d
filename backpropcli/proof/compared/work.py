"""The steps of a comparison of two losses that are written out in numbers."""

from __future__ import annotations

from time import monotonic

from backpropcli.proof.compared.answer import (
    AT_EDGE,
    AT_KINK,
    CONSTANT,
    CONSTANT_APART,
    DIFFERENT,
    DIFFERS,
    EDGE,
    EQUAL,
    GRADIENTS,
    IDENTICAL,
    KINK,
    NOWHERE,
    OPPOSITE,
    PROPORTIONAL,
    SAME,
    SCALED,
    TOO_FEW,
    TOO_LATE,
    VALUE,
    General,
    Seen,
)
from backpropcli.proof.compared.posed import titles
from backpropcli.proof.compared.terms import constant, factor, written
from backpropcli.proof.equality.coordinates import place, told
from backpropcli.proof.equality.differs import DOMAIN, Differs
from backpropcli.proof.zero import all_proved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from backpropcli.proof.compared.relate import Alone, Held, Relations

RULED, REACHED, SLOPES, VALUES, ALONE, FACTOR = 0.1, 0.2, 0.4, 0.55, 0.6, 0.85
"""By when of it each step is done."""
MOST_ALONE = 3
"""Points that are told where one of the two has no value."""
PATIENCE = 3.0
"""Seconds for SymPy's proof: the answer is the same where it has none."""


class Work:
    """The steps of a comparison: each puts what it finds into ``found``."""

    def __init__(self, relations: Relations, found: General, begin: float, seconds: float) -> None:
        both = self.both = relations.both
        self.relations = relations
        self.found = found
        self.begin = begin
        self.seconds = seconds
        self.pairs = {name: list(zip(*sides, strict=True)) for name, sides in both.slopes.items()}
        self.every = [pair for pairs in self.pairs.values() for pair in pairs]

    def until(self, share: float) -> float:
        """Return when a share of the time is over."""
        return self.begin + self.seconds * share

    def at(self, point: Mapping[str, Fraction]) -> None:
        """Compare at the point that was given."""
        relations, found = self.relations, self.found
        found.at_value = relations.at([self.both.values], dict(point))
        for name, pairs in self.pairs.items():
            found.at_gradient[name] = relations.at(pairs, dict(point))

    def general(self) -> Iterator[General]:
        """Yield how the two are related, with more of it as it is found."""
        relations, found = self.relations, self.found
        if not relations.points:
            found.reason = NOWHERE
            yield found
            return
        relations.reach(self.until(REACHED))
        held = self._by_name()
        value = relations.held([self.both.values], self.until(VALUES))
        alone = relations.alone(self.until(ALONE))
        found.value = value.status
        found.seen = [
            *self._seen("", value.seen),
            *(one for name, each in held.items() for one in self._seen(name, each.seen)),
        ]
        self._exceptions(held, value)
        self._alone(alone)
        if found.gradient == SAME:
            found.kind = IDENTICAL if value.status == SAME else GRADIENTS
            self._doubts(alone)
        elif found.gradient == DIFFERS:
            found.kind = DIFFERENT
        else:
            late = any(one.late for one in held.values())
            found.reason = TOO_LATE if late else TOO_FEW
        yield found
        yield from self._terms()
        if found.kind in EQUAL and not found.exceptions:
            pairs = [*self.every, self.both.values] if found.kind == IDENTICAL else self.every
            patience = min(self.until(1), monotonic() + PATIENCE)
            found.proved = all_proved(self.both.graph, pairs, patience)
            if found.proved and found.reason == relations.missed:
                found.reason = ""
            yield found

    def _by_name(self) -> dict[str, Held]:
        """Compare the gradients name by name."""
        found, held = self.found, {}
        for at, (name, pairs) in enumerate(self.pairs.items()):
            left = self.until(SLOPES) - monotonic()
            held[name] = self.relations.held(pairs, monotonic() + left / (len(self.pairs) - at))
            found.by[name] = held[name].status
        found.points = min(one.points for one in held.values())
        return held

    def _doubts(self, alone: Alone) -> None:
        """Say what keeps equal gradients from being the answer."""
        found = self.found
        if found.at in {KINK, EDGE}:
            found.reason = AT_KINK if found.at == KINK else AT_EDGE
        elif alone.wide or alone.given:
            point, which = alone.given or alone.points[0]
            found.reason = (
                f"the gradients are the same wherever both have a value, but only the "
                f"{('first', 'second')[which]} has one at {place(point)}: --range or --assume "
                "says where the variables are"
            )
        elif self.relations.missed:
            found.reason = self.relations.missed

    def _terms(self) -> Iterator[General]:
        """Yield with the constant between values, or the factor between gradients."""
        found, relations = self.found, self.relations
        one, other = self.both.values
        if found.kind == GRADIENTS and found.value == DIFFERS:
            gap = constant(relations, (one, other), self.until(FACTOR))
            if gap is not None:
                found.kind, found.value = CONSTANT, CONSTANT_APART
                self._but("", "add", gap)
                yield from self._written(gap)
        elif found.kind == DIFFERENT and not relations.missed:
            times = factor(relations, self.every, self.until(FACTOR))
            if times is None:
                return
            node, found.sign, found.vanishes = times
            found.kind = PROPORTIONAL
            for name in self.pairs:
                self._but(name, "mul", node)
            if self._but("", "mul", node) == SAME:
                found.value = SCALED
            yield from self._written(node)

    def _but(self, of: str, operation: str, term: int) -> str:
        """Return how the second, and a term, are related to the first, and tell of its kinks.

        It is of a derivative by a name, or of the value, and what is told are both as they are.
        """
        pairs = self.pairs[of] if of else [self.both.values]
        make = self.both.graph.node
        made = [(one, make(operation, (other, term))) for one, other in pairs]
        held = self.relations.held(made, self.until(FACTOR))
        for differs in held.kinks if held.status == SAME else ():
            differs.left, differs.right = self.relations.told(differs.point, pairs[differs.pair])
            self.found.exceptions += self._seen(of, differs, KINK)
        return held.status

    def _written(self, node: int) -> Iterator[General]:
        """Yield with a term as text, the shortest that is found."""
        found = self.found
        for found.term, found.number in written(self.both.graph, node):
            if found.kind == PROPORTIONAL and found.term == "-1":
                found.kind = OPPOSITE
            yield found

    def _seen(self, of: str, differs: Differs | None, kind: str = "counterexample") -> list[Seen]:
        """Return a difference as it is told, of a derivative by a name, or of the value."""
        if differs is None:
            return []
        of = f"d/d{titles(of, self.both.shapes[of])[differs.pair]}" if of else VALUE
        point = told(differs.point, self.both.graph.variables(), {})
        return [Seen(kind, of, point, differs.left, differs.right)]

    def _alone(self, alone: Alone) -> None:
        """Tell where one of two values has none, of what is the same elsewhere."""
        if self.found.gradient != SAME or alone.wide:
            return
        for point, _ in alone.points[:MOST_ALONE]:
            numbers = self.relations.told(point, self.both.values)
            self.found.exceptions += self._seen("", Differs(point, *numbers, DOMAIN), EDGE)

    def _exceptions(self, held: Mapping[str, Held], value: Held) -> None:
        """Tell of kinks and edges, of what is the same elsewhere; slopes where values are.

        Where the values are apart one of them jumps, and has no slope.
        """
        jumps = [differs.point for differs in value.kinks if value.status == SAME]
        for of, one in {"": value, **held}.items():
            if one.status == SAME:
                for kind, every in ((KINK, one.kinks), (EDGE, one.edges)):
                    self.found.exceptions += [
                        seen
                        for differs in every
                        if not of or differs.point not in jumps
                        for seen in self._seen(of, differs, kind)
                    ]
