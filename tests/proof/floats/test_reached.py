"""Sides of choices on whole arrays: which points take them is seen in their numbers."""

from time import monotonic

import numpy as np
import pytest

from backpropcli.calculus.lower import lower
from backpropcli.language.parse import parse
from backpropcli.proof.floats.reached import Reached, choices_of

POINT = {"X": np.array([[0.5, -1.0], [2.0, 0.25]]), "w": np.array([1.0, -0.5])}


def missed(text, point, ranges=None):
    """Return what is missed once the point was taken, and after a search; and what it adds."""
    shapes = {name: value.shape for name, value in point.items()}
    lowered = lower(parse(text, point), shapes)
    reached = Reached(choices_of(lowered, lowered.outputs), ranges or {}, ())
    reached.take(point)
    before, more = reached.missed, []
    for values in reached.more([point], monotonic() + 5):
        more.append(values)
        reached.take(values)
    return before, reached.missed, more


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("sum(relu(X@w - 100))", "X@w - 100 > 0"),
        ("sum(where(X > 1e30, 0, X)) + sum(w)", "X > 1e30"),
        ("sum(max(X, 50, 3*w))", "50 > max(X, 3*w)"),
    ],
)
def test_arrays_are_moved_as_a_whole(text, side):
    """At the point no element takes the side; one of those that are added does."""
    before, after, more = missed(text, POINT)
    assert before.startswith("no point that was tried reaches the side where ")
    assert side in before or "50" in side
    assert not after
    assert more


@pytest.mark.parametrize(
    "text", ["sum(clip(sigmoid(X@w), 0, 1))", "sum(abs(exp(X))) + sum(w)", "sum(softmax(X)@w)"]
)
def test_what_is_nowhere_is_not_missed(text):
    """A sigmoid is between 0 and 1, and an exponential is positive."""
    assert missed(text, POINT)[1:] == ("", [])


def test_factors_may_broadcast_in_several_ways():
    """The same numbers are multiplied with columns of two lengths."""
    point = {"A": np.ones((2, 1)), "C": np.ones((3, 1)), "b": np.ones(4)}
    text = "sum(relu(b)*(A > 0)) + sum(relu(b)*(C > 0)) + sum(where(A > 0, abs(b), b))"
    _, after, more = missed(text, point)
    assert more
    assert not after


def test_one_element_is_enough_and_some_sides_are_not_found():
    before, after, more = missed("sum(relu(X)) + sum(w)", POINT)
    assert (before, after, more) == ("", "", [])
    _, after, _ = missed("sum(where(cos(X) > 0.9999999999, 0, X)) + sum(w)", {**POINT})
    assert not after  # scaled down all cosines are near 1
    _, after, _ = missed("sum(where(X == 1/7, 0, X)) + sum(w)", POINT)
    assert after == "no point that was tried reaches the side where X == 1/7"
