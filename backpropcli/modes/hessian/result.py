"""What a Hessian's command returns: a matrix for each output, and what there is to prove."""

from __future__ import annotations

from copy import copy

from backpropcli.report.claim import Claim
from backpropcli.report.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from backpropcli.modes.hessian.curvature import Curvature
    from backpropcli.modes.hessian.matrix import Hessian
    from backpropcli.report.report import Report


class Hessians(Result):
    """The Hessian of ``each`` output.

    ``matrix``, ``gradient`` and ``curvature`` are those of the last output, which is the only one
    of most programs. It may come from sweeps over whole arrays, which know floats alone: ``swept``
    then gives the same by sweeps over the program in numbers.
    """

    command = "hessian"

    def __init__(self, point: Report, each: list[Hessian]) -> None:
        super().__init__(point, point.wrt, [report for one in each for report in one.reports])
        self.each = each
        self.swept: Callable[[], Hessians] | None = None
        self.matrix = each[-1].matrix
        self.gradient = each[-1].point.gradient

    def in_numbers(self) -> Hessians:
        return self if self.sweeping is None or self.swept is None else self.swept()

    @property
    def curvature(self) -> Curvature:
        """The eigenvalues, what they say in words, and what kind of point it is."""
        return self.each[-1].curvature

    def as_dict(self) -> dict[str, object]:
        own = [one.as_dict() for one in self.each]
        if len(own) == 1:
            return {**super().as_dict(), **own[0]}
        return {**super().as_dict(), **{key: [one[key] for one in own] for key in own[0]}}

    def rows(self) -> Iterator[tuple[list[str], float]]:
        several, names = len(self.each) > 1, self.variables
        for one in self.each:
            for name, row in zip(names, one.matrix, strict=True):
                for other, value in zip(names, row, strict=True):
                    yield [one.title, name, other] if several else [name, other], value

    def settle(self, given: Mapping[str, float]) -> None:
        self.each = [copy(one) for one in self.each]
        for one in self.each:
            one.point = one.point.at_typed(given)
            one.reports = [report.at_typed(given) for report in one.reports]
            one._whole = None  # noqa: SLF001 (a copy)
        super().settle(given)
        self.derived = [report for one in self.each for report in one.reports]

    def take(self, values: list[float], parts: Sequence[list[float]]) -> None:
        self.values, left = values, iter(parts)
        self.each = [copy(one) for one in self.each]
        for one, value in zip(self.each, values, strict=True):
            one.zero = self.zero
            one.matrix = one.assembled([next(left) for _ in one.reports])
            one.point = copy(one.point)
            one.point.value = value
            one.point.gradient = dict(zip(one.names, next(left), strict=True))
        self.matrix, self.gradient = self.each[-1].matrix, self.each[-1].point.gradient

    def pieces(self) -> Iterator[Claim]:
        for one in self.each:
            yield from self._claims(one)
            yield Claim(one.point, [f"d/d{name}" for name in self.variables])

    def claims(self) -> Iterator[Claim]:
        for one in self.each:
            yield from self._claims(one)

    def beside(self) -> Iterator[Claim]:
        for one, title in zip(self.each, self.value_titles(), strict=True):
            head = "" if len(self.each) == 1 else title if title.isidentifier() else f"({title})"
            labels = [f"d{head}/d{name}" for name in self.variables]
            yield Claim(copy(one.point), labels, one.gradient, title=title)

    def unshown(self) -> list[str]:
        found = []
        for one in self.each:
            open_ones, names = one.unshown(), one.names
            for along, labels in zip(one.along, _labels(one), strict=True):
                columns = [names.index(name) for name in along]
                for row, label in enumerate(labels):
                    if any((row, column) in open_ones for column in columns):
                        found.append(label)
        return found

    def _claims(self, one: Hessian) -> Iterator[Claim]:
        for labels, report in zip(_labels(one), one.reports, strict=True):
            yield Claim(report, labels)


def _labels(one: Hessian) -> Iterator[list[str]]:
    """Yield what the entries of each product are called: the sum of those that can differ from 0.

    Where none can, it is the sum of all.
    """
    summed = {name: at for at, along in enumerate(one.along) if along[1:] for name in along}
    felt: dict[tuple[int, int], list[str]] = {}
    for row, columns in enumerate(one.pattern):
        for name in map(one.names.__getitem__, columns):
            if name in summed:
                felt.setdefault((summed[name], row), []).append(name)
    for at, along in enumerate(one.along):
        yield [_label(name, felt.get((at, row), along)) for row, name in enumerate(one.names)]


def _label(name: str, along: list[str]) -> str:
    """Return "d2/dy2", "d2/dxdy", or "d/dy of d/dx + d/dz": a Hessian-vector product's entry."""
    if along == [name]:
        return f"d2/d{name}2"
    if len(along) == 1:
        return f"d2/d{name}d{along[0]}"
    shown = [f"d/d{one}" for one in along[:3]]
    return f"d/d{name} of " + " + ".join([*shown, "..."] if len(along) > len(shown) else shown)
