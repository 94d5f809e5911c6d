"""Arrays in files, as in X=@data.npz:name; the file's name, or its first bytes, tell the format.

Nothing is ever unpickled, and what a header promises is compared with the file's size first.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any

from backpropcli.calculus.bindings.stored.refused import PICKLES, pickled
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.files import opened, unreadable

if TYPE_CHECKING:
    from typing import BinaryIO

FORMATS = ("npy", "npz", "csv", "tsv", "json", "parquet", "safetensors")
TEXTS = {"csv", "tsv", "json"}
OTHERS = {
    **dict.fromkeys(("xlsx", "xls", "ods"), "save the sheet as .csv"),
    **dict.fromkeys(("h5", "hdf5", "mat"), "save the array by numpy.save, as .npy"),
    **dict.fromkeys(("gz", "bz2", "xz", "zip"), "unpack it first; or, in bash, X=@<(zcat FILE)"),
}
"""Formats that are not read, and what to do."""
MOST_BYTES = 2**31
"""Bytes that are read of one file, at most."""
BLOCK = 1 << 20
STDIN = "/dev/stdin"
SIGNATURES = (
    (b"\x93NUMPY", "npy"),
    (b"PK\x03\x04", "npz"),
    (b"PAR1", "parquet"),
    (b"\x80\x02", "pickle"),
    (b"\x80\x03", "pickle"),
    (b"\x80\x04", "pickle"),
    (b"\x80\x05", "pickle"),
)


def split(text: str) -> tuple[str, str]:
    """Return the path and the part of "data.npz:name", or of "-:name"; "" where there is no part.

    The path is the text up to the first ":" that follows a known ending, or else all of it.
    """
    if text.startswith("-:"):
        return "-", text[2:].strip()
    known = {*FORMATS, *PICKLES}
    at = text.find(":")
    while at >= 0:
        if _ending(text[:at]) in known:
            return text[:at], text[at + 1 :].strip()
        at = text.find(":", at + 1)
    return text, ""


def _ending(path: str) -> str:
    return os.path.splitext(path)[1][1:].lower()  # noqa: PTH122 (pathlib is slow to load)


def read(path: str, part: str = "") -> tuple[Any, bool]:
    """Return the array that a file holds, as it is stored, and whether it is written in decimals.

    ``part`` names one of several.

    Raises BackpropError for what cannot be read.
    """
    if not path:
        raise BackpropError("there is no file's name", "write it, as in X=@data.npy")
    _safe(path, _ending(path))
    try:
        with _seekable(path) as file:
            found = _format(path, file)
            _safe(path, found)
            return _read(found, file, path, part), found in TEXTS
    except (OSError, ValueError) as error:
        raise _missing(path, error) from None


def names(path: str) -> list[str]:
    """Return the names of the arrays in a file that holds several."""
    try:
        with _seekable(path) as file:
            if _format(path, file) == "safetensors":
                from backpropcli.calculus.bindings.stored.libraries import tensors

                return [*tensors(file, path)]
            from backpropcli.calculus.bindings.stored.npy import members

            return [*members(file, path)]
    except (OSError, ValueError) as error:
        raise _missing(path, error) from None


def _read(form: str, file: BinaryIO, path: str, part: str) -> Any:  # noqa: ANN401
    match form:
        case "npy":
            from backpropcli.calculus.bindings.stored.npy import array

            if part:
                raise BackpropError(
                    f"'{path}' holds one array, without a name", f"write @{path} alone"
                )
            return array(file, size(file), f"'{path}'")
        case "npz":
            from backpropcli.calculus.bindings.stored.npy import member

            return member(file, path, part)
        case "csv" | "tsv":
            from backpropcli.calculus.bindings.stored.separated import table

            return table(file, path, part, "\t" if form == "tsv" else "")
        case "json":
            from backpropcli.calculus.bindings.stored.lists import lists

            return lists(file, path, part)
        case "parquet":
            from backpropcli.calculus.bindings.stored.libraries import columns

            return columns(file, path, part)
        case _:
            from backpropcli.calculus.bindings.stored.libraries import tensor

            return tensor(file, path, part)


def _seekable(path: str) -> BinaryIO:
    """Return an open file, or stdin for "-"; what comes through a pipe is read first."""
    file = opened(STDIN if path == "-" else path, "a file of numbers")
    if file.seekable():
        return file
    with file:
        data = bytearray()
        while block := file.read(BLOCK):
            data += block
            if len(data) > MOST_BYTES:
                raise BackpropError(
                    f"'{path}' gives more than {MOST_BYTES >> 30} GiB", "give a part of it"
                )
    return io.BytesIO(data)


def size(file: BinaryIO) -> int:
    """Return how many bytes a file has; it is at its beginning afterwards."""
    found = file.seek(0, os.SEEK_END)
    file.seek(0)
    return found


def _format(path: str, file: BinaryIO) -> str:
    """Return the format by the file's name, or by its first bytes where the name says nothing."""
    ending = _ending(path)
    if ending in FORMATS:
        return ending
    if ending in OTHERS:
        raise BackpropError(f"'{path}': .{ending} files are not read here", OTHERS[ending])
    start = file.read(BLOCK)
    file.seek(0)
    for signature, form in SIGNATURES:
        if start.startswith(signature):
            return form
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") < MOST_BYTES:
        return "safetensors"
    if b"\0" in start or not start:
        raise BackpropError(
            f"'{path}' is empty" if not start else f"'{path}' is in no format that is read here",
            f"it may be {', '.join(f'.{form}' for form in FORMATS[:-1])} or .{FORMATS[-1]}",
        )
    return "json" if start.lstrip()[:1] in {b"[", b"{"} else "csv"


def _safe(path: str, form: str) -> None:
    """Raise BackpropError for a format that runs code when it is read."""
    if form in PICKLES:
        raise pickled(path, PICKLES[form])


def _missing(path: str, error: OSError | ValueError) -> BackpropError:
    """Return the error for a file that cannot be opened, with the one that may be meant."""
    found = unreadable(path, error)
    if isinstance(error, FileNotFoundError):
        folder, name = os.path.split(path)
        try:
            near = os.listdir(folder or ".")  # noqa: PTH208 (pathlib is slow to load)
        except OSError:
            near = []
        found.hint = did_you_mean(name, near, found.hint)
    return found
