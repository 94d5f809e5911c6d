"""Determinants beyond doubles: about how large they are, by the logarithm that floats have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backpropcli.report.causes.spots import SHOWN
from backpropcli.report.decimals import brief
from backpropcli.report.elements import element

if TYPE_CHECKING:
    from backpropcli.report.elements import Place
    from backpropcli.report.run import Run

STEADY = 1e10
"""Condition numbers up to which floats tell two digits of a determinant."""


def overflow(run: Run, number: int, place: Place) -> str:
    """Say about how large a determinant beyond doubles is; "" where floats do not tell."""
    about, log = _size(run, number, place)
    if not about:
        return ""
    operations, inputs = run.graph.operations, run.graph.inputs
    logged = any(
        operation == "log" and number in given
        for operation, given in zip(operations, inputs, strict=True)
    )
    text = element(run.text(number, SHOWN), place)
    reason = f"overflow: {text} is about {about}, and doubles end at 1.7977e308"
    return reason + log * logged


def underflow(run: Run, number: int, place: Place) -> str:
    """Say about how large the determinant is whose logarithm a node is; "" where that is not it."""
    import numpy as np

    [child] = run.graph.inputs[number]
    if run.graph.operations[child] != "det" or np.asarray(run.values[child])[place] != 0:
        return ""
    about, log = _size(run, child, place)
    text = element(run.text(child, SHOWN), place)
    return f"underflow: {text} is about {about}, but 0 in floats{log}" if about and log else ""


def _size(run: Run, number: int, place: Place) -> tuple[str, str]:
    """Return a determinant with two digits, and that logdet is finite, if it is above 0; or ""."""
    import numpy as np
    from mpmath import mp

    [child] = run.graph.inputs[number]
    matrix: Any = np.asarray(run.values[child])[place]
    if not np.linalg.cond(matrix) <= STEADY:
        return "", ""
    sign, log = np.linalg.slogdet(matrix)
    about = brief(mp.mpf(float(sign)) * mp.exp(float(log)), 2)
    return about, f"; logdet({run.text(child, SHOWN)}) is finite" * bool(sign > 0)
