"""The layers, the lint and the types, as pyproject.toml declares them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command):
    """Run a tool in the checkout; without a cache there, and on the checkout's package."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_layer_imports_only_those_below():
    code = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    run(sys.executable, "-c", code, "--no-cache")


def test_the_lint_is_clean():
    run(sys.executable, "-m", "ruff", "check", "--no-cache", ".")


def test_the_types_hold():
    run(sys.executable, "-m", "mypy", "--cache-dir", os.devnull)


def test_only_the_command_line_writes():
    """What computes or renders does not print."""
    for path in sorted((ROOT / "backpropcli").rglob("*.py")):
        inside = path.relative_to(ROOT / "backpropcli").parts
        if inside[0] in {"cli", "__main__.py"} or inside[-1] == "paint.py":
            continue
        text = path.read_text(encoding="utf-8")
        for call in ("print(", "sys.stdout", "sys.stderr", "sys.exit", "typer."):
            if call in text:
                pytest.fail(f"{path.name} has {call}")
