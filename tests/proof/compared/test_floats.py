"""Large losses, and such as go by order, are compared in floats: expected values are by hand."""

import numpy as np
import pytest

import backpropcli as bp

pytestmark = pytest.mark.usefixtures("here")

RANDOM = np.random.default_rng(7)
BATCH = {
    "X": RANDOM.normal(size=(300, 4)),
    "w": RANDOM.normal(size=4),
    "y": RANDOM.normal(size=300),
}
SUM = "sum((X@w - y)^2)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "other", "kind", "term"),
    [
        (SUM, "sum((y - X@w)^2)", "identical", ""),
        (SUM, f"{SUM} - 2", "constant", "2"),
        (SUM, "sum((X@w)^2 - 2*y*(X@w))", "gradients", ""),
        (f"mean{SUM.removeprefix('sum')}", f"2*{SUM}", "proportional", "1/600"),
        (SUM, f"-{SUM}", "opposite", "-1"),
        (f"c*{SUM}", SUM, "proportional", "c"),
        (f"c*{SUM}", f"{SUM}/c", "proportional", "c^2"),
        (SUM, f"{SUM} - 0.001", "constant", "0.001"),
        (SUM, f"{SUM} + sum(y)", "constant", "-sum(y)"),
        (SUM, f"{SUM} + 1e-6*sum(w^2)", "different", ""),
    ],
)
def test_large_losses_are_related_as_they_are(one, other, kind, term):
    """A mean of 300 is 1/600 of twice the sum; 1e-6 of a penalty is a difference."""
    found = bp.compare(one, other, {**BATCH, "c": 3} if "c*" in one else BATCH, wrt="w")
    assert (found.kind, found.general.term) == (kind, term)
    assert found.general.in_floats
    assert not found.general.proved


@pytest.mark.slow
def test_single_precision_is_no_difference():
    """Both are worked out in doubles at the numbers that single precision holds."""
    short = {name: value.astype("float32") for name, value in BATCH.items()}
    assert bp.compare(SUM, "sum((X@w)^2 - 2*y*(X@w) + y^2)", short, wrt="w").kind == "identical"


@pytest.mark.slow
def test_the_point_given_is_told_where_it_meets_the_assumptions_alone():
    """Some of X@w are below 0 there, so that a random point shows the difference."""
    pair = "sum(log(X@w))", "2*sum(log(X@w))"
    found = bp.compare(*pair, BATCH, wrt="w", assume=["X@w > 0"])
    assert {one.kind for one in found.general.seen} == {"random"}
    found = bp.compare(SUM, f"2*{SUM}", BATCH, wrt="w")
    assert {one.kind for one in found.general.seen} == {"point"}


def test_an_element_at_a_kink_leaves_it_open():
    """relu has no slope at 0, and where(x >= 0, x, 0) has 1; at no other place they differ."""
    x = np.linspace(-5, 5, 8001)
    found = bp.compare("sum(relu(x))", "sum(where(x >= 0, x, 0))", {"x": x})
    assert (found.verdict, found.general.at) == ("inconclusive", "kink")
    assert "kink" in found.reason
    assert found.rows[1].element == ("d/dx[4000]", 0.0, 1.0)


@pytest.mark.slow
def test_order_is_that_of_each_point():
    """The sum of squares is the same in any order; the first of the sorted is the least."""
    at = {"v": [3, 1, 2]}
    assert bp.compare("sum(sort(v)^2)", "sum(v^2)", at).kind == "identical"
    assert bp.compare("sort(v)[0]", "min(v)", at).kind == "identical"
    assert bp.compare("sort(v)[0]", "v[1]", at).kind == "different"


@pytest.mark.slow
def test_places_of_elements_stay():
    """The cross-entropy of the classes t is that of their logarithms of softmax."""
    at = {"z": RANDOM.normal(size=(40, 30)), "t": RANDOM.integers(0, 30, 40).astype(float)}
    one, other = (
        "-sum(one_hot(t, 30)*log_softmax(z))",
        "sum(logsumexp(z, axis=1)) - sum(one_hot(t, 30)*z)",
    )
    assert bp.compare(one, other, at, wrt="z").kind == "identical"


@pytest.mark.slow
@pytest.mark.sampled(2)
@pytest.mark.parametrize("one", ["x[t]", "x[t[0]]", "x[t - 1]", "one_hot(t[0], 3)@x"])
def test_variables_that_places_are_computed_of_stay(one):
    """An element is the sum of all, where those at other places are left out: by hand."""
    at = {"x": [1, 2, 3], "t": [2, 0] if "[0]" in one else 2}
    place = one.partition("one_hot(")[2].partition(",")[0] or one[2:-1]
    found = bp.compare(one, f"sum(where(arange(3) == {place}, x, 0))", at, wrt="x")
    assert found.kind == "identical"
    assert found.general.proved is False
    assert (
        bp.compare(one, f"sum(where(arange(3) != {place}, x, 0))", at, wrt="x").kind == "different"
    )


@pytest.mark.slow
def test_marks_of_computed_places_go_by_each_point():
    """The largest element is the one that is marked; at [0, 1, -1] the least is another."""
    marked = "sum(one_hot(argmax(x), 3)*x)"
    assert bp.compare(marked, "max(x)", shapes="x=3").kind == "identical"
    assert bp.compare(marked, "max(x)", {"x": [0, 1, -1]}).kind == "identical"
    assert bp.compare(marked, "min(x)", {"x": [0, 1, -1]}).kind == "different"
    classes = "cross_entropy(z, argmax(y))", "logsumexp(z) - one_hot(argmax(y), 3)@z"
    assert bp.compare(*classes, shapes="z=3; y=3", wrt="z").kind == "identical"


@pytest.mark.slow
def test_where_one_alone_is_finite_is_told():
    """log(x^2) has a value below 0, and 2*log(x) has none."""
    found = bp.compare("sum(log(x^2))", "sum(2*log(x))", shapes="x=9000")
    assert found.verdict == "inconclusive"
    assert "only one of the two is finite" in found.reason
    within = bp.compare("sum(log(x^2))", "sum(2*log(x))", shapes="x=9000", ranges=["x=0.1..3"])
    assert within.verdict == "agrees"


@pytest.mark.slow
def test_thousands_of_numbers_at_a_kink_are_all_moved_off_it():
    """relu(w) and where(w >= 0, w, 0) are the same function; at 0 they choose other slopes."""
    found = bp.compare("sum(relu(w))", "sum(where(w >= 0, w, 0))", w=np.zeros(9000))
    assert (found.verdict, "kink" in found.reason) == ("inconclusive", True)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["x=3", "x=9000"])
def test_each_of_several_assumptions_in_one_text_holds(size):
    """relu(a) is a where a > 0, whichever condition stands first."""
    for assume in ["(a > -5, a > 0)", "(a > 0, a > -5)"]:
        found = bp.compare("sum(x)*relu(a)", "sum(x)*a", wrt="x", assume=[assume], shapes=size)
        assert found.kind == "identical"
