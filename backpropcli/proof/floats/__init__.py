"""Programs with arrays in floats, at random points: what rounding explains is no difference."""
