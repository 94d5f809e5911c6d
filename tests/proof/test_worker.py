"""The process that proves: it ends at its deadline, and with the process that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backpropcli.proof.gradient import check as checking
from backpropcli.proof.gradient.check import check_claims
from backpropcli.proof.worker import BROKEN_OFF, LATE, worked
from backpropcli.report.claim import Claim


def counting(count):
    """Yield numbers."""
    yield from range(count)


def breaking():
    """Yield a number, and end the process."""
    yield 1
    os._exit(3)


def raising():
    """Yield a number, and fail as SymPy does where it is at a loss."""
    yield 1
    raise ValueError("no such thing")


def endless():
    """Yield a number, and never end."""
    yield 1
    while True:
        time.sleep(60)


def swelling():
    """Take more memory than the process may."""
    yield 1
    try:
        yield len(bytearray(64 * 2**30))
    except MemoryError:
        yield "too much"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "arguments", "news", "stopped"),
    [
        (counting, (3,), [0, 1, 2], ""),
        (counting, (0,), [], ""),
        (breaking, (), [1], BROKEN_OFF),
        (raising, (), [1], f"{BROKEN_OFF} (ValueError)"),
        (endless, (), [1], LATE),
        (swelling, (), [1, "too much"], ""),
    ],
)
def test_what_is_found_until_the_work_ends_is_kept(work, arguments, news, stopped):
    found = []
    seconds = 0.5 if stopped == LATE else 60.0
    assert worked(work, arguments, seconds, found.append) == stopped
    assert found == news


def late():
    """Yield a number, and another after a while."""
    yield 1
    time.sleep(8)
    yield 2


@pytest.mark.slow
def test_what_would_be_enough_later_puts_off_no_end():
    found = []
    assert worked(late, (), 2.0, lambda news: found.append(news) or 60.0) == LATE
    assert found == [1]


PARENT = """
import os, time
from backpropcli.proof.worker import worked

def work():
    yield os.getpid()
    while True:
        pass

worked(work, (), 600.0, lambda pid: print(pid, flush=True))
"""


def runs(pid):
    """Say whether a process runs: it is there, and is none that waits for being buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are files on Linux")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_the_work_ends_with_its_parent(how):
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        child = int(parent.stdout.readline())
        assert runs(child)
        parent.send_signal(how)
        parent.wait()
        for _ in range(1000):  # not a measurement: it would run for ten minutes
            if not runs(child):
                break
            time.sleep(0.01)
        assert not runs(child)


class Clock:
    """A clock that goes on by a second whenever it is looked at."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 1.0
        return self.now


def test_the_limit_covers_what_is_worked_out_before_the_proof(monkeypatch):
    """Claims are drawn one by one: after the deadline no more of them are worked out."""
    from backpropcli.language.parse import parse
    from backpropcli.modes.gradient import gradient

    drawn = []

    def claims():
        for number in range(1000):
            drawn.append(number)
            yield Claim(gradient(parse("x^2"), {"x": 3.0}, []), ["d/dx"])

    monkeypatch.setattr("time.monotonic", Clock())
    monkeypatch.setattr(checking, "worked", lambda *_: LATE)
    verdict = check_claims(claims(), timeout=10)
    assert len(drawn) < 20
    assert verdict.verdict == "inconclusive"
    assert (
        verdict.reason == "the check ran out of time after 10 seconds; --check-timeout allows more"
    )


def test_what_is_not_drawn_is_not_proved(monkeypatch):
    """Even where all that was drawn agrees."""
    from backpropcli.language.parse import parse
    from backpropcli.modes.gradient import gradient

    def agreeing(reports, *_, **_options):
        found = [checking.Verdict([], 1) for _ in reports]
        for one in found:
            one.verdict = "agrees"
        return found

    report = gradient(parse("3"), {}, [])
    monkeypatch.setattr("time.monotonic", Clock())
    monkeypatch.setattr(checking, "check_all", agreeing)
    assert check_claims((Claim(report, []) for _ in range(100)), timeout=10).verdict == (
        "inconclusive"
    )
    assert check_claims((Claim(report, []) for _ in range(3)), timeout=10).verdict == "agrees"
