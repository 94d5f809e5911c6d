"""The passes in many digits, which end where more digits would take too long."""

from time import sleep

import pytest

import backpropcli as bp
from backpropcli.arithmetics.balls.ball import Undecided
from backpropcli.report.digits import exact
from backpropcli.report.truth import point as truth


@pytest.mark.parametrize(
    ("seconds", "tried"),
    [
        ({60: 0.01, 120: 0.02, 240: 0.04, 480: 0.1, 960: 0.3}, [60, 120, 240, 480, 960]),
        ({60: 0.01, 120: 0.02, 240: 0.2, 480: 1.6, 960: 13.0}, [60, 120, 240]),
    ],
)
def test_no_digits_are_tried_that_may_take_longer_than_there_is_patience(
    seconds, tried, monkeypatch
):
    """A pass may take eight times as long with twice the digits, as a digamma does."""
    clock, precisions = [0.0], []

    def run(point):
        precisions.append(point.precision)
        clock[0] += seconds[point.precision]
        raise Undecided

    monkeypatch.setattr(exact, "thread_time", lambda: clock[0])
    monkeypatch.setattr(truth.Point, "_run", run)
    assert truth.Point(bp.gradient("x^2", x=3), 1.0).undecided
    assert precisions == tried


def test_a_pause_costs_no_digits():
    """A machine that is busy elsewhere for longer than there is patience."""
    tried = exact.precisions(0.1)
    next(tried)
    sleep(0.2)
    assert next(tried) == exact.PRECISIONS[1]


def test_a_number_that_is_known_to_be_none_ends_the_search():
    """gamma(-150.5) < 0 has no logarithm, and digamma(-150.5) is known at once."""
    found = truth.Point(bp.gradient("log(gamma(x))", x=-150.5))
    assert (found.precision, found.steady) == (exact.PRECISIONS[0], False)


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ("huber(log2(y))", "y=2", "├─ log2(y)          1    1           1          53 |"),
        ("sum(softmax(v))", "v=[1,-1,3]", "sum(softmax(v))    ↑ 1   ↓ 1   bits 53 |"),
    ],
)
def test_what_is_off_by_less_than_any_double_has_all_bits(text, value, told, backprop):
    """By hand: log2(2) and the sum of a softmax are 1."""
    assert told in backprop(text, value, "--accuracy")
