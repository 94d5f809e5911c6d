"""Inequalities in expressions of SymPy, kept from simplification, which loses single points.

SymPy solves those of one variable where they are conditions of a choice, and leaves out what holds
at single points alone, such as sin(x) >= 1, and all periods but the first.
"""

from __future__ import annotations

import sympy
from sympy.core.relational import Relational
from sympy.solvers.inequalities import solve_univariate_inequality

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Item = Any


PLACES = (0, 1, -1, 10, -10)
"""Numbers one of which meets most inequalities: these need not be solved."""


def lettered(expression: Item) -> Item:
    """Return an expression with its inequalities as letters, or as true or false where proved."""
    letters: dict[Item, Item] = {}
    known: dict[Item, Item] = {}
    relations = expression.atoms(Relational) - expression.atoms(sympy.Eq)
    for relation in sympy.ordered(relations):
        form, opposite = relation.canonical, relation.negated.canonical
        if form not in known:
            known[form] = sympy.Dummy()
            if is_impossible(form):
                known[form] = sympy.false
            elif is_impossible(opposite):
                known[form] = sympy.true
            known[opposite] = sympy.Not(known[form])
        letters[relation] = known[form]
    return expression.xreplace(letters)


def is_impossible(relation: Item) -> bool:
    """Return whether SymPy solves an inequality of one variable, and no number meets it."""
    if len(relation.free_symbols) != 1:
        return False
    [name] = relation.free_symbols
    if any(_is_met(relation, name, place) for place in PLACES):
        return False
    try:
        return solve_univariate_inequality(relation, name, relational=False) is sympy.S.EmptySet
    except (NotImplementedError, TypeError, ValueError):
        return False


def _is_met(relation: Item, name: Item, place: int) -> bool:
    try:
        return relation.subs(name, place) is sympy.true
    except TypeError:  # there is no real value
        return False
