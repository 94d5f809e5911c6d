"""Parentheses that do not close, or have nothing in them, and commas."""

from __future__ import annotations

from backpropcli.language.mistakes.fixes import Fixes, instead, one, without, without_last
from backpropcli.language.mistakes.slip import Pattern, Span, both, last, opened
from backpropcli.language.mistakes.source.text import trimmed, until
from backpropcli.language.mistakes.source.words import VALUES
from backpropcli.language.scanner import CLOSING, ENDINGS, OPENING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.mistakes.source.place import Place

THOUSANDS = 3
"""How many digits stand in a group."""


def _never_closed(place: Place) -> bool:
    """Say whether what is read ends, or begins anew, within parentheses."""
    if not place.depth:
        return False
    if place.kind == "_NEWLINE":
        return True
    return place.missing > 0 and (place.kind == "SEMICOLON" or _next_line(place))


def _next_line(place: Place) -> bool:
    """Say whether the mistake is how a next line begins that was to be a statement."""
    if place.kind == "EQUAL":
        before = place.source[: place.last_start].rstrip(" \t")
        return place.last == "NAME" and before.endswith("\n")
    return place.last in VALUES and "\n" in place.source[place.last_end : place.at]


def _closed(place: Place) -> Fixes:
    """Close what is open at the end, where that is one line."""
    source = place.source
    if "\n" in source.rstrip() or ";" in source[place.opened :] or "#" in source:
        return ()
    end = len(source.rstrip())
    return one((end, end, place.closers)) if place.missing == len(place.closers) else ()


PARENTHESES = (
    Pattern(
        "a parenthesis too many", "x)",
        "this parenthesis closes nothing", "remove it, or add a '(' before it",
        instead="x", at={"RPAR"}, when=lambda place: not place.depth,
    ),
    Pattern(
        "empty parentheses", "2*()",
        "there is nothing between these parentheses",
        "write an expression in them, or remove them",
        instead="2*(x)", after={"LPAR"}, at={"RPAR"}, span=both,
    ),
    Pattern(
        "an open parenthesis", "(x + 1",
        "this {shape} is never closed", "{closing}",
        instead="(x + 1)", when=_never_closed, span=opened, fix=_closed,
    ),
    Pattern(
        "a semicolon between arguments", "max(x; y)",
        "';' separates statements, and this one is in parentheses",
        "between arguments write a comma",
        instead="max(x, y)", at={"SEMICOLON"}, when=lambda place: place.depth and place.called,
        fix=instead(","),
    ),
    Pattern(
        "a semicolon in parentheses", "(x; y)",
        "';' separates statements, and this one is in parentheses",
        "write one expression in them, and names before it: z = 3; ...",
        instead="z = 3; (x + z)", at={"SEMICOLON"}, when=lambda place: place.depth,
    ),
)  # fmt: skip


def _decimal(place: Place) -> dict[str, str] | None:
    """Tell the digits before a comma and after it, where both are a number's."""
    whole, part = place.last_word, place.right.word
    return {"whole": whole, "part": part} if "." not in whole and part.isdigit() else None


def _group(place: Place) -> bool:
    return _decimal(place) is not None and len(place.right.word) == THOUSANDS


def _parts(place: Place) -> dict[str, str]:
    return _decimal(place) or {}


def _statement(place: Place) -> Span:
    """Return the place of the whole statement at the mistake."""
    return trimmed(place.source, place.begin, until(place.source, place.at, "\n;#"))


def _outputs(place: Place) -> dict[str, str]:
    start, end = _statement(place)
    return {"outputs": place.source[start:end]}


def _with(place: Place, sign: str) -> Fixes:
    """Put a sign in place of the comma, and of blanks after it."""
    return one((place.at, place.ahead[1][1], sign))


def _in_parentheses(place: Place) -> Fixes:
    start, end = _statement(place)
    return one((start, start, "("), (end, end, ")"))


COMMAS = (
    Pattern(
        "nothing between commas", "max(x,,y)",
        "there is nothing between these commas", "write an argument between them, or remove one",
        instead="max(x,y)", after={"COMMA"}, at={"COMMA"}, span=both, fix=without,
    ),
    Pattern(
        "nothing after a comma", "max(x, y,)",
        "there is nothing after this comma", "write an argument, or remove it",
        instead="max(x, y)", after={"COMMA"}, at=ENDINGS | CLOSING, span=last, fix=without_last,
    ),
    Pattern(
        "nothing before a comma", "max(,x)",
        "there is nothing before this comma", "write an argument, or remove it",
        instead="max(y,x)", after=OPENING | {"EQUAL"}, at={"COMMA"}, when=lambda place: place.depth,
    ),
    Pattern(
        "a comma at the beginning", ", x",
        "there is nothing before this comma", "remove it",
        instead="x", at={"COMMA"}, when=lambda place: place.fresh and not place.depth, fix=without,
    ),
    Pattern(
        "a comma before a parenthesis closes", "max(2*(x, y)",
        "this parenthesis is not closed before the comma", "add a ')' before the comma",
        instead="max(2*(x), y)", at={"COMMA"}, when=lambda place: place.depth and place.missing > 0,
        span=opened,
    ),
    Pattern(
        "a comma for thousands", "1,000",
        "commas are only allowed between arguments and between outputs",
        "a number has a point: write {whole}.{part}, or {whole}_{part} for thousands",
        instead="1_000", after={"NUMBER"}, at={"COMMA"}, then={"NUMBER"}, when=_group, fill=_parts,
        fix=lambda place: (*_with(place, "."), *_with(place, "_")),
    ),
    Pattern(
        "a comma in a number", "1,5",
        "commas are only allowed between arguments and between outputs",
        "a number has a point: write {whole}.{part}",
        instead="1.5", after={"NUMBER"}, at={"COMMA"}, then={"NUMBER"}, when=_decimal, fill=_parts,
        fix=lambda place: _with(place, "."),
    ),
    Pattern(
        "a list in parentheses", "2*(a, b)",
        "commas are only allowed between arguments and between outputs",
        "there are no lists: write one expression",
        at={"COMMA"}, when=lambda place: place.depth,
    ),
    Pattern(
        "a comma outside", "a, b",
        "several outputs need parentheses", "write ({outputs})",
        instead="(a, b)", general="write (...) around them", at={"COMMA"}, fill=_outputs,
        span=_statement, when=lambda place: "EQUAL" not in place.statement, fix=_in_parentheses,
    ),
    Pattern(
        "a comma in a value", "z = a, b",
        "commas are only allowed between arguments and between outputs",
        "statements end with ';' or a new line",
        at={"COMMA"},
    ),
)  # fmt: skip
