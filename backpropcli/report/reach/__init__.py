"""How the gradient reaches each name: by which paths, how large, and what is in its way."""
