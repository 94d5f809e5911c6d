"""Shapes as they are typed: what is taken, and where what is refused stands."""

from __future__ import annotations

import pytest

from backpropcli.arithmetics.shapes.sizes import letter
from backpropcli.calculus.sizing import typed
from backpropcli.calculus.unified import fitted
from backpropcli.errors import SourceError
from backpropcli.language.parse import parse
from tests.each import for_each

N, D = letter("n"), letter("d")


@for_each(
    "text, expected",
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


@for_each(
    "text, place, message",
    [
        ("X", "X", "no shape"),
        ("w=d; 2=n", "2=n", "no shape"),
        ("X=n,,d", "", "missing"),
        ("X=n,2.5", "2.5", "no size"),
        ("X=-1", "-1", "no size"),
        ("X=", "=", "no sizes"),
        ("X=n,d w=d", "d w=d", "no size"),
        ("X=n; X=d", "X", "already"),
        ("X=n/2", "n/2", "no size"),
        ("X=2n,d", "2n", "no size"),
        ("X=3xn", "3xn", "no size"),
        ("X=1-2", "1-2", "no size"),
        ("X=n-n", "X", "empty"),
        ("X=n+", "n+", "no size"),
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


def test_sizes_are_made_of_letters_as_in_calls():
    assert typed(["w=n+m; X=(2*n, n-1); Y=(n+1)*(d-1),3"]) == {
        "w": (N + letter("m"),),
        "X": (2 * N, N + -1),
        "Y": ((N + 1) * (D + -1), 3),
    }
    assert [*typed(["w=n+m-1"]).letters] == ["n", "m"]


def test_what_is_made_of_letters_is_the_size_of_a_value():
    program = parse("sum(w) + sum(a) + sum(b)")
    given = typed(["w=2*n+m; a=n; b=m-1"])
    known = {"w": (8,), "a": (3,)}
    assert fitted(program.variables, given, known) == {**known, "b": (1,)}
    for shape in [(7,), (6,), (5,)]:  # m is 1, 0 and -1 where n is 3
        with pytest.raises(SourceError):
            fitted(program.variables, given, {"w": shape, "a": (3,)})
    with pytest.raises(SourceError, match="n and m open"):
        fitted(program.variables, given, {"w": (8,)})
    assert fitted(program.variables, given, {"w": (8,)}, {"n": 2})["b"] == (3,)
    with pytest.raises(SourceError, match="the value of w is 7"):
        fitted(program.variables, typed(["w=2*n"]), {"w": (7,)})
