"""What the library's functions are given: a program, values of its variables, and names."""

from __future__ import annotations

from backpropcli.calculus import bindings
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, Protocol, SupportsFloat, TypeVar

    from backpropcli.language.program import Program
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report
    from backpropcli.report.result import Result

    class Array(Protocol):
        """What NumPy can look at."""

        def __array__(self) -> Any: ...  # noqa: ANN401 (NumPy's name)

    Value = SupportsFloat | str | Sequence[Any] | Array
    Point = Mapping[str, Value] | None
    Names = str | Iterable[str]
    R = TypeVar("R", bound=Result)

LABEL = 40
"""Characters of an operation in an error."""


def parse(text: str, variables: Iterable[str] = ()) -> Program:
    """Return a program, which is quicker to use at many points than its text.

    ``variables`` are names that are variables even where there is a constant of that name; whole
    numbers that they have stand for sizes of arrays, too. Raises SourceError.

    >>> import backpropcli as bp
    >>> program = bp.parse("w*x + b")
    >>> [bp.value(program, w=2, x=x, b=1) for x in (0, 1, 2)]
    [1.0, 3.0, 5.0]
    """
    from backpropcli.language.parse import parse as parsed

    return parsed(text, variables if isinstance(variables, dict) else [*variables])


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
        given = bindings.numbers(merged(at, values))
        source = text if isinstance(text, str) else getattr(text, "source", None)
        if source is None:
            raise BackpropError(f"{text!r} is no program", 'write a text, as in "w*x + b"')
        self.bindings = given.over(bindings.comment_bindings(source))
        known = bindings.with_letters(self.bindings, letters)
        self.program = parse(text, known) if isinstance(text, str) else text
        self.warnings = [*self.bindings.notes, *bindings.warnings(self.program, given)]
        self.at_kinks = at_kinks
        if at_kinks:
            from backpropcli.calculus.convention import convention

            self.program = convention(self.program, at_kinks)

    def allowed(self, report: Report, further: Sequence[KinkMet] = ()) -> Report:
        """Return a report; raise KinkError where a kink or a pole is met and none may be."""
        if self.at_kinks != "error":
            return report
        from backpropcli.calculus.convention import kink_error
        from backpropcli.report.elements import element

        for cause in [one for one in report.causes if one.pole][:1]:
            label = element(report.text(cause.node, LABEL), cause.index or ())
            raise kink_error(report.lowered, cause.node, label, pole=True)
        if report.kinks or further:
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


def merged(at: Point, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the values of variables. Raises BackpropError for one that is given twice."""
    both = [name for name in at or () if name in values]
    if both:
        raise BackpropError(f"{both[0]} is given twice", "keep one of the two")
    return {**at, **values} if at and values else at or values


def names_of(wrt: Names) -> list[str]:
    """Return names: "w,b" are two, as on the command line."""
    if isinstance(wrt, str):
        return [name.strip() for name in wrt.split(",")]
    if not hasattr(wrt, "__iter__"):
        raise BackpropError(f"{wrt!r} is no name of a variable", 'write a text, as in "x"')
    return list(wrt)


def components(given: Mapping[str, Value]) -> dict[str, Any]:
    """Return the components of a direction, or the outputs' weights, which are finite."""
    found = bindings.numbers(given)
    for name, part in found.items():
        if not bindings.is_finite(part):
            what = repr(part) if isinstance(part, float) else "not finite"
            raise BackpropError(f"the component of {name} is {what}", "it must be a finite number")
    return found
