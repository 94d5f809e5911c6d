"""Derivatives as a person writes them: numbers folded, like terms joined, factors cancelled."""
