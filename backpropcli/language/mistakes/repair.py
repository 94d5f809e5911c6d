"""Corrects a whole program: its mistakes one after the other, until it can be read.

What comes out has been parsed: a correction that is shown runs.
"""

from __future__ import annotations

from backpropcli.errors import SourceError
from backpropcli.language.builder import Builder
from backpropcli.language.mistakes.fixes import applied
from backpropcli.language.parse import build, normal, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

MOST_MISTAKES = 60
"""How many mistakes of one program are corrected."""
MOST_READINGS = 4
"""How many corrected programs are shown."""
MOST_PROBLEMS = 3
"""How many mistakes are told at once."""
LONGEST = 2000
"""Characters of the longest program that is corrected."""
INDEPENDENT = {
    "a slip in a function's name",
    "a function of another language",
    "a call of what is no function",
    "a call of what is no function, with several arguments",
    "a sum of what is not written out",
    "too many or too few arguments",
    "arguments as another language has them",
    "too many or too few arguments of an own function",
}
"""Mistakes that leave the structure of a program as it is: what follows them is told too."""


def repaired(error: SourceError, bound: Collection[str] = ()) -> list[str]:
    """Return the programs that the corrections of ``error`` lead to, each of which can be read.

    Where mistakes have several corrections, the first of each make one program, the second of each
    another, and so on.
    """
    if error.origin or len(error.source) > LONGEST:
        return []
    found: list[str] = []
    choice, most = 0, len(error.fixes)
    while choice < min(most, MOST_READINGS):
        text, choices = _corrected(error, choice, bound)
        most = max(most, choices)
        if text and text not in found:
            found.append(text)
        choice += 1
    return found


def _corrected(error: SourceError, choice: int, bound: Collection[str]) -> tuple[str, int]:
    """Return the program by correction number ``choice`` of each mistake, and how many there are.

    It is "" where a mistake has no correction.
    """
    most = 0
    for _ in range(MOST_MISTAKES):
        if not error.fixes or error.origin:
            break
        most = max(most, len(error.fixes))
        text = applied(error.source, error.fixes[min(choice, len(error.fixes) - 1)]).strip()
        try:
            parse(text, bound)
        except SourceError as next_error:
            error = next_error
        else:
            return text, most
    return "", most


def problems(error: SourceError, bound: Collection[str] = ()) -> list[SourceError]:
    """Return the first mistakes of a program that do not follow from each other."""
    found = [error]
    while found[-1].kind in INDEPENDENT and not error.origin and len(error.source) <= LONGEST:
        builder = Builder(normal(error.source), "", bound)
        builder.excused = {one.start for one in found}
        try:
            build(builder, builder.source)
        except SourceError as another:
            if another.kind not in INDEPENDENT or len(found) == MOST_PROBLEMS:
                break
            found.append(another)
        else:
            break
    return found
