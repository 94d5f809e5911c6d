"""Other slopes at kinks: what each choice takes at each kink of the table, and that it is all."""

from operator import attrgetter

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.errors import KinkError
from backpropcli.graph.arrays import TABLE_OF_ARRAYS
from backpropcli.graph.conventions import CHOICES, ERROR
from tests.each import for_each
from tests.graph.peers_at_kinks import CASES
from tests.graph.test_peers_at_kinks import STORED, called, numbers

pytestmark = pytest.mark.usefixtures("here")

CORNERS = [
    case
    for case in CASES
    if not (kink := TABLE_OF_ARRAYS[case.row].kinks[case.kink]).fixed
    and not kink.alone
    and any(left.text != right.text for left, right in kink.slopes.values())
]
"""The cases at which there is something to choose."""


def here(case, choice):
    """Return the kinks of a case where another convention is asked for."""
    found = bp.gradient(called(case), case.point, at_kinks=choice)
    when = TABLE_OF_ARRAYS[case.row].kinks[case.kink].when.text
    return [kink for kink in found.kinks if kink.when == when], found


POOLED = [
    ("sum(max_pool1d(x, 2)*[1, 2])", [3, 3, 1, 1], [1, 0, 2, 0]),
    ("sum(max_pool2d(x, 2))", [[3, 1], [3, 3]], [[1, 0], [0, 0]]),
    ("sum(max_pool2d(x, 2))", [[1, 3], [3, 3]], [[0, 1], [0, 0]]),
    (
        "sum(max_pool2d(x, 2, 1))",
        [[1, 3, 3], [3, 3, 0], [2, 3, 3]],
        [[0, 2, 0], [1, 1, 0], [0, 0, 0]],
    ),
    ("sum(max_pool2d(x, 2))", [[4, 1], [3, 2]], [[1, 0], [0, 0]]),
]


@pytest.mark.parametrize("choice", ["torch", "jax"])
@pytest.mark.parametrize(("program", "x", "slope"), POOLED)
def test_the_first_of_a_window_has_the_slope_of_peers(program, x, slope, choice):
    """Measured: max_pool1d and max_pool2d of PyTorch 2.13, reduce_window of JAX 0.10."""
    found = bp.gradient(program, x=x, at_kinks=choice)
    assert found.gradient["x"].tolist() == slope
    told = [(kink.left, kink.right, kink.jump) for kink in found.kinks]
    assert told == [(0, 1, False)] * len(told)
    even = bp.gradient(program, x=x, at_kinks="even").gradient["x"]
    assert even.sum() == pytest.approx(np.sum(slope))  # those that tie share it
    assert bool(told) == (even.tolist() != slope)


@pytest.mark.parametrize("choice", ["torch", "jax"])
def test_a_place_that_jumps_stays_one(choice):
    """Peers say 0 of argmax, as the table does."""
    found = bp.gradient("sum(x[argmax(x)])", x=[3, 3, 1], at_kinks=choice)
    assert found.gradient["x"].tolist() == [1, 0, 0]


@pytest.mark.slow
@for_each("case", CORNERS, ids=attrgetter("key"))
def test_left_and_right_are_the_slopes_on_the_sides(case):
    """Each is a difference quotient of the input that moves alone, if there is a value there."""
    for choice, step in (("left", -(2.0**-30)), ("right", 2.0**-30)):
        kinks, found = here(case, choice)
        assert kinks
        for kink in kinks:
            if kink.jump:
                continue
            name, _, place = kink.by.partition("[")
            at = np.array(case.point[name], dtype=float)
            moved = at.copy()
            moved[tuple(map(int, place[:-1].split(","))) if place else ()] += step
            beside = bp.value(called(case), {**case.point, name: moved})
            slope = (beside - bp.value(called(case), case.point)) / step
            if np.isnan(beside):
                assert kink.why.endswith("it is the only side")
            elif np.isinf(kink.chosen):
                assert abs(slope) > 1e4
                assert slope * kink.chosen > 0
            else:
                assert kink.chosen == pytest.approx(slope, rel=1e-6, abs=1e-6)
            ours = np.asarray(found.gradient[name])[kink.index or ()]
            assert ours == pytest.approx(kink.chosen)


STEPS = [
    case
    for case in CASES
    if (kink := TABLE_OF_ARRAYS[case.row].kinks[case.kink]).jump and not kink.alone
]


