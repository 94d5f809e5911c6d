"""Values in JSON and TOML files: nested tables are names with _ between them."""

from __future__ import annotations

from backpropcli.calculus.bindings.items import Item, is_long, is_name
from backpropcli.calculus.bindings.typed import Spelled
from backpropcli.errors import BackpropError, SourceError
from backpropcli.graph.graph import Decimal

NOT_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
LONG = 400
"""Characters of a whole number that a double can hold, and some."""


def read(path: str, stdin: str | None = None) -> dict[str, float | Item]:
    """Return what a file gives by name; ``stdin`` is the text of "-".

    A name of a nested table is written with those of the tables around it: w in [layer] is
    layer_w. What is no number has the error of its use with it.
    """
    from backpropcli.files import read_text  # noqa: PLC0415 (only with --bind)

    text = stdin if stdin is not None else read_text(path)
    data = _decoded(text, path)
    if not isinstance(data, dict):
        raise BackpropError(
            f"{path} does not hold bindings", 'it should be an object, as in {"w": 2, "x": 3}'
        )
    found: dict[str, float | Item] = {}
    todo = [("", data)]
    while todo:
        prefix, table = todo.pop()
        for key, given in table.items():
            name = f"{prefix}{key}"
            if isinstance(given, dict):
                todo.append((f"{name}_", given))
                continue
            item = _item(given, name, path)
            usable = not isinstance(item, Item) or item.refusal is None
            if not is_name(name):
                if usable and not isinstance(given, str):
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


def _decoded(text: str, path: str) -> object:
    import json
    import tomllib  # noqa: PLC0415

    looks_like_json = text.lstrip()[:1] == "{"
    toml = path.endswith(".toml") or (not path.endswith(".json") and not looks_like_json)
    form = "write lines such as w = 2" if toml else 'write {"w": 2, "x": 3}'
    name = "stdin" if path == "-" else path
    try:
        if toml:
            return tomllib.loads(text, parse_float=_decimal)
        return json.loads(text, object_pairs_hook=_once, parse_int=_whole, parse_float=_decimal)
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


def _whole(text: str) -> int | float:
    """Return a whole number as it is, or as a double where it has more digits than one can hold."""
    return int(text) if len(text) <= LONG else float(text)


def _decimal(text: str) -> float | str:
    """Return a decimal as a double, or as its text where the double has lost digits."""
    value = float(text)
    lost = value - value == 0 and isinstance(Decimal.of(text.lstrip("+-")), Decimal)
    return text if lost else Spelled.of(value, text)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return ``pairs`` as a dict; a key given twice is an error, not a silent choice."""
    found: dict[str, object] = {}
    for key, item in pairs:
        if key in found:
            raise BackpropError(f"{key} is given twice in one object", "keep one of the two")
        found[key] = item
    return found


def _item(given: object, name: str, path: str) -> float | Item:
    if isinstance(given, str):
        if given in NOT_FINITE:
            return NOT_FINITE[given]
        item = Item.of(name, given, path)
        try:
            item.check()
        except SourceError as error:
            item.refusal = error
        return item
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        try:
            result = float(given)
        except OverflowError:
            result = float("inf")
        if result in (float("inf"), float("-inf")):
            raise BackpropError(
                f"{path}: the value of {name} is too large for a double",
                'the largest is about 1.8e308; infinity is "Infinity"',
            )
        if is_long(given):
            return Item.of(name, str(given), path)
        return given if isinstance(given, Spelled) else result
    item = Item.of(name, "", path)
    item.refusal = BackpropError(
        f"{path}: the value of {name} is not a number",
        'a value is a number, or a string with a constant expression, as in "2*pi/3"',
    )
    return item
