"""backprop schema: the JSON Schema of the report."""

from __future__ import annotations

import json
import sys

from backpropcli.render.schema import REPORT


def run() -> int:
    """Print the schema; return the exit code."""
    sys.stdout.write(json.dumps(REPORT, indent=2) + "\n")
    return 0
