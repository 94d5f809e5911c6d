"""backprop schema [COMMAND]: the JSON Schema of what a command prints with --json."""

from __future__ import annotations

import json
import sys

from backpropcli.cli.line.reader import single
from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.render.documents.schema import SCHEMAS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def run(words: Sequence[str], _: object) -> int:
    """Print the schema of the command that ``words`` name, or grad; return the exit code."""
    name = single(words, "schema") or "grad"
    known = "report" if name == "grad" else name
    if known not in SCHEMAS:
        commands = ["grad", *SCHEMAS]
        hint = did_you_mean(name, commands, f"there are: {' '.join(commands)}")
        raise BackpropError(f"no command '{name}' prints JSON", hint)
    sys.stdout.write(json.dumps(SCHEMAS[known], indent=2) + "\n")
    return 0
