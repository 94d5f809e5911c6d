"""Runs the command line. The one place that prints errors and sets the exit code."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # with python -m it is the working directory, whose json.py is not ours

from backpropcli.cli import screen
from backpropcli.cli.modes import run
from backpropcli.cli.options import MODES
from backpropcli.cli.reader import read, spelled
from backpropcli.errors import BackpropError

COMMANDS = ("functions", "schema")
GROUP_OPTIONS = ("--help", "--version", "--install-completion", "--show-completion")
BAD_INPUT, CANNOT_WRITE, INTERRUPTED, PIPE_CLOSED = 2, 74, 130, 141


def main() -> int:
    """Run ``backprop`` on the process's arguments; return the exit code (as diff has them)."""
    if sys.stderr is None:  # closed, as after 2>&-
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 (it stays open; pathlib is slow)
    if sys.stdout is None:
        return _told("stdout is closed", CANNOT_WRITE)
    try:
        code = dispatch(sys.argv[1:])
        sys.stdout.flush()
    except BackpropError as error:
        from backpropcli.cli.mistakes import told  # noqa: PLC0415 (only on a mistake)

        code = BAD_INPUT
        screen.complain(told(error, sys.argv[1:]))
    except MemoryError:
        code = _told("there is not enough memory for this", BAD_INPUT)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        screen.drop(sys.stdout)
        code = PIPE_CLOSED
    except OSError as error:
        screen.drop(sys.stdout)
        code = _told(f"the output cannot be written: {error.strerror or error}", CANNOT_WRITE)
    return code


def _told(sentence: str, code: int) -> int:
    """Write a sentence to stderr; return ``code``."""
    screen.say(f"error: {sentence}")
    return code


def dispatch(argv: list[str]) -> int:
    """Run the plain form at once, and leave everything else to typer."""
    completing = any(name.endswith("BACKPROP_COMPLETE") for name in os.environ)
    special = not argv or argv[0] in (*COMMANDS, *GROUP_OPTIONS) or completing
    if special:
        return typer_app(argv)
    name, words = (argv[0], argv[1:]) if argv[0] in MODES else ("grad", argv)
    plain = read(words, MODES[name])
    if plain is None:
        return typer_app([name, *spelled(words, MODES[name])])
    return run(name, *plain)


def typer_app(argv: list[str]) -> int:
    """Run the typer application; a mistake in the command line is a BackpropError."""
    import typer

    from backpropcli.cli.app import app  # noqa: PLC0415

    try:
        return typer.main.get_command(app).main(argv, "backprop", standalone_mode=False) or 0
    except typer.Abort:
        return INTERRUPTED
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # typer makes code 1 of it
            raise error.__context__ from None
        raise
    except Exception as error:
        tell = getattr(error, "format_message", None)
        if tell is None:
            raise
        message = tell().partition(", unable")[0]
        raise BackpropError(
            message[:1].lower() + message[1:].rstrip("."), "'backprop --help' lists the options"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
