"""Derivatives beyond the gradient: one file a mode, each a program and a point in, data out."""
