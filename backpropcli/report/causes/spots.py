"""Why one operation has a value that is not finite, in words: by what it truly is there."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input, word
from backpropcli.graph.cells import Rule
from backpropcli.report.decimals import brief, number, typed
from backpropcli.report.elements import element, element_of, number_at
from backpropcli.report.kinks.poles import POLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.arithmetics.rounded import Format
    from backpropcli.graph.row import Row
    from backpropcli.report.elements import Place
    from backpropcli.report.evaluated import Evaluated


SHOWN = 40
"""Characters of a node's text in a sentence."""
BESIDE = 1e-6
"""How far beside a pole it is seen whether a value grows or falls."""


class Spot(NamedTuple):
    """An operation at numbers: its row, value and text, and its inputs' values and texts.

    ``said`` are the inputs whose values a sentence gives: literals say their own.
    """

    row: Row
    value: float
    given: Sequence[float]
    text: str
    texts: Sequence[str]
    said: Sequence[bool]


def spot_at(run: Evaluated, node: int, place: Place = ()) -> Spot:
    """Return an operation on numbers at its values; one on arrays at one of its elements."""
    graph, values = run.graph, run.values
    given, texts, said = [], [], []
    for child in graph.inputs[node]:
        at = element_of(values[child], place)
        given.append(number_at(values[child], at))
        texts.append(element(run.text(child, SHOWN), at))
        said.append(graph.operations[child] != "number")
    text = element(run.text(node, SHOWN), place)
    return Spot(graph.row(node), number_at(values[node], place), given, text, texts, said)


def too_large(spot: Spot, kind: Format | None) -> str:
    """Say that a value is too large for a short format; "" where it is not that."""
    if kind is None:
        return ""
    here = word(spot.row, floats)(*spot.given)
    return beyond(spot.text, here, kind) if isfinite(here) else ""


def beyond(text: str, value: float, given: Format) -> str:
    """Say that a number is too large for a format."""
    literal = text.lstrip("-")[:1].isdigit()
    what = " is too large:" if literal else f" is {number(value)}, and"
    return f"overflow: {text}{what} {given.name} ends at {number(given.largest)}"


def why(spot: Spot, true: Sequence[Any], kind: Format | None = None) -> str:
    """Say why an operation is not finite at finite inputs.

    ``true`` are what its value and its inputs truly are, None where that is not known; floats are
    those of a short format, if one of that ``kind`` is given.
    """
    row, text, value = spot.row, spot.text, spot.value
    if true[0] is not None and -inf < true[0] < inf:
        return _rounded(spot, true, kind)
    if said := unsettled(spot, true) or outside(spot):
        return said
    if row.name == "div":
        return _by_zero(spot)
    if value != value:  # noqa: PLR0124 (nan)
        return f"{text} has no value here"
    if overflows(spot, true):
        return f"overflow: {text} is larger than 1.7977e308, where doubles end"
    return f"{text} has a pole here: it {_unbounded(spot)}"


def _unbounded(spot: Spot) -> str:
    """Say what an operation does beside a pole: it grows or falls, or both."""
    row, way = spot.row, "grows" if spot.value > 0 else "falls"
    if row.static or row.variadic:
        return f"{way} without bound"
    function = word(row, floats)
    for at, (here, said) in enumerate(zip(spot.given, spot.said, strict=True)):
        step = BESIDE * max(1.0, abs(here))
        left, right = (
            function(*spot.given[:at], here + side, *spot.given[at + 1 :]) for side in (-step, step)
        )
        if said and left * right < 0:
            ways = ("falls", "grows") if left < 0 else ("grows", "falls")
            return f"{ways[0]} without bound on the left, and {ways[1]} on the right"
    return f"{way} without bound"


def overflows(spot: Spot, true: Sequence[Any]) -> bool:
    """Say whether an infinite value is one that is too large, be it for many digits too."""
    row = spot.row
    if spot.value != spot.value or row.name == "div" or not row.overflows:
        return False
    if true[0] is not None and row.name in POLES:
        return False
    return not (unsettled(spot, true) or outside(spot))


def unbounded(spot: Spot, true: Sequence[Any]) -> bool:
    """Say whether digits tell that an operation has no finite value."""
    value = true[0]
    if value is None:
        return bool(outside(spot)) and not unsettled(spot, true)
    return value - value != 0 and not overflows(spot, true)


def too_steep(text: str, slope: Any) -> str:  # noqa: ANN401 (a number of many digits)
    """Say that a local derivative is too large for doubles."""
    return (
        f"overflow: the local derivative of {text} is {brief(slope)}, and doubles end at 1.7977e308"
    )


