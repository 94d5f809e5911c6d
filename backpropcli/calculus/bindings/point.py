"""Values by name, and where they are from."""

from __future__ import annotations

from backpropcli.calculus.bindings.typed import Typed
from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from backpropcli.language.program import Program


class Written:
    """A value that rests on arrays: its ``program``, and the values ``known`` to it by name.

    ``written`` is how each of those was written in turn, each after what it uses; ``draws`` are
    the names of random arrays.
    """

    __slots__ = ("draws", "known", "program", "written")

    def __init__(
        self,
        program: Program,
        known: Mapping[str, Any],
        written: Mapping[str, Written | None],
        draws: Collection[str] = (),
    ) -> None:
        self.program = program
        self.known = known
        self.written = written
        self.draws = draws


class Point(dict[str, "Any"]):
    """Values by name: numbers are floats, all others NumPy arrays.

    ``origins`` has for each name where its value came from ("data.npy", "the command line");
    ``given`` are the names that were given from outside of the program, and ``notes`` sentences
    about the values, such as the seed of random ones; ``random`` is whether there are such.
    ``dtype`` is the format that all is computed in; "" for doubles, and for that of the arrays.
    ``written`` is how values that rest on arrays were written, and None for those that are
    decimals; what is not there has exactly its doubles.
    """

    __slots__ = ("dtype", "given", "notes", "origins", "random", "written")

    def __init__(
        self,
        values: Mapping[str, Any],
        origins: Mapping[str, str],
        given: Iterable[str] = (),
        notes: Iterable[str] = (),
        *,
        random: bool = False,
    ) -> None:
        super().__init__(values)
        self.origins = {name: origins[name] for name in self if name in origins}
        self.given = {*given} & {*self}
        self.notes = list(notes)
        self.dtype = ""
        self.random = random
        self.written: dict[str, Written | None] = {}

    def over(self, other: Point) -> Point:
        """Return the values of both: where both have a name, this one's."""
        found = Point(
            {**other, **self},
            {**other.origins, **self.origins},
            self.given,
            [*other.notes, *self.notes],
            random=self.random or other.random,
        )
        found.dtype = self.dtype
        here = {name: own for name, own in other.written.items() if name not in self}
        found.written = {**here, **self.written}
        return found


def joined(one: Point, other: Point) -> Point:
    """Return the values of two points. Raises BackpropError where they differ."""
    for name in one:
        if name in other and not _equal(one[name], other[name]):
            raise BackpropError(
                f"the two programs have other default values of {name}", f"give it one: {name}=..."
            )
    found = one.over(other)
    found.given |= other.given
    found.notes = list(dict.fromkeys(found.notes))
    return found


def _equal(one: Any, other: Any) -> bool:  # noqa: ANN401 (numbers or arrays)
    if isinstance(one, float) or isinstance(other, float):
        both_nan = one != one and other != other  # noqa: PLR0124
        return isinstance(one, Typed) is isinstance(other, Typed) and (one == other or both_nan)
    import numpy as np

    return np.array_equal(one, other, equal_nan=True)
