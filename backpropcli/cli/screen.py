"""The two streams: whether a person looks at stdout, how wide it is, and what it can show."""

from __future__ import annotations

import os
import sys

from backpropcli.errors import fitting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from backpropcli.render.layout.lines import Line

WIDTH = 80
MISTAKES = {"error": "1;31", "message": "1", "caret": "1;31", "command": "1"}
"""The SGR codes of a mistake's parts: rich would take longer to load than all else does."""


def wants_colour(stream: TextIO | None = None) -> bool:
    """Say whether a stream gets colour: a terminal does, unless the environment says otherwise.

    It is stdout if there is none.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"


def is_piped(stream: TextIO | None) -> bool:
    """Say whether a stream is there and is no terminal."""
    return stream is not None and not stream.isatty()


def width(stream: TextIO | None = None) -> int:
    """Return the width in columns of a stream, or of stdout: $COLUMNS, the terminal's, or 80."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    try:
        return os.get_terminal_size((stream or sys.stdout).fileno()).columns or WIDTH
    except (OSError, ValueError):
        return WIDTH


def is_limited() -> bool:
    """Say whether lines have to fit the width: a pipe and a file take any, if $COLUMNS is unset."""
    asked = os.environ.get("COLUMNS", "")
    return sys.stdout.isatty() or (asked.isdecimal() and int(asked) > 0)


def show(lines: list[Line]) -> None:
    """Write ``lines`` to stdout, in colour where a person looks."""
    sys.stdout.write(_painted(lines))
    sys.stdout.flush()


def page(lines: list[Line]) -> None:
    """Write ``lines`` to stdout, through the pager where they are more than a screen."""
    turn(_painted(lines))


def _painted(lines: list[Line]) -> str:
    from backpropcli.render.layout import paint

    encoding = sys.stdout.encoding or "ascii"
    colour = wants_colour() and can_show(encoding)
    return paint.coloured(lines) if colour else paint.plain(lines, encoding)


def turn(text: str) -> None:
    """Write text, which may have colours, a screen at a time: by the user's $PAGER, or less.

    What fits the screen, or has no pager, is written at once.
    """
    if (
        is_piped(sys.stdout)
        or is_piped(sys.stdin)
        or text.count("\n") < os.get_terminal_size(sys.stdout.fileno()).lines
    ):
        sys.stdout.write(text)
        return
    import shlex
    import signal
    import subprocess

    environment = {"LESS": "FRX", **os.environ}
    try:
        words = shlex.split(os.environ.get("PAGER", "less"))
        pager = subprocess.Popen(words, stdin=subprocess.PIPE, env=environment)  # noqa: S603 (the user's)
    except (OSError, ValueError, IndexError):
        sys.stdout.write(text)
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
    try:
        pager.communicate(text.encode("utf-8"))  # which is quiet about a pager that is left
    finally:
        signal.signal(signal.SIGINT, before)


def write(text: str) -> None:
    """Write lines of text to stdout."""
    sys.stdout.write(fitting(text, sys.stdout.encoding or "ascii"))
    sys.stdout.flush()


def can_show(encoding: str) -> bool:
    """Say whether a stream in ``encoding`` can hold any text."""
    return encoding.lower().replace("-", "") in {"utf8", "utf16", "utf32"}


def say(text: str) -> None:
    """Write ``text`` to stderr, broken at blanks where a person looks."""
    lines: list[Line] = [[("", text)]]
    if sys.stderr.isatty():
        from backpropcli.render.layout.lines import wrapped

        lines = wrapped(lines[0], width(sys.stderr))
    complain(lines)


def warn(warnings: Iterable[str]) -> None:
    """Write warnings to stderr."""
    for warning in warnings:
        say(f"warning: {warning}")


def complain(lines: list[Line]) -> None:
    """Write the lines of a mistake to stderr, in colour where a person looks.

    A stream that is closed or full is nobody who listens.
    """
    codes = MISTAKES if wants_colour(sys.stderr) else {}
    encoding = sys.stderr.encoding or "ascii"
    text = ""
    for line in lines:
        for role, part in line:
            shown, code = fitting(part, encoding), codes.get(role)
            text += f"\x1b[{code}m{shown}\x1b[0m" if code and shown else shown
        text += "\n"
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Let what is still buffered for ``stream`` go nowhere: it must not raise at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