def unsettled(spot: Spot, true: Sequence[Any]) -> str:
    """Say which input may be what it is by rounding alone, as digits do not tell; "" for none."""
    moved = true[0] is None and not _inside(spot)
    for what, here, there in zip(spot.texts, spot.given, true[1:], strict=True):
        if there is None or (moved and there != here):
            return f"{what} is {_number(here)} in floats; whether by rounding is not known"
    return ""


def _by_zero(spot: Spot) -> str:
    """Say that a number is divided by 0, and what of it is named."""
    what = "0/0 has no value" if spot.value != spot.value else "division by zero"
    parts = zip(spot.texts, spot.given, spot.said, strict=True)
    names = [*dict.fromkeys(text for text, value, said in parts if said and not value)]
    verb = "are" if len(names) > 1 else "is"
    return f"{what}: {' and '.join(names)} {verb} 0" if names else what


def _inside(spot: Spot) -> bool:
    """Say whether an operation has a value at its inputs as they are in floats."""
    row = spot.row
    if row.variadic or row.domain is None:
        return True
    return bool(by_input(row, [row.domain], floats)(spot.value, *spot.given)[0])


def _rounded(spot: Spot, true: Sequence[Any], kind: Format | None) -> str:
    """Say what rounding makes of an operation that truly is finite."""
    pairs = [
        pair for pair in zip(spot.texts, spot.given, true[1:], strict=True) if pair[2] is not None
    ]
    large = not isfinite(float(true[0]))
    overflows = large and _inside(spot) and all(spot.given)
    found = "" if overflows else moved_input(pairs, kind, finely=not large)
    return found or f"overflow: {spot.text} is {brief(true[0])}, and doubles end at 1.7977e308"


def moved_input(
    pairs: Sequence[tuple[str, float, Any]], kind: Format | None = None, *, finely: bool = True
) -> str:
    """Say which input rounding moves: each has its text, a float, and what it truly is; or "".

    Without ``finely`` it is another double.
    """
    name, held = (kind.name, kind.rounded) if kind else ("floats", float)
    for what, here, there in pairs:
        if there and not here and not held(float(there)):
            return f"underflow: {what} is {brief(there)}, but 0 in {name}"
        if float(there) != here or (finely and there != here):
            return f"rounding: {what} is {beside(there, here)}, but {_number(here)} in {name}"
    return ""


def beside(there: Any, here: float) -> str:  # noqa: ANN401 (a number of many digits)
    """Return a number; beside another one where six digits do not tell the two apart."""
    said = brief(there)
    if float(said) != here:
        return said
    sign = "-" if there < here else "+"
    return f"{_number(here)} {sign} {brief(abs(there - here))}"


def outside(spot: Spot) -> str:
    """Say what a node lacks to have a value, in the user's words; "" inside of its domain."""
    from backpropcli.language.scanner import tokens

    if _inside(spot):
        return ""
    row, met = spot.row, [spot.value, *spot.given]
    parts = row.exists.split(" and ")
    lacking = [part for part in parts if not by_input(row, [Rule(part)], floats)(*met)[0]] or parts
    texts = dict(zip(row.parameters, spot.texts, strict=True))
    needed = " and ".join(lacking) if len(lacking) > 1 else lacking[0].removeprefix("(")
    needed = needed.removesuffix(")") if needed.count(")") > needed.count("(") else needed
    said, at, named = "", 0, set()
    for terminal, start, end in tokens(needed):
        name = needed[start:end]
        named |= {name}
        said += needed[at:start] + (texts.get(name, name) if terminal == "NAME" else name)
        at = end
    facts = zip(row.parameters, spot.texts, spot.given, spot.said, strict=True)
    here = {
        what: value
        for name, what, value, told in facts
        if told and name in named and what != _number(value)
    }
    but = " and ".join(f"{what} is {_number(value)}" for what, value in here.items())
    return f"{spot.text} needs {said}" + (f", but {but}" if but else "")


def _number(value: float) -> str:
    """Return a float with six digits, or all it has where six are not what it is."""
    short = number(value)
    return short if float(short) == value else typed(value)


def indeterminate(row: Row, given: Sequence[float]) -> str:
    """Say why ``row`` makes nan from infinite inputs."""
    if row.helper:
        return "this derivative has no value here"
    shown = [repr(item) for item in given]
    if row.infix and len(shown) == 2:  # noqa: PLR2004
        return f"{shown[0]} {row.infix} {shown[1]} has no value"
    return f"{row.name}({', '.join(shown)}) has no value"
