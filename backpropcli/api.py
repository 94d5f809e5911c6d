"""The library: each function takes a program and values, and returns what a command prints.

A program is a text of the language, or what ``parse`` returned. A value is a number (an int, a
float, a Fraction, ...), an array (nested lists, or what NumPy can look at: a tensor of PyTorch or
JAX too, and arrays are not copied), or a text with a constant expression, such as "2*pi/3". What is
computed with arrays is in double precision; in single, where all arrays of floats are. Values are
keyword arguments;
those whose names a function has for itself (``wrt``, ...) can stand in a mapping, the
second argument. Bad input raises BackpropError, with ``message``, ``hint`` and ``render()``.

Each mode is imported only when it is asked for; verdicts are in ``trust``.
"""

from __future__ import annotations

from backpropcli.calculus import bindings
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, Protocol, SupportsFloat, TypeVar

    from backpropcli.language.program import Program
    from backpropcli.modes.formula import Formulas
    from backpropcli.modes.hessian.result import Hessians
    from backpropcli.modes.hvp import Hvp
    from backpropcli.modes.jacobian import Jacobian
    from backpropcli.modes.jvp import Jvp
    from backpropcli.modes.shapes import Shapes
    from backpropcli.modes.taylor import Taylor
    from backpropcli.modes.vjp import Vjp
    from backpropcli.report.kinks import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.result import Result

    class Array(Protocol):
        """What NumPy can look at."""

        def __array__(self) -> Any: ...  # noqa: ANN401 (NumPy's name)

    Value = SupportsFloat | str | Sequence[Any] | Array
    Point = Mapping[str, Value] | None
    Names = str | Iterable[str]
    R = TypeVar("R", bound=Result)


def parse(text: str, variables: Iterable[str] = ()) -> Program:
    """Return a program, which is quicker to use at many points than its text.

    ``variables`` are names that are variables even where there is a constant of that name; whole
    numbers that they have stand for sizes of arrays, too. Raises SourceError.

    >>> import backpropcli as bp
    >>> program = bp.parse("w*x + b")
    >>> [bp.value(program, w=2, x=x, b=1) for x in (0, 1, 2)]
    [1.0, 3.0, 5.0]
    """
    from backpropcli.language.parse import parse as parsed  # noqa: PLC0415 (its tables are large)

    return parsed(text, variables if isinstance(variables, dict) else [*variables])


def value(text: str | Program, at: Point = None, /, **values: Value) -> Any:  # noqa: ANN401
    """Return the value of a program of one output: a float, or an array of NumPy's.

    >>> import backpropcli as bp
    >>> bp.value("sin(x)^2", x="pi/4")
    0.4999999999999999
    """
    from backpropcli.calculus.choice import numbers_of  # noqa: PLC0415 (generated at its import)
    from backpropcli.calculus.forward import forward  # noqa: PLC0415
    from backpropcli.modes.gradient import ready  # noqa: PLC0415

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
    from backpropcli.modes.gradient import gradient as mode  # noqa: PLC0415 (on request)

    start = Start(text, at, values, at_kinks)
    if dtype:
        _known_dtype(dtype)
        start.bindings.dtype = "" if dtype == "float64" else dtype
    return start.allowed(mode(start.program, start.bindings, names_of(wrt), start.warnings))


