"""Files that libraries of their own read: .parquet by pyarrow, .safetensors by safetensors."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.bindings.arrays import LARGEST, allowed
from backpropcli.calculus.bindings.stored.refused import one_of
from backpropcli.errors import BackpropError

if TYPE_CHECKING:
    from typing import BinaryIO


NUMPY = {
    *("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL", "C64"),
}
"""Types of safetensors that NumPy has."""


def _needed(path: str, library: str) -> BackpropError:
    return BackpropError(
        f"'{path}' is read by {library}, which is not installed",
        "install it: pip install 'backpropcli[files]'",
    )


def columns(file: BinaryIO, path: str, part: str) -> Any:  # noqa: ANN401
    """Return columns of a Parquet file: rows by columns, or a vector for one column."""
    try:
        from pyarrow import ArrowException, parquet, types
    except ImportError:
        raise _needed(path, "pyarrow") from None
    try:
        table = parquet.ParquetFile(file)
        fields = table.schema_arrow
        numeric = [
            field.name
            for field in fields
            if types.is_integer(field.type)
            or types.is_floating(field.type)
            or types.is_boolean(field.type)
        ]
        wanted = [name.strip() for name in part.split(",")] if part else [*fields.names]
        for name in wanted:
            one_of(fields.names, name, path, "column")
            if name not in numeric:
                hint = f"take columns of numbers: @{path}:{','.join(numeric[:20])}"
                raise BackpropError(
                    f"column {name} of '{path}' is {fields.field(name).type}, not numbers",
                    hint if numeric else "save one with numbers",
                )
        allowed((table.metadata.num_rows, len(wanted)), f"'{path}'")
        read = table.read(columns=wanted)
    except (ArrowException, OSError) as error:
        raise BackpropError(
            f"'{path}' is not a .parquet file: {str(error).splitlines()[0]}", "save it again"
        ) from None
    found = []
    for name in wanted:
        column = read.column(name)
        if column.null_count:
            row = column.is_null().to_pylist().index(True)
            raise BackpropError(
                f"column {name} of '{path}' has no value in row {row}",
                "fill it in, or leave it out",
            )
        found.append(column.to_numpy())
    if len(found) == 1:
        return found[0]
    stacked = np.column_stack(found)
    whole = [column for column in found if column.dtype.kind in "iu"]
    if not whole or stacked.dtype.kind != "f":
        return stacked
    largest = max(max(int(column.max()), -int(column.min())) for column in whole)
    return stacked.astype(np.dtype(stacked.dtype, metadata={LARGEST: largest}))


def tensors(file: BinaryIO, path: str) -> list[str]:
    """Return the names of the arrays of a .safetensors file."""
    with _opened(file, path) as arrays:
        return sorted(arrays.keys())


def tensor(file: BinaryIO, path: str, part: str) -> Any:  # noqa: ANN401
    """Return one array of a .safetensors file."""
    with _opened(file, path) as arrays:
        name = one_of(sorted(arrays.keys()), part, path)
        stored = arrays.get_slice(name)
        if stored.get_dtype() not in NUMPY:
            raise BackpropError(
                f"{name} in '{path}' is stored as {stored.get_dtype()}, which NumPy does not have",
                "save it in single precision: W.float()",
            )
        return arrays.get_tensor(name)


def _opened(file: BinaryIO, path: str) -> Any:  # noqa: ANN401 (the library has no types)
    if isinstance(file, BytesIO):
        raise BackpropError("a .safetensors file does not come through a pipe", "name a file")
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError:
        raise _needed(path, "safetensors") from None
    try:
        return safe_open(path, framework="numpy")
    except SafetensorError as error:
        raise BackpropError(
            f"'{path}' is not a .safetensors file: {error}", "save it again"
        ) from None
