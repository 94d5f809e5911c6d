"""Arrays that NumPy stored, .npy and .npz: a header is checked before memory is asked for."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from math import prod
from tokenize import TokenError
from typing import TYPE_CHECKING, Any, BinaryIO

from numpy.lib import format as stored

from backpropcli.arithmetics.shapes.sizes import amount, text
from backpropcli.calculus.bindings.arrays import allowed
from backpropcli.calculus.bindings.stored.refused import one_of, pickled
from backpropcli.calculus.node_shapes import MOST_AXES
from backpropcli.errors import BackpropError

if TYPE_CHECKING:
    from typing import IO

HEADERS = {
    (1, 0): stored.read_array_header_1_0,
    (2, 0): stored.read_array_header_2_0,
    (3, 0): stored.read_array_header_2_0,
}
"""What reads a header of each version; the third is the second with names of fields in UTF-8."""
DENSEST = 1032
"""How many bytes a byte of a compressed file can become (deflate)."""
DAMAGED = "it is cut off or damaged: save it again"


def array(file: IO[bytes], size: int, what: str) -> Any:  # noqa: ANN401
    """Return the array of a .npy file of ``size`` bytes.

    Raises BackpropError for what is no such file, for objects, and for a header that promises more,
    or less, than there is.
    """
    shape, dtype = _header(file, what)
    promised, have = prod(shape) * dtype.itemsize, size - file.tell()
    if promised > have:
        raise BackpropError(
            f"the header of {what} promises {amount(promised)} ({text(shape)} of {dtype.name}), "
            f"and {amount(max(have, 0))} follow it",
            DAMAGED,
        )
    if promised < have:
        raise BackpropError(
            f"{what} has {amount(have - promised)} more than its header says ({text(shape)})",
            "one array a file: for several, numpy.savez writes .npz",
        )
    allowed(shape, what)
    if len(shape) > MOST_AXES:
        raise BackpropError(f"{what} has {len(shape)} axes", f"an array has at most {MOST_AXES}")
    file.seek(0)
    try:
        with warnings.catch_warnings(action="ignore"):  # of Python 2
            return stored.read_array(file, allow_pickle=False)
    except (ValueError, EOFError):
        raise BackpropError(f"{what} cannot be read whole", DAMAGED) from None


def _header(file: IO[bytes], what: str) -> tuple[tuple[int, ...], Any]:
    """Return the shape and the type of the numbers that a header promises.

    Raises BackpropError for what is no header, and for one of no numbers.
    """
    no_file = BackpropError(
        f"{what} is not a .npy file", "numpy.save writes one; or name it by its own format"
    )
    try:
        version = stored.read_magic(file)
        if version not in HEADERS:
            raise BackpropError(
                f"{what} is a .npy file of version {version[0]}.{version[1]}, which is not known",
                "numpy.save writes 1.0, 2.0 or 3.0",
            )
        with warnings.catch_warnings(action="ignore"):  # of Python 2
            shape, _, dtype = HEADERS[version](file)
    except (ValueError, SyntaxError, TypeError, EOFError, TokenError):
        raise no_file from None
    if any(type(size) is bool for size in shape):  # NumPy lets them pass, and then cannot reshape
        raise no_file
    if dtype.hasobject:
        raise BackpropError(
            f"{what} holds Python objects, which only unpickling reads, and that can run any code",
            "save numbers: numpy.save(path, numpy.asarray(X, dtype=float))",
        )
    if dtype.subdtype is not None:
        raise BackpropError(f"{what} holds arrays as its elements", "save one array of numbers")
    if min(shape, default=0) < 0:
        raise BackpropError(
            f"the header of {what} has a size below 0 ({text(shape)})",
            "it is damaged: save it again",
        )
    return shape, dtype


def members(file: BinaryIO, path: str) -> dict[str, zipfile.ZipInfo]:
    """Return the arrays of a .npz file, by name."""
    return _members(_archive(file, path), path)


def _archive(file: BinaryIO, path: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError):
        raise BackpropError(f"'{path}' is not a .npz file", DAMAGED) from None


def _members(archive: zipfile.ZipFile, path: str) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if info.filename.endswith("data.pkl"):
            raise pickled(path)
        name = info.filename.removesuffix(".npy")
        if name in found:
            raise BackpropError(f"'{path}' holds {name} twice", "save it again")
        if name != info.filename:
            found[name] = info
    return found


def member(file: BinaryIO, path: str, part: str) -> Any:  # noqa: ANN401
    """Return one array of a .npz file."""
    archive = _archive(file, path)
    found = _members(archive, path)
    name = one_of([*found], part, path)
    info, what = found[name], f"{name} in '{path}'"
    if info.flag_bits & 1:
        raise BackpropError(f"{what} is encrypted", "save it without a password")
    if info.file_size > info.compress_size * DENSEST + DENSEST:
        raise BackpropError(
            f"{what} promises {amount(info.file_size)}, and the file has "
            f"{amount(info.compress_size)} of it",
            DAMAGED,
        )
    try:
        with archive.open(info) as stream:
            return array(stream, info.file_size, what)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise BackpropError(f"{what} cannot be read whole", DAMAGED) from None
