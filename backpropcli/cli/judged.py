"""How commands answer whose answer is a verdict: as text, as JSON, or as bare words."""

from __future__ import annotations

import sys

from backpropcli.cli import screen
from backpropcli.cli.answer import DISAGREES, INCONCLUSIVE, shown_as

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from backpropcli.render.layout.lines import Line, Options

CODES = {"agrees": 0, "disagrees": DISAGREES, "inconclusive": INCONCLUSIVE}
"""The exit code after each verdict."""


def judged(
    verdict: str,
    rows: Iterable[tuple[str, str]],
    lines: Callable[[Options], list[Line]],
    document: Callable[..., str],
    given: dict[str, Any],
) -> int:
    """Print an answer that is a verdict, as the options say; return the exit code."""
    if given["json"] or given["jsonl"]:
        sys.stdout.write(document(one_line=given["jsonl"]))
    elif given["quiet"]:
        screen.write("".join([f"{name}\t{word}\n" for name, word in rows]))
    else:
        screen.show(lines(shown_as(given)))
    return CODES[verdict]