@for_each("case", STEPS, ids=attrgetter("key"))
def test_beside_a_jump_are_the_slopes_of_its_sides(case):
    """Each is a difference quotient on its side, away from the jump, if there are values there."""
    when = TABLE_OF_ARRAYS[case.row].kinks[case.kink].when.text
    for kink in bp.gradient(called(case), case.point).kinks:
        if kink.when != when:
            continue
        name, _, place = kink.by.partition("[")
        for told, step in ((kink.left, -(2.0**-30)), (kink.right, 2.0**-30)):
            values = []
            for times in (1, 2):
                moved = np.array(case.point[name], dtype=float)
                moved[tuple(map(int, place[:-1].split(","))) if place else ()] += times * step
                values.append(bp.value(called(case), {**case.point, name: moved}))
            if np.isfinite(values).all():
                assert told == pytest.approx((values[1] - values[0]) / step, rel=1e-6, abs=1e-6)


@pytest.mark.slow
@for_each("case", CORNERS, ids=attrgetter("key"))
def test_a_peer_s_choice_is_its_gradient(case):
    for choice, peer in (("torch", "PyTorch"), ("jax", "JAX")):
        kinks, found = here(case, choice)
        for kink in kinks:
            name = kink.by.partition("[")[0]
            answer = (STORED["answers"][case.key][peer] or {}).get(name)
            ours = np.asarray(found.gradient[name])[kink.index or ()]
            if answer is None:
                assert kink.why == f"--at-kinks {choice} keeps it: {peer} has no answer there"
            else:
                measured = np.resize(numbers(answer), np.size(case.point[name]))
                place = kink.index[0] if kink.index else 0
                np.testing.assert_allclose(ours, measured[place], rtol=1e-12)


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_changes_nothing_beside_a_kink(choice):
    for text, point in (("relu(x) + abs(y)", (2, -3)), ("max(x, y)*hypot(x, y)", (1, 2))):
        at = dict(zip("xy", point, strict=True))
        assert bp.gradient(text, at, at_kinks=choice).gradient == bp.gradient(text, at).gradient


@for_each(
    "text, choice, slope",
    [
        ("abs(x)", "zero", 0),
        ("leaky_relu(x)", "zero", 0),
        ("relu(x)", "even", 0.5),
        ("leaky_relu(x, 0.5)", "even", 0.75),
        ("sqrt(x)", "left", np.inf),
        ("sqrt(x)", "zero", 0),
        ("sign(x)", "right", 0),
        ("x*abs(x)", "right", 0),
        ("relu(-x)", "right", -1),
        ("diff(abs(x), x)*x", "right", 1),
    ],
)
def test_a_choice_is_what_it_says(text, choice, slope):
    assert bp.gradient(text, x=0, at_kinks=choice).gradient["x"] == slope


@pytest.mark.parametrize("count", [3, 7, 100, 1000])
def test_shares_of_one_node_come_to_one(count):
    """By hand: the largest of equal x is x; sums of n shares of 1/n are rounded once."""
    text = f"max({', '.join(['x'] * count)}) + 2*min({', '.join(['-x'] * count)}, x)"
    assert bp.gradient(text, x=1).gradient == {"x": -1}
    assert bp.jvp(text, x=1, along={"x": 1}).products == [-1]


def test_one_node_ties_with_itself_where_it_does_not_share():
    """max(x, x) is x, whose slope is 1: 0 is a choice between two sides, and told."""
    found = bp.gradient("max(x, x)", x=1, at_kinks="left")
    assert found.gradient == {"x": 0}
    assert {(kink.left, kink.right, kink.chosen) for kink in found.kinks} == {(0, 1, 0)}
    assert bp.gradient("max(x, x)", x=1, at_kinks="even").kinks == []


def test_what_tie_share_evenly_also_where_there_are_three():
    point = dict.fromkeys("xyz", 1)
    for choice, share in (("even", 1 / 3), ("torch", 1 / 3), ("left", 0), ("right", 1)):
        found = bp.gradient("max(x, y, z)", point, at_kinks=choice)
        assert found.gradient == dict.fromkeys("xyz", share)


def test_nan_is_at_corners_and_not_at_steps():
    assert np.isnan(bp.gradient("relu(x)", x=0, at_kinks="nan").gradient["x"])
    assert bp.gradient("sign(x)", x=0, at_kinks="nan").gradient["x"] == 0


def test_of_an_array_the_elements_at_a_kink_alone_change():
    x = [0, 1, -2, 0]
    right = bp.gradient("sum(relu(x)*[1, 2, 3, 4])", x=x, at_kinks="right").gradient["x"]
    np.testing.assert_array_equal(right, [1, 2, 0, 4])
    right = bp.gradient("max(x)", x=[1, 1, 0], at_kinks="right").gradient["x"]
    np.testing.assert_array_equal(right, [1, 1, 0])


