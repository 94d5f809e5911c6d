"""What the outputs rest on by the branches that are taken: nodes, and elements of arrays."""
