"""Work that may never end: it runs in a process of its own, up to a deadline.

The process ends with the one that started it, however that ends.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.connection import Connection
    from typing import Any

    Work = Callable[..., Iterable[Any]]

BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What SymPy and mpmath raise where they are at a loss: no verdict, and the reader is told."""
MEMORY = 4 * 2**30
"""Bytes that the process may take: a power of whole numbers can be larger than any memory."""
LONGEST = 1e6
"""Seconds that a system can wait for at once: any longer limit is none."""
LATE, BROKEN_OFF = "late", "stopped unexpectedly"
"""What stops work before its end; it may be told what was raised."""


def worked(
    work: Work, arguments: tuple[Any, ...], timeout: float, take: Callable[[Any], float | None]
) -> str:
    """Hand to ``take`` what ``work(*arguments)`` yields within ``timeout`` seconds.

    ``take`` may return in how many seconds from then on there has been enough. Returns "" where
    the work came to its end, else LATE or BROKEN_OFF, and what was raised, if that is known.
    """
    import multiprocessing
    from time import monotonic

    deadline = monotonic() + min(timeout, LONGEST)
    fork = "fork" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("fork" if fork else "spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_run, args=(ours, theirs, work, arguments, timeout), daemon=True
    )
    try:
        process.start()
    except OSError:  # no more processes, or no memory for one
        return BROKEN_OFF
    theirs.close()
    try:
        while ours.poll(max(0.0, deadline - monotonic())):
            news = ours.recv()
            if isinstance(news, str):
                return news and f"{BROKEN_OFF} ({news})"
            enough = take(news[0])
            if enough is not None:
                deadline = min(deadline, monotonic() + enough)
    except (EOFError, OSError):
        return BROKEN_OFF
    finally:
        process.kill()
        process.join()
        ours.close()
    return LATE


def unfinished(why: str, timeout: float) -> str:
    """Return the sentence on work that did not come to its end, and ``why``."""
    if why != LATE:
        return f"the check {why}"
    limit = f"{timeout:g} second{'' if timeout == 1 else 's'}"
    return f"the check ran out of time after {limit}; --check-timeout allows more"


def _run(
    parent: Connection, pipe: Connection, work: Work, arguments: tuple[Any, ...], timeout: float
) -> None:
    """Do the work, and send what it yields as it comes."""
    import signal
    import sys
    from contextlib import suppress
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's, who ends this
    parent.close()  # the parent's end: only the parent holds it now
    Thread(target=_end_with_parent, args=(pipe,), daemon=True).start()
    _limit(timeout)
    sys.setrecursionlimit(20_000)  # SymPy recurses; it is not given a graph that is too deep
    raised = ""
    with suppress(BrokenPipeError):
        try:
            for news in work(*arguments):
                pipe.send((news,))
        except BROKEN as error:
            raised = type(error).__name__
        pipe.send(raised)


def _end_with_parent(pipe: Connection) -> None:
    """End this process when the other end of its pipe is closed; nothing is ever sent on it."""
    import os

    pipe.poll(None)
    os._exit(0)


def _limit(timeout: float) -> None:
    """Let this process take no more memory and time than it may, where the system can do that."""
    try:
        import resource

        seconds = int(min(timeout, LONGEST)) + 2
        for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds)):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    except (ImportError, ValueError, OSError):
        return
