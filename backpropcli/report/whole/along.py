"""What the whole expression has at a point: its value and slopes from either side, by germs.

A kink of one operation is a question, and this is the answer: whether the whole has a derivative
there, one-sided slopes, a gap, a jump, or that it cannot be told. It speaks of one line through
the point at a time: of one variable, or a direction of small whole numbers.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache

from mpmath import isfinite, mp, mpf

from backpropcli.arithmetics import balls, digits
from backpropcli.arithmetics.balls.ball import Ball, ball, finite
from backpropcli.arithmetics.germs.balls import DIGITS, exact, real
from backpropcli.arithmetics.germs.germ import Germ, constant, shifted
from backpropcli.arithmetics.germs.trouble import Behind, Outside, TooLarge, Trouble, Unknown
from backpropcli.arithmetics.germs.words import Germs
from backpropcli.calculus.bindings import Typed
from backpropcli.calculus.forward import forward
from backpropcli.calculus.linearize import linearize
from backpropcli.report.digits.numbers import PRECISIONS
from backpropcli.report.whole.sides import Whole, conclusion, side_of, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.arithmetics.balls.ball import Number
    from backpropcli.graph.graph import Graph

LENGTHS = (3, 8, 16)
"""Powers of eps that are kept: more where fewer do not tell."""
MANY = PRECISIONS[-1]
"""Digits where the usual ones leave open whether a number is 0."""
COUNTS = DIGITS, MANY
LARGEST = 5_000
"""Nodes of an expression beyond which no germs are run."""


germs_of = cache(Germs)


def whole(
    graph: Graph, root: int, bindings: Mapping[str, Any], node: int, *, typed: bool = False
) -> Whole:
    """Return what ``root`` has at the point as a function of ``node`` alone.

    ``bindings`` are exact: fractions, big floats or floats; or floats that stand for what was
    ``typed``. The node is a variable or any other node, whose inputs then stay where they are.
    A term that is too large to be worked out, and stays where it is, leaves no value, and the
    derivative that there is.
    """
    found = along(graph, root, bindings, {node: 1}, typed=typed)
    if found.kind != "unknown" or found.reason != TooLarge().reason:
        return found
    term = _moving_term(graph, root, bindings, node, typed=typed)
    part = found if term == root else along(graph, term, bindings, {node: 1}, typed=typed)
    if part.kind != "derivative" or term == root:
        return found
    left, right = (replace(side, limit=None) for side in (part.left, part.right))
    return replace(part, left=left, right=right, here=None, value=None)


def _moving_term(
    graph: Graph, root: int, bindings: Mapping[str, Any], node: int, *, typed: bool
) -> int:
    """Return the one term of a sum that moves with a node; the sum itself where another is amiss.

    What stays where it is has to have a value: one in digits, or one that is too large for them.
    """
    moves, term = linearize(graph, None, (), [node]).active, root
    others: list[int] = []
    while graph.operations[term] in {"add", "sub", "name", "result"}:
        inputs = graph.inputs[term]
        moving = [child for child in inputs if moves[child]]
        if len(moving) != 1 or (graph.operations[term] == "sub" and moving != [inputs[0]]):
            break
        others += [child for child in inputs if not moves[child]]
        [term] = moving
    with mp.workdps(DIGITS):
        germs = germs_of(LENGTHS[0], DIGITS, typed)
        values = forward(graph, germs, numbers_at(bindings, germs), roots=others)
    for other in others:
        large, given = type(values[other]) is TooLarge, graph.inputs[other]
        if large and any(isinstance(values[child], Trouble) for child in given):
            return root
        if isinstance(values[other], Trouble) and not large:
            return root
    return term


def along(  # noqa: PLR0913 (a function at a point)
    graph: Graph,
    root: int,
    bindings: Mapping[str, Any],
    direction: Mapping[int, int | Fraction],
    *,
    curved: bool = False,
    typed: bool = False,
    counts: Sequence[int] = COUNTS,
) -> Whole:
    """Return what ``root`` has at the point as a function of a step along ``direction``.

    With ``curved``, more powers are tried until the second derivatives are known. With ``typed``,
    the values and the literals are what was typed: 0.1 is a tenth, and pi is pi. ``counts`` are
    numbers of digits: the next where one leaves it open.
    """
    if sum(graph.ancestors([root])) > LARGEST:
        return unknown(f"the expression has more than {LARGEST:,} operations")
    found = unknown("")
    for count in counts:
        with mp.workdps(count):
            for length in LENGTHS:
                germs = germs_of(length, count, typed)
                numbers = numbers_at(bindings, germs)
                value, left, right = beside(graph, root, numbers, direction, germs)
                if isinstance(value, Germ) and value.infinite:  # of a constant that is
                    found = unknown("it is infinite at the point")
                else:
                    found = conclusion(side_of(left, -1), side_of(right, 1), value)
                if not _lacking(found, curved=curved):
                    break
        if found.sure:
            break
    return found


def exactly(value: Any) -> Any:  # noqa: ANN401
    """Return a number as a germ that does not move, or Trouble."""
    try:
        return constant(exact(value))
    except Outside as trouble:
        return trouble


def _number(value: Any) -> Number:  # noqa: ANN401 (a number of germs)
    """Return a number of germs as one of balls."""
    return (
        Fraction(value) if isinstance(value, int | Fraction) else Ball(value.middle, value.radius)
    )


def numbers_at(bindings: Mapping[str, Any], germs: Germs) -> dict[str, Any]:
    """Return the values of variables as germs that do not move, or Trouble."""
    return {name: _given(value, germs) for name, value in bindings.items()}


def _given(value: Any, germs: Germs) -> Any:  # noqa: ANN401
    """Return a number, or what was typed for it, as a germ that does not move, or Trouble."""
    if not (germs.typed and isinstance(value, float) and value - value == 0):
        return exactly(value)
    if isinstance(value, Typed):
        return forward(value.graph, germs, {}, roots=[value.root])[value.root]
    return germs.double(value)


def _lacking(found: Whole, *, curved: bool) -> bool:
    """Say whether longer germs may tell more."""
    return min(found.left.short, found.right.short) <= (2 if curved else 1)


def beside(
    graph: Graph,
    root: int,
    numbers: Mapping[str, Any],
    direction: Mapping[int, int | Fraction],
    germs: Germs,
) -> tuple[Germ | Trouble | None, Germ | Trouble, Germ | Trouble]:
    """Return what ``root`` is at the point, None for no value, and just beside it: left and right.

    A step of eps goes along ``direction``, and on the left against it.
    """
    here = forward(graph, germs, numbers, roots=[root, *direction])
    value = here[root]
    for node in direction:
        if isinstance(here[node], Trouble):
            nowhere = Unknown(f"at the point, {here[node].reason}")
            return value, nowhere, nowhere
    left, right = [
        forward(
            graph,
            germs,
            numbers,
            roots=[root],
            given={
                node: shifted(here[node].standard(), sign * part)
                for node, part in direction.items()
            },
        )[root]
        for sign in (-1, 1)
    ]
    if isinstance(value, Outside | Behind):
        value = _total(graph, root, numbers, germs)
    return value, left, right


def _total(graph: Graph, root: int, numbers: Mapping[str, Any], germs: Germs) -> Germ | None:
    """Return the value at the point by IEEE-754's rules (1/0 is inf), if it is finite.

    With literals as they were typed it is worked out in balls, where 0.3/3 - 0.1 is 0.
    """
    if any(isinstance(number, Trouble) for number in numbers.values()):
        return None
    if germs.typed:
        given = {name: _number(number.standard()) for name, number in numbers.items()}
        found = forward(graph, balls, given, alike=True, roots=[root])[root]
        return constant(exact(ball(found).middle)) if finite(found) else None
    bindings = {name: real(number.standard()) for name, number in numbers.items()}
    value = forward(graph, digits, bindings)[root]
    return constant(exact(mpf(value))) if isfinite(value) else None
