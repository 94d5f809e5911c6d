"""Derivatives as a person writes them: numbers folded, like terms joined, factors cancelled.

No value changes where the derivative has one. Where a formula that is written here has a value and
the derivative itself has none, as x/x at 0, ``gaps`` tells. The laws are those of ``identities``;
variables are real numbers. The user's own expressions stay as they are.
"""

from __future__ import annotations

from backpropcli.arithmetics.tidy.factors import ordered
from backpropcli.arithmetics.tidy.forms import NONE, SMALL, Form
from backpropcli.arithmetics.tidy.gaps import all_gaps
from backpropcli.arithmetics.tidy.gathering import PRODUCTS, SUMS, Gathering
from backpropcli.arithmetics.tidy.terms import literal, rational
from backpropcli.graph.graph import Graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from backpropcli.arithmetics.tidy.gaps import Loss

NEGATION, SUM, PRODUCT = 1, 2, 3
FAMILIES = {"add": SUM, "sub": SUM, "neg": NEGATION} | dict.fromkeys(PRODUCTS - SUMS, PRODUCT)
"""How an operation and the one that uses it are read together; a negation goes with its input."""
MARKS = {"quiet", "void"}
"""Operations that say what a condition is for, and have its value."""


class Tidy(Gathering):
    """Takes derivatives in a graph whose first nodes are the user's, and writes them anew.

    ``roots`` become the nodes ``places`` of ``graph``, in which the user's are what they were.
    Those that have ``titles`` are written by them in all others.
    """

    def __init__(
        self,
        raw: Graph,
        function: Graph,
        roots: Sequence[int],
        named: Collection[int],
        titles: Mapping[int, str] | None = None,
    ) -> None:
        super().__init__(raw, function, named)
        self.titles = titles or {}
        self._read(roots)
        self.lost = [NONE if root < self.first else self.forms[root].lost for root in roots]
        self.places = [self._root(root) for root in roots]

    def gaps(self) -> list[list[Loss]]:
        """Return for each root what its formula no longer demands, and its corners."""
        return all_gaps(self.to.terms, self.places, self.lost, self.first)

    def _read(self, roots: Sequence[int]) -> None:
        """Find the form of each node that is more than a part of one other."""
        raw, first, inner = self.raw, self.first, self.inner
        needed = raw.ancestors(roots)
        order = [node for node in range(first, len(raw)) if needed[node]]
        uses = [0] * len(raw)
        families: dict[int, int] = {}
        for root in roots:
            uses[root] += 2
        for node in order:
            inputs = raw.inputs[node]
            family = FAMILIES.get(raw.operations[node], 0)
            if family == NEGATION:
                family = families.get(inputs[0], PRODUCT) or PRODUCT
            elif raw.operations[node] in {"pow", "sqrt"}:
                power = rational(raw, inputs[-1]) if len(inputs) > 1 else None
                family = PRODUCT if power is not None and power.denominator == 1 else 0
            families[node] = family
            for child in inputs:
                uses[child] += 1
                inner[child] = bool(family) and families.get(child) == family
        for node in order:
            inner[node] &= uses[node] == 1
            if not inner[node]:
                self.forms[node] = self._form(node, families[node])
                if node in self.titles:
                    self._call(node)
                elif uses[node] > 1:
                    self._close(node)

    def _form(self, node: int, family: int) -> Form:
        operation, inputs = self.raw.operations[node], self.raw.inputs[node]
        if operation in {"where", "given"}:
            then, *other = [self.form(child) for child in inputs[1:]]
            found = self.to.choice(self.place(inputs[0]), then, *(other or [Form({})]))
            return self._with_losses(found, inputs[:1])
        if operation in MARKS:
            return self.form(inputs[0])
        counts = operation == "add" and {self.raw.operations[child] for child in inputs} == {"eq"}
        if family == SUM and not counts:
            return self._sum(node)
        if family == PRODUCT or operation == "sqrt":
            return self._product(node)
        if operation == "pow":
            return self._power(*inputs)
        made = self.to.made(operation, tuple(map(self.place, inputs)), self.raw.args.get(node))
        return self._with_losses(made, inputs)

    def _with_losses(self, form: Form, inputs: Sequence[int]) -> Form:
        """Return a form that has lost as well what was lost in the inputs of a function."""
        lost = [self.forms[child].lost for child in inputs if child in self.forms]
        return form._replace(lost=form.lost.union(*lost)) if any(lost) else form

    def _power(self, base: int, exponent: int) -> Form:
        """Return the form of a power, whose exponent may be a number once it is tidied."""
        place = self.place(exponent)
        number = rational(self.graph, place)
        if number is None:
            made = self.to.made("pow", (self.place(base), place), None)
            return self._with_losses(made, (base, exponent))
        powers = self.to.powers()
        self.to.raise_form(powers, self.form(base), number)
        return self._with_losses(self.to.finished(powers), (exponent,))

    def _call(self, node: int) -> None:
        """Let a node be written by its title from now on, unless it is but a number."""
        written = self._root(node)
        if literal(self.graph, written) is None:
            called = self.graph.node("name", (written,), self.titles[node])
            self.to.terms.front.add(called)
            self.forms[node] = Form({((called, 1),): 1})

    def _close(self, node: int) -> None:
        """Let a product of many factors be one from now on: several others use it."""
        form = self.forms[node]
        if len(form.terms) == 1 and len(*form.terms) > SMALL:
            self.forms[node] = Form({((self.to.node(form.terms), 1),): 1}, form.lost)

    def _root(self, node: int) -> int:
        return node if node < self.first else self.to.node(ordered(self.forms[node].terms))


def tidied(graph: Graph, roots: Sequence[int]) -> tuple[Graph, Sequence[int]]:
    """Return a graph of any nodes in which like terms are joined, and where they are in it.

    It is as if they were derivatives in its variables.
    """
    function = Graph()
    given = {name: function.node("variable", (), name) for name in graph.variables()}
    raw = function.copy()
    places = raw.write(graph, given)
    tidy = Tidy(raw, function, [places[root] for root in roots], ())
    return tidy.graph, tidy.places