def _known_dtype(dtype: str) -> None:
    from backpropcli.arithmetics.rounded import FORMATS  # noqa: PLC0415 (on request)

    if dtype not in {"float64", *FORMATS}:
        raise BackpropError(f"there is no dtype '{dtype}'", f"it may be {', '.join(FORMATS)}")


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
    from backpropcli.modes.jacobian import jacobian as run  # noqa: PLC0415 (on request)

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
    from backpropcli.modes.jvp import jvp as mode  # noqa: PLC0415 (on request)

    start = Start(text, at, values, at_kinks)
    return start.told(mode(start.program, start.bindings, _components(along)))


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
    from backpropcli.modes.vjp import vjp as mode  # noqa: PLC0415 (on request)

    start = Start(text, at, values, at_kinks)
    given = _components(weights)
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
    from backpropcli.modes.hvp import hvp as mode  # noqa: PLC0415 (on request)

    start = Start(text, at, values, at_kinks)
    return start.told(mode(start.program, start.bindings, _components(along), names_of(wrt)))


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
    from backpropcli.modes.hessian import hessian as mode  # noqa: PLC0415 (on request)

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
    from backpropcli.modes.taylor import taylor as mode  # noqa: PLC0415 (on request)

    start = Start(text, at, values, at_kinks)
    return start.told(mode(start.program, start.bindings, by, order))


def shapes(
    text: str | Program,
    at: Point = None,
    /,
    *,
    shapes: str | Mapping[str, Sequence[int | str]] | None = None,
    **values: Value,
) -> Shapes:
    """Return the shapes of all that a program computes; values are not needed.

    ``shapes`` are those of variables, as for ``formula``; what has neither a shape nor a value is a
    number. Where something does not fit, ``error`` tells it.

    >>> import backpropcli as bp
    >>> bp.shapes("X@w + b", shapes="X=n,d; w=d").nodes[-1].shape
    (n,)
    """
    from backpropcli.modes.shapes import shapes as mode  # noqa: PLC0415 (on request)

    start = Start(text, at, values, letters=_listed(shapes))
    known, origins = _shapes(start, shapes)
    return mode(start.program, known or {}, origins)


def formula(  # noqa: PLR0913 (most are options)
    text: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    shapes: str | Mapping[str, Sequence[int | str]] | None = None,
    simplify: bool = False,
    timeout: float = 10.0,
    **values: Value,
) -> Formulas:
    """Return the derivatives as expressions of the language: ``gradient``, by name.

    ``shapes`` are those of variables that are arrays, as "X=n,d; w=d" or by name: letters stand for
    sizes. Values have shapes, and are good for nothing else here.

    With ``simplify`` each is the shortest form that SymPy finds, which is proved equal; one for
    which there is none in ``timeout`` seconds for all together stays as it is, and ``warnings``
    tells.

    >>> import backpropcli as bp
    >>> bp.formula("sin(w*x)").gradient
    {'w': 'x*cos(w*x)', 'x': 'w*cos(w*x)'}
    >>> bp.formula("x*exp(-x) + exp(-x)", simplify=True).gradient
    {'x': '-x*exp(-x)'}
    >>> bp.formula("mean((X@w - y)^2)", wrt="w", shapes="X=n,d; w=d; y=n").gradient
    {'w': '2/n*X.T@(X@w - y)'}
    """
    from backpropcli.modes.formula import formulas  # noqa: PLC0415 (on request)

    start = Start(text, at, values, letters=_listed(shapes))
    known, origins = _shapes(start, shapes)
    found = formulas(start.program, names_of(wrt), known, origins)
    if simplify and known is not None:
        raise BackpropError(
            "SymPy simplifies formulas of numbers, and this one has arrays", "leave simplify out"
        )
    if simplify and found.wrt:
        _simplify(found, timeout)
    return found


