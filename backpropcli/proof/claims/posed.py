"""Claims as pairs of expressions in numbers: what is claimed of an element, and what is true.

What is true is our own derivative, as a graph.
"""

from __future__ import annotations

from itertools import product
from math import prod

from backpropcli.calculus.chosen import LARGE, as_chosen
from backpropcli.calculus.derivative import adjoint_nodes
from backpropcli.calculus.elements import each_place, element
from backpropcli.calculus.lower import lower
from backpropcli.errors import SourceError
from backpropcli.proof.equality.choices import Choices
from backpropcli.proof.equality.conditions import Conditions
from backpropcli.proof.equality.coordinates import told
from backpropcli.proof.equality.pairs import Pairs
from backpropcli.proof.equality.written import Written
from backpropcli.proof.findings.answer import Seen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.fitting.misfits import ShapeError
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.claims.records import Claim, Claimed
    from backpropcli.proof.claims.setting import Setting
    from backpropcli.proof.equality.differs import Differs
    from backpropcli.proof.equality.domain import Where

    Place = tuple[int, ...]


class Problem(Written):
    """A program with claims on it, in numbers: ``graph`` takes in derivatives as they are posed.

    ``conditions`` are nodes that are assumed to be true. The program itself ``derives`` where it
    holds derivatives.
    """

    def __init__(self, claimed: Claimed, lowered: Lowered, bindings: Mapping[str, Any]) -> None:
        super().__init__(lowered, bindings)
        self.claimed = claimed
        self.lowered = lowered
        self.bindings = bindings
        own = claimed.program.graph.ancestors(claimed.outputs)
        self.derives = any(own[diff.surface] for diff in lowered.diffs)
        self.conditions = [node for one in claimed.conditions for node in self.elements(one)]

    def elements(self, surface: int) -> list[int]:
        """Return the nodes of a node's elements, by its number in the surface graph."""
        return self.nodes[self.lowered.places[surface]]

    def shape(self, surface: int) -> Place:
        """Return the shape of a node of the surface graph."""
        return self.shapes[self.lowered.places[surface]]

    def posed(self, claim: Claim) -> Posed:
        """Return a claim as pairs. Raises BackpropError where its graph grows too large."""
        target = claim.target
        shape = self.shape(target.of)
        for one in target.by:
            shape += self.shape(one)
        sides = [self.elements(by) for by in target.by]
        truths, inside = [], []
        for of in self.elements(target.of):
            for path in self._derivatives(of, sides):
                truths.append(path)
                inside.append(of)
        by = [*product(*sides)] * (len(truths) // max(1, prod(map(len, sides))))
        return Posed(self, claim, shape, truths, inside, None if self.derives else by)

    def _derivatives(self, of: int, sides: Sequence[list[int]]) -> list[int]:
        """Return the nodes of the derivatives of a node, by each element of each side."""
        found = [of]
        for side in sides:
            found = [slope for node in found for slope in self.slopes(node, side)]
        return found

    def varies(self, nodes: Sequence[int]) -> bool:
        """Say whether nodes rest on variables."""
        below = self.graph.ancestors(nodes)
        return any(below[node] for node in self.graph.variables().values())

    def slopes(self, of: int, by: list[int]) -> list[int]:
        """Return the nodes of the derivatives of a node by others."""
        adjoints = adjoint_nodes(self.graph, of, by)
        zero = self.graph.node("number", (), 0.0)
        return [adjoints.get(node, zero) for node in by]


class Posed:
    """A claim as pairs: ``truths`` and ``claims`` are nodes, element by element in ``shape``.

    ``inside`` are the elements that each is a derivative of, and ``by`` the nodes that each is by:
    None where the program holds derivatives of its own, which may be by anything. The claim's own
    shape is ``given``: one that is a number stands for every element. Where it does not fit,
    ``claims`` is empty.
    """

    def __init__(  # noqa: PLR0913 (a record)
        self,
        problem: Problem,
        claim: Claim,
        shape: Place,
        truths: list[int],
        inside: list[int],
        by: list[tuple[int, ...]] | None,
    ) -> None:
        self.problem = problem
        self.claim = claim
        self.shape = shape
        self.truths = truths
        self.inside = inside
        self.by = by
        self.given = problem.shape(claim.node)
        own = problem.elements(claim.node)
        self.claims = own if self.given == shape else own * len(truths) if not self.given else []

    @property
    def fits(self) -> bool:
        """Whether the claim has the derivative's shape, or is a number."""
        return bool(self.claims)

    @property
    def varies(self) -> bool:
        """Whether the claim rests on variables: else plain numbers are claimed."""
        return self.problem.varies(self.claims)

    @property
    def pairs(self) -> list[tuple[int, int, int]]:
        """The pairs to compare: what is true, what is claimed, and of what."""
        return list(zip(self.truths, self.claims, self.inside, strict=True))

    def conditions(self, where: Where) -> Conditions:
        """Return the conditions that are assumed, in the ranges of ``where``."""
        return Conditions(self.problem.graph, self.problem.conditions, where.spans)

    @property
    def choices(self) -> Choices:
        """The choices of what is claimed, and of what that is the derivative of."""
        problem = self.problem
        roots = [*{*self.inside, *self.claims}]
        return Choices(problem.graph, roots, problem.own, problem.conditions)

    def compared(self, which: Sequence[int] | None = None, *, wholes: bool = True) -> Pairs:
        """Return the pairs, all or some by number, to be compared under the conditions.

        At kinks they are held to what ``wholes`` have there, where these have a derivative.
        """
        problem, pairs = self.problem, self.pairs
        which = range(len(pairs)) if which is None else which
        by = self.by and [self.by[at] for at in which]
        every = [pairs[at] for at in which]
        return Pairs(problem.graph, every, problem.conditions, by, wholes=wholes)

    def seen(self, kind: str, differs: Differs) -> Seen:
        """Return what is seen at a point where the claim differs."""
        place, title = [*each_place(self.shape)][differs.pair], self.claim.target.title
        given = self.problem.bindings if kind == "point" else {}
        point = told(differs.point, self.problem.graph.variables(), given)
        label = element(title, place) if place else ""
        return Seen(kind, point, differs.right, differs.left, label)


class UnfitError(Exception):
    """Shapes of claim number ``at`` do not fit: the ``cause``, at a place in the source of all."""

    def __init__(self, at: int, cause: ShapeError) -> None:
        super().__init__(cause.message)
        self.at = at
        self.cause = cause
        self.start, self.end = cause.start, cause.end


def lowered_for(setting: Setting) -> Lowered:
    """Return the flat graph of a program with claims; values that nobody gave are made to fit.

    Raises UnfitError for a claim, and SourceError for a program, whose shapes do not fit.
    """
    from backpropcli.language.claims.records import moved

    try:
        lowered = lower(setting.claimed.program, setting.shapes, book=True)
        if setting.shapes is not None:
            _fit(lowered, setting, setting.shapes)
    except SourceError as error:
        raise moved(error, setting.claimed.parts) from None
    return lowered


def _fit(lowered: Lowered, setting: Setting, shapes: Mapping[str, Shape]) -> None:
    """Let values that nobody gave fit. Raises UnfitError, and SourceError for the program."""
    from backpropcli.calculus.fitting import fitting
    from backpropcli.calculus.fitting.misfits import ShapeError

    free = {name: value for name, value in setting.values.items() if name not in setting.point}
    try:
        fitting(lowered, shapes, {}, setting.values, free)
    except ShapeError as error:
        for at, claim in enumerate(setting.claimed.claims):
            if claim.start <= error.start and error.end <= claim.end:
                raise UnfitError(at, _in_letters(lowered, setting, error)) from None
        if setting.free and setting.turn < LARGE and fits_larger(setting):
            error.hint = as_chosen(setting.free)
        raise
    setting.values |= free


def fits_larger(setting: Setting, at: int | None = None) -> bool:
    """Say whether a program, or claim number ``at``, fits at larger sizes than were chosen."""
    try:
        lowered_for(setting.at(LARGE))
    except UnfitError as error:
        return error.at != at
    except SourceError:
        return False
    return True


def _in_letters(lowered: Lowered, setting: Setting, error: ShapeError) -> ShapeError:
    """Return an error on sizes as one on the letters that stand for them, where there are some."""
    from backpropcli.calculus.fitting import fitting
    from backpropcli.calculus.fitting.misfits import ShapeError

    try:
        fitting(lowered, {**(setting.shapes or {}), **setting.lettered}, {})
    except ShapeError as told:
        if (told.start, told.end) == (error.start, error.end):
            return told
    return error
