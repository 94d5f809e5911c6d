"""One text that was given for a value: the program that it is, and what that comes to."""

from __future__ import annotations

from backpropcli.arithmetics import floats
from backpropcli.calculus.bindings.typed import Spelled, Typed
from backpropcli.calculus.choice import WHOLE
from backpropcli.calculus.forward import forward
from backpropcli.errors import SourceError
from backpropcli.graph.graph import Decimal
from backpropcli.graph.operations import DRAWS
from backpropcli.language.parse import parse
from backpropcli.language.scanner import tokens
from backpropcli.language.surface import CALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from backpropcli.calculus.bindings.items import Item
    from backpropcli.graph.graph import Graph
    from backpropcli.language.program import Program

ODD = ":,;[(=±+. °"
"""What stands in texts that are no value, and in some that are one."""
SHORT = 15
"""Characters of a whole number that any double keeps, and shows without an exponent."""


def check(item: Item) -> None:
    """Raise SourceError for a text that is no expression at all."""
    words = tokens(item.text)
    parsed(item, {item.text[start:end] for kind, start, end in words if kind == "NAME"})


def parsed(item: Item, known: Collection[str]) -> Program:
    """Return the program that computes the value, of variables that are ``known``."""
    if item.refusal is not None:
        raise item.refusal
    if any(char in ODD for char in item.text):
        from backpropcli.calculus.bindings.odd import odd_value

        if (error := odd_value(item)) is not None:
            raise error
    text = item.text
    if "(" in text and any(kind in text for kind in DRAWS):
        from backpropcli.calculus.bindings.draws import parted

        text, item.draws = parted(item)
    known = {*known, *[name for name, _, _ in item.draws]}
    try:
        program = parse(text, known)
    except SourceError as error:
        from backpropcli.calculus.bindings.mistakes.values import in_value

        raise in_value(item, error, known) from None
    if item.draws:  # they are shown as they are typed: their names are as long
        program.source = item.text
    _one(item, program, known)
    return program


def _one(item: Item, program: Program, known: Collection[str]) -> None:
    """Raise SourceError for a program that is more than one value, or none."""
    if len(program.outputs) > 1:
        raise item.error("this is more than one value", "write one number, or an array: [1, 2]")
    if program.names:
        raise item.error("a value has no statements", "write a number, as in 2*pi/3")
    for name, node in program.variables.items():
        if name not in known:
            from backpropcli.calculus.bindings.mistakes.values import unknown_name

            raise unknown_name(item, program, name, node)


def whole_number(item: Item) -> float | None:
    """Return the value of a text that is just a whole number; None for any other.

    Most are, and ``number`` would say the same of its program.
    """
    text = item.text
    plain = text.removeprefix("-")
    if len(text) > SHORT or not (plain.isascii() and plain.isdigit()):
        return None
    return None if item.refusal else Spelled.of(float(text), text)


def constant(item: Item) -> Any:  # noqa: ANN401 (a number or an array)
    """Return the value of a text that uses no names."""
    program = parsed(item, ())
    if not is_whole(item, program):
        return number(item, program)
    from backpropcli.calculus.bindings.computed import computed
    from backpropcli.calculus.bindings.draws import drawn

    return computed(item, program, drawn(item.draws, item.name, 0) if item.draws else {})


def is_whole(item: Item, program: Program) -> bool:
    """Say whether a value is worked out by itself: it may be an array, or hold one."""
    graph = program.graph
    return bool(item.draws) or WHOLE in graph.table or CALL in graph.operations


def number(item: Item, program: Program) -> float:
    """Return the number of a program without variables."""
    result = forward(program.graph, floats, {})[program.root]
    finite(item, result, program.graph)
    long = any(isinstance(arg, Decimal) for arg in program.graph.args.values())
    if set(program.graph.operations) <= {"number", "neg"} and not long:
        return Spelled.of(float(result), item.text)
    return Typed.of(result, program.graph, program.root, item.text)


def finite(item: Item, result: float, graph: Graph) -> None:
    """Raise SourceError for a value that is not finite and was not given so by name."""
    named = {"inf", "nan"} & {str(leaf) for leaf in graph.args.values()}
    if result - result != 0 and not named:
        raise item.error(
            f"this value is {result!r}",
            "a value is a finite number; inf and nan can be given by name",
        )
