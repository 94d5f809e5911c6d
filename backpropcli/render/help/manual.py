"""A page of the manual in colour: Markdown by rich, with the headings of a manual page."""

from __future__ import annotations

import io
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from rich.console import Console
from rich.markdown import CodeBlock, Heading, Markdown
from rich.padding import Padding
from rich.text import Text
from rich.theme import Theme

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderResult

STYLES = {
    "markdown.h1": "bold",
    "markdown.h2": "bold",
    "markdown.h3": "bold",
    "markdown.code": "bold",
    "markdown.item.bullet": "none",
    "markdown.link": "underline",
    "markdown.link_url": "underline",
}
"""What is readable in any theme of a terminal: no colour, and no background."""


INDENT = 2


class Title(Heading):
    """A heading at the left, without a frame."""

    def __rich_console__(self, _: Console, __: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        yield self.text


class Block(CodeBlock):
    """Code as it is written: neither framed nor coloured."""

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        lines = str(self.text).rstrip().splitlines()
        printed = max((len(line) for line in lines if not line.startswith("$ ")), default=0)
        indent = INDENT if printed <= width - INDENT else 0
        parts = [part for line in lines for part in _folded(line, width - indent)]
        yield Padding(Text("\n".join(parts), no_wrap=True), (0, 0, 0, indent))


class Page(Markdown):
    """Markdown with such headings and such code."""

    elements: ClassVar = {
        **Markdown.elements,
        "heading_open": Title,
        "fence": Block,
        "code_block": Block,
    }


def _folded(line: str, width: int) -> list[str]:
    """Return a line of a block, a command on as many lines as it takes."""
    if not line.startswith("$ "):
        return [line]
    return wrap(line, width, subsequent_indent="    ", break_on_hyphens=False)


def rendered(text: str, width: int) -> str:
    """Return Markdown as lines of at most ``width`` columns, with the codes for colours."""
    written = io.StringIO()
    console = Console(
        file=written, force_terminal=True, width=width, highlight=False, theme=Theme(STYLES)
    )
    console.print(Page(text))
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"
