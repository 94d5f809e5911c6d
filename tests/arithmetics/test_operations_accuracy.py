"""Every operation, value and partials, against 60-digit truth over the whole range of a double.

Errors are in units in the last place (ulp) of the true value; among the subnormals that is
5e-324, and what is beyond the largest double is inf.

Run with ``-s`` to see the worst error of each operation.
"""

# ruff: noqa: ARG005, C901, T201

from __future__ import annotations

import importlib
import itertools
import math
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from mpmath import mp, mpf

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input, parsed, weights, word
from backpropcli.graph.graph import LEAVES
from backpropcli.graph.operations import ROWS, TABLE
from tests.arithmetics.samples import CANCELLING, INF, NAN, SINGULAR, TINY, met, outside, samples
from tests.arithmetics.truth import truth_of_partial, truth_of_value
from tests.each import for_each

if TYPE_CHECKING:
    from collections.abc import Callable

    from backpropcli.graph.row import Row

BOUND = 4.0
DRAWN = 12
"""Random inputs for each input that a row has, beside the edges."""
TRIED = 35
"""How many of all these are tried; --times draws and tries more."""


def ulps(found: float, truth: Any) -> float:
    """Return the error in units in the last place of the truth."""
    if mp.isnan(truth) or math.isnan(found):
        return 0.0 if mp.isnan(truth) and math.isnan(found) else INF
    limit = mp.ldexp(1, 1024)
    target = max(min(truth, limit), -limit)
    value = limit * int(math.copysign(1, found)) if math.isinf(found) else mpf(found)
    unit = mp.ldexp(1, max(mp.mag(target) - 1, -1022) - 52) if target else mpf(TINY)
    if abs(target) == limit:
        unit /= 2
    return float(abs(value - target) / unit)


def partials(row: Row, inputs: tuple[float, ...], out: float) -> list[float]:
    """Return the local partials in floats, 0 where an edge is not taken."""
    found = weights(row, range(len(inputs)), floats)(out, *inputs)
    return [0.0 if partial is None else float(partial) for partial in found]


# Second derivatives of atan2 and of the activations, where the table's own text cancels: the
# place, the unit of the error (1 ulp of the truth, or 2^-53 absolutely), the bound, and why.
EXCEPTIONS: dict[str, list[tuple[Callable[[float], bool], str, float, str]]] = {
    "inversion": [(lambda x: True, "ulp", 6.0, "the roundings of its many factors add up")],
    "gelu_slope": [
        (lambda x: abs(abs(x) - math.sqrt(2)) < 0.3, "absolute", 4.0, "zero at sqrt(2)"),
    ],
    "erfcx_derivative": [(lambda n: n > 2, "ulp", 8.0, "a rounding for each of its factors")],
    "silu_slope": [
        (lambda x: 1.6 < abs(x) < 4, "absolute", 4.0, "zeros at 2.3994 and -2.3994"),
    ],
    "gelu_tanh_slope": [
        (lambda x: abs(x) < 2, "absolute", 16.0, "zeros at 1.42 and -1.42"),
        (lambda x: abs(x) >= 2, "ulp", 4000.0, "exp amplifies the rounding of its argument"),
    ],
    "mish_slope": [
        (lambda x: -3.5 < x < 3.0, "absolute", 16.0, "zeros at 1.49 and -2.26"),
        (lambda x: not -3.5 < x < 3.0, "ulp", 8.0, "the roundings of its many factors add up"),
    ],
}


