"""Text to graph: a scanner and an LALR driver over the tables exported from the grammar.

Nodes are built as rules reduce: there is no parse tree, and nothing here recurses.
"""

from __future__ import annotations

from backpropcli.errors import SourceError
from backpropcli.grammar_tables import (
    ACTIONS,
    END,
    GOTOS,
    IGNORED,
    NAMED,
    OTHERS,
    RULES,
    SCANNER,
    START,
)
from backpropcli.graph import Graph, Program
from backpropcli.operations import CONSTANTS, NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

LETTER, DIGIT, OTHER = OTHERS
LONG = 40
"""A literal of more characters is not repeated whole in a message."""
RAISED = {ord(char): str(digit) for digit, char in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {ord("⁻"): "-"}
_scanner: list[dict[str, Any]] = []
_jumps: list[dict[str, dict[str, int]]] = [{} for _ in GOTOS]


def scanner_rows() -> list[dict[str, Any]]:
    """Return the scanner's states: character -> next state's row, "" -> the terminal found."""
    if not _scanner:
        rows: list[dict[str, Any]] = [{"": terminal} for terminal, _ in SCANNER]
        for row, (_, moves) in zip(rows, SCANNER, strict=True):
            for chars, target in moves.items():
                row.update(dict.fromkeys(chars, rows[target]))
        _scanner.extend(rows)
    return _scanner


def kind(char: str) -> str:
    """Return the character that stands for ``char`` in the scanner's table."""
    if char < "\x80" or char in NAMED:
        return char
    return DIGIT if char.isdecimal() else LETTER if char.isalnum() else OTHER


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Return all of ``text`` as (terminal, start, end), as the parser's own scanner reads it.

    A character that no terminal begins with is ("", start, start + 1). For tests and errors.
    """
    first = scanner_rows()[0]
    padded = text + "\n\0"
    found = []
    at = 0
    while at < len(text):
        row, here, best, stop = first, at, "", at + 1
        while True:
            char = padded[here]
            row = row.get(char) or row.get(kind(char)) or {}
            if not row:
                break
            here += 1
            if row[""]:
                best, stop = row[""], here
        found.append((best, at, min(stop, len(text))))
        at = stop
    return found


class Builder:
    """Builds the graph while the parser reduces: one method for each alias in the grammar."""

    def __init__(self, source: str, origin: str, bound: Collection[str]) -> None:
        self.source = source
        self.origin = origin
        self.bound = bound
        self.graph = Graph()
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.names: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.used: dict[str, int] = {}
        self.last: tuple[int, int, int] | None = None
        self.nameless: tuple[int, int] | None = None
        self.literals: dict[int, float] = {}

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
        try:
            value = float(text)
        except ValueError:
            raise self.error(
                f"'{text if len(text) < LONG else text[:LONG] + '…'}' is not a number",
                start,
                end,
                "an underscore stands between two digits, as in 1_000",
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
        found = self.graph.leaf("number", value)
        self.literals[found] = value
        return self.mark(found, start, end)

    def name(self, values: list[Any], start: int, end: int) -> int:
        name = values[0]
        if name in self.names:
            return self.names[name]
        if name in CONSTANTS and name not in self.bound:
            self.used.setdefault(name, start)
            return self.mark(self.graph.leaf("constant", CONSTANTS[name]), start, end)
        self.used.setdefault(name, start)
        return self.mark(self.graph.leaf("variable", name), start, end)

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
            try:
                self.literals[found] = self.literals[base] ** self.literals[exponent]
            except OverflowError:
                raise self.error(
                    "this power of numbers is too large for a double",
                    start,
                    end,
                    "the largest is about 1.8e308; 'inf' is infinity",
                ) from None
            except ZeroDivisionError:
                pass  # 0^-1 cannot be written so: its exponent is a negation
        return found

    def root(self, values: list[Any], start: int, end: int) -> int:
        return self.mark(self.graph.node("sqrt", (values[1],)), start, end)

    def plus(self, values: list[Any], _start: int, _end: int) -> int:
        return int(values[1])

    def matmul(self, _values: list[Any], start: int, end: int) -> int:
        raise self.error("'@' multiplies matrices, and these are numbers", start, end, "write '*'")

    def argument_first(self, values: list[Any], _start: int, _end: int) -> list[int]:
        return [values[0]]

    def argument_next(self, values: list[Any], _start: int, _end: int) -> list[int]:
        values[0].append(values[2])
        return values[0]  # type: ignore[no-any-return]

    def call(self, values: list[Any], start: int, end: int) -> int:
        name, inputs = values[0], values[2]
        row = NAMES.get(name)
        if row is None or row.infix in {"+", "-", "*", "/"}:
            from backpropcli.mistakes import unknown_function  # noqa: PLC0415 (only on a mistake)

            raise unknown_function(self, name, start)
        if not row.accepts(len(inputs)):
            from backpropcli.mistakes import wrong_count  # noqa: PLC0415 (only on a mistake)

            raise wrong_count(self, row, name, len(inputs), start, end)
        if len(inputs) < len(row.parameters):
            for parameter in row.parameters[len(inputs) :]:
                inputs.append(self.number([row.defaults[parameter]], end, end))
        if row.name == "pow":
            return self._power(inputs[0], inputs[1], start, end)
        return self.mark(self.graph.node(row.name, tuple(inputs)), start, end)

    def call_empty(self, values: list[Any], start: int, end: int) -> int:
        return self.call([values[0], "(", []], start, end)

    def assignment(self, values: list[Any], start: int, end: int) -> None:
        name, number = values[0], values[2]
        if name in self.names or name in self.used or name in self.bound:
            from backpropcli.mistakes import bad_assignment  # noqa: PLC0415 (only on a mistake)

            raise bad_assignment(self, name, number, start, end)
        self._not_nameless()
        self.names[name] = number
        self.places[name] = start
        self.last = (number, start, end)

    def output(self, values: list[Any], start: int, end: int) -> None:
        self._not_nameless()
        self.nameless = (start, end)
        self.last = (values[0], start, end)

    def _not_nameless(self) -> None:
        if self.nameless:
            raise self.error(
                "only the last statement can stand without a name",
                *self.nameless,
                "give this one a name, as in 'z = ...', or remove it",
            )

    def program_statement(self, _values: list[Any], _start: int, _end: int) -> None:
        """Pass: the statement has been taken in."""

    program_empty = program_blank = program_statement

    def handler(self, alias: str, length: int) -> Callable[[list[Any], int, int], Any]:
        """Return what builds the alternative called ``alias``, of ``length`` symbols."""
        method = getattr(self, alias, None)
        if method is not None:
            return method  # type: ignore[no-any-return]
        return self.prefix(alias) if length == 2 else self.infix(alias)  # noqa: PLR2004

    def program(self) -> Program:
        """Return the finished program: what its output depends on."""
        if self.last is None:
            raise self.error(
                "there is no expression", 0, 0, "write one, for instance: backprop 'x^2' x=3"
            )
        graph, root = self.graph, self.last[0]
        keep = graph.ancestors([root])
        starts, ends, names = self.starts, self.ends, self.names
        unused = [name for name, number in names.items() if not keep[number]]
        if not all(keep):
            graph, renamed = graph.part(keep)
            root = renamed[root]
            starts = [start for start, kept in zip(starts, keep, strict=True) if kept]
            ends = [end for end, kept in zip(ends, keep, strict=True) if kept]
            names = {name: renamed[number] for name, number in names.items() if keep[number]}
        graph.freeze()
        return Program(graph, root, self.source, self.origin, starts, ends, names, unused)


def parse(  # noqa: C901, PLR0912, PLR0915 (one loop, written out: every token passes here)
    text: str, bound: Collection[str] = (), origin: str = ""
) -> Program:
    """Parse a program.

    ``bound`` are names that have a value: they are variables even where a built-in constant has
    the same name. ``origin`` names the text in errors (a file's name). Raises SourceError.
    Time and memory grow linearly with the text.
    """
    if not text.isascii():
        from unicodedata import normalize  # noqa: PLC0415 (only for such text)

        text = normalize("NFC", text)
    builder = Builder(text, origin, bound)
    rules: list[tuple[int, str, Any, int]] = []
    for nonterminal, length, alias, parts in RULES:
        handler = builder.handler(alias, length) if alias else None
        rules.append((length, nonterminal, handler, parts[0] if parts else -1))
    first = scanner_rows()[0]
    padded = text + "\n\0"
    finish = len(padded) - 1
    states: list[int] = [START]
    values: list[Any] = []
    starts: list[int] = []
    state, end, depth, at = START, 0, 0, 0
    while at < finish:
        row, here = first, at
        while True:
            char = padded[here]
            after = row.get(char)
            if after is None:
                after = None if char < "\x80" else row.get(kind(char))
                if after is None:
                    break
            row = after
            here += 1
        token = row[""]
        if not token:
            if here > len(text):  # the scanner ran over the end: the last newline is its own
                here = at
            from backpropcli.mistakes import bad_character  # noqa: PLC0415 (only on a mistake)

            raise bad_character(builder, at, here)
        if token in IGNORED:
            at = here
            continue
        if token == "_NEWLINE" and depth and here < finish:
            at = here
            continue
        while True:
            action = ACTIONS[state].get(token)
            if action is None:
                from backpropcli.mistakes import unexpected  # noqa: PLC0415 (only on a mistake)

                raise unexpected(builder, state, at, here)
            if action >= 0:
                break
            length, nonterminal, handler, kept = rules[~action]
            base = len(values) - length
            start = starts[base] if length else at
            if handler is not None:
                value = handler(values[base:], start, end)
            else:
                value = values[base + kept] if kept >= 0 else None
            del states[base + 1 :]
            del values[base:]
            del starts[base:]
            state = states[-1]
            jump = _jumps[state].get(nonterminal)
            if jump is None:
                jump = _jumps[state][nonterminal] = {}
            target = jump.get(token)
            if target is None:
                target = jump[token] = _after(state, nonterminal, token)
            state = target
            states.append(state)
            values.append(value)
            starts.append(start)
        state = action
        states.append(state)
        values.append(padded[at:here])
        starts.append(at)
        if token == "LPAR":
            depth += 1
        elif token == "RPAR":
            depth -= 1
        at = end = here
    # What is left is a program and perhaps its last ending: all statements have been taken in.
    while state != END and (action := ACTIONS[state].get("$END")) is not None and action < 0:
        size, name, handler, _ = rules[~action]
        base = len(values) - size
        if handler is not None:
            handler(values[base:], starts[base], end)
        del states[base + 1 :]
        del values[base:]
        start = starts[base]
        del starts[base:]
        state = GOTOS[states[-1]].get(name, END)
        states.append(state)
        values.append(None)
        starts.append(start)
    return builder.program()


def _after(state: int, nonterminal: str, token: str) -> int:
    """Return the state after ``nonterminal``; reductions that only pass on are done at once."""
    while True:
        target = GOTOS[state][nonterminal]
        action = ACTIONS[target].get(token)
        if action is None or action >= 0:
            return target
        name, length, alias, _ = RULES[~action]
        if alias or length != 1 or nonterminal == "ending":
            return target
        nonterminal = name
