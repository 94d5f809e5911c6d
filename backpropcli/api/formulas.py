"""What needs no values: formulas of derivatives, and shapes."""

from __future__ import annotations

from backpropcli.api.start import Start, names_of
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.api.start import Names, Point, Value
    from backpropcli.language.program import Program
    from backpropcli.modes.formula.formulas import Formulas
    from backpropcli.modes.shapes import Shapes


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
    from backpropcli.modes.shapes import shapes as mode

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
    tells. They also tell of a function whose own rules are not the derivatives of its body.

    >>> import backpropcli as bp
    >>> bp.formula("sin(w*x)").gradient
    {'w': 'x*cos(w*x)', 'x': 'w*cos(w*x)'}
    >>> bp.formula("x*exp(-x) + exp(-x)", simplify=True).gradient
    {'x': '-x*exp(-x)'}
    >>> bp.formula("mean((X@w - y)^2)", wrt="w", shapes="X=n,d; w=d; y=n").gradient
    {'w': '2/n*X.T@(X@w - y)'}
    """
    start = Start(text, at, values, letters=_listed(shapes))
    found = written(start, wrt, shapes)
    if found.ruled:
        from backpropcli.proof.ruled import at_sizes

        listed = "; ".join(_listed(shapes)) or None
        found.warnings += at_sizes(start.program, start.bindings, listed)
    if simplify and found.shapes is not None:
        raise BackpropError(
            "SymPy simplifies formulas of numbers, and this one has arrays", "leave simplify out"
        )
    if simplify and found.wrt:
        _simplify(found, timeout)
    return found


def written(
    start: Start, wrt: Names, shapes: str | Mapping[str, Sequence[int | str]] | None
) -> Formulas:
    """Return the derivatives as expressions; nothing is held against anything."""
    from backpropcli.modes.formula import formulas

    known, origins = _shapes(start, shapes)
    return formulas(start.program, names_of(wrt), known, origins)


def _shapes(
    start: Start, shapes: str | Mapping[str, Sequence[int | str]] | None
) -> tuple[Mapping[str, Any] | None, Mapping[str, str]]:
    """Return the shapes of a program's variables, None for numbers, and where they are from."""
    point, texts = start.bindings, _listed(shapes)
    if not texts:
        from backpropcli.calculus.choice import shapes_of

        return shapes_of(start.program.graph, point), point.origins
    from backpropcli.calculus.sizing import OPTION, typed
    from backpropcli.calculus.unified import shapes_at

    origins = {**dict.fromkeys(typed(texts), OPTION), **point.origins}
    return shapes_at(start.program, point, texts), origins


def _listed(shapes: str | Mapping[str, Sequence[int | str]] | None) -> list[str]:
    """Return shapes as they are typed."""
    if shapes is None or isinstance(shapes, str):
        return [shapes] if shapes else []
    return [f"{name}=({','.join(map(str, sizes))})" for name, sizes in shapes.items()]


def _simplify(found: Formulas, timeout: float) -> None:
    """Replace each derivative by the shortest form that SymPy finds, which is proved equal.

    Warns of those that stay as they are, as after ``timeout`` seconds for all together, and of
    those that lose digits in floats.
    """
    from backpropcli.proof.simplify import each_simplified, rounding

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
