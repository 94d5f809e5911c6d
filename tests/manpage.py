"""Writes the manual page, backpropcli/backprop.1, from the tables that the help is made of.

Run ``python -m tests.manpage`` after a change of a command or an option.
"""

from __future__ import annotations

from pathlib import Path

from backpropcli import __version__
from backpropcli.cli.commands.help import (
    ABOUT_HELP,
    ABOUT_VERSION,
    EXAMPLES,
    PROGRAM,
    SENTENCE,
    row,
)
from backpropcli.cli.line.options import OPTIONS
from backpropcli.cli.line.usage import GROUPS

PAGE = Path(__file__).resolve().parents[1] / "backpropcli" / "backprop.1"
EXIT = (
    ("0", "All is well, or the check agrees."),
    ("1", "The check disagrees; with --strict, a result is not finite."),
    ("2", "The input is wrong: its syntax, a name, a value, a file."),
    ("3", "With --strict, the check is inconclusive."),
    ("74", "The output cannot be written."),
    ("130", "Interrupted."),
    ("141", "The reader of the output went away."),
)
ENVIRONMENT = (
    ("NO_COLOR", "Never write colours."),
    ("FORCE_COLOR", "Write colours into a pipe or a file too."),
    ("COLUMNS", "The width of the screen, where it is not the terminal's."),
    ("PAGER", "Shows long pages; less, where it is not set."),
)


def escaped(text):
    """Return ``text`` so that roff prints it as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return text.replace("^", "\\(ha").replace("~", "\\(ti").replace("`", "\\(ga")


def listed(rows):
    """Return terms in bold, each with its meaning indented below."""
    return [line for term, what in rows for line in (".TP", bold(term), escaped(what))]


def bold(text):
    return f"\\fB{escaped(text)}\\fR"


def examples(rows):
    """Return command lines as they are typed, each under what it does."""
    return [
        line
        for words, what in rows
        for line in (
            ".PP",
            f"{escaped(what[:1].upper() + what[1:])}:",
            ".nf",
            f".RS\n{escaped(words)}\n.RE",
            ".fi",
        )
    ]


def options():
    """Return each option once, with the commands that take it where not all do."""
    owners = {}
    for command, found in OPTIONS.items():
        for option in found:
            owners.setdefault(row(option), []).append(command)
    return [(term, f"{what} ({', '.join(names)})") for (term, what), names in owners.items()]


def page():
    """Return the text of the manual page."""
    commands = [command for group in GROUPS.values() for command in group]
    name, sentence = "backprop", f"{SENTENCE[:1].lower()}{SENTENCE[1:].rstrip('.')}"
    lines = [
        f'.TH BACKPROP 1 "" "backprop {__version__}" "User Commands"',
        ".nh",  # no hyphens, no stretched lines: both spoil what is to be copied
        ".ad l",
        ".SH NAME",
        escaped(f"{name} - {sentence}"),
        ".SH SYNOPSIS",
        f"{bold(name)} \\fIEXPR\\fR \\fINAME\\fR=\\fIVALUE\\fR... [\\fIOPTIONS\\fR]",
        ".br",
        f"{bold(name)} \\fICOMMAND\\fR [\\fIWORDS\\fR] [\\fIOPTIONS\\fR]",
        ".SH DESCRIPTION",
        "The expression may be before, between or after its values and options.",
        "Without one, backprop reads it from a pipe.",
        *listed(PROGRAM),
        ".SH EXAMPLES",
        *examples([(f"{name} {words}", what) for words, what in EXAMPLES]),
        ".SH COMMANDS",
    ]
    for heading, group in GROUPS.items():
        lines += [f'.SS "{heading}"']
        lines += listed([(f"{one.name} {one.takes}".rstrip(), one.sentence) for one in group])
    lines += [".SH OPTIONS", "After each option are the commands that take it.", *listed(options())]
    lines += listed([ABOUT_HELP, ABOUT_VERSION])
    lines += [".SH MORE EXAMPLES"]
    for command in commands:
        lines += examples(
            [(f"{name} {command.name} {words}".rstrip(), what) for words, what in command.examples]
        )
    lines += [".SH EXIT STATUS", *listed(EXIT), ".SH ENVIRONMENT", *listed(ENVIRONMENT)]
    lines += [
        ".SH SEE ALSO",
        escaped("The whole manual: backprop help. A lesson: backprop help tutorial."),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