def errors(row: Row, times: int) -> dict[str, tuple[float, tuple[float, ...], float]]:
    """Return the worst error of the value and of each partial, and where it is met."""
    worst: dict[str, tuple[float, tuple[float, ...], float]] = {}

    def note(label: str, error: float, inputs: tuple[float, ...], bound: float = BOUND) -> None:
        if label not in worst or error > worst[label][0]:
            worst[label] = (error, inputs, bound)

    value_of = word(row, floats)
    points = samples(row, DRAWN * times)
    random.Random(row.name).shuffle(points)  # noqa: S311 (a fixed seed, no secret)
    for inputs in points[: TRIED * times]:
        out = value_of(*inputs)
        if outside(row, inputs):
            note("value", 0.0 if math.isnan(out) else INF, inputs)
            for index, slope in enumerate(partials(row, inputs, out)):
                if row.live(index):
                    note(f"d/{index}", 0.0 if math.isnan(slope) else INF, inputs)
            continue
        singular = row.name in SINGULAR and SINGULAR[row.name](*inputs)
        if not singular:
            note("value", ulps(out, truth_of_value(row, inputs)), inputs)
        if singular or met(row, inputs, out):
            continue
        for index, slope in enumerate(partials(row, inputs, out)):
            if not row.live(index) or (row.name, index) in CANCELLING:
                continue
            if row.name in {"pow", "pow_log"} and index and inputs[0] < 0:
                continue
            truth = truth_of_partial(row, index, inputs)
            for place, unit, bound, why in EXCEPTIONS.get(row.name, ()):
                if place(inputs[0]):
                    error = (
                        ulps(slope, truth)
                        if unit == "ulp"
                        else float(abs(mpf(slope) - truth) * 2**53)
                    )
                    note(f"d/{index} {unit}, {why}", error, inputs, bound)
                    break
            else:
                note(f"d/{index}", ulps(slope, truth), inputs)
    return worst


@pytest.mark.slow
@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_accuracy(name: str, times: int) -> None:
    """The value and each partial are within the bound."""
    worst = errors(TABLE[name], times)
    print(name, *(f"{label} {error:.2f} at {x};" for label, (error, x, _) in worst.items()))
    for label, (error, point, bound) in worst.items():
        assert error <= bound, (label, error, point)


@pytest.mark.parametrize("name", ["ndtr", "gelu", "gelu_slope"])
def test_the_tail_of_the_normal_distribution(name):
    """Against mpmath at points where what is squared takes all digits that there are."""
    value_of = word(TABLE[name], floats)
    for x in (-7.224634291600253, -22.430694869170747, -34.80626028765021, -37.15714499879182):
        assert ulps(value_of(x), truth_of_value(TABLE[name], (x,))) <= BOUND, x


