"""Derivatives worked out by hand, put to the proof: proved, or held at points, or wrong and why."""
