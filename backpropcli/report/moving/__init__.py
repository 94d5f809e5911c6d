"""What moves at a point: nodes, and elements of arrays."""
