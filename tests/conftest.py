"""What the tests share: the tool run in this process, and golden files.

``pytest --golden`` renews the golden files, to be read then. ``pytest --times=10`` draws ten times
as many examples where the suite has only a sample of them.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections import Counter
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings

import backpropcli
from backpropcli.__main__ import dispatch
from backpropcli.proof import worker

GOLDEN = Path(__file__).parent / "golden"
LATE = ("sympy.physics.units", "sympy.sets.setexpr", "sympy.tensor.tensor")
"""What SymPy loads only with the first formula that it simplifies, solves or adds up."""


def pytest_addoption(parser):
    parser.addoption("--golden", action="store_true", help="rewrite the golden files")
    parser.addoption("--times", type=int, default=1, help="draw so many times as many examples")


def pytest_configure(config):
    """Say how many examples a test draws that asks for no number of its own."""
    count = 40 * config.getoption("--times")
    settings.register_profile("suite", max_examples=count, deadline=None)
    settings.load_profile("suite")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Let one process rewrite the golden files: two would undo each other's work."""
    if config.getoption("--golden"):
        config.option.numprocesses = 0


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no rubbish while tests are found: all that is made by then stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Let a worker report a test's call alone, and what goes wrong before and after it.

    Each message costs the workers and who hears them more than many a test takes.
    """
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Put first what needs the wheel: one worker takes the first tests, so it is built once.

    Of a test that is sampled all rows but one in so many are slow.
    """
    rows = Counter()
    for item in items:
        for mark in item.iter_markers("sampled"):
            if rows[item.function] % mark.args[0]:
                item.add_marker("slow")
            rows[item.function] += 1
    items.sort(key=lambda item: "built" not in item.fixturenames)


def pytest_collection_finish():
    """Load once what each proof would load anew, whose process is a fork of this one.

    What stands in memory by then stays, rubbish too: no search for that goes through it, here or in
    a fork.
    """
    for module in walk_packages(backpropcli.__path__, "backpropcli."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in LATE:
        import_module(name)
    gc.freeze()


@pytest.fixture(scope="session")
def times(request):
    """Return how many times as many examples to draw as the suite does."""
    return request.config.getoption("--times")


class Late(BaseException):
    """Work that does not end in time."""


@contextmanager
def deadline(seconds):
    """Raise Late after so many seconds."""

    def stop(_signal, _frame):
        raise Late

    before = signal.signal(signal.SIGALRM, stop), sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before[0])
        sys.setrecursionlimit(before[1])


@pytest.fixture(scope="session")
def provers():
    """Return the modules that have a proof worked on in a process of its own; all are loaded."""
    named = [one for name, one in sys.modules.items() if name.startswith("backpropcli.proof.")]
    return [module for module in named if hasattr(module, "worked")]


@pytest.fixture
def here(monkeypatch, provers):
    """Let proofs work in this process: what SymPy has found once it need not find again.

    That a process of its own does the same is tested where verdicts are those of commands.
    """

    def worked(work, arguments, timeout, take):
        try:
            with deadline(min(timeout, worker.LONGEST)):
                for news in work(*arguments):
                    enough = take(news)
                    if enough is not None:
                        signal.setitimer(signal.ITIMER_REAL, max(enough, 1e-6))
        except Late:
            return worker.LATE
        return ""

    for module in provers:
        monkeypatch.setattr(module, "worked", worked)


@pytest.fixture
def golden(request, monkeypatch):
    """Compare a text of 80 columns with the golden file of that name, or rewrite it."""
    monkeypatch.setenv("COLUMNS", "80")

    def compare(name, text):
        path = GOLDEN / name
        if request.config.getoption("--golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def backprop(capsys, monkeypatch):
    """Return what runs the tool at the top of the checkout; it must end with ``code``."""
    monkeypatch.chdir(GOLDEN.parents[1])
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments, code=0):
        capsys.readouterr()
        assert dispatch(list(arguments)) == code
        return capsys.readouterr().out

    return run
