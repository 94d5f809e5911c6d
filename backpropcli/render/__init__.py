"""Renderers: a report in, lines or text out; nothing is computed here."""
