"""Nested lists of numbers in a JSON file."""

from __future__ import annotations

from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from backpropcli.calculus.bindings.elements import array_of, element, from_json
from backpropcli.calculus.bindings.stored.refused import one_of
from backpropcli.errors import BackpropError
from backpropcli.files import LARGEST

if TYPE_CHECKING:
    from typing import BinaryIO


def lists(file: BinaryIO, path: str, part: str) -> Any:  # noqa: ANN401
    """Return the array, or the number, in a JSON file; ``part`` names an entry of an object."""
    data = _decoded(file, path)
    if isinstance(data, dict):
        part = one_of([*data], part, path, "value")
        data = data[part]
    elif part:
        raise BackpropError(f"'{path}' holds one array, without a name", f"write @{path} alone")
    name = part
    try:
        if isinstance(data, list):
            return array_of(data, name, element)
        return element(data, name or "it")
    except BackpropError as error:
        error.message = f"'{path}': {error.message}"
        raise


def _decoded(file: BinaryIO, path: str) -> object:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise BackpropError(
            f"'{path}' holds more than {LARGEST >> 20} MiB", "save large arrays as .npy"
        )
    try:
        text = data.decode("utf-8-sig")
        return from_json(text)
    except UnicodeDecodeError as error:
        raise BackpropError(
            f"'{path}' is not UTF-8 text: byte 0x{data[error.start]:02x}", "save it as UTF-8"
        ) from None
    except JSONDecodeError as error:
        raise BackpropError(
            f"'{path}' is not JSON: line {error.lineno}, column {error.colno}: "
            f"{error.msg[:1].lower()}{error.msg[1:]}",
            "write lists of numbers: [[1, 2], [3, 4]]",
        ) from None
    except BackpropError as error:  # a key given twice
        error.message = f"'{path}': {error.message}"
        raise
    except RecursionError:
        raise BackpropError(f"'{path}' is nested too deeply", "an array has few axes") from None
    except ValueError:  # a number that Python does not read
        raise BackpropError(f"'{path}' holds a number that is too long", "shorten it") from None
