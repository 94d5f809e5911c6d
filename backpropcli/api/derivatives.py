"""Values and derivatives at a point: a function for each mode, which is imported on request."""

from __future__ import annotations

from backpropcli.api.start import Start, components, names_of
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from backpropcli.api.start import Names, Point, Value
    from backpropcli.language.program import Program
    from backpropcli.modes.hessian.result import Hessians
    from backpropcli.modes.hvp import Hvp
    from backpropcli.modes.jacobian import Jacobian
    from backpropcli.modes.jvp import Jvp
    from backpropcli.modes.taylor.series import Taylor
    from backpropcli.modes.vjp import Vjp
    from backpropcli.report.report import Report


def value(text: str | Program, at: Point = None, /, **values: Value) -> Any:  # noqa: ANN401
    """Return the value of a program of one output: a float, or an array of NumPy's.

    >>> import backpropcli as bp
    >>> bp.value("sin(x)^2", x="pi/4")
    0.4999999999999999
    """
    from backpropcli.calculus.choice import numbers_of
    from backpropcli.calculus.forward import forward
    from backpropcli.modes.gradient import ready

    start = Start(text, at, values)
    count = len(start.program.outputs)
    if count > 1:
        raise BackpropError(
            f"the program has {count} outputs, and a value is of one",
            "jacobian(...).values has the value of each",
        )
    lowered, _ = ready(start.program, start.bindings)
    numbers = numbers_of(lowered.graph, start.bindings)
    found = forward(lowered.graph, numbers, start.bindings)[lowered.outputs[0]]
    return float(found) if isinstance(found, float) else found


def gradient(
    text: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    at_kinks: str = "",
    dtype: str = "",
    **values: Value,
) -> Report:
    """Return the gradient of a program of one output, by the names ``wrt``: all variables if none.

    ``at_kinks`` chooses the slopes at kinks: "left", "right", "zero", "even", "torch", "jax" or
    "nan"; with "error" a kink that is met raises KinkError.
    With a ``dtype``, "float32", "float16", "bfloat16", "float8_e4m3fn" or "float8_e5m2", both
    passes are rounded to that after every operation.

    The report has the ``value``, the ``gradient`` by name, ``kinks``, ``causes`` of what is not
    finite, ``warnings``, and in ``view`` every node with its adjoint.

    >>> import backpropcli as bp
    >>> found = bp.gradient("(w*x + b - y)^2", w=2, x=3, b=1, y=5)
    >>> found.value
    4.0
    >>> found.gradient
    {'w': 12.0, 'x': 8.0, 'b': 4.0, 'y': -4.0}
    """
    from backpropcli.modes.gradient import gradient as mode

    start = Start(text, at, values, at_kinks)
    if dtype:
        _known_dtype(dtype)
        start.bindings.dtype = "" if dtype == "float64" else dtype
    return start.allowed(mode(start.program, start.bindings, names_of(wrt), start.warnings))


def jacobian(
    text: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    mode: str = "auto",
    at_kinks: str = "",
    **values: Value,
) -> Jacobian:
    """Return the Jacobian: in ``matrix`` a row for each of ``outputs``, a column a variable.

    ``mode`` is "forward", "reverse", or "auto": the one of fewer sweeps.

    >>> import backpropcli as bp
    >>> found = bp.jacobian("(x*y, x + y)", x=2, y=3)
    >>> found.outputs, found.variables, found.matrix
    (['x*y', 'x + y'], ['x', 'y'], [[3.0, 2.0], [1.0, 1.0]])
    """
    from backpropcli.modes.jacobian import jacobian as run

    start = Start(text, at, values, at_kinks)
    return start.told(run(start.program, start.bindings, names_of(wrt), mode))


def jvp(
    text: str | Program,
    at: Point = None,
    /,
    *,
    along: Mapping[str, Value],
    at_kinks: str = "",
    **values: Value,
) -> Jvp:
    """Return the outputs' derivatives along a direction: ``products``, by one forward sweep.

    >>> import backpropcli as bp
    >>> bp.jvp("(x*y, x + y)", x=2, y=3, along={"x": 1, "y": -1}).products
    [1.0, 0.0]
    """
    from backpropcli.modes.jvp import jvp as mode

    start = Start(text, at, values, at_kinks)
    return start.told(mode(start.program, start.bindings, components(along)))


def vjp(
    text: str | Program,
    at: Point = None,
    /,
    *,
    weights: Mapping[str, Value],
    wrt: Names = (),
    at_kinks: str = "",
    **values: Value,
) -> Vjp:
    """Return the gradient of the outputs' sum with ``weights``: ``products``, by one sweep.

    >>> import backpropcli as bp
    >>> bp.vjp("(x*y, x + y)", x=2, y=3, weights={"x*y": 1, "x + y": 10}).products
    [13.0, 12.0]
    """
    from backpropcli.modes.vjp import vjp as mode

    start = Start(text, at, values, at_kinks)
    given = components(weights)
    return start.told(mode(start.program, start.bindings, given, names_of(wrt)))


def hvp(
    text: str | Program,
    at: Point = None,
    /,
    *,
    along: Mapping[str, Value],
    wrt: Names = (),
    at_kinks: str = "",
    **values: Value,
) -> Hvp:
    """Return the Hessian times a direction: ``product``, by name, and no matrix is formed.

    >>> import backpropcli as bp
    >>> bp.hvp("x^2*y", x=3, y=2, along={"x": 1}).product
    {'x': 4.0, 'y': 6.0}
    """
    from backpropcli.modes.hvp import hvp as mode

    start = Start(text, at, values, at_kinks)
    return start.told(mode(start.program, start.bindings, components(along), names_of(wrt)))


def hessian(
    text: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    eigenvectors: bool = False,
    at_kinks: str = "",
    **values: Value,
) -> Hessians:
    """Return the Hessian: the ``matrix``, and what its ``curvature`` says of the point.

    The curvature has ``eigenvalues`` and ``eigenvectors``; plain data has the vectors if asked.

    >>> import backpropcli as bp
    >>> found = bp.hessian("x^2*y - y", x=1, y=0)
    >>> found.matrix
    [[0.0, 2.0], [2.0, 0.0]]
    >>> found.curvature.kind
    'a saddle point'
    """
    from backpropcli.modes.hessian import hessian as mode

    start = Start(text, at, values, at_kinks)
    wanted = names_of(wrt)
    return start.told(mode(start.program, start.bindings, wanted, eigenvectors=eigenvectors))


def taylor(
    text: str | Program,
    at: Point = None,
    /,
    *,
    by: str = "",
    order: int = 4,
    at_kinks: str = "",
    **values: Value,
) -> Taylor:
    """Return the series in the variable ``by``: ``coefficients`` of 1, h, h^2, ...

    It is around the variable's value; the only variable, if none is named.

    >>> import backpropcli as bp
    >>> bp.taylor("1/(1 - x)", x=0, order=3).coefficients
    [1.0, 1.0, 1.0, 1.0]
    """
    from backpropcli.modes.taylor import taylor as mode

    start = Start(text, at, values, at_kinks)
    return start.told(mode(start.program, start.bindings, by, order))


def _known_dtype(dtype: str) -> None:
    from backpropcli.arithmetics.rounded import FORMATS

    if dtype not in {"float64", *FORMATS}:
        raise BackpropError(f"there is no dtype '{dtype}'", f"it may be {', '.join(FORMATS)}")
