"""Reads text from files and from stdin; what cannot be read is an error with a hint."""

from __future__ import annotations

import os
import stat
import sys

from backpropcli.errors import BackpropError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

LARGEST = 64 * 2**20
"""Bytes that are read of one file, at most."""
SUFFIX = ".bp"
"""What a sample's file name ends with."""
PATIENCE = 2000
"""Milliseconds in which somebody has to open a named pipe for writing."""


def read_text(path: str) -> str:
    """Return the text of the file at ``path``, or of stdin for "-"; it must be UTF-8.

    A file is a regular one, or a pipe that somebody writes to.
    """
    try:
        data = _stdin() if path == "-" else _file(path)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
    name = "stdin" if path == "-" else f"'{path}'"
    if len(data) > LARGEST:
        raise BackpropError(
            f"{name} holds more than {LARGEST >> 20} MiB", "a program and its bindings are smaller"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        line = data.count(b"\n", 0, error.start) + 1
        raise BackpropError(
            f"{name} is not UTF-8 text: byte 0x{byte:02x} on line {line}",
            "save it as UTF-8",
        ) from None


def unreadable(path: str, error: OSError | ValueError) -> BackpropError:
    """Return the error that a user sees for one of the system's."""
    match error:
        case FileNotFoundError():
            return BackpropError(f"there is no file '{path}'", "check the path")
        case IsADirectoryError():
            return BackpropError(f"'{path}' is a directory", "name a file in it")
        case PermissionError():
            return BackpropError(f"'{path}' may not be read", "check its permissions")
    reason = getattr(error, "strerror", None) or str(error)
    return BackpropError(f"'{path}' cannot be read: {reason}", "check the path")


def _stdin() -> bytes:
    """Return what stdin holds: one byte more than the limit, at most."""
    if sys.stdin is None:  # as after <&-
        raise BackpropError("stdin is closed", "pipe the text in, or name a file")
    return sys.stdin.buffer.read(LARGEST + 1)


def _file(path: str) -> bytes:
    """Return what a file holds: one byte more than the limit, at most."""
    with opened(path) as file:
        return file.read(LARGEST + 1)


def opened(path: str, what: str = "a file of text") -> BinaryIO:
    """Return an open file: a regular one, or a pipe that somebody writes to.

    Raises OSError or ValueError where the system does, and BackpropError for a device and a pipe
    without a writer; ``what`` it should be is told.
    """
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(number).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError
        if stat.S_ISFIFO(mode):
            _await_writer(number, path, what)
        elif not stat.S_ISREG(mode):
            raise BackpropError(f"'{path}' is a device", f"name {what}")
        return open(number, "rb")  # noqa: PTH123 (a descriptor, which the caller closes)
    except BaseException:
        os.close(number)
        raise


def _await_writer(pipe: int, path: str, what: str) -> None:
    """Wait until somebody writes to the pipe; from then on reading waits for what comes."""
    import select

    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    if not waiting.poll(PATIENCE):  # nothing yet: reading tells a slow writer from none
        try:
            os.read(pipe, 0)
            alone = not os.read(pipe, 1)
        except BlockingIOError:
            alone = False
        if alone:
            raise BackpropError(f"nobody writes to the pipe '{path}'", f"name {what}")
    os.set_blocking(pipe, True)


def read_program(word: str) -> tuple[str, str]:
    """Return the text and the origin of what ``word`` names: "-", "@FILE", or the text itself.

    @NAME is a sample where there is no file of that name.
    """
    if word == "-":
        return read_text("-"), "stdin"
    if not word.startswith("@"):
        return word, ""
    if word == "@":
        listed = "'backprop samples' lists the samples"
        raise BackpropError("there is no name after '@'", f"write @FILE or @SAMPLE; {listed}")
    path = word[1:]
    try:
        return read_text(path), path
    except BackpropError as error:
        sample = "" if os.path.lexists(path) else sample_path(path)
        if not sample and path.startswith("(") and not os.path.lexists(path):
            raise BackpropError(
                "'@' reads a file here: a function's arguments are not written",
                "write the formula alone, as in x^2 + 1",
            ) from None
        if not sample and not os.path.lexists(path):
            listed = f"{error.hint}; 'backprop samples' lists the samples"
            error.hint = did_you_mean(word, [f"@{name}" for name in sample_names()], listed)
        if not sample:
            raise
        return read_text(sample), sample


def sample_path(name: str) -> str:
    """Return the path of a sample, with or without its .bp; "" where there is none."""
    found = os.path.join(samples_folder(), name.removesuffix(SUFFIX) + SUFFIX)  # noqa: PTH118
    return found if os.path.isfile(found) else ""  # noqa: PTH113


def sample_names() -> list[str]:
    """Return the names of the samples."""
    found = os.listdir(samples_folder())  # noqa: PTH208 (pathlib is slow to load)
    return sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX))


def samples_folder() -> str:
    """Return where the samples are: beside the package in a checkout, inside it in a wheel."""
    home = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 (pathlib is slow)
    installed = os.path.join(home, "_samples")  # noqa: PTH118
    checkout = os.path.join(os.path.dirname(home), "samples")  # noqa: PTH118, PTH120
    return installed if os.path.isdir(installed) else checkout  # noqa: PTH112
