"""backprop version."""

from __future__ import annotations

from backpropcli import __version__
from backpropcli.cli import screen
from backpropcli.cli.line.reader import single

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def run(words: Sequence[str], _: object) -> int:
    """Print the version; return the exit code."""
    single(words, "version", most=0)
    screen.write(f"backprop {__version__}\n")
    return 0
