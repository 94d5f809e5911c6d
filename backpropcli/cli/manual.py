"""The manual: a page a topic, each a file of Markdown whose first line is its title."""

from __future__ import annotations

import os
import sys

import backpropcli
from backpropcli.cli import screen
from backpropcli.files import read_text

FOLDER = os.path.join(os.path.dirname(backpropcli.__file__), "manual")  # noqa: PTH118, PTH120 (pathlib is slow to load)
ENDING = ".md"
ORDER = (
    "tutorial",
    "language",
    "values",
    "arrays",
    "views",
    "flow",
    "reasons",
    "outputs",
    "second",
    "rules",
    "formulas",
    "kinks",
    "trust",
    "check",
    "compare",
    "accuracy",
    "mends",
    "digits",
    "scripting",
    "python",
    "comparison",
)
"""The order to read them in; what is not named here comes after."""
WIDEST = 100
"""Columns that a line of text may have: longer ones are hard to read."""


def topics() -> list[str]:
    """Return the topics, in the order to read them in."""
    found = os.listdir(FOLDER)  # noqa: PTH208 (pathlib is slow to load)
    names = {name.removesuffix(ENDING) for name in found if name.endswith(ENDING)}
    return [*(name for name in ORDER if name in names), *sorted(names.difference(ORDER))]


def text(topic: str) -> str:
    """Return a page as it is written."""
    return read_text(os.path.join(FOLDER, topic + ENDING))  # noqa: PTH118


def title(topic: str) -> str:
    """Return a page's title."""
    return text(topic).partition("\n")[0].lstrip("# ").strip()


def lines(topic: str) -> list[str]:
    """Return the lines of a page that say something, without the marks of Markdown."""
    plain = text(topic).replace("**", "").replace("`", "").splitlines()
    return [line.lstrip("# ") if line.startswith("#") else line for line in plain]


def show(topic: str) -> None:
    """Show a page: rendered where a person reads, as it is written elsewhere."""
    if not screen.wants_colour() or screen.is_piped(sys.stdout):
        screen.write(text(topic))
        return
    from backpropcli.render.help.manual import rendered

    shown = rendered(text(topic), min(screen.width(), WIDEST))
    screen.turn(shown)
