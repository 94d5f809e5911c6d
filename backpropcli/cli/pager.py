"""Shows long text a screen at a time, with the user's $PAGER, or less."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys


def through(text: str) -> None:
    """Show ``text``, which may have colours; without a pager, all at once."""
    words = shlex.split(os.environ.get("PAGER", "less"))
    environment = {"LESS": "FRX", **os.environ}
    try:
        pager = subprocess.Popen(words, stdin=subprocess.PIPE, env=environment)  # noqa: S603 (the user's)
    except (OSError, ValueError, IndexError):
        sys.stdout.write(text)
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
    try:
        pager.communicate(text.encode("utf-8"))  # which is quiet about a pager that is left
    finally:
        signal.signal(signal.SIGINT, before)
