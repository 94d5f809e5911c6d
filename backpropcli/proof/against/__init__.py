"""Gradients that another program computed, compared with the rounding that explains differences."""
