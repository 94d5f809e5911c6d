"""Text to program, or to an error that says what is wrong with the text, where, and what to do."""

from __future__ import annotations

from backpropcli.errors import MistakeError, SourceError
from backpropcli.language.builder import Builder
from backpropcli.language.driver import build, normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from backpropcli.language.program import Program


def parse(
    text: str, bound: Collection[str] = (), origin: str = "", *, helpers: bool = False
) -> Program:
    """Parse a program.

    ``bound`` are names that have a value: they are variables even where a built-in constant has
    the same name. ``origin`` names the text in errors (a file's name). With ``helpers`` the
    operations that only rules use can be called. Raises SourceError. Time and memory grow linearly
    with the text.
    """
    text = normal(text)
    builder = Builder(text, origin, bound, helpers=helpers)
    try:
        build(builder, text)
        return builder.program()
    except MistakeError as mistake:
        raise explained(mistake) from None


def explained(mistake: MistakeError) -> SourceError:
    """Return the error that explains a mistake to a person."""
    from backpropcli.language.mistakes.repair import explain

    return explain(mistake)
