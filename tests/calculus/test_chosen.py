"""Sizes that are chosen for letters, and what a value leaves of the choice."""

from __future__ import annotations

import numpy as np
import pytest

from backpropcli.calculus.chosen import sampled
from backpropcli.errors import SourceError
from backpropcli.language.parse import parse


def test_a_letter_may_be_a_variable_which_is_that_size_then():
    program = parse("sum(X@w)*n")
    found = sampled([program], {}, "X=n,d; w=d")
    assert found.free == found.sizes == {"n": 3, "d": 2}
    assert found.values["n"] == found.values["X"].shape[0]
    other = sampled([program], {}, "X=n,d; w=d", turn=1)
    assert all(found.free[name] != size for name, size in other.free.items())
    given = sampled([program], {"n": 5.0}, "X=n,d; w=d")
    assert (given.sizes["n"], given.free) == (5, {"d": 2})


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (3.0, "n is 3, and w is 2"),
        (2.5, "n is 2.5, and a size is a whole number"),
        (0.0, "n is 0, and a size is a whole number"),
    ],
)
def test_the_value_of_a_letter_has_to_be_the_size(n, told):
    program = parse("mean(w)*n")
    with pytest.raises(SourceError, match=told):
        sampled([program], {"n": n, "w": np.zeros(2)}, "w=n")


def test_what_is_made_of_letters_goes_by_them():
    program = parse("sum(w) + sum(a) + sum(b)")
    found = sampled([program], {}, "w=n+m; a=n; b=m-n")
    assert found.sizes.keys() == found.free.keys() == {"n", "m"}
    n, m = found.sizes["n"], found.sizes["m"]
    assert found.shapes == {"w": (n + m,), "a": (n,), "b": (m - n,)}
    assert m > n
    given = sampled([program], {"w": np.zeros(7), "n": 2.0}, "w=n+m; a=n; b=m-n")
    assert (given.sizes, given.free) == ({"n": 2, "m": 5}, {})
    assert given.values["b"].shape == (3,)
