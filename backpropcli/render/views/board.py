"""The two passes as equations, before they are text or LaTeX: names, terms, and signs that hold."""

from __future__ import annotations

from backpropcli.language.names import Names
from backpropcli.render.layout.lines import value
from backpropcli.render.layout.numbers import (
    ARITHMETIC,
    EQUAL,
    NEARLY,
    adds_up,
    compute,
    exact,
    relation,
)
from backpropcli.report.decimals import number
from backpropcli.report.local.partials import local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backpropcli.render.layout.numbers import Ratio
    from backpropcli.report.flow.flow import Edge
    from backpropcli.report.local.local import Local
    from backpropcli.report.report import Report
    from backpropcli.report.view import View

SUM = "S"
"""What is differentiated where it is no output alone: a weighted sum of the outputs."""


def called(view: View) -> list[str]:
    """Return each node's name: the user's, L for the output, and z1, z2, ... for the rest.

    A number (-2 is one) and a constant without one have none: "".
    """
    program = view.program
    fresh = Names([*program.variables, *program.names])
    found = []
    for node, operation in enumerate(view.operations):
        if operation == "variable":
            found.append(str(view.args[node]))
        elif view.names[node] or operation == "constant" or view.literal(node):
            found.append(view.names[node])
        elif node == view.root and len(view.outputs) == 1:
            found.append(fresh.fresh("L", "out"))
        else:
            found.append(fresh.intermediate())
    return found


def factor(text: str) -> str:
    """Return a number as a part of a formula: a negative one in parentheses."""
    return f"({text})" if text.startswith("-") else text


class Term:
    """One term of a gradient: what ``user`` passes on, times the local derivative ``by`` an edge.

    In numbers it is ``given`` times ``local``, and comes to ``text``; ``sign`` stands before that.
    """

    __slots__ = ("edge", "given", "local", "sign", "text", "user")

    def __init__(self, user: int, edge: Edge, given: str, found: Local | None) -> None:
        self.user = user
        self.edge = edge
        self.given = given
        self.local = found
        self.text = ""
        self.sign = EQUAL


class Equation:
    """What the adjoint or tangent of a node is: seeds and terms, and ``text`` for their sum.

    ``signs`` stand before the terms, and before their sum. Where nothing arrives, ``why`` says so;
    ``cuts`` are pairs of a user that passes nothing on, and why.
    """

    __slots__ = ("cuts", "node", "seeds", "signs", "terms", "text", "why")

    def __init__(self, node: int, text: str, why: str = "") -> None:
        self.node = node
        self.text = text
        self.why = why
        self.cuts: list[tuple[int, str]] = []
        self.seeds: list[str] = []
        self.terms: list[Term] = []
        self.signs = (EQUAL, EQUAL)

    @property
    def parts(self) -> list[str]:
        """The numbers that are added up."""
        return [*self.seeds, *(term.text for term in self.terms)]


def arriving(
    view: View, equation: Callable[[int, list[float], list[tuple[int, Edge]]], Equation]
) -> Iterator[Equation]:
    """Yield the equation of each adjoint, from the output down.

    ``equation`` makes it, of a node, its cotangent if it has one, and the users and edges by which
    something arrives. Of nodes where nothing does, those that an edge passes nothing to, and
    variables, have one that says why.
    """
    arrivals: dict[int, list[tuple[int, Edge]]] = {}
    cuts: dict[int, list[tuple[int, str]]] = {}
    for user in range(len(view)):
        for edge in view.edges(user):
            if edge.contribution is not None:
                arrivals.setdefault(edge.input, []).append((user, edge))
            elif edge.flow not in {"constant", "unused"}:
                cuts.setdefault(edge.input, []).append((user, edge.flow))
    for node in range(view.top, -1, -1):
        cut = cuts.get(node, []) if view.moves(node) else []
        near = any(view.adjoints[user] is not None for user, _ in cut)
        variable = view.operations[node] == "variable"
        if node in arrivals or node in view.seeds:
            seeds = [view.seeds[node]] if node in view.seeds else []
            found = equation(node, seeds, arrivals.get(node, []))
            found.cuts = cut
            yield found
        elif near or (variable and view.status(node) != "constant"):
            words = dict.fromkeys(why for _, why in cut)
            yield Equation(node, "0", " and ".join(words) or view.status(node))


