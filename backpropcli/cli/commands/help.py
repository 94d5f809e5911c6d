"""backprop help [TOPIC]: the pages of the manual, commands, functions; and the first screen."""

from __future__ import annotations

from backpropcli.cli import manual, screen
from backpropcli.cli.line.options import MODES
from backpropcli.cli.line.reader import single
from backpropcli.cli.line.usage import COMMANDS, GROUPS
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.render.help.page import headed, listed
from backpropcli.render.layout.lines import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from backpropcli.cli.line.options import Option
    from backpropcli.cli.line.usage import Command
    from backpropcli.render.layout.lines import Line

TOOL = "backprop"
SENTENCE = "The gradient of an expression, how it comes about, and whether it is right."
EXAMPLES = (
    ("'(w*x + b - y)^2' w=2 x=3 b=1 y=5", "every value, every derivative"),
    ("'x^2 + sin(x)' x=1 --view steps", "the chain rule step by step"),
    ("'w*x + b' w=2 x=3 b=1 --wrt w,b -q", "names and numbers, for scripts"),
    ("jacobian '(x*y, x + y)' x=2 y=3", "several outputs"),
    ("formula 'x*exp(-x)'", "the derivative as a formula"),
)
OFTEN = ("view", "wrt", "output", "check", "json", "quiet", "value")
"""The options that the first screen has."""
USAGE = " -h"
"""What a command's name ends with where its options are asked for: a page may have its name."""
ABOUT_HELP = ("-h, --help", "Show help; after a command, about that one.")
ABOUT_VERSION = ("-V, --version", "Print the version.")
PROGRAM = (
    ("EXPR", "An expression, @FILE, @SAMPLE, or - for stdin."),
    ("VALUE", "An expression of constants, or a file: t=pi/6 X=@x.npy"),
)


def run(words: Sequence[str], given: dict[str, Any]) -> int:
    """Show what is asked for; return the exit code."""
    topic = single(words, "help")
    if given["search"] is not None:
        if topic and topic not in manual.topics():
            hint = did_you_mean(topic, manual.topics(), "'backprop help' lists the pages")
            raise BackpropError(f"the manual has no page '{topic}'", hint)
        screen.page(_found(given["search"], topic))
    elif not topic:
        screen.show(contents())
    elif topic.removesuffix(USAGE) in COMMANDS and topic.endswith(USAGE):
        screen.show(about(COMMANDS[topic.removesuffix(USAGE)]))
    elif topic in manual.topics():
        manual.show(topic)
    elif topic in COMMANDS:
        screen.show(about(COMMANDS[topic]))
    elif topic == TOOL:
        screen.show(overview())
    else:
        _function(topic)
    return 0


def _function(name: str) -> None:
    from backpropcli.cli.commands.functions import explained, known_words

    lines = explained(name)
    if lines is None:
        known = [*manual.topics(), *COMMANDS, *known_words()]
        raise BackpropError(
            f"there is no help about '{name}'",
            did_you_mean(name, known, "'backprop help' lists the pages of the manual"),
        )
    screen.show(lines)


def contents() -> list[Line]:
    """Return the pages of the manual, a line each, and what else there is help about."""
    width = screen.width()
    pages = [(topic, manual.title(topic)) for topic in manual.topics()]
    return [
        *headed("backprop help TOPIC", listed(pages, width)),
        *headed(
            "there is also",
            listed(
                [
                    ("backprop -h", "the commands and options on one screen"),
                    ("backprop help COMMAND", f"about {', '.join(COMMANDS)}"),
                    ("backprop help FUNCTION", "the derivative of a function: help tanh"),
                    ("backprop help --search WORD", "where the manual has a word"),
                ],
                width,
            ),
        )[:-1],
    ]


def overview() -> list[Line]:
    """Return the first screen."""
    width = screen.width()
    examples = [(f"backprop {words}", what) for words, what in EXAMPLES]
    groups = {
        heading: [(command.name, command.sentence) for command in group]
        for heading, group in GROUPS.items()
    }
    options = [option for option in MODES["grad"] if option.name in OFTEN]
    rows = [*PROGRAM, *map(row, options), ABOUT_HELP, ABOUT_VERSION]
    widest = max(len(term) for term, _ in rows)
    return [
        [("heading", "backprop EXPR NAME=VALUE... [OPTIONS]")],
        [("", f"  {SENTENCE}")],
        [],
        *headed("examples", listed(examples, width)),
        *(
            line
            for heading, group in groups.items()
            for line in headed(heading, listed(group, width, widest))[:-1]
        ),
        [],
        *headed("options (all: backprop grad -h)", listed(rows, width)),
        *wrapped([("note", "The manual: backprop help. A lesson: backprop help tutorial.")], width),
    ]


def about(command: Command) -> list[Line]:
    """Return the help of one command: examples, how it is written, its options."""
    width = screen.width()
    head = f"{TOOL} {command.name}"
    examples = [(f"{head} {words}".rstrip(), what) for words, what in command.examples]
    on_program = command.name in MODES
    rows = [*map(row, command.options), ABOUT_HELP]
    page: list[Line] = []
    if command.name in manual.topics():
        page = [[], [("note", f"The manual has a page: backprop help {command.name}")]]
    written = f"{head} {command.takes}".rstrip() + " [OPTIONS]" * bool(command.options)
    return [
        [("", command.sentence)],
        [],
        *headed("examples", listed(examples, width)),
        *headed("usage", [[("", f"  {written}")], *(listed(PROGRAM, width) * on_program)]),
        *headed("options", listed(rows, width))[:-1],
        *page,
    ]


def row(option: Option) -> tuple[str, str]:
    """Return how an option is written, and what it does."""
    term = f"{option.short}, " if option.short else ""
    term += f"--{option.name}"
    if option.negation:
        term += f", --no-{option.name}"
    known = option.type in {int, float} and option.default is not None
    default = f" The default is {option.default:g}." if known else ""
    return f"{term} {option.metavar}".rstrip(), option.help + default


def _found(word: str, topic: str) -> list[Line]:
    """Return the lines of the manual, functions and commands that have ``word``, or begin one so.

    They are listed below what shows more; ``topic`` is the one page to search, "" for all.
    """
    from backpropcli.graph.arrays import LISTED
    from backpropcli.graph.operations import WORDS

    topics = [topic] if topic else manual.topics()
    rows = [(f"help {one}", line) for one in topics for line in manual.lines(one)]
    if not topic:
        rows += [(f"{name} -h", f"{name}: {one.sentence}") for name, one in COMMANDS.items()]
        both = (*WORDS, *LISTED)
        rows += [(f"functions {row.shown}", f"{row.shown}: {row.doc}") for row in both]
    wanted = word.strip().lower()
    lines: list[Line] = []
    before = ""
    for term, line in rows:
        if wanted and _begins(wanted, line.lower()):
            lines += [[("label", f"backprop {term}")]] * (term != before)
            lines += wrapped([("", f"  {line}")], screen.width(), 4)
            before = term
    if not lines:
        where = f"the page {topic}" if topic else "the manual"
        raise BackpropError(f"{where} does not have '{word}'", "'backprop help' lists the pages")
    return lines


def _begins(wanted: str, line: str) -> bool:
    """Say whether a text is in a line at the beginning of a word."""
    parts = line.split(wanted)[:-1]
    return any(not (wanted[:1].isalnum() and part[-1:].isalnum()) for part in parts)
