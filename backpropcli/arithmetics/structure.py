"""What can move what, with no numbers: sets of nodes as the bits of whole numbers."""

from __future__ import annotations

__all__ = ["add", "mul"]


def add(one: int, other: int) -> int:
    """Return what either holds."""
    return one | other


def mul(one: int, partial: None) -> int:  # noqa: ARG001 (as the sweeps call it)
    """Return what goes along an edge: all."""
    return one
