"""A page of the manual in colour: Markdown by rich, with the headings of a manual page."""

from __future__ import annotations

import io
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


class Title(Heading):
    """A heading at the left, without a frame."""

    def __rich_console__(self, _: Console, __: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        yield self.text


class Block(CodeBlock):
    """Code as it is written: neither framed nor coloured."""

    def __rich_console__(self, _: Console, __: ConsoleOptions) -> RenderResult:
        yield Padding(Text(str(self.text).rstrip(), no_wrap=True), (0, 0, 0, 2))


class Page(Markdown):
    """Markdown with such headings and such code."""

    elements: ClassVar = {
        **Markdown.elements,
        "heading_open": Title,
        "fence": Block,
        "code_block": Block,
    }


def rendered(text: str, width: int) -> str:
    """Return Markdown as lines of at most ``width`` columns, with the codes for colours."""
    written = io.StringIO()
    console = Console(
        file=written, force_terminal=True, width=width, highlight=False, theme=Theme(STYLES)
    )
    console.print(Page(text))
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"
