"""The source around a mistake: its words, its operands, and the calls in it."""
