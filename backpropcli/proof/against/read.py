"""Numbers that another program computed: arrays by name, with the precision they are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.bindings.arrays import REFUSED
from backpropcli.calculus.bindings.items import Digits, significant
from backpropcli.errors import BackpropError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Value = Any

ROUND_TRIP = 15
"""Significant digits of which a number is a double written out, so that it is read back."""
DTYPES = ("float16", "float32")
OWN, ALL_OWN = "gradient/", ("gradient/", "value/", "adjoint/")
"""How names begin in what --npz writes."""
OURS, REPORT = "backprop/", "backprop/report/"
"""How the schemas of JSON begin that this program prints."""
PRECISE = 16
"""Bits of the significand above which a number is no short one."""


class Numbers:
    """An array that was computed elsewhere: its ``dtype``, and where it is from.

    Decimals that are written with few digits are known to ``half``: half a unit of the last.
    ``mixed`` says that the file has numbers of many digits too: these may be exact.
    """

    __slots__ = ("digits", "dtype", "half", "mixed", "told", "value")

    def __init__(self, value: Value, dtype: str, half: Value = 0.0, digits: int = 0) -> None:
        self.value = np.asarray(value, dtype=float)
        self.dtype = dtype
        self.half = half
        self.digits = digits
        self.mixed = False
        self.told = ""

    @classmethod
    def of(cls, given: Any, what: str) -> Numbers:  # noqa: ANN401 (what NumPy can look at)
        """Return a number, nested lists or an array of any library. Raises BackpropError."""
        array = _looked_at(given, what)
        if array.dtype.kind in REFUSED or array.dtype.kind not in "fiu":
            held, hint = REFUSED.get(array.dtype.kind, ("truth values", "give numbers"))
            raise BackpropError(f"{what} holds {held}", hint)
        name = array.dtype.name
        found = cls(array, name if name in DTYPES else "float64")
        if name not in DTYPES and (short := _shorter(found.value)):
            found.dtype, found.told = short, f"its numbers are {short} ones"
        return found


def _looked_at(given: Any, what: str) -> Any:  # noqa: ANN401
    """Return what NumPy makes of numbers."""
    for step in ("detach", "cpu"):  # a tensor of PyTorch that needs a gradient
        if hasattr(given, step):
            given = getattr(given, step)()
    try:
        return np.asarray(given)
    except (TypeError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise BackpropError(
            f"{what} is no array that NumPy can read: {reason}", "give numpy.asarray(...)"
        ) from None


def _shorter(value: Value) -> str:
    """Return a shorter precision that holds all of doubles, of which some are no short numbers."""
    finite = value[np.isfinite(value) & (value != 0)]
    with np.errstate(all="ignore"):
        for name in DTYPES:
            held = finite.astype(name).astype(float) == finite
            scaled = np.ldexp(np.frexp(finite)[0], min(PRECISE, np.finfo(name).nmant))
            if finite.size and held.all() and (scaled != np.rint(scaled)).any():
                return name
    return ""


def read(path: str) -> dict[str, Numbers]:
    """Return the arrays in a file by name; "" for the one of a .npy file.

    What parts levels in a name becomes _. Raises BackpropError for what cannot be read.
    """
    from backpropcli.calculus.bindings.files import LONELY, SEVERAL

    if path.endswith(SEVERAL):
        from backpropcli.calculus.bindings import stored

        parts = stored.names(path)
        own = [part for part in parts if part.startswith(OWN)]
        if own and all(part.startswith(ALL_OWN) for part in parts):  # --npz has it all
            parts = own
        named = {part.removeprefix(OWN): stored.read(path, part)[0] for part in parts}
        return _by_name(
            ((part, Numbers.of(array, f"{part} in '{path}'")) for part, array in named.items()),
            path,
        )
    if path.endswith(LONELY):
        from backpropcli.calculus.bindings import stored

        return {"": Numbers.of(stored.read(path)[0], f"'{path}'")}
    return _json(path)


def _by_name(parts: Iterator[tuple[str, Numbers]], path: str) -> dict[str, Numbers]:
    found: dict[str, Numbers] = {}
    for part, numbers in parts:
        name = part.replace(".", "_").replace("/", "_")
        if name in found:
            raise BackpropError(f"{path}: {name} is given twice", "rename one of them")
        found[name] = numbers
    return found


def _json(path: str) -> dict[str, Numbers]:
    """Return the numbers of a JSON file: an object, or one array."""
    from backpropcli.calculus.bindings.files import decoded
    from backpropcli.files import read_text

    data = decoded(read_text(path), path)
    path = "stdin" if path == "-" else path
    dtype = ""
    table: dict[str, Any] = data if isinstance(data, dict) else {}
    schema = str(table.get("schema"))
    if schema.startswith(OURS) and not schema.startswith(REPORT):
        command = schema.split("/")[1]
        raise BackpropError(f"{path} is what {command} prints", "save what grad --json prints")
    if schema.startswith(REPORT):
        dtype, data = str(table.get("dtype", "")), table.get("gradient", {})
        if dtype and dtype not in DTYPES:
            raise BackpropError(f"{path} holds a run in {dtype}", f"run it in {DTYPES[-1]}")
    given = dict(_flat(data)) if isinstance(data, dict) else {"": data}
    texts = [text for one in given.values() for text in _texts(one)]
    mixed = any(len(significant(text)) >= ROUND_TRIP for text in texts)
    found = _by_name(
        ((name, _decimals(one, name or "it", path)) for name, one in given.items()), path
    )
    for numbers in found.values():
        numbers.mixed = mixed
        if dtype in DTYPES:
            numbers.dtype, numbers.half, numbers.digits = dtype, 0.0, 0
    return found


def _flat(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the numbers and the lists in nested tables."""
    todo = [("", data)]
    while todo:
        prefix, table = todo.pop(0)
        for key, given in table.items():
            if isinstance(given, dict):
                todo.append((f"{prefix}{key}.", given))
            else:
                yield f"{prefix}{key}", given


def _decimals(given: Any, name: str, path: str) -> Numbers:  # noqa: ANN401
    """Return numbers as they are written: with all digits of doubles, or those they have."""
    from backpropcli.calculus.bindings.elements import array_of, element

    try:
        if isinstance(given, list):
            value = array_of(given, name, element)
        else:
            value = np.asarray(element(given, name))
    except BackpropError as error:
        error.message = f"{path}: {error.message}"
        raise
    texts = [*_texts(given)]
    digits = [len(significant(text)) for text in texts]
    most = max(digits, default=0)
    if most >= ROUND_TRIP or all(float(text).is_integer() for text in texts):
        return Numbers.of(value, name)
    places = {len(text.partition(".")[2]) for text in texts if "e" not in text.lower()}
    fixed = len(places) == 1 and all("e" not in text.lower() for text in texts)
    if fixed and places != {0}:
        return Numbers(value, "float64", 0.5 * 10.0 ** -places.pop(), most)
    with np.errstate(divide="ignore"):
        exponents = np.floor(np.log10(np.abs(value)))
    half = np.where(value == 0, 0.0, 0.5 * 10.0 ** (exponents - most + 1))
    return Numbers(value, "float64", half, most)


def _texts(given: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the decimals in nested lists, as they are written."""
    todo = [given]
    while todo:
        part = todo.pop()
        if isinstance(part, list):
            todo += part
        elif isinstance(part, Digits):
            yield str(part)
