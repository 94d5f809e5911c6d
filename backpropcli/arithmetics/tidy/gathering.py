"""Products and sums of derivatives, gathered from their nodes, however deep.

The user's own nodes are read as far as they are products, or sums that have the terms of another.
"""

from __future__ import annotations

from backpropcli.arithmetics.tidy.choices import FormsWithChoices
from backpropcli.arithmetics.tidy.forms import SMALL, Form
from backpropcli.arithmetics.tidy.terms import HALF, literal, plain, rational

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from backpropcli.arithmetics.tidy.gaps import Loss
    from backpropcli.arithmetics.tidy.products import Powers
    from backpropcli.arithmetics.tidy.terms import Sum
    from backpropcli.graph.graph import Graph

SUMS = {"add", "sub", "neg"}
PRODUCTS = {"mul", "div", "neg", "pow", "sqrt"}


class Wanted(Exception):  # noqa: N818 (not an error)
    """The terms of a sum are asked for, which are not known yet."""

    def __init__(self, node: int) -> None:
        super().__init__(node)
        self.node = node


class Gathering:
    """Gathers derivatives in the graph ``raw``, whose first nodes are the user's ``function``.

    ``forms`` are those of nodes that are read; ``inner`` nodes are but a part of one other.
    """

    def __init__(self, raw: Graph, function: Graph, named: Collection[int]) -> None:
        self.raw = raw
        self.first = len(function)
        self.graph = function.copy()
        self.graph.define(raw.table)
        decimals = any(isinstance(arg, float) and arg % 1 for arg in function.args.values())
        self.to = self._forms(named, decimals=decimals)
        self.forms: dict[int, Form] = {}
        self.inner = bytearray(len(raw))
        self.read: dict[int, Sum | None] = {}
        self.reading = False

    def _forms(self, named: Collection[int], *, decimals: bool) -> FormsWithChoices:
        return FormsWithChoices(self.graph, named, decimals=decimals)

    def form(self, node: int) -> Form:
        """Return a node's form: the user's nodes are read as far as they are products."""
        return self._product(node) if node < self.first else self.forms[node]

    def place(self, node: int) -> int:
        """Return a node's place in the graph that is written."""
        return node if node < self.first else self.to.node(self.forms[node].terms)

    # Products

    def _product(self, top: int) -> Form:
        """Gather a product: the number in front, and each base once."""
        powers = self.to.powers()
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
                self.to.join(powers, self.forms[node], exponent)
            else:
                self._user(powers, node, exponent)
        return self.to.finished(powers)

    def _is_product(self, node: int) -> bool:
        operation = self.raw.operations[node]
        if operation == "pow":
            return (
                node not in self.to.terms.named
                and rational(self.raw, self.raw.inputs[node][1]) is not None
            )
        return operation in PRODUCTS and node not in self.to.terms.named

    def _open(self, powers: Powers, stack: list[tuple[int, int]], node: int, exponent: int) -> None:
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
        if self.raw.operations[node] in SUMS and node not in self.to.terms.named:
            terms = self.to.inside.get(node)
            if terms is None:
                terms = self._user_sum(node)
            if terms is not None:
                self.to.raise_sum(powers, terms, exponent, node)
                return
        powers.raise_to(node, exponent)

    def _user_sum(self, node: int) -> Sum | None:
        """Return the terms of a sum of the user's; None if it has many.

        Sums in sums are read first, however deep: who meets one begins anew when it is known.
        """
        if self.reading and node not in self.read:
            raise Wanted(node)
        wanted = [node]
        while wanted and node not in self.read:
            self.reading = True
            try:
                terms = self._gathered(wanted[-1]).terms
            except Wanted as other:
                wanted.append(other.node)
            else:
                few = 2 <= len(terms) <= SMALL  # noqa: PLR2004
                self.read[wanted[-1]] = terms if few else None
                if few:
                    self.to.inside[wanted[-1]] = terms
                wanted.pop()
            finally:
                self.reading = False
        return self.read[node]

    # Sums

    def _sum(self, top: int) -> Form:
        """Gather a sum: each product once, what all have in common in front."""
        return self.to.factored(self.to.merged(self._gathered(top)))

    def _gathered(self, top: int) -> Form:
        terms: Sum = {}
        lost: set[Loss] = set()
        budget = SMALL
        stack = [(top, 1)]
        while stack:
            node, sign = stack.pop()
            mine = node >= self.first
            named = node in self.to.terms.named
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
            whole = len(form.terms) <= SMALL
            added: Sum = form.terms if whole else {((self.to.node(form.terms), 1),): 1}
            self.to.add(terms, lost, added, sign)
        return Form(terms, frozenset(lost))
