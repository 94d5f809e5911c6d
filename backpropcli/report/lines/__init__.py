"""Lines through a point, and the nearest kink on each."""
