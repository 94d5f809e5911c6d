"""Derivatives as Leibniz writes them: d/dx before an expression, or around one."""

from __future__ import annotations

from backpropcli.language.mistakes.fixes import one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from backpropcli.errors import Edit
    from backpropcli.language.mistakes.fixes import Fixes

ALONE_OR_DIFF = (
    "write the expression alone: its gradient is what you get; inside an expression write "
    "diff(u, x)"
)


def is_leibniz(words: Sequence[str]) -> bool:
    """Say whether three words are d/dx."""
    return [*words[:2]] == ["d", "/"] and words[2].startswith("d") and len(words[2]) > 1


def alone_or_diff(source: str, alone: Edit, diff: Edit) -> Fixes:
    """Write an expression alone, where its derivative is all of the source, or diff."""
    start, end, _ = diff
    whole = not source[:start].strip() and not source[end:].strip()
    return (*one(alone), *one(diff)) if whole else one(diff)
