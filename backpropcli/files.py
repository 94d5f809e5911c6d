"""Reads text from files and from stdin; what cannot be read is an error with a hint."""

from __future__ import annotations

import sys

from backpropcli.errors import BackpropError


def read_text(path: str) -> str:
    """Return the text of the file at ``path``, or of stdin for "-"; it must be UTF-8."""
    try:
        if path == "-":
            data = sys.stdin.buffer.read()
        else:
            with open(path, "rb") as file:  # noqa: PTH123 (pathlib costs start-up time)
                data = file.read()
    except FileNotFoundError:
        raise BackpropError(f"there is no file '{path}'", "check the path") from None
    except IsADirectoryError:
        raise BackpropError(f"'{path}' is a directory", "name a file in it") from None
    except PermissionError:
        raise BackpropError(f"'{path}' may not be read", "check its permissions") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BackpropError(f"'{path}' cannot be read: {reason}", "check the path") from None
    name = "stdin" if path == "-" else f"'{path}'"
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        line = data.count(b"\n", 0, error.start) + 1
        raise BackpropError(
            f"{name} is not UTF-8 text: byte 0x{byte:02x} on line {line}",
            "save it as UTF-8",
        ) from None


def read_program(word: str) -> tuple[str, str]:
    """Return the text and the origin of what ``word`` names: "-", "@FILE", or the text itself."""
    if word == "-":
        return read_text("-"), "stdin"
    if word.startswith("@") and len(word) > 1:
        return read_text(word[1:]), word[1:]
    return word, ""