class Start:
    """A program, the values of its variables, and warnings about both."""

    def __init__(
        self,
        text: str | Program,
        at: Point,
        values: Mapping[str, Value],
        at_kinks: str = "",
        letters: Sequence[str] = (),
    ) -> None:
        both = [name for name in at or () if name in values]
        if both:
            raise BackpropError(f"{both[0]} is given twice", "keep one of the two")
        given = bindings.numbers({**at, **values} if at and values else at or values)
        source = text if isinstance(text, str) else text.source
        self.bindings = given.over(bindings.comment_bindings(source))
        self.program = parse(text, self._known(letters)) if isinstance(text, str) else text
        self.warnings = [*self.bindings.notes, *bindings.warnings(self.program, given)]
        self.at_kinks = at_kinks
        if at_kinks:
            from backpropcli.calculus.convention import convention  # noqa: PLC0415 (on request)

            self.program = convention(self.program, at_kinks)

    def _known(self, shapes: Sequence[str]) -> Mapping[str, Any]:
        """Return the values, and the letters of shapes."""
        if not shapes:
            return self.bindings
        from backpropcli.calculus.sizing import with_letters  # noqa: PLC0415 (with arrays)

        return with_letters(self.bindings, shapes)

    def allowed(self, report: Report, further: Sequence[KinkMet] = ()) -> Report:
        """Return a report; raise KinkError where a kink is met and none may be."""
        if self.at_kinks == "error" and (report.kinks or further):
            from backpropcli.calculus.convention import kink_error  # noqa: PLC0415 (on request)

            kink = [*report.kinks, *further][0]
            known = kink in report.kinks
            raise kink_error(
                report.lowered,
                kink.node if known else report.top,
                kink.label,
                pole=kink.pole is not None,
            )
        return report

    def told(self, found: R) -> R:
        """Return what was found, with the warnings."""
        found.point.warnings[:0] = self.warnings
        self.allowed(found.point, found.kinks)
        return found


def _shapes(
    start: Start, shapes: str | Mapping[str, Sequence[int | str]] | None
) -> tuple[Mapping[str, Any] | None, Mapping[str, str]]:
    """Return the shapes of a program's variables, None for numbers, and where they are from."""
    from backpropcli.calculus.choice import shapes_of  # noqa: PLC0415 (on request)

    program, point = start.program, start.bindings
    known = shapes_of(program.graph, point)
    if shapes is None:
        return known, getattr(point, "origins", {})
    from backpropcli.calculus.sizing import OPTION, fitted, typed  # noqa: PLC0415 (with arrays)

    given = typed(_listed(shapes))
    origins = dict.fromkeys(given, OPTION) | {**getattr(point, "origins", {})}
    return fitted(program.variables, given, known or {}), origins


def _listed(shapes: str | Mapping[str, Sequence[int | str]] | None) -> list[str]:
    """Return shapes as they are typed."""
    if shapes is None or isinstance(shapes, str):
        return [shapes] if shapes else []
    return [f"{name}=({','.join(map(str, sizes))})" for name, sizes in shapes.items()]


def names_of(wrt: Names) -> list[str]:
    """Return names: "w,b" are two, as on the command line."""
    return [name.strip() for name in wrt.split(",")] if isinstance(wrt, str) else list(wrt)


def _components(given: Mapping[str, Value]) -> dict[str, Any]:
    """Return the components of a direction, or the outputs' weights, which are finite."""
    found = bindings.numbers(given)
    for name, part in found.items():
        if not bindings.is_finite(part):
            what = repr(part) if isinstance(part, float) else "not finite"
            raise BackpropError(f"the component of {name} is {what}", "it must be a finite number")
    return found


def _simplify(found: Formulas, timeout: float) -> None:
    """Replace each derivative by the shortest form that SymPy finds, which is proved equal.

    Warns of those that stay as they are, as after ``timeout`` seconds for all together, and of
    those that lose digits in floats.
    """
    from backpropcli.proof.simplify import each_simplified, rounding  # noqa: PLC0415 (on request)

    titles = found.program.titles()
    whats = [f"d/d{name} of {title}" for title in titles for name in found.wrt]
    nodes = [node for row in found.slopes for node in row]
    forms = each_simplified(found.graph, nodes, timeout)
    for what, node, form in zip(whats, nodes, forms, strict=True):
        if isinstance(form, BackpropError):
            told = "; ".join(filter(None, (form.message, form.hint)))
            found.warnings.append(f"{what} is shown as it is: {told}")
        elif loss := rounding(found.graph, node, form):
            found.warnings.append(f"{what}, simplified: {loss}")
    found.replace([None if isinstance(form, BackpropError) else form for form in forms])
