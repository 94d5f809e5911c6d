"""All the ways to a derivative at a point, held against each other in many digits."""
