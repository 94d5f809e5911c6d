"""Paints lines: as plain text, or with rich where a person looks. Each role has one colour."""

from __future__ import annotations

from backpropcli.errors import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from backpropcli.render.lines import Line

STYLES = {
    "heading": "bold",
    "guide": "bright_black",
    "value": "cyan",
    "gradient": "green",
    "local": "yellow",
    "note": "bright_black",
    "warn": "magenta",
    "good": "bold green",
    "bad": "bold red",
}
ASCII = {
    ord("├"): "|",
    ord("└"): "`",
    ord("│"): "|",
    ord("─"): "-",
    ord("…"): "...",
    ord("·"): "*",
}


def plain(lines: Iterable[Line], encoding: str) -> str:
    """Return ``lines`` as text that a stream in ``encoding`` can hold."""
    text = "\n".join("".join([part for _, part in line]).rstrip() for line in lines) + "\n"
    return fitting(text, encoding)


def fitting(text: str, encoding: str) -> str:
    """Return text with what acts on a terminal, or ``encoding`` lacks, spelled out.

    Ends of lines and tabs stay.
    """
    text = "\n".join("\t".join(map(visible, line.split("\t"))) for line in text.split("\n"))
    if text.isascii():
        return text
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.translate(ASCII)
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text


def coloured(lines: Iterable[Line], stream: TextIO, width: int) -> None:
    """Write ``lines`` to ``stream`` in colour."""
    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=stream, force_terminal=True, width=width, highlight=False, soft_wrap=True
    )
    text = Text("\n", no_wrap=True).join(
        Text.assemble(*[(visible(part), STYLES.get(role, "")) for role, part in line])
        for line in lines
    )
    console.print(text, soft_wrap=True)
