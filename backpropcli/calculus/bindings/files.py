"""Values in files, by name: JSON, TOML, and arrays. Nested tables are names with _ between them."""

from __future__ import annotations

import os

from backpropcli.calculus.bindings.elements import NOT_FINITE, NUMBER, TOO_LARGE, element, from_json
from backpropcli.calculus.bindings.items import FILE, Digits, Item, Stored, is_long, is_name
from backpropcli.calculus.bindings.texts import check
from backpropcli.calculus.bindings.typed import Spelled
from backpropcli.errors import BackpropError, SourceError
from backpropcli.graph.graph import Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NUMERIC = {*"-0123456789"}
"""What a number of JSON begins with."""
SEVERAL = (".npz", ".safetensors")
"""Endings of files that hold arrays by name."""
LONELY = (".npy", ".csv", ".tsv", ".parquet")
"""Endings of files that hold one array, or columns."""


def read(path: str) -> dict[str, Any]:
    """Return what a file gives by name, or stdin for "-".

    A name of a nested table is written with those of the tables around it: w in [layer] is
    layer_w. What is no number has the error of its use with it.
    """
    from backpropcli.files import read_text

    if path.endswith(SEVERAL):
        return _arrays(path)
    if path.endswith(LONELY):
        raise BackpropError(
            f"{path} holds values without names", f"write X=@{path} to give X what it holds"
        )
    data = decoded(read_text(path), path)
    if not isinstance(data, dict):
        raise BackpropError(
            f"{path} does not hold bindings", 'it should be an object, as in {"w": 2, "x": 3}'
        )
    found: dict[str, Any] = {}
    todo = [("", data)]
    while todo:
        prefix, table = todo.pop()
        for key, given in table.items():
            name = f"{prefix}{key}"
            if isinstance(given, dict):
                todo.append((f"{name}_", given))
                continue
            item = _item(given, name, path)
            if not is_name(name):
                if isinstance(given, (int, float, Digits)) and not isinstance(given, bool):
                    raise BackpropError(
                        f"{path}: '{name}' cannot be the name of a variable",
                        "a name is letters, digits and _, and does not begin with a digit",
                    )
                continue
            if name in found:
                raise BackpropError(
                    f"{path}: {name} is given twice", "a name in a table is TABLE_NAME: rename one"
                )
            found[name] = item
    return found


def _arrays(path: str) -> dict[str, Any]:
    """Return the arrays of a file by name, to be read where they are used.

    What parts levels in a name, layer.w or layer/w, becomes _.
    """
    from backpropcli.calculus.bindings.stored import names

    found: dict[str, Any] = {}
    for part in names(path):
        name = part.replace(".", "_").replace("/", "_")
        if name in found:
            raise BackpropError(f"{path}: {name} is given twice", "rename one of them")
        if is_name(name):
            found[name] = Stored.of(name, f"{FILE}{os.path.basename(path)}:{part}", path)  # noqa: PTH119 (pathlib is slow to load)
    return found


def decoded(text: str, path: str) -> object:
    """Return what a text of JSON or TOML holds; "[1" begins a list, and "[a" a table."""
    import json
    import tomllib

    looks_like_json = text.lstrip()[:1] == "{" or text.lstrip("[ \t\r\n")[:1] in NUMERIC
    toml = path.endswith(".toml") or (not path.endswith(".json") and not looks_like_json)
    form = "write lines such as w = 2" if toml else 'write {"w": 2, "x": 3}'
    name = "stdin" if path == "-" else path
    try:
        if toml:
            return tomllib.loads(text, parse_float=Digits)
        return from_json(text)
    except tomllib.TOMLDecodeError as error:
        raise BackpropError(f"{name} is not TOML: {error}", form) from None
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{name} is not JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            text,
            error.pos,
            error.pos + 1,
            form,
            name,
        ) from None
    except RecursionError:
        raise BackpropError(f"{name} is nested too deeply", form) from None
    except ValueError:  # a number that Python does not read
        raise BackpropError(f"{name} holds a number that is too long", form) from None


def _decimal(text: str) -> float | str:
    """Return a decimal as a double, or as its text where the double has lost digits."""
    value = float(text)
    lost = value - value == 0 and isinstance(Decimal.of(text.lstrip("+-")), Decimal)
    return text if lost else Spelled.of(value, text)


def _item(given: object, name: str, path: str) -> Any:  # noqa: ANN401 (a number, an array, an item)
    if isinstance(given, Digits):
        given = _decimal(given)
    if isinstance(given, str):
        return NOT_FINITE[given] if given in NOT_FINITE else _text(given, name, path)
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        try:
            result = float(given)
        except OverflowError:
            result = float("inf")
        if result in (float("inf"), float("-inf")):
            raise BackpropError(f"{path}: the value of {name} is too large for a double", TOO_LARGE)
        if is_long(given):
            return Item.of(name, str(given), path)
        return given if isinstance(given, Spelled) else result
    item = Item.of(name, "", path)
    if isinstance(given, list):
        from backpropcli.calculus.bindings.elements import array_of

        try:
            return array_of(given, name, element)
        except BackpropError as error:
            error.message = f"{path}: {error.message}"
            item.refusal = error
    else:
        item.refusal = BackpropError(f"{path}: the value of {name} is not a number", NUMBER)
    return item


def _text(given: str, name: str, path: str) -> Item:
    item = Item.of(name, given, path)
    if given.startswith(FILE):
        item.refusal = BackpropError(
            f"{path}: the value of {name} names a file",
            f"name it on the command line: {name}={given}",
        )
        return item
    try:
        check(item)
    except SourceError as error:
        item.refusal = error
    return item
