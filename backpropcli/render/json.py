"""Strict JSON (RFC 8259), written here so that a script does not wait for imports.

Numbers are shortest round-trip decimals; those that are not finite are the strings "NaN",
"Infinity" and "-Infinity", as in protobuf's JSON mapping.
"""

from __future__ import annotations

from backpropcli import __version__
from backpropcli.report.decimals import UNKNOWN, Proved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEMA = "backprop/{}/1"
"""The name of a document's schema: "report", or the command's name."""


SHORT = {'"': '"', "\\": "\\", "\n": "n", "\r": "r", "\t": "t"}


class _Escapes(dict[int, str]):
    """What each character becomes in a string, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        if chr(code) in SHORT:
            text = "\\" + SHORT[chr(code)]
        elif ord(" ") <= code <= ord("~"):
            text = chr(code)
        else:
            units = chr(code).encode("utf-16-be", "surrogatepass").hex()
            text = "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
        self[code] = text
        return text


_escapes = _Escapes()


def string(text: str) -> str:
    """Return ``text`` as a JSON string in ASCII."""
    return f'"{text.translate(_escapes)}"'


def real(value: Any) -> str:  # noqa: ANN401, PLR0911 (a number, or an array; a return a kind)
    """Return a float as JSON, an array as nested lists."""
    if value is None:
        return "null"
    if type(value) is Proved and (value.text == UNKNOWN or value - value == 0):
        return "null" if value.text == UNKNOWN else string(value.text)
    if not isinstance(value, float) and hasattr(value, "shape"):
        from numpy import isfinite

        if value.dtype != object and isfinite(value).all():
            return repr(value.tolist())
        from backpropcli.render.layout.arrays import elements

        return elements(value, real)
    if value - value == 0:
        return float.__repr__(value)
    if value != value:  # noqa: PLR0124 (nan)
        return '"NaN"'
    return '"Infinity"' if value > 0 else '"-Infinity"'


def plain(value: object) -> str:
    """Return plain data (nested dicts and lists of a fixed, small depth) as JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{string(k)}: {plain(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(plain, value)) + "]"
    if isinstance(value, str):
        return string(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value) if isinstance(value, int) else real(value)


def of(name: str, facts: dict[str, object], *, one_line: bool = False) -> str:
    """Return a document of plain data, one key a line; ``name`` is the schema's."""
    head = {"schema": SCHEMA.format(name), "version": __version__, **facts}
    gap, end = (" ", "}\n") if one_line else ("\n  ", "\n}\n")
    body = f",{gap}".join(f"{string(key)}: {plain(item)}" for key, item in head.items())
    return "{" + gap.removeprefix(" ") + body + end
