"""Parts of the source as sentences show them: short, and without comments."""

from __future__ import annotations

from backpropcli.errors import columns, visible

SHORT = 24
"""How many columns of the user's own text a sentence repeats at most, at a time."""
WIDE = 96
"""How many columns a sentence takes at most."""
PATH = r"""((?:^|[;\n])[ \t\xa0]*use[ \t\xa0]*)('[^'\n]*'|"[^"\n]*")"""


def uncommented(text: str) -> str:
    """Return ``text`` with blanks in place of comments, and no signs in the paths after 'use'."""
    import re

    if "use" in text:
        text = re.sub(PATH, lambda found: found[1] + "'" + "_" * (len(found[2]) - 2) + "'", text)
    if "#" not in text:
        return text
    return re.sub("#[^\n]*", lambda found: " " * len(found[0]), text)


def quoted(text: str) -> str:
    """Return ``text`` in quotes, shortened."""
    text = text if len(text) <= SHORT else text[: SHORT - 1] + "…"
    return f'"{text}"' if "'" in text else f"'{text}'"


def short(text: str) -> str:
    """Return ``text``, or dots where it is long."""
    return text if columns(visible(text)) <= SHORT else "..."
