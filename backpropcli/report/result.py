"""What every mode gives back: numbers by names, plain data, and what there is to prove of them."""

from __future__ import annotations

from contextlib import suppress
from math import prod

from backpropcli.errors import NotByElementsError
from backpropcli.report.kinked import may_kink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, Protocol, Self

    from backpropcli.calculus.elements import Numbers
    from backpropcli.report.claim import Claim
    from backpropcli.report.kinks.kink import KinkMet
    from backpropcli.report.report import Report

    class Sweeping(Protocol):
        """What found a matrix by sweeps over whole arrays: see ``modes.matrices``."""

        def along(self) -> tuple[Any, Any, Any]:
            """Return what is found along a random direction, that, and the product with it."""

        def fits(self, matrix: list[list[float]], direction: Any, there: Any) -> bool:  # noqa: ANN401
            """Say whether a matrix times a direction is what is there, but for rounding."""


def nested(entries: list[float], shape: Sequence[int]) -> Any:  # noqa: ANN401 (lists of lists)
    """Return numbers in row-major order as lists of a shape; the one number of no axes alone."""
    found: list[Any] = entries
    for size in reversed(shape[1:]):
        found = [found[at : at + size] for at in range(0, len(found), size)]
    return found if shape else found[0]


def flat(values: Iterable[Any]) -> list[float]:
    """Return numbers and the elements of arrays, in row-major order, as one list."""
    found: list[float] = []
    for value in values:
        found += value.ravel().tolist() if hasattr(value, "ravel") else [value]
    return found


