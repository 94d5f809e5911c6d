"""Measurements: ``python -m tests.benchmarks`` prints them; no test depends on a clock."""
