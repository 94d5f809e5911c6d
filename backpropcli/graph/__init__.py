"""The computation graph, and the table of operations."""
