"""Expressions of SymPy for a graph: at a point, and as they are."""