class Result:
    """What a mode found at a point.

    ``point`` is the report of the point itself, with its kinks, causes and warnings. ``outputs``
    are the names of the program's outputs (an output without one, as it is written), ``values`` a
    float for each, and ``variables`` the names that the derivatives are by. ``derived`` are reports
    of derivatives, which can have kinks of their own. Of a program of arrays these are elements,
    and ``shapes`` has the shapes of the "outputs" and "variables" that they belong to; ``ordered``
    says that something goes by their order at the point; ``numbers`` is the program written out.
    ``written_out`` gives the same of that, of what was found of whole arrays; ``as_gradient`` is
    the report whose gradient that is, if it is one.
    ``sweeping`` is what found a ``matrix`` by sweeps over whole arrays, and checks it.
    ``in_digits`` is what there is to prove of digits at the numbers as typed, where those are told.
    """

    zero = 0.0
    """What stands for 0 at every point."""
    name = ""
    order: int | None = None
    """The variable and the highest power of a series."""
    command = ""
    """The command that prints such results; the JSON document and its schema have its name."""

    def __init__(
        self, point: Report, variables: Iterable[str], derived: Sequence[Report] = ()
    ) -> None:
        self.point = point
        self.outputs = point.program.titles()
        self.values = [point.values[output] for output in point.lowered.outputs]
        self.variables = list(variables)
        self.derived = derived
        self.shapes: dict[str, dict[str, tuple[int, ...]]] = {}
        self.ordered = False
        self.numbers: Numbers | None = None
        self.written_out: Callable[[], Self] | None = None
        self._in_numbers: Self | None = None
        self.in_digits: list[Claim] = []
        self.as_gradient: Report | None = None
        self.sweeping: Sweeping | None = None
        self.matrix: list[list[float]] = []
        if point.arrays:
            from backpropcli.calculus.elements import titles

            names = [point.values[point.wrt[name]] for name in self.variables]
            self.outputs, own = titles(self.outputs, self.values)
            self.variables, others = titles(self.variables, names)
            self.shapes = {"outputs": own, "variables": others}
            self.values = flat(self.values)

    def __repr__(self) -> str:
        facts = ", ".join(f"{key}={fact!r}" for key, fact in self.as_dict().items())
        return f"{type(self).__name__}({facts})"

    def of_arrays(self, written_out: Callable[[], Self]) -> Self:
        """Return it with what writes it out in numbers, if it was found of whole arrays."""
        if self.point.arrays:
            self.written_out = written_out
            self.point.written_out = self._written_point
        return self

    def _written_point(self) -> Report | None:
        found = self.in_few_numbers()
        return None if found is None else found.point

    def in_numbers(self) -> Self:
        """Return the same of the program in numbers. Raises BackpropError where that is too large.

        It is this one where it is so already; its claims are about the floats that are here.
        """
        if self.written_out is None:
            return self
        if self._in_numbers is None:
            self._in_numbers = self.written_out()
            self._in_numbers.take(self.values, self.parts())
        return self._in_numbers

    def in_few_numbers(self) -> Self | None:
        """Return the same in numbers; None where that is too large, or a rule maps an adjoint."""
        from backpropcli.report.written import too_large

        with suppress(NotByElementsError):
            return None if too_large(self.point) else self.in_numbers()
        return None

    def pieces(self) -> Iterator[Claim]:
        """Yield what there is to know of more digits: what there is to prove, or more."""
        yield from self.claims()

    def beside(self) -> Iterator[Claim]:
        """Yield what is shown beside what there is to prove: its accuracy alone is told.

        The value of each is called by its title.
        """
        yield from ()

    def value_titles(self) -> list[str]:
        """Return what the outputs' values are called in a sentence."""
        return ["the value"] if len(self.outputs) == 1 else self.outputs

    def settle(self, given: Mapping[str, float]) -> None:
        """Tell kinks and causes at the numbers as typed: ``given`` are those of elements."""
        self.point = self.point.at_typed(given)
        self.derived = [report.at_typed(given) for report in self.derived]

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        """Take in the outputs' values, and the numbers of each piece, with other digits."""
        raise NotImplementedError

    def parts(self) -> Sequence[list[float]]:
        """Return the numbers of each piece."""
        raise NotImplementedError

    @property
    def warnings(self) -> list[str]:
        """What the program, its values and its derivatives give to think about."""
        return self.point.warnings

    @property
    def kinked(self) -> bool:
        """Whether there are operations with kinks or steps, so that derivatives may not exist."""
        point = self.point
        known = [None] * len(point.graph) if point.arrays else point.values
        return may_kink(point.graph, point.active, known)

    @property
    def kinks(self) -> list[KinkMet]:
        """The kinks of derivatives where the point itself has none."""
        known = {kink.what for kink in self.point.kinks}
        found: dict[object, KinkMet] = {}
        for kink in [kink for report in self.derived for kink in report.kinks]:
            if kink.what not in known:
                found.setdefault(kink.what, kink)
        return list(found.values())

    @property
    def broken(self) -> Report | None:
        """The first derivative that is not finite, where the point itself is."""
        if self.point.causes:
            return None
        return next((report for report in self.derived if report.causes), None)

    def as_dict(self) -> dict[str, object]:
        """Return plain data: lists, dicts, floats and texts, as the command's JSON has them."""
        found: dict[str, object] = {
            "outputs": self.outputs,
            "values": self.values,
            "variables": self.variables,
        }
        if self.point.format:
            found["dtype"] = self.point.format.name
        if not self.shapes:
            return found
        shapes = {
            kind: {name: list(shape) for name, shape in own.items()}
            for kind, own in self.shapes.items()
        }
        return {**found, "shapes": shapes}

    def blocks(
        self, matrix: Sequence[Sequence[float]], heads: str = "outputs"
    ) -> dict[str, dict[str, Any]]:
        """Return a matrix by what its rows and columns belong to, as nested lists.

        The axes of the row's array come first, then the column's: a vector by a matrix is
        M x (M x N). ``heads`` says what the rows belong to.
        """
        found: dict[str, dict[str, Any]] = {}
        top = 0
        for head, tall in self.shapes[heads].items():
            left, below = 0, top + prod(tall)
            for name, wide in self.shapes["variables"].items():
                right = left + prod(wide)
                entries = [entry for row in matrix[top:below] for entry in row[left:right]]
                found.setdefault(head, {})[name] = nested(entries, (*tall, *wide))
                left = right
            top = below
        return found

    def unshown(self) -> list[str]:
        """Return the labels of second derivatives at a kink that the whole is not shown to have."""
        return []

    def rows(self) -> Iterator[tuple[list[str], float]]:
        """Yield the numbers, each with the names that it belongs to."""
        raise NotImplementedError

    def claims(self) -> Iterator[Claim]:
        """Yield what there is to prove; each may be worked out first."""
        raise NotImplementedError
