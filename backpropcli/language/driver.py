"""The LALR driver: it reads a text by the tables exported from the grammar.

A builder makes nodes as rules reduce: there is no parse tree, and nothing here recurses.
"""

from __future__ import annotations

from backpropcli.errors import MistakeError
from backpropcli.language.scanner import CLOSING, OPENING, STATES, longest
from backpropcli.language.tables import ACTIONS, END, GOTOS, IGNORED, RULES, START

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    Handler = Callable[[list[Any], int, int], Any]
    """Takes the values of a rule's symbols and where they stand; returns the value of the rule."""

    class Builder(Protocol):
        """What is told each rule that is complete."""

        rules: Rules

        def handler(self, alias: str, length: int) -> Handler:
            """Return what builds the alternative called ``alias``, of ``length`` symbols."""


_jumps: list[dict[str, dict[str, int]]] = [{} for _ in GOTOS]


class Rules(dict[int, "tuple[int, str, Handler | None, int]"]):
    """The rules of the grammar that a text has met: (length, nonterminal, what builds it, part).

    The part is the symbol whose value is the rule's where nothing is built, or -1.
    """

    __slots__ = ("builder",)

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def __missing__(self, number: int) -> tuple[int, str, Handler | None, int]:
        nonterminal, length, alias, parts = RULES[number]
        handler = self.builder.handler(alias, length) if alias else None
        rule = self[number] = length, nonterminal, handler, parts[0] if parts else -1
        return rule


def normal(text: str) -> str:
    """Return ``text`` with each letter and its accents as one character (NFC)."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)


def build(  # noqa: C901, PLR0912, PLR0915 (one loop, written out: every token passes here)
    builder: Builder, text: str
) -> None:
    """Read ``text``, and tell ``builder`` each rule of the grammar that is complete.

    Raises MistakeError where a word cannot stand where it does, and what the builder raises.
    """
    rules = builder.rules
    first = STATES[0]
    padded = text + "\n\0"
    finish = len(padded) - 1
    states: list[int] = [START]
    values: list[Any] = []
    starts: list[int] = []
    state, end, depth, at = START, 0, 0, 0
    while at < finish:
        scanned, here = first, at
        while (after := scanned[padded[here]]) is not None:
            scanned = after
            here += 1
        token = scanned.terminal
        if not token:  # such as 3e in 3exp(x): what it read too far belongs to the next word
            token, here = longest(padded, at, here)
        if not token:
            if here > len(text):  # the scanner ran over the end: the last newline is its own
                here = at
            raise MistakeError("bad_character", builder, at, here)
        if token in IGNORED:
            at = here
            continue
        if token == "_NEWLINE" and depth and here < finish:
            at = here
            continue
        while True:
            action = ACTIONS[state].get(token)
            if action is None:
                raise MistakeError("unexpected", builder, at, here)
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
        if token in OPENING:
            depth += 1
        elif token in CLOSING:
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
