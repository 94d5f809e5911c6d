"""What is compared: two programs, at a point and in general, by which names, and where."""

from __future__ import annotations

from fractions import Fraction

from backpropcli.arithmetics.shapes.sizes import Letters
from backpropcli.calculus.bindings import Point
from backpropcli.calculus.chosen import LARGE, as_chosen, given_as_sizes, sampled, sizes_held
from backpropcli.calculus.sizing import OPTION
from backpropcli.errors import BackpropError, SourceError
from backpropcli.proof.compared.answer import Compared
from backpropcli.proof.compared.asked import assumptions, wanted

LARGEST = 6_000
"""Operations on numbers in programs that are written out and compared as functions."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backpropcli.arithmetics.shapes.sizes import Shape
    from backpropcli.calculus.lowered import Lowered
    from backpropcli.language.program import Program


def with_sizes(
    programs: Sequence[Program], point: Point, sizes: Mapping[str, int]
) -> list[Program]:
    """Return programs with numbers for the letters of shapes that they have as sizes."""
    found = []
    for program in programs:
        if has_letters(program):
            from backpropcli.language.parse import parse

            bound = dict.fromkeys(program.variables)
            bound |= {name: float(size) for name, size in sizes.items()} | point
            program = parse(program.source, bound, program.origin)  # noqa: PLW2901
        found.append(program)
    return found


def in_numbers(programs: Sequence[Program], point: Point, shapes: str) -> list[Program]:
    """Return programs with numbers for letters of shapes, where values have one for each."""
    found = sampled(programs, point, shapes)
    return [*programs] if found.free else with_sizes(programs, point, found.sizes)


def has_letters(program: Program) -> bool:
    """Say whether letters of shapes are in what is static, as in eye(n)."""
    todo = [*program.graph.args.values()]
    while todo:
        arg = todo.pop()
        if isinstance(arg, Letters):
            return True
        todo += arg if isinstance(arg, tuple) else ()
    return False


def _fits_larger(programs: Sequence[Program], point: Point, shapes: str | None) -> bool:
    """Say whether programs fit at larger sizes than those that were chosen."""
    try:
        Setting(programs, point, (), shapes, LARGE)
    except BackpropError:
        return False
    return True


class Setting:
    """Two ``programs`` that are compared by the names ``wrt``.

    ``point`` has the values that are given, and ``values`` one for each variable where there are
    arrays; ``sizes`` are the variables that are letters of shapes, and ``free`` those letters that
    no value has a number for: choice number ``turn`` of them. Conditions are ``assumed``, and
    points are in ``ranges``: at most ``count``, if not 0.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        point: Point,
        wrt: Sequence[str],
        shapes: str | None,
        turn: int = 0,
    ) -> None:
        given, found = programs, sampled(programs, point, shapes, turn)
        self.programs = programs = with_sizes(programs, point, found.sizes)
        self.values, self.free = found.values, found.free
        self.sizes = {
            name: float(found.sizes[name]) for name in self.variables if name in found.sizes
        }
        for program in programs:
            self.sizes |= given_as_sizes(program, point)
        self.point = point.over(Point(self.sizes, dict.fromkeys(self.sizes, OPTION)))
        self.wrt = wanted(programs, wrt, self.sizes)
        self.assumed: list[Program] = []
        self.ranges: Mapping[str, tuple[Fraction, Fraction]] = {
            name: (Fraction(size), Fraction(size)) for name, size in self.sizes.items()
        }
        self.count = 0
        self.texts: list[str] = []
        self.held = sizes_held(self.sizes, self.free)
        self.places: set[str] = set()
        """The variables that hold places of elements, which stay as they are."""
        self.size = 0
        """About how many operations the two have, written out in numbers."""
        self.text = shapes or ""
        self.lowered: list[Lowered] = []
        """The programs with arrays, by their flat graphs."""
        try:
            for program in programs:
                self._take(program, found.shapes)
        except SourceError as error:
            if self.free and turn < LARGE and _fits_larger(given, point, shapes):
                error.hint = as_chosen(self.free)
            raise

    def _take(self, program: Program, known: Mapping[str, Shape] | None) -> None:
        """Take in a program, whose variables have the shapes that are ``known``.

        Raises SourceError where something does not fit, and BackpropError for a program that is no
        loss: of several outputs, or of an array.
        """
        count = len(program.outputs)
        if count > 1:
            titles = ", ".join(program.titles())
            raise BackpropError(
                f"a loss is one number, and one of the two has {count} outputs: {titles}",
                "write their sum, or keep one of them",
            )
        if known is None:
            return
        known = {name: known[name] for name in program.variables}
        values = {name: self.values[name] for name in program.variables}
        from backpropcli.calculus.fitting import fitting
        from backpropcli.calculus.lower import lower
        from backpropcli.calculus.node_shapes import node_shapes
        from backpropcli.proof.arrays.costs import written_out
        from backpropcli.proof.floats.places import held_as, holders

        lowered = lower(program, known)
        free = {name: value for name, value in values.items() if name not in self.point}
        fitting(lowered, known, self.point.origins, values, free)
        self.values |= free
        each = node_shapes(lowered.graph, known)
        if shape := each[lowered.outputs[0]]:
            size = "x".join(map(str, shape))
            raise BackpropError(
                f"a loss is one number, and {program.title(program.root)} has {size} elements",
                "write its sum, its mean or one element",
            )
        self.lowered.append(lowered)
        self.size += written_out(lowered.graph, each, everywhere=True)
        self.places |= holders(lowered.graph, self.values)
        self.held = [*dict.fromkeys([*self.held, *held_as(lowered.graph, self.values)])]

    @property
    def variables(self) -> list[str]:
        """The variables of both programs."""
        return [*{**self.programs[0].variables, **self.programs[1].variables}]

    @property
    def mapping(self) -> list[Lowered]:
        """The programs with rules that map adjoints, of which numbers have the bodies alone."""
        return [lowered for lowered in self.lowered if lowered.mapped]

    @property
    def is_bound(self) -> bool:
        """Whether each variable has a value: there is a point."""
        return all(name in self.point for name in self.variables)

    @property
    def is_large(self) -> bool:
        """Whether the two are too large to be written out in numbers and compared in time."""
        return self.size > LARGEST

    def where(self, ranges: Sequence[str], assume: Sequence[str], count: int) -> None:
        """Take in where points are. Raises SourceError for a range or a condition that is none."""
        if ranges:
            from backpropcli.proof.equality.ranges import ranges as spans

            self.ranges = {**self.ranges, **spans(ranges, self.variables)}
        self.assumed = assumptions(assume, self.programs)
        self.count = count
        self.texts = [*assume, *ranges]

    def begun(self) -> Compared:
        """Return what is to be filled: without values yet."""
        sources = [program.source.strip() for program in self.programs]
        titles = [program.title(program.root) for program in self.programs]
        found = Compared(sources, titles, self.wrt)
        names = [program.variables for program in self.programs]
        found.variables = self.variables
        found.only = [
            [name for name in one if name not in other and name not in self.sizes]
            for one, other in (names, names[::-1])
        ]  # fmt: skip
        found.assumptions = [*self.texts, *self.held]
        missing = [name for name in self.variables if name not in self.point]
        given = [name for name in self.point if name in self.variables and name not in self.sizes]
        if self.is_bound:
            found.bindings = {name: self.point[name] for name in self.variables}
        elif given:
            verb = "have no values" if len(missing) > 1 else "has no value"
            told = f"{', '.join(missing)} {verb}: the two are compared in general only"
            found.warnings.append(told)
        return found
