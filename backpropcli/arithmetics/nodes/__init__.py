"""Nodes of a graph as an arithmetic: what the sweeps build is simplified on the way."""
