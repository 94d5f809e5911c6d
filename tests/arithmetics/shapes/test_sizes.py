"""Sizes with letters: the arithmetic of polynomials, held against SymPy's."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from backpropcli.arithmetics import shapes
from backpropcli.arithmetics.shapes.axes import broadcast
from backpropcli.arithmetics.shapes.misfits import MisfitError
from backpropcli.arithmetics.shapes.sizes import Letters, amount, letter, letters_of, sized, text
from tests.each import for_each

N, D, K = map(letter, "ndk")
SYMBOLS = {name: sympy.Symbol(name) for name in "ndk"}
SIZES = st.recursive(
    st.integers(0, 5) | st.sampled_from([N, D, K]),
    lambda inner: st.tuples(inner, inner, st.sampled_from("+*")),
    max_leaves=6,
)


def both(plan):
    """Return a plan of a size as a size, and as SymPy's polynomial."""
    if isinstance(plan, int):
        return plan, sympy.Integer(plan)
    if isinstance(plan, Letters):
        return plan, SYMBOLS[str(plan)]
    (one, first), (other, second) = both(plan[0]), both(plan[1])
    if plan[2] == "+":
        return one + other, first + second
    return one * other, first * second


@pytest.mark.slow
@given(SIZES, SIZES)
def test_sizes_are_equal_where_the_polynomials_are(one, other):
    (first, expected), (second, also) = both(one), both(other)
    assert sympy.expand(sympy.sympify(str(first), locals=SYMBOLS) - expected) == 0
    assert (first == second) is (sympy.expand(expected - also) == 0)
    assert first != second or hash(first) == hash(second)


@given(SIZES, SIZES)
def test_a_product_over_one_of_its_factors_is_the_other(one, other):
    (first, _), (second, _) = both(one), both(other)
    product = first * second
    if isinstance(product, Letters) and isinstance(second, Letters) and len(second.terms) == 1:
        assert product.over(second) == first


@for_each(
    "size, parts, expected",
    [(2 * N, 2, N), (N * D, N, D), (N + 2, 2, None), (N, D, None), (N, 2, None), (N + D, N + D, 1)],
)
def test_a_size_over_another_is_a_size_or_nothing(size, parts, expected):
    assert size.over(parts) == expected


def test_sizes_are_written_as_people_write_them():
    assert [str(one) for one in (N, 2 * N, N + 1, N + -1, 2 * N * D + K)] == [
        "n", "2*n", "n + 1", "n - 1", "2*d*n + k",
    ]  # fmt: skip
    assert text((3, 2)) == "3x2"
    assert text((N, D + 1)) == "n x (d + 1)"
    assert text(()) == "a number"


def test_letters_that_differ_do_not_fit_and_1_does():
    assert broadcast((N, 1), (D,)) == (N, D)
    assert broadcast((N, D), (D,)) == (N, D)
    for one, other in [((N,), (D,)), ((N,), (3,)), ((N,), (N + 1,))]:
        with pytest.raises(MisfitError):
            broadcast(one, other)


@for_each(
    "operation, inputs, arg, expected",
    [
        ("reshape", [(N, D)], ((-1,),), (N * D,)),
        ("reshape", [(N, 4)], ((-1, 2),), (2 * N, 2)),
        ("reshape", [(N, 4)], ((3, -1),), None),
        ("concat", [(N, D), (K, D)], (0,), (N + K, D)),
        ("concat", [(N, D), (N, K)], (0,), None),
        ("split", [(2 * N, D)], (2, 0), (2, N, D)),
        ("split", [(N, D)], (2, 0), None),
        ("index", [(N,)], ((("cut", 1, None, None),),), (N + -1,)),
        ("index", [(N,)], ((("cut", None, -1, None),),), (N + -1,)),
        ("index", [(N,)], ((("cut", None, 3, None),),), (3,)),
        ("index", [(N,)], ((("cut", None, None, 2),),), None),
        ("diag", [(N, N)], None, (N,)),
        ("diag", [(N, D)], None, None),
        ("tile", [(N, D)], ((2, 1),), (2 * N, D)),
        ("pad", [(N, D)], (1,), (N + 2, D + 2)),
    ],
)
def test_shapes_of_letters(operation, inputs, arg, expected):
    def found():
        word = shapes.WORDS[operation]
        return word(*inputs) if arg is None else word(*inputs, arg=arg)

    if expected is not None:
        assert found() == expected
        return
    with pytest.raises(MisfitError):
        found()


@for_each(
    "operation, inputs, arg, reason",
    [
        ("transpose", [(2, 3)], ((0, 0),), "an axis is named twice"),
        ("transpose", [(2, 3)], ((0,),), "axes names each axis once, and {0} is 2x3"),
        ("squeeze", [(2, 1)], (0,), "only axes of length 1 go, and axis 0 of {0} has 2"),
        ("broadcast_to", [(2,)], ((1,),), "{0} is a vector of 2, which does not spread to 1"),
        ("pad", [()], (1,), "pad takes an array, and {0} is a number"),
        ("pad", [(2,)], (((1,),),), "width is a number, or (before, after) for each axis"),
        ("index", [(2, 2)], ((("at", 0),) * 3,), "there are 3 indices, and {0} has 2 axes"),
        ("diag", [(2, 2, 2)], None, "diag takes a vector or a matrix, and {0} is 2x2x2"),
        ("cross", [(3,), (2,)], None, "cross takes vectors of 3, and {1} is a vector of 2"),
        ("einsum", [(2,)], ("i,i->",), "there are subscripts for 2 of 1 arrays"),
        ("einsum", [(2,)], ("i->ii",), "the value has the letter i twice"),
        ("linspace", [(), (2,)], (3,), "linspace goes from a number to a number, and {1} is 2"),
        ("linspace", [(), ()], (1,), "num is 1, and both ends are two numbers"),
        ("arange", [], (0, float("inf"), 1), "stop is inf, and an array ends"),
        ("arange", [], (0, 1, 0), "a step cannot be 0"),
        ("arange", [], (0, N, 2), "with sizes that are letters the step is 1"),
        ("prod", [(2, 2)], ((0, 1), False), "prod goes along one axis, or over all elements"),
        ("topk", [()], (1,), "topk takes an array, and {0} is a number"),
        ("conv1d", [(1, 2, 5), (1, 3, 2)], (1, 0), "{0} has 2 channels (axis 1), and {1} has 3"),
        ("conv1d", [(1, 2, 1), (1, 2, 3)], (1, 0), "{1} is 3 long in axis 2, and {0} is 1"),
        (
            "max_pool2d",
            [(4,)],
            (2, None),
            "it takes an array of 2 axes or more, and {0} is a vector of 4",
        ),
    ],
)
def test_what_does_not_fit_is_told(operation, inputs, arg, reason):
    """{0} and {1} stand for what is written there."""
    with pytest.raises(MisfitError) as caught:
        shapes.WORDS[operation](*inputs, **({} if arg is None else {"arg": arg}))
    assert caught.value.reason == reason


def test_names_in_shapes_are_letters():
    assert sized(("n", 3, N)) == (N, 3, N)
    assert letters_of([(N, 3), (D * K,)]) == {"n", "d", "k"}


@for_each(
    "count, said",
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (999_499, "999 kB"),
        (999_700, "1 MB"),
        (8 * 10**12, "8 TB"),
        (1.5e15, "1.5 PB"),
        (8e21, "8,000,000 PB"),
        (10**400, "over 1e300 bytes"),
    ],
)
def test_amounts_of_bytes(count, said):
    """By hand: a unit is a thousand of the one before it, and three digits are shown."""
    assert amount(count) == said
