"""What goes by order, written out in numbers, against NumPy; and what the whole has at a tie."""

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.arithmetics import floats
from backpropcli.calculus.elements import in_numbers
from backpropcli.calculus.forward import forward
from backpropcli.language.parse import parse
from backpropcli.modes.gradient import ready
from backpropcli.report.wholes import each_whole
from tests.each import for_each

pytestmark = pytest.mark.usefixtures("here")

WORDS = {
    "sort(x, axis=0)": lambda x: np.sort(x, axis=0),
    "sort(x, descending=True)": lambda x: -np.sort(-x),
    "topk(x, 2)": lambda x: -np.sort(-x)[..., :2],
    "argmax(x, axis=1)": lambda x: np.argmax(x, axis=1),
    "argmin(x)": np.argmin,
    "y = x[0]; diff(sort(y)@[1, 2, 5], y)": lambda x: np.array([1, 2, 5])[x[0].argsort().argsort()],
    "y = x[0]; diff(sort(y, descending=True)@[1, 2, 5], y)": lambda x: np.array([1, 2, 5])[
        (-x[0]).argsort().argsort()
    ],
    "y = x[0]; g = [1, 2, 5]; diff(diff(sort(y)@g, y)@[3, 1, 2], g)": lambda x: np.array([3, 1, 2])[
        x[0].argsort()
    ],
}
"""Each is a function of a 2 by 3 matrix."""


@for_each("text", WORDS)
def test_an_order_compared_everywhere_is_that_of_every_point(text):
    """At points with other orders, and with ties, the program in numbers gives NumPy's values."""
    random = np.random.default_rng(0)
    points = random.integers(0, 4, size=(30, 2, 3)).astype(float)
    points += 0.1 * np.arange(6).reshape(2, 3) if "diff" in text else 0  # where one jumps at a tie
    lowered, _ = ready(parse(text, {"x": points[0]}), {"x": points[0]}, ())
    numbers = in_numbers(lowered, {"x": points[0]}, everywhere=True)
    for x in points:
        given = dict(zip(numbers.bindings, x.ravel(), strict=True))
        values = forward(numbers.program.graph, floats, given)
        found = [values[node] for node in numbers.program.outputs]
        assert found == np.ravel(WORDS[text](x)).tolist()


@pytest.mark.parametrize(
    ("text", "point", "sides"),
    [
        (
            "sort(x)@[1, 2] + abs(y)*y",
            {"x": [0, 0], "y": 0},
            {"x[0]": (1, 2), "x[1]": (1, 2), "y": (0, 0)},
        ),
        ("topk(x, 1)@[3]", {"x": [1, 1, 1]}, {f"x[{at}]": (0, 3) for at in range(3)}),
        ("sort(x, descending=True)@[1, 2]", {"x": [1, 1]}, {"x[0]": (2, 1), "x[1]": (2, 1)}),
        ("max(x) - sort(x)[-1]", {"x": [1, 1]}, {"x[0]": (0, 0), "x[1]": (0, 0)}),
        ("sort([y, -y])[1] - abs(y)", {"y": 0}, {"y": (0, 0)}),
        ("sort([y, -y, 2*y, 0])[3]", {"y": 0}, {"y": (-1, 2)}),
        ("argmax(x)*y + abs(y - 2)*(y - 2)", {"x": [1, 1], "y": 2}, {"y": (0, 0)}),
        ("x[argmax(x)] + abs(y)", {"x": [1, 1], "y": 0}, {"y": (-1, 1)}),
        ("x[floor(y)]*y + abs(y - 1)", {"x": [2, 5], "y": 1}, {}),
    ],
)
def test_the_whole_is_told_where_elements_tie(text, point, sides):
    """By hand: sort([y, -y])[1] is abs(y), and topk(x, 1) is max(x); of a jump nothing is told."""
    told = each_whole(bp.gradient(text, point))
    found = {name: (float(one.left.slope), float(one.right.slope)) for _, name, one in told
             if one.kind != "jump"}  # fmt: skip
    assert found == sides


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("sort(x)@[1, 2] + abs(y)*y", "inconclusive"),
        ("sum(sort(x)) + abs(y)*y", "agrees"),
        ("max(x) - sort(x)[-1] + y", "disagrees"),
        ("argmax(x)*cos(y) + abs(y)*y", "inconclusive"),
    ],
)
def test_a_tie_is_judged_by_what_the_whole_has(text, verdict):
    assert bp.check(text, x=[0, 0], y=0).verdict == verdict