class Board:
    """The passes of a report, as they are written out with ``digits``."""

    def __init__(self, report: Report, digits: int) -> None:
        self.report = report
        self.view = view = report.view
        self.digits = digits
        self.texts = [value(view, node, digits) for node in range(len(view))]

    @property
    def whole(self) -> bool:
        """Whether one output alone is differentiated."""
        return self.view.seeds == {self.view.root: 1.0}

    def shown(self) -> Iterator[int]:
        """Yield the nodes that have a value to write down: all but numbers without a name."""
        view = self.view
        for node, operation in enumerate(view.operations):
            if view.names[node] or not (operation == "constant" or view.literal(node)):
                yield node

    def sign(self, node: int) -> str:
        """Return the sign between an operation on printed values and its own printed value."""
        view, text = self.view, self.texts[node]
        inputs = view.inputs[node]
        parts = [self.texts[child] for child in inputs]
        if text in parts and view.operations[node] not in ARITHMETIC:  # it takes one of them
            return EQUAL
        call = node in view.calls
        made = None if call else compute(view.operations[node], [exact(part) for part in parts])
        return relation(view.values[node], text, made, whole=all(map(self.kept, inputs)))

    def kept(self, node: int) -> bool:
        """Say whether a value is printed with all its digits."""
        return float(self.texts[node]) == self.view.values[node]

    def adjoints(self) -> Iterator[Equation]:
        """Yield the equation of each adjoint, from the output down."""
        return arriving(self.view, self._arriving)

    def _arriving(self, node: int, seeds: list[float], edges: list[tuple[int, Edge]]) -> Equation:
        """Return the equation of what arrives at a node."""
        adjoints = self.view.adjoints
        terms = [self._term(user, edge, adjoints[user] or 0.0) for user, edge in edges]
        return self._equation(node, seeds, terms, adjoints[node] or 0.0)

    def tangents(self) -> Iterator[Equation]:
        """Yield the equation of each tangent: what the inputs' tangents give."""
        view = self.view
        for node, tangent in enumerate(view.adjoints):
            if tangent is not None:
                terms = [
                    self._term(node, edge, view.adjoints[edge.input] or 0.0)
                    for edge in view.edges(node)
                    if edge.contribution is not None
                ]
                yield self._equation(node, [] if terms else [tangent], terms, tangent)

    def _term(self, user: int, edge: Edge, given: float) -> Term:
        """Return one term; ``given`` is what the local derivative is multiplied with."""
        partial, result = edge.partial or 0.0, edge.contribution or 0.0
        found = local(self.view, user, edge)
        term = Term(user, edge, number(given, self.digits), found)
        term.text = number(result, self.digits)
        whole = float(term.given) == given
        if found is None:
            text = number(partial, self.digits)
            made, whole = exact(text), whole and float(text) == partial
        else:
            made = self._fraction(found)
            whole = whole and all(map(self.kept, found.leaves.values()))
        product = compute("mul", [exact(term.given), made])
        term.sign = relation(result, term.text, product, whole=whole)
        return term

    def _equation(self, node: int, seeds: list[float], terms: list[Term], total: float) -> Equation:
        found = Equation(node, number(total, self.digits))
        found.seeds = [number(seed, self.digits) for seed in seeds]
        found.terms = terms
        nearly = any(term.sign == NEARLY for term in terms)
        holds = adds_up(found.text, found.parts)
        found.signs = (NEARLY if nearly else EQUAL, EQUAL if holds else NEARLY)
        return found

    def _fraction(self, found: Local) -> Ratio | None:
        """Return what a local derivative in printed numbers comes to, if that is a fraction."""
        graph = found.graph
        made: list[Ratio | None] = []
        for node, operation in enumerate(graph.operations[: found.root + 1]):
            if operation == "variable":
                made.append(exact(self.texts[found.leaves[str(graph.args[node])]]))
            elif operation == "number":
                made.append(exact(repr(graph.args[node])))
            else:
                made.append(compute(operation, [made[child] for child in graph.inputs[node]]))
        return made[found.root]
