"""Arithmetics: what numbers the passes run on. Each module says its constants and its words."""
