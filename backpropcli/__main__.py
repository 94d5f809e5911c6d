"""Runs the command line. The one place that prints errors and sets the exit code."""

from __future__ import annotations

import gc
import os
import sys

if gc.isenabled():  # so many new objects it waits for: modules and graphs have few circles
    gc.set_threshold(50_000)
if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # with python -m it is the working directory, whose json.py is not ours

from backpropcli.cli import screen
from backpropcli.cli.commands import run
from backpropcli.cli.line.options import OPTIONS
from backpropcli.cli.line.reader import HELP, VERSION, asked, read, spelled
from backpropcli.errors import BackpropError, KinkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

FIRST_SCREEN = ("help", ["backprop"])
COMPLETING = "_BACKPROP_COMPLETE"
"""The environment variable by which a shell asks for words."""
KINK_MET, BAD_INPUT, CANNOT_WRITE, INTERRUPTED, PIPE_CLOSED = 1, 2, 74, 130, 141


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
        from backpropcli.cli.mistakes import told

        code = KINK_MET if isinstance(error, KinkError) else BAD_INPUT
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
    """Run what ``argv`` asks for: what is read for sure at once, and the rest by typer."""
    if COMPLETING in os.environ:
        from backpropcli.cli.completion import answer

        return answer(argv, os.environ[COMPLETING])
    name, words = _command(argv)
    if asked(words, name, HELP):
        name, words = "help", [f"{name} -h"]
    elif asked(words, name, VERSION):
        name, words = "version", []
    plain = read(words, name)
    if plain is None:
        return typer_app([name, *spelled(words, name)])
    if name == "grad" and argv and argv[0] != name:
        from backpropcli.cli.line.words import no_command

        no_command(plain[0], bound=bool(plain[1]["bind"]))
    return run(name, *plain)


def _command(argv: list[str]) -> tuple[str, list[str]]:
    """Return the command, which is grad where none is named, and what stands after it."""
    if not argv:
        return ("grad", []) if screen.is_piped(sys.stdin) else FIRST_SCREEN
    if argv[0] in HELP:
        return ("help", argv[1:]) if argv[1:] else FIRST_SCREEN
    if argv[0] in OPTIONS:
        return argv[0], argv[1:]
    return "grad", argv


def typer_app(argv: list[str]) -> int:
    """Run the typer application; a mistake in the command line is a BackpropError."""
    import typer

    from backpropcli.cli.app import app

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
        message = tell().rstrip(".")
        raise BackpropError(
            message[:1].lower() + message[1:], f"'backprop {argv[0]} -h' lists the options"
        ) from None


def script() -> NoReturn:
    """Run ``backprop`` as a process of its own, which ends with the exit code."""
    code = main()
    if code == 0 and _is_alone():
        os._exit(0)  # all is written, and the system takes back memory in one go
    gc.freeze()  # the collector need not look once more at all that goes now
    sys.exit(code)


def _is_alone() -> bool:
    """Say whether nothing waits for the interpreter's end: a handler, a thread, or a tool."""
    watched = sys.getprofile() or sys.gettrace() or sys.flags.inspect
    return not watched and sys.modules.keys().isdisjoint({"atexit", "threading"})


if __name__ == "__main__":
    script()
