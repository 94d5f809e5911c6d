"""Ctrl-C while mends are looked for: the result stands, and one sentence says what stopped."""

import os
import signal
import subprocess
import sys

import pytest

SLOW = """
import os, signal, sys, time
from backpropcli.proof.mends import search
search.mended = lambda *_: (sys.stdout.flush(), os.kill(os.getpid(), signal.SIGINT), time.sleep(9))
from backpropcli.__main__ import main
sys.exit(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="signals as in POSIX")
@pytest.mark.parametrize("option", [pytest.param("--check", marks=pytest.mark.slow), "--rewrite"])
def test_ctrl_c_stops_the_search_alone(option):
    done = subprocess.run(
        [sys.executable, "-c", SLOW, "log(1 + exp(x))", "x=1000", option],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr == "the search for mends was interrupted\n"
    assert ("agrees, but for rounding" in done.stdout) == (option == "--check")
