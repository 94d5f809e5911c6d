"""Whether two expressions are equal as functions: sampled, on each side of choices, by algebra."""
