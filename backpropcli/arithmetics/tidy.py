"""Derivatives as a person writes them: numbers folded, like terms joined, factors cancelled.

No value changes where the derivative has one. Where a formula that is written here has a value and
the derivative itself has none, as x/x at 0, ``gaps`` tells. The laws are those of ``identities``;
variables are real numbers. The user's own expressions stay as they are.
"""

from __future__ import annotations

from typing import NamedTuple

from backpropcli.arithmetics.choices import Choices
from backpropcli.arithmetics.gaps import VALUE, Loss, gaps
from backpropcli.arithmetics.identities import ON_REALS
from backpropcli.arithmetics.nodes import COMPARED
from backpropcli.arithmetics.patterns import patterns
from backpropcli.arithmetics.factors import Sums, content, ordered, shortest
from backpropcli.arithmetics.products import Powers
from backpropcli.arithmetics.signs import REAL
from backpropcli.arithmetics.terms import (
    HALF,
    ONE,
    Terms,
    literal,
    plain,
    rational,
    times,
    writable,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from backpropcli.arithmetics.terms import Number, Product, Sum
    from backpropcli.graph.graph import Graph

SUMS = {"add", "sub", "neg"}
PRODUCTS = {"mul", "div", "neg", "pow", "sqrt"}
NEGATION, SUM, PRODUCT = 1, 2, 3
FAMILIES = {"add": SUM, "sub": SUM, "neg": NEGATION} | dict.fromkeys(PRODUCTS - SUMS, PRODUCT)
"""How an operation and the one that uses it are read together; a negation goes with its input."""
SMALL = 8
"""Terms of a sum that is written out again in another, and parts of the user's that are read."""
NONE: frozenset[Loss] = frozenset()


class Form(NamedTuple):
    """A sum of products, and what got lost on the way to it: see ``gaps``."""

    terms: Sum
    lost: frozenset[Loss] = NONE


class Tidy:
    """Takes derivatives in a graph whose first nodes are the user's, and writes them anew.

    ``roots`` become the nodes ``places`` of ``graph``, in which the user's are what they were. Those
    that have ``titles`` are written by them in all others.
    """

    def __init__(
        self,
        raw: Graph,
        function: Graph,
        roots: Sequence[int],
        named: Collection[int],
        titles: Mapping[int, str] | None = None,
    ) -> None:
        self.raw = raw
        self.titles = titles or {}
        self.first = len(function)
        self.graph = function.copy()
        self.graph.define(raw.table)
        decimals = any(isinstance(arg, float) and arg % 1 for arg in function.args.values())
        self.variables = {*self.graph.variables().values()}
        self.terms = Terms(self.graph, named, decimals=decimals)
        self.choices = Choices(self)
        self.patterns = patterns(ON_REALS)
        self.forms: dict[int, Form] = {}
        self.sums: dict[frozenset[tuple[Product, Number]], int] = {}  # nodes by their terms
        self.inside = Sums()
        self.inner = bytearray(len(raw))
        self._read(roots)
        self.lost = [NONE if root < self.first else self.forms[root].lost for root in roots]
        self.places = [self._root(root) for root in roots]

    def gaps(self) -> list[list[Loss]]:
        """Return for each root what its formula no longer demands."""
        pairs = zip(self.places, self.lost, strict=True)
        return [gaps(self.terms, place, lost) if lost else [] for place, lost in pairs]

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

    def _form(self, node: int, family: int) -> Form:
        operation, inputs = self.raw.operations[node], self.raw.inputs[node]
        if operation == "where":
            return self.choices.form(self.place(inputs[0]), *map(self.form, inputs[1:]))
        if operation == "add" and all(self.raw.operations[child] == "eq" for child in inputs):
            return self.made(operation, tuple(map(self.place, inputs)), None)
        if family == SUM:
            return self._sum(node)
        if not inputs:
            return self.form_at(self.graph.node(operation, (), self.raw.args[node]))
        if family == PRODUCT or self._is_product(node):
            return self._product(node)
        return self.made(operation, tuple(map(self.place, inputs)), self.raw.args.get(node))

    # Nodes

    def _call(self, node: int) -> None:
        """Let a node be written by its title from now on, unless it is but a number."""
        written = self._root(node)
        if literal(self.graph, written) is None:
            called = self.graph.node("name", (written,), self.titles[node])
            self.terms.front.add(called)
            self.forms[node] = Form({((called, 1),): 1})

    def _root(self, node: int) -> int:
        return node if node < self.first else self.node(ordered(self.forms[node].terms))

    def form(self, node: int) -> Form:
        """Return a node's form: the user's nodes are read as far as they are products."""
        return self._product(node) if node < self.first else self.forms[node]

    def place(self, node: int) -> int:
        """Return a node's place in the graph that is written."""
        return node if node < self.first else self.node(self.forms[node].terms)

    def node(self, terms: Sum) -> int:
        """Return the node of a sum; the one there is, if it is written already."""
        if len(terms) < 2:  # noqa: PLR2004
            return self.terms.sum(terms)
        key = frozenset(terms.items())
        node = self.sums.get(key)
        if node is None:
            node = self.sums[key] = self.terms.sum(terms)
            if len(terms) <= SMALL:
                self.inside[node] = terms
        return node

    def made(self, operation: str, inputs: tuple[int, ...], arg: object) -> Form:
        """Return the form of an operation that is neither a sum nor a product."""
        return self.form_at(self.build(operation, inputs, arg))

    def build(self, operation: str, inputs: tuple[int, ...], arg: object = None) -> int:
        """Return the node of an operation, in the simplest form that holds on the real numbers."""
        if operation in COMPARED:
            numbers = [rational(self.graph, child) for child in inputs]
            if None not in numbers:
                return self.terms.number(int(COMPARED[operation](*numbers)))
        of = self.terms.signs.of
        for pattern in self.patterns.get(operation, ()):
            found = pattern.rewritten(self.graph, inputs, self.build, lambda node: of(node) >= REAL)
            if found is not None:
                return found
        if operation == "where":
            return self.node(self.choices.form(inputs[0], *map(self.form_at, inputs[1:])).terms)
        return self.graph.node(operation, inputs, arg)

    of = Form

    def form_at(self, node: int) -> Form:
        """Return the form of a node that is written."""
        number = literal(self.graph, node)
        return Form({((node, 1),): 1} if number is None else {ONE: number} if number else {})

    # Products

    def powers(self) -> Powers:
        """Return the product of nothing."""
        return Powers(self.terms.signs)

    def _product(self, top: int) -> Form:
        """Gather a product: the number in front, and each base once."""
        powers = self.powers()
        budget = SMALL
        stack = [(top, 1)]
        while stack:
            node, exponent = stack.pop()
            mine = node >= self.first
            number = literal(self.raw, node)
            if number is not None and powers.scale(number, exponent):
                continue
            opens = node == top or (self.inner[node] if mine else budget > 0)
            if opens and self._is_product(node):
                budget -= not mine
                self._open(powers, stack, node, exponent)
            elif mine:
                self.join(powers, self.forms[node], exponent)
            else:
                self._user(powers, node, exponent)
        return self.finished(powers)

    def _is_product(self, node: int) -> bool:
        operation = self.raw.operations[node]
        if operation == "pow":
            return node not in self.terms.named and rational(self.raw, self.raw.inputs[node][1]) is not None
        return operation in PRODUCTS and node not in self.terms.named

    def _open(
        self, powers: Powers, stack: list[tuple[int, int]], node: int, exponent: int
    ) -> None:
        """Take in the parts of a product."""
        operation, inputs = self.raw.operations[node], self.raw.inputs[node]
        if operation == "mul":
            stack += [(inputs[1], exponent), (inputs[0], exponent)]
        elif operation == "div":
            stack += [(inputs[1], -exponent), (inputs[0], exponent)]
        elif operation == "neg":
            if exponent % 2:
                powers.scale(-1, 1)
            stack.append((inputs[0], exponent))
        else:
            power = HALF if operation == "sqrt" else rational(self.raw, inputs[1])
            assert power is not None  # noqa: S101 (for mypy: else it has no parts)
            if power.denominator == 1:
                stack.append((inputs[0], exponent * int(power)))
            else:
                base = self.place(inputs[0])
                powers.raise_to(base, plain(exponent * power))
                powers.rooted.add(base)

    def _user(self, powers: Powers, node: int, exponent: int) -> None:
        """Take in a node of the user's: a sum is the one that has the same terms, if any."""
        if self.raw.operations[node] in SUMS and node not in self.terms.named:
            terms = self.inside.get(node) or self._user_sum(node)
            if terms is not None:
                self._base(powers, terms, exponent, node)
                return
        powers.raise_to(node, exponent)

    def _user_sum(self, node: int) -> Sum | None:
        """Return the terms of a sum of the user's; None if it has many."""
        terms = self._gathered(node).terms
        if len(terms) < 2 or len(terms) > SMALL:  # noqa: PLR2004
            return None
        self.inside[node] = terms
        return terms

    def join(self, powers: Powers, form: Form, exponent: int) -> None:
        """Take in a power of what is found already."""
        powers.lost |= form.lost
        if len(form.terms) == 1:
            [(product, coefficient)] = form.terms.items()
            if not powers.scale(coefficient, exponent):
                powers.raise_to(self.terms.number(coefficient), exponent)
            powers.take(product, exponent)
        elif form.terms:
            self._base(powers, form.terms, exponent, self.node(form.terms))
        elif not powers.scale(0, exponent):
            powers.raise_to(self.terms.number(0), exponent)

    def _base(self, powers: Powers, terms: Sum, exponent: int, node: int) -> None:
        """Take in a power of a sum, or of its negation, whichever stands somewhere already."""
        base = self.sums.setdefault(frozenset(terms.items()), node)
        if base == node and len(terms) <= SMALL:
            opposite = self.sums.get(frozenset((one, -number) for one, number in terms.items()))
            if opposite is not None and opposite < node:
                base = opposite
                if exponent % 2:
                    powers.scale(-1, 1)
        powers.raise_to(base, exponent)

    def finished(self, powers: Powers) -> Form:
        self.choices.fold(powers)
        if len(powers.exponents) <= SMALL:
            self._clear(powers)
            self._pairs(powers)
        product, coefficient = powers.finished()
        lost = frozenset(powers.lost) if powers.lost else NONE
        if not coefficient:
            return Form({}, lost)
        if abs(coefficient) == 1 and len(product) == 1 and product[0][1] == 1:
            terms = self.inside.get(product[0][0])
            if terms is not None:
                return Form({one: number * coefficient for one, number in terms.items()}, lost)
        return Form({product: coefficient}, lost)

    def _clear(self, powers: Powers) -> None:
        """Take denominators out of sums where they cancel: y/x^2/(1 + y^2/x^2) is y/(x^2 + y^2)."""
        exponents, below = powers.exponents, self.inside.below
        todo = [base for base in exponents if base in below]
        while todo:
            base = todo.pop()
            power = exponents[base]
            for inner, least in below[base].items() if power.denominator == 1 else ():
                outer, moved = exponents.get(inner, 0), plain(least * power)
                if outer and abs(outer + moved) < abs(outer):
                    del exponents[base]
                    powers.raise_to(inner, moved)
                    cleared = times(self.inside[base], ((inner, -least),))
                    self.join(powers, Form(cleared), int(power))
                    break

    def _pairs(self, powers: Powers) -> None:
        """Take in what two factors are together, as abs(x)*sign(x) is x."""
        operations = self.graph.operations
        found = [base for base, exponent in powers.exponents.items() if exponent >= 1]
        heads = {operations[base] for base in found} if len(found) > 1 else ()
        for pattern in self.patterns["mul"]:
            if heads and heads.issuperset(pattern.heads):
                for one in found:
                    for other in found:
                        if [operations[one], operations[other]] == pattern.heads:
                            node = pattern.rewritten(self.graph, (one, other), self.build)
                            if node is not None:
                                powers.raise_to(one, -1)
                                powers.raise_to(other, -1)
                                powers.raise_to(node, 1)
                                powers.divided -= {one, other}
                                return

    # Sums

    def _sum(self, top: int) -> Form:
        """Gather a sum: each product once, what all have in common in front."""
        return self._factored(self.choices.merged(self._gathered(top)))

    def _gathered(self, top: int) -> Form:
        terms: Sum = {}
        lost: set[Loss] = set()
        budget = SMALL
        stack = [(top, 1)]
        while stack:
            node, sign = stack.pop()
            mine = node >= self.first
            named = node in self.terms.named
            opens = node == top or (self.inner[node] if mine else budget > 0 and not named)
            if opens and self.raw.operations[node] in SUMS:
                budget -= not mine
                inputs = self.raw.inputs[node]
                if self.raw.operations[node] == "neg":
                    stack.append((inputs[0], -sign))
                else:
                    second = -sign if self.raw.operations[node] == "sub" else sign
                    stack += [(inputs[1], second), (inputs[0], sign)]
                continue
            form = self._product(node) if not mine else self.forms[node]
            lost |= form.lost
            added = form.terms if len(form.terms) <= SMALL else {((self.node(form.terms), 1),): 1}
            self.add(terms, lost, added, sign)
        return Form(terms, frozenset(lost))

    def add(self, terms: Sum, lost: set[Loss], more: Sum, factor: Number) -> None:
        """Add the terms ``more``; one that comes to nothing leaves what it demanded behind."""
        for one, number in more.items():
            product, total = one, plain(terms.get(one, 0) + number * factor)
            if not writable(total):
                product = tuple(sorted([*one, (self.terms.number(number * factor), 1)]))
                total = 1
            terms[product] = total
            if not total:
                del terms[product]
                if any(exponent < 0 or self.terms.signs.of(base) < REAL for base, exponent in one):
                    lost.add(Loss(VALUE, self.terms.term(product, 1)))

    def _factored(self, form: Form) -> Form:
        """Return a sum as it is shortest."""
        if not 2 <= len(form.terms) <= SMALL:  # noqa: PLR2004
            return form
        front, rest, lost = shortest(form.terms, self.inside, self.variables, self.add)
        if not front and rest == form.terms:
            return form
        powers = self.powers()
        powers.lost |= form.lost | lost
        powers.take(front, 1)
        if front and len(rest) > 1:
            number = content(rest)
            powers.scale(number, 1)
            rest = ordered({product: plain(one / number) if one % number else one // number for product, one in rest.items()})
        self.join(powers, Form(rest), 1)
        return self.finished(powers)
