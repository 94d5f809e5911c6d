"""Builds a program, and after it the derivatives that are claimed, and what is assumed."""

from __future__ import annotations

from itertools import combinations_with_replacement

from backpropcli.errors import did_you_mean
from backpropcli.language.builder import Builder
from backpropcli.language.claims.records import Claim, Target, as_condition
from backpropcli.language.claims.titles import Quotient, names_in, ordered, plain, tails
from backpropcli.language.surface import DIFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

SHORT = 60
"""Characters of a program that a hint repeats."""
CONDITIONS = {"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not"}
EXAMPLE = "write it as in 'w = 2*w*x', or with what it is the derivative of: 'dL_dw = 2*w*x'"
MOST_ORDERS, MOST_FORMS = 6, 10_000
"""How often a claim may differentiate; and how many ways to do so are looked at."""


class Claims(Builder):
    """Builds a program, and after it the claims on it."""

    def __init__(self, source: str, origin: str, bound: Collection[str]) -> None:
        super().__init__(source, origin, bound)
        self.own: list[int] = []
        """The program's outputs."""
        self.heads: list[str] = []
        self.known: dict[str, int] = {}
        """What derivatives may be of and by: the program's variables and intermediates."""
        self.places: dict[str, int] = {}
        self.found: list[Claim] = []
        self.conditions: list[int] = []
        self.helpers_made: dict[str, tuple[int, int]] = {}
        self.helper_lines: dict[str, str] = {}
        self.text = ""
        """The program's own text."""
        self.lefts: dict[int, str] = {}
        """Left sides as they are written, by where."""
        self.rights: dict[int, str] = {}
        """Derivatives on right sides, likewise."""
        self.used_slopes: dict[tuple[int, ...], tuple[str, int]] = {}
        """What each of those is called, and its node; by what it is of and by."""
        self.notes: list[str] = []
        self.alone: str | None = None
        """By what a claim is that does not say it."""
        self.pasted = False
        self.assuming = False

    def claims_follow(self) -> None:
        """Take what has been built for the program."""
        self.text = self.source
        program = self.program()  # raises where there is none
        assert self.last is not None  # noqa: S101 (for mypy: there is a program)
        self.own = list(self.last[0])
        self.heads = [name if name in self.names else "" for name in program.written]
        self.known = {**self.graph.variables(), **self.names}
        self.nameless = None

    def assignment(self, values: list[Any], start: int, end: int) -> None:
        if not self.own:
            super().assignment(values, start, end)
            return
        left, node = self.lefts.get(start, values[0]), values[2]
        begin = self.source.index("=", start + len(left)) + 1
        begin += len(self.source[begin:end]) - len(self.source[begin:end].lstrip())
        if self.assuming:
            hint = as_condition(self.source[start:end])
            raise self.error("an assumption is a condition", start, end, hint)
        if left in self.names and left in self.known and self.pasted:
            if self.graph.inputs[self.names[left]] == (node,):
                return  # a definition of the program's own, as formula prints it
            raise self.error(
                f"{left} is a name of the program",
                start,
                start + len(left),
                f"for the derivative by it write d_d{left} = ...; else remove this line",
            )
        target = self._target(left)
        if target is not None:
            self._claim(target, node, begin, end)
            return
        self._is_helper(left, start)
        self.helpers_made[left] = (start, start + len(left))
        self.helper_lines[left] = self.source[start:end]
        self.names[left] = self.mark(self.graph.node("name", (node,), left), begin, end)

    def _is_helper(self, left: str, start: int) -> None:
        """Raise SourceError for what can be no helper's name."""
        end = start + len(left)
        if left in self.known:
            named = [title for title in self.titles() if title.endswith(f"_d{left}")]
            count = len(self.own)
            message = f"the program has {count} outputs, and this claim does not say of which it is"
            raise self.error(message, start, end, f"write {' or '.join(named)} = ...")
        if left in self.names or left in self.bound:
            raise self.error(f"{left} has a value already", start, end, "give it another name")
        if not left.isidentifier() or (left[0] == "d" and "_d" in left):
            titles = self.titles(max(1, ordered(left)[0]))
            hint = did_you_mean(left, titles, f"there are: {', '.join(titles[:12])}")
            inner = [name for name in self.helpers_made if f"d{name}" in plain(left).split("_")]
            if inner:
                hint = f"{inner[0]} is a name of the claims alone: define it in the program"
                lines = f"{self.text.rstrip('; ')}; {self.helper_lines[inner[0]]}"
                if all(self.heads) and len(lines) < SHORT and not {*"\n#'"}.intersection(lines):
                    hint += f", as in '{lines}'"
            raise self.error(f"there is no derivative '{left}' here", start, end, hint)

    def output(self, values: list[Any], start: int, end: int) -> None:
        if not self.own:
            super().output(values, start, end)
            return
        if self.assuming:
            if self.graph.operations[values[0]] not in CONDITIONS:
                raise self.error("this is no condition", start, end, "write one, as in x > 0")
            self.conditions.append(values[0])
            return
        names = [*self.graph.variables()] if self.alone is None else [self.alone]
        names = [name for name in names if name in self.known]
        unsaid = len(names) != 1 or len(self.own) != 1 or self.found
        text, told = self.source[start:end], "this claim does not say by what it is"
        left, equal, right = text.partition("==")
        if equal and self.graph.operations[values[0]] == "eq" and self._target(left.strip()):
            hint = f"write {left.strip()} = {right.strip()}"
            message = told if unsaid else "a claim has one equals sign"
            error = self.error(message, start, end, hint)
            at = start + len(left)
            error.fixes = ([(at, at + 2, "=")],)
            raise error
        if unsaid:
            raise self.error(told, start, end, EXAMPLE)
        target = Target(names[0], self.own[0], [self.known[names[0]]], names)
        self._claim(target, values[0], start, end)

    def _claim(self, target: Target, node: int, start: int, end: int) -> None:
        """Take in a claim whose right side stands from ``start`` to ``end``."""
        claim = Claim(target, node, (start, end), self.source[start:end])
        below = self.graph.ancestors([node]) if self.used_slopes else b""
        for facts, (title, slope) in self.used_slopes.items():
            if below[slope]:
                claim.rests_on.append(title)
                if facts == (target.of, *target.by):
                    raise self.error(
                        f"this claim on {title} rests on {title}",
                        start,
                        end,
                        "write what it is in other terms",
                    )
        self.found.append(claim)

    def is_derivative(self, one: Quotient, offset: int) -> bool:
        """Say whether what stands in claims from ``offset`` on is a derivative of the program.

        It is a quotient where the program has its names. Raises SourceError for a power that may be
        of all of it.
        """
        if self._target(one.text) is None:
            return False
        lefts = [left for at, left in self.lefts.items() if at >= offset]
        named = [name for name in one.names if self._has(name) or name in lefts]
        if named and len(named) == len(one.names):
            above, below = one.names
            self.notes.append(f"{one.text} is read as {above} divided by {below}, which are names")
        if one.raised and not named:
            start, end = one.start + offset, one.end + offset
            hint = f"write ({one.text})^2; or for the second derivative d2L/dx2"
            raise self.error(f"what is {one.text} to a power?", start, end, hint)
        return not named

    def _has(self, name: str) -> bool:
        return name in self.names or name in self.known or name in self.bound

    def name(self, values: list[Any], start: int, end: int) -> int:
        name = values[0]
        inside = self.scope.parameters is not None  # a function's body has no such names
        if self.own and not (self.assuming or inside or self._has(name)) and "_" in name:
            target = self._target(self.rights.get(start, name))
            if target is not None:
                return self._slope(target, start, end)
        return super().name(values, start, end)

    def _slope(self, target: Target, start: int, end: int) -> int:
        """Write the derivative that a right side has."""
        facts, node = (target.of, *target.by), target.of
        if facts not in self.used_slopes:
            for by in target.by:
                node = self.mark(self.graph.node(DIFF, (node, by), 1), start, end)
            self.used_slopes[facts] = target.title, node
        return self.used_slopes[facts][1]

    def outputs(self, values: list[Any], start: int, end: int) -> None:
        if not self.own or not self.pasted:
            super().outputs(values, start, end)

    def _outputs(self, nodes: list[int], start: int, end: int) -> None:
        if not self.own:
            super()._outputs(nodes, start, end)
            return
        raise self.error("a claim is one derivative", start, end, "write a line for each")

    def _target(self, left: str) -> Target | None:
        """Return what a left side is the derivative of, and by; None if it is no derivative."""
        if left in self.known:
            if len(self.own) == 1:
                return Target(left, self.own[0], [self.known[left]], [left])
            return None
        order, rest = ordered(left)
        by = [name for name in self.known if f"d{name}" in rest]
        if not 1 <= order <= MOST_ORDERS or len(by) ** order > MOST_FORMS:
            return None
        heads = self._heads()
        if [*heads] == [""] and (letter := rest.partition("_d")[0]) not in self.known:
            heads[letter] = self.own[0]  # of what has no name: L in dL/dx
        for head, of in heads.items():
            for stem in (head, f"_d{head}") if head else ("",):
                tail = rest.removeprefix(stem)
                names = names_in(tail, by, order) if rest.startswith(stem) else None
                if names is not None:
                    return Target(left, of, [self.known[name] for name in names], names)
        return None

    def _heads(self) -> dict[str, int]:
        """Return what derivatives are of, by what it may be called: outputs come first."""
        several = len(self.own) > 1
        found = {
            name or (f"f{at}" if several else ""): node
            for at, (name, node) in enumerate(zip(self.heads, self.own, strict=True), 1)
        }
        found |= {name: node for name, node in self.names.items() if name in self.known}
        return found if several else found | {"": self.own[0]}

    def titles(self, order: int = 1) -> list[str]:
        """Return what the derivatives of an order are called."""
        start = "d" if order == 1 else f"d{order}"
        heads = [head for head in self._heads() if head] or [""]
        return [
            f"{start}{head}{tails(names)[-1]}"
            for head in heads
            for names in combinations_with_replacement(self.known, order)
            if head not in names
        ]
