"""Parts of the source as sentences show them: short, and without comments."""

from __future__ import annotations

from backpropcli.errors import columns, visible
from backpropcli.language.scanner import solid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backpropcli.language.builder.expressions import Expressions

SHORT = 24
"""How many columns of the user's own text a sentence repeats at most, at a time."""
WIDE = 96
"""How many columns a sentence takes at most."""
FEW = 4
"""How many parameters a hint lists at most."""
STATEMENT = 1000
"""How many characters of a statement are looked at closely."""
PATH = r"""((?:^|[;\n])[ \t\xa0]*use[ \t\xa0]*)('[^'\n]*'|"[^"\n]*")"""


def uncommented(text: str) -> str:
    """Return ``text`` with blanks in place of comments, and no signs in the paths after 'use'."""
    import re

    if "use" in text:
        text = re.sub(PATH, lambda found: found[1] + "'" + "_" * (len(found[2]) - 2) + "'", text)
    if "#" not in text:
        return text
    return re.sub("#[^\n]*", lambda found: " " * len(found[0]), text)


def trimmed(source: str, start: int, end: int) -> tuple[int, int]:
    """Return where a text stands without the blanks around it."""
    text = source[start:end]
    start += len(text) - len(text.lstrip())
    return start, start + len(text.strip())


def until(source: str, start: int, marks: str) -> int:
    """Return where the first of some characters stands from ``start`` on, or the text ends."""
    ends = [source.find(mark, start) for mark in marks]
    return min([end for end in ends if end >= 0], default=len(source))


def quoted(text: str) -> str:
    """Return ``text`` in quotes, shortened."""
    text = text if len(text) <= SHORT else text[: SHORT - 1] + "…"
    return f'"{text}"' if "'" in text else f"'{text}'"


def short(text: str) -> str:
    """Return ``text``, or dots where it is long."""
    return text if columns(visible(text)) <= SHORT else "..."


def plural(count: int, what: str) -> str:
    """Return how many there are of what."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def given(count: int) -> str:
    """Return how many are given, after "and"."""
    return f"{count} {'is' if count == 1 else 'are'} given"


def call(name: str, parameters: list[str]) -> str:
    """Return a function and its parameters for a hint; neither many nor long ones."""
    names = ", ".join(parameters[:FEW]) + ", ..." * (len(parameters) > FEW)
    return f"{short(name)}({short(names)})"


def words_between(builder: Expressions, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the words of the source from ``start`` to ``end``, without white space."""
    found = solid(builder.source[start : min(end, start + STATEMENT)], start)
    return [word for word in found if word[0] != "_NEWLINE"]
