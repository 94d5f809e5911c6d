"""Other slopes at kinks than the table's own: rows with another convention in their rules.

A row with a convention has the slope asked for wherever one of its kinks is met, and is the same
row everywhere else; so every pass, in every arithmetic, follows the convention. Left and right are
those of one input that moves alone.
"""

from __future__ import annotations

from copy import copy
from functools import cache

from backpropcli.graph.cells import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.graph.cells import Kink
    from backpropcli.graph.row import Row

PEERS_BY_WORD = {"torch": "PyTorch", "jax": "JAX"}
CHOICES = ("left", "right", "zero", "even", *PEERS_BY_WORD, "nan")
"""Conventions that a row can have."""
SHARING = ("even", *PEERS_BY_WORD)
"""Those by which inputs that tie share a slope of 1."""
PLACED = "gather({0}, argmax({0}, axis={1}, keepdims=True), axis={1})"
FIRST = {
    "max_pool1d": f"squeeze({PLACED.format('windows(x, k, stride)', -1)}, axis=-1)",
    "max_pool2d": "squeeze({}, axis=(-2, -1))".format(
        PLACED.format(
            PLACED.format("windows(windows(x, k, stride, axis=-2), k, stride, axis=-2)", -1), -2
        )
    ),
}
"""What PyTorch and JAX do in pooling: the first of those that tie, row by row, has the slope."""
ERROR = "error"
"""No convention: a kink that is met is an error."""


def table_with(table: dict[str, Row], choice: str) -> dict[str, Row]:
    """Return a table whose rows take the slopes of ``choice`` at their kinks."""
    return {name: row_with(row, choice) for name, row in table.items()}


@cache
def row_with(row: Row, choice: str) -> Row:
    """Return ``row`` with the slopes of ``choice`` at its kinks; itself where it has none."""
    found = copy(row)
    if row.name in FIRST and choice in PEERS_BY_WORD:
        found.put(expand=FIRST[row.name])
        return found
    if not row.kinks:
        return row
    found.convention, found.shares = choice, choice in SHARING
    if not any(slope(kink, name, choice) for kink in row.kinks for name in kink.slopes):
        return found
    if row.whole:
        found.put(adjoints=lambda index, axes, *arg: _sent(row, index, axes, arg, choice))
        return found
    cells = range(len(row.rules))
    found.put(
        rules=[_rule(row, row.rules[at], at, choice) for at in cells],
        in_floats=[_rule(row, row.in_floats[at], at, choice) for at in cells],
        taken=[_taken(row, row.taken[at], at, choice) for at in cells],
    )
    return found


def slope(kink: Kink, name: str, choice: str) -> str:
    """Return the text of the slope by an input at a kink; "" where it stays the table's own."""
    return "" if kept(kink, name, choice) else _slope(kink, name, choice)


def kept(kink: Kink, name: str, choice: str) -> str:  # noqa: PLR0911 (a return for each)
    """Return why the slope by an input stays the table's own, "" where it does not."""
    left, right = (side.text for side in kink.slopes[name])
    if kink.alone:
        return "there is no value beside"
    if kink.fixed:
        return "which element goes where is no matter of slopes"
    if choice in PEERS_BY_WORD:
        peer = PEERS_BY_WORD[choice]
        if peer not in kink.peers[name]:
            return f"{peer} has no answer there"
        flat = left == right == kink.peers[name][peer].text == "0"
        return "both sides have it" if flat else ""
    if left == right and (choice != "nan" or left == "0"):
        return "both sides have it"
    if choice == "even" and kink.shared:
        return "those that tie share it evenly"
    side = {"left": left, "right": right, "even": "nan" if "nan" in {left, right} else ""}
    return "it is the only side" if side.get(choice) == "nan" else ""


def _slope(kink: Kink, name: str, choice: str) -> str:
    left, right = (side.text for side in kink.slopes[name])
    if choice in PEERS_BY_WORD:
        return kink.peers[name][PEERS_BY_WORD[choice]].text
    return {
        "left": left,
        "right": right,
        "zero": "0",
        "even": f"(({left}) + ({right}))/2",
        "nan": "nan",
    }[choice]


def _cases(row: Row, at: int, choice: str) -> list[tuple[str, str]]:
    """Return when the slope by input number ``at`` is another one, and which."""
    name = row.parameters[at]
    chosen = [
        (kink.when.text, slope(kink, name, choice)) for kink in row.kinks if name in kink.slopes
    ]
    return [(when, text) for when, text in chosen if text]


def _rule(row: Row, rule: Rule, at: int, choice: str) -> Rule:
    """Return the rule by input number ``at`` with the slopes chosen."""
    text = rule.text
    for when, chosen in _cases(row, at, choice):
        text = f"where({when}, {chosen}, {text})"
    return rule if text == rule.text else Rule(text)


def _taken(row: Row, taken: Rule | None, at: int, choice: str) -> str:
    """Return when the edge to input number ``at`` is taken, "" for always."""
    text = taken.text if taken is not None else ""
    for when, chosen in _cases(row, at, choice):
        if chosen == "0":
            text = f"({text}) and not ({when})" if text else f"not ({when})"
        elif text:
            text = f"({text}) or ({when})"
    return text


def _sent(row: Row, index: int, axes: Sequence[int], arg: tuple[object, ...], choice: str) -> str:
    """Return what an operation on whole arrays sends to an input, with the slopes chosen."""
    rule = row.adjoint(index, axes, arg)
    text = "0" if rule is None else rule.text
    for kink in row.kinks:
        name = row.parameters[min(index, len(row.parameters) - 1)]
        chosen = slope(kink, name, choice) if name in kink.slopes else ""
        if chosen:
            text = f"where({kink.when.text}, g*({chosen}), {text})"
    return text
