"""Gradients of another program, by name or in files, and what they are gradients of."""

from __future__ import annotations

from backpropcli.errors import BackpropError
from backpropcli.proof.against.names import meant
from backpropcli.proof.against.read import Numbers, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from backpropcli.language.program import Program

CALL = "the call"


class Gathered:
    """What is claimed: by variable (where, name there, numbers); ``notes`` on what is left out.

    That is ``data``: by name, where it is.
    """

    __slots__ = ("by", "data", "notes")

    def __init__(self) -> None:
        self.by: dict[str, tuple[str, str, Numbers]] = {}
        self.data: dict[str, str] = {}
        self.notes: list[str] = []

    def take(self, numbers: Mapping[str, Numbers], program: Program, where: str) -> None:
        """Take in what stands in one place. Raises BackpropError for a name that fits nothing."""
        if not numbers:
            raise BackpropError(f"{where} holds no numbers", "name the gradients: d_dw, w.grad")
        found, data = meant(numbers, program, where)
        for name, by in found.items():
            if by in self.by:
                raise BackpropError(
                    f"the gradient by {by} is given twice: in {self.by[by][0]} and in {where}",
                    "keep one of the two",
                )
            self.by[by] = where, name or by, numbers[name]
        self.data |= dict.fromkeys(data, where)
        self.notes += [
            f"{where}: {name} is taken for data, since its gradient is there too" for name in data
        ]


def gathered(
    given: str | Sequence[str | tuple[str, str]] | Mapping[str, Any], program: Program
) -> Gathered:
    """Return gradients by name, or those in files, of which one may be (name, path).

    Raises BackpropError.
    """
    found = Gathered()
    if isinstance(given, str):
        found.take(read(given), program, given)
    elif hasattr(given, "items"):
        numbers = {
            name.replace(".", "_"): Numbers.of(one, f"the gradient {name}")
            for name, one in given.items()
        }
        found.take(numbers, program, CALL)
    else:
        for place in given:
            name, path = ("", place) if isinstance(place, str) else place
            numbers = read(path)
            found.take(_named(numbers, name, path), program, "stdin" if path == "-" else path)
    return found


def _named(numbers: Mapping[str, Numbers], name: str, path: str) -> Mapping[str, Numbers]:
    """Return the numbers of a file, the only ones by a name where there is one."""
    if not name:
        return numbers
    if len(numbers) != 1:
        raise BackpropError(
            f"'{path}' holds {len(numbers)} arrays, and {name} is one",
            f"--against {path} takes them by their names",
        )
    return {name: next(iter(numbers.values()))}
