"""Ranges as they are written; what is right to write is in the manual."""

import pytest

from backpropcli.errors import SourceError
from backpropcli.proof.equality.ranges import ranges
from tests.each import for_each


@for_each(
    "texts, message, hint",
    [
        (["x=1..2", "x=1..3"], "x has a range already", "keep one"),
        (["x=[1, 2]"], "this is no range", "write --range x=1..2"),
        (["x=1.."], "a range has two ends", "a range is written as in --range x=0.1..3"),
        (["x=0..inf"], "an end of a range is a finite number", "a range is written as"),
        (["y=0..1"], "there is no 'y'", "it has: x"),
    ],
)
def test_what_is_no_range_is_told_with_what_to_write(texts, message, hint):
    with pytest.raises(SourceError, match=message) as caught:
        ranges(texts, ["x"])
    assert hint in caught.value.hint
