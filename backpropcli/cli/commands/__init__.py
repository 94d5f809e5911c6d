"""The commands, each a function of a file; only that of the one asked for is imported."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

FUNCTIONS = {
    "grad": ("gradient", "run"),
    "jacobian": ("derivatives", "jacobian"),
    "jvp": ("derivatives", "jvp"),
    "vjp": ("derivatives", "vjp"),
    "hvp": ("derivatives", "hvp"),
    "hessian": ("derivatives", "hessian"),
    "taylor": ("derivatives", "taylor"),
    "check": ("check", "run"),
    "compare": ("compare", "run"),
    "formula": ("formula", "run"),
    "functions": ("functions", "run"),
    "samples": ("samples", "run"),
    "help": ("help", "run"),
    "schema": ("schema", "run"),
    "completion": ("completion", "run"),
    "version": ("version", "run"),
}


def run(name: str, words: Sequence[str], given: dict[str, Any]) -> int:
    """Run command ``name`` on its positional arguments and options; return the exit code."""
    file, function = FUNCTIONS[name]
    module = __import__(f"{__name__}.{file}", fromlist=[function])  # importlib is slow to load
    return int(getattr(module, function)(words, given))
