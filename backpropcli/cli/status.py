"""The line on stderr that moves while a person waits, and leaves nothing behind.

An alarm of the system draws it: a thread beside a process that forks could stop that for ever.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

from backpropcli.cli import screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

AFTER, EVERY = 0.3, 0.1
"""Seconds until the line appears, and from one picture to the next."""
WHEEL = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
PLAIN_WHEEL = "|/-\\"
ERASED = "\r\x1b[K"


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show ``text`` and the seconds gone by, if stderr is a terminal, until the block ends.

    A line that the terminal broke in two could not be erased: what is too much is left out.
    """
    import signal

    if not _moves() or not hasattr(signal, "setitimer"):
        yield
        return
    from time import monotonic

    begin = monotonic()
    wheel = WHEEL if "utf" in sys.stderr.encoding.lower() else PLAIN_WHEEL

    def draw(*_: object) -> None:
        gone = monotonic() - begin
        sign = wheel[int(gone / EVERY) % len(wheel)]
        line, room = f"{sign} {text} ({gone:.0f} s; Ctrl-C stops it)", screen.width(sys.stderr) - 1
        if len(line) > room:
            line = f"{sign} {text} ({gone:.0f} s)"
        _write(ERASED + line[:room])

    before = signal.signal(signal.SIGALRM, draw)
    signal.setitimer(signal.ITIMER_REAL, AFTER, EVERY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        _write(ERASED)


def _moves() -> bool:
    """Return whether stderr is a terminal on which a line can be drawn again."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _write(text: str) -> None:
    """Write to stderr; one that is closed or full is nobody who looks."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        return
