"""backprop schema [COMMAND]: the JSON Schema of what a command prints with --json."""

from __future__ import annotations

import json
import sys

from backpropcli.errors import BackpropError, did_you_mean
from backpropcli.render.schema import SCHEMAS


def run(name: str) -> int:
    """Print the schema of command ``name``; return the exit code."""
    known = "report" if name == "grad" else name
    if known not in SCHEMAS:
        commands = ["grad", *SCHEMAS]
        hint = did_you_mean(name, commands, f"there are: {' '.join(commands)}")
        raise BackpropError(f"no command '{name}' prints JSON", hint)
    sys.stdout.write(json.dumps(SCHEMAS[known], indent=2) + "\n")
    return 0
