"""Writes arrays, their parts, and calls with what is static in them."""

from __future__ import annotations

from backpropcli.language.unparse.levels import ANY, PART, TRANSPOSED, Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.graph.row import Row

BY_PLACE = {"stop", "step", "m", "axes", "k"}
"""What is written by position though it has a default, as people do."""


def written(row: Row, inputs: Sequence[int], arg: Any) -> list[Part] | None:  # noqa: ANN401 (static)
    """Return the text of an operation on arrays: pieces, and (input, how tightly it has to bind).

    None where it is a call of its inputs alone.
    """
    if row.name == "array":
        return ["[", *_listed(inputs), "]"]
    if row.name == "index" and isinstance(arg[0], tuple):
        return [(inputs[0], PART), "[", *_subscripts(inputs, arg[0]), "]"]
    if row.name == "put" and isinstance(arg[0], tuple):
        return [(inputs[0], PART), " at [", *_subscripts(inputs[1:], arg[0]), "], 0 elsewhere"]
    if row.name == "mT" or (row.name == "transpose" and arg == TRANSPOSED):
        return [(inputs[0], PART), ".mT" if row.name == "mT" else ".T"]
    if not row.static:
        return None
    from backpropcli.graph.arrays import JOINS

    listed = _listed(inputs)
    if len(inputs) == 1 and row.name in JOINS:
        listed = ["[", *listed, "]"]  # an array alone would be the list of what is joined
    settings = _settings(row, arg)
    if row.variadic and settings and "=" not in settings[0]:
        listed = [settings.pop(0), ", ", *listed]
    for setting in settings:
        listed += [", ", setting] if listed else [setting]
    return [f"{row.shown}(", *listed, ")"]


def _listed(inputs: Sequence[int]) -> list[Part]:
    parts: list[Part] = []
    for child in inputs:
        parts += [", ", (child, ANY)] if parts else [(child, ANY)]
    return parts


def _settings(row: Row, arg: Sequence[object]) -> list[str]:
    """Return what is static in a call, without what is the default anyway."""
    found, by_place = [], True
    for (key, default), value in zip(row.static.items(), arg, strict=True):
        text = literal(value)
        if text == default:
            by_place = False
            continue
        if row.variadic:
            by_place = key == "subscripts"
        else:
            by_place &= not default or key in BY_PLACE
        if key in {"shape", "reps"} and isinstance(value, tuple) and len(value) == 1:
            text = literal(value[0])
        found.append(text if by_place else f"{key}={text}")
    return found


def literal(value: object) -> str:
    """Return the text of what is static: a number, a tuple, a string, True, None."""
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if type(value) is str:
        return f"'{value}'" if '"' in value else f'"{value}"'
    return str(value)


def _subscripts(inputs: Sequence[int], spec: Sequence[tuple[Any, ...]]) -> list[Part]:
    """Return what stands in the brackets of an index."""
    parts: list[Part] = []
    for item in spec:
        parts += [", "] * bool(parts)
        if item[0] == "pick":
            parts.append((inputs[item[1]], ANY))
        elif item[0] == "cut":
            first, last, step = ("" if bound is None else str(bound) for bound in item[1:])
            parts.append(f"{first}:{last}" + (f":{step}" if step else ""))
        else:
            parts.append({"new": "None", "rest": "..."}.get(item[0]) or str(item[1]))
    return parts
