"""Tables of text: cells with commas, semicolons or tabs between them, and perhaps a header."""

from __future__ import annotations

import csv
import io
from array import array
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropcli.calculus.bindings.items import MOST
from backpropcli.errors import BackpropError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

SEPARATORS = "\t;,"
LONGEST = 1 << 20
"""Characters of a first line, at most."""
SHOWN = 20
INFINITE = {float("inf"), float("-inf")}

MISSING = {"na", "n/a", "#n/a", "null", "none", "-", "--", "?", "."}
"""What stands for a number that is missing."""


class Table:
    """A table as it is read: its columns, which of them are wanted, and how to tell of a cell."""

    def __init__(self, path: str, header: list[str], width: int) -> None:
        self.path = path
        self.header = header
        self.width = width
        self.picks = list(range(width))

    def choose(self, part: str) -> None:
        """Take the columns that are named, with commas between them."""
        names = [name.strip() for name in part.split(",")]
        if part in self.header:
            names = [part]
        if not self.header:
            raise BackpropError(
                f"'{self.path}' has no header, so its columns have no names",
                "take the whole, X=@FILE, and index it in the program: X[:, 0] is the first",
            )
        for name in names:
            if self.header.count(name) > 1:
                raise BackpropError(
                    f"'{self.path}' has {self.header.count(name)} columns '{name}'", "rename one"
                )
            if name not in self.header:
                shown = ", ".join(filter(None, self.header[:SHOWN]))
                raise BackpropError(
                    f"'{self.path}' has no column '{name}'",
                    did_you_mean(name, self.header, f"the columns are: {shown}"),
                )
        self.picks = [self.header.index(name) for name in names]

    def mistake(self, row: list[str], line: int) -> BackpropError:
        """Return the error for a row with a cell that is no number: the first."""
        at = next(at for at in self.picks if number(row[at]) is None or is_large(row[at]))
        cell = row[at].strip()
        name = f" ({self.header[at]})" if self.header and self.header[at] else ""
        place = f"'{self.path}', line {line}, column {at + 1}{name}"
        good = [
            self.header[one]
            for one in range(self.width)
            if self.header and self.header[one] and number(row[one]) is not None
        ]
        hint = f"take columns of numbers: @{self.path}:{','.join(good[:SHOWN])}" if good else ""
        if not cell:
            return BackpropError(f"{place} is empty", hint or "fill it in")
        shown = cell if len(cell) <= SHOWN else f"{cell[:SHOWN]}…"
        if is_large(cell):
            hint = "the largest is about 1.8e308; infinity is inf"
            return BackpropError(f"{place} is too large for a double: {shown}", hint)
        if cell.count(",") == 1 and number(cell.replace(",", ".")) is not None:
            hint = "decimals are written with a point: 1.5"
        elif len(cell.split()) > 1 and all(number(word) is not None for word in cell.split()):
            hint = "put commas, semicolons or tabs between the cells"
        return BackpropError(f"{place} is not a number: {shown}", hint or "write a number")


def number(cell: str) -> float | None:
    """Return the number of a cell; None for what is none."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def is_large(cell: str) -> bool:
    """Say whether a cell has a number in digits that no double holds."""
    return number(cell) in INFINITE and any(map(str.isdecimal, cell))


def _is_name(cell: str) -> bool:
    """Say whether a cell may be a column's name: 1_0 is none, though it is no number here.

    What says that a number is missing is none either: NA.
    """
    try:
        float(cell)
    except ValueError:
        return bool(cell.strip()) and cell.strip().lower() not in MISSING
    return False


def table(file: BinaryIO, path: str, part: str, separator: str) -> Any:  # noqa: ANN401
    """Return the numbers of a table: rows by columns, or a vector where it is one column.

    ``part`` names columns, and ``separator`` is "" where the first line shows it. Raises
    BackpropError for a cell that is missing or no number, with its line and column.
    """
    lines = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        first = lines.readline(LONGEST)
        if not first.strip():
            raise BackpropError(f"'{path}' begins with an empty line", "write numbers, or a header")
        rows = csv.reader(
            chain([first], lines),
            delimiter=separator or _separator(first),
            strict=True,
            skipinitialspace=True,
        )
        return _numbers(rows, path, part)
    except UnicodeDecodeError as error:
        raise BackpropError(
            f"'{path}' is not UTF-8 text: byte 0x{error.object[error.start]:02x}",
            "save it as UTF-8",
        ) from None
    except csv.Error as error:
        raise BackpropError(f"'{path}' is no table: {error}", "check its quotes") from None
    finally:
        lines.detach()


def _separator(line: str) -> str:
    """Return what stands between the cells of a line: outside of quotes."""
    bare = "".join(line.split('"')[::2])
    return next((sign for sign in SEPARATORS if sign in bare), ",")


def _numbers(rows: Any, path: str, part: str) -> Any:  # noqa: ANN401 (csv has no type for its reader)
    first = next(rows)
    named = any(map(_is_name, first))
    found = Table(path, [cell.strip() for cell in first] if named else [], len(first))
    if part:
        found.choose(part)
    values = array("d")
    whole = len(found.picks) == found.width and not part
    gap = 0
    for line, row in _lines(first, rows, named=named):
        if not row:
            gap = gap or line
            continue
        if gap:
            raise BackpropError(f"'{path}', line {gap} is empty", "remove it, or fill it in")
        if len(row) != found.width:
            raise BackpropError(
                f"'{path}', line {line} has {_cells(len(row))}, and the first line {found.width}",
                "all lines have as many cells; put a cell with a separator in quotes",
            )
        cells = row if whole else [row[at] for at in found.picks]
        try:
            numbers = [*map(float, cells)]
        except ValueError:
            raise found.mistake(row, line) from None
        large = not INFINITE.isdisjoint(numbers) and any(map(is_large, cells))
        if large or "_" in "".join(cells):
            raise found.mistake(row, line)
        values.extend(numbers)
        if len(values) > MOST:
            raise BackpropError(f"'{path}' holds more than {MOST} numbers", "take some columns")
    if not values:
        raise BackpropError(f"'{path}' has no row of numbers", "write them below the header")
    matrix = np.frombuffer(values).reshape(-1, len(found.picks))
    return matrix[:, 0] if len(found.picks) == 1 else matrix


def _lines(first: list[str], rows: Any, *, named: bool) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401
    """Yield the rows of numbers, each with its line."""
    if not named:
        yield rows.line_num, first
    for row in rows:
        yield rows.line_num, row


def _cells(count: int) -> str:
    return f"{count} cell{'s' * (count != 1)}"
