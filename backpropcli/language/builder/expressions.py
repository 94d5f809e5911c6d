"""Builds expressions: numbers, names and operations."""

from __future__ import annotations

from backpropcli.errors import MistakeError, SourceError
from backpropcli.graph.graph import Decimal
from backpropcli.graph.operations import CONSTANTS
from backpropcli.language.builder.scope import Scope
from backpropcli.language.driver import Rules
from backpropcli.language.scanner import longest, uncommented

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from backpropcli.language.program import Function

LONG = 40
"""A literal of more characters is not repeated whole in a message, nor read in another base."""
RAISED = {ord(char): str(digit) for digit, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {ord("⁻"): "-"}

FRACTIONS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5),
    "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8),
    "⅞": (7, 8),
}  # fmt: skip
EXACT = 40
"""What the denominators of those divide that are decimals of a few digits."""


class Expressions:
    """Builds expressions: one method for each alias in the grammar."""

    def __init__(
        self,
        source: str,
        origin: str,
        bound: Collection[str],
        *,
        from_file: bool = False,
        helpers: bool = False,
    ) -> None:
        self.helpers = helpers
        self.functions: dict[str, Function] = {}
        self.builtins: dict[str, int] = {}
        self.files: list[str] = []
        """Those that are being read: the last is this one, and each uses the next."""
        self.included: dict[str, Expressions] = {}
        """What has been read of other files, by path."""
        self.readable: Callable[[str], tuple[list[str], SourceError | None]] = lambda text: (
            [text],
            None,
        )
        """What makes of a text with mistakes those that can be read: who explains one sets it."""
        self.excused: set[int] = set()
        """Where calls begin that are known to be mistakes: others are looked for."""
        self.source = source
        self.origin = origin
        self.bound = bound
        self.from_file = from_file or origin not in {"", "stdin"}
        self.rules = Rules(self)
        self.enter(Scope(size=len(source)))

    def enter(self, scope: Scope) -> None:
        """Build in ``scope`` from now on."""
        self.scope = scope
        self.graph = scope.graph
        self.starts, self.ends = scope.starts, scope.ends
        self.names, self.used, self.literals = scope.names, scope.used, scope.literals
        self.rules.clear()

    def of_file(self, text: str, place: str, *, helpers: bool) -> Expressions:
        """Return the builder of a file whose definitions this text uses."""
        raise NotImplementedError

    def value_of(self, name: str) -> object:
        """Return the value of a name where values are known; else None."""
        value = getattr(self.bound, "get", None)
        return None if value is None else value(name)

    def error(self, message: str, start: int, end: int, hint: str = "") -> SourceError:
        """Return the error at characters ``start`` to ``end``."""
        return SourceError(message, self.source, start, end, hint, self.origin)

    def mark(self, number: int, start: int, end: int) -> int:
        """Remember where node ``number`` first appeared."""
        if number == len(self.starts):
            self.starts.append(start)
            self.ends.append(end)
        return number

    def infix(self, operation: str) -> Callable[[list[Any], int, int], int]:
        """Return the builder of an infix operation."""
        node, starts, ends = self.graph.node, self.starts, self.ends

        def build(values: list[Any], start: int, end: int) -> int:
            number = node(operation, (values[0], values[2]))
            if number == len(starts):
                starts.append(start)
                ends.append(end)
            return number

        return build

    def prefix(self, operation: str) -> Callable[[list[Any], int, int], int]:
        """Return the builder of a prefix operation."""

        def build(values: list[Any], start: int, end: int) -> int:
            return self.mark(self.graph.node(operation, (values[1],)), start, end)

        return build

    def number(self, values: list[Any], start: int, end: int) -> int:
        text = values[0]
        if text in FRACTIONS:
            above, below = FRACTIONS[text]
            if EXACT % below:
                parts = [self.number([str(part)], start, end) for part in (above, below)]
                return self.mark(self.graph.node("div", tuple(parts)), start, end)
            text = repr(above / below)
        try:
            value = float(text)
        except ValueError:
            raise self.error(
                f"'{text if len(text) < LONG else text[:LONG] + '…'}' is not a number",
                start,
                end,
                "an underscore goes between two digits, as in 1_000",
            ) from None
        if value == float("inf"):
            raise self.error(
                "the number is too large for a double",
                start,
                end,
                "the largest is about 1.8e308; 'inf' is infinity",
            )
        if value == 0 and any(char in "123456789" for char in text.lower().partition("e")[0]):
            raise self.error(
                "the number is too small for a double and would be 0",
                start,
                end,
                "the smallest above 0 is about 4.9e-324",
            )
        found = self.graph.node("number", (), Decimal.of(text))
        self.literals[found] = value
        return self.mark(found, start, end)

    def name(self, values: list[Any], start: int, end: int) -> int:
        name = values[0]
        if name in self.names:
            return self.names[name]
        parameters = self.scope.parameters
        if not (parameters is None or name in parameters or name in CONSTANTS or name == "None"):
            raise MistakeError("not_a_parameter", self, name, start, end)
        bound = self.bound if parameters is None else parameters
        self.used.setdefault(name, start)
        if name == "None" and name not in bound:
            self.used.pop(name)
            self.scope.none = True
            return self.mark(self.graph.node("constant", (), name), start, end)
        if name in CONSTANTS and name not in bound:
            return self.mark(self.graph.node("constant", (), CONSTANTS[name]), start, end)
        return self.mark(self.graph.node("variable", (), name), start, end)

    def lt(self, values: list[Any], start: int, end: int) -> int:
        arrow = self.source.find("<", start, min(end, start + LONG))
        if self.source.startswith("<-", arrow) and self._is_assigned(start, arrow):
            raise MistakeError("assigned_by_arrow", self, start, arrow)
        return self.mark(self.graph.node("lt", (values[0], values[2])), start, end)

    def _is_assigned(self, start: int, arrow: int) -> bool:
        """Say whether a name and a blank stand before an arrow, and begin a statement."""
        name, before = self.source[start:arrow], self.source[:start].rstrip(" \t\xa0")
        begins = not before or before[-1] in "\n;"
        text = uncommented(before) if begins else ""
        inside = any(text.count(one) > text.count(other) for one, other in ("()", "[]"))
        return begins and not inside and name[-1:].isspace() and name.strip().isidentifier()

    def pow(self, values: list[Any], start: int, end: int) -> int:
        return self._power(values[0], values[2], start, end)

    def superscript(self, values: list[Any], start: int, end: int) -> int:
        text = values[1].translate(RAISED)
        digits = text.lstrip("-")
        exponent = self.number([digits], end - len(digits), end)
        if text != digits:
            exponent = self.mark(self.graph.node("neg", (exponent,)), end - len(text), end)
        return self._power(values[0], exponent, start, end)

    def _power(self, base: int, exponent: int, start: int, end: int) -> int:
        found = self.mark(self.graph.node("pow", (base, exponent)), start, end)
        if base in self.literals and exponent in self.literals:
            try:  # 0^-1 is none of these: its exponent is a negation
                self.literals[found] = self.literals[base] ** self.literals[exponent]
            except OverflowError:
                raise self.error(
                    "this power of numbers is too large for a double",
                    start,
                    end,
                    "the largest is about 1.8e308; 'inf' is infinity",
                ) from None
        return found

    def scaled(self, values: list[Any], start: int, end: int) -> int:
        source = self.source
        _, stop = longest(source, start, end)
        if source[stop] in "eExXoObB":  # 3exp(x) and 2x are products, 2e and 0x10 slips
            _, after = longest(source, stop, len(source))
            if source[stop:after] in {"e", "E"} or in_another_base(source[start:after]) is not None:
                raise MistakeError("mistaken_number", self, start, stop, after)
        return self.mark(self.graph.node("mul", (values[0], values[1])), start, end)

    def root(self, values: list[Any], start: int, end: int) -> int:
        return self.mark(self.graph.node("sqrt", (values[1],)), start, end)

    def plus(self, values: list[Any], _start: int, _end: int) -> int:
        return int(values[1])

    def argument_first(self, values: list[Any], _start: int, _end: int) -> list[int]:
        return [values[0]]

    def argument_next(self, values: list[Any], _start: int, _end: int) -> list[int]:
        values[0].append(values[2])
        return values[0]  # type: ignore[no-any-return]

    def handler(self, alias: str, length: int) -> Callable[[list[Any], int, int], Any]:
        """Return what builds the alternative called ``alias``, of ``length`` symbols."""
        method = getattr(self, alias, None)
        if method is not None:
            return method  # type: ignore[no-any-return]
        return self.prefix(alias) if length == 2 else self.infix(alias)  # noqa: PLR2004


def in_another_base(text: str) -> int | None:
    """Return the number that 0x10, 0o7 or 0b1 is elsewhere; None for what is none."""
    if text[0] != "0" or len(text) > LONG:
        return None
    try:
        return int(text, 0)
    except ValueError:
        return None