CONVENTIONS = [
    # operation, inputs, value, partials
    ("relu", (0.0,), 0.0, (0.0,)),
    ("leaky_relu", (0.0, 0.25), 0.0, (0.25, 0.0)),
    ("relu6", (0.0,), 0.0, (0.0,)),
    ("relu6", (6.0,), 6.0, (0.0,)),
    ("hardtanh", (1.0,), 1.0, (0.0,)),
    ("hardtanh", (-1.0,), -1.0, (0.0,)),
    ("elu", (0.0, 2.0), 0.0, (2.0, 0.0)),
    ("clip", (1.0, 1.0, 2.0), 1.0, (0.0, 1.0, 0.0)),
    ("clip", (2.0, 1.0, 2.0), 2.0, (0.0, 0.0, 1.0)),
    ("clip", (0.0, 1.0, 2.0), 1.0, (0.0, 1.0, 0.0)),
    ("clip", (1.5, 2.0, 1.0), 1.0, (0.0, 0.0, 1.0)),
    ("clip", (1.5, NAN, 2.0), NAN, (0.0, 0.0, 0.0)),  # nan in NumPy, PyTorch and JAX
    ("clip", (1.5, 1.0, NAN), NAN, (0.0, 0.0, 0.0)),
    ("abs", (0.0,), 0.0, (0.0,)),
    ("sign", (0.0,), 0.0, (0.0,)),
    ("max", (1.0, 1.0, 0.0), 1.0, (0.5, 0.5, 0.0)),
    ("min", (1.0, 0.0, 0.0), 0.0, (0.0, 0.5, 0.5)),
    ("sqrt", (0.0,), 0.0, (INF,)),
    ("sqrt", (-0.0,), 0.0, (INF,)),
    ("sqrt", (-1.0,), NAN, (NAN,)),
    ("cbrt", (0.0,), 0.0, (INF,)),
    ("hypot", (0.0, 0.0), 0.0, (0.0, 0.0)),
    ("pow", (0.0, 0.0), 1.0, (0.0, -INF)),
    ("pow", (0.0, 1.0), 0.0, (1.0, 0.0)),
    ("pow", (0.0, 2.0), 0.0, (0.0, 0.0)),
    ("pow", (0.0, 0.5), 0.0, (INF, 0.0)),
    ("pow", (0.0, -1.0), INF, (-INF, -INF)),
    ("pow", (-2.0, 3.0), -8.0, (12.0, NAN)),
    ("pow", (-2.0, 0.5), NAN, (NAN, NAN)),
    ("log", (0.0,), -INF, (INF,)),
    ("log", (-0.0,), -INF, (INF,)),
    ("log", (-1.0,), NAN, (NAN,)),
    ("log2", (0.0,), -INF, (INF,)),
    ("log10", (0.0,), -INF, (INF,)),
    ("log1p", (-1.0,), -INF, (INF,)),
    ("atanh", (1.0,), INF, (INF,)),
    ("logit", (0.0,), -INF, (INF,)),
    ("logit", (1.0,), INF, (INF,)),
    ("div", (1.0, 0.0), INF, (INF, -INF)),
    ("div", (1.0, -0.0), -INF, (-INF, -INF)),
    ("atan2", (0.0, 0.0), 0.0, (NAN, NAN)),
    ("mod", (-1.0, 0.0), NAN, (NAN, NAN)),
    ("mod", (-1.0, 3.0), 2.0, (1.0, 1.0)),
    ("gamma", (0.0,), INF, (-INF,)),
    ("gamma", (-1.0,), NAN, (NAN,)),
    ("lgamma", (-1.0,), INF, (NAN,)),
    ("digamma", (0.0,), -INF, (INF,)),
    ("digamma", (-1.0,), NAN, (NAN,)),
    ("round", (2.5,), 2.0, (0.0,)),
    ("trunc", (-1.5,), -1.0, (0.0,)),
    ("hardswish", (-3.0,), 0.0, (0.0,)),
    ("hardswish", (3.0,), 3.0, (1.0,)),
    ("hardsigmoid", (-3.0,), 0.0, (0.0,)),
    ("hardsigmoid", (3.0,), 1.0, (0.0,)),
    ("softshrink", (0.5,), 0.0, (0.0,)),
    ("softshrink", (-0.5,), 0.0, (0.0,)),
    ("hardshrink", (0.5,), 0.0, (0.0,)),
    ("hardshrink", (-0.5,), 0.0, (0.0,)),
    ("copysign", (0.0, -2.0), 0.0, (0.0, 0.0)),
    ("copysign", (3.0, -0.0), -3.0, (-1.0, 0.0)),
    ("fmod", (-5.0, 3.0), -2.0, (1.0, 1.0)),
    ("fmod", (1.0, 0.0), NAN, (NAN, NAN)),
    ("sinc", (0.0,), 1.0, (0.0,)),
    ("csc", (0.0,), INF, (-INF,)),
    ("cot", (-0.0,), -INF, (-INF,)),
    ("csch", (-0.0,), -INF, (-INF,)),
    ("coth", (0.0,), INF, (-INF,)),
    ("asec", (1.0,), 0.0, (INF,)),
    ("asec", (0.5,), NAN, (NAN,)),
    ("acsc", (-1.0,), -math.pi / 2, (-INF,)),
    ("acot", (0.0,), math.pi / 2, (-1.0,)),
    ("acot", (-0.0,), -math.pi / 2, (-1.0,)),
    ("asech", (0.0,), INF, (-INF,)),
    ("asech", (1.0,), 0.0, (-INF,)),
    ("acsch", (-0.0,), -INF, (-INF,)),
    ("acoth", (1.0,), INF, (-INF,)),
    ("log1mexp", (0.0,), -INF, (-INF,)),
    ("log1mexp", (1.0,), NAN, (NAN,)),
    ("xlogy", (0.0, 0.0), 0.0, (-INF, 0.0)),
    ("xlogy", (0.0, 2.0), 0.0, (math.log(2), 0.0)),
    ("xlogy", (0.0, -1.0), 0.0, (NAN, 0.0)),
    ("xlogy", (0.0, NAN), NAN, (NAN, 0.0)),
    ("xlog1py", (0.0, -1.0), 0.0, (-INF, 0.0)),
    ("logsumexp", (0.0, 0.0, 0.0, 0.0), math.log(4), (0.25, 0.25, 0.25, 0.25)),
    ("logsumexp", (INF, 0.0), INF, (1.0, 0.0)),
    ("logsumexp", (-INF, -INF), -INF, (0.5, 0.5)),
    ("erfinv", (1.0,), INF, (INF,)),
    ("erfinv", (1.5,), NAN, (NAN,)),
    ("beta", (0.0, 1.0), INF, (-INF, -1.6449340668482264)),
    ("beta", (-1.0, 2.0), NAN, (NAN, NAN)),
    ("lbeta", (1.0, 1.0), 0.0, (-1.0, -1.0)),
    ("and", (NAN, 1.0), 1.0, (0.0, 0.0)),
    ("not", (NAN,), 0.0, (0.0,)),
]


