"""The local derivative along an edge, as a formula."""
