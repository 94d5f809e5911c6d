"""Words that only the surface graph and the rules of a program have; where shipped ones are."""

from __future__ import annotations

CALL, DIFF = "call", "diff"
"""Operations of a surface graph only: ``arg`` is the Function, and the order of the derivative."""
OUT, ADJOINT = "out", "adjoint"
"""What a rule calls the function's own value, and the adjoint of that."""
LIBRARY = f"{__file__.rpartition('language')[0]}library"
"""Where the definitions are that ship with the language: they may call helpers of rules."""
