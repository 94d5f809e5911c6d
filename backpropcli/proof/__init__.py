"""The verdict: whether the method is right, and whether the number is accurate."""
