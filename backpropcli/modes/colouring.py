"""Compressed sparse Jacobians and Hessians: which columns can share a sweep, and who is who.

A derivative sweep gives the product of the Jacobian (or Hessian) with one direction. Columns that
do not disturb each other take one sweep together: Curtis, Powell and Reid, "On the Estimation of
Sparse Jacobian Matrices", IMA Journal 13 (1974). Which do is a question of colouring a graph:
Gebremedhin, Manne and Pothen, "What Color Is Your Jacobian?", SIAM Review 47 (2005).

A pattern has, for every row, the sorted columns that can be nonzero. A colouring has, for every
column, its colour 0, 1, ..., or -1 where the column is empty and needs no sweep. The direction of
colour c is the sum of the unit vectors of its columns, and ``compressed[c]`` the product with it:
one entry a row, the sum of the row's entries in columns of that colour.

Sets of colours are the bits of integers, so that the cost is the number of entries of the pattern
times a 30th of the number of colours: a dense row or an arrow's hub costs no square of its degree
in steps of Python. Nothing recurses.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    Products = Sequence[Sequence[Any] | Mapping[int, Any]]

MANY = -1
"""In place of a neighbour: there are several of that colour."""


def transposed(pattern: list[list[int]], columns: int) -> list[list[int]]:
    """Return, for each of the ``columns``, the sorted rows in which it can be nonzero."""
    found: list[list[int]] = [[] for _ in range(columns)]
    for number, row in enumerate(pattern):
        for column in row:
            found[column].append(number)
    return found


def colour_columns(pattern: list[list[int]], columns: int) -> list[int]:
    """Return a colour for each of the ``columns`` such that no row has two columns of a colour.

    This is the greedy partial distance-2 colouring of Gebremedhin, Manne and Pothen (Algorithm
    3.1), in natural order and with the columns of most entries first; the better of the two is
    kept. No colouring has fewer colours than the longest row has entries.
    """
    different = [list(row) for row in dict.fromkeys(map(tuple, pattern))]
    rows = transposed(different, columns)
    natural = [column for column in range(columns) if rows[column]]
    best = _greedy_columns(rows, len(different), natural)
    if _count(best) > max(map(len, different), default=0):
        order = sorted(natural, key=lambda column: -len(rows[column]))
        if order != natural:
            other = _greedy_columns(rows, len(different), order)
            best = other if _count(other) < _count(best) else best
    return best


def _greedy_columns(rows: list[list[int]], count: int, order: list[int]) -> list[int]:
    """Give each column the first colour that none of its rows has seen."""
    colours = [-1] * len(rows)
    seen = [0] * count  # for every row, the set of colours of its columns
    for column in order:
        forbidden = 0
        for row in rows[column]:
            forbidden |= seen[row]
        colours[column], bit = _first(forbidden)
        for row in rows[column]:
            seen[row] |= bit
    return colours


def star_colouring(pattern: list[list[int]]) -> list[int]:
    """Return a star colouring of the graph of a symmetric ``pattern`` (n rows of n columns).

    Neighbours differ in colour, and no path of four vertices has only two colours. Entries on the
    diagonal may be there or not. It is the greedy Algorithm 4.1 of Gebremedhin, Manne and Pothen,
    in natural order and with the vertices of most neighbours first; the better of the two is kept.
    """
    around = [[j for j in row if j != i] for i, row in enumerate(pattern)]
    natural = [i for i, row in enumerate(pattern) if row]
    order = sorted(natural, key=lambda i: -len(around[i]))
    best = _greedy_star(around, order)
    if _count(best) > 2 and order != natural:  # noqa: PLR2004 (an edge takes two colours)
        other = _greedy_star(around, natural)
        best = other if _count(other) <= _count(best) else best
    return best


def _greedy_star(around: list[list[int]], order: list[int]) -> list[int]:
    """Give each vertex the first colour that makes no path v-w-x-y of two colours.

    Algorithm 4.1 walks over all such paths again for every v; here each set of colours that they
    forbid is kept up to date instead, in constant time for an edge. As long as w has no colour,
    its neighbours must all differ (``near``). If it has one, the colour of a neighbour x is
    forbidden once x has another neighbour y of the colour of w (``blocked``).
    """
    colours = [-1] * len(around)
    near = [0] * len(around)
    blocked = [0] * len(around)
    only: list[dict[int, int]] = [{} for _ in around]  # by colour, the neighbour that has it
    for vertex in order:
        forbidden = 0
        for other in around[vertex]:
            colour = colours[other]
            forbidden |= near[other] if colour < 0 else blocked[other] | 1 << colour
        mine, bit = _first(forbidden)
        colours[vertex] = mine
        for other in around[vertex]:
            near[other] |= bit
            first = only[other].setdefault(mine, vertex)
            if first != vertex:  # then ``other`` has a colour: near[other] saw to that
                its = 1 << colours[other]
                blocked[vertex] |= its
                if first != MANY:
                    blocked[first] |= its
                    only[other][mine] = MANY
    return colours


def recover(
    pattern: list[list[int]], colours: list[int], compressed: Products
) -> list[dict[int, Any]]:
    """Return the entries of every row by column, from products with the colours' directions.

    ``colours`` is from ``colour_columns`` of the same pattern. The numbers may be of any kind: no
    arithmetic is done on them. What is read is exact where the pattern has all nonzero entries.
    """
    return [
        {column: compressed[colours[column]][number] for column in row}
        for number, row in enumerate(pattern)
    ]


def recover_symmetric(
    pattern: list[list[int]], colours: list[int], compressed: Products
) -> list[dict[int, Any]]:
    """Return the entries of every row of a symmetric matrix by column; as ``recover`` otherwise.

    ``colours`` is from ``star_colouring`` of the same pattern. Of an edge's two ends, one is the
    other's only neighbour of its colour, since the vertices of two colours form stars: its entry
    is read there, once, for both places. An entry of the diagonal is read in its own colour, which
    no neighbour has. A diagonal outside the pattern disturbs no other entry.
    """
    counts: list[dict[int, int]] = []
    for number, row in enumerate(pattern):
        count: dict[int, int] = {}
        for column in row:
            if column != number:
                count[colours[column]] = count.get(colours[column], 0) + 1
        counts.append(count)
    found: list[dict[int, Any]] = [{} for _ in pattern]
    for number, row in enumerate(pattern):
        entries = found[number]
        for column in row:  # row by row, so that the columns of each come in order
            if column < number:
                entries[column] = found[column][number]
            elif column == number or counts[number][colours[column]] == 1:
                entries[column] = compressed[colours[column]][number]
            else:
                entries[column] = compressed[colours[number]][column]
    return found


def _first(forbidden: int) -> tuple[int, int]:
    """Return the first colour that is not in a set, and the set of it alone."""
    bit = ~forbidden & (forbidden + 1)
    return bit.bit_length() - 1, bit


def _count(colours: list[int]) -> int:
    return max(colours, default=-1) + 1
