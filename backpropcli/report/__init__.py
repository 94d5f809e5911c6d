"""What a run found at a point, as plain data."""
