"""The line that moves while a person waits: on a terminal, it is gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty", reason="terminals as a POSIX system has them")

WAIT = """
import time
from backpropcli.cli import status
status.AFTER = status.EVERY = 0.01
with status.waiting("checking the derivatives"):
    time.sleep(0.3)
"""


@pytest.mark.slow
@pytest.mark.parametrize("columns", ["40", "20", "80"])
def test_the_line_never_wraps_so_that_it_can_be_erased(columns):
    """A terminal breaks a line that has as many characters as it has columns, or more."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": columns, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen([sys.executable, "-c", WAIT], stderr=theirs, env=environment) as done:
        assert done.wait() == 0
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    frames = shown.split("\r\x1b[K")
    assert max(map(len, frames)) <= int(columns) - 1
    assert "checking" in shown
    assert frames[-1] == ""
