"""Paints lines: as plain text, or in colour where a person looks. Each role has one colour."""

from __future__ import annotations

from backpropcli.errors import fitting, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from backpropcli.render.layout.lines import Line

COLOURS = {
    "heading": "1",
    "guide": "2",
    "value": "32",
    "gradient": "31",
    "note": "2",
    "warn": "35",
    "good": "1;32",
    "bad": "1;31",
    "heat-3": "38;5;16;48;5;75",
    "heat-2": "38;5;16;48;5;117",
    "heat-1": "38;5;16;48;5;153",
    "heat1": "38;5;16;48;5;223",
    "heat2": "38;5;16;48;5;216",
    "heat3": "38;5;16;48;5;209",
}
"""The SGR codes of each role: the terminal's own colours, which its theme makes readable.

Values are green and gradients red, as in CS231n's circuits; what is not to stand out is dim. The
elements of a matrix are shaded: blue below 0, orange above it, the deeper the larger.
"""


def plain(lines: Iterable[Line], encoding: str) -> str:
    """Return ``lines`` as text that a stream in ``encoding`` can hold."""
    text = "\n".join("".join([part for _, part in line]).rstrip() for line in lines) + "\n"
    return fitting(text, encoding)


def coloured(lines: Iterable[Line]) -> str:
    """Return ``lines`` as text in colour."""
    return "".join("".join([_painted(*part) for part in line]).rstrip() + "\n" for line in lines)


def _painted(role: str, text: str) -> str:
    """Return a part of a line in its colour; blanks have none."""
    shown, code = visible(text), COLOURS.get(role)
    return f"\x1b[{code}m{shown}\x1b[0m" if code and not shown.isspace() and shown else shown