@for_each("name, inputs, value, slopes", CONVENTIONS)
def test_convention(
    name: str, inputs: tuple[float, ...], value: float, slopes: tuple[float, ...]
) -> None:
    """Where mathematics has no answer, the convention of the row's note holds."""
    row = TABLE[name]
    out = word(TABLE[name], floats)(*inputs)
    found = partials(row, inputs, out)
    assert [repr(x + 0.0) for x in (out, *found)] == [repr(x + 0.0) for x in (value, *slopes)]


@pytest.mark.slow
@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_total(name: str) -> None:
    """No word, rule, domain or kink raises, and all of them return floats."""
    row = TABLE[name]
    special = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 2.0, TINY, -TINY, 1e308, -1e308, INF, -INF, NAN,
               1e19, -1e19, -1000.5, 745.0, -745.0]  # fmt: skip
    count = 3 if row.variadic else len(row.parameters)
    for inputs in itertools.product(special, repeat=count):
        out = word(TABLE[name], floats)(*inputs)
        assert type(out) is float
        assert len(partials(row, inputs, out)) == count
        if row.domain is not None:
            by_input(row, [row.domain], floats)(out, *inputs)
        for kink in row.kinks:
            for rule in (kink.when, *(side for pair in kink.slopes.values() for side in pair)):
                by_input(row, [rule], floats)(out, *inputs)


class Counted(float):
    """A float that counts how often numbers are compared with it or taken from it."""

    steps = 0

    def __gt__(self, other: float) -> bool:
        Counted.steps += 1
        return float(self) > other

    def __lt__(self, other: float) -> bool:
        Counted.steps += 1
        return float(self) < other

    def __eq__(self, other: object) -> bool:
        Counted.steps += 1
        return float(self) == other

    __hash__ = float.__hash__

    def __sub__(self, other: float) -> float:
        Counted.steps += 1
        return float(self) - other


@pytest.mark.parametrize("name", [row.name for row in ROWS if row.variadic and not row.helper])
def test_linear(name: str) -> None:
    """The value and all partials of an operation on many inputs take a few steps an input."""
    row = TABLE[name]
    for count in (100, 1000):
        inputs = [Counted(math.sin(number)) for number in range(count)]
        Counted.steps = 0
        out = word(row, floats)(*inputs)
        weights(row, range(count), floats)(out, *inputs)
        assert count <= Counted.steps <= 20 * count


@for_each("name", [row.name for row in ROWS])
def test_closed(name: str) -> None:
    """All rules of a row are made of operations of the table."""
    row = TABLE[name]
    rules = [*row.rules, *row.in_floats, *row.taken, row.expand, row.domain]
    rules += [kink.when for kink in row.kinks]
    for rule in rules:
        if rule is not None:
            graph, _ = parsed(row, rule)
            assert {*graph.operations} <= {*TABLE, *LEAVES}


@pytest.mark.parametrize(("n", "x"), [(100, 2.0), (170, 2.0), (171, 3.5), (150, -0.75)])
def test_high_orders_of_polygamma(n: int, x: float) -> None:
    """The derivatives of digamma are mpmath's, as far as doubles reach; beyond they overflow."""
    row = TABLE["polygamma"]
    out = word(row, floats)(float(n), x)
    [slope] = weights(row, (1,), floats)(out, float(n), x)
    with mp.workdps(40):
        for found, order in ((out, n), (slope, n + 1)):
            assert ulps(found, mp.polygamma(order, mpf(x))) <= BOUND


def test_words_load_late() -> None:
    """Each module of words holds those that it is said to, and loads when one is asked for."""
    package = floats.__name__
    code = (
        "import sys; from backpropcli.arithmetics import floats; floats.WORDS.get('sin');"
        f"print(*sorted(name for name in sys.modules if name.startswith('{package}.')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert loaded.split() == [f"{package}.trigonometry"]
    for home, names in floats.HOMES.items():
        held = vars(importlib.import_module(f"{package}.{home}"))
        for name in names.split():
            assert floats.WORDS[name] in {held.get(name), held.get(f"{name}_")}
