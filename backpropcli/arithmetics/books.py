"""Graphs as an arithmetic, with rules as books write them: for people to read."""

from __future__ import annotations

from backpropcli.arithmetics.nodes import INFIX, WORDS, decimal, double

__all__ = ["BOOK", "INFIX", "WORDS", "constant", "double"]

BOOK = True
constant = decimal
