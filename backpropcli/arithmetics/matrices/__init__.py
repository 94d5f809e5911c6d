"""Nodes whose values are arrays as an arithmetic: matrix calculus, for people and for floats."""
