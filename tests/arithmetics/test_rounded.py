"""Short formats: the numbers are those of ml_dtypes and NumPy, and the passes those of PyTorch.

PyTorch 2.14 on a CPU gave the constants, by the programs beside them; ml_dtypes is asked here.
"""

import random

import numpy as np
import pytest

import backpropcli as bp
from backpropcli.arithmetics.arrays.rounded import short
from backpropcli.arithmetics.rounded import FORMATS
from tests.each import for_each

HALF = {"float32": np.float32, "float16": np.float16}


def peer(name):
    return HALF.get(name) or getattr(pytest.importorskip("ml_dtypes"), name)


def samples(kind):
    draw = random.Random(1)  # noqa: S311
    top = np.log2(kind.largest) + 1
    found = [2 ** draw.uniform(kind.exponent - 3, min(top, 127.9)) for _ in range(2000)]
    found += [kind.largest * (1 + step * 2.0**-12) for step in range(-600, 600)]
    found += [kind.least * step / 8 for step in range(64)]
    with np.errstate(over="ignore"):  # a peer may round by way of single precision
        singles = np.array([*found, *[-one for one in found]]).astype(np.float32)
    return singles[np.isfinite(singles)].astype(float)


@pytest.mark.parametrize("name", FORMATS)
def test_rounding_is_that_of_ml_dtypes_and_numpy(name):
    kind = FORMATS[name]
    values = samples(kind)
    with np.errstate(all="ignore"):
        expected = values.astype(np.float32).astype(peer(name)).astype(float)
        assert np.array_equal(short(values, kind), expected, equal_nan=True)
    ours = [kind.rounded(one) for one in values.tolist()]
    assert np.array_equal(ours, expected, equal_nan=True)


@for_each("name", FORMATS)
def test_the_ends_are_those_of_ml_dtypes_and_numpy(name):
    kind = FORMATS[name]
    ends = np.finfo(peer(name)) if name in HALF else __import__("ml_dtypes").finfo(peer(name))
    assert kind.largest == float(ends.max)
    assert kind.least == float(ends.smallest_subnormal)
    assert kind.bits == ends.nmant + 1


# x = torch.tensor(0.1, dtype=...); w = torch.tensor(3., dtype=...); y = exp(w*x) + w; y.backward()
PASSES = {
    "float32": (1.3798588514328003, 4.6495771408081055, 0.14498589932918549),
    "float16": (1.3798828125, 4.6484375, 0.1448974609375),
    "bfloat16": (1.3828125, 4.6875, 0.1455078125),
}


@pytest.mark.parametrize("name", PASSES)
def test_the_passes_are_pytorchs(name):
    found = bp.gradient("exp(w*x) + w*x*x", x=0.1, w=3, dtype=name)
    assert (found.value, found.gradient["x"], found.gradient["w"]) == PASSES[name]


