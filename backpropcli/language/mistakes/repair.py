"""Explains a mistake, and corrects a whole program: one mistake after the other.

What comes out has been read: a correction that is shown runs.
"""

from __future__ import annotations

from backpropcli.errors import Edit, MistakeError, SourceError
from backpropcli.language.builder import Builder
from backpropcli.language.driver import build, normal
from backpropcli.language.mistakes import KINDS
from backpropcli.language.mistakes.fixes import applied

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from backpropcli.language.program import Program

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
    "a function in capitals that is another in spreadsheets",
    "a call of what is no function",
    "a call of what is no function, with several arguments",
    "a sum of what is not written out",
    "too many or too few arguments",
    "arguments as another language has them",
    "too many or too few arguments of an own function",
}
"""Mistakes that leave the structure of a program as it is: what follows them is told too."""


def explain(mistake: MistakeError) -> SourceError:
    """Return the error that explains a mistake."""
    mistake.builder.readable = readable
    error: SourceError = KINDS[mistake.kind](mistake.builder, *mistake.given, **mistake.named)
    return error


def readable(text: str) -> tuple[list[str], SourceError | None]:
    """Return a text if it can be read, or else what its corrections lead to, and its mistake."""
    error, _ = _read(Builder(normal(text), "", ()))
    return (repaired(error) if error else [text]), error


def _read(builder: Builder) -> tuple[SourceError | None, Program | None]:
    """Return what is wrong with a builder's text, or else its program."""
    try:
        build(builder, builder.source)
        return None, builder.program()
    except MistakeError as mistake:
        return explain(mistake), None
    except SourceError as error:
        return error, None


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
        another, _ = _read(Builder(normal(text), "", bound))
        if another is None:
            return text, most
        error = another
    return "", most


def problems(
    error: SourceError, bound: Collection[str] = ()
) -> tuple[list[SourceError], Program | None]:
    """Return the first mistakes that do not follow from each other, and what is left to read.

    Each is looked for where those before it are corrected or excused, and told at its place in the
    source. One kind is told once, unless it leaves the structure of the program as it is. What is
    left is None where it cannot be read.
    """
    found, last = [error], error
    if error.origin or len(error.source) > LONGEST:
        return found, None
    text, places = error.source, [*range(len(error.source) + 1)]
    excused: set[int] = set()
    for _ in range(MOST_MISTAKES):
        if last.kind in INDEPENDENT:
            excused.add(places[last.start])
        elif last.fixes:
            text, places = _edited(text, places, last.fixes[0])
        else:
            break
        builder = Builder(text, "", bound)
        builder.excused = {at for at, place in enumerate(places) if place in excused}
        another, program = _read(builder)
        if another is None:
            return found, program
        last = another
        _tell(last, places, found)
        if len(found) == MOST_PROBLEMS:
            break
    return found, None


def _edited(text: str, places: list[int], edits: list[Edit]) -> tuple[str, list[int]]:
    """Return a text with edits, and where each of its characters stood at first; -1 if nowhere."""
    moved: list[int] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        moved += [*places[at:start], *[-1] * len(new)]
        at = end
    return applied(text, edits), [*moved, *places[at:]]


def _tell(error: SourceError, places: list[int], found: list[SourceError]) -> None:
    """Add a mistake to those that are ``found``, unless it may follow from a correction.

    It may where it touches a mistake that is found, or stands beside what has been corrected.
    """
    source, text = found[0].source, error.source
    left, right = error.start, error.end
    while left and text[left - 1].isspace():
        left -= 1
    while right < len(text) and text[right].isspace():
        right += 1
    around = places[max(left - 1, 0) : right + 1]
    intact = around == [*range(around[0], around[0] + len(around))]
    edges = (left or not around[0]) and (right < len(text) or around[-1] == len(source))
    known = {one.kind for one in found} - INDEPENDENT
    if not (intact and edges and error.kind) or error.kind in known:
        return
    start, end = places[error.start], places[error.end]
    if not any(start <= one.end and one.start <= end for one in found):
        another = SourceError(error.message, source, start, end, error.hint)
        another.kind = error.kind
        found.append(another)
