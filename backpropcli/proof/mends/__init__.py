"""What would mend a program whose floats lose digits, or are not finite, at a point."""
