"""The passes over a graph: values, edges, and the two sweeps."""
