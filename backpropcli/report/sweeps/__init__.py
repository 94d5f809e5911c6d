"""The sweeps through a program of arrays: adjoints, and tangents."""