# X = torch.tensor([[1, 2], [3, 4], [5, 6]]); w = [0.1, 0.2]; y = [1, 2, 3]; sum((X@w - y)**2)
ARRAYS = {
    "float32": (2.749999761581421, [-19.399999618530273, -24.799999237060547]),
    "float16": (2.75390625, [-19.40625, -24.8125]),
    "bfloat16": (2.734375, [-19.375, -24.75]),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_the_passes_of_arrays_are_pytorchs(name):
    point = {"X": [[1, 2], [3, 4], [5, 6]], "w": [0.1, 0.2], "y": [1, 2, 3]}
    found = bp.gradient("sum((X@w - y)*(X@w - y))", point, wrt="w", dtype=name)
    assert (found.value, found.gradient["w"].tolist()) == ARRAYS[name]


@pytest.mark.parametrize("name", FORMATS)
def test_arrays_of_one_element_are_as_numbers(name):
    text = "tanh(w*x + b)*sigmoid(x) - log(b)"
    number = bp.gradient(text, x=0.3, w=1.7, b=0.6, dtype=name)
    array = bp.gradient(f"sum({text})", x=[0.3], w=[1.7], b=[0.6], dtype=name)
    assert array.value == number.value
    assert {key: one.tolist() for key, one in array.gradient.items()} == {
        key: [one] for key, one in number.gradient.items()
    }


@pytest.mark.parametrize(
    ("name", "end"),
    [("float16", "float16 ends at 65504"), ("float32", "float32 ends at 3.40282e38")],
)
def test_overflow_names_the_formats_end(name, end):
    [first, *_] = bp.gradient("exp(x)", x=100, dtype=name).causes
    assert first.reason.endswith(end)
    [first, *_] = bp.gradient("sum(exp(x))", x=[100, 1], dtype=name).causes
    assert first.reason.endswith(end)


def test_what_is_shown_is_what_is_used():
    """By NumPy: 1e-3 is 0.0010004 in float16; 0.25 is itself."""
    found = bp.gradient("0.1*x*y + 0.50", x=1e-3, y=0.25, dtype="float16")
    told = dict(zip([*map(found.view.text, range(len(found.view)))], found.view.typed, strict=True))
    assert (told["x"], told["0.1"], told["y"], told["0.50"]) == ("", "", "0.25", "0.50")
    assert found.values[found.lowered.graph.variables()["x"]] == float(np.float16(1e-3))


@pytest.mark.slow
def test_a_verdict_is_on_the_method_and_not_on_rounding():
    for name in FORMATS:
        for text in ("(x + 100) - 100", "relu(x - 0.1)*x", "exp(3*x)/x", "1e-3*sin(100*x)"):
            assert bp.verdict(bp.gradient(text, x=0.11, dtype=name)).verdict == "agrees"


def test_what_a_format_loses_is_told_the_worst_first():
    found = bp.gradient(
        "exp(9*y) + 1e-4*(1e-4*x) + ((x + 1000) - 1000)", x=0.1, y=2, dtype="float16"
    )
    bits = bp.accuracy(found)
    told = [(found.view.text(one.node), one.what, one.kind) for one in bits.losses]
    assert told[0] == ("exp(9*y)", "value", "overflows")
    assert ("1e-4*(1e-4*x)", "value", "underflows to 0") in told
    assert told.index(("(x + 1000) - 1000", "value", "is 0")) > 0  # float16 has 0.1
    assert [one.bits for one in bits.losses] == sorted(one.bits for one in bits.losses)


def test_what_underflows_is_no_overflow():
    """By hand at 1e-50, which float32 has as 0: 1/(2*sqrt(x)) is 5e24, and float32 ends at 3e38."""
    for text, kinds in (
        ("sqrt(x)", {("sqrt(x)", "value", "is 0"), ("x", "gradient", "is inf")}),
        ("log(x)", {("log(x)", "value", "is inf"), ("x", "gradient", "overflows")}),
        ("1/x", {("1/x", "value", "overflows"), ("x", "gradient", "overflows")}),
    ):
        found = bp.gradient(text, x=1e-50, dtype="float32")
        assert found.causes[0].reason == "underflow: x is 1e-50, but 0 in float32"
        told = {
            (found.view.text(one.node), one.what, one.kind) for one in bp.accuracy(found).losses
        }
        assert told == kinds | {("x", "value", "underflows to 0")}


def test_bits_of_doubles_are_those_of_mpmath():
    import mpmath

    found = bp.gradient("sqrt(x + 1) - sqrt(x)", x=1e12)
    bits = bp.accuracy(found)
    with mpmath.workdps(60):
        x = mpmath.mpf(10) ** 12
        truth = mpmath.sqrt(x + 1) - mpmath.sqrt(x)
        expected = -mpmath.log(abs(found.value - truth) / truth, 2)
    assert bits.values[found.view.root] == pytest.approx(float(expected), rel=1e-12)


class TestLossScale:
    TEXT = "1e-4*(1e-4*x)"

    def test_the_range_is_that_of_trying_all(self):
        """2^-8 of 1e-4*1e-4 is lost below 2^-25, and a seed is lost beyond 65504."""
        found = bp.scaled(bp.gradient(self.TEXT, x=1, dtype="float16"))
        works = []
        for power in range(-24, 16):
            tried = bp.scaled(bp.gradient(self.TEXT, x=1, dtype="float16"), 2.0**power)
            if tried.gradient["x"]:
                works.append(power)
        assert (found.scaling.low, found.scaling.high) == (works[0], works[-1])
        assert found.scaling.scale == 2.0**15
        assert (found.scaling.lost, found.scaling.plain) == (0, 1)

    def test_overflow_bounds_it_from_above(self):
        found = bp.scaled(bp.gradient("x*1000", x=0.5, dtype="float16"))
        assert found.scaling.high == 6  # 2^6*1000 = 64000

    def test_arrays(self):
        found = bp.scaled(bp.gradient("sum(1e-4*(1e-4*x))", x=[1, 2], dtype="float16"))
        assert (found.gradient["x"] > 0).all()
        assert found.scaling.plain == 2

    def test_doubles_need_none(self):
        with pytest.raises(bp.BackpropError, match="doubles"):
            bp.scaled(bp.gradient("x", x=1))
