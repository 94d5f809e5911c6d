"""Windows, convolutions and pooling: the numbers are those of PyTorch 2.14.1 in double precision.

Each is the sum of the sines of what ``torch.nn.functional`` (or ``Tensor.unfold``) gives.
"""

import numpy as np
import pytest

import backpropcli as bp
from tests.each import for_each

KEPT = {
    "conv1d(x, w)": (
        {"x": (2, 3, 9), "w": (4, 3, 2)},
        -5.871428770658,
        {"x": (0.2049524478125, -0.9243312727024), "w": (3.705940669045, 6.475705156656)},
    ),
    "conv1d(x, w, stride=2, padding=1)": (
        {"x": (2, 3, 9), "w": (4, 3, 3)},
        2.763305852628,
        {"x": (0.2964378050422, 11.0942154685), "w": (1.976653615535, -5.892848512599)},
    ),
    "conv2d(x, w, 2)": (
        {"x": (1, 2, 5, 5), "w": (1, 2, 3, 3)},
        0.02483872575986,
        {"x": (-0.258256996103, 0.01854632808006), "w": (1.429133456129, 0.03247293424037)},
    ),
    "conv2d(x, w, stride=2, padding=1)": (
        {"x": (2, 3, 7, 6), "w": (4, 3, 3, 2)},
        -0.07544002554111,
        {"x": (99.65259179971, -0.1694291974228), "w": (2.3057717509, -0.1972764008388)},
    ),
    "max_pool1d(x, 2)": (
        {"x": (2, 3, 9)},
        7.146742705902,
        {"x": (18.53301150818, 3.549022611546)},
    ),
    "max_pool2d(x, kernel_size=3, stride=2)": (
        {"x": (2, 9, 8)},
        19.77951285632,
        {"x": (13.57253277715, 11.00800178812)},
    ),
    "avg_pool1d(x, 3, stride=2)": (
        {"x": (2, 9)},
        -0.004995718081364,
        {"x": (6.840695442687, -0.01745344065797)},
    ),
    "avg_pool2d(x, 2)": (
        {"x": (2, 3, 5, 4)},
        0.2616645240933,
        {"x": (23.20274183819, 0.15996236738)},
    ),
    "windows(x, 3, stride=2, axis=1)": (
        {"x": (2, 9, 3)},
        5.781162247776,
        {"x": (55.0798217979, 0.8046599835513)},
    ),
}


def drawn(*shape):
    """Return numbers that are easy to make anywhere: sines of whole numbers."""
    return np.sin(np.arange(1.0, 1.0 + np.prod(shape))).reshape(shape)


@pytest.mark.slow
@for_each("text", KEPT)
def test_values_and_gradients_are_those_of_torch(text):
    shapes, value, sums = KEPT[text]
    point = {name: drawn(*shape) for name, shape in shapes.items()}
    found = bp.gradient(f"sum(sin({text}))", point)
    assert found.value == pytest.approx(value, rel=1e-12)
    for name, (plain, weighted) in sums.items():
        slope = found.gradient[name]
        assert slope.sum() == pytest.approx(plain, rel=1e-11)
        weights = np.cos(np.arange(slope.size)).reshape(slope.shape)
        assert (slope * weights).sum() == pytest.approx(weighted, rel=1e-11)


def test_windows_added_up_are_the_adjoint_of_windows():
    x, g = drawn(9), drawn(3, 4)
    point = {"x": x, "g": g}
    there = bp.value("sum(windows(x, 4, stride=2)*g)", point)
    assert bp.value("sum(unwindows(g, x, stride=2)*x)", point) == pytest.approx(there, rel=1e-14)


def test_a_convolution_is_the_sum_of_products_by_hand():
    # w slides: 1*1 + 2*2, 2*1 + 3*2, 3*1 + 4*2
    found = bp.gradient("conv1d(x, w)[0, 0, 2]", x=[[[1, 2, 3, 4]]], w=[[[1, 2]]])
    assert found.value == 11
    assert found.gradient["x"].tolist() == [[[0, 0, 1, 2]]]
    assert found.gradient["w"].tolist() == [[[3, 4]]]


@pytest.mark.slow
def test_the_verdict_is_reached_on_convolutions():
    found = bp.check("sum(tanh(conv1d(x, w)))", x=[[[1, 2, 0.5]]], w=[[[0.5, -1]]])
    assert found.verdict == "agrees"


def test_pooling_of_equal_elements_is_no_peer_s():
    """PyTorch 2.13's max_pool1d and JAX's reduce_window give the first of equal elements all."""
    [kink, *_] = bp.gradient("sum(max_pool1d(x, 2))", x=[1, 1]).kinks
    assert (kink.chosen, kink.peers) == (0.5, "")
    [kink, *_] = bp.gradient("max(x)", x=[1, 1]).kinks
    assert kink.peers == "PyTorch and JAX"
