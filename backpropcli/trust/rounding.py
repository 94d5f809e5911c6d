"""What rounding costs: how many digits are right, more of them, and what mends a program."""

from __future__ import annotations

from backpropcli.api import gradient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from backpropcli.api.start import Names, Point, Value
    from backpropcli.language.program import Program
    from backpropcli.proof.mends.mended import Mended
    from backpropcli.report.report import Report
    from backpropcli.report.result import Result
    from backpropcli.report.truth.bits import Bits

    Found = TypeVar("Found", bound="Report | Result")


def twin(found: Report) -> Report:
    """Return the same gradient in doubles, of one that is rounded to a shorter format.

    >>> import backpropcli as bp
    >>> found = bp.gradient("x/3", x=1, dtype="float16")
    >>> found.value, bp.twin(found).value
    (0.333251953125, 0.3333333333333333)
    """
    from backpropcli.modes.gradient import twin as mode

    return mode(found)


def accuracy(found: Report) -> Bits:
    """Return how many bits are right of each node's value and adjoint; the report keeps them.

    The truth is that of many digits at the doubles; for arrays in a short format it is what
    doubles say. Of large arrays of doubles nothing is ``known``.

    >>> import backpropcli as bp
    >>> bp.accuracy(bp.gradient("x + 100", x=0.0001, dtype="float16")).of
    11
    """
    from backpropcli.report.truth.bits import Bits

    in_doubles = twin(found).flow if found.format and found.arrays else None
    found.bits = Bits(found.view, in_doubles)
    return found.bits


def scaled(found: Report, scale: float = 0.0) -> Report:
    """Return a gradient in a short format whose reverse pass is scaled; 0 takes the best factor.

    >>> import backpropcli as bp
    >>> found = bp.gradient("1e-5*(x*0.001)", x=1, dtype="float16")
    >>> found.gradient["x"], bp.scaled(found, 1024).gradient["x"] > 0
    (0.0, True)
    """
    from backpropcli.modes.scaling import scaled as mode

    return mode(found, scale)


def digits(found: Found, count: int = 50, timeout: float = 10.0) -> Found:
    """Return what another function returned in ``count`` digits, each of them proved.

    Its numbers have a ``text``; of one that is not proved in ``timeout`` seconds that is shorter,
    or "?", and ``digits.notes`` tell. The numbers are those at the values as they were typed: 0.1
    is a tenth. A ``count`` of 0 gives the nearest doubles.

    >>> import backpropcli as bp
    >>> bp.digits(bp.gradient("sqrt(x)", x=2), 30).value.text
    '1.41421356237309504880168872421'
    """
    from copy import copy

    from backpropcli.proof.digits import of_report, of_result
    from backpropcli.report.report import Report

    if isinstance(found, Report):
        return of_report(found, count, timeout)  # type: ignore[return-value]
    shown = copy(found.in_numbers())
    shown.point.digits = of_result(shown, count, timeout)
    return shown


def rewrite(
    text: str | Program,
    at: Point = None,
    /,
    *,
    wrt: Names = (),
    timeout: float = 4.0,
    **values: Value,
) -> Mended:
    """Return the ``program`` with all mends that help at the point, after some ``timeout`` seconds.

    Each of its ``steps`` is equal in exact arithmetic, and floats have more digits right with it:
    ``before`` and ``after`` have the digits of the value, called "", and of each derivative.

    >>> import backpropcli as bp
    >>> bp.rewrite("log(1 + exp(x))", x=1000).program
    'softplus(x)'
    """
    return mended(gradient(text, at, wrt=wrt, **values), timeout)  # type: ignore[arg-type]


def mended(found: Report, timeout: float = 4.0) -> Mended:
    """Return what mends the program of a gradient that is there, after some ``timeout`` seconds.

    >>> import backpropcli as bp
    >>> bp.mended(bp.gradient("log(1 + exp(x))", x=1000)).program
    'softplus(x)'
    """
    from backpropcli.proof.mends.search import mended as search

    return search(found, timeout)
