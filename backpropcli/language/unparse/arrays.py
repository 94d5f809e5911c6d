"""How operations on whole arrays are written: X.T, x[1:3], [a, b], sum(x, axis=1)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backpropcli.graph.row import Row

    Part = str | tuple[int, int]

ANY, ATOM = 1, 9
FIRST = {"einsum"}
"""Words whose static part comes before the inputs."""


def spread(row: Row, inputs: tuple[int, ...], arg: Any) -> list[Part]:  # noqa: ANN401 (what is static)
    """Return an operation's text: pieces, and (input, how tightly it has to bind)."""
    if row.name == "mT" or (row.name == "transpose" and arg == (None,)):
        return [(inputs[0], ATOM), ".mT" if row.name == "mT" else ".T"]
    if row.name == "array":
        return ["[", *_listed(inputs), "]"]
    if row.name == "index":
        return [(inputs[0], ATOM), "[", *_places(arg[0], inputs), "]"]
    if row.name == "put":
        return [(inputs[0], ATOM), " at [", *_places(arg[0], inputs[1:]), "], 0 elsewhere"]
    static: list[Part] = []
    for (name, default), value in zip(row.static.items(), arg or (), strict=True):
        if row.name in FIRST:
            static.append(_text(value))
        elif str(value) != default:
            static.append(f"{name}={_text(value)}")
    parts: list[Part] = _listed(inputs)
    if static:
        rest = _joined(static)
        if row.name in FIRST:
            parts = [*rest, ", ", *parts]
        else:
            parts = [*parts, *[", "] * bool(inputs), *rest]
    return [f"{row.shown}(", *parts, ")"]


def _listed(inputs: tuple[int, ...]) -> list[Part]:
    return _joined([(child, ANY) for child in inputs])


def _joined(parts: list[Part]) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        found += [", ", part] if found else [part]
    return found


def _text(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:  # noqa: PLR2004
        return f"{int(value)}"
    return str(value)


def _places(spec: tuple[tuple[Any, ...], ...], inputs: tuple[int, ...]) -> list[Part]:
    """Return the text between the brackets of an index."""
    items: list[Part] = []
    for kind, *facts in spec:
        if kind == "pick":
            items.append((inputs[facts[0]], ANY))
        elif kind == "cut":
            start, stop, step = ("" if fact is None else str(fact) for fact in facts)
            items.append(f"{start}:{stop}" + (f":{step}" if step else ""))
        else:
            items.append({"new": "None", "rest": "..."}.get(kind) or str(facts[0]))
    return _joined(items)
