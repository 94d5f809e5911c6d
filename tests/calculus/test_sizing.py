"""Shapes as they are typed: what is taken, and where what is refused stands."""

from __future__ import annotations

import pytest

from backpropcli.arithmetics.shapes.sizes import letter
from backpropcli.calculus.sizing import fitted, typed
from backpropcli.errors import SourceError
from backpropcli.language.parse import parse

N, D = letter("n"), letter("d")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X=n,d; w=d", {"X": (N, D), "w": (D,)}),
        ("X=n,d;w=d;", {"X": (N, D), "w": (D,)}),
        (" X = n , d ", {"X": (N, D)}),
        ("X=3,2", {"X": (3, 2)}),
        ("X=3x2", {"X": (3, 2)}),
        ("X=(n, d); w=(d,); b=()", {"X": (N, D), "w": (D,), "b": ()}),
        ("X=[3, 2]", {"X": (3, 2)}),
        ("x=n1", {"x": (letter("n1"),)}),
    ],
)
def test_shapes_are_taken(text, expected):
    assert typed([text]) == expected


def test_shapes_from_several_texts_are_taken_together():
    assert typed(["X=n,d", "w=d"]) == {"X": (N, D), "w": (D,)}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("X", "X", "no shape"),
        ("w=d; 2=n", "2=n", "no shape"),
        ("X=n,,d", "", "missing"),
        ("X=n,2.5", "2.5", "no size"),
        ("X=-1", "-1", "no size"),
        ("X=", "=", "no sizes"),
        ("X=n,d w=d", "d w=d", "no size"),
        ("X=n; X=d", "X", "already"),
        ("X=n+1", "n+1", "no size"),
    ],
)
def test_what_is_no_shape_is_refused_at_its_place(text, place, message):
    with pytest.raises(SourceError, match=message) as caught:
        typed([text])
    error = caught.value
    assert not place or text[error.start : error.end] == place
    assert error.hint


def test_a_letter_is_the_number_that_a_value_has_for_it():
    program = parse("sum(X@w)")
    given = typed(["X=n,d; w=d"])
    assert fitted(program.variables, given, {"X": (3, 2)}) == {"X": (3, 2), "w": (2,)}
    with pytest.raises(SourceError, match="the value of X is 3x2"):
        fitted(program.variables, typed(["X=n,n"]), {"X": (3, 2)})


def test_names_have_to_be_the_expression_s():
    program = parse("sum(X@w)*n")
    with pytest.raises(SourceError, match="no variable 'v'"):
        fitted(program.variables, typed(["v=d"]), {})
