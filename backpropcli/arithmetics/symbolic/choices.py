"""What SymPy is given where the point settles a choice, or one form keeps more digits."""

from __future__ import annotations

import sympy
from mpmath import isfinite, mag, mp, workprec

from backpropcli.arithmetics.symbolic.definitions import slope_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


SMALL, LARGE, DIGITS = 0.01, 1e4, 100


def _extreme(sign: int) -> Callable[[list[Any], list[Any]], Any]:
    def choose(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
        best = max(range(len(values)), key=lambda index: sign * values[index])
        return inputs[best]

    return choose


def _clip(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
    (x, low, high), (at, least, most) = inputs, values
    return high if at >= most or least > most else low if at <= least else x


def _within(low: int, high: int) -> Callable[[list[Any], list[Any]], Any]:
    return lambda inputs, values: (
        inputs[0] if low < values[0] < high else sympy.Integer(low if values[0] <= low else high)
    )


def _elu(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
    x, alpha = inputs
    return x if values[0] > 0 else alpha * (sympy.exp(x) - 1)


def _selu(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
    # Klambauer et al., "Self-normalizing neural networks" (2017), as frameworks round them.
    scale, scaled = sympy.Rational("1.0507009873554805"), sympy.Rational("1.7580993408473768")
    x = inputs[0]
    return scale * x if values[0] > 0 else scaled * (sympy.exp(x) - 1)


def _huber(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
    (x, delta), (at, width) = inputs, values
    if width < 0:
        return sympy.nan
    if abs(at) <= width:
        return x**2 / 2
    return delta * ((x if at > 0 else -x) - delta / 2)


def _mod(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
    x, y = values
    if not isfinite(x) or not y or y != y:  # noqa: PLR0124 (nan)
        return sympy.nan
    if not isfinite(y):
        return inputs[0] if x == 0 or (x > 0) == (y > 0) else inputs[1]
    whole = mag(x) - mag(y) if x else 0
    with workprec(max(0, whole) + 64 + mp.prec):  # the last whole digit is exact
        quotient = sympy.Integer(_floor(x / y))
    return inputs[0] - quotient * inputs[1]


def _fmod(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
    sign = -1 if values[0] < 0 else 1
    x, y = sign * inputs[0], inputs[1] if values[1] > 0 else -inputs[1]
    return sign * _mod([x, y], [abs(value) for value in values])


def _xlog(shift: int) -> Callable[[list[Any], list[Any]], Any]:
    def xlog(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
        if values[0] == 0 and values[1] + shift <= 0:
            return sympy.Integer(0)
        return inputs[0] * sympy.log(inputs[1] + shift)

    return xlog


def _sinc_about(at: Any, order: int) -> Callable[[Any], Any]:  # noqa: ANN401
    """Return sinc around ``at``; near 0 a series, as good in a derivative of that order."""
    if abs(at) > SMALL:
        return lambda x: sympy.sin(x) / x
    count = order // 2 + 2 + (int(DIGITS / -mp.log10(at * at)) if at else 0)
    return lambda x: sum(
        (-1) ** k * x ** (2 * k) / sympy.factorial(2 * k + 1) for k in range(count + 1)
    )


def _normal(x: Any, at: Any) -> Any:  # noqa: ANN401
    if at >= 0:
        return 1 - sympy.erfc(x / sympy.sqrt(2)) / 2
    # SymPy makes 2 - erfc(x) of erfc(-x), which is 0 but for what 1000 digits hold.
    return sympy.erfc(sympy.Abs(x) / sympy.sqrt(2)) / 2


def _erfcx_about(at: Any, order: int = 0) -> Callable[[Any], Any]:  # noqa: ANN401
    """Return erfcx around ``at``: far out the start of its asymptotic series (DLMF 7.12.1)."""
    if at < LARGE:
        return lambda x: sympy.exp(x**2) * sympy.erfc(x)
    count = order + 3 + int(DIGITS / mp.log10(at * at))
    return lambda x: (
        sum(
            (-1) ** k * sympy.factorial2(2 * k - 1) / (2**k * x ** (2 * k + 1))
            for k in range(count)
        )
        / sympy.sqrt(sympy.pi)
    )


def _log_normal(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
    x, at = inputs[0], values[0]
    if at > -2 * LARGE:
        return sympy.log(_normal(x, at))
    root = sympy.sqrt(2)
    return sympy.log(_erfcx_about(-at / 2)(-x / root) / 2) - x**2 / 2


def _logsumexp(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
    # log(e^x + e^y) is x + log(1 + e^(y - x)): with the largest before it no power overflows.
    largest = _extreme(1)(inputs, values)
    return largest + sympy.log(sympy.Add(*(sympy.exp(one - largest) for one in inputs)))


def _floor(x: Any) -> int:  # noqa: ANN401
    whole = int(x)
    return whole - 1 if whole > x else whole


def _log_gamma(inputs: list[Any], values: list[Any]) -> Any:  # noqa: ANN401
    x, at = inputs[0], values[0]
    if not at < 0:
        return sympy.loggamma(x)
    # The reflection formula, DLMF 5.5.3, for the logarithm of the absolute value.
    sine = sympy.sin(sympy.pi * x) * (-1 if _floor(at) % 2 else 1)
    return sympy.log(sympy.pi / sine) - sympy.loggamma(1 - x)


def _beta(inputs: list[Any], _values: list[Any]) -> Any:  # noqa: ANN401
    # DLMF 5.12.1, in logarithms: gamma(x) itself overflows whatever there is.
    x, y = inputs
    return sympy.exp(sympy.loggamma(x) + sympy.loggamma(y) - sympy.loggamma(x + y))


CHOICES: dict[str, Callable[[list[Any], list[Any]], Any]] = {
    "where": lambda inputs, values: inputs[1] if values[0] else inputs[2],
    "max": _extreme(1),
    "min": _extreme(-1),
    "abs": lambda inputs, values: inputs[0] if values[0] > 0 else -inputs[0],
    "cbrt": lambda inputs, values: (
        inputs[0] ** sympy.Rational(1, 3)
        if values[0] > 0
        else -((-inputs[0]) ** sympy.Rational(1, 3))
    ),
    "clip": _clip,
    "relu": lambda inputs, values: inputs[0] if values[0] > 0 else sympy.Integer(0),
    "relu6": _within(0, 6),
    "hardtanh": _within(-1, 1),
    "leaky_relu": lambda inputs, values: inputs[0] if values[0] > 0 else inputs[0] * inputs[1],
    "elu": _elu,
    "selu": _selu,
    "huber": _huber,
    "mod": _mod,
    "fmod": _fmod,
    "xlogy": _xlog(0),
    "xlog1py": _xlog(1),
    "sinc": lambda inputs, values: _sinc_about(values[0], 0)(inputs[0]),
    "sinc_slope": lambda inputs, values: slope_of(_sinc_about(values[0], 1))(inputs[0]),
    "sinc_derivative": lambda inputs, values: slope_of(
        _sinc_about(values[1], int(values[0])), int(values[0])
    )(inputs[1]),
    "softsign": lambda inputs, values: (
        inputs[0] / (1 + inputs[0]) if values[0] > 0 else inputs[0] / (1 - inputs[0])
    ),
    "lgamma": _log_gamma,
    "erfcx": lambda inputs, values: _erfcx_about(values[0])(inputs[0]),
    "erfcx_derivative": lambda inputs, values: slope_of(
        _erfcx_about(values[1], int(values[0])), int(values[0])
    )(inputs[1]),
    "ndtr": lambda inputs, values: _normal(inputs[0], values[0]),
    "log_ndtr": _log_normal,
    "beta": _beta,
    "logsumexp": _logsumexp,
    "logaddexp": _logsumexp,
    "gelu": lambda inputs, values: inputs[0] * _normal(inputs[0], values[0]),
    "gelu_slope": lambda inputs, values: slope_of(lambda x: x * _normal(x, values[0]))(inputs[0]),
    "polygamma": lambda inputs, values: sympy.polygamma(
        int(values[0]) if isfinite(values[0]) else 0, inputs[1]
    ),
}
