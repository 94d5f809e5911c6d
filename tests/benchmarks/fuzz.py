"""Whole command lines at random: ``python -m tests.benchmarks.fuzz N [SEED]``.

They are of numbers, of arrays and of LaTeX, well formed and broken. Each runs in this process, and
ends with a documented exit code or a BackpropError that can be shown; nothing that it writes acts
on a terminal, and JSON is JSON. A command line that does something else is printed, with what it
did, and the run ends with code 1. A number alone repeats: each command line depends on the seed and
its own number only.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import shlex
import signal
import sys
import tempfile
import traceback
from collections import Counter
from random import Random

from backpropcli.__main__ import dispatch
from backpropcli.errors import BackpropError
from tests.drawn import Drawn, write_files

CODES = {0, 1, 2, 3}
PATIENCE = 20
"""Seconds after which a command line counts as one that does not end."""
MEMORY = 3 * 2**30


class Endless(BaseException):
    """A command line that does not end in time."""


def run(argv):
    """Run a command line in this process; return its exit code, stdout and stderr.

    The code is a text where no documented end is reached: what happened instead.
    """
    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        try:
            code = dispatch(argv)
        except BackpropError as error:
            code = 2
            told.write(error.render())
        except SystemExit as error:
            code = error.code
        except Exception:  # noqa: BLE001 (that is what is looked for)
            code = traceback.format_exc()
        except Endless:
            code = f"it does not end\n{traceback.format_exc(limit=-6)}"
    return code, out.getvalue(), told.getvalue()


def fault(argv, code, out, told):
    """Return what a command line did that none may do, or ""."""
    if code not in CODES:
        return f"exit code {code}"
    if not acts_on_nothing(out + told):
        return f"what it writes acts on a terminal: {out + told!r}"
    if out and {"--json", "--jsonl"}.intersection(argv):
        try:
            json.loads(out, parse_constant=int)
        except ValueError as error:
            return f"this is not JSON ({error}): {out}"
    return ""


def acts_on_nothing(text):
    """Say whether ``text`` has printable characters, tabs and ends of lines only."""
    return text.replace("\n", "").replace("\t", "").isprintable()


def _late(_signal, _frame):
    raise Endless


def main():
    """Run the command lines; print those with a fault."""
    count = int(sys.argv[1]) if sys.argv[1:] else 1000
    seed = int(sys.argv[2]) if sys.argv[2:] else 0
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _late)
    os.environ.update(COLUMNS="80", NO_COLOR="1")
    faults, codes = 0, Counter()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write_files(folder)
        for number in range(count):
            argv = Drawn(Random(f"{seed}.{number}")).any_line()  # noqa: S311 (no secret)
            signal.alarm(PATIENCE)
            code, out, told = run(argv)
            signal.alarm(0)
            codes[code if code in CODES else -1] += 1
            found = fault(argv, code, out, told)
            if found:
                faults += 1
                print(f"{number}: backprop {shlex.join(argv)!a}\n{found!s}\n", flush=True)  # noqa: T201
    print(f"{count} command lines, {faults} with a fault; codes: {dict(codes)}")  # noqa: T201
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
