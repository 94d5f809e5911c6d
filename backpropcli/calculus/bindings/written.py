"""Arrays as they were written: each element is a constant expression, a decimal, or a double."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.arithmetics.arrays.elements import Elements
from backpropcli.arithmetics.arrays.titles import titled
from backpropcli.calculus.bindings.typed import Typed
from backpropcli.calculus.forward import forward
from backpropcli.calculus.lower import lower
from backpropcli.errors import BackpropError
from backpropcli.graph.graph import Decimal as Literal
from backpropcli.graph.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from backpropcli.arithmetics.arrays.element import Element
    from backpropcli.calculus.bindings.point import Written

MOST = 200_000
"""Operations that values may be made of, for their elements to be known as typed."""
DECIMALS = "the elements of {} count as the shortest decimals of their doubles"
DOUBLES = "{} is worked out in doubles, which count as they are"


def as_given(
    point: Mapping[str, Any], names: Collection[str]
) -> tuple[dict[str, float], list[str]]:
    """Return the elements, by name, of all ``names`` that rest on arrays, as they were typed.

    And sentences about those that are not.
    """
    written: Mapping[str, Written | None] = getattr(point, "written", {})
    found: dict[str, float] = {}
    notes: list[str] = []
    for name in names:
        value, own = point[name], written.get(name)
        if isinstance(value, float) and own is None:
            continue
        elements = Elements(Graph(), MOST)
        decimal = name in written and own is None
        try:
            given = _made(elements, name, own) if own else _leaves(elements, value, decimal=decimal)
        except BackpropError:
            given = _leaves(elements, value, decimal=False)
            notes.append(DOUBLES.format(name))
        if decimal:
            notes.append(DECIMALS.format(name))
        for place in np.ndindex(np.shape(value)):
            element = elements.number(given[place] if place else given)
            double = float(value[place]) if place else float(value)
            title = titled(name, place)
            found[title] = Typed.of(double, elements.graph, element.node, title)
    return found, notes


def _made(elements: Elements, name: str, own: Written) -> Any:  # noqa: ANN401 (an element, or an array of them)
    """Return what the program of a value makes of elements, with those that it uses before it."""
    needed = {name}
    for other in reversed([*own.written]):
        if other in needed and (one := own.written[other]):
            needed |= {*one.program.variables}
    made: dict[str, Any] = {}
    order = {**{other: own.written[other] for other in own.written if other in needed}, name: own}
    for other, one in order.items():
        if one is None:
            continue
        variables = one.program.variables
        for used in variables:
            if used not in made:
                known = one.known[used]
                decimal = used not in one.draws and (used in own.written or np.shape(known) == ())
                made[used] = _leaves(elements, known, decimal=decimal)
        lowered = lower(one.program, {used: np.shape(made[used]) for used in variables})
        made[other] = forward(lowered.graph, elements.arrays, made)[lowered.outputs[0]]
    return made[name]


def _leaves(elements: Elements, value: Any, *, decimal: bool) -> Any:  # noqa: ANN401 (as _made)
    """Return a value as elements: shortest decimals, or exactly its doubles."""
    if isinstance(value, Typed):
        return forward(value.graph, elements, {})[value.root]
    if not np.shape(value):
        return _leaf(elements, float(value), decimal=decimal)
    found = np.empty(np.shape(value), dtype=object)
    for place in np.ndindex(found.shape):
        found[place] = _leaf(elements, float(value[place]), decimal=decimal)
    return found


def _leaf(elements: Elements, value: float, *, decimal: bool) -> Element:
    if decimal or value - value != 0:
        return elements.number(value)
    found = elements.double(Literal.of(f"{Decimal(abs(value))}".lower()))
    return elements.call("neg", found) if value < 0 else found
