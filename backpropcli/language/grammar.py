"""Finds the grammar file, in a wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path


def grammar_text() -> str:
    """Return the text of expression.lark: the installed copy first, then the checkout's."""
    here = Path(__file__).resolve().parents[1]
    installed = here / "_grammar" / "expression.lark"
    checkout = here.parent / "grammar" / "expression.lark"
    return (installed if installed.exists() else checkout).read_text(encoding="utf-8")
