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
MOST, DIGITS, LEAST = 12, 20, 1e-6
"""Letters that are tried, and digits of a number that is no 0, which is as large at least."""


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


def is_another(expression: Item) -> bool:
    """Return whether an expression is no 0 at a point where one of its letters, or none, is true.

    Algebra, which knows nothing of letters, then makes no 0 of it.
    """
    letters = sorted(expression.atoms(sympy.Dummy), key=lambda letter: letter.dummy_index)
    names = sorted(expression.free_symbols - {*letters}, key=str)
    point = {name: sympy.Rational(2 * at + 5, 7) for at, name in enumerate(names)}
    nothing = dict.fromkeys(letters, sympy.false)
    truths = [nothing, *[nothing | {letter: sympy.true} for letter in letters]]
    return bool(letters) and any(_is_no_zero(expression, one, point) for one in truths[:MOST])


def _is_no_zero(expression: Item, truths: dict[Item, Item], point: dict[Item, Item]) -> bool:
    try:
        number = expression.xreplace(truths).xreplace(point).evalf(DIGITS)
    except (ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError):
        return False
    return bool(number.is_Float and number.is_finite and abs(number) > LEAST)


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
