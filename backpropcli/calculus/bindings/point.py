"""A point: values by name, where each came from, and what there is to tell about them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

LINE, COMMENTS, CALL = "the command line", "the program's comments", "the call"
"""Where values come from that stand in no file."""
SEED = "--rng-seed"


class Settings:
    """How values are made: the ``seed`` of random ones, and arrays in ``single`` precision or not."""

    __slots__ = ("seed", "single")

    def __init__(self, seed: int = 0, *, single: bool = False) -> None:
        self.seed = seed
        self.single = single


class Point(dict[str, "Any"]):
    """Values by name: numbers are floats, all others NumPy arrays.

    ``origins`` has for each name where its value came from ("data.npy", "the command line");
    ``given`` are the names that were given from outside of the program, and ``notes`` sentences
    about the values, such as the seed of random ones.
    """

    __slots__ = ("given", "notes", "origins")

    def __init__(
        self,
        values: Mapping[str, Any],
        origins: Mapping[str, str],
        given: Iterable[str] = (),
        notes: Iterable[str] = (),
    ) -> None:
        super().__init__(values)
        self.origins = {name: origins[name] for name in self if name in origins}
        self.given = {*given} & {*self}
        self.notes = list(notes)

    @property
    def random(self) -> bool:
        """Whether a value was drawn at random."""
        return any(SEED in note for note in self.notes)

    def over(self, other: Point) -> Point:
        """Return the values of both: where both have a name, this one's."""
        return Point(
            {**other, **self},
            {**other.origins, **self.origins},
            self.given,
            [*other.notes, *self.notes],
        )
