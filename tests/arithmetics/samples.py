"""The inputs on which operations are tested: over the whole range of a double, and the edges."""

# ruff: noqa: ARG005

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from backpropcli.arithmetics import floats
from backpropcli.arithmetics.rules import by_input

if TYPE_CHECKING:
    from backpropcli.graph.row import Row

TINY = 5e-324
SMALL = 2.2250738585072014e-308
HUGE = 1.7976931348623157e308
INF = math.inf
NAN = math.nan

EDGES = [
    0.0,
    -0.0,
    TINY,
    3 * TINY,
    SMALL,
    SMALL - TINY,
    5.6e-309,
    1e-300,
    1e-160,
    1e-20,
    2.0**-53,
    2.0**-27,
    0.1,
    0.25,
    0.5,
    1 - 2.0**-53,
    1.0,
    1 + 2.0**-52,
    1.5,
    2 - 2.0**-52,
    2.0,
    2 + 2.0**-51,
    3.0,
    6.0,
    10.0,
    20.0,
    26.5,
    37.0,
    38.0,
    38.4,
    40.0,
    170.5,
    171.5,
    700.5,
    709.5,
    710.3,
    720.25,
    740.0,
    744.9,
    745.3,
    2.0**53,
    1e100,
    1e155,
    1e160,
    1e200,
    1e300,
    HUGE,
]
COUNT = 60


def draw(kind: str, generator: random.Random) -> float:
    """Return a random input of one of the kinds that a row's samples name."""
    if kind == "whole":
        return float(generator.randint(-3, 3))
    if kind == "moderate":
        return generator.uniform(-30, 30)
    if ":" in kind:
        low, high = (float(part) for part in kind.split(":"))
        return float(generator.randint(int(low), int(high)))
    which = generator.random()
    if kind in {"unit", "open"}:
        x = generator.choice(
            (
                generator.random(),
                2.0 ** generator.uniform(-1074, 0),
                2.0 ** generator.uniform(-60, 0),
            )
        )
        x = generator.choice((x, 1 - x))
        return x if kind == "unit" else generator.choice((x, -x))
    if which < 0.4:
        x = 2.0 ** generator.uniform(-1074, 1023.99)
    elif which < 0.7:
        x = generator.uniform(0, 40)
    else:
        x = 10.0 ** generator.uniform(-4, 3.2)
    return x if kind == "positive" or generator.random() < 0.5 else -x


def near(x: str) -> list[float]:
    """Return doubles around a number: its neighbours, and some further off."""
    center = float(x)
    points = [center]
    for direction in (-INF, INF):
        step = center
        for _ in range(2):
            step = math.nextafter(step, direction)
            points.append(step)
    return points + [center * (1 + d) for d in (1e-12, -1e-9, 1e-6, -1e-4, 1e-3, -1e-2, 0.05)]


ZEROS = {
    "sinc": ["3.141592653589793", "1e22"],
    "sinc_slope": ["4.493409457909064", "-7.725251836937707", "10.904121659428899", "1e22"],
    "asec": ["1", "-1"],
    "acsc": ["1", "-1"],
    "acoth": ["1", "-1"],
    "logcosh": ["2"],
    "log1mexp": ["-0.5", "-0.6931471805599453"],
    "erfcx": ["-26.628735713751487"],
    "erfinv": ["0.5", "1"],
    "log_ndtr": ["-5"],
    "silu": ["-1.2784645427610738"],
    "silu_slope": ["-1.2784645427610738", "2.3993572805154", "-2.3993572805154"],
    "gelu": ["-0.7517915246935645"],
    "gelu_slope": ["-0.7517915246935645", "1.4142135623730951", "-1.4142135623730951"],
    "gelu_tanh": ["-0.7524614220710162"],
    "gelu_tanh_slope": ["-0.7524614220710162"],
    "mish": ["-1.1924491024617735"],
    "mish_slope": ["-1.1924491024617735"],
    "digamma": [
        "1.4616321449683623",
        "-0.504083008264455",
        "-1.573498473162390",
        "-10.6872886, "[:-2],
        "-1000.3",
    ],
    "gamma": ["1.4616321449683623", "-0.504083008264455"],
    "lgamma": [
        "1",
        "2",
        "1.4616321449683623",
        "-2.4570247382208006",
        "-2.7476826467274127",
        "-3.1435808883499798",
        "-3.955294284858597947",
        "-5.9999",
        "-8.0000001",
    ],
    "trigamma": [],
    "log": ["1"],
    "log2": ["1"],
    "log10": ["1"],
    "logit": ["0.5"],
    "expm1": ["1e-17"],
    "log1p": ["1e-17"],
    "sin": ["3.141592653589793", "1e22"],
    "cos": ["1.5707963267948966"],
    "tan": ["1.5707963267948966"],
    "acosh": ["1"],
}


