"""Derivatives beyond the gradient: one file or folder a mode, a program and a point in, data out.

All stand on ``gradient``, which makes a program ready; ``derived`` writes derivatives into a graph,
and ``elements`` writes a program of arrays out in numbers.
"""
