"""What is wrong with values, or with having none, and what to type. Loaded on a mistake only."""
