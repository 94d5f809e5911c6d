"""Lines of parts, and what they are made of: numbers, arrays, columns, colours."""
