"""Words that only the surface graph and the rules of a program have."""

from __future__ import annotations

CALL, DIFF = "call", "diff"
"""Operations of a surface graph only: ``arg`` is the Function, and the order of the derivative."""
OUT = "out"
"""What a rule calls the function's own value."""
