"""Whether something is right, and why: verdicts, claims, comparisons, mends."""
