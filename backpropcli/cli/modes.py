"""The commands, each a file; only the one that is asked for is imported."""

from __future__ import annotations

from backpropcli.errors import BackpropError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

FUNCTIONS = {
    "grad": ("gradient", "run"),
    "jacobian": ("jacobian", "run"),
    "jvp": ("products", "jvp"),
    "vjp": ("products", "vjp"),
    "hvp": ("products", "hvp"),
    "hessian": ("hessian", "run"),
    "taylor": ("taylor", "run"),
    "formula": ("formula", "run"),
    "functions": ("functions", "run"),
    "samples": ("samples", "run"),
    "help": ("help", "run"),
    "schema": ("schema", "run"),
    "completion": ("completion", "run"),
    "version": ("version", "run"),
}
FILL_IN = "fill in: backprop "
"""Begins the hint that tells a whole command line."""


def run(name: str, words: Sequence[str], given: dict[str, Any]) -> int:
    """Run command ``name`` on its positional arguments and options; return the exit code."""
    file, function = FUNCTIONS[name]
    module = __import__(f"backpropcli.cli.{file}", fromlist=[function])  # importlib is slow to load
    try:
        return int(getattr(module, function)(words, given))
    except BackpropError as error:
        if name != "grad":
            error.hint = error.hint.replace(FILL_IN, f"{FILL_IN}{name} ", 1)
        raise
