"""Arrays of NumPy as an arithmetic, of floats and of any other numbers."""