def special(row: Row, generator: random.Random, drawn: int) -> list[tuple[float, ...]]:
    """Return inputs where an operation of several inputs is delicate."""
    count = len(row.parameters)
    points: list[tuple[float, ...]] = []
    if row.name in {"pow", "pow_slope", "pow_log"}:
        for _ in range(3 * drawn):
            x = draw("positive", generator)
            if x not in {0.0, 1.0}:
                points.append((x, generator.uniform(-760, 760) / math.log(x)))
            x = 1 + generator.choice((1, -1)) * 2.0 ** generator.uniform(-52, -1)
            points.append((x, generator.uniform(-760, 760) / math.log(x)))
            points.append((-x, float(round(generator.uniform(-760, 760) / math.log(x)))))
            points.append((draw("real", generator), float(generator.randint(-9, 9))))
    if row.name in {"logaddexp", "softmax2"}:
        for _ in range(drawn):
            x = -(10.0 ** generator.uniform(-18, -0.2))
            y = math.log(-math.expm1(x))
            points += [(x, y), (y, x), (draw("moderate", generator), draw("moderate", generator))]
            points.append((generator.uniform(-750, 750), generator.uniform(-750, 750)))
    if row.name == "logsumexp":
        for _ in range(drawn):
            parts = [generator.random() ** generator.choice((1, 40)) for _ in range(3)]
            points.append(tuple(math.log(part / sum(parts)) for part in parts))
            share = generator.uniform(0.85, 1)  # of 1: the logarithm cancels in part
            points.append(tuple(math.log(part * share / sum(parts)) for part in parts))
            points.append(tuple(generator.uniform(-50, 50) for _ in parts))
            points.append(tuple(-700 + generator.uniform(-5, 5) for _ in parts))
    if row.name in {"beta", "lbeta", "beta_slope", "polygamma_difference"}:
        for x in (1e-9, 0.3, 0.9, 1.0, 1.7, 2.0, 30.5, 1e4, 1e22):
            near_one = [1 / x, 1.0, 1 + 2.0**-52, x * 1e-9, x * 1e-15, x * 1e9, x * 1.5]
            order = (1.0,) if count == 3 else ()
            points += [(*order, x, y) for y in near_one] + [(*order, y, x) for y in near_one]
    return points


def samples(row: Row, drawn: int = COUNT) -> list[tuple[float, ...]]:
    """Return the inputs on which a row is tested; the more are ``drawn``, the more."""
    generator = random.Random(row.name)  # noqa: S311 (a fixed seed, no secret)
    count = 3 if row.variadic else len(row.parameters)
    kinds = [row.samples[0]] * count if row.variadic else list(row.samples)
    points: list[tuple[float, ...]] = []
    if count == 1:
        points += [(x,) for x in EDGES] + [(-x,) for x in EDGES]
        points += [(float(n),) for n in (-1, -2, -3, 4, 5, 30)]
        for zero in ZEROS.get(row.name, []):
            points += [(x,) for x in near(zero)]
    else:
        for _ in range(drawn * 2):
            points.append(
                tuple(
                    generator.choice(EDGES) * (generator.choice((1, -1)) if kind == "real" else 1)
                    if kind in {"real", "positive"}
                    else draw(kind, generator)
                    for kind in kinds
                )
            )
    points += [tuple(draw(kind, generator) for kind in kinds) for _ in range(drawn * count)]
    if count == 2 and kinds == ["real", "real"]:
        for _ in range(drawn):
            x = draw("real", generator)
            points += [
                (x, x),
                (x, -x),
                (x, x * generator.uniform(0.4, 3)),
                (x * 10.0 ** generator.uniform(-20, 20), x),
            ]
    points += special(row, generator, drawn)
    return [point for point in points if all(map(math.isfinite, point))]


def met(row: Row, inputs: tuple[float, ...], out: float) -> bool:
    """Say whether a kink is met, where conventions rule and there is no truth."""
    if row.variadic and row.kinks:
        return len(set(inputs)) < len(inputs)
    return any(by_input(row, [kink.when], floats)(out, *inputs)[0] for kink in row.kinks)


def outside(row: Row, inputs: tuple[float, ...]) -> bool:
    """Say whether the inputs are outside of the row's domain."""
    if row.domain is None:
        return False
    return not by_input(row, [row.domain], floats)(NAN, *inputs)[0]


SINGULAR = {
    # name: where the value or the slope is infinite and the sign is a convention
    "div": lambda x, y: y == 0,
    **dict.fromkeys(("csc", "cot", "acot", "csch", "coth", "acsch"), lambda x: x == 0),
    "asech": lambda x: x in {0, 1},
    **dict.fromkeys(("asec", "acsc", "acoth", "erfinv"), lambda x: abs(x) == 1),
    **dict.fromkeys(("beta", "lbeta", "beta_slope"), lambda x, y: x == 0 or y == 0),
    "polygamma_difference": lambda n, x, y: x == 0,
    "copysign": lambda x, y: y == 0,
    "xlogy": lambda x, y: y == 0,
    "xlog1py": lambda x, y: y == -1,
    "log1mexp": lambda x: x == 0,
    "atan2": lambda y, x: y == 0 and x <= 0,
    **dict.fromkeys(("pow", "pow_slope", "pow_log"), lambda x, y: x == 0),
    "log": lambda x: x == 0,
    "log2": lambda x: x == 0,
    "log10": lambda x: x == 0,
    "log1p": lambda x: x == -1,
    "acosh": lambda x: x == 1,
    "sqrt": lambda x: x == 0,
    "asin": lambda x: abs(x) == 1,
    "acos": lambda x: abs(x) == 1,
    "atanh": lambda x: abs(x) == 1,
    "logit": lambda x: x in {0, 1},
    "gamma": lambda x: x <= 0 and x == math.floor(x),
    "lgamma": lambda x: x <= 0 and x == math.floor(x),
    "digamma": lambda x: x <= 0 and x == math.floor(x),
    "trigamma": lambda x: x <= 0 and x == math.floor(x),
    "polygamma": lambda n, x: x <= 0 and x == math.floor(x),
}


CANCELLING = {
    ("pow_slope", 0): "a second derivative; the power amplifies the rounding of y - 1",
    ("pow_log", 1): "a second derivative; where x^y*log(x) under- or overflows it has lost digits",
    ("pow_slope", 1): "a second derivative; it is as right as 1, where y*log(x) is near -1",
    ("pow_log", 0): "a second derivative; it is as right as 1, where y*log(x) is near -1",
    (
        "beta_slope",
        1,
    ): "a second derivative; it is as right as its largest term, where x or y is small",
}
"""Partials that may be wrong by more than the bound: they are not measured."""
