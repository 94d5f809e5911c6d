"""Windows, convolutions and pooling: the numbers are those of PyTorch 2.14.1 in double precision.

Each is the sum of the sines of what ``torch.nn.functional`` (or ``Tensor.unfold``) gives.
"""

import numpy as np
import pytest

import backpropcli as bp

KEPT = {
    "conv1d(x, w)": (
        {"x": (2, 3, 9), "w": (4, 3, 2)},
        -5.871428770658142,
        {
            "x": (0.20495244781253386, -0.9243312727024457),
            "w": (3.70594066904481, 6.475705156655819),
        },
    ),
    "conv1d(x, w, stride=2, padding=1)": (
        {"x": (2, 3, 9), "w": (4, 3, 3)},
        2.7633058526276546,
        {
            "x": (0.2964378050421801, 11.094215468503556),
            "w": (1.9766536155348664, -5.892848512599419),
        },
    ),
    "conv2d(x, w, 2)": (
        {"x": (1, 2, 5, 5), "w": (1, 2, 3, 3)},
        0.024838725759862266,
        {
            "x": (-0.25825699610298636, 0.018546328080064817),
            "w": (1.4291334561294793, 0.03247293424037238),
        },
    ),
    "conv2d(x, w, stride=2, padding=1)": (
        {"x": (2, 3, 7, 6), "w": (4, 3, 3, 2)},
        -0.07544002554111473,
        {
            "x": (99.65259179970735, -0.16942919742276485),
            "w": (2.305771750900286, -0.19727640083881404),
        },
    ),
    "max_pool1d(x, 2)": (
        {"x": (2, 3, 9)},
        7.146742705902401,
        {"x": (18.533011508183964, 3.549022611545644)},
    ),
    "max_pool2d(x, kernel_size=3, stride=2)": (
        {"x": (2, 9, 8)},
        19.779512856324722,
        {"x": (13.572532777145716, 11.008001788124258)},
    ),
    "avg_pool1d(x, 3, stride=2)": (
        {"x": (2, 9)},
        -0.004995718081364092,
        {"x": (6.840695442687343, -0.017453440657970096)},
    ),
    "avg_pool2d(x, 2)": (
        {"x": (2, 3, 5, 4)},
        0.2616645240933274,
        {"x": (23.202741838188494, 0.1599623673799594)},
    ),
    "windows(x, 3, stride=2, axis=1)": (
        {"x": (2, 9, 3)},
        5.781162247776065,
        {"x": (55.079821797903044, 0.8046599835512996)},
    ),
}


def drawn(*shape):
    """Return numbers that are easy to make anywhere: sines of whole numbers."""
    return np.sin(np.arange(1.0, 1.0 + np.prod(shape))).reshape(shape)


@pytest.mark.parametrize("text", KEPT)
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


def test_the_verdict_is_reached_on_convolutions():
    found = bp.check("sum(tanh(conv1d(x, w)))", x=[[[1, 2, 0.5]]], w=[[[0.5, -1]]])
    assert found.verdict == "agrees"