def test_every_mode_follows():
    at = {"x": 0, "at_kinks": "right"}
    assert bp.jacobian("(relu(x), abs(x))", **at).matrix == [[1], [1]]
    assert bp.jacobian("relu(x)", x=[0, 1], at_kinks="right").matrix == [[1, 0], [0, 1]]
    assert bp.jvp("abs(x)", along={"x": 2}, **at).products == [2]
    assert bp.vjp("abs(x)", weights={"abs(x)": 3}, **at).products == [3]
    assert bp.hvp("relu(x)^2", along={"x": 1}, **at).product == {"x": 2}
    assert bp.hessian("relu(x)^2", **at).matrix == [[2]]
    assert bp.taylor("abs(x) + x*relu(x)", order=3, **at).coefficients == [0, 1, 1, 0]


def test_an_error_has_the_place():
    with pytest.raises(KinkError, match="abs\\(x - 1\\) has a kink here") as caught:
        bp.gradient("y + abs(x - 1)", x=1, y=2, at_kinks=ERROR)
    assert (caught.value.start, caught.value.end) == (4, 14)
    assert bp.gradient("abs(x)", x=1, at_kinks=ERROR).gradient == {"x": 1}
    with pytest.raises(KinkError):
        bp.jacobian("(x, relu(x))", x=0, at_kinks=ERROR)
    with pytest.raises(KinkError):
        bp.taylor("relu(x)", x=0, at_kinks=ERROR)


@pytest.mark.parametrize("choice", [*CHOICES[:6], ""])
def test_a_series_in_one_convention_leaves_those_in_others_alone(choice):
    """The slopes are those of the gradient, which tests above hold against other tools."""
    at = -3.0
    slope = bp.gradient("hardswish(x)", x=at, at_kinks=choice).gradient["x"]
    assert bp.taylor("hardswish(x)", x=at, at_kinks=choice, order=2).coefficients[1] == slope
    digits = bp.digits(bp.taylor("hardswish(x)", x=at, at_kinks=choice, order=2), 20)
    assert float(digits.coefficients[1].text) == slope


@pytest.mark.parametrize(
    ("text", "choice", "verdict"),
    [
        ("relu(x) - relu(-x)", "", "disagrees"),
        ("relu(x) - relu(-x)", "torch", "inconclusive"),
        ("relu(x) - relu(-x)", "right", "inconclusive"),
        ("relu(x) - relu(-x)", "even", "agrees"),
        ("relu(x)", "right", "inconclusive"),
        ("x*abs(x)", "right", "agrees"),
        ("sum(relu([x, 1]) - relu(-[x, 1]))", "right", "inconclusive"),
    ],
)
def test_nobody_is_wrong_who_asks_for_another_slope(text, choice, verdict):
    found = bp.check(text, x=0, at_kinks=choice)
    assert found.verdict == verdict
    if choice == "right" and "-" in text:
        assert "with the slopes that --at-kinks right takes" in found.reason


@for_each(
    "text, y, left, right",
    [
        ("mod(6, y)", 3, -2, -1),
        ("mod(6, y)", -3, 2, 3),
        ("mod(-6, y)", 3, 3, 2),
        ("fmod(6, y)", 3, -2, -1),
        ("fmod(6, y)", -3, 1, 2),
        ("fmod(-6, y)", 3, 2, 1),
    ],
)
def test_the_whole_number_of_a_remainder_is_another_on_either_side(text, y, left, right):
    """By hand: the slope is the opposite of the quotient cut to a whole number beside y."""
    found = [bp.gradient(text, y=y, at_kinks=side).gradient["y"] for side in ("left", "right")]
    assert found == [left, right]


CALLS = {
    "gradient": {}, "jacobian": {}, "hessian": {}, "taylor": {}, "vjp": {"weights": {"L": 1}},
    "jvp": {"along": {"x": 1}}, "hvp": {"along": {"x": 1}},
}  # fmt: skip


@pytest.mark.parametrize("mode", CALLS)
def test_error_is_strict_at_poles_in_every_mode(mode):
    """By hand: 1/x and log(x) have no finite value at 0; exp(x) overflows at 1000, no pole."""
    call = getattr(bp, mode)
    for text in ("L = 2 + 1/x", "L = log(x)", "L = relu(x)"):
        with pytest.raises(KinkError):
            call(text, x=0, at_kinks="error", **CALLS[mode])
    for x, text in ((1000, "L = exp(x)"), (1, "L = 1/x")):
        call(text, x=x, at_kinks="error", **CALLS[mode])


@pytest.mark.parametrize("text", ["sum(log(x))", "sum(1/x)", "sum(inv(outer(x, x)))"])
def test_error_is_strict_at_poles_of_elements(text):
    with pytest.raises(KinkError, match="has no finite value here"):
        bp.gradient(text, x=[0, 1], at_kinks="error")