@pytest.mark.parametrize("text", ["sort(x)@[1, 2]", "topk(x, 1)[0]", "argmax(x)*x[1]"])
def test_the_nearest_kink_of_an_order_is_where_elements_meet(text):
    found = bp.gradient(text, x=[0, 1]).nearest_kinks()
    assert [(one.along, one.at) for one in found[:2]] == [("x[0]", 1), ("x[1]", 0)]


def test_a_hessian_tells_nothing_of_a_whole_that_has_a_kink():
    """By hand: the slope of sort(x)@[1, 2] by either element is 1 on the left, 2 on the right."""
    found = bp.hessian("sort(x)@[1, 2] + abs(y)*y^2", x=[0, 0], y=0)
    assert found.as_dict()["whole_hessian"] == [[None] * 3, [None] * 3, [None, None, 0]]


@pytest.mark.parametrize(
    ("x", "gradient"),
    [([1, 2, 1], [2, 1, 0]), ([1, 1, 1], [1, 2, 0]), ([5, 5, 7], [2, 0, 1])],
)
def test_of_equal_elements_the_first_is_the_first_of_topk(x, gradient):
    """What torch.topk of PyTorch 2.14.1 and jax.lax.top_k of JAX 0.10.2 give."""
    assert bp.gradient("topk(x, 2)@[1, 2]", x=x).gradient["x"].tolist() == gradient


@pytest.mark.slow
def test_of_very_many_equal_elements_the_order_stays_and_that_leaves_it_open():
    """By hand: the slope of sum(sort(x)*w) by any x[i] is w[0] on the left, w[-1] on the right."""
    at = {"x": np.zeros(30), "w": np.arange(30.0), "y": 0}
    text = "sum(sort(x)*w) + abs(y)*y"
    found = bp.gradient(text, at)
    assert [name for _, name, _ in each_whole(found)] == ["y"]
    assert bp.verdict(found).reason == "sort(x) has a kink here, and a convention cannot be checked"
    assert bp.check_methods(text, at, wrt="x").verdict == "inconclusive"
    row = bp.jacobian(text, at, wrt="y")
    assert bp.verdict(row).verdict == "inconclusive"
    assert "sort(x) goes by a place or an order that jumps here" in row.point.lowered.warnings[0]


@pytest.mark.parametrize(("y", "verdict"), [(1, "inconclusive"), (1.5, "agrees")])
def test_no_method_moves_a_place_that_jumps(y, verdict):
    """By hand: where y is less than 1, x[floor(y)] is x[0]."""
    assert bp.check_methods("x[floor(y)]*z", x=[2, 5], y=y, z=3).verdict == verdict


def test_a_tie_of_what_was_typed_is_told():
    """By hand: 0.3/3 is 0.1, and in doubles it is less."""
    assert bp.check("sort([x/3, 0.1])@[1, 2]", x=0.3).typed_kink == "0.1 < x/3"


@pytest.mark.slow
def test_very_many_elements_next_to_equal_keep_their_order():
    """Each is 1e-12 more than the one before it: that is no kink, and x[argmax(x)] has no place."""
    x = [1 + at * 1e-12 for at in range(30)]
    assert bp.check("sum(sort(x)*w)", x=x, w=[*range(30)], wrt="x").verdict == "agrees"
    assert bp.gradient("x[argmax(x)]", x=[0, 1]).nearest_kinks() == []
