"""Identities by which germs compute operations, as text in the tool's own language."""

from __future__ import annotations

from backpropcli.graph.cells import Rule


def _rules(**texts: str) -> dict[str, Rule]:
    return {name: Rule(text) for name, text in texts.items()}


EVERYWHERE = _rules(
    hypot="where(y == 0, abs(x), where(x == 0, abs(y), sqrt(x^2 + y^2)))",
    cbrt="sign(x)*abs(x)^(1/3)",
    mod="x - y*floor(x/y)",
    ceil="-floor(-x)",
    exp2="2^x",
    log2="log(x)/log(2)",
    log10="log(x)/log(10)",
    atan2="where(x > 0, atan(y/x), where(y > 0, pi/2 - atan(x/y), "
    "where(y < 0, -pi/2 - atan(x/y), where(x < 0, pi, 0))))",
)
"""Operations as others, where their rows do not expand them."""
AT_EDGES = _rules(
    acos="where(x > 0, 2*asin(sqrt((1 - x)/2)), pi - 2*asin(sqrt((1 + x)/2)))",
    asin="sign(x)*(pi/2 - 2*asin(sqrt((1 - abs(x))/2)))",
    acosh="2*asinh(sqrt((x - 1)/2))",
    atanh="log((1 + x)/(1 - x))/2",
    log1p="log(1 + x)",
)
"""Identities where a function has no series: at a branch point or a pole."""
FAR = _rules(
    atan="sign(x)*pi/2 - atan(1/x)",
    asinh="sign(x)*log(abs(x) + sqrt(x^2 + 1))",
    acosh="log(x + sqrt(x^2 - 1))",
    log1p="log(1 + x)",
    tanh="sign(x)*(1 - exp(-2*abs(x)))/(1 + exp(-2*abs(x)))",
    sech="2*exp(-abs(x))/(1 + exp(-2*abs(x)))",
    expm1="exp(x) - 1",
    sigmoid="where(x > 0, 1/(1 + exp(-x)), exp(x)/(1 + exp(x)))",
    erf="sign(x) + exp(-x^2)",
    erfc="1 - sign(x) + exp(-x^2)",
)
"""Identities where the argument is infinite; exp(-x^2) stands for what vanishes as fast."""
