"""assert_gradient, as tests of other projects use it. What is right is known by hand."""

import numpy as np
import pytest

import backpropcli as bp

LOSS = "mean((X@w - y)^2)"


class Tensor:
    """What PyTorch's tensors do for NumPy."""

    def __init__(self, array, *, gradient=False):
        self.array = array
        self.gradient = gradient

    def detach(self):
        return Tensor(self.array)

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        if self.gradient:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return np.asarray(self.array, dtype)


@pytest.fixture
def point():
    random = np.random.default_rng(3)
    return {
        "X": random.standard_normal((20, 4)),
        "w": random.standard_normal(4),
        "y": random.standard_normal(20),
    }


def slope(point):
    X, w, y = (point[name] for name in "Xwy")  # noqa: N806
    return 2 / 20 * X.T @ (X @ w - y)


def test_what_is_right_says_nothing(point):
    assert bp.assert_gradient(LOSS, {"w": slope(point)}, point) is None
    bp.assert_gradient(LOSS, {"w": Tensor(slope(point), gradient=True)}, point)
    bp.assert_gradient(LOSS, {"w": slope(point).tolist()}, **point)
    bp.assert_gradient("(w*x - y)^2", {"w": "2*(w*x - y)*x", "y": -2.0}, w=2, x=3, y=5)


def test_what_is_wrong_is_told_as_on_the_screen(point):
    with pytest.raises(AssertionError) as caught:
        bp.assert_gradient(LOSS, {"w": -slope(point)}, point)
    assert str(caught.value).startswith("w  wrong: it looks as if the sign is flipped")
    with pytest.raises(AssertionError) as caught:
        bp.assert_gradient("(w*x - y)^2", {"w": "2*(w*x - y)", "y": 3}, w=2, x=3, y=5)
    text = str(caught.value)
    assert "this is the derivative by w*x: multiply" in text
    assert "d/dy is 3 there, and -2 here" in text


def test_what_is_inconclusive_is_not_strict():
    for claimed in ({"x": 1.0}, {"x": "x >= 0"}):
        with pytest.raises(AssertionError, match="inconclusive"):
            bp.assert_gradient("relu(x)", claimed, x=0)
        bp.assert_gradient("relu(x)", claimed, x=0, strict=False)
    with pytest.raises(AssertionError):
        bp.assert_gradient("relu(x)", {"x": 2.0}, x=1, strict=False)


def test_a_mistake_in_the_test_is_no_assertion():
    for claimed in ({"v": 1.0}, {}):
        with pytest.raises(bp.BackpropError):
            bp.assert_gradient("x^2", claimed, x=1)
