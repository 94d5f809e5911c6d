"""Writes a program anew, with a pattern's right side where its left side fits."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from backpropcli.arithmetics.matching.left import INDEX, Left
from backpropcli.arithmetics.matching.unordered import PASSING, PRODUCT, SUM
from backpropcli.arithmetics.nodes.nodes import Nodes
from backpropcli.graph.graph import LEAVES, Graph
from backpropcli.language.unparse import brief, statements
from backpropcli.proof.mends.mended import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backpropcli.arithmetics.matching.left import Mend
    from backpropcli.arithmetics.matching.matcher import Fit, Matcher
    from backpropcli.language.program import Program

PLAIN = 1000
"""Up to here a denominator is written as one; a decimal is a decimal."""
LONGEST = 60
"""Characters of what is shown of a part of a program."""


class Candidate(NamedTuple):
    """A program with a pattern's mend at one node, or at several: its ``text`` and the ``steps``.

    ``tests`` are programs that work the steps' conditions out, in all elements of arrays. ``node``
    is the first that was mended, from the output down, and ``row`` the pattern's number.
    """

    node: int
    steps: list[Step]
    tests: list[str]
    text: str
    size: int
    row: int = 0


class Patterns:
    """Rows of the table, ready to be matched; ``arrays`` says that values may be arrays."""

    def __init__(self, rows: tuple[Mend, ...], *, arrays: bool) -> None:
        self.rows = [Left(row) for row in rows]
        self.arrays = arrays

    def candidates(self, program: Program, matcher: Matcher) -> Iterator[Candidate]:
        """Yield a program for each mend that fits somewhere, from the output down.

        And one for each pattern that fits at several nodes, with all of them mended.
        """
        graph = program.graph
        needed = graph.ancestors([program.root])
        seen = set()
        everywhere: dict[int, dict[int, Fit]] = {}
        for node in range(program.root, -1, -1):
            operation = graph.operations[node]
            if not needed[node] or operation in LEAVES or operation in PASSING:
                continue
            for row, left in enumerate(self.rows):
                for fit in matcher.fits(left, node):
                    found = self._written(program, matcher, row, {node: fit})
                    if found is not None and found.text not in seen:
                        seen.add(found.text)
                        yield found
                    if not left.name:
                        everywhere.setdefault(row, {}).setdefault(node, fit)
        for row, fits in everywhere.items():
            found = self._written(program, matcher, row, fits) if len(fits) > 1 else None
            if found is not None:
                yield found

    def _written(
        self, program: Program, matcher: Matcher, row: int, fits: Mapping[int, Fit]
    ) -> Candidate | None:
        """Return a program with a mend; None if it would hold a number that no double is."""
        writing = Writing(program, matcher, arrays=self.arrays)
        try:
            return writing.candidate(self.rows[row], fits)._replace(row=row)
        except OverflowError:
            return None


class Writing:
    """A graph that is written anew, in which some nodes are others; ``arrays`` says what of."""

    def __init__(self, program: Program, matcher: Matcher, *, arrays: bool) -> None:
        self.program = program
        self.arrays = arrays
        self.matcher = matcher
        self.forms = matcher.forms
        self.graph = Graph(program.graph.table)
        self.nodes = Nodes(self.graph)
        self.places: list[int] = []
        self.taken: object = None  # by the index of a pattern

    def candidate(self, left: Left, fits: Mapping[int, Fit]) -> Candidate:
        """Return the program with a mend at each of the nodes that a pattern fits."""
        old, new = self.program.graph, self.graph
        mended: dict[int, tuple[Step, str]] = {}
        for number, operation in enumerate(old.operations):
            if number in fits:
                mended[number] = self._mended(left, number, fits[number])
            else:
                inputs = tuple([self.places[child] for child in old.inputs[number]])
                self.places.append(new.node(operation, inputs, old.args.get(number)))
        root = self.places[self.program.root]
        text = "\n".join(statements(new, {"": root}, new.named()))
        needed = new.ancestors([root])
        kept = [found for node, found in mended.items() if needed[self.places[node]]]
        steps = [step for step, _ in kept]
        tests = [test for _, test in kept if test]
        return Candidate(max(fits), steps, tests, text, sum(needed))

    def _mended(self, left: Left, node: int, fit: Fit) -> tuple[Step, str]:
        """Write the mend of a node; return what it is, and what tests its condition."""
        condition = test = ""
        known = dict(fit.known)
        places = known.pop(INDEX, None)
        self.taken = None if places is None else self.forms.kinds[places][1]
        given = {name: self.form(form) for name, form in known.items()}
        before = self._side(left, left.top, given)
        after = self._side(left, left.right, given, fit.known)
        if left.condition is not None:
            at = self._side(left, left.condition, given)
            condition = self._brief(at)
            if self.arrays:
                at = self.graph.node("prod", (at,), (None, False))
            test = "; ".join(statements(self.graph, {"": at}, self.graph.named()))
        self.places.append(self._whole(fit, after))
        shown = (self._brief(before), self._brief(after))
        if fit.plus == self.forms.zero and fit.times == self.forms.one:
            shown = (self.program.text(node, LONGEST), self._brief(self.places[node]))
        return Step(left.mend.text, *shown, condition), test

    def _brief(self, node: int) -> str:
        named = {at: name for name, at in self.graph.named().items()}
        return brief(self.graph, node, LONGEST, lambda at: named.get(at, ""), named.values())

    def _whole(self, fit: Fit, right: int) -> int:
        """Return the node of all that a part of was matched."""
        build, forms = self.nodes.build, self.forms
        number = abs(fit.scale)
        if fit.times != forms.one:
            right = self._product(fit.times, right)
        if number != 1:
            right = build("mul", (self.number(number), right))
        if fit.plus == forms.zero:
            return build("neg", (right,)) if fit.scale < 0 else right
        operation = "sub" if fit.scale < 0 else "add"
        return build(operation, (self.form(fit.plus), right))

    def _product(self, times: int, right: int) -> int:
        """Return the node of a product with what is left over: above the line, and below."""
        _, factors = self.forms.factors(times)
        for factor, power in factors.items():
            powered = self._power(self.form(factor), abs(power))
            inputs = (powered, right) if power > 0 else (right, powered)
            right = self.nodes.build("mul" if power > 0 else "div", inputs)
        return right

    def _side(
        self, left: Left, root: int, given: dict[str, int], known: dict[str, int] | None = None
    ) -> int:
        """Write a side of a pattern; what is ``known``, and on the left, is what the user wrote."""
        graph, needed = left.graph, left.graph.ancestors([root])
        places = [-1] * len(graph)
        for number, operation in enumerate(graph.operations):
            form = left.forms.of[number]
            if not needed[number]:
                continue
            if operation == "variable":
                places[number] = given[str(graph.args[number])]
            elif known is not None and self._is_users(left, number, root, known):
                places[number] = self.form(self.matcher.made(left.forms, form, known))
            else:
                inputs = tuple([places[child] for child in graph.inputs[number]])
                arg = self.taken if operation == INDEX else graph.args.get(number)
                places[number] = self.nodes.build(operation, inputs, arg)
        return places[root]

    def _is_users(self, left: Left, number: int, root: int, known: dict[str, int]) -> bool:
        """Say whether what a pattern writes on its right is read as a whole.

        It stands on the left too; or it is a number times a name, which has a number itself.
        """
        if number != root and left.forms.of[number] in left.parts:
            return True
        factor, factors = left.forms.factors(left.forms.of[number])
        if factor == 1 or [*factors.values()] != [1] or not factors.keys() <= left.names.keys():
            return False
        [name] = factors
        return self.forms.factors(known[left.names[name]])[0] != 1

    # Forms

    def form(self, form: int) -> int:
        """Return the node of a form: the user's where there is one, else a new one."""
        for nodes in (self.forms.named, self.forms.first):
            node = nodes.get(form)
            if node is not None and node < len(self.places):
                return self.places[node]
        kind, parts = self.forms.kinds[form]
        if kind == SUM:
            return self._sum(form)
        if kind == PRODUCT:
            return self._factors(Fraction(1), form)
        inputs, arg = parts
        return self.nodes.build(kind, tuple([self.form(child) for child in inputs]), arg)

    def _sum(self, form: int) -> int:
        terms = [*self.forms.terms(form).items()]
        terms.sort(key=lambda term: (term[1] < 0, term[0] == self.forms.one))
        total: int | None = None
        for term, factor in terms:
            node = self._factors(abs(factor), term)
            if total is None:
                total = self.nodes.build("neg", (node,)) if factor < 0 else node
            else:
                total = self.nodes.build("sub" if factor < 0 else "add", (total, node))
        return self.number(Fraction(0)) if total is None else total

    def _factors(self, number: Fraction, form: int) -> int:
        """Return the node of a positive number times a form that is no sum."""
        build, (_, factors) = self.nodes.build, self.forms.factors(form)
        least = number.denominator if number.denominator <= PLAIN else 1
        above = [self._power(self.form(one), power) for one, power in factors.items() if power > 0]
        below = [self._power(self.form(one), -power) for one, power in factors.items() if power < 0]
        if number * least != 1 or not above:
            above.insert(0, self.number(number * least))
        if least != 1:
            below.insert(0, self.number(Fraction(least)))
        total = reduce(lambda one, other: build("mul", (one, other)), above)
        if not below:
            return total
        return build("div", (total, reduce(lambda one, other: build("mul", (one, other)), below)))

    def _power(self, node: int, power: int) -> int:
        return self.nodes.build("pow", (node, self.number(Fraction(power))))

    def number(self, value: Fraction) -> int:
        """Return the node of a number: a literal, or a quotient of two."""
        if Fraction(float(value)) == value:
            return self.nodes.number(float(value))
        parts = [self.nodes.number(float(part)) for part in value.as_integer_ratio()]
        return self.graph.node("div", tuple(parts))
