"""Writes the parser's tables from expression.lark: ``python grammar/export.py``.

Lark builds the LALR table and names the terminals; the terminals' regular expressions become one
deterministic automaton (Thompson's construction, then subsets: Aho, Lam, Sethi, Ullman,
"Compilers", 2nd ed., sections 3.7 and 3.8). At run time neither Lark nor ``re`` is imported.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from backpropcli.language.grammar import grammar_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LETTER, DIGIT, OTHER = "é", "٣", "€"
"""Stand for every letter, decimal digit and other character that the grammar does not name."""

SHIFT = 0


class Automaton:
    """A nondeterministic automaton: ``edges[state]`` holds (test, next); a test of None is free."""

    def __init__(self) -> None:
        self.edges: list[list[tuple[Callable[[str], bool] | None, int]]] = []

    def state(self) -> int:
        """Add a state."""
        self.edges.append([])
        return len(self.edges) - 1

    def add(self, items: Iterable[tuple[Any, Any]], begin: int) -> int:
        """Add the parsed regular expression ``items`` from state ``begin``; return its end."""
        for operator, argument in items:
            begin = self._add_one(str(operator), argument, begin)
        return begin

    def _add_one(self, operator: str, argument: Any, begin: int) -> int:  # noqa: ANN401
        end = self.state()
        if operator == "MAX_REPEAT":
            low, high, body = argument
            for _ in range(low):
                begin = self.add(body, begin)
            if str(high) == "MAXREPEAT":
                loop = self.state()
                self.edges[begin].append((None, loop))
                self.edges[self.add(body, loop)].append((None, loop))
                self.edges[loop].append((None, end))
            else:
                self.edges[begin].append((None, end))
                for _ in range(high - low):
                    begin = self.add(body, begin)
                    self.edges[begin].append((None, end))
        elif operator == "SUBPATTERN":
            self.edges[self.add(argument[3], begin)].append((None, end))
        elif operator == "BRANCH":
            for branch in argument[1]:
                self.edges[self.add(branch, begin)].append((None, end))
        else:
            self.edges[begin].append((_character_test(operator, argument), end))
        return end

    def closure(self, states: Iterable[int]) -> frozenset[int]:
        """Return ``states`` with all that free edges lead to."""
        found = set(states)
        todo = list(found)
        while todo:
            for test, target in self.edges[todo.pop()]:
                if test is None and target not in found:
                    found.add(target)
                    todo.append(target)
        return frozenset(found)


def _character_test(operator: str, argument: Any) -> Callable[[str], bool]:  # noqa: ANN401
    """Return the test of one character that a parsed regular expression asks for."""
    if operator == "LITERAL":
        return lambda char: ord(char) == argument
    if operator == "NOT_LITERAL":
        return lambda char: ord(char) != argument
    if operator == "RANGE":
        return lambda char: argument[0] <= ord(char) <= argument[1]
    if operator == "CATEGORY":
        category = str(argument)
        tests: dict[str, Callable[[str], bool]] = {
            "CATEGORY_WORD": lambda char: char.isalnum() or char == "_",
            "CATEGORY_NOT_WORD": lambda char: not (char.isalnum() or char == "_"),
            "CATEGORY_DIGIT": str.isdecimal,
        }
        return tests[category]
    if operator == "IN":
        negated = str(argument[0][0]) == "NEGATE"
        members = [_character_test(str(kind), value) for kind, value in argument[negated:]]
        return lambda char: negated != any(member(char) for member in members)
    raise ValueError(f"the scanner has no word for {operator} in a terminal")


def named_characters(patterns: list[tuple[str, str]]) -> str:
    """Return the characters beyond ASCII that the grammar tells from other letters and signs."""
    named = {char for _, pattern in patterns for char in pattern if not char.isascii()}
    return "".join(sorted(named | {chr(code) for code in range(0x2070, 0x208A)}))


def scanner_table(patterns: list[tuple[str, str]]) -> list[tuple[str, dict[str, int]]]:
    """Return the states of one automaton for all terminals: (terminal or "", {char: state}).

    ``patterns`` are (terminal, regular expression), the strongest last where several match.
    """
    from re import _parser

    machine = Automaton()
    begin = machine.state()
    accepts = {}
    for rank, (terminal, pattern) in enumerate(patterns):
        accepts[machine.add(_parser.parse(pattern), begin)] = (rank, terminal)
    characters = [chr(code) for code in range(128)]
    characters += [*named_characters(patterns), LETTER, DIGIT, OTHER]
    numbers = {machine.closure([begin]): 0}
    states = list(numbers)
    table = []
    for state in states:  # grows as it goes
        moves = {}
        for char in characters:
            after = machine.closure(
                target
                for source in state
                for test, target in machine.edges[source]
                if test and test(char)
            )
            if after:
                if after not in numbers:
                    numbers[after] = len(states)
                    states.append(after)
                moves[char] = numbers[after]
        final = [accepts[member] for member in state if member in accepts]
        table.append((max(final)[1] if final else "", moves))
    return table


def build() -> dict[str, Any]:
    """Return the tables as plain data."""
    lark = Lark(grammar_text(), parser="lalr", lexer="basic", start="start")
    data, memo = lark.memo_serialize([TerminalDef, Rule])
    terminals = [item for item in memo.values() if item["__type__"] == "TerminalDef"]
    # A literal beats a regular expression that matches the same text ("and" beats NAME).
    terminals.sort(key=lambda item: item["pattern"]["__type__"] == "PatternStr")
    patterns = [
        (
            item["name"],
            re.escape(item["pattern"]["value"])
            if item["pattern"]["__type__"] == "PatternStr"
            else item["pattern"]["value"],
        )
        for item in terminals
    ]
    table = data["parser"]["parser"]
    tokens = table["tokens"]
    rules: list[tuple[str, int, str, tuple[int, ...]]] = []
    number_of: dict[int, int] = {}
    for key, item in memo.items():
        if item["__type__"] == "Rule":
            number_of[key] = len(rules)
            kept = tuple(
                index
                for index, symbol in enumerate(item["expansion"])
                if not symbol.get("filter_out")
            )
            alias = item["alias"]
            if alias is None and len(kept) == 1 and item["origin"]["name"] != "start":
                alias = ""  # passes its one part on
            rules.append((item["origin"]["name"], len(item["expansion"]), alias or "", kept))
    terminal_names = {item["name"] for item in terminals} | {"$END"}
    actions = []
    gotos = []
    for number in sorted(table["states"]):
        row = table["states"][number]
        action = {}
        goto = {}
        for token, (kind, argument) in sorted(row.items()):
            name = tokens[token]
            if name not in terminal_names:
                goto[name] = argument
            elif kind == SHIFT:
                action[name] = argument
            else:
                action[name] = ~number_of[argument["@"]]  # a reduction is negative
        actions.append(action)
        gotos.append(goto)
    return {
        "START": table["start_states"]["start"],
        "END": table["end_states"]["start"],
        "RULES": rules,
        "ACTIONS": actions,
        "GOTOS": gotos,
        "SCANNER": scanner_table(patterns),
        "IGNORED": tuple(data["parser"]["lexer_conf"]["ignore"]),
        "NAMED": named_characters(patterns),
        "OTHERS": (LETTER, DIGIT, OTHER),
    }


def render() -> str:
    """Return the text of tables.py."""
    lines = [
        '"""Generated from grammar/expression.lark by grammar/export.py; do not edit."""',
        "",
        "# fmt: off",
    ]
    for name, value in build().items():
        if isinstance(value, list):
            lines.append(f"{name} = [")
            lines += [f"    {_row(row)}," for row in value]
            lines.append("]")
        else:
            lines.append(f"{name} = {value!r}")
    return "\n".join(lines) + "\n"


def _row(row: Any) -> str:  # noqa: ANN401
    """Return one row as text; a scanner's moves are grouped by target to keep the file small."""
    if isinstance(row, tuple) and isinstance(row[-1], dict):
        groups: dict[int, str] = {}
        for char, target in row[1].items():
            groups[target] = groups.get(target, "") + char
        return repr((row[0], {chars: target for target, chars in groups.items()}))
    return repr(row)


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[1] / "backpropcli" / "language" / "tables.py"
    target.write_text(render(), encoding="utf-8")
