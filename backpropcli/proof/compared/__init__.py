"""Two losses held against each other: whether they train the same."""
