"""The verdict on every row of the table, over its range: right rules are never refused."""

import pytest

from tests.benchmarks.verdicts import WORDS, sweep


@pytest.mark.slow
@pytest.mark.parametrize("name", WORDS)
def test_a_right_rule_is_never_refused(name, times):
    """The benchmark of the same name draws many more points; ``test_check`` has one of its own."""
    found = list(sweep(times, seed=0, words=[name]))
    assert len(found) == times
    assert [one for one in found if one[2] == "disagrees"] == []
    assert [one for one in found if one[2] != "agrees" and not one[4]] == []
