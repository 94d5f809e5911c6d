"""What the import contract in pyproject.toml cannot say of the layers."""

from __future__ import annotations

from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "backpropcli"


def test_only_the_command_line_writes():
    """What computes or renders does not print."""
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE).parts
        if inside[0] in {"cli", "__main__.py"} or inside == ("render", "help", "manual.py"):
            continue  # the latter writes into memory, by rich
        text = path.read_text(encoding="utf-8")
        for call in ("print(", "sys.stdout", "sys.stderr", "sys.exit", "typer."):
            if call in text:
                pytest.fail(f"{path.name} has {call}")
