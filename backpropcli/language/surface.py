"""Words that only the surface graph and the rules of a program have."""

from __future__ import annotations

CALL, DIFF = "call", "diff"
"""Operations of a surface graph only: ``arg`` is the Function, and the order of the derivative."""
OUT, ADJOINT = "out", "adjoint"
"""What a rule calls the function's own value, and the adjoint of that."""
